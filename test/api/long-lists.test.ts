/** A list that is read in pieces is the list that JSON.parse reads, or it is left to JSON.parse. */
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readInPieces } from '../../src/api/long-lists.ts';
import { bySuite } from '../support/suite.ts';
import { user } from './support/samples.ts';

const asIs = (item: unknown): unknown => item;
const inPieces = (text: string, pieceBytes: number): readonly unknown[] | undefined =>
  readInPieces(Buffer.from(text), asIs, pieceBytes);

/** Also of one part of a pair that stands for one sign, and of what looks like the end of a piece. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '},{"',
        '"',
        '\\',
        '\\"',
        '\ud83d',
        '\ude00',
        '😀',
        'ü',
        '\u0000',
        '\u2028',
        '[',
        ']',
        '{',
        '}',
        ',',
      ),
    )
    .map((parts) => parts.join('')),
);
const key = fc.oneof(text, fc.constantFrom('__proto__', 'constructor', 'toString', 'length', '0', ''));
const number = fc.oneof(
  fc.constantFrom('-0', '1e400', '-1E-7', '0.1', '12345678901234567890', '1.0'),
  fc.integer().map(String),
);
const space = fc.constantFrom('', '', '', ' ', '\n', '\t', '\r\n ');

/** As text, so that keys come twice, and that what is written in several ways is written in each of them. */
const { json, objects } = fc.letrec<{ json: string; map: string; list: string; objects: string; written: string }>(
  (tie) => ({
    written: text.map((one) => `"${one.replaceAll(/[\s\S]/g, escaped)}"`),
    map: fc
      .tuple(space, fc.array(fc.tuple(key, tie('json'), space), { maxLength: 3 }))
      .map(
        ([inner, parts]) =>
          `{${inner}${parts.map(([name, value, after]) => `${JSON.stringify(name)}:${value}${after}`).join(',')}}`,
      ),
    list: fc.array(tie('json'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
    json: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('null', 'true', 'false'),
      number,
      text.map((one) => JSON.stringify(one)),
      tie('written'),
      tie('list'),
      tie('map'),
    ),
    objects: fc
      .tuple(space, fc.array(fc.tuple(tie('map'), fc.constantFrom('', '', '', ' ')), { maxLength: 8 }), space)
      .map(([before, items, after]) => `${before}[${items.map(([map, gap]) => map + gap).join(',')}]${after}`),
  }),
);

function escaped(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function parsed(one: string): unknown {
  try {
    return JSON.parse(one);
  } catch {
    return undefined;
  }
}

const pieceBytes = fc.integer({ min: 0, max: 60 });
const runs = { numRuns: bySuite({ short: 1000, long: 20_000 }) };

test('a list of objects is the list that JSON.parse reads', () => {
  let isCut = 0;
  fc.assert(
    fc.property(objects, pieceBytes, (list, bytes) => {
      const found = inPieces(list, bytes);
      if (found !== undefined && list.includes('},{"')) isCut++;
      if (found !== undefined) expect(isDeepStrictEqual(found, JSON.parse(list))).toBe(true);
      // Only what looks like the end of a piece, and is none, leaves the list to JSON.parse.
      else expect(list).toContain('},{"');
    }),
    runs,
  );
  expect(isCut).toBeGreaterThan(runs.numRuns / 20);
});

test('anything else is never a list that JSON.parse does not read', () => {
  const change = fc.record({
    at: fc.nat(),
    length: fc.nat({ max: 4 }),
    by: fc.constantFrom('', '"', '\\', ',', '[', ']', '{', '}', '},{"', '{},', ' ', '\ufeff', '7'),
  });
  let broken = 0;
  fc.assert(
    fc.property(
      fc.oneof(objects, json),
      fc.option(change),
      fc.option(fc.nat()),
      pieceBytes,
      (whole, other, cutAt, bytes) => {
        const at = other === null ? 0 : other.at % (whole.length + 1);
        const changed = other === null ? whole : whole.slice(0, at) + other.by + whole.slice(at + other.length);
        const one = cutAt === null ? changed : changed.slice(0, cutAt % (changed.length + 1));
        const expected = parsed(Buffer.from(one).toString());
        if (expected === undefined) broken++;
        const found = inPieces(one, bytes);
        if (found !== undefined) expect(isDeepStrictEqual(found, expected)).toBe(true);
      },
    ),
    runs,
  );
  expect(broken).toBeGreaterThan(runs.numRuns / 10);
});

const people = Array.from({ length: 300 }, (_, i) => ({ ...user, nickname: `ü😀 ${i}` }));

test('a long list is cut', () => {
  const list = JSON.stringify(people);
  let longest = 0;
  const { parse } = JSON;
  JSON.parse = (one: string): unknown => {
    longest = Math.max(longest, one.length);
    return parse(one);
  };
  try {
    expect(readInPieces(Buffer.from(list), asIs)).toEqual(people);
  } finally {
    JSON.parse = parse;
  }
  expect(longest).toBeLessThan(70_000);
  expect(list.length).toBeGreaterThan(110_000);
});

test.each([
  ['a list in which an object stands apart', '[{"a":1},{"b":2}, {"c":3}]', [{ a: 1 }, { b: 2 }, { c: 3 }]],
  ['nothing but two objects', '{"a":1},{"b":2}', undefined],
  ['a list without its end', '[{"a":1},{"b":2}', undefined],
  ['a list without its start', '{"a":1},{"b":2}]', undefined],
  ['two lists', '[{"a":1},{"b":2}][{"c":3}]', undefined],
  ['a list that ends twice', '[{"a":1},{"b":2}]]', undefined],
  ['lists of lists', '[[{"a":1},{"b":2}]]', undefined],
  ['a text like the end of a piece', '[{"a":"},{"},{"b":2}]', undefined],
  ['nothing', '', undefined],
])('%s is read as JSON.parse reads it, or left to it', (_what, list, expected) => {
  expect(inPieces(list, 0)).toEqual(expected);
});

test('what a decoder refuses is left to it', () => {
  const refuse = (): never => {
    throw new Error('refused');
  };

  expect(readInPieces(Buffer.from('[{"a":1},{"b":2}]'), refuse, 0)).toBeUndefined();
});
