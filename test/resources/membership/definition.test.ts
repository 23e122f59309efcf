import { describe, expect, test } from 'vitest';
import type { DesiredTeam, PlaceRole } from '../../../src/model/memberships.ts';
import { noUse } from '../../../src/model/window-use.ts';
import { membership } from '../../../src/resources/membership/definition.ts';
import {
  account,
  actionOf,
  blockedOf,
  changesOf,
  contextOf,
  createOptions,
  entry,
  heldOf,
  operationsOf,
  planFor,
  planOf,
  problemsOf,
  root,
  type World,
} from '../../support/build-states.ts';

const places: NonNullable<World['places']> = {
  core: {},
  sales: {},
  'core/ops': { isPrivate: true },
  'core/dev': {},
  'core/town-square': {},
};

type Standings = Readonly<Record<string, PlaceRole>>;

const team = (name: string, options: Partial<DesiredTeam> = {}): DesiredTeam => ({
  name,
  member: true,
  channels: [],
  ...options,
});
const channel = (name: string, options: Partial<DesiredTeam> = {}): DesiredTeam['channels'][number] => ({
  name,
  member: true,
  ...options,
});

const ada = account('ada');

/** What is planned for ada, who is in some places and wants to be in others. */
function planned(
  teams: readonly DesiredTeam[],
  standings: Standings = {},
  world: Omit<World, 'entries' | 'accounts'> = {},
): ReturnType<typeof planFor> {
  return planFor(entry('ada', {}, { teams }), ada, {
    places,
    memberships: { [ada.id]: standings },
    ...world,
  });
}

describe('an entry that names teams', () => {
  test.each<[string, readonly DesiredTeam[], Standings, readonly string[]]>([
    ['joins the team', [team('core')], {}, ['ada/teams.core/team-join']],
    ['is content where the person is in it', [team('core')], { core: 'member' }, []],
    ['leaves an administrator one, where it names no role', [team('core')], { core: 'admin' }, []],
    [
      'makes an administrator',
      [team('core', { role: 'admin' })],
      { core: 'member' },
      ['ada/teams.core/team-admin-gain'],
    ],
    [
      'makes a new member an administrator',
      [team('core', { role: 'admin' })],
      {},
      ['ada/teams.core/team-join', 'ada/teams.core/team-admin-gain'],
    ],
    [
      'joins the team before its channels',
      [team('core', { channels: [channel('ops', { role: 'admin' })] })],
      {},
      ['ada/teams.core/team-join', 'ada/teams.core/ops/channel-join', 'ada/teams.core/ops/channel-admin'],
    ],
    [
      'joins a channel of a team that the person is in',
      [team('core', { channels: [channel('ops')] })],
      { core: 'member' },
      ['ada/teams.core/ops/channel-join'],
    ],
    [
      'has town-square with the team',
      [team('core', { channels: [channel('town-square')] })],
      {},
      ['ada/teams.core/team-join'],
    ],
    [
      'never leaves what it does not name',
      [team('sales')],
      { core: 'admin', sales: 'member', 'core/ops': 'member' },
      [],
    ],
    [
      'leaves a team that it ends',
      [team('core', { member: false })],
      { core: 'member' },
      ['ada/teams.core/team-leave'],
    ],
    ['is content where the person is not in a team that it ends', [team('core', { member: false })], {}, []],
    [
      'leaves a channel that it ends',
      [team('core', { channels: [channel('dev', { member: false })] })],
      { core: 'member', 'core/dev': 'member' },
      ['ada/teams.core/dev/channel-leave'],
    ],
    [
      'takes the administration of a channel',
      [team('core', { channels: [channel('dev', { role: 'member' })] })],
      { core: 'member', 'core/dev': 'admin' },
      ['ada/teams.core/dev/channel-admin'],
    ],
  ])('%s', (_, teams, standings, changes) => {
    expect(changesOf(planned(teams, standings))).toEqual(changes);
  });

  test('is left alone where it names none', () => {
    const plan = planFor(entry('ada'), ada, { places, memberships: { [ada.id]: { core: 'admin' } } });

    expect(plan.actions).toEqual([]);
  });

  test('brings a new person into teams and channels, after everything else of the account', () => {
    const teams = [team('core', { role: 'admin', channels: [channel('ops')] })];
    const wanted = entry('ada', { email: 'ada@example.com', roles: ['system_user', 'system_post_all'] }, { teams });

    expect(operationsOf(planFor(wanted, undefined, { places }))).toEqual([
      'create-user',
      'set-roles',
      'join-team',
      'join-channel',
      'set-team-role',
    ]);
  });

  test('says by ids what each call is about, and what the person was before', () => {
    const plan = planned([team('core', { role: 'admin' })], { core: 'member' });

    expect(actionOf(plan, 'ada/teams.core/team-admin-gain')).toMatchObject({
      call: { operation: 'set-team-role', team: 'id-core', admin: true },
      precondition: { account: 'id-ada', membership: { place: 'core', is: 'member' } },
    });
  });
});

describe('a person who is away', () => {
  test.each([
    ['joins nothing while they are away', account('ada', { active: false }), undefined],
    ['joins nothing while they leave', ada, false],
  ])('%s', (_, live, active) => {
    const values = active === undefined ? {} : { active };
    const plan = planFor(entry('ada', values, { teams: [team('core')] }), live, { places });

    expect(operationsOf(plan).filter((one) => one.startsWith('join'))).toEqual([]);
  });

  test('loses what the entry ends before the account is active again, and joins after that', () => {
    const teams = [team('core', { channels: [channel('dev')] }), team('sales', { member: false })];
    const plan = planFor(entry('ada', { active: true }, { teams }), account('ada', { active: false }), {
      places,
      memberships: { 'id-ada': { sales: 'member' } },
    });

    expect(operationsOf(plan)).toEqual(['leave-team', 'activate', 'join-team', 'join-channel']);
  });

  test('administers, once back, only what the entry says, and loses the rest before the account is active', () => {
    const teams = [team('core', { channels: [channel('ops', { role: 'admin' })] }), team('sales')];
    const plan = planFor(entry('ada', { active: true }, { teams }), account('ada', { active: false }), {
      places,
      memberships: { 'id-ada': { core: 'admin', 'core/ops': 'admin', sales: 'member' } },
    });

    expect(operationsOf(plan)).toEqual(['set-team-role', 'activate']);
    expect(actionOf(plan, 'ada/teams.core/team-admin-loss')).toMatchObject({
      call: { operation: 'set-team-role', admin: false },
      changes: [{ part_of: 'return', reason: { rule: 'returner' } }],
    });
  });

  test('loses what the entry ends after the account is deactivated', () => {
    const teams = [team('sales', { member: false })];
    const plan = planFor(entry('ada', { active: false }, { teams }), ada, {
      places,
      memberships: { 'id-ada': { sales: 'member' } },
    });

    expect(operationsOf(plan)).toEqual(['deactivate', 'leave-team']);
  });
});

describe('an entry cannot be used', () => {
  test.each<[string, readonly DesiredTeam[], World['places'], string]>([
    ['for a team that the server does not have', [team('nowhere')], places, 'no-such-place'],
    [
      'for a channel that the team does not have',
      [team('core', { channels: [channel('x')] })],
      places,
      'no-such-place',
    ],
    ['for a team that is archived', [team('core')], { core: { isArchived: true } }, 'archived-place'],
    [
      'for a channel that is archived',
      [team('core', { channels: [channel('dev')] })],
      { core: {}, 'core/dev': { isArchived: true } },
      'archived-place',
    ],
  ])('%s', (_, teams, there, code) => {
    const wanted = { entries: [entry('ada', {}, { teams })], accounts: [ada] };

    expect(problemsOf({ ...wanted, places: there ?? {} }).map((one) => one.code)).toEqual([code]);
  });

  test('for a guest who would see nothing', () => {
    const guest = account('ada', { roles: ['system_guest'] });
    const teams = [team('core', { channels: [channel('town-square')] })];

    expect(
      problemsOf({ entries: [entry('ada', {}, { teams })], accounts: [guest], places }).map((one) => one.code),
    ).toEqual(['guest-without-channel']);
  });

  test('for a new person who begins as a guest, too', () => {
    const onCreate = { ...createOptions, roles: ['system_guest'] };
    const someone = entry('ada', { email: 'ada@example.com' }, { teams: [team('core')], onCreate });

    expect(problemsOf({ entries: [someone], accounts: [], places }).map((one) => one.code)).toEqual([
      'guest-without-channel',
    ]);
  });

  test('but for what it ends an archived place is a place like any other', () => {
    const plan = planned(
      [team('core', { member: false })],
      { core: 'member' },
      { places: { core: { isArchived: true } } },
    );

    expect(operationsOf(plan)).toEqual(['leave-team']);
  });
});

describe('who else decides about a membership holds the change', () => {
  test.each<[string, readonly DesiredTeam[], Standings, World['places'], readonly string[]]>([
    [
      'a directory of groups',
      [team('core')],
      {},
      { core: { isGroupSynced: true } },
      ['ada/teams.core/team-join: group-owns-membership'],
    ],
    [
      'a directory of groups, also when a person is to leave',
      [team('core', { member: false })],
      { core: 'member' },
      { core: { isGroupSynced: true } },
      ['ada/teams.core/team-leave: group-owns-membership'],
    ],
    [
      'an access policy of a private channel',
      [team('core', { channels: [channel('ops')] })],
      { core: 'member' },
      { core: {}, 'core/ops': { isPrivate: true, hasPolicy: true } },
      ['ada/teams.core/ops/channel-join: policy-owns-membership'],
    ],
    [
      'the domains of the team',
      [team('core')],
      {},
      { core: { allowedDomains: ['example.org'] } },
      ['ada/teams.core/team-join: domain-not-allowed'],
    ],
    [
      'the server, for town-square',
      [team('core', { channels: [channel('town-square', { member: false })] })],
      { core: 'member', 'core/town-square': 'member' },
      places,
      ['ada/teams.core/town-square/channel-leave: default-channel'],
    ],
  ])('%s', (_, teams, standings, there, held) => {
    const plan = planned(teams, standings, { places: there ?? {} });

    expect(heldOf(plan)).toEqual(held);
    expect(plan.actions).toEqual([]);
  });

  test('a policy of a public channel only advises', () => {
    const teams = [team('core', { channels: [channel('dev')] })];
    const plan = planned(teams, { core: 'member' }, { places: { core: {}, 'core/dev': { hasPolicy: true } } });

    expect(operationsOf(plan)).toEqual(['join-channel']);
  });

  test('the channels of a team wait for a join that is held', () => {
    const teams = [team('core', { channels: [channel('dev')] })];
    const plan = planned(teams, {}, { places: { core: { isGroupSynced: true }, 'core/dev': {} } });

    expect(heldOf(plan)).toEqual([
      'ada/teams.core/dev/channel-join: prerequisite-held',
      'ada/teams.core/team-join: group-owns-membership',
    ]);
  });
});

const bob = account('bob');

describe('rails', () => {
  const demote = [team('core', { role: 'member' as const })];

  test('a team keeps an administrator', () => {
    expect(blockedOf(planned(demote, { core: 'admin' }))).toEqual(['ada/teams.core/team-admin-loss: last-team-admin']);
    expect(blockedOf(planned([team('core', { member: false })], { core: 'admin' }))).toEqual([
      'ada/teams.core/team-leave: last-team-admin',
    ]);
  });

  test('another administrator of the team lets one go', () => {
    const plan = planned(
      demote,
      {},
      {
        others: [bob],
        memberships: { [ada.id]: { core: 'admin' }, [bob.id]: { core: 'admin' } },
      },
    );

    expect(changesOf(plan)).toEqual(['ada/teams.core/team-admin-loss']);
  });

  test('two administrators of a team do not take the place of each other, nor does one who comes', () => {
    const plan = planOf({
      entries: [
        entry('ada', {}, { teams: demote }),
        entry('bob', {}, { teams: demote }),
        entry('cy', {}, { teams: [team('core', { role: 'admin' })] }),
      ],
      accounts: [ada, bob, account('cy')],
      places,
      memberships: { [ada.id]: { core: 'admin' }, [bob.id]: { core: 'admin' } },
    });

    expect(blockedOf(plan)).toEqual([
      'ada/teams.core/team-admin-loss: last-team-admin',
      'bob/teams.core/team-admin-loss: last-team-admin',
    ]);
  });

  test('an inactive administrator takes no place', () => {
    const away = account('bob', { active: false });
    const plan = planned(
      demote,
      {},
      {
        others: [away],
        memberships: { [ada.id]: { core: 'admin' }, [away.id]: { core: 'admin' } },
      },
    );

    expect(blockedOf(plan)).toEqual(['ada/teams.core/team-admin-loss: last-team-admin']);
  });

  test('nothing is taken where it is not known who else administers', () => {
    const plan = planned(demote, { core: 'admin' }, { places: { core: { admins: undefined } as never } });

    expect(blockedOf(plan)).toEqual(['ada/teams.core/team-admin-loss: last-team-admin']);
  });

  const leaveOps = [team('core', { channels: [channel('ops', { member: false })] })];

  test('a private channel keeps a member', () => {
    const plan = planned(leaveOps, { core: 'member', 'core/ops': 'member' });

    expect(blockedOf(plan)).toEqual(['ada/teams.core/ops/channel-leave: last-member']);
  });

  test('a public channel may be empty', () => {
    const teams = [team('core', { channels: [channel('dev', { member: false })] })];

    expect(blockedOf(planned(teams, { core: 'member', 'core/dev': 'member' }))).toEqual([]);
  });

  test('another member of a private channel lets one go', () => {
    const plan = planned(
      leaveOps,
      {},
      {
        others: [bob],
        memberships: { [ada.id]: { core: 'member', 'core/ops': 'member' }, [bob.id]: { 'core/ops': 'member' } },
      },
    );

    expect(changesOf(plan)).toEqual(['ada/teams.core/ops/channel-leave']);
  });

  test.each([
    [2, []],
    [1, ['ada/teams.core/team-join: team-seats', 'bob/teams.core/team-join: team-seats']],
  ])('a team with %i free seats takes two people or none', (maxPerTeam, blocked) => {
    const plan = planOf({
      entries: [entry('ada', {}, { teams: [team('core')] }), entry('bob', {}, { teams: [team('core')] })],
      accounts: [ada, bob],
      places,
      maxPerTeam,
    });

    expect(blockedOf(plan)).toEqual(blocked);
  });

  test('the channels of a team without seats wait', () => {
    const teams = [team('core', { channels: [channel('dev')] })];

    expect(blockedOf(planned(teams, {}, { maxPerTeam: 0 }))).toEqual([
      'ada/teams.core/dev/channel-join: prerequisite',
      'ada/teams.core/team-join: team-seats',
    ]);
  });
});

test('a guest who moves from one channel to another has the new one first', () => {
  const guest = account('ada', { roles: ['system_guest'] });
  const teams = [team('core', { channels: [channel('dev', { member: false }), channel('ops')] })];
  const plan = planFor(entry('ada', {}, { teams }), guest, {
    places,
    others: [bob],
    memberships: { [guest.id]: { core: 'member', 'core/dev': 'member' }, [bob.id]: { 'core/dev': 'member' } },
  });

  expect(operationsOf(plan)).toEqual(['join-channel', 'leave-channel']);
  expect(actionOf(plan, 'ada/teams.core/dev/channel-leave').after).toEqual([{ action: 'ada/1', need: 'success' }]);
});

test('a guest administers nothing', () => {
  const guest = account('ada', { roles: ['system_guest'] });
  const teams = [team('core', { role: 'admin', channels: [channel('ops')] })];
  const plan = planFor(entry('ada', {}, { teams }), guest, {
    places,
    memberships: { [guest.id]: { core: 'member', 'core/ops': 'member' } },
  });

  expect(heldOf(plan)).toEqual(['ada/teams.core/team-admin-gain: guest-cannot-administer']);
});

test('that a person is not in a place is never guessed', () => {
  const desired = entry('ada', {}, { teams: [team('core')] });
  const context = contextOf({ entries: [desired], accounts: [ada], places });
  const unread = { desired, live: { user: ada }, transition: 'stays' as const };

  expect(membership.diff(unread, context).problems.map(({ code }) => code)).toEqual(['memberships-not-read']);
});

test('who leaves a team hears of what goes with it', () => {
  const leaving = [team('core', { member: false })];
  const textsOf = (standings: Standings): readonly string[] =>
    planned(leaving, standings)
      .notices.filter(({ code }) => code === 'leaves-channels')
      .map(({ text }) => text);

  expect(textsOf({ core: 'member', 'core/ops': 'member', 'core/dev': 'member' })).toEqual([
    'leaves core and with it dev, ops: joining again brings none of this back',
  ]);
  expect(textsOf({ core: 'member' })).toEqual([
    'leaves core: joining again brings back no channels, roles or settings',
  ]);
});

describe('budgets', () => {
  const joining = (count: number, isThere: boolean): World => {
    const names = Array.from({ length: count }, (_, i) => `p${i}`);
    return {
      entries: names.map((name) => entry(name, { email: `${name}@example.com` }, { teams: [team('core')] })),
      accounts: isThere ? names.map((name) => account(name)) : [],
      places,
      policy: { budgets: { 'team-join': { maxShare: 0.1, floor: 2 } } },
    };
  };

  test('of joins count people who were there before, and not those whom the same plan creates', () => {
    expect(blockedOf(planOf(joining(3, true))).length).toBe(3);
    expect(blockedOf(planOf(joining(2, true)))).toEqual([]);
    expect(blockedOf(planOf(joining(3, false)))).toEqual([]);
  });

  test('of joins do not count people whom a run of the same day created', () => {
    const created = new Set(['id-p0', 'id-p1', 'id-p2']);

    expect(blockedOf(planOf(joining(3, true), { window: { ...noUse, created } }))).toEqual([]);
  });

  const losing: World = {
    entries: [
      entry('ada', {}, { teams: [team('core', { role: 'member' }), team('sales', { role: 'member' })] }),
      entry('bob', {}, { teams: [team('core', { role: 'member' })] }),
    ],
    accounts: [ada, bob],
    others: [root, account('cy')],
    places,
    memberships: {
      [ada.id]: { core: 'admin', sales: 'admin' },
      [bob.id]: { core: 'admin' },
      'id-cy': { core: 'admin', sales: 'admin' },
    },
    policy: { budgets: { 'team-admin-loss': { maxShare: 0, floor: 1, cap: 1 } } },
  };

  test('of lost administration are each team’s own', () => {
    const plan = planOf(losing);

    expect(changesOf(plan)).toEqual(['ada/teams.sales/team-admin-loss']);
    expect(plan.blocked.map(({ change, reason }) => `${change.id}: ${reason}`)).toEqual([
      'ada/teams.core/team-admin-loss: team-admin-loss of 2 memberships in core, and the budget is 1',
      'bob/teams.core/team-admin-loss: team-admin-loss of 2 memberships in core, and the budget is 1',
    ]);
  });

  test('of lost administration count what earlier runs took in the same team', () => {
    const used = new Map([['team-admin-loss' as const, new Set(['sales id-dan'])]]);

    expect(changesOf(planOf(losing, { window: { ...noUse, used } }))).toEqual([]);
  });

  test('of messages count what the server posts, no matter whom it concerns', () => {
    const world = joining(3, false);
    const planWith = (floor: number): ReturnType<typeof planOf> =>
      planOf({ ...world, policy: { budgets: { messages: { maxShare: 0, floor, cap: floor } } } });

    expect(blockedOf(planWith(6))).toEqual([]);
    expect(planWith(5).blocked.map(({ reason }) => reason)).toEqual(
      Array.from({ length: 3 }, () => 'messages of 6 messages, and the budget is 5'),
    );
  });
});

test('a plan counts the messages that the server will post, team by team', () => {
  const plan = planOf({
    entries: [
      entry('ada', {}, { teams: [team('core', { channels: [channel('dev')] }), team('sales')] }),
      entry('bob', {}, { teams: [team('core')] }),
    ],
    accounts: [ada, bob],
    places,
  });

  expect(plan.messages).toEqual([
    { team: 'core', posts: 5 },
    { team: 'sales', posts: 2 },
  ]);
  expect(plan.summary.messages).toBe(7);
});
