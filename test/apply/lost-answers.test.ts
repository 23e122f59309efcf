/** After an answer that was lost: look first, do nothing twice, and end as if nothing had happened. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import type { FaultKind, SeedUser } from '../../src/sandbox/index.ts';
import { isLong, share } from '../support/suite.ts';
import { apiPath, mark, openStage, outcomesOf, type Stage, writesOf } from './support/stage.ts';

interface Lost {
  readonly name: string;
  readonly fault: FaultKind;
  /** Whether the server carried the call out. */
  readonly commits: boolean;
}

const losses: readonly Lost[] = [
  { name: 'a reset before the write', fault: { kind: 'reset-before-commit' }, commits: false },
  { name: 'a reset after the write', fault: { kind: 'reset-after-commit' }, commits: true },
  { name: 'a 500 page before the write', fault: { kind: 'error', status: 500 }, commits: false },
  { name: 'a 500 page after the write', fault: { kind: 'error', status: 500, isAfterCommit: true }, commits: true },
  { name: 'a 504 page after the write', fault: { kind: 'error', status: 504, isAfterCommit: true }, commits: true },
  { name: 'a truncated answer', fault: { kind: 'truncated-body' }, commits: true },
  { name: 'broken JSON', fault: { kind: 'broken-json' }, commits: true },
];

interface Writing {
  readonly operation: string;
  readonly live?: Omit<SeedUser, 'username'>;
  readonly wanted: Omit<UserEntry, 'username'>;
  readonly call: { readonly method: string; readonly path: string };
  check(stage: Stage): void;
}

const calls: readonly Writing[] = [
  {
    operation: 'create-user',
    wanted: { email: 'ada@example.com', first_name: 'Ada' },
    call: { method: 'POST', path: '/users' },
    check: ({ sandbox }) => {
      const made = sandbox.snapshot().people.filter(({ username }) => username === 'ada');
      expect(made.map(({ first_name }) => first_name)).toEqual(['Ada']);
    },
  },
  {
    operation: 'create-user',
    wanted: { email: 'ada@example.com', auth: { service: 'saml', data: 'ada@idp' } },
    call: { method: 'POST', path: '/users' },
    check: ({ user }) => expect(user('ada')).toMatchObject({ auth_service: 'saml', auth_data: 'ada@idp' }),
  },
  {
    operation: 'patch-user',
    live: { email: 'old@example.com' },
    wanted: { email: 'ada@example.com', nickname: 'countess' },
    call: { method: 'PUT', path: '/users/*/patch' },
    check: ({ user, sandbox }) => {
      expect(user('ada')).toMatchObject({ nickname: 'countess', email: 'ada@example.com' });
      expect(sandbox.mails.filter(({ kind }) => kind === 'email-changed')).toHaveLength(1);
    },
  },
  {
    operation: 'set-roles',
    wanted: { roles: ['system_user', 'system_post_all'] },
    call: { method: 'PUT', path: '/users/*/roles' },
    check: ({ user }) => expect(user('ada').roles).toBe('system_user system_post_all'),
  },
  {
    operation: 'set-auth',
    wanted: { auth: { service: 'saml', data: 'ada@idp' } },
    call: { method: 'PUT', path: '/users/*/auth' },
    check: ({ user }) => expect(user('ada')).toMatchObject({ auth_service: 'saml', auth_data: 'ada@idp' }),
  },
  {
    operation: 'set-password',
    live: { auth_service: 'saml', auth_data: 'ada@idp' },
    wanted: { auth: { service: 'email' } },
    call: { method: 'PUT', path: '/users/*/password' },
    check: ({ user, sandbox }) => {
      expect(user('ada')).toMatchObject({ auth_service: '', auth_data: null, passwordSet: true });
      expect(sandbox.mails.filter(({ kind }) => kind === 'password-changed')).toHaveLength(1);
    },
  },
  {
    operation: 'activate',
    live: { active: false },
    wanted: { active: true },
    call: { method: 'PUT', path: '/users/*/active' },
    check: ({ user }) => expect(user('ada').delete_at).toBe(0),
  },
  {
    operation: 'deactivate',
    wanted: { active: false },
    call: { method: 'PUT', path: '/users/*/active' },
    check: ({ user }) => expect(user('ada').delete_at).toBeGreaterThan(0),
  },
  {
    operation: 'promote-guest',
    live: { roles: 'system_guest' },
    wanted: { roles: ['system_user'] },
    call: { method: 'POST', path: '/users/*/promote' },
    check: ({ user }) => expect(user('ada').roles).toBe('system_user'),
  },
  {
    operation: 'demote-to-guest',
    wanted: { roles: ['system_guest'] },
    call: { method: 'POST', path: '/users/*/demote' },
    check: ({ user }) => expect(user('ada').roles).toBe('system_guest'),
  },
  {
    operation: 'enable-token',
    live: { tokens: [{ description: mark('ci'), active: false }] },
    wanted: { tokens: [{ name: 'ci' }] },
    call: { method: 'POST', path: '/users/tokens/enable' },
    check: ({ sandbox }) => expect(sandbox.control.tokens('ada').map((token) => token.is_active)).toEqual([true]),
  },
  {
    operation: 'disable-token',
    live: { tokens: [{ description: mark('ci') }] },
    wanted: { tokens: [{ name: 'ci', enabled: false }] },
    call: { method: 'POST', path: '/users/tokens/disable' },
    check: ({ sandbox }) => expect(sandbox.control.tokens('ada').map((token) => token.is_active)).toEqual([false]),
  },
  {
    operation: 'revoke-token',
    live: { tokens: [{ description: mark('ci') }, { description: 'made by hand' }] },
    wanted: { tokens: [] },
    call: { method: 'POST', path: '/users/tokens/revoke' },
    check: ({ sandbox }) =>
      expect(sandbox.control.tokens('ada').map(({ description }) => description)).toEqual(['made by hand']),
  },
];

async function stageFor({ live, wanted }: Writing): Promise<Stage> {
  const stage = await openStage({
    users: live === undefined && 'email' in wanted ? [] : [{ username: 'ada', ...live }],
    licence: 'enterprise',
    config: { 'GuestAccountsSettings.Enable': true, 'SamlSettings.Enable': true },
  });
  await stage.declare([{ username: 'ada', ...wanted }]);
  return stage;
}

const sent = (stage: Stage, { call }: Writing): number =>
  writesOf(stage.sandbox.requests).filter(
    (request) =>
      request.method === call.method && new RegExp(`^${call.path.replaceAll('*', '[^/]+')}$`).test(apiPath(request)),
  ).length;

describe.each(calls.map((writing, i) => ({ ...writing, i })))('$operation to $wanted', ({ i, ...writing }) => {
  test.each(share(losses, 10, i))('is carried out once in spite of $name', async ({ fault, commits }) => {
    const stage = await stageFor(writing);
    const armed = stage.sandbox.faults.add({ ...fault, match: writing.call });

    const run = await stage.apply();
    const after = await stage.plan();

    expect(outcomesOf(run)).toEqual([`ada ${writing.operation}: done`]);
    expect({ hits: armed.hits, sent: sent(stage, writing) }).toEqual({ hits: 1, sent: commits ? 1 : 2 });
    expect(run.code).toBe(0);
    expect(after.actions).toEqual([]);
    writing.check(stage);
  });
});

describe.each(share(calls, 12))('$operation to $wanted', (writing) => {
  test('is reported as failed when every response is lost and nothing is done, and is planned again', async () => {
    const stage = await stageFor(writing);
    const armed = stage.sandbox.faults.add({ kind: 'reset-before-commit', match: writing.call, times: 50 });

    const run = await stage.apply();
    armed.remove();
    const after = await stage.plan();

    expect(run.code).toBe(6);
    expect(armed.hits).toBe(3);
    expect(after.actions.map(({ call }) => call.operation)).toEqual([writing.operation]);
  });

  test('is done when the last of three lost responses stands for a call that was carried out', async () => {
    const stage = await stageFor(writing);
    const match = writing.call;
    stage.sandbox.faults.add({ kind: 'reset-before-commit', match, times: 2 });
    stage.sandbox.faults.add({ kind: 'reset-after-commit', match: { ...match, nth: 3 } });

    const run = await stage.apply();
    const after = await stage.plan();

    expect({ outcomes: outcomesOf(run), code: run.code }).toEqual({
      outcomes: [`ada ${writing.operation}: done`],
      code: 0,
    });
    expect(sent(stage, writing)).toBe(3);
    expect(after.actions).toEqual([]);
  });
});

describe('create-token', () => {
  const writing: Writing = {
    operation: 'create-token',
    live: {},
    wanted: { tokens: [{ name: 'ci' }] },
    call: { method: 'POST', path: '/users/*/tokens' },
    check: () => undefined,
  };

  test.each(share(losses, 3, 1))(
    'leaves one token, whose secret arrived, in spite of $name',
    async ({ fault, commits }) => {
      const stage = await stageFor(writing);
      stage.sandbox.faults.add({ ...fault, match: writing.call });

      const run = await stage.apply();
      const after = await stage.plan();

      expect({ outcomes: outcomesOf(run), code: run.code }).toEqual({ outcomes: ['ada create-token: done'], code: 0 });
      expect(stage.sandbox.control.tokens('ada').map(({ description }) => description.split(' ')[0])).toEqual(['ci@1']);
      expect(sent(stage, writing)).toBe(2);
      expect(writesOf(run.requests).filter(({ path }) => path.endsWith('/revoke'))).toHaveLength(commits ? 1 : 0);
      expect(await ownerOfDelivered(stage)).toBe('ada');
      expect(after.actions).toEqual([]);
    },
  );

  test.runIf(isLong)('is not repeated while the token of a lost response may be there, and says so', async () => {
    const stage = await stageFor(writing);
    // The look before the call is answered, the one after it is not.
    const fromSecond = Array.from({ length: 50 }, (_, i) => i + 2);
    const deaf = (): void => {
      stage.sandbox.faults.add({ kind: 'reset-after-commit', match: writing.call });
      stage.sandbox.faults.add({
        kind: 'error',
        status: 500,
        match: { path: '/users/tokens/search', nth: fromSecond },
        times: 50,
      });
    };

    const run = await stage.apply({ meanwhile: deaf });

    expect(sent(stage, writing)).toBe(1);
    expect(run.results).toMatchObject([
      { outcome: { status: 'failed', written: 'unknown', error: { code: 'LEFT_BEHIND' } } },
    ]);
    expect(run.code).toBe(6);
  });

  test('revokes the token of a lost response even when the answer to the revocation is lost too', async () => {
    const stage = await stageFor(writing);
    stage.sandbox.faults.add({ kind: 'reset-after-commit', match: writing.call });
    stage.sandbox.faults.add({ kind: 'reset-after-commit', match: { path: '/users/tokens/revoke' } });

    const run = await stage.apply();

    expect(outcomesOf(run)).toEqual(['ada create-token: done']);
    expect(stage.sandbox.control.tokens('ada')).toHaveLength(1);
    expect(await ownerOfDelivered(stage)).toBe('ada');
  });

  test('waits for a call that the server carries out late, and revokes what it made', async () => {
    const stage = await stageFor(writing);
    stage.sandbox.faults.add({ kind: 'late-commit', match: writing.call });
    stage.clock.onWait = (ms) => {
      if (ms >= 30_000) stage.sandbox.faults.flush();
    };

    const run = await stage.apply();

    expect(outcomesOf(run)).toEqual(['ada create-token: done']);
    expect(stage.sandbox.faults.pending).toBe(0);
    expect(stage.sandbox.control.tokens('ada')).toHaveLength(1);
    expect(await ownerOfDelivered(stage)).toBe('ada');
  });

  test.runIf(isLong)('sweeps at the end what came later still', async () => {
    const stage = await stageFor(writing);
    stage.sandbox.faults.add({ kind: 'late-commit', match: writing.call });
    const emit = stage.ports.emit;
    Object.assign(stage.ports, {
      emit: (event: Parameters<typeof emit>[0]) => {
        if (event.type === 'action-ended') stage.sandbox.faults.flush();
        emit(event);
      },
    });

    const run = await stage.apply();

    expect({ outcomes: outcomesOf(run), code: run.code }).toEqual({ outcomes: ['ada create-token: done'], code: 0 });
    expect(stage.sandbox.control.tokens('ada')).toHaveLength(1);
    expect(await ownerOfDelivered(stage)).toBe('ada');
  });
});

test('an account that a lost response left behind is found by its name and address, and goes on as planned', async () => {
  const stage = await openStage();
  await stage.declare([
    { username: 'ada', email: 'ada@example.com', roles: ['system_user', 'system_post_all'], tokens: [{ name: 'ci' }] },
  ]);
  stage.sandbox.faults.add({ kind: 'reset-after-commit', match: { method: 'POST', path: '/users' } });

  const run = await stage.apply();

  expect(outcomesOf(run)).toEqual(['ada create-user: done', 'ada set-roles: done', 'ada create-token: done']);
  expect((await stage.plan()).actions).toEqual([]);
});

test.each<[what: string, change: Parameters<Stage['sandbox']['control']['updateUser']>[1]]>([
  ['inactive', { delete_at: 1 }],
  ['with another e-mail', { email: 'somebody@example.com' }],
  ['with another name', { username: 'somebody' }],
])('an account that is found %s after a lost create is not taken for the one that it made', async (_, change) => {
  let onLost: (() => void) | undefined;
  const stage = await openStage({
    log: ({ status, method, path }) => {
      if (status === 0 && method === 'POST' && path.endsWith('/users')) onLost?.();
    },
  });
  await stage.declare([{ username: 'ada', email: 'ada@example.com', roles: ['system_user', 'system_post_all'] }]);
  stage.sandbox.faults.add({ kind: 'reset-after-commit', match: { method: 'POST', path: '/users' } });
  onLost = () => stage.sandbox.control.updateUser('ada', change);

  const run = await stage.apply();

  expect(outcomesOf(run)).toEqual(['ada create-user: failed: API_OUTCOME_UNKNOWN', 'ada set-roles: skipped']);
  expect(writesOf(run.requests)).toHaveLength(1);
});

test('a create that was carried out counts as done when only the read after it fails', async () => {
  const stage = await openStage();
  await stage.declare([{ username: 'ada', email: 'ada@example.com', roles: ['system_user', 'system_post_all'] }]);
  const made = stage.sandbox.faults.add({
    kind: 'error',
    status: 500,
    match: { path: /^\/users\/(ids|[a-z0-9]{26})$/ },
    times: 4,
  });

  const run = await stage.apply();

  expect(made.hits).toBeGreaterThan(0);
  expect(outcomesOf(run)[0]).toBe('ada create-user: done');
});

test('a failed look after a lost response says that no one knows', async () => {
  const stage = await openStage({ users: [{ username: 'ada' }] });
  await stage.declare([{ username: 'ada', roles: ['system_user', 'system_post_all'] }]);
  stage.sandbox.faults.add({ kind: 'reset-after-commit', match: { path: '/users/*/roles' } });
  const id = stage.user('ada').id;
  stage.sandbox.faults.add({
    kind: 'error',
    status: 500,
    match: { method: 'GET', path: `/users/${id}`, nth: [2, 3, 4, 5] },
    times: 4,
  });

  const run = await stage.apply();

  expect(run.results).toMatchObject([{ outcome: { status: 'failed', written: 'unknown' } }]);
});

async function ownerOfDelivered(stage: Stage): Promise<string> {
  const secret = (await readFile(join(stage.dir, 'secrets', 'ada~ci@1.token'), 'utf8')).trim();
  const answer = await fetch(`${stage.sandbox.url}/api/v4/users/me`, {
    headers: { Authorization: `Bearer ${secret}` },
  });
  return ((await answer.json()) as { username: string }).username;
}

test('what someone else changed while an response was lost is not called untouched', async () => {
  let onLost: (() => void) | undefined;
  const stage = await openStage({
    users: [{ username: 'ada' }],
    log: ({ status }) => {
      if (status === 0) onLost?.();
    },
  });
  await stage.declare([{ username: 'ada', nickname: 'countess' }]);
  stage.sandbox.faults.add({ kind: 'reset-before-commit', match: { path: '/users/*/patch' } });
  onLost = () => stage.sandbox.control.updateUser('ada', { nickname: 'mallory' });

  const run = await stage.apply();

  expect(run.results).toMatchObject([
    { outcome: { status: 'failed', written: 'unknown', error: { code: 'API_OUTCOME_UNKNOWN' } } },
  ]);
  expect(stage.user('ada').nickname).toBe('mallory');
});

test('a second try that is refused because the first one was carried out late is done', async () => {
  let lookUps = 0;
  let onFourthLookUp: (() => void) | undefined;
  const stage = await openStage({
    log: ({ path }) => {
      if (path.includes('/users/email/') && ++lookUps === 4) onFourthLookUp?.();
    },
  });
  await stage.declare([{ username: 'ada', email: 'ada@example.com' }]);
  stage.sandbox.faults.add({ kind: 'late-commit', match: { method: 'POST', path: '/users' } });
  onFourthLookUp = () => void stage.sandbox.faults.flush();

  const run = await stage.apply();

  const creates = run.requests.filter((request) => request.method === 'POST' && apiPath(request) === '/users');
  expect(creates.map(({ status }) => status)).toEqual([0, 400]);
  expect(outcomesOf(run)).toEqual(['ada create-user: done']);
  expect((await stage.plan()).actions).toEqual([]);
});

test('a second try that is refused for another reason leaves open what became of the first', async () => {
  const stage = await openStage({ users: [{ username: 'ada' }] });
  await stage.declare([{ username: 'ada', nickname: 'countess' }]);
  const match = { path: '/users/*/patch' };
  stage.sandbox.faults.add({ kind: 'reset-before-commit', match });
  stage.sandbox.faults.add({ kind: 'error', status: 403, body: 'json', match: { ...match, nth: 2 } });

  const run = await stage.apply();

  expect(run.results).toMatchObject([
    { outcome: { status: 'failed', written: 'unknown', error: { code: 'API_FORBIDDEN' } } },
  ]);
});
