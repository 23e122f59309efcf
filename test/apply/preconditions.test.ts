/** What others changed between plan and apply: nothing of theirs is overwritten, and the rest goes on. */
import { describe, expect, test } from 'vitest';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import type { SandboxControl, SeedUser } from '../../src/sandbox/index.ts';
import { isLong, share } from '../support/suite.ts';
import { describeWrites, mark, openStage, outcomeOf, outcomesOf, type StageRun, writesOf } from './support/stage.ts';

const live = (username: string, fields: Partial<SeedUser> = {}): SeedUser => ({ username, ...fields });
const bystander: UserEntry = { username: 'bob', nickname: 'bobby' };

interface Meanwhile {
  readonly title: string;
  readonly seed?: Partial<SeedUser>;
  readonly wanted: Omit<UserEntry, 'username'>;
  readonly change: (control: SandboxControl, id: string) => void;
  readonly outcomes: readonly string[];
}

const changes: readonly Meanwhile[] = [
  {
    title: 'a field that has another value now is left alone',
    wanted: { nickname: 'countess' },
    change: (control, id) => control.updateUser(id, { nickname: 'lovelace' }),
    outcomes: ['ada patch-user: stale'],
  },
  {
    title: 'a field of a map that has another value now is left alone',
    wanted: { notify_props: { desktop: 'all' } },
    change: (control, id) =>
      control.updateUser(id, { notify_props: { ...control.user(id)?.notify_props, desktop: 'none' } }),
    outcomes: ['ada patch-user: stale'],
  },
  {
    title: 'a field that is as wanted by now needs nothing',
    wanted: { nickname: 'countess' },
    change: (control, id) => control.updateUser(id, { nickname: 'countess' }),
    outcomes: ['ada patch-user: found'],
  },
  {
    title: 'roles that somebody else extended are not written over',
    wanted: { roles: ['system_user', 'system_post_all'] },
    change: (control, id) => control.updateUser(id, { roles: 'system_user system_user_access_token' }),
    outcomes: ['ada set-roles: stale'],
  },
  {
    title: 'roles that are as wanted by now, in another order, need nothing',
    wanted: { roles: ['system_user', 'system_post_all'] },
    change: (control, id) => control.updateUser(id, { roles: 'system_post_all system_user' }),
    outcomes: ['ada set-roles: found'],
  },
  {
    title: 'a sign-in that somebody else changed is not changed again',
    wanted: { auth: { service: 'saml', data: 'ada@idp' } },
    change: (control, id) => control.updateUser(id, { auth_service: 'gitlab', auth_data: '42' }),
    outcomes: ['ada set-auth: stale'],
  },
  {
    title: 'a sign-in that is as wanted by now is not written again, which would wipe the password',
    wanted: { auth: { service: 'saml', data: 'ada@idp' } },
    change: (control, id) => control.updateUser(id, { auth_service: 'saml', auth_data: 'ada@idp' }),
    outcomes: ['ada set-auth: found'],
  },
  {
    title: 'a person who was made administrator meanwhile is not moved to another sign-in',
    wanted: { auth: { service: 'saml', data: 'ada@idp' } },
    change: (control, id) => control.updateUser(id, { roles: 'system_user system_admin' }),
    outcomes: ['ada set-auth: stale'],
  },
  {
    title: 'a person who was made administrator meanwhile is not deactivated',
    wanted: { active: false },
    change: (control, id) => control.updateUser(id, { roles: 'system_user system_admin' }),
    outcomes: ['ada deactivate: stale'],
  },
  {
    title: 'a person who is back by now is not activated again',
    seed: { active: false },
    wanted: { active: true },
    change: (control, id) => control.updateUser(id, { delete_at: 0 }),
    outcomes: ['ada activate: found'],
  },
  {
    title: 'a returner who was given roles meanwhile stays away',
    seed: { active: false },
    wanted: { active: true },
    change: (control, id) => control.updateUser(id, { roles: 'system_user system_admin' }),
    outcomes: ['ada activate: stale'],
  },
  {
    title: 'a guest who is a member by now is not promoted again',
    seed: { roles: 'system_guest' },
    wanted: { roles: ['system_user'] },
    change: (control, id) => control.updateUser(id, { roles: 'system_user' }),
    outcomes: ['ada promote-guest: found'],
  },
  {
    title: 'an account that is gone is not written to',
    wanted: { nickname: 'countess', roles: ['system_user', 'system_post_all'] },
    change: (control, id) => control.deleteUser(id),
    outcomes: ['ada patch-user: stale', 'ada set-roles: skipped'],
  },
  {
    title: 'a token that is gone cannot be disabled, and needs no revoking',
    seed: { tokens: [{ description: mark('ci') }, { description: mark('old') }] },
    wanted: { tokens: [{ name: 'ci', enabled: false }] },
    change: (control, id) => {
      for (const token of control.tokens(id)) control.removeToken(token.id);
    },
    outcomes: ['ada revoke-token: found', 'ada disable-token: stale'],
  },
  {
    title: 'a token that is disabled by now needs nothing',
    seed: { tokens: [{ description: mark('ci') }] },
    wanted: { tokens: [{ name: 'ci', enabled: false }] },
    change: (control, id) => {
      for (const token of control.tokens(id)) control.setTokenActive(token.id, false);
    },
    outcomes: ['ada disable-token: found'],
  },
];

describe('between plan and apply', () => {
  test.each(share(changes, 3))('$title', async ({ seed = {}, wanted, change, outcomes }) => {
    const stage = await openStage({
      users: [live('ada', seed), live('bob')],
      licence: 'enterprise',
      config: { 'SamlSettings.Enable': true, 'GitLabSettings.Enable': true },
    });
    await stage.declare([{ username: 'ada', email: 'ada@example.com', ...wanted }, bystander]);
    const { id } = stage.user('ada');

    const run = await stage.apply({ meanwhile: () => change(stage.sandbox.control, id) });

    expect(ofAda(run).toSorted()).toEqual([...outcomes].toSorted());
    expect(describeWrites(stage, run.requests)).toEqual(['PUT /users/bob/patch']);
    expect(run.code).toBe(outcomes.every((text) => text.endsWith('found')) ? 0 : 6);
  });

  test('a patch of which a part matches by now is sent whole', async () => {
    const stage = await openStage({ users: [live('ada')] });
    await stage.declare([{ username: 'ada', nickname: 'countess', position: 'analyst' }]);
    const meanwhile = (): void => stage.sandbox.control.updateUser('ada', { nickname: 'countess' });

    const run = await stage.apply({ meanwhile });

    expect(outcomesOf(run)).toEqual(['ada patch-user: done']);
    expect(stage.user('ada')).toMatchObject({ nickname: 'countess', position: 'analyst' });
  });

  test('keys of a map that others changed, and that no entry names, are kept as they are', async () => {
    const stage = await openStage({ users: [live('ada')] });
    await stage.declare([{ username: 'ada', notify_props: { desktop: 'all' }, props: { team: 'red' } }]);
    const meanwhile = (): void =>
      stage.sandbox.control.updateUser('ada', {
        notify_props: { ...stage.user('ada').notify_props, push: 'none' },
        props: { theme: 'dark' },
      });

    const run = await stage.apply({ meanwhile });

    expect(run.code).toBe(0);
    expect(stage.user('ada').notify_props).toMatchObject({ desktop: 'all', push: 'none' });
    expect(stage.user('ada').props).toEqual({ theme: 'dark', team: 'red' });
  });

  test.runIf(isLong)('an account that someone deactivated is never sent a deactivation: its time stays', async () => {
    const stage = await openStage({ users: [live('ada', { tokens: [{ description: 'by hand' }] })] });
    await stage.declare([{ username: 'ada', active: false }]);
    const gone = stage.clock.now() - 1000;
    const meanwhile = (): void => stage.sandbox.control.updateUser('ada', { delete_at: gone });

    const run = await stage.apply({ meanwhile });

    expect(outcomesOf(run)).toEqual(['ada disable-token: done', 'ada deactivate: found']);
    expect(stage.user('ada').delete_at).toBe(gone);
  });

  test.each<[string, SeedUser]>([
    ['name', live('ada', { email: 'somebody@example.com' })],
    ['e-mail', live('somebody', { email: 'ada@example.com' })],
    ['name and e-mail, inactive', live('ada', { active: false })],
    ['name and e-mail, with another first name', live('ada', { first_name: 'Adelheid' })],
    ['name and e-mail, with another sign-in', live('ada', { first_name: 'Ada', auth_service: 'ldap', auth_data: 'a' })],
    ['name, by a bot', live('ada', { is_bot: true })],
  ])('no one is created when someone took the %s', async (_, somebody) => {
    const stage = await openStage({ users: [live('bob')] });
    await stage.declare([
      { username: 'ada', email: 'ada@example.com', first_name: 'Ada', roles: ['system_user', 'system_post_all'] },
      bystander,
    ]);

    const run = await stage.apply({ meanwhile: () => void stage.sandbox.control.createUser(somebody) });

    expect(ofAda(run)).toEqual(['ada create-user: stale', 'ada set-roles: skipped']);
    expect(describeWrites(stage, run.requests)).toEqual(['PUT /users/bob/patch']);
    expect(run.code).toBe(6);
  });

  test('a person whom someone created just as declared is found, and goes on as planned', async () => {
    const stage = await openStage();
    await stage.declare([{ username: 'ada', email: 'ada@example.com', roles: ['system_user', 'system_post_all'] }]);

    const run = await stage.apply({ meanwhile: () => void stage.sandbox.control.createUser(live('ada')) });

    expect(outcomesOf(run)).toEqual(['ada create-user: found', 'ada set-roles: done']);
    expect((await stage.plan()).actions).toEqual([]);
  });

  test('a person whom someone created as administrator is not trusted with the planned roles', async () => {
    const stage = await openStage();
    await stage.declare([{ username: 'ada', email: 'ada@example.com', roles: ['system_user', 'system_post_all'] }]);
    const taken = live('ada', { roles: 'system_user system_admin' });

    const run = await stage.apply({ meanwhile: () => void stage.sandbox.control.createUser(taken) });

    expect(outcomesOf(run)).toEqual(['ada create-user: found', 'ada set-roles: stale']);
  });

  test.runIf(isLong)('a token for an account that was deactivated is not left behind', async () => {
    const stage = await openStage({ users: [live('ada')] });
    await stage.declare([{ username: 'ada', tokens: [{ name: 'ci' }] }]);
    const meanwhile = (): void => stage.sandbox.control.updateUser('ada', { delete_at: 1 });

    const run = await stage.apply({ meanwhile });

    expect(run.code).toBe(6);
    expect(stage.sandbox.control.tokens('ada')).toEqual([]);
  });
});

test.each<[string, Omit<UserEntry, 'username'>, Partial<SeedUser>, (control: SandboxControl) => void]>([
  ['deactivated', { active: false }, {}, (control) => control.updateUser('zoe', { delete_at: 1 })],
  ['activated', { active: true }, { active: false }, (control) => control.updateUser('zoe', { delete_at: 0 })],
  [
    'given roles',
    { roles: ['system_user', 'system_post_all'] },
    {},
    (control) => control.updateUser('zoe', { roles: 'system_user system_post_all' }),
  ],
  ['made a guest', { roles: ['system_guest'] }, {}, (control) => control.updateUser('zoe', { roles: 'system_guest' })],
  [
    'moved to a provider',
    { auth: { service: 'saml', data: 'zoe@idp' } },
    {},
    (control) => control.updateUser('zoe', { auth_service: 'saml', auth_data: 'zoe@idp' }),
  ],
  [
    'moved to a password',
    { auth: { service: 'email' } },
    { auth_service: 'saml', auth_data: 'zoe@idp' },
    (control) => control.updateUser('zoe', { auth_service: '', auth_data: '' }),
  ],
  [
    'freed of a second factor',
    { mfa: 'off' },
    { mfa_active: true },
    (control) => control.updateUser('zoe', { mfa_active: false }),
  ],
])('who was %s during the run, after the bulk read, is seen fresh', async (_, wanted, seed, change) => {
  const stage = await openStage({
    users: [live('ada'), live('zoe', seed)],
    licence: 'enterprise',
    config: { 'SamlSettings.Enable': true, 'GuestAccountsSettings.Enable': true },
  });
  await stage.declare([
    { username: 'ada', nickname: 'x' },
    { username: 'zoe', email: 'zoe@example.com', ...wanted },
  ]);
  const { emit } = stage.ports;
  Object.assign(stage.ports, {
    emit: (event: Parameters<typeof emit>[0]) => {
      if (event.type === 'action-ended' && event.action.person === 'ada') change(stage.sandbox.control);
      emit(event);
    },
  });

  const run = await stage.apply({ concurrency: 1 });

  expect(outcomesOf(run).map((text) => text.split(': ')[1])).toEqual(['done', 'found']);
  expect(describeWrites(stage, run.requests)).toEqual(['PUT /users/ada/patch']);
});

test('what is stale tells what was expected and what was found', async () => {
  const stage = await openStage({ users: [live('ada', { nickname: 'a' })] });
  await stage.declare([{ username: 'ada', nickname: 'countess' }]);

  const run = await stage.apply({ meanwhile: () => stage.sandbox.control.updateUser('ada', { nickname: 'b' }) });

  expect(outcomeOf(run, 'ada', 'patch-user')).toEqual({ status: 'stale', expected: 'nickname "a"', found: '"b"' });
});

test('a bulk read that fails fails everyone who needed it, and is made again for the next', async () => {
  const names = Array.from({ length: 6 }, (_, i) => `p${i}`);
  const stage = await openStage({ users: names.map((username) => live(username)) });
  await stage.declare(names.map((username) => ({ username, nickname: 'x' })));
  const arm = (): void =>
    void stage.sandbox.faults.add({ kind: 'error', status: 500, match: { path: '/users/ids' }, times: 4 });

  const run = await stage.apply({ concurrency: 1, meanwhile: arm });

  expect(outcomesOf(run)).toEqual([
    'p0 patch-user: failed: API_SERVER_ERROR',
    ...names.slice(1).map((name) => `${name} patch-user: done`),
  ]);
});

test.runIf(isLong)('people are looked at in bulk: 110 patches need a handful of reads', async () => {
  const names = Array.from({ length: 110 }, (_, i) => `p${i}`);
  const stage = await openStage({ users: names.map((username) => live(username)), licence: 'enterprise' });
  await stage.declare(names.map((username) => ({ username, nickname: 'x' })));

  const run = await stage.apply();

  expect(run.code).toBe(0);
  expect(writesOf(run.requests)).toHaveLength(110);
  expect(run.requests.length - 110).toBeLessThanOrEqual(4);
});

const ofAda = (run: StageRun): readonly string[] => outcomesOf(run).filter((text) => text.startsWith('ada '));

const almostMarks = ['ci@1 muster:never', 'ci@1 muster:2026-02-30:abcdefghij'];

test.each(almostMarks)('a token described as %j is no token of muster', async (description) => {
  const stage = await openStage({ users: [{ username: 'ada', tokens: [{ description }] }] });
  await stage.declare([{ username: 'ada', tokens: [{ name: 'ci' }] }]);

  expect(outcomesOf(await stage.apply())).toEqual(['ada create-token: done']);
  expect((await stage.plan()).actions).toEqual([]);
});
