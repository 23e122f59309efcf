/** A server that says OK and changes nothing: what is not seen afterwards is not believed, and not sent again. */
import { describe, expect, test } from 'vitest';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import type { SeedUser } from '../../src/sandbox/index.ts';
import { type Front, openFront, type Passage } from '../support/front.ts';
import { share } from '../support/suite.ts';
import { mark, openStage, outcomeOf, outcomesOf, type Stage } from './support/stage.ts';

type Json = Readonly<Record<string, unknown>>;

interface Swallowed {
  readonly operation: string;
  readonly live?: Omit<SeedUser, 'username'>;
  readonly wanted: Omit<UserEntry, 'username'>;
  readonly path: RegExp;
  /** What the server says instead of doing it; `ada` is the account as it is. */
  readonly says: (body: Json, ada: Json) => Json;
  readonly code?: string;
}

const ok = (): Json => ({ status: 'OK' });

const cases: readonly Swallowed[] = [
  {
    operation: 'create-user',
    wanted: { email: 'ada@example.com' },
    path: /^\/users$/,
    says: ({ username, email }, someone) => ({ ...someone, id: 'ybndrfg8ejkmcpqxot1uwisza3', username, email }),
  },
  {
    operation: 'patch-user',
    live: {},
    wanted: { nickname: 'countess' },
    path: /\/patch$/,
    says: ({ nickname }, ada) => ({ ...ada, nickname }),
  },
  {
    operation: 'set-roles',
    live: {},
    wanted: { roles: ['system_user', 'system_post_all'] },
    path: /\/roles$/,
    says: ok,
  },
  {
    operation: 'set-auth',
    live: {},
    wanted: { auth: { service: 'saml', data: 'ada@idp' } },
    path: /\/auth$/,
    says: (body) => body,
  },
  {
    operation: 'set-password',
    live: { auth_service: 'saml', auth_data: 'ada@idp' },
    wanted: { auth: { service: 'email' } },
    path: /\/password$/,
    says: ok,
  },
  { operation: 'activate', live: { active: false }, wanted: { active: true }, path: /\/active$/, says: ok },
  { operation: 'deactivate', live: {}, wanted: { active: false }, path: /\/active$/, says: ok },
  {
    operation: 'promote-guest',
    live: { roles: 'system_guest' },
    wanted: { roles: ['system_user'] },
    path: /\/promote$/,
    says: ok,
  },
  { operation: 'demote-to-guest', live: {}, wanted: { roles: ['system_guest'] }, path: /\/demote$/, says: ok },
  {
    operation: 'enable-token',
    live: { tokens: [{ description: mark('ci'), active: false }] },
    wanted: { tokens: [{ name: 'ci' }] },
    path: /\/enable$/,
    says: ok,
  },
  {
    operation: 'disable-token',
    live: { tokens: [{ description: mark('ci') }] },
    wanted: { tokens: [{ name: 'ci', enabled: false }] },
    path: /\/disable$/,
    says: ok,
  },
  {
    operation: 'revoke-token',
    live: { tokens: [{ description: mark('ci') }] },
    wanted: { tokens: [] },
    path: /\/revoke$/,
    says: ok,
  },
  {
    operation: 'create-token',
    live: {},
    wanted: { tokens: [{ name: 'ci' }] },
    path: /^\/users\/[a-z0-9]{26}\/tokens$/,
    says: ({ description }, { id }) => ({
      id: 'ybndrfg8ejkmcpqxot1uwisza3',
      token: 'ybndrfg8ejkmcpqxot1uwisza5',
      user_id: id,
      description,
      is_active: true,
    }),
    code: 'NEW_TOKEN',
  },
];

async function deaf({
  live,
  wanted,
  path,
  says,
}: Swallowed): Promise<{ stage: Stage; front: Front; swallowed: Passage[] }> {
  const swallowed: Passage[] = [];
  let account: Json = {};
  let front: Front | undefined;
  const stage = await openStage({
    users: live === undefined ? [] : [{ username: 'ada', ...live }],
    licence: 'enterprise',
    config: { 'GuestAccountsSettings.Enable': true, 'SamlSettings.Enable': true },
    front: async (target) => {
      front = await openFront(target, (seen) => {
        const isReading = seen.method === 'GET' || seen.path.endsWith('/search');
        if (isReading || !path.test(seen.path)) return undefined;
        swallowed.push({ ...seen, beside: [] });
        return says(seen.body as Json, account);
      });
      return front;
    },
  });
  await stage.declare([{ username: 'ada', ...(live !== undefined && { email: 'ada@example.com' }), ...wanted }]);
  account = await readAccount(stage, live === undefined ? 'sandbox-admin' : 'ada');
  if (front === undefined) throw new Error('no front');
  return { stage, front, swallowed };
}

async function readAccount({ sandbox }: Stage, name: string): Promise<Json> {
  const headers = { Authorization: `Bearer ${sandbox.adminToken}` };
  return (await (await fetch(`${sandbox.url}/api/v4/users/username/${name}`, { headers })).json()) as Json;
}

describe('a server that says OK and changes nothing', () => {
  test.each(share(cases, 2))('is not believed about $operation', async (one) => {
    const { stage, swallowed } = await deaf(one);

    const run = await stage.apply();
    const again = await stage.plan();

    expect(outcomesOf(run)).toEqual([`ada ${one.operation}: failed: ${one.code ?? 'NOT_VERIFIED'}`]);
    expect(run.code).toBe(6);
    expect(swallowed).toHaveLength(1);
    expect(again.actions.map(({ call }) => call.operation)).toEqual([one.operation]);
  });
});

test('a write that shows late is waited for, and believed then', async () => {
  const stage = await openStage({ users: [{ username: 'ada' }] });
  await stage.declare([{ username: 'ada', roles: ['system_user', 'system_post_all'], tokens: [{ name: 'ci' }] }]);
  const arm = (): void => {
    // The first reading after the writes is of a replica that lags behind.
    stage.sandbox.faults.add({ kind: 'stale-read', writes: 3, match: { path: '/users/ids', nth: 2 } });
  };

  const run = await stage.apply({ meanwhile: arm });

  expect(outcomesOf(run)).toEqual(['ada set-roles: done', 'ada create-token: done']);
});

test('what a later action of the same person overwrote is not missed', async () => {
  const stage = await openStage({
    users: [{ username: 'ada', roles: 'system_guest' }],
    licence: 'enterprise',
    config: { 'GuestAccountsSettings.Enable': true },
  });
  await stage.declare([{ username: 'ada', roles: ['system_user', 'system_post_all'] }]);

  const run = await stage.apply();

  expect(outcomesOf(run)).toEqual(['ada promote-guest: done', 'ada set-roles: done']);
});

test('what a promotion makes of roles is known after any other action of the same person', async () => {
  const stage = await openStage({ users: [{ username: 'ada', roles: 'system_guest system_post_all' }] });
  await stage.declare([{ username: 'ada', nickname: 'x', roles: ['system_user', 'system_post_all'] }]);

  const run = await stage.apply();

  expect(outcomesOf(run)).toEqual(['ada patch-user: done', 'ada promote-guest: done']);
});

test('what someone else changed right after the write is reported, with both values', async () => {
  const stage = await openStage({ users: [{ username: 'ada' }] });
  await stage.declare([{ username: 'ada', nickname: 'countess' }]);
  const { emit } = stage.ports;
  Object.assign(stage.ports, {
    emit: (event: Parameters<typeof emit>[0]) => {
      if (event.type === 'action-ended') stage.sandbox.control.updateUser('ada', { nickname: 'mallory' });
      emit(event);
    },
  });

  const run = await stage.apply();

  const outcome = outcomeOf(run, 'ada', 'patch-user');
  expect(outcome).toMatchObject({ status: 'failed', written: 'yes' });
  expect(outcome.status === 'failed' && outcome.error.message).toBe(
    'nickname was written as "countess", and the server shows "mallory"',
  );
});

test('a new token that someone revoked again is missed', async () => {
  const stage = await openStage({ users: [{ username: 'ada' }] });
  await stage.declare([{ username: 'ada', tokens: [{ name: 'ci' }] }]);
  const { emit } = stage.ports;
  Object.assign(stage.ports, {
    emit: (event: Parameters<typeof emit>[0]) => {
      if (event.type === 'action-ended')
        for (const { id } of stage.sandbox.control.tokens('ada')) stage.sandbox.control.removeToken(id);
      emit(event);
    },
  });

  const run = await stage.apply();

  expect(outcomesOf(run)).toEqual(['ada create-token: failed: NOT_VERIFIED']);
});
