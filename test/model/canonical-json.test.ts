import { createHash } from 'node:crypto';
import { assert, jsonValue, property } from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, digestOf } from '../../src/model/canonical-json.ts';

/** The same without any care for what is in order already. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, part]) => [name, sorted(part)]),
  );
}

const values = jsonValue({ maxDepth: 5 }).filter((value) => !JSON.stringify(value).includes('__proto__'));

test('has the keys of every map in one order, wherever it stands', () => {
  assert(
    property(values, (value) => {
      expect(canonicalJson(value)).toBe(JSON.stringify(sorted(value)));
    }),
  );
});

test('leaves what it is given as it was', () => {
  assert(
    property(values, (value) => {
      const before = JSON.stringify(value);

      canonicalJson(value);
      digestOf(value);

      expect(JSON.stringify(value)).toBe(before);
    }),
  );
});

test('looks at each part once, however deep it stands and in whatever order', () => {
  let deep: unknown = { b: 1, a: 2 };
  for (let i = 0; i < 1000; i++) deep = { b: deep, a: [i] };

  expect(canonicalJson(deep)).toMatch(/^\{"a":\[999\],"b":\{"a":\[998\]/);
});

test.each([
  ['short', 10],
  ['long', 2_000_000],
])('a digest is that of the canonical JSON, also where a text is %s', (_, length) => {
  const value = { b: ['ä'.repeat(length), 1], a: 'x'.repeat(length) };

  expect(digestOf(value)).toBe(`sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`);
});
