/** What the short suite leaves out of a file, the long one tries. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';

const isShared = /\b(?:isLong\)|(?:share|bySuite)\()/;
const files: readonly string[] = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => join('test', file));
const isOfLong = /\.long\.test\.ts$/;

/** Of a file that tries a share, what should stand in the file beside it. */
function isTriedWhole(file: string): boolean {
  const long = file.replace(/\.test\.ts$/, '.long.test.ts');
  return existsSync(long) && readFileSync(long, 'utf8').includes(`'./${basename(file)}'`);
}

test('whatever the short suite tries a share of, the long one tries whole', () => {
  const shared = files.filter((file) => !isOfLong.test(file) && isShared.test(readFileSync(file, 'utf8')));

  expect(shared.length).toBeGreaterThan(10);
  expect(shared.filter((file) => !isTriedWhole(file))).toEqual([]);
});

test('a file of the long suite alone tries no share', () => {
  expect(files.filter((file) => isOfLong.test(file) && isShared.test(readFileSync(file, 'utf8')))).toEqual([]);
});
