/** Accounts that no entry stands for: who they are, and how an entry joins the files without changing anything. */
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { UsersFile } from '../../src/model/generated/users-file.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { makeWorkplace, type Run, type Workplace } from '../support/run-muster.ts';

const users = `version: 1
defaults: { locale: de, position: Engineer, timezone: { useAutomaticTimezone: "false" } }
users:
  - { username: ada, email: ada@example.com }
  - { username: countess, previous_usernames: [lovelace] }
`;

let sandbox: Sandbox;
let place: Workplace;

beforeEach(async () => {
  sandbox = await startSandbox({
    config: { 'ServiceSettings.EnableUserAccessTokens': true },
    seed: {
      users: [
        { username: 'ada', locale: 'de', position: 'Engineer', timezone: { useAutomaticTimezone: 'false' } },
        { username: 'lovelace', locale: 'de', position: 'Engineer', timezone: { useAutomaticTimezone: 'false' } },
        { username: 'intern', email: 'intern@example.com', locale: 'fr', last_login: Date.UTC(2026, 9, 2, 8) },
        { username: 'robot', tokens: [{ description: 'ci@1 muster:2026-03-02:k3v9x2m7qa' }] },
        { username: 'gone', active: false },
        { username: 'shield' },
        { username: 'helpbot', is_bot: true },
      ],
    },
  });
  place = await makeWorkplace(
    { 'users.yaml': users, 'muster.yaml': 'version: 1\nfiles: [users.yaml]\npolicy: { protect: [shield] }\n' },
    { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
  );
});
afterEach(() => sandbox.close());

const summaryOf = async (): Promise<{ changes: Readonly<Record<string, number>>; declared: number }> => {
  const { stdout } = await place.muster(['plan', '--format', 'json']);
  return (JSON.parse(stdout) as { summary: { changes: Readonly<Record<string, number>>; declared: number } }).summary;
};

const adopt = async (...args: readonly string[]): Promise<Run> => {
  const run = await place.muster(['import', ...args]);
  await appendFile(join(place.dir, 'users.yaml'), run.stdout);
  return run;
};

describe('import --user', () => {
  test.each(['intern', 'INTERN', 'intern@example.com'])(
    'prints an entry for %s that changes nothing once it is appended',
    async (name) => {
      const before = await summaryOf();

      const { code, stdout, stderr } = await adopt('--user', name);

      expect(code).toBe(0);
      expect(stdout).toMatch(/^ {2}- username: intern\n {4}locale: fr\n/);
      expect(stderr).toContain('1 entry: put them below users: of a users file');
      expect(await summaryOf()).toMatchObject({ changes: before.changes, declared: before.declared + 1 });
    },
  );

  test('prints several, with their tokens, each once', async () => {
    const before = await summaryOf();

    const { stdout } = await adopt('--user', 'robot', '--user', 'gone', '--user', 'robot');

    expect(stdout.match(/username:/g)).toHaveLength(2);
    expect(stdout).toContain('name: ci');
    expect((await summaryOf()).changes).toEqual(before.changes);
  });

  test('writes a whole file with --out', async () => {
    const { stdout } = await place.muster(['import', '--user', 'intern', '--out', 'intern.yaml']);

    const written = parse(await readFile(join(place.dir, 'intern.yaml'), 'utf8')) as UsersFile;
    expect(stdout).toBe('');
    expect(written).toMatchObject({ version: 1, users: [{ username: 'intern' }] });
    expect((await place.muster(['validate', '-f', 'users.yaml', '-f', 'intern.yaml'])).code).toBe(0);
  });

  test('says of whom the files speak already', async () => {
    const { code, stderr } = await place.muster(['import', '--user', 'ada', '--user', 'lovelace']);

    expect(code).toBe(0);
    expect(stderr).toContain('declared already: ada: users.yaml:4');
    expect(stderr).toContain('declared already: lovelace: users.yaml:5');
  });

  test('needs no users file', async () => {
    const empty = await makeWorkplace({}, { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken });

    expect(await empty.muster(['import', '--user', 'intern'])).toMatchObject({ code: 0 });
  });

  test('names every account that is not there or cannot be declared', async () => {
    const { code, stdout, stderr } = await place.muster([
      'import',
      '--user',
      'nobody',
      '--user',
      'helpbot',
      '--user',
      'x@y.z',
    ]);

    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('the server has no account nobody');
    expect(stderr).toContain('the server has no account x@y.z');
    expect(stderr).toContain('no entry can stand for helpbot: it is a bot');
  });
});

describe('import --undeclared', () => {
  test('prints entries for those that a plan calls undeclared, and for no others', async () => {
    const before = await summaryOf();

    const { code, stdout } = await adopt('--undeclared');

    expect(code).toBe(0);
    expect([...stdout.matchAll(/username: (.*)/g)].map(([, name]) => name)).toEqual([
      'intern',
      'robot',
      'sandbox-admin',
    ]);
    expect((await summaryOf()).changes).toEqual(before.changes);
    expect(await place.muster(['import', '--undeclared'])).toMatchObject({ code: 0, stdout: '' });
  });

  test('needs to know who is declared', async () => {
    const empty = await makeWorkplace({}, { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken });

    expect((await empty.muster(['import', '--undeclared'])).code).toBe(3);
    expect((await place.muster(['import', '--undeclared', '--user', 'ada'])).code).toBe(3);
  });
});

describe('explain', () => {
  test('shows an account that no entry stands for, and how to adopt it', async () => {
    const { code, stdout } = await place.muster(['explain', 'intern']);

    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^intern\nan account of the server \(id \w{26}, active, intern@example\.com, last seen 2026-10-02\)\n\nNot declared {2}/,
    );
    expect(stdout).toContain('→ muster import --user intern prints an entry to adopt it');
  });

  test.each([
    ['helpbot', 'a bot: muster manages people'],
    ['shield', 'policy.protect names it'],
  ])('says why %s is out of reach', async (name, why) => {
    expect((await place.muster(['explain', name])).stdout).toContain(why);
  });

  test('finds the entry that means an account of another name', async () => {
    await place.write({ 'users.yaml': 'version: 1\nusers: [{ username: trainee, email: intern@example.com }]\n' });

    const { stdout } = await place.muster(['explain', 'intern']);

    expect(stdout).toMatch(/^trainee {2}users\.yaml:2\nmeans the account intern /);
  });

  test('says so as JSON, where an entry is missing', async () => {
    const { stdout } = await place.muster(['explain', 'intern@example.com', '--format', 'json']);

    const explained = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
    expect(explained).toMatchObject({
      username: 'intern',
      account: { email: 'intern@example.com', last_seen: '2026-10-02T08:00:00.000Z' },
    });
    expect(explained).not.toHaveProperty('entry');
  });

  test('knows no one of a name that neither entries nor accounts have', async () => {
    const { code, stderr } = await place.muster(['explain', 'adda']);

    expect(code).toBe(3);
    expect(stderr).toContain('no entry is called adda, and no account of the server');
    expect(stderr).toContain('did you mean ada?');
  });
});
