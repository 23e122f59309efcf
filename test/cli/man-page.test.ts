/** The manual page has every command and option, and a reader of manual pages takes it. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { manPage } from '../../scripts/man-page.ts';
import type { CommandRow } from '../../src/cli/command-row.ts';
import { commandRows } from '../../src/cli/command-rows.ts';

const page = manPage();
const rowsBelow = (row: CommandRow): readonly CommandRow[] => [row, ...(row.commands ?? []).flatMap(rowsBelow)];
const rows = commandRows.filter(({ isHidden }) => isHidden !== true).flatMap(rowsBelow);
const asRoff = (plain: string): string => plain.replaceAll('-', '\\-');

test('the manual page in the package is the one that the rows of the commands make', () => {
  expect(readFileSync('man/muster.1', 'utf8')).toBe(page);
});

test.each(rows.map((row) => [row.name, row] as const))('the manual page has %s with its options', (name, row) => {
  expect(page).toMatch(new RegExp(`^\\.SS "muster ([a-z]+ )?${name}[ "]`, 'm'));
  for (const { long } of row.options) expect(page).toContain(`\\fB${asRoff(String(long))}\\fR`);
  for (const [line] of row.examples) expect(page).toContain(asRoff(line).split('…')[0]);
});

test('the manual page leaves out what is for programs', () => {
  expect(page).not.toContain('__complete');
});

const groff = spawnSync('groff', ['-man', '-Tutf8', '-ww'], { input: page, encoding: 'utf8' });

test.skipIf(groff.error !== undefined)('groff has nothing to say against the manual page', () => {
  expect(groff.stderr).toBe('');
  const plain = groff.stdout.replaceAll(/\u001b\[[\d;]*m|.\u0008/gu, '');
  expect(plain).toMatch(/^SERVER OPTIONS\n/m);
  expect(plain).toMatch(/^ +-f, --files path\n/m);
});
