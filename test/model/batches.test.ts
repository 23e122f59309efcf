import { expect, test } from 'vitest';
import { batchesOf } from '../../src/model/batches.ts';

const names = (count: number, length: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => String(i).padStart(length, 'x'));

test.each([
  ['no names', [], []],
  ['a few names', names(3, 5), [3]],
  ['as many as go into one request', names(10_000, 5), [10_000]],
  ['one more', names(10_001, 5), [10_000, 1]],
  ['names as long as they may be, by their bytes', names(10_000, 64), [4328, 4328, 1344]],
])('makes as few requests as can be of %s', (_, words, sizes) => {
  const batches = batchesOf(words);

  expect(batches.map(({ length }) => length)).toEqual(sizes);
  expect(batches.flat()).toEqual(words);
  for (const batch of batches) expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThanOrEqual(300_000);
});

test('counts the bytes of letters beyond ASCII', () => {
  const [first = []] = batchesOf(names(10_000, 20).map((name) => name.replaceAll('x', 'ü')));

  expect(Buffer.byteLength(JSON.stringify(first))).toBeLessThanOrEqual(300_000);
});
