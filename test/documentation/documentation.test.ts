/** Every code block that people read is run, or checked, or says why not: see `fences.ts` for its marks. */
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/index.ts';
import { useFastTime } from '../support/fast-time.ts';
import { makeWorkplace } from '../support/run-muster.ts';
import { share } from '../support/suite.ts';
import { checkAlone, filesWith } from './check-alone.ts';
import { openDoor } from './door.ts';
import { type Fence, fences } from './fences.ts';
import { usual, worlds } from './worlds.ts';

useFastTime();

const config = { 'ServiceSettings.EnableUserAccessTokens': true };

const runs = ({ language, marks }: Fence): boolean =>
  ['sh', 'console'].includes(language) && marks['not-run'] === undefined && marks['run-by'] === undefined;
const isWritten = ({ marks }: Fence): boolean => marks['file'] !== undefined;
const withCommands = [...new Set(fences.filter(runs).map(({ path }) => path))];

/** The short suite runs a few pages, the long one each of them. */
test.each(share(withCommands, 5))('the commands of %s do what the page says', async (path) => {
  const world = worlds[path] ?? usual;
  const { addresses = ['https://chat.example.com'], seed = {} } = world;
  const sandboxes = await Promise.all(addresses.map(() => startSandbox({ licence: 'enterprise', config, seed })));
  const pairs = sandboxes.map(({ url }, i) => [addresses[i] ?? '', url] as const);
  const translate = (text: string): string => pairs.reduce((done, [shown, url]) => done.replaceAll(shown, url), text);
  const back = (text: string): string => pairs.reduce((done, [shown, url]) => done.replaceAll(url, shown), text);
  const place = await makeWorkplace(translated(world.files ?? {}, translate));
  const home = await makeWorkplace();
  const [url = '', token = ''] = [sandboxes[0]?.url, sandboxes[0]?.adminToken];
  const door = await openDoor(
    place.dir,
    {
      HOME: home.dir,
      PATH: process.env['PATH'] ?? '',
      TMPDIR: home.dir,
      ...Object.fromEntries(sandboxes.map(({ adminToken }, i) => [`TOKEN_${i}`, adminToken])),
      ...(world.isBare !== true && { MUSTER_SERVER: url, MUSTER_TOKEN: token }),
      ...Object.fromEntries(Object.entries(world.env ?? {}).map(([name, text]) => [name, translate(text)])),
    },
    translate,
  );
  try {
    if (world.before !== undefined) expect(await door.run(world.before, [])).toMatchObject({ code: 0 });
    for (const fence of fences.filter((one) => one.path === path && (runs(one) || isWritten(one)))) {
      const { marks, language, line, text } = fence;
      if (marks['file'] !== undefined) await place.write({ [marks['file']]: translate(text) });
      if (!runs(fence)) continue;
      const allowed = (marks['exit'] ?? '').split(',').filter(Boolean).map(Number);
      for (const [script, shown] of language === 'sh' ? [[text, undefined] as const] : dialogue(text)) {
        const done = await door.run(script, allowed);
        const seen = back(done.output);
        expect(done.code, `${path}:${line}\n${script}${seen}`).toBe(0);
        expect(done.codes, `${path}:${line} ends as it says\n${seen}`).toEqual(expect.arrayContaining(allowed));
        if (shown !== undefined) expect(seen.startsWith(shown), `${path}:${line}\n${seen}`).toBe(true);
      }
    }
  } finally {
    await door.close();
    await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
  }
});

const translated = (files: Readonly<Record<string, string>>, translate: (text: string) => string) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [name, translate(text)]));

/** A session at a terminal: each command, and what it shows. */
function dialogue(text: string): readonly (readonly [command: string, shown: string])[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n') + 1;
      return [part.slice(0, end), part.slice(end).replace(/\n+$/, '\n')] as const;
    });
}

const alone = fences.filter(({ marks, language }) => filesWith.includes(language) && marks['not-run'] === undefined);

test.each(alone.map((fence) => [`${fence.path}:${fence.line}`, fence] as const))(
  'the file at %s is one that muster takes',
  async (_where, fence) => {
    expect(await checkAlone(fence)).toBe('');
  },
);

/** Languages whose blocks are no more than pictures. */
const pictures = ['text', ''];

test('every block is run, or checked, or says why not', () => {
  const flaws = fences.flatMap((fence) => {
    const { path, line, language, marks, text } = fence;
    const where = `${path}:${line}`;
    if (marks['not-run'] !== undefined) return marks['not-run'].length > 10 ? [] : [`${where}: not-run needs a reason`];
    if (runs(fence) || marks['run-by'] !== undefined || filesWith.includes(language)) return [];
    if (language === 'ts' && (marks['from'] !== undefined || path === 'docs/api.md')) return [];
    if (pictures.includes(language) && !/^\s*\$? ?(?:muster|npm|npx) /m.test(text)) return [];
    return [
      `${where}: nothing runs or checks this block of ${language || 'no language'}; see test/documentation/fences.ts`,
    ];
  });

  expect(flaws).toEqual([]);
});

test('a block that names a file stands in it word for word', async () => {
  const named = fences.filter(({ marks }) => marks['from'] !== undefined);
  const texts = await Promise.all(named.map(({ marks }) => readFile(marks['from'] ?? '', 'utf8')));

  expect(
    named.filter(({ text }, i) => texts[i]?.includes(text) !== true).map(({ path, line }) => `${path}:${line}`),
  ).toEqual([]);
});

test('a block that names its test is run by a test that reads the page', async () => {
  const named = fences.filter(({ marks }) => marks['run-by'] !== undefined);
  const texts = await Promise.all(named.map(({ marks }) => readFile(marks['run-by'] ?? '', 'utf8')));
  const flaws = named.filter(({ path }, i) => texts[i]?.includes(path.replace(/^docs\//, '')) !== true);

  expect(flaws.map(({ path, line }) => `${path}:${line}`)).toEqual([]);
});

test('every script of npm that a block names is one of its package', async () => {
  const [own, site] = await Promise.all(['package.json', 'docs/site/package.json'].map(scriptsOf));
  const builtIn = ['ci', 'install', 'pack', 'test', 'publish', 'audit'];
  const flaws = fences.flatMap(({ path, line, text }) =>
    [...text.matchAll(/\bnpm (?:run (?:--silent )?)?([\w:-]+)/g)]
      .map(([, name = '']) => name)
      .filter(
        (name) => (path.startsWith('docs/site/') ? site : own)?.includes(name) !== true && !builtIn.includes(name),
      )
      .map((name) => `${path}:${line}: npm run ${name}`),
  );

  expect(flaws).toEqual([]);
});

async function scriptsOf(path: string): Promise<readonly string[]> {
  const { scripts } = JSON.parse(await readFile(path, 'utf8')) as { scripts: Readonly<Record<string, string>> };
  return Object.keys(scripts);
}

test('every file of a mark is there', async () => {
  const named = fences.flatMap(({ marks }) => [marks['from'], marks['run-by']].filter((name) => name !== undefined));

  await Promise.all(named.map((name) => access(join('.', name))));
  expect(named.every((name) => /^(?:test|examples|docs)\//.test(name))).toBe(true);
});
