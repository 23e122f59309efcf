import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/model/canonical-json.ts';
import { plainOf } from '../../src/model/plain.ts';

const textOf = (value: unknown): string => canonicalJson(plainOf({ value }));

describe('a value as plain data', () => {
  test('is what JSON says of it, where JSON can say it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(textOf(value)).toBe(canonicalJson({ value }));
      }),
    );
  });

  test('tells maps and sets apart by what is in them, in whatever order it came', () => {
    expect(textOf(new Map([['a', new Set([1])]]))).not.toBe(textOf(new Map([['a', new Set([2])]])));
    expect(textOf(new Set(['a', 'b']))).toBe(textOf(new Set(['b', 'a'])));
    expect(
      textOf(
        new Map([
          ['a', 1],
          ['b', 2],
        ]),
      ),
    ).toBe(
      textOf(
        new Map([
          ['b', 2],
          ['a', 1],
        ]),
      ),
    );
    expect(textOf(new Set())).not.toBe(textOf(new Map()));
    expect(textOf(new Set(['a']))).not.toBe(textOf(['a']));
  });

  test('leaves out what is no data', () => {
    expect(plainOf({ a: 1, locate: () => 2 })).toEqual({ a: 1 });
  });

  test('has in place of an object what counts of it, at every depth', () => {
    const without = (one: object): object => ('secret' in one ? { shown: true } : one);

    expect(plainOf({ a: [new Map([['b', { secret: 1 }]])] }, without)).toEqual({
      a: [{ map: [['b', { shown: true }]] }],
    });
  });
});
