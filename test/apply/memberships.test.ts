/** Teams and channels from the file to the server: joins in few requests, answers that say less than was asked, and a way back. */
import { describe, expect, test } from 'vitest';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import type { SeedTeam } from '../../src/sandbox/index.ts';
import { bySuite, share } from '../support/suite.ts';
import {
  apiPath,
  crowd,
  describeWrites,
  openStage,
  outcomeOf,
  outcomesOf,
  type Stage,
  type StageOptions,
  writesOf,
} from './support/stage.ts';

const teams: readonly SeedTeam[] = [
  { name: 'core', channels: ['dev', { name: 'ops', type: 'P' }] },
  { name: 'sales', channels: [{ name: 'deals', type: 'P' }] },
];

const openTeams = (options: StageOptions = {}): Promise<Stage> =>
  openStage({ teams, config: { 'TeamSettings.MaxUsersPerTeam': 1000 }, ...options });

/** `core`, `core/ops (admin)`: where a person is, the channels that come with a team left out. */
function placesOf({ sandbox }: Stage, username: string): readonly string[] {
  return sandbox.control
    .memberships(username)
    .filter(({ place, left }) => !left && !/\/(town-square|off-topic)$/.test(place))
    .map(({ place, roles }) => `${place}${roles.includes('_admin') ? ' (admin)' : ''}`);
}

/** What the next plan would do. */
const leftBy = async (stage: Stage): Promise<readonly string[]> =>
  (await stage.plan()).actions.flatMap(({ changes }) => changes.map(({ id }) => id));

test('a new person ends in teams and channels, administers what the entry says, and nothing is left to do', async () => {
  const stage = await openTeams();
  await stage.declare([
    {
      username: 'ada',
      email: 'ada@example.com',
      teams: ['sales', { team: 'core', role: 'admin', channels: ['dev', { channel: 'ops', role: 'admin' }] }],
    },
  ]);

  const run = await stage.apply();

  expect(run.code).toBe(0);
  expect(placesOf(stage, 'ada')).toEqual(['core (admin)', 'core/dev', 'core/ops (admin)', 'sales']);
  expect(await leftBy(stage)).toEqual([]);
});

test('a plan reads the members of each place that entries name, and writes nothing', async () => {
  const stage = await openTeams({ users: [{ username: 'ada', teams: ['core'] }] });
  await stage.declare([{ username: 'ada', teams: [{ team: 'core', channels: ['dev'] }] }]);
  const from = stage.sandbox.requests.length;

  const plan = await stage.plan();

  const requests = stage.sandbox.requests.slice(from);
  expect(plan.actions.map(({ call }) => call.operation)).toEqual(['join-channel']);
  expect(writesOf(requests)).toEqual([]);
  expect(requests.filter((request) => apiPath(request).endsWith('/members/ids'))).toHaveLength(2);
});

describe('many people', () => {
  const names = crowd(bySuite({ short: 120, long: 250 }));
  const users = names.map((username) => ({ username }));
  const entries: readonly UserEntry[] = names.map((username) => ({
    username,
    teams: [{ team: 'core', channels: ['dev'] }],
  }));

  test('join a team and a channel in few requests, each of them once', async () => {
    const stage = await openTeams({ users });
    await stage.declare(entries);

    const run = await stage.apply();

    const writes = writesOf(run.requests).map((request) => apiPath(request).replace(/[a-z0-9]{26}/, 'ID'));
    expect(run.code).toBe(0);
    expect(run.results.filter(({ outcome }) => outcome.status === 'done')).toHaveLength(2 * names.length);
    // The first people go alone, before the others.
    expect(writes.filter((path) => path === '/teams/ID/members/batch').length).toBeLessThanOrEqual(4);
    expect(writes.filter((path) => path === '/channels/ID/members').length).toBeLessThanOrEqual(4);
    expect(writes.filter((path) => !/^\/(teams|channels)\/ID\/members(\/batch)?$/.test(path))).toEqual([]);
    expect(names.filter((name) => placesOf(stage, name).join(' ') !== 'core core/dev')).toEqual([]);
  });
});

describe('a request of which the server serves only some', () => {
  const names = ['ada', 'bob', 'cy'];

  test('fails for whom a plugin keeps out of the team, and for no one else', async () => {
    const stage = await openTeams({ users: names.map((username) => ({ username })) });
    stage.sandbox.control.refuseByPlugin(['bob']);
    await stage.declare(names.map((username) => ({ username, teams: ['core'] })));

    const run = await stage.apply();

    expect(outcomesOf(run)).toEqual(['ada join-team: done', 'bob join-team: failed: NOT_ADDED', 'cy join-team: done']);
    expect(outcomeOf(run, 'bob', 'join-team')).toMatchObject({
      written: 'no',
      error: { message: expect.stringContaining('rejected_by_plugin') },
    });
    expect(run.code).toBe(6);
    expect(names.map((name) => placesOf(stage, name).length)).toEqual([1, 0, 1]);
  });

  test('says why a person was not added to a channel, of whom the answer says nothing', async () => {
    const stage = await openTeams({ users: names.map((username) => ({ username, teams: ['core'] })) });
    await stage.declare(names.map((username) => ({ username, teams: [{ team: 'core', channels: ['dev'] }] })));

    const run = await stage.apply({
      meanwhile: () => stage.sandbox.control.updateUser('bob', { delete_at: stage.clock.now() }),
    });

    expect(outcomesOf(run)).toEqual([
      'ada join-channel: done',
      'bob join-channel: failed: API_FORBIDDEN',
      'cy join-channel: done',
    ]);
  });

  test('takes who came in by other means meanwhile for done, and posts nothing for them', async () => {
    const stage = await openTeams({ users: names.map((username) => ({ username })) });
    await stage.declare(names.map((username) => ({ username, teams: ['core'] })));

    const run = await stage.apply({ meanwhile: () => stage.sandbox.control.setMembership('bob', 'core') });

    expect(outcomesOf(run)).toEqual(['ada join-team: done', 'bob join-team: found', 'cy join-team: done']);
  });
});

const losses = [
  ['a reset after the write', { kind: 'reset-after-commit' }, 1],
  ['a reset before the write', { kind: 'reset-before-commit' }, 2],
  ['an answer that is cut off', { kind: 'truncated-body' }, 1],
] as const;

describe.each(share(losses, 3))('after %s', (_, fault, requests) => {
  test.each([
    ['team', '/teams/*/members/batch', [], ['core']],
    ['channel', '/channels/*/members', ['core'], ['core', 'core/dev']],
  ])('people who join a %s together are read back before anything is repeated', async (_place, path, before, after) => {
    const names = ['ada', 'bob', 'cy'];
    const stage = await openTeams({ users: names.map((username) => ({ username, teams: before })) });
    await stage.declare(
      names.map((username) => ({ username, teams: [{ team: 'core', channels: before.length === 0 ? [] : ['dev'] }] })),
    );
    stage.sandbox.faults.add({ ...fault, match: { method: 'POST', path } });

    const run = await stage.apply();

    expect(run.code).toBe(0);
    expect(names.map((name) => placesOf(stage, name))).toEqual([after, after, after]);
    expect(writesOf(run.requests)).toHaveLength(requests);
  });
});

describe('what the server protects from no one', () => {
  const admins = ['ada', 'bob'];
  const stageOfAdmins = (): Promise<Stage> =>
    openTeams({ users: admins.map((username) => ({ username, teams: [{ team: 'core', role: 'admin' }] })) });

  test('the administrators of a team are counted again right before one of them goes', async () => {
    const stage = await stageOfAdmins();
    await stage.declare([{ username: 'ada', teams: [{ team: 'core', role: 'member' }] }]);

    const run = await stage.apply({
      meanwhile: () => stage.sandbox.control.setMembership('bob', { team: 'core', role: 'member' }),
    });

    expect(outcomesOf(run)).toEqual(['ada set-team-role: stale']);
    expect(placesOf(stage, 'ada')).toEqual(['core (admin)']);
  });

  test('an administrator of a team goes while another one is left', async () => {
    const stage = await stageOfAdmins();
    await stage.declare([{ username: 'ada', teams: [{ team: 'core', role: 'member' }] }]);

    expect(outcomesOf(await stage.apply())).toEqual(['ada set-team-role: done']);
    expect(placesOf(stage, 'ada')).toEqual(['core']);
  });

  test('the last member of a private channel stays, also where the other one left meanwhile', async () => {
    const inOps = [{ team: 'core', channels: ['ops'] }];
    const stage = await openTeams({ users: admins.map((username) => ({ username, teams: inOps })) });
    await stage.declare([
      { username: 'ada', teams: [{ team: 'core', channels: [{ channel: 'ops', member: false }] }] },
    ]);

    const run = await stage.apply({ meanwhile: () => stage.sandbox.control.endMembership('bob', 'core/ops') });

    expect(outcomesOf(run)).toEqual(['ada leave-channel: stale']);
    expect(placesOf(stage, 'ada')).toEqual(['core', 'core/ops']);
  });
});

test('a person who leaves a team is told of with the channels that go with it', async () => {
  const stage = await openTeams({
    users: [{ username: 'ada', teams: [{ team: 'core', channels: ['dev', 'ops'] }, 'sales'] }],
  });
  await stage.declare([{ username: 'ada', teams: [{ team: 'core', member: false }] }]);

  const run = await stage.apply();

  expect(run.plan.notices.filter(({ person }) => person === 'ada').map(({ text }) => text)).toEqual([
    'leaves core and with it dev, off-topic, ops, town-square: joining again brings none of this back',
  ]);
  expect(run.code).toBe(0);
  expect(placesOf(stage, 'ada')).toEqual(['sales']);
  expect(await leftBy(stage)).toEqual([]);
});

test('a guest moves to another channel without leaving the team on the way', async () => {
  const stage = await openTeams({
    licence: 'professional',
    config: { 'TeamSettings.MaxUsersPerTeam': 1000, 'GuestAccountsSettings.Enable': true },
    users: [
      { username: 'ada', roles: 'system_guest', teams: [{ team: 'core', channels: ['dev'] }] },
      { username: 'bob', teams: [{ team: 'core', channels: ['dev'] }] },
    ],
  });
  await stage.declare([
    { username: 'ada', teams: [{ team: 'core', channels: ['ops', { channel: 'dev', member: false }] }] },
  ]);

  const run = await stage.apply();

  expect(describeWrites(stage, run.requests).map((line) => line.replace(/[a-z0-9]{26}/, 'ID'))).toEqual([
    'POST /channels/ID/members',
    'DELETE /channels/ID/members/ada',
  ]);
  expect(placesOf(stage, 'ada')).toEqual(['core', 'core/ops']);
});

test('a run is taken back place by place, but for a team that was left', async () => {
  const stage = await openTeams({
    users: [
      { username: 'ada', teams: [{ team: 'core', channels: ['dev'] }, 'sales'] },
      { username: 'bob', teams: [{ team: 'core', role: 'admin', channels: ['dev'] }] },
    ],
  });
  await stage.declare([
    {
      username: 'ada',
      teams: [
        { team: 'core', role: 'admin', channels: [{ channel: 'dev', member: false }, 'ops'] },
        { team: 'sales', member: false },
      ],
    },
  ]);
  await stage.apply();
  expect(placesOf(stage, 'ada')).toEqual(['core (admin)', 'core/ops']);
  stage.clock.advance(60_000);
  // Without another member the private channel would be left empty.
  stage.sandbox.control.setMembership('bob', { team: 'core', role: 'admin', channels: ['ops'] });

  const run = await stage.undo();

  expect(run.code).toBe(0);
  expect(placesOf(stage, 'ada')).toEqual(['core', 'core/dev']);
  expect(run.plan.notices.map(({ text }) => text)).toContain(
    'team-leave (teams.sales) cannot be undone: who joins again has no channels, roles and settings of before',
  );
});

test('a guest whom a run brought into a team is taken out of it with its channels', async () => {
  const stage = await openTeams({
    config: { 'GuestAccountsSettings.Enable': true },
    licence: 'enterprise',
    users: [{ username: 'gail', roles: 'system_guest' }],
  });
  await stage.declare([{ username: 'gail', teams: [{ team: 'core', channels: ['dev'] }] }]);
  await stage.apply();
  expect(placesOf(stage, 'gail')).toEqual(['core', 'core/dev']);
  stage.clock.advance(60_000);

  const run = await stage.undo();

  // The server takes a guest without a channel out of the team, so that there is no call for the last channel.
  expect(outcomesOf(run)).toEqual(['gail leave-team: done']);
  expect(placesOf(stage, 'gail')).toEqual([]);
});

test('a team without seats takes no one', async () => {
  const stage = await openTeams({
    config: { 'TeamSettings.MaxUsersPerTeam': 1 },
    users: [{ username: 'ada', teams: ['core'] }, { username: 'bob' }],
  });
  await stage.declare([{ username: 'bob', teams: ['core'] }]);

  const run = await stage.apply();

  expect(run.plan.blocked.map(({ rail, reason }) => `${rail}: ${reason}`)).toEqual([
    'team-seats: 1 person joins core, and 0 of its 1 seats are free',
  ]);
  expect(writesOf(run.requests)).toEqual([]);
});
