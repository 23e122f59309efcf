import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { byText, compareText } from '../../src/model/compare.ts';

test.each([
  ['a', 'b', -1],
  ['b', 'a', 1],
  ['a', 'a', 0],
  ['', 'a', -1],
  ['Z', 'a', -1],
  ['a', 'ä', -1],
])('%j and %j compare to %i, by code units', (a, b, expected) => {
  expect(compareText(a, b)).toBe(expected);
});

test('any texts are ordered as the runtime orders texts', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 4, unit: 'binary' }), { maxLength: 20 }), (texts) => {
      expect(texts.toSorted(compareText).join(' ')).toBe(texts.toSorted().join(' '));
    }),
  );
});

test('items with the same text keep their order', () => {
  const items = [
    { name: 'b', number: 1 },
    { name: 'a', number: 2 },
    { name: 'b', number: 3 },
    { name: 'a', number: 4 },
  ];

  expect(items.toSorted(byText(({ name }) => name)).map(({ number }) => number)).toEqual([2, 4, 1, 3]);
});
