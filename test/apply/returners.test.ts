/** People who come back, and people who leave, with what they are in: over real HTTP, as the sandbox keeps it. */
import { describe, expect, test } from 'vitest';
import { applyPlan } from '../../src/app/apply-plan-file.ts';
import type { PolicyFile } from '../../src/model/generated/config-file.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { SeedTeam, SeedUser } from '../../src/sandbox/index.ts';
import { openBudgets, openStage, outcomesOf, type Stage, type StageOptions, writesOf } from './support/stage.ts';

const teams: readonly SeedTeam[] = [
  { name: 'core', channels: ['dev', { name: 'ops', type: 'P' }, { name: 'lab', type: 'P' }] },
  { name: 'sales', channels: [{ name: 'deals', type: 'P' }] },
];

const openTeams = (policy: PolicyFile, options: StageOptions = {}): Promise<Stage> =>
  openStage({
    teams,
    config: { 'TeamSettings.MaxUsersPerTeam': 1000 },
    muster: { version: 1, policy: { min_admins: 1, budgets: openBudgets, ...policy } },
    ...options,
  });

function placesOf({ sandbox }: Stage, username: string): readonly string[] {
  return sandbox.control
    .memberships(username)
    .filter(({ place, left }) => !left && !/\/(town-square|off-topic)$/.test(place))
    .map(({ place, roles }) => `${place}${roles.includes('_admin') ? ' (admin)' : ''}`);
}

const isActive = (stage: Stage, name: string): boolean => stage.user(name).delete_at === 0;

const leftBy = async (stage: Stage): Promise<readonly string[]> =>
  (await stage.plan()).actions.flatMap(({ changes }) => changes.map(({ id }) => id));

/** Administers a team and a private channel of which the entries below say nothing. */
const gone: SeedUser = {
  username: 'ada',
  active: false,
  teams: [
    { team: 'core', role: 'admin', channels: ['dev', { channel: 'ops', role: 'admin' }, 'lab'] },
    { team: 'sales', role: 'admin', channels: ['deals'] },
  ],
};

describe('a person who comes back', () => {
  test('administers nothing of before, and the plan names the teams and private channels', async () => {
    const stage = await openTeams({}, { users: [gone] });
    await stage.declare([{ username: 'ada', active: true, teams: [{ team: 'core', channels: ['dev'] }] }]);

    const run = await stage.apply();

    expect(outcomesOf(run)).toEqual([
      'ada set-channel-role: done',
      'ada set-team-role: done',
      'ada set-team-role: done',
      'ada activate: done',
    ]);
    expect(run.plan.notices.filter(({ person }) => person === 'ada').map(({ text }) => text)).toEqual([
      'comes back to core/lab, core/ops, sales, sales/deals, which the entry does not name',
    ]);
    expect(placesOf(stage, 'ada')).toEqual(['core', 'core/dev', 'core/lab', 'core/ops', 'sales', 'sales/deals']);
    expect(await leftBy(stage)).toEqual([]);
  });

  test('administers nothing either where the entry names no team at all', async () => {
    const stage = await openTeams({}, { users: [gone] });
    await stage.declare([{ username: 'ada', active: true }]);

    await stage.apply();

    expect(isActive(stage, 'ada')).toBe(true);
    expect(placesOf(stage, 'ada').filter((place) => place.includes('admin'))).toEqual([]);
  });

  test('leaves first what the entry does not name, where the policy says so', async () => {
    const stage = await openTeams({ returners: { memberships: 'leave' } }, { users: [gone] });
    await stage.declare([
      { username: 'ada', active: true, teams: [{ team: 'core', role: 'admin', channels: ['dev', 'lab'] }] },
    ]);

    const run = await stage.apply();

    expect(outcomesOf(run)).toEqual(['ada leave-channel: done', 'ada leave-team: done', 'ada activate: done']);
    expect(placesOf(stage, 'ada')).toEqual(['core (admin)', 'core/dev', 'core/lab']);
    expect(await leftBy(stage)).toEqual([]);
  });

  test('loses the administration of archived teams and channels too, since those can be restored', async () => {
    const stage = await openTeams({}, { users: [gone] });
    stage.sandbox.control.updateTeam('sales', { delete_at: 1 });
    stage.sandbox.control.updateChannel('core/ops', { delete_at: 1 });
    await stage.declare([{ username: 'ada', active: true, teams: ['core'] }]);

    await stage.apply();

    expect(isActive(stage, 'ada')).toBe(true);
    expect(placesOf(stage, 'ada').filter((place) => place.includes('admin'))).toEqual([]);
  });

  test('does not come back to a team that they left, though its row still says what they were', async () => {
    const stage = await openTeams({}, { users: [gone] });
    stage.sandbox.control.endMembership('ada', 'sales');
    stage.sandbox.control.endMembership('ada', 'core');
    await stage.declare([{ username: 'ada', active: true }]);

    const plan = await stage.plan();

    expect(plan.actions.map(({ call }) => call.operation)).toEqual(['activate']);
    expect(plan.notices.filter(({ code }) => code === 'comes-back-to')).toEqual([]);
  });

  test('stays away while something of before could not be taken', async () => {
    const stage = await openTeams({}, { users: [gone] });
    await stage.declare([{ username: 'ada', active: true }]);
    stage.sandbox.faults.add({
      kind: 'error',
      status: 403,
      id: 'api.context.permissions.app_error',
      match: { method: 'PUT', path: '/channels/*/members/*/schemeRoles' },
      times: Number.POSITIVE_INFINITY,
    });

    const run = await stage.apply();

    expect(run.code).toBe(6);
    expect(isActive(stage, 'ada')).toBe(false);
  });

  test('stays away while a directory keeps them in a team that the entry does not name', async () => {
    const stage = await openTeams({ returners: { memberships: 'leave' } }, { users: [gone] });
    stage.sandbox.control.updateTeam('sales', { group_constrained: true });
    await stage.declare([{ username: 'ada', active: true, teams: ['core'] }]);

    const run = await stage.apply();

    expect(run.plan.held.map(({ change, code }) => `${change.id}: ${code}`)).toEqual(
      expect.arrayContaining(['ada/active: prerequisite-held', 'ada/teams.sales/team-leave: group-owns-membership']),
    );
    expect(run.plan.actions).toEqual([]);
    expect(isActive(stage, 'ada')).toBe(false);
  });

  test('is not brought back to what two answers of the server tell differently', async () => {
    const stage = await openTeams({}, { users: [gone] });
    await stage.declare([{ username: 'ada', active: true }]);
    stage.sandbox.faults.add({
      kind: 'short-page',
      drop: 1,
      times: Number.POSITIVE_INFINITY,
      match: { method: 'GET', path: '/users/*/teams/*/channels/members' },
    });

    const plan = await stage.plan();

    expect(plan.actions).toEqual([]);
    expect(plan.unusable?.map(({ problems }) => problems.map(({ code }) => code))).toEqual([['memberships-not-read']]);
  });

  test('is no reason to stop another one who administered the same team', async () => {
    const { username: _, ...same } = gone;
    const stage = await openTeams(
      { budgets: { activate: { floor: 5 } } },
      { users: ['ada', 'bob', 'cy'].map((username) => ({ username, ...same })) },
    );
    await stage.declare(['ada', 'bob', 'cy'].map((username) => ({ username, active: true })));

    const plan = await stage.plan();

    expect(plan.blocked).toEqual([]);
  });

  test('by a date is told of today, with all that they lose on that day', async () => {
    const stage = await openTeams({}, { users: [gone] });
    await stage.declare([{ username: 'ada', starts: '2026-07-01' }]);

    const plan = await stage.plan();

    expect(plan.actions).toEqual([]);
    expect(plan.scheduled.map(({ change }) => change.id).toSorted()).toEqual([
      'ada/active',
      'ada/teams.core/ops/channel-admin',
      'ada/teams.core/team-admin-loss',
      'ada/teams.sales/team-admin-loss',
    ]);
  });
});

describe('a guest who comes back', () => {
  const asGuest: StageOptions = {
    licence: 'professional',
    config: { 'TeamSettings.MaxUsersPerTeam': 1000, 'GuestAccountsSettings.Enable': true },
    users: [
      {
        username: 'ada',
        active: false,
        roles: 'system_guest',
        teams: [{ team: 'core', channels: ['ops', 'lab'] }],
      },
    ],
  };

  test('leaves and joins a team anew of which no channel is left, since the server takes them out of it', async () => {
    const stage = await openTeams({ returners: { memberships: 'leave' } }, asGuest);
    await stage.declare([{ username: 'ada', active: true, teams: [{ team: 'core', channels: ['dev'] }] }]);

    const run = await stage.apply();

    expect(outcomesOf(run)).toEqual([
      'ada leave-team: done',
      'ada activate: done',
      'ada join-team: done',
      'ada join-channel: done',
    ]);
    expect(placesOf(stage, 'ada')).toEqual(['core', 'core/dev']);
    expect(await leftBy(stage)).toEqual([]);
  });

  test('moves to another channel in the same way where the entry ends the last one', async () => {
    const stage = await openTeams({}, asGuest);
    await stage.declare([
      {
        username: 'ada',
        active: true,
        teams: [
          {
            team: 'core',
            channels: ['dev', { channel: 'ops', member: false }, { channel: 'lab', member: false }],
          },
        ],
      },
    ]);

    expect((await stage.apply()).code).toBe(0);
    expect(placesOf(stage, 'ada')).toEqual(['core', 'core/dev']);
  });
});

describe('a person who leaves', () => {
  const staff: readonly SeedUser[] = [
    { ...gone, active: true },
    { username: 'bob', teams: [{ team: 'core', role: 'admin' }] },
  ];

  test('keeps teams and channels by default', async () => {
    const stage = await openTeams({}, { users: staff });
    await stage.declare([{ username: 'ada', active: false }]);

    await stage.apply();

    expect(placesOf(stage, 'ada')).toHaveLength(6);
  });

  test('leaves all teams once deactivated, where the policy says so, be it the last one who administered one', async () => {
    const stage = await openTeams({ leavers: { memberships: 'leave' } }, { users: staff });
    await stage.declare([{ username: 'ada', active: false }]);

    const run = await stage.apply();

    expect(outcomesOf(run)).toEqual(['ada deactivate: done', 'ada leave-team: done', 'ada leave-team: done']);
    expect(placesOf(stage, 'ada')).toEqual([]);
    expect(await leftBy(stage)).toEqual([]);
  });

  test('who was deactivated before, or by hand, leaves them with the next run', async () => {
    const stage = await openTeams({ leavers: { memberships: 'leave' } }, { users: [gone, { username: 'bob' }] });
    await stage.declare([{ username: 'ada', active: false }]);

    expect(outcomesOf(await stage.apply())).toEqual(['ada leave-team: done', 'ada leave-team: done']);
  });

  test('stays in all teams where the deactivation is blocked', async () => {
    const stage = await openTeams(
      { leavers: { memberships: 'leave' }, budgets: { ...openBudgets, deactivate: { floor: 0, share: 0 } } },
      { users: staff },
    );
    await stage.declare([{ username: 'ada', active: false }]);

    const plan = await stage.plan();

    expect(plan.actions).toEqual([]);
    expect(plan.blocked).toHaveLength(3);
  });

  test('stays in all teams while the account could not be deactivated', async () => {
    const stage = await openTeams({ leavers: { memberships: 'leave' } }, { users: staff });
    await stage.declare([{ username: 'ada', active: false }]);
    stage.sandbox.faults.add({
      kind: 'error',
      status: 403,
      id: 'api.context.permissions.app_error',
      match: { method: 'PUT', path: '/users/*/active' },
      times: Number.POSITIVE_INFINITY,
    });

    await stage.apply();

    expect(placesOf(stage, 'ada')).toHaveLength(6);
  });

  test('is told of with the bots that the server disables, where it does', async () => {
    const bots: readonly SeedUser[] = [
      { username: 'deploy-bot', is_bot: true, owner: 'ada' },
      { username: 'old-bot', is_bot: true, owner: 'ada', active: false },
      { username: 'their-bot', is_bot: true, owner: 'bob' },
    ];
    const stage = await openTeams({}, { users: [...staff, ...bots] });
    await stage.declare([{ username: 'ada', active: false }, { username: 'bob' }]);
    const noticesNow = async (): Promise<readonly string[]> =>
      (await stage.plan()).notices.filter(({ code }) => code === 'bots-go-along').map(({ text }) => text);

    expect(await noticesNow()).toEqual(['the server disables with ada: deploy-bot']);
    stage.sandbox.control.setConfig({ 'ServiceSettings.DisableBotsWhenOwnerIsDeactivated': false });
    expect(await noticesNow()).toEqual([]);
  });
});

test('of the many who left before, only those are read who are still in a team, an archived one among them', async () => {
  const names = Array.from({ length: 20 }, (_, i) => `left-${i}`);
  const stage = await openTeams(
    { leavers: { memberships: 'leave' } },
    {
      teams: [...teams, { name: 'old', archived: true }],
      users: names.map((username, i) => ({
        username,
        active: false,
        ...(i === 3 && { teams: ['core'] }),
        ...(i === 5 && { teams: ['old'] }),
      })),
    },
  );
  await stage.declare(names.map((username) => ({ username, active: false })));
  const from = stage.sandbox.requests.length;

  const plan = await stage.plan();

  const paths = stage.sandbox.requests.slice(from).map(({ path }) => path);
  expect(plan.actions.map(({ person, call }) => `${person} ${call.operation}`)).toEqual([
    'left-3 leave-team',
    'left-5 leave-team',
  ]);
  expect(paths.filter((path) => /users\/[a-z0-9]{26}\/teams\/members/.test(path))).toHaveLength(2);
  expect(paths.filter((path) => /teams\/[a-z0-9]{26}\/members\/ids/.test(path))).toHaveLength(3);

  await stage.apply();

  expect((await stage.plan()).actions).toEqual([]);
});

describe('a plan file of people who left before', () => {
  const names = Array.from({ length: 20 }, (_, i) => `left-${i}`);
  const openPlanned = async (): Promise<{ readonly stage: Stage; readonly plan: Plan }> => {
    const users = names.map((username, i) => ({
      username,
      active: false,
      ...(i < 3 && { teams: ['core', { team: 'sales', channels: ['deals'] }] }),
    }));
    const stage = await openTeams({ leavers: { memberships: 'leave' } }, { users });
    await stage.declare(names.map((username) => ({ username, active: false })));
    return { stage, plan: await stage.plan() };
  };
  const allDone = names.slice(0, 3).flatMap((name) => [`${name} done`, `${name} done`]);
  const applied = async (plan: Plan, stage: Stage): Promise<readonly string[]> => {
    const { result } = await applyPlan(plan, { confirm: () => Promise.resolve(true) }, stage.ports);
    return (result?.results ?? []).map(({ action, outcome }) => `${action.person} ${outcome.status}`).toSorted();
  };

  test('is carried out: each leaves the teams that the plan shows', async () => {
    const { stage, plan } = await openPlanned();

    expect(await applied(plan, stage)).toEqual(allDone);
    expect(names.flatMap((name) => placesOf(stage, name))).toEqual([]);
    expect(await leftBy(stage)).toEqual([]);
  });

  test('is done of those who left meanwhile, which each of them is asked for', async () => {
    const { stage, plan } = await openPlanned();
    for (const place of ['core', 'sales']) stage.sandbox.control.endMembership('left-0', place);
    stage.sandbox.control.endMembership('left-1', 'sales');
    const from = stage.sandbox.requests.length;

    expect(await applied(plan, stage)).toEqual(allDone);
    const asked = stage.sandbox.requests.slice(from).filter(({ path }) => /users\/\w{26}\/teams\/members/.test(path));
    const ids = names.slice(0, 3).map((name) => stage.user(name).id);
    for (const id of ids) expect(asked.some(({ path }) => path.includes(id))).toBe(true);
    expect(await leftBy(stage)).toEqual([]);
  });

  test('leaves alone what they came to be in since: only the teams that were reviewed are left', async () => {
    const { stage, plan } = await openPlanned();
    stage.sandbox.control.createTeam({ name: 'later' });
    stage.sandbox.control.setMembership('left-0', 'later');

    expect(await applied(plan, stage)).toEqual(allDone);
    expect(placesOf(stage, 'left-0')).toEqual(['later']);
  });
});

test('what a person is in is read of those who come back alone', async () => {
  const stage = await openTeams({}, { users: [{ ...gone, active: true }] });
  await stage.declare([{ username: 'ada', active: true, teams: ['core'] }]);
  const from = stage.sandbox.requests.length;

  await stage.plan();

  const paths = stage.sandbox.requests.slice(from).map(({ path }) => path);
  expect(paths.filter((path) => /users\/[a-z0-9]{26}\/teams/.test(path))).toEqual([]);
  expect(writesOf(stage.sandbox.requests.slice(from))).toEqual([]);
});
