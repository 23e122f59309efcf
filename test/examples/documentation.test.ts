/** Tables of the documentation that no compiler reads: they name everything that the schemas know. */
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { changeClasses } from '../../src/model/change-classes.ts';

const read = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

test('docs/glossary.md names every class of changes', async () => {
  const text = await read('docs/glossary.md');

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

interface Rules {
  readonly forbidden: ReadonlyArray<{
    readonly name: string;
    readonly to: { readonly pathNot?: string | readonly string[] };
  }>;
}

test('ARCHITECTURE.md lists the rooms with the arrows that the boundaries allow', async () => {
  const text = await read('ARCHITECTURE.md');
  const rules = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as Rules;
  const allowed = rules.forbidden.flatMap(({ name, to }) => {
    const [, room] = /^arrows-from-(.*)$/.exec(name) ?? [];
    return room === undefined
      ? []
      : [[room, wordsIn(String(to.pathNot)).filter((word) => word !== room && word !== 'src')] as const];
  });
  const section = text.slice(text.indexOf('## Rooms'), text.indexOf('## Facts'));
  const listed = [...section.matchAll(/^\| `(\w+)` \|.*\| ([^|]+) \|$/gm)].map(
    ([, room = '', others = '']) => [room, wordsIn(others)] as const,
  );

  expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(allowed));
});

test('every file that ARCHITECTURE.md names is there', async () => {
  const text = await read('ARCHITECTURE.md');
  const named = [...text.matchAll(/`([a-z]+\/[a-z/-]+\.ts)`/g)].map(([, path = '']) => path);
  const there = await Promise.all(
    named.map((path) =>
      read(path.startsWith('scripts/') ? path : `src/${path}`).then(
        () => true,
        () => false,
      ),
    ),
  );

  expect(named.filter((_, i) => there[i] !== true)).toEqual([]);
  expect(named.length).toBeGreaterThan(30);
});

test('every function that ARCHITECTURE.md names with its file is in it', async () => {
  const text = await read('ARCHITECTURE.md');
  const named = [
    ...[...text.matchAll(/`(\w+)` in `([a-z]+\/[a-z/-]+\.ts)`/g)].map(
      ([, name = '', path = '']) => [path, name] as const,
    ),
    ...[...text.matchAll(/`([a-z]+\/[a-z/-]+\.ts)` \(`(\w+)`\)/g)].map(
      ([, path = '', name = '']) => [path, name] as const,
    ),
  ];
  const sources = await Promise.all(named.map(([path]) => read(`src/${path}`)));

  expect(named.filter(([, name], i) => sources[i]?.includes(`function ${name}(`) !== true)).toEqual([]);
  expect(named.map(([, name]) => name).toSorted()).toEqual(['checkComplete', 'closeJournal']);
});

test('the decision about dependencies names each of them', async () => {
  const { dependencies, optionalDependencies } = JSON.parse(await read('package.json')) as Readonly<
    Record<'dependencies' | 'optionalDependencies', Readonly<Record<string, string>>>
  >;
  const rows = (await read('docs/decisions/0008-dependencies.md')).match(/^\| [^|]+/gm) ?? [];
  const named: readonly string[] = rows.join(' ').match(/[@\w/-]+/g) ?? [];

  expect(Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => !named.includes(name))).toEqual([]);
});

test('every test that docs/security.md names is there', async () => {
  const named = [...(await read('docs/security.md')).matchAll(/`(test\/[a-z/-]+(?:\.long)?\.test\.ts)`/g)].map(
    ([, path = '']) => path,
  );
  const there = await Promise.allSettled(named.map((path) => read(path)));

  expect(named.filter((_, i) => there[i]?.status !== 'fulfilled')).toEqual([]);
  expect(named.length).toBeGreaterThan(20);
});

const wordsIn = (text: string): readonly string[] => text.match(/[a-z]+/g) ?? [];

test('every decision begins with its date and its status, and stands in the list', async () => {
  const folder = new URL('../../docs/decisions/', import.meta.url);
  const pages = (await readdir(folder)).filter((name) => /^\d{4}-/.test(name));
  const list = await read('docs/decisions/README.md');
  const texts = await Promise.all(pages.map((name) => read(`docs/decisions/${name}`)));

  expect(pages).not.toEqual([]);
  expect(pages.filter((name) => !list.includes(`](${name})`))).toEqual([]);
  for (const text of texts)
    expect(text).toMatch(/^# \d+\. .+\n\nDate: \d{4}-\d\d-\d\d\. Status: (accepted|replaced by \[)/);
});

test('what the demo and the bench take of the built library is built', async () => {
  const built: { readonly files: readonly string[] } = JSON.parse(await read('tsconfig.build.json'));
  const scripts = ['scripts/demo.mjs', 'bench/limited-sandbox.mjs', 'bench/limiter.mjs', 'bench/sandbox.mjs'];
  const texts = await Promise.all(scripts.map(read));
  const taken = texts.flatMap((text) =>
    [...text.matchAll(/from '\.\.\/dist\/(.*)\.js'/g)].map(([, path]) => `src/${path}.ts`),
  );

  expect(taken.length).toBeGreaterThan(3);
  expect(taken.filter((path) => !built.files.includes(path))).toEqual([]);
});
