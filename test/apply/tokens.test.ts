/** New tokens: their secret arrives before anything else happens, or they do not stay. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ConfigFile } from '../../src/model/generated/config-file.ts';
import type { RequestRecord, Sandbox } from '../../src/sandbox/index.ts';
import { useFastTime } from '../support/fast-time.ts';
import { makeWorkplace } from '../support/run-muster.ts';
import { isLong } from '../support/suite.ts';
import {
  apiPath,
  describeWrites,
  mark,
  openStage,
  outcomeOf,
  outcomesOf,
  type Stage,
  writesOf,
} from './support/stage.ts';

useFastTime();

const withSink = (command: readonly string[], confirm?: 'sha256'): ConfigFile => ({
  secrets: { sinks: { ci: { command, ...(confirm !== undefined && { confirm }) } } },
});
const failing = withSink(['sh', '-c', 'cat >&2; exit 1']);

async function rotation(muster: ConfigFile, log?: (line: RequestRecord) => void): Promise<Stage> {
  const stage = await openStage({
    users: [{ username: 'ada', tokens: [{ description: mark('ci') }] }],
    muster,
    ...(log !== undefined && { log }),
  });
  await stage.declare([
    { username: 'ada', tokens: [{ name: 'ci', generation: 2, ...('secrets' in muster && { sink: 'ci' }) }] },
  ]);
  return stage;
}

const described = ({ sandbox }: Stage): readonly string[] =>
  sandbox.control
    .tokens('ada')
    .map(({ description, is_active: on }) => `${description.split(' ')[0]} ${on ? 'on' : 'off'}`);

async function whoHas(sandbox: Sandbox, secret: string): Promise<unknown> {
  const headers = { Authorization: `Bearer ${secret.trim()}` };
  const answer = await fetch(`${sandbox.url}/api/v4/users/me`, { headers });
  return ((await answer.json()) as { username?: string }).username;
}

describe('a new token', () => {
  test('has its secret in a file of its owner alone before any other request for that person', async () => {
    const seen: string[] = [];
    let file = '';
    const stage = await rotation({}, (line) => {
      if (file === '' || line.userId === '') return;
      const mode = existsSync(file) ? (statSync(file).mode & 0o777).toString(8) : 'no file';
      seen.push(`${line.method} ${apiPath(line)}: ${mode}`);
    });
    const { id } = stage.user('ada');

    await stage.apply({
      meanwhile: () => {
        file = join(stage.dir, 'secrets', 'ada~ci@2.token');
      },
    });

    const made = seen.indexOf(`POST /users/${id}/tokens: no file`);
    expect(made).toBeGreaterThanOrEqual(0);
    expect(seen[made + 1]).toBe('GET /users/me: 600');
    expect(seen.slice(made + 1).every((line) => line.endsWith(': 600'))).toBe(true);
  });

  test('is tried by a call of its own, and the previous one goes only after that', async () => {
    const stage = await rotation({});
    const { id } = stage.user('ada');

    const run = await stage.apply();

    const trail = run.requests
      .filter((request) => request.userId === id || writesOf([request]).length === 1)
      .map(
        (request) =>
          `${request.method} ${apiPath(request).replace(id, 'ada')} by ${request.userId === id ? 'ada' : 'muster'}`,
      );
    expect(trail).toEqual([
      'POST /users/ada/tokens by muster',
      'GET /users/me by ada',
      'POST /users/tokens/revoke by muster',
    ]);
    expect(described(stage)).toEqual(['ci@2 on']);
  });

  test('reaches a command by its standard input', async () => {
    const stage = await rotation(withSink(['sh', '-c', 'cat > "$0"', 'out.txt']));
    const out = join(stage.dir, 'out.txt');
    await stage.configure(withSink(['sh', '-c', 'cat > "$0"', out]));

    const run = await stage.apply();

    expect(outcomeOf(run, 'ada', 'create-token')).toEqual({
      status: 'done',
      as: 'written',
      notes: ['secret delivered to the sink ci'],
    });
    expect(await whoHas(stage.sandbox, await readFile(out, 'utf8'))).toBe('ada');
  });

  test('goes to the default sink where it names none', async () => {
    const stage = await openStage({ users: [{ username: 'ada' }] });
    const out = join(stage.dir, 'out.txt');
    await stage.configure({
      secrets: {
        default_sink: 'ci',
        sinks: { ci: { command: ['sh', '-c', 'tee "$0" | sha256sum', out], confirm: 'sha256' } },
      },
    });
    await stage.declare([{ username: 'ada', tokens: [{ name: 'ci' }] }]);

    const run = await stage.apply();

    expect(outcomeOf(run, 'ada', 'create-token')).toMatchObject({ notes: ['secret delivered to the sink ci'] });
    expect(await whoHas(stage.sandbox, await readFile(out, 'utf8'))).toBe('ada');
  });
});

describe('a new token whose secret cannot be kept', () => {
  test.runIf(process.platform === 'linux').each([
    ['never reads it', withSink(['true'])],
    ['reads a part of it', withSink(['head', '-c', '25'])],
    ['stores something else', withSink(['sh', '-c', 'cat >/dev/null; echo | sha256sum'], 'sha256')],
  ])('is revoked at once where its sink exits well, but %s', async (_, muster) => {
    const stage = await rotation(muster);

    const run = await stage.apply();

    expect(outcomesOf(run)).toEqual(['ada create-token: failed: NEW_TOKEN', 'ada revoke-token: skipped']);
    expect(described(stage)).toEqual(['ci@1 on']);
    expect(run.code).toBe(6);
  });

  test('is revoked at once, and the previous one stays', async () => {
    const stage = await rotation(failing);

    const run = await stage.apply();

    expect(outcomesOf(run)).toEqual(['ada create-token: failed: NEW_TOKEN', 'ada revoke-token: skipped']);
    expect(described(stage)).toEqual(['ci@1 on']);
    expect(describeWrites(stage, run.requests)).toEqual(['POST /users/ada/tokens', 'POST /users/tokens/revoke gone']);
    expect(outcomeOf(run, 'ada', 'create-token')).toMatchObject({ written: 'no' });
    expect(run.code).toBe(6);
  });

  test('is revoked when the folder of secrets vanished under the run', async () => {
    const stage = await rotation({});
    const spoil = async (): Promise<void> => {
      await rm(join(stage.dir, 'secrets'), { recursive: true });
      await writeFile(join(stage.dir, 'secrets'), 'no folder');
    };

    const run = await stage.apply({ meanwhile: spoil });

    expect(outcomesOf(run)).toEqual(['ada create-token: failed: NEW_TOKEN', 'ada revoke-token: skipped']);
    expect(described(stage)).toEqual(['ci@1 on']);
  });

  test('is revoked when it does not work', async () => {
    const stage = await rotation({});
    const match = { path: '/users/me' };
    const arm = (): void =>
      void stage.sandbox.faults.add({ kind: 'error', status: 401, body: 'json', match, times: 9 });

    const run = await stage.apply({ meanwhile: arm });

    expect(outcomesOf(run)).toEqual(['ada create-token: failed: NEW_TOKEN', 'ada revoke-token: skipped']);
    expect(described(stage)).toEqual(['ci@1 on']);
  });

  test('is revoked even when the answer to the revocation is lost', async () => {
    const stage = await rotation(failing);
    stage.sandbox.faults.add({ kind: 'reset-after-commit', match: { path: '/users/tokens/revoke' } });

    const run = await stage.apply();

    expect(outcomeOf(run, 'ada', 'create-token')).toMatchObject({ status: 'failed', written: 'no' });
    expect(described(stage)).toEqual(['ci@1 on']);
    expect(writesOf(run.requests).filter((request) => apiPath(request).endsWith('/revoke'))).toHaveLength(1);
  });

  test('is named, with its id, when it cannot be revoked', async () => {
    const stage = await rotation(failing);
    const match = { path: '/users/tokens/revoke' };
    stage.sandbox.faults.add({ kind: 'error', status: 403, body: 'json', match, times: 9 });

    const run = await stage.apply();

    const left = stage.sandbox.control.tokens('ada').find(({ description }) => description.startsWith('ci@2'));
    const outcome = outcomeOf(run, 'ada', 'create-token');
    expect(outcome).toMatchObject({ status: 'failed', written: 'unknown', error: { code: 'LEFT_BEHIND' } });
    expect(outcome.status === 'failed' && outcome.error.hint).toContain(left?.id);
  });

  test.runIf(isLong)('that a run could not revoke is revoked by the next one, before it plans', async () => {
    const stage = await rotation(failing);
    stage.sandbox.faults.add({ kind: 'error', status: 403, match: { path: '/users/tokens/revoke' }, times: 9 });

    const run = await stage.apply();
    const left = stage.sandbox.control.tokens('ada').find(({ description }) => description.startsWith('ci@2'));
    stage.sandbox.faults.clear();
    const next = await stage.apply();

    expect(outcomesOf(run)).toEqual(['ada create-token: failed: LEFT_BEHIND', 'ada revoke-token: skipped']);
    expect(left).toBeDefined();
    // Its sink still fails: a token that no one has the secret of never passes for the declared one.
    expect(outcomesOf(next)).toEqual(['ada create-token: failed: NEW_TOKEN', 'ada revoke-token: skipped']);
    expect(described(stage)).toEqual(['ci@1 on']);
  });

  test('that could not be revoked at once is revoked at the end of the run, which says so', async () => {
    const stage = await rotation(failing);
    // One try: it is refused, and so is not repeated.
    stage.sandbox.faults.add({ kind: 'error', status: 403, match: { path: '/users/tokens/revoke' }, times: 1 });

    const run = await stage.apply();

    const outcome = outcomeOf(run, 'ada', 'create-token');
    expect(outcome).toMatchObject({ status: 'failed', written: 'no', error: { code: 'NEW_TOKEN' } });
    expect(outcome.status === 'failed' && outcome.error.message).toContain('revoked again, at the end of the run');
    expect(described(stage)).toEqual(['ci@1 on']);
  });

  test('costs no one else anything', async () => {
    const stage = await openStage({ users: [{ username: 'ada' }, { username: 'bob' }], muster: failing });
    await stage.declare([
      { username: 'ada', tokens: [{ name: 'ci', sink: 'ci' }] },
      { username: 'bob', tokens: [{ name: 'ci' }] },
    ]);

    const run = await stage.apply();

    expect(outcomesOf(run)).toEqual(['ada create-token: failed: NEW_TOKEN', 'bob create-token: done']);
  });
});

describe('the secret', () => {
  test.each([
    ['a sink that works', '0'],
    ['a sink that fails', '1'],
  ])('is seen in no event, plan, outcome and output, with %s', async (_, code) => {
    const stage = await openStage({ users: [{ username: 'ada' }] });
    const kept = join(stage.dir, 'kept');
    const loud = withSink(['sh', '-c', `tee "$0" >&2; cat "$0"; exit ${code}`, kept]);
    await stage.configure(loud);
    const users = [{ username: 'ada', tokens: [{ name: 'ci', sink: 'ci' }] }];
    await stage.declare(users);
    const place = await makeWorkplace(
      {
        'muster.yaml': JSON.stringify({ files: ['users.yaml'], ...loud }),
        'users.yaml': JSON.stringify({
          version: 1,
          users: [{ username: 'ada', tokens: [{ name: 'cli', sink: 'ci' }] }],
        }),
      },
      { MUSTER_SERVER: stage.sandbox.url, MUSTER_TOKEN: stage.sandbox.adminToken },
    );

    const run = await stage.apply();
    const first = readFileSync(kept, 'utf8');
    const shown = [
      JSON.stringify([run, stage.events, stage.sandbox.requests]),
      run.results.map(({ outcome }) => (outcome.status === 'failed' ? textsOf(outcome.error) : '')).join(),
    ].join();
    const asText = await place.muster(['apply', '--yes']);
    const second = readFileSync(kept, 'utf8');
    const asJson = await place.muster(['apply', '--yes', '--format', 'json']);
    const third = readFileSync(kept, 'utf8');

    expect(first).toMatch(/^[a-z0-9]{26}$/);
    expect(shown).not.toContain(first);
    for (const secret of [second, third])
      expect(asText.stdout + asText.stderr + asJson.stdout + asJson.stderr).not.toContain(secret);
    expect(asText.code).toBe(code === '0' ? 0 : 6);
  });
});

/** An error with its causes, as a log would print them. */
function textsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return [error.message, error.stack, JSON.stringify(error), textsOf(error.cause)].join();
}

const noWrites = ({ sandbox }: Stage): void => expect(writesOf(sandbox.requests)).toEqual([]);

describe('before the first write', () => {
  test('the folder of a sink is made ready, or nothing is written', async () => {
    const stage = await rotation({});
    await mkdir(join(stage.dir, 'elsewhere'));
    await symlink(join(stage.dir, 'elsewhere'), join(stage.dir, 'secrets'));

    await expect(stage.apply()).rejects.toMatchObject({ code: 'SECRET_PLACE' });

    noWrites(stage);
  });

  test('every source is read, or nothing is written', async () => {
    const stage = await openStage({
      users: [{ username: 'ada' }],
      muster: { secrets: { sources: { hr: { env: 'MUSTER_SECRET_HR' } } } },
    });
    await stage.declare([
      { username: 'ada', nickname: 'x' },
      { username: 'new', email: 'new@example.com', initial_password: 'hr' },
    ]);

    await expect(stage.apply()).rejects.toMatchObject({ code: 'SECRET_SOURCE' });
    noWrites(stage);
    const run = await stage.apply({ env: { MUSTER_SECRET_HR: 'a-first-password' } });

    expect(run.code).toBe(0);
    expect(JSON.stringify([run, stage.sandbox.requests])).not.toContain('a-first-password');
    expect(await login(stage, 'new', 'a-first-password')).toBe(200);
  });

  test('a source that the plan does not need is left closed', async () => {
    const stage = await openStage({
      users: [{ username: 'ada' }],
      muster: { secrets: { sources: { hr: { env: 'MUSTER_SECRET_HR' } } } },
    });
    await stage.declare([{ username: 'ada', nickname: 'x', initial_password: 'hr' }]);

    const run = await stage.apply();

    expect(run.code).toBe(0);
  });

  test('the person at the keyboard may decline', async () => {
    const stage = await rotation({});
    const { apply } = await import('../../src/app/apply.ts');

    const applied = await apply({ confirm: () => Promise.resolve(false) }, stage.ports);

    expect(applied.declined).toBe(true);
    expect(applied.result).toBeUndefined();
    noWrites(stage);
  });

  test('a server without access tokens blocks new ones, and nothing is asked of sinks', async () => {
    const stage = await openStage({
      users: [{ username: 'ada' }],
      config: { 'ServiceSettings.EnableUserAccessTokens': false },
      muster: failing,
    });
    await stage.declare([{ username: 'ada', tokens: [{ name: 'ci', sink: 'ci' }] }]);

    const run = await stage.apply();

    expect(run.plan.blocked.map(({ rail }) => rail)).toEqual(['switch']);
    noWrites(stage);
  });
});

async function login({ sandbox }: Stage, name: string, password: string): Promise<number> {
  const body = JSON.stringify({ login_id: name, password });
  return (await fetch(`${sandbox.url}/api/v4/users/login`, { method: 'POST', body })).status;
}

test('every mark of a run is its own', async () => {
  const stage = await openStage({ users: [{ username: 'ada' }, { username: 'bob' }] });
  const tokens = [{ name: 'ci' }, { name: 'cd' }];
  await stage.declare([
    { username: 'ada', tokens },
    { username: 'bob', tokens },
  ]);
  stage.sandbox.faults.add({ kind: 'reset-after-commit', match: { path: '/users/*/tokens', nth: [1, 3] }, times: 2 });

  const run = await stage.apply();

  const marks = run.requests.flatMap(({ body }) => (body as { description?: string } | undefined)?.description ?? []);
  expect(run.code).toBe(0);
  expect(marks).toHaveLength(6);
  expect(new Set(marks.map((text) => text.split(':').at(-1))).size).toBe(6);
  expect(marks.every((text) => /^c[id]@1 muster:2026-06-15:[a-z0-9]{10}$/.test(text))).toBe(true);
});
