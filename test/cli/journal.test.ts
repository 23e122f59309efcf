/** `muster journal`: which runs there were, what they did, whether they are as written, and what each exits with. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { useFastTime } from '../support/fast-time.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';

useFastTime();

const verify = ['journal', 'verify'];
const open: Sandbox[] = [];

afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
});

interface Recorded {
  readonly place: Workplace;
  readonly token: string;
  readonly env: NodeJS.ProcessEnv;
  /** Changes the text of the journal. */
  readonly edit: (change: (text: string) => string) => Promise<void>;
}

/** One run, and no token in the environment any more. */
async function recorded(
  more: NodeJS.ProcessEnv = {},
  muster = 'version: 1\nfiles: [users.yaml]\npolicy: {min_admins: 1}\n',
): Promise<Recorded> {
  const sandbox = await startSandbox({ seed: { users: [{ username: 'ada' }] } });
  open.push(sandbox);
  const place = await makeWorkplace({
    'users.yaml': 'version: 1\nusers:\n  - username: ada\n    nickname: Countess\n',
    'muster.yaml': muster,
    'approvals.yaml': `version: 1
approvals:
  - { class: update, users: [ada], reason: ticket 77, by: grace, expires: ${new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)} }
`,
  });
  const env = { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken, ...more };
  const applied = await place.muster(['apply', '--yes'], { env });
  expect(applied.code, applied.stderr).toBe(0);
  const home = join(place.dir, 'state', 'muster');
  const [server = ''] = await readdir(home);
  const name = (await readdir(join(home, server))).find((one) => one.endsWith('.jsonl')) ?? '';
  const path = join(home, server, name);
  return {
    place,
    token: sandbox.adminToken,
    env,
    edit: async (change) => writeFile(path, change(await readFile(path, 'utf8'))),
  };
}

describe('journal verify', () => {
  test('without a token says that nothing was authenticated', async () => {
    const { place } = await recorded();

    const { code, stdout } = await place.muster(verify);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^1 journal as written; .*\nnot authenticated: set MUSTER_TOKEN/);
  });

  test('with the token of the run says that all is signed with it', async () => {
    const { place, token } = await recorded();

    const { code, stdout } = await place.muster([...verify, '--authenticate'], { env: { MUSTER_TOKEN: token } });

    expect(code).toBe(0);
    expect(stdout).toContain('all signed with the token in the environment');
  });

  test('with another token says so, and exits with 3 where that was asked for', async () => {
    const { place } = await recorded();
    const env = { MUSTER_TOKEN: 'another' };

    const run = await place.muster(verify, { env });

    expect(run.code).toBe(0);
    expect(run.stdout).toContain('not authenticated: 1 journal signed with another token');
    expect((await place.muster([...verify, '--authenticate'], { env })).code).toBe(3);
    expect((await place.muster([...verify, '--authenticate'])).code).toBe(3);
  });

  test.each<[what: string, change: (text: string) => string, code: number]>([
    ['a line was edited', (text) => text.replace('"attempt":1', '"attempt":2'), 10],
    ['a line was taken out', (text) => text.split('\n').toSpliced(1, 1).join('\n'), 10],
    ['a line is no line of a journal', (text) => text.replace('{"account"', '{account"'), 3],
  ])('when %s exits with its code', async (_, change, code) => {
    const { place, edit } = await recorded();

    await edit(change);

    const verified = await place.muster(verify);
    expect(verified.code, verified.stdout).toBe(code);
    expect(verified.stdout).toContain('broken');
  });
});

const broken: readonly (readonly [what: string, change: (text: string) => string, code: number])[] = [
  ['was edited', (text) => text.replace('"attempt":1', '"attempt":2'), 10],
  ['cannot be read', (text) => text.replace('{"account"', '{account"'), 3],
];
const readers = ['journal', 'journal list', 'journal show', 'journal verify', 'undo --yes', 'apply --resume --yes'];

describe('a journal that', () => {
  test.each(broken.flatMap(([what, change, code]) => readers.map((args) => ({ what, change, code, args }))))(
    '$what ends "muster $args" with $code',
    async ({ change, code, args }) => {
      const { place, edit, env } = await recorded();

      await edit(change);

      const run = await place.muster(args.split(' '), { env });
      expect(run.code, run.stdout + run.stderr).toBe(code);
    },
  );
});

describe('journal', () => {
  test('alone lists the runs as journal list does: when, how, how much, with whose token', async () => {
    const { place } = await recorded();

    const { code, stdout } = await place.muster(['journal']);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}1 {2}\d+ \w{3} \d{4} \d\d:\d\d {2}complete {2}1 of 1 done {2}by sandbox-admin$/m);
    expect((await place.muster(['journal', 'list'])).stdout).toBe(stdout);
    const json = await place.muster(['journal', 'list', '--format', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ servers: [{ runs: [{ done: 1, left: 0, by: 'sandbox-admin' }] }] });
  });
});

const job = {
  GITHUB_ACTIONS: 'true',
  GITHUB_SHA: 'a'.repeat(40),
  GITHUB_ACTOR: 'octocat',
  GITHUB_WORKFLOW: 'users',
  GITHUB_JOB: 'apply',
  GITHUB_SERVER_URL: 'https://user:hidden@github.example',
  GITHUB_REPOSITORY: 'acme/users',
  GITHUB_RUN_ID: '7',
};

async function expectToFollowSchema(report: unknown): Promise<void> {
  const ajv = new Ajv2020({ allowUnionTypes: true });
  addFormats.default(ajv);
  const isValid = ajv.compile(JSON.parse(await readFile('schemas/journal.schema.json', 'utf8')) as object);
  expect(isValid(report), JSON.stringify(isValid.errors)).toBe(true);
}

describe('journal show', () => {
  test('tells who was changed, what, with whose token, from which commit and by which job', async () => {
    const { place } = await recorded(job);

    const { code, stdout } = await place.muster(['journal', 'show']);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^Run 1 {2}\d+ [A-Z][a-z]{2} 20\d\d \d\d:\d\d UTC, complete: 1 of 1 action done$/m);
    expect(stdout).not.toContain('approved');
    expect(stdout).toContain('by sandbox-admin on http');
    expect(stdout).toContain('commit aaaaaaaaaaaa by octocat');
    expect(stdout).toContain('job users / apply, https://github.example/acme/users/actions/runs/7');
    expect(stdout).toMatch(/^ {2}\d\d:\d\d:\d\d {2}ada {2}update {2}nickname {2}"" → Countess$/m);
    expect(stdout).not.toContain('hidden');
  });

  test('tells who approved what lifted a budget', async () => {
    const budget = '{ min_admins: 1, budgets: { update: { share: 0, floor: 0, cap: 0 } } }';
    const { place } = await recorded(
      {},
      `version: 1\nfiles: [users.yaml]\napprovals: approvals.yaml\npolicy: ${budget}\n`,
    );
    const shown = async (format: string): Promise<string> =>
      (await place.muster(['journal', 'show', '--format', format])).stdout;

    const told = /approved by grace until 20\d\d-\d\d-\d\d: update over its budget by 1 \(ticket 77\); /;
    expect(await shown('text')).toMatch(told);
    expect(await shown('markdown')).toMatch(told);
    const report: unknown = JSON.parse(await shown('json'));
    expect(report).toMatchObject({
      runs: [{ approvals: [{ class: 'update', by: 'grace', reason: 'ticket 77', lifted: 1 }] }],
    });
    await expectToFollowSchema(report);
  });

  test('as JSON follows its schema', async () => {
    const { place, env } = await recorded(job);
    expect((await place.muster(['undo', '--yes'], { env })).code).toBe(0);

    const { stdout } = await place.muster(['journal', 'show', '1', '--format', 'json']);

    const report: unknown = JSON.parse(stdout);
    await expectToFollowSchema(report);
    expect(report).toMatchObject({
      runs: [
        {
          number: '1',
          taken_back_by: [expect.stringMatching(/^000002-/)],
          origin: { commit: 'a'.repeat(40), author: 'octocat' },
          changes: [{ person: 'ada', class: 'update', before: '', after: 'Countess', outcome: 'done' }],
        },
      ],
    });
  });

  test('says of a change that could not be read back that it was written, as the apply does', async () => {
    const sandbox: Sandbox = await startSandbox({
      seed: { users: [{ username: 'ada' }] },
      // Nothing about accounts can be read any more once one was changed.
      log: ({ path }) => {
        if (path.endsWith('/patch'))
          sandbox.faults.add({
            kind: 'error',
            status: 500,
            times: Number.POSITIVE_INFINITY,
            match: { path: '/users*' },
          });
      },
    });
    open.push(sandbox);
    const place = await makeWorkplace({
      'users.yaml': 'version: 1\nusers: [{ username: ada, nickname: Countess }]\n',
      'muster.yaml': 'version: 1\npolicy: { min_admins: 1 }\n',
    });
    const env = { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken };

    const applied = await place.muster(['apply', '--yes'], { env });
    const [text, json] = [
      await place.muster(['journal', 'show']),
      await place.muster(['journal', 'show', '--format', 'json']),
    ];

    expect(sandbox.control.user('ada')?.nickname).toBe('Countess');
    expect(applied.code).toBe(6);
    expect(applied.stdout).toMatch(/^ {2}failed {3}update of ada: .* \(it was written, but could not be read back\)$/m);
    expect(text.stdout).toMatch(/"" → Countess {2}failed, though it was written \(API_SERVER_ERROR\)$/m);
    expect(JSON.parse(json.stdout)).toMatchObject({ runs: [{ changes: [{ outcome: 'failed', written: 'yes' }] }] });
  });

  test('as Markdown is a heading and a table', async () => {
    const { place } = await recorded();

    const { stdout } = await place.muster(['journal', 'show', '--format', 'markdown']);

    expect(stdout).toMatch(/^### Run 1: /);
    expect(stdout).toMatch(/^\| `.*` \| `ada` \| `update` \| `nickname` \| `"" → Countess` \| `done` \|$/m);
  });

  test('is limited to a person, a time, a run; and says so where there is nothing', async () => {
    const { place } = await recorded();
    const show = (...args: readonly string[]): ReturnType<Workplace['muster']> =>
      place.muster(['journal', 'show', ...args]);

    expect((await show('--user', 'Ada')).stdout).toContain('Countess');
    expect((await show('--since', '1h')).stdout).toContain('Countess');
    expect((await show('--user', 'bob')).stdout).toContain('no run did that here');
    expect((await show('--since', '2999-01-01')).stdout).toContain('no run did that here');
    expect(await show('9')).toMatchObject({ code: 3, stderr: expect.stringContaining('there is no run 9') });
    expect((await show('--since', 'soon')).code).toBe(3);
  });
});
