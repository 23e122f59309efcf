/** Teams and channels whose members are those that entries name: who is taken out, who is held, and what proves the listing. */
import { describe, expect, test } from 'vitest';
import type { PolicyFile } from '../../src/model/generated/config-file.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { SeedTeam, SeedUser } from '../../src/sandbox/index.ts';
import { openBudgets, openStage, outcomesOf, type Stage, writesOf } from './support/stage.ts';

const teams: readonly SeedTeam[] = [
  { name: 'core', channels: ['dev', { name: 'ops', type: 'P' }] },
  { name: 'sales', channels: ['deals'] },
];
const inCore = { teams: [{ team: 'core', channels: ['ops'] }] };

/** One of each sort; `kept` administers, so that the last one does not go. */
const people: readonly SeedUser[] = [
  { username: 'kept', teams: [{ team: 'core', role: 'admin', channels: ['ops'] }] },
  { username: 'elsewhere', ...inCore },
  { username: 'nothing-said', ...inCore },
  { username: 'undeclared', ...inCore },
  { username: 'away', active: false, ...inCore },
  { username: 'guarded', ...inCore },
  { username: 'unclear', ...inCore },
  { username: 'helper', is_bot: true, owner: 'kept', ...inCore },
  { username: 'visitor', remote_id: 'remote1', ...inCore },
];

const entries = [
  { username: 'kept', teams: [{ team: 'core', channels: ['ops'] }] },
  { username: 'elsewhere', teams: ['sales'] },
  { username: 'nothing-said' },
  // It cannot be used: there is no such role.
  { username: 'unclear', roles: ['system_user', 'system_none'], teams: ['sales'] },
];

async function openExact(exact: readonly string[], policy: PolicyFile = {}): Promise<Stage> {
  const stage = await openStage({
    teams,
    users: people,
    config: { 'TeamSettings.MaxUsersPerTeam': 1000 },
    muster: {
      version: 1,
      policy: {
        min_admins: 1,
        budgets: openBudgets,
        memberships: { exact: [...exact] },
        protect: ['guarded'],
        ...policy,
      },
    },
  });
  stage.sandbox.control.setMembership('sandbox-admin', { team: 'core', channels: ['ops'] });
  await stage.declare(entries);
  return stage;
}

const leavesIn = ({ actions }: Plan): readonly string[] =>
  actions.flatMap(({ call, person }) => (call.operation.startsWith('leave') ? [`${person} ${call.operation}`] : []));
const heldIn = ({ held }: Plan): readonly string[] => held.map(({ change, code }) => `${change.person}: ${code}`);

describe('a team that is exact', () => {
  test('is left by active people whom no entry names there, and by no one else', async () => {
    const stage = await openExact(['core']);

    const plan = await stage.plan();

    expect(leavesIn(plan)).toEqual(['elsewhere leave-team', 'undeclared leave-team']);
    expect(heldIn(plan)).toEqual([
      'guarded: protected',
      'helper: bot-in-exact-place',
      'nothing-said: teams-not-declared',
      'sandbox-admin: caller',
      'unclear: unusable-entry',
      'visitor: remote-member',
    ]);
  });

  test('stays as it is after that, and what is held is listed again', async () => {
    const stage = await openExact(['core']);
    const first = await stage.apply({ skipUnusable: true });

    const next = await stage.plan();

    expect(outcomesOf(first).filter((one) => one.includes('leave'))).toEqual([
      'elsewhere leave-team: done',
      'undeclared leave-team: done',
    ]);
    expect(leavesIn(next)).toEqual([]);
    expect(heldIn(next)).toEqual(heldIn(first.plan));
  });

  test('names an undeclared account that leaves as undeclared, too', async () => {
    const stage = await openExact(['core']);

    const plan = await stage.plan();

    expect(plan.undeclared.map(({ username }) => username)).toContain('undeclared');
    expect(plan.summary.declared).toBe(4);
  });

  test('loses no one over the budget of leaves', async () => {
    const stage = await openExact(['core'], { budgets: { 'team-leave': { share: 0, floor: 1 } } });

    const plan = await stage.plan();

    expect(leavesIn(plan)).toEqual([]);
    expect(plan.blocked.filter(({ budget }) => budget === 'team-leave')).toHaveLength(2);
  });

  test('is not left by a person whom an entry in another file, or by an old name, names there', async () => {
    const stage = await openExact(['core']);
    await stage.declare([
      { username: 'renamed', previous_usernames: ['undeclared'], teams: ['core'] },
      { username: 'elsewhere', teams: [{ team: 'core' }] },
      { username: 'kept', teams: ['core'] },
    ]);

    expect(leavesIn(await stage.plan())).toEqual(['nothing-said leave-team', 'unclear leave-team']);
  });

  test('is not read again and again where its counts and its members do not agree: nothing is planned', async () => {
    const stage = await openExact(['core']);
    stage.sandbox.faults.add({
      kind: 'short-page',
      drop: 1,
      match: { method: 'GET', path: '/teams/*/members' },
      times: Number.POSITIVE_INFINITY,
    });

    await expect(stage.plan()).rejects.toMatchObject({ code: 'MEMBERS_NOT_COMPLETE' });
    expect(writesOf(stage.sandbox.requests)).toEqual([]);
  });

  test('is read once more where a member came meanwhile', async () => {
    const stage = await openExact(['core']);
    stage.sandbox.faults.add({ kind: 'short-page', drop: 1, match: { method: 'GET', path: '/teams/*/members' } });

    expect(leavesIn(await stage.plan())).toEqual(['elsewhere leave-team', 'undeclared leave-team']);
  });

  test('of a name that the server does not have is told of', async () => {
    const stage = await openExact(['core', 'nowhere']);

    const plan = await stage.plan();

    expect(plan.notices.filter(({ code }) => code === 'exact-place-missing').map(({ text }) => text)).toEqual([
      'policy.memberships.exact names nowhere, which the server does not have, or has archived',
    ]);
  });
});

describe('a channel that is exact', () => {
  test('is left without its team', async () => {
    const stage = await openExact(['core/ops']);

    const run = await stage.apply({ skipUnusable: true });

    expect(outcomesOf(run).filter((one) => one.includes('leave'))).toEqual([
      'elsewhere leave-channel: done',
      'undeclared leave-channel: done',
    ]);
    expect(leavesIn(await stage.plan())).toEqual([]);
  });

  test('goes with its team where that is exact, too', async () => {
    expect(leavesIn(await (await openExact(['core', 'core/ops'])).plan())).toEqual([
      'elsewhere leave-team',
      'undeclared leave-team',
    ]);
  });
});

describe('a guest in a channel that is exact', () => {
  const guest = (username: string, channels: readonly string[]): SeedUser => ({
    username,
    roles: 'system_guest',
    teams: [{ team: 'core', channels: [...channels] }],
  });
  const guestEntry = (username: string) => ({
    username,
    roles: ['system_guest'],
    teams: [{ team: 'sales', channels: ['deals'] }],
  });

  async function openGuests(exact: readonly string[]): Promise<Stage> {
    const stage = await openStage({
      teams,
      users: [
        { username: 'kept', teams: [{ team: 'core', role: 'admin', channels: ['ops', 'dev'] }] },
        guest('stranger', ['ops']),
        guest('stranger-of-two', ['dev', 'ops']),
        guest('declared', ['ops']),
        guest('declared-of-two', ['dev', 'ops']),
      ],
      licence: 'professional',
      config: { 'GuestAccountsSettings.Enable': true, 'TeamSettings.MaxUsersPerTeam': 1000 },
      muster: { version: 1, policy: { min_admins: 1, budgets: openBudgets, memberships: { exact: [...exact] } } },
    });
    await stage.declare([
      { username: 'kept', teams: [{ team: 'core', channels: ['ops', 'dev'] }] },
      guestEntry('declared'),
      guestEntry('declared-of-two'),
    ]);
    return stage;
  }

  test('stays in it, held with the reason, where they have no other channel of the team', async () => {
    const stage = await openGuests(['core/ops']);

    const run = await stage.apply();
    const next = await stage.plan();

    expect(outcomesOf(run).filter((one) => one.includes('leave'))).toEqual([
      'declared-of-two leave-channel: done',
      'stranger-of-two leave-channel: done',
    ]);
    expect(heldIn(run.plan)).toEqual(heldIn(next));
    expect(heldIn(next)).toEqual(['declared: last-channel-of-guest', 'stranger: last-channel-of-guest']);
    expect(next.actions).toEqual([]);
  });

  test('is not taken out of all their channels of a team, be each of them exact', async () => {
    const plan = await (await openGuests(['core/ops', 'core/dev'])).plan();

    expect(leavesIn(plan)).toEqual([]);
    expect(heldIn(plan).toSorted()).toEqual([
      'declared-of-two: last-channel-of-guest',
      'declared-of-two: last-channel-of-guest',
      'declared: last-channel-of-guest',
      'stranger-of-two: last-channel-of-guest',
      'stranger-of-two: last-channel-of-guest',
      'stranger: last-channel-of-guest',
    ]);
  });

  test('goes with the team where that is exact', async () => {
    expect(leavesIn(await (await openGuests(['core', 'core/ops'])).plan()).toSorted()).toEqual([
      'declared leave-team',
      'declared-of-two leave-team',
      'stranger leave-team',
      'stranger-of-two leave-team',
    ]);
  });
});

test('off-topic cannot be exact where the server adds everyone to it who joins the team: that is told, and no one leaves', async () => {
  const stage = await openExact(['core/off-topic']);
  await stage.declare([...entries, { username: 'undeclared', teams: ['core'] }]);

  const plan = await stage.plan();

  expect(plan.notices.filter(({ code }) => code === 'exact-comes-with-team').map(({ text }) => text)).toEqual([
    'core/off-topic cannot be exact: the server adds everyone to it who joins the team',
  ]);
  expect(leavesIn(plan)).toEqual([]);
  expect(heldIn(plan).filter((one) => !one.endsWith('unusable-entry'))).toEqual([]);
});

test('off-topic is exact as any channel is where the server adds no one to it', async () => {
  const stage = await openStage({
    teams,
    users: [{ username: 'ada', teams: [{ team: 'core', channels: ['off-topic'] }] }],
    config: { 'TeamSettings.MaxUsersPerTeam': 1000, 'TeamSettings.ExperimentalDefaultChannels': ['dev'] },
    muster: { version: 1, policy: { min_admins: 1, budgets: openBudgets, memberships: { exact: ['core/off-topic'] } } },
  });
  await stage.declare([{ username: 'ada', teams: ['core'] }]);

  expect(leavesIn(await stage.plan())).toEqual(['ada leave-channel']);
});

test('a person who comes back leaves first what is exact and what the entry does not name', async () => {
  const stage = await openExact(['core']);
  await stage.declare([...entries, { username: 'away', active: true, teams: ['sales'] }]);

  const run = await stage.apply({ skipUnusable: true });

  expect(outcomesOf(run).filter((one) => one.startsWith('away'))).toEqual([
    'away leave-team: done',
    'away activate: done',
    'away join-team: done',
  ]);
  expect(leavesIn(await stage.plan())).toEqual([]);
});

test('only a plan of another person leaves out who goes', async () => {
  const stage = await openExact(['core']);

  const run = await stage.apply({ users: ['elsewhere'], skipUnusable: true });

  expect(outcomesOf(run)).toEqual(['elsewhere join-team: done', 'elsewhere leave-team: done']);
});
