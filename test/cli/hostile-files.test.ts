/** What a pull request may bring instead of a file: links, pipes, devices, and files of others. Nothing hangs, nothing is quoted. */
import { execFileSync } from 'node:child_process';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { makeWorkplace, type Run, type Workplace } from '../support/run-muster.ts';
import { isLong } from '../support/suite.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ config: { 'ServiceSettings.EnableUserAccessTokens': true } });
});

afterAll(async () => {
  await sandbox.close();
});

const secret = 'hv8kq2mz7pr4tx1wb5nd3fg6yj';
const config = 'files: ["users*.yaml"]\napprovals: approvals.txt\n';
const honest = 'version: 1\nusers:\n  - { username: ada, email: ada@example.com }\n';

/** A repository, and beside it a token. */
async function repository(
  files: Readonly<Record<string, string>> = {},
): Promise<Workplace & { readonly outside: string }> {
  const place = await makeWorkplace(
    { '.git/HEAD': 'ref: x\n', 'conf/muster.yaml': config, 'conf/users.yaml': honest, ...files },
    { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
  );
  const outside = (
    await makeWorkplace({
      token: secret,
      'map.yaml': `${secret}: ${secret}\n`,
      'users.yaml': `version: 1\nusers:\n  - { username: ${secret}, nickname: 7 }\n`,
    })
  ).dir;
  return { ...place, outside };
}

const formats: ReadonlyArray<readonly string[]> = [
  ['validate', '--format', 'text'],
  ['validate', '--format', 'json'],
  ['plan', '--format', 'text'],
  ['plan', '--format', 'json'],
  ['plan', '--format', 'markdown'],
  ['plan', '--format', 'diff'],
  ['plan', '--format', 'github'],
  ['explain', 'ada'],
];

function expectRefused({ code, stdout, stderr }: Run): void {
  // A plan file is refused with a code of its own.
  expect([3, 7]).toContain(code);
  expect(`${stdout}${stderr}`).not.toContain(secret.slice(0, 6));
  expect(stderr).toContain('→');
}

describe('a link to a file outside is refused, and nothing of it is shown, in every format:', () => {
  test.each(['token', 'map.yaml', 'users.yaml'])('%s', async (target) => {
    const place = await repository();
    await rm(join(place.dir, 'conf', 'users.yaml'));
    await symlink(join(place.outside, target), join(place.dir, 'conf', 'users.yaml'));

    for (const args of formats) {
      const run = await place.muster([...args, '--config', 'conf/muster.yaml']);
      expectRefused(run);
      expect(run.stderr).toContain('its real path lies outside');
      // Named by a flag it is read, but it is quoted no more.
      expectRefused(await place.muster([...args, '--files', 'conf/users.yaml']));
      expectRefused(await place.muster([...args, '--files', 'conf/*.yaml']));
    }
  });

  test('as config, approvals, plan, seed or authorities', async () => {
    const place = await repository({ 'bad/x': '' });
    for (const name of ['muster.yaml', 'approvals.txt', 'plan.json', 'seed.yaml', 'ca.pem'])
      await symlink(join(place.outside, 'token'), join(place.dir, 'bad', name));
    await writeFile(join(place.dir, 'bad', 'good.yaml'), 'files: [../conf/users.yaml]\napprovals: approvals.txt\n');
    await writeFile(join(place.dir, 'conf', 'link.yml'), 'files: [users.yaml]\napprovals: ../bad/approvals.txt\n');

    expectRefused(await place.muster(['plan', '--config', 'bad/muster.yaml']));
    expectRefused(await place.muster(['plan', '--config', 'bad/good.yaml']));
    expectRefused(await place.muster(['plan', '--config', 'conf/link.yml']));
    expectRefused(await place.muster(['show', 'bad/plan.json']));
    expectRefused(await place.muster(['sandbox', '--port', '0', '--seed', 'bad/seed.yaml']));
    const { stdout, stderr } = await place.muster(['plan', '-f', 'conf/users.yaml', '--ca-file', 'bad/ca.pem']);
    expect(`${stdout}${stderr}`).not.toContain(secret.slice(0, 6));
  });

  test('as a folder, whose names are not told either', async () => {
    const place = await repository();
    await symlink(place.outside, join(place.dir, 'conf', 'people'));
    await mkdir(join(place.dir, 'conf', 'deep'));
    await symlink(place.outside, join(place.dir, 'conf', 'deep', 'people'));

    for (const [pattern, said] of [
      ['people/*', 'leads out of'],
      ['people/**/*.yaml', 'leads out of'],
      ['people/map.yaml', 'its real path lies outside'],
      ['deep/**/*.yaml', 'no file matches'],
    ] as const) {
      await writeFile(join(place.dir, 'conf', 'other.yml'), `files: ["${pattern}"]\n`);
      const run = await place.muster(['validate', '--config', 'conf/other.yml']);
      expectRefused(run);
      expect(run.stderr).toContain(said);
      if (pattern !== 'people/map.yaml') expect(run.stderr).not.toContain('map.yaml');
    }
  });
});

describe('what is no regular file ends at once:', () => {
  test.each(['pipe', '/dev/zero', '/dev/tty', 'socket-less folder'])('%s', async (what) => {
    const place = await repository();
    const path = join(place.dir, 'conf', 'odd.yaml');
    if (what === 'pipe') execFileSync('mkfifo', [path]);
    else if (what.startsWith('/')) await symlink(what, path);
    else await mkdir(path);

    for (const args of [
      ['validate', '-f', 'conf/odd.yaml'],
      ['validate', '--config', 'conf/odd.yaml'],
      ['sandbox', '--port', '0', '--seed', 'conf/odd.yaml'],
      ['show', 'conf/odd.yaml'],
    ]) {
      expectRefused(await place.muster(args));
    }
  });
});

test('a mounted ConfigMap is read through its links', async () => {
  const place = await repository();
  const folder = join(place.dir, 'conf');
  await mkdir(join(folder, '..2026'));
  for (const [name, text] of [
    ['muster.yaml', config],
    ['users.yaml', honest],
    ['approvals.txt', 'version: 1\napprovals: []\n'],
  ] as const) {
    await writeFile(join(folder, '..2026', name), text);
    await rm(join(folder, name), { force: true });
    await symlink(join('..data', name), join(folder, name));
  }
  await symlink('..2026', join(folder, '..data'));

  const { code, stderr } = await place.muster(['validate', '--config', 'conf/muster.yaml']);

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test.runIf(isLong)(
  'a file of thousands of mistakes shows fifty of them in every format, and counts the others',
  async () => {
    const place = await repository();
    const people = Array.from({ length: 362 }, (_, i) => `  - { username: p${i}, x: 1 }\n`).join('');
    await writeFile(join(place.dir, 'conf', 'users.yaml'), `version: 1\nusers:\n${people}`);
    const run = (...args: readonly string[]): Promise<Run> => place.muster([...args, '-f', 'conf/users.yaml']);

    const text = await run('plan');
    expect(text.stderr.match(/ error unknown field/g)).toHaveLength(50);
    expect(text.stderr).toContain('and 312 more problems');
    expect(text.stderr).toContain('362 problems; nothing was written');
    const github = await run('plan', '--format', 'github');
    // A step shows ten of them.
    expect(github.stdout.match(/^::error/gm)).toHaveLength(10);
    expect(github.stdout).toMatch(/and 353 more/);
    const json = await run('validate', '--format', 'json');
    const { error } = JSON.parse(json.stdout);
    expect(error.message).toBe(
      '362 problems in the input, the first: conf/users.yaml:3:21: unknown field x in users[1] (p0)',
    );
    expect(error.problems).toHaveLength(51);
    expect(error.problems.at(-1)).toMatchObject({ code: 'more-problems', standsFor: 312 });
    const markdown = await run('plan', '--format', 'markdown');
    expect(`${markdown.stdout}${markdown.stderr}`).toContain('and 312 more problems');
  },
);
