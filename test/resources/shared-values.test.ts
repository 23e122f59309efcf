import { describe, expect, test } from 'vitest';
import { SharedValues } from '../../src/resources/shared-values.ts';

describe('what accounts have in common', () => {
  test('is kept once, also where other values come between', () => {
    const shared = new SharedValues();
    const usual = Array.from({ length: 9 }, (_, i) => ({ desktop: 'all', sound: String(i) }));
    const kept = usual.map((one) => shared.map(one));

    const again = usual.map((one) => shared.map({ ...one }));

    expect(kept).toEqual(usual);
    expect(again.every((one, i) => one === kept[i])).toBe(true);
  });

  test.each([
    ['another text', { a: '1', b: '3' }],
    ['one key less', { a: '1' }],
    ['one key more', { a: '1', b: '2', c: '3' }],
    ['another key', { a: '1', c: '2' }],
    ['nothing', {}],
    ['keys in another order', { b: '2', a: '1' }],
  ])('is not taken for settings with %s', (_what, other) => {
    const shared = new SharedValues();
    shared.map({ a: '1', b: '2' });

    const found = shared.map(other);

    expect(found).toEqual(other);
    expect(Object.keys(found)).toEqual(Object.keys(other));
  });
});
