import { expect, test } from 'vitest';
import { groupBy } from '../../src/model/group-by.ts';

test('items are grouped by their key, both in the order in which they come', () => {
  const groups = groupBy(['b1', 'a1', 'b2', 'a2'], (item) => item[0]);

  expect([...groups]).toEqual([
    ['b', ['b1', 'b2']],
    ['a', ['a1', 'a2']],
  ]);
});

test('no items are no groups', () => {
  expect(groupBy([], () => '').size).toBe(0);
});

test('a key may be any value, also one that objects have by birth', () => {
  expect(groupBy(['__proto__'], (item) => item).get('__proto__')).toEqual(['__proto__']);
  expect(groupBy([1, 2, 3], (item) => (item > 1 ? undefined : item)).get(undefined)).toEqual([2, 3]);
});
