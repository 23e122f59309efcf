import { describe, expect, test } from 'vitest';
import type { DesiredUser } from '../../src/model/desired-state.ts';
import type { LiveToken, LiveUser } from '../../src/model/live-state.ts';
import type { Plan } from '../../src/model/plan.ts';
import {
  account,
  actionOf,
  admin,
  entry,
  liveToken,
  markedToken,
  operationsOf,
  planFor,
  planOf,
  wantedToken,
} from '../support/build-states.ts';

const ada = account('ada');
const away = { active: false };
const toSaml = { auth: { service: 'saml', data: '7' } };
const toEmail = { auth: { service: 'email' } };
const ci1 = markedToken(ada, { name: 'ci', generation: 1 });
const off = (one: LiveToken): LiveToken => ({ ...one, enabled: false });

/** The edges of one person's action to their other ones, by operation. */
function edgesOf(plan: Plan, operation: string): Readonly<Record<string, string>> {
  const action = plan.actions.find(({ call }) => call.operation === operation);
  const edges = (action?.after ?? []).map(({ action: id, need }) => {
    const earlier = plan.actions.find((one) => one.id === id);
    return [earlier?.call.operation ?? id, need] as const;
  });
  return Object.fromEntries(edges);
}

type Row = readonly [
  title: string,
  desired: DesiredUser,
  live: LiveUser | undefined,
  tokens: readonly LiveToken[],
  operations: readonly string[],
];

const onePerson: readonly Row[] = [
  [
    'a new person with everything',
    entry(
      'ada',
      { email: 'a@x.com', notify_props: { push: 'none' }, roles: ['system_admin'] },
      { tokens: [wantedToken('ci')] },
    ),
    undefined,
    [],
    ['create-user', 'patch-user', 'set-roles', 'create-token'],
  ],
  [
    'a new guest with a role',
    entry('ada', { email: 'a@x.com', roles: ['system_guest', 'system_post_all'] }),
    undefined,
    [],
    ['create-user', 'demote-to-guest', 'set-roles'],
  ],
  [
    'a new name and a provider: patched while the name is free',
    entry('lovelace', { nickname: 'x', ...toSaml }, { id: 'id-ada' }),
    ada,
    [],
    ['patch-user', 'set-auth'],
  ],
  [
    'a new name and e-mail login: patched when the name is free',
    entry('lovelace', { nickname: 'x', ...toEmail }, { id: 'id-ada' }),
    account('ada', toSaml),
    [],
    ['set-password', 'patch-user'],
  ],
  [
    'another provider: patched after the one that owned the names',
    entry('ada', { first_name: 'A', ...toSaml }),
    account('ada', { auth: { service: 'gitlab', data: '1' } }),
    [],
    ['set-auth', 'patch-user'],
  ],
  [
    'a returner: tokens and roles go before the account lives, new ones come after',
    entry(
      'ada',
      { active: true, nickname: 'x', roles: ['system_post_all'], ...toSaml },
      { tokens: [wantedToken('new')], adopt: true },
    ),
    admin('ada', away),
    [ci1, liveToken(ada)],
    ['revoke-token', 'disable-token', 'patch-user', 'set-auth', 'set-roles', 'activate', 'create-token'],
  ],
  [
    'a returner with a rotated token: the old one goes before the account lives',
    entry('ada', { active: true }, { tokens: [wantedToken('ci', { generation: 2 })] }),
    account('ada', away),
    [ci1],
    ['revoke-token', 'activate', 'create-token'],
  ],
  [
    'a guest who returns as a member',
    entry('ada', { active: true, roles: ['system_post_all'] }),
    account('ada', { ...away, roles: ['system_guest'] }),
    [],
    ['promote-guest', 'set-roles', 'activate'],
  ],
  [
    'a member who returns as a guest',
    entry('ada', { active: true, roles: ['system_guest'] }),
    account('ada', { ...away, roles: ['system_user', 'system_post_all'] }),
    [],
    ['demote-to-guest', 'activate'],
  ],
  [
    'a leaver: tokens first, the account last',
    entry('lovelace', { ...away, nickname: 'x', roles: ['system_user'], ...toSaml }, { id: 'id-ada' }),
    account('ada', { roles: ['system_user', 'system_post_all'] }),
    [ci1, liveToken(ada)],
    ['disable-token', 'disable-token', 'patch-user', 'set-auth', 'set-roles', 'deactivate'],
  ],
  [
    'a rotation: the old token goes last',
    entry('ada', { nickname: 'x' }, { tokens: [wantedToken('ci', { generation: 2 })] }),
    ada,
    [ci1],
    ['patch-user', 'create-token', 'revoke-token'],
  ],
  [
    'tokens that come, live again and go',
    entry('ada', {}, { tokens: [wantedToken('ci'), wantedToken('new')] }),
    ada,
    [off(ci1), markedToken(ada, { name: 'old', generation: 1 })],
    ['revoke-token', 'create-token', 'enable-token'],
  ],
];

describe('brings into order', () => {
  test.each(onePerson)('%s', (_, desired, live, tokens, operations) => {
    const plan = planFor(desired, live, { tokens });

    expect(plan.blocked).toEqual([]);
    expect(operationsOf(plan).toSorted()).toEqual(operations.toSorted());
    expect(operationsOf(plan).filter((one) => one !== 'create-token' && one !== 'enable-token')).toEqual(
      operations.filter((one) => one !== 'create-token' && one !== 'enable-token'),
    );
    expect(operationsOf(plan).map((one) => one.endsWith('-token'))).toEqual(
      operations.map((one) => one.endsWith('-token')),
    );
  });

  test.each(onePerson)('%s, as one line: every action waits for all before it', (_, desired, live, tokens) => {
    const { actions } = planFor(desired, live, { tokens });

    expect(actions.map(({ after }) => after.map(({ action }) => action))).toEqual(
      actions.map((__, i) => actions.slice(0, i).map(({ id }) => id)),
    );
    expect(actions.map(({ id }) => id)).toEqual(actions.map((__, i) => `${desired.username}/${i + 1}`));
  });
});

describe('needs success', () => {
  test('of everything before a return', () => {
    const plan = planFor(entry('ada', { active: true, nickname: 'x' }), admin('ada', away), { tokens: [ci1] });

    expect(edgesOf(plan, 'activate')).toEqual({
      'disable-token': 'success',
      'patch-user': 'success',
      'set-roles': 'success',
    });
  });

  test('of nothing before a deactivation: nothing that fails keeps a leaver active', () => {
    const desired = entry('ada', { ...away, nickname: 'x', roles: ['system_user'] });
    const live = account('ada', { roles: ['system_user', 'system_post_all'] });

    const plan = planFor(desired, live, { tokens: [ci1] });

    expect(edgesOf(plan, 'deactivate')).toEqual({ 'disable-token': 'end', 'patch-user': 'end', 'set-roles': 'end' });
    expect(edgesOf(plan, 'set-roles')).toEqual({ 'disable-token': 'end', 'patch-user': 'end' });
  });

  test('of nothing before a demotion, which takes away', () => {
    const plan = planFor(entry('ada', { nickname: 'x', roles: ['system_guest', 'system_post_all'] }), ada);

    expect(edgesOf(plan, 'demote-to-guest')).toEqual({ 'patch-user': 'end' });
    expect(edgesOf(plan, 'set-roles')).toEqual({ 'patch-user': 'success', 'demote-to-guest': 'success' });
  });

  test('of what stands before a call that gives something, whatever it takes away as well', () => {
    const plan = planFor(
      entry('ada', { nickname: 'x', roles: ['system_post_all'] }),
      account('ada', { roles: ['system_user_manager'] }),
    );

    expect(edgesOf(plan, 'set-roles')).toEqual({ 'patch-user': 'success' });
  });

  test('of the new token before the old one goes', () => {
    const plan = planFor(entry('ada', {}, { tokens: [wantedToken('ci', { generation: 2 })] }), ada, { tokens: [ci1] });

    expect(edgesOf(plan, 'revoke-token')).toEqual({ 'create-token': 'success' });
  });

  test('of nothing between tokens that are disabled together, or made together', () => {
    const silenced = planFor(entry('ada', away), ada, { tokens: [ci1, liveToken(ada)] });
    const made = planFor(entry('ada', {}, { tokens: [wantedToken('one'), wantedToken('two')] }), ada);

    expect(silenced.actions[1]?.after).toEqual([{ action: 'ada/1', need: 'end' }]);
    expect(made.actions[1]?.after).toEqual([{ action: 'ada/1', need: 'end' }]);
  });
});

/** What the action of one change needs of the action of another; `undefined` if it does not wait for it. */
const waits = (plan: Plan, later: string, earlier: string): unknown =>
  actionOf(plan, later).after.find(({ action }) => action === actionOf(plan, earlier).id)?.need;

describe('across people,', () => {
  const gain = entry('zoe', { roles: ['system_admin'] });
  test.each<readonly [string, DesiredUser, string]>([
    ['a role', entry('ada', { roles: ['system_user'] }), 'ada/roles/-system_admin'],
    ['a deactivation', entry('ada', away), 'ada/active'],
    ['a demotion', entry('ada', { roles: ['system_guest'] }), 'ada/roles/+system_guest'],
  ])('the loss of an administrator by %s waits for every gain, in one lane', (_, loss, changeId) => {
    const plan = planOf({ entries: [loss, gain], accounts: [admin('ada'), account('zoe')] });

    expect(waits(plan, changeId, 'zoe/roles/+system_admin')).toBe('success');
    expect(actionOf(plan, changeId).lane).toBe('admin-loss');
    expect(actionOf(plan, 'zoe/roles/+system_admin').lane).toBeUndefined();
  });

  test.each<readonly [string, LiveUser, DesiredUser]>([
    ['a provider', admin('ada'), entry('ada', toSaml)],
    ['e-mail login', admin('ada', toSaml), entry('ada', toEmail)],
  ])('the move of an administrator to %s is in the lane, and waits for no gain', (_, live, desired) => {
    const plan = planOf({ entries: [desired, gain], accounts: [live, account('zoe')] });

    expect(actionOf(plan, 'ada/auth')).toMatchObject({ lane: 'admin-loss', after: [] });
  });

  test('what takes no administrator away does not wait for a gain', () => {
    const plan = planOf({ entries: [entry('ada', away), gain], accounts: [ada, account('zoe')] });

    expect(actionOf(plan, 'ada/active').after).toEqual([]);
    expect(actionOf(plan, 'ada/active').lane).toBeUndefined();
  });

  test('a new administrator on a full server comes after the one who leaves, who does not wait for them', () => {
    const plan = planOf({
      entries: [entry('ada', away), entry('zoe', { email: 'z@x.com', roles: ['system_admin'] })],
      accounts: [admin('ada')],
      facts: { seats: { used: 3, limit: 3 } },
    });

    expect(plan.blocked).toEqual([]);
    expect(waits(plan, 'zoe/account', 'ada/active')).toBe('end');
    expect(actionOf(plan, 'ada/active').after).toEqual([]);
  });

  test('an administrator who comes back on a full server is one before the other leaves, and active after', () => {
    const plan = planOf({
      entries: [entry('ada', away), entry('zoe', { active: true, roles: ['system_admin'] })],
      accounts: [admin('ada'), account('zoe', away)],
      facts: { seats: { used: 3, limit: 3 } },
    });

    expect(waits(plan, 'ada/active', 'zoe/roles/+system_admin')).toBe('success');
    expect(waits(plan, 'zoe/active', 'ada/active')).toBe('end');
  });

  test('a name is freed before it is taken, along a chain', () => {
    const entries = [
      entry('cy', {}, { previousUsernames: ['bob'] }),
      entry('bob', {}, { previousUsernames: ['ada'] }),
      entry('ada', { email: 'new@x.com' }),
    ];

    const plan = planOf({ entries, accounts: [account('ada'), account('bob')] });

    expect(plan.actions.map(({ person }) => person)).toEqual(['cy', 'bob', 'ada']);
    expect(waits(plan, 'ada/account', 'bob/username')).toBe('success');
    expect(waits(plan, 'bob/username', 'cy/username')).toBe('success');
  });

  test('an e-mail is freed before it is taken', () => {
    const entries = [
      entry('ada', { email: 'bob@example.com' }, { id: 'id-ada' }),
      entry('bob', { email: 'b@x.com' }, { id: 'id-bob' }),
    ];

    const plan = planOf({ entries, accounts: [account('ada'), account('bob')] });

    expect(waits(plan, 'ada/email', 'bob/email')).toBe('success');
  });

  test('the data of a sign-in is freed before it is taken, whichever service has it', () => {
    const entries = [entry('ada', toSaml, { id: 'id-ada' }), entry('bob', toEmail, { id: 'id-bob' })];

    const plan = planOf({ entries, accounts: [ada, account('bob', { auth: { service: 'ldap', data: '7' } })] });

    expect(waits(plan, 'ada/auth', 'bob/auth')).toBe('success');
  });
});

test('numbers the actions of a person without regard to the others', () => {
  const alone = planOf({ entries: [entry('bob', { nickname: 'x', active: false })], accounts: [account('bob')] });
  const among = planOf({
    entries: [entry('ada', { nickname: 'x' }), entry('bob', { nickname: 'x', active: false }), entry('cy', away)],
    accounts: [account('ada'), account('bob'), account('cy')],
  });

  const [inCompany, byThemselves] = [among, alone].map(({ actions }) =>
    actions.filter(({ person }) => person === 'bob').map(({ id, call }) => [id, call.operation]),
  );
  expect(inCompany).toEqual(byThemselves);
  expect(byThemselves).toHaveLength(2);
});
