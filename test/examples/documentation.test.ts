/** Tables of the documentation that no compiler reads: they name everything that the schemas know. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { changeClasses } from '../../src/model/change-classes.ts';

const read = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

test('docs/words.md names every class of changes', async () => {
  const text = await read('docs/words.md');

  expect(changeClasses.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

test('docs/files.md has a row for every field of an entry', async () => {
  const text = await read('docs/files.md');
  const { $defs } = JSON.parse(await read('schemas/users.schema.json')) as {
    readonly $defs: { readonly UserEntry: { readonly properties: Readonly<Record<string, unknown>> } };
  };
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  const firstCells = rows.map((row) => row.split('|')[1] ?? '').join(' ');

  expect(Object.keys($defs.UserEntry.properties).filter((name) => !firstCells.includes(`\`${name}\``))).toEqual([]);
});
