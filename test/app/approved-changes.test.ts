/**
 * What was approved, or shown before its day, is one exact thing: who gets it, where a secret goes, and where it comes from. The files
 * may say something else by the time at which it counts.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ConfigFile } from '../../src/model/generated/config-file.ts';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import type { BlockedChange, BudgetName, Plan } from '../../src/model/plan.ts';
import { openStage, type Stage } from '../apply/support/stage.ts';

const strict: ConfigFile = {
  files: ['users.yaml'],
  approvals: 'approvals.yaml',
  policy: { budgets: { 'admin-touch': { floor: 0, cap: 0 }, 'admin-gain': { floor: 0, cap: 0 } } },
  secrets: {
    dir: 'secrets',
    sinks: { vault: { dir: 'vault' }, shared: { dir: 'shared' } },
    sources: { sealed: { env: 'MUSTER_SECRET_SEALED' }, welcome: { env: 'MUSTER_SECRET_WELCOME' } },
  },
};
const adminRoles = ['system_user', 'system_admin'];

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({
    users: [
      { username: 'member' },
      { username: 'chief', roles: 'system_user system_admin', auth_service: 'saml', auth_data: 'chief@idp' },
      { username: 'second', roles: 'system_user system_admin' },
      { username: 'retired', roles: 'system_user system_admin', active: false },
    ],
    licence: 'enterprise',
    config: { 'SamlSettings.Enable': true },
    muster: strict,
  });
});

const blockedBy = ({ blocked }: Plan, budget: BudgetName): readonly BlockedChange[] =>
  blocked.filter((one) => one.budget === budget);

/** As a person approves the very changes of a plan. */
async function approve(plan: Plan, budget: BudgetName): Promise<void> {
  const changes = blockedBy(plan, budget)[0]?.approval;
  const approval = { class: budget, reason: 'planned', by: 'grace', expires: '2026-06-20', changes };
  await writeFile(join(stage.dir, 'approvals.yaml'), JSON.stringify({ version: 1, approvals: [approval] }));
}

/** An entry that is approved, and another one that brings the same change in other hands. */
type Exchange = readonly [what: string, budget: BudgetName, approved: UserEntry, exchanged: UserEntry];

const exchanges: readonly Exchange[] = [
  [
    'another sink for a token of an administrator',
    'admin-touch',
    { username: 'chief', tokens: [{ name: 'ci', sink: 'vault' }] },
    { username: 'chief', tokens: [{ name: 'ci', sink: 'shared' }] },
  ],
  [
    'a password of a source in place of one that no one keeps',
    'admin-touch',
    { username: 'chief', auth: { service: 'email' } },
    { username: 'chief', auth: { service: 'email' }, initial_password: 'welcome' },
  ],
  [
    'a password of another source',
    'admin-touch',
    { username: 'chief', auth: { service: 'email' }, initial_password: 'sealed' },
    { username: 'chief', auth: { service: 'email' }, initial_password: 'welcome' },
  ],
  [
    'a new administrator with another e-mail',
    'admin-gain',
    { username: 'nova', email: 'nova@example.com', roles: adminRoles },
    { username: 'nova', email: 'nova@elsewhere.example', roles: adminRoles },
  ],
  [
    'a new administrator who signs in as someone else',
    'admin-gain',
    { username: 'nova', email: 'nova@example.com', auth: { service: 'saml', data: 'nova@idp' }, roles: adminRoles },
    { username: 'nova', email: 'nova@example.com', auth: { service: 'saml', data: 'eve@idp' }, roles: adminRoles },
  ],
  [
    'a new administrator with a password of a source',
    'admin-gain',
    { username: 'nova', email: 'nova@example.com', roles: adminRoles },
    { username: 'nova', email: 'nova@example.com', initial_password: 'welcome', roles: adminRoles },
  ],
];

describe('an approval of exactly these changes', () => {
  test.each(exchanges)('lifts them, and not %s', async (_what, budget, approved, exchanged) => {
    await writeFile(join(stage.dir, 'approvals.yaml'), 'version: 1\napprovals: []\n');
    await stage.declare([approved]);
    await approve(await stage.plan(), budget);

    const lifted = await stage.plan();
    await stage.declare([exchanged]);
    const other = await stage.plan();

    expect(lifted.blocked).toEqual([]);
    expect(lifted.approvals).toHaveLength(1);
    expect(blockedBy(other, budget)).toHaveLength(1);
    expect(other.approvals ?? []).toEqual([]);
  });
});

describe('an approval of people by name', () => {
  const byName = async (budget: BudgetName, ...users: readonly string[]): Promise<void> => {
    const approval = { class: budget, reason: 'a new address', by: 'grace', expires: '2026-06-20', users };
    await writeFile(join(stage.dir, 'approvals.yaml'), JSON.stringify({ version: 1, approvals: [approval] }));
  };
  const touched = async (): Promise<readonly string[]> =>
    blockedBy(await stage.plan(), 'admin-touch').map(({ change: { id }, hint }) => `${id}: ${hint}`);

  test('lifts nothing of another account that an entry calls by that name', async () => {
    await byName('admin-touch', 'second');
    await stage.declare([{ username: 'second', id: stage.user('chief').id, email: 'eve@example.com' }]);

    expect(await touched()).toContainEqual(
      expect.stringMatching(/^second\/email: the approval at approvals\.yaml:1 does not name chief$/),
    );
  });

  test('lifts what concerns a person who gets another name, where it names both', async () => {
    await stage.declare([{ username: 'deputy', previous_usernames: ['second'], email: 'deputy@example.com' }]);
    await byName('admin-touch', 'deputy');
    const withOne = await touched();
    await byName('admin-touch', 'deputy', 'second');
    const withBoth = await touched();

    expect(withOne).toHaveLength(2);
    expect(withBoth).toEqual([]);
  });
});

describe('a gain of administration that a plan showed before its day', () => {
  const starts = '2026-06-25';
  const nova: UserEntry = { username: 'nova', email: 'nova@example.com', roles: adminRoles, starts };

  /** A run is applied whose plan shows what falls due; then the files say something else, and the day comes. */
  async function onItsDay(shown: UserEntry, declared: UserEntry = shown): Promise<readonly string[]> {
    await stage.configure({ ...strict, policy: { min_admins: 1 } });
    await writeFile(join(stage.dir, 'approvals.yaml'), 'version: 1\napprovals: []\n');
    await stage.declare([shown, { username: 'second', nickname: 'x' }]);
    await stage.apply();
    await stage.declare([declared]);
    stage.clock.advance(12 * 86_400_000);
    const { blocked } = await stage.plan();
    return blocked.map(({ change, rail }) => `${rail} ${change.id}`);
  }

  const gain = 'not-shown nova/roles/+system_admin';

  test.each<[what: string, UserEntry]>([
    ['new', nova],
    ['there', { username: 'member', roles: adminRoles, starts }],
  ])('comes to the person whom it showed, who is %s', async (_what, entry) => {
    expect(await onItsDay(entry)).toEqual([]);
  });

  test('comes to them also where a run that stopped made the account before', async () => {
    await stage.configure({ ...strict, policy: { min_admins: 1 } });
    await writeFile(join(stage.dir, 'approvals.yaml'), 'version: 1\napprovals: []\n');
    await stage.declare([nova, { username: 'second', nickname: 'x' }]);
    await stage.apply();
    stage.clock.advance(12 * 86_400_000);
    await stage.apply({ classes: ['create'] });

    expect((await stage.plan()).blocked).toEqual([]);
  });

  test.each<[what: string, UserEntry]>([
    ['e-mail', { ...nova, email: 'nova@elsewhere.example' }],
    ['person at the provider', { ...nova, auth: { service: 'saml', data: 'eve@idp' } }],
    ['password', { ...nova, initial_password: 'welcome' }],
  ])('comes to no one with another %s', async (_what, declared) => {
    expect(await onItsDay(nova, declared)).toEqual([gain]);
  });

  test.each(['member@example.com', 'nova@example.com'])(
    'comes to no other account that the name stands for by then, with the e-mail %s',
    async (email) => {
      const { id } = stage.user('member');

      expect(await onItsDay(nova, { ...nova, id, email })).toEqual([gain]);
    },
  );

  test('is a return, too: no one comes back as an administrator whom no plan showed', async () => {
    const entry: UserEntry = { username: 'retired', roles: adminRoles, starts };

    expect(await onItsDay({ username: 'member' }, entry)).toEqual(['not-shown retired/active']);
  });
});
