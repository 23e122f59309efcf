import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchPeople } from '../../src/match/match-people.ts';
import { callRows } from '../../src/model/calls.ts';
import { canonicalJson } from '../../src/model/canonical-json.ts';
import { changeClasses } from '../../src/model/change-classes.ts';
import type { DesiredUser } from '../../src/model/desired-state.ts';
import type { LiveToken, LiveUser } from '../../src/model/live-state.ts';
import type { Action, Plan } from '../../src/model/plan.ts';
import { parseMark } from '../../src/model/token-mark.ts';
import { impliedRoles, isGuest } from '../../src/model/user-rules.ts';
import { membership } from '../../src/resources/membership/definition.ts';
import { token } from '../../src/resources/token/definition.ts';
import { user } from '../../src/resources/user/definition.ts';
import {
  contextOf,
  entry,
  liveState,
  personOf,
  planOf,
  tryPlan,
  type World,
  wantedToken,
} from '../support/build-states.ts';
import { checkLockOut, factor, forEveryPlan, serverOf, usersOf } from '../support/every-plan.ts';
import { worlds } from '../support/random-worlds.ts';
import { type ModelServer, runPlan } from '../support/run-plan.ts';
import { bySuite, isLong } from '../support/suite.ts';

/** Of so many plans that the long suite tries. */
const some = (plans: number): number => Math.ceil(plans * bySuite({ short: 0.06, long: 1 }));

/** A step aside is no difference: it only makes room for one. */
const isAside = (id: string): boolean => id.endsWith('/aside');

/** The same entries beside what the server has become. */
function worldAfter(world: World, server: ModelServer): World {
  const users = [...server.users.values()];
  const used = users.filter(({ isBot, isRemote, values }) => values.active && !isBot && !isRemote).length;
  const { seats, ...facts } = contextOf(world).facts;
  const admins = users.filter(({ values }) => values.active && values.roles.includes('system_admin'));
  return {
    ...world,
    accounts: users,
    others: [],
    tokens: [...server.tokens.values()],
    memberships: server.standings,
    facts: { ...facts, admins, seats: { ...seats, used } },
  };
}

const ids = (plan: Plan, list: 'held' | 'blocked' | 'scheduled'): readonly string[] =>
  plan[list].map(({ change }) => change.id);
const madeIds = ({ actions }: Plan): readonly string[] => actions.flatMap(({ changes }) => changes.map(({ id }) => id));

/** What an import would write of an account, as far as a file can say it. */
function entryOf({ id, values }: LiveUser, tokens: readonly LiveToken[], isRevoking: boolean): DesiredUser {
  const { roles, active, ...rest } = values;
  const isSayable = impliedRoles(roles).length === roles.length && !(isGuest(roles) && roles.includes('system_admin'));
  const marked = tokens.flatMap(({ description, enabled }) => ({ mark: parseMark(description), enabled }));
  const names = marked.flatMap(({ mark }) => mark?.name ?? []);
  const isSettled = active && new Set(names).size === names.length;
  return entry(
    values.username,
    {
      ...rest,
      ...(isSayable && { roles }),
      ...((active || tokens.every(({ enabled }) => !enabled && !isRevoking)) && { active }),
    },
    {
      id,
      ...(isSettled && {
        tokens: marked.flatMap(({ mark, enabled }) =>
          mark === undefined ? [] : wantedToken(mark.name, { generation: mark.generation, enabled }),
        ),
      }),
    },
  );
}

describe('a state against itself', () => {
  test('plans nothing, holds nothing, blocks nothing', () => {
    fc.assert(
      fc.property(worlds, ({ tokens = [], policy, ...world }) => {
        const accounts = usersOf(world);
        const isRevoking = policy?.leaverTokens === 'revoke';
        const entries = accounts.map((live) =>
          entryOf(
            live,
            tokens.filter(({ userId }) => userId === live.id),
            isRevoking,
          ),
        );

        const plan = planOf({
          ...world,
          tokens,
          entries,
          policy: { ...policy, foreignTokens: 'report', leaverMemberships: 'keep' },
        });

        expect([madeIds(plan), ids(plan, 'held'), ids(plan, 'blocked'), ids(plan, 'scheduled')]).toEqual([
          [],
          [],
          [],
          [],
        ]);
      }),
      { numRuns: some(100) * factor },
    );
  });
});

describe('a plan', () => {
  test('is the same bytes, in whatever order entries, accounts, tokens and keys come', () => {
    forEveryPlan(some(100), (plan, world, pick) => {
      const shuffle = <Item>(items: readonly Item[] = []): readonly Item[] =>
        items
          .map((item) => [pick(1000), item] as const)
          .toSorted(([a], [b]) => a - b)
          .map(([, item]) => item);
      const turned = (one: DesiredUser): DesiredUser => ({
        ...one,
        ...(one.tokens !== undefined && { tokens: shuffle(one.tokens) }),
        ...(one.teams !== undefined && {
          teams: shuffle(one.teams).map((team) => ({ ...team, channels: shuffle(team.channels) })),
        }),
        values: Object.fromEntries(
          Object.entries(one.values)
            .toReversed()
            .map(([name, value]) => [
              name,
              name === 'props' || name === 'notify_props'
                ? Object.fromEntries(Object.entries(value).toReversed())
                : value,
            ]),
        ) as unknown as DesiredUser['values'],
      });

      const again = planOf({
        ...world,
        entries: shuffle(world.entries).map(turned),
        accounts: shuffle(world.accounts),
        others: shuffle(world.others),
        tokens: shuffle(world.tokens),
      });

      expect(canonicalJson(again)).toBe(canonicalJson(plan));
    });
  });

  test('has every difference in exactly one list', () => {
    forEveryPlan(some(100), (plan, world) => {
      const context = contextOf(world);
      const { people } = matchPeople(context.desired, liveState(world).users);
      const found = people.flatMap(({ desired, account }) => {
        const person = personOf(desired, account, world);
        return [user, token, membership].flatMap((kind) => {
          const { changes, held, scheduled } = kind.diff(person, context);
          return [...changes, ...held.map(({ change }) => change), ...scheduled.map(({ change }) => change)];
        });
      });

      const made = madeIds(plan).filter((id) => !isAside(id));
      const listed = [...made, ...ids(plan, 'held'), ...ids(plan, 'blocked'), ...ids(plan, 'scheduled')];

      expect(listed.toSorted()).toEqual(found.map(({ id }) => id).toSorted());
      expect(new Set(listed).size).toBe(listed.length);
    });
  });

  test('counts in its summary what it lists', () => {
    forEveryPlan(some(60), ({ summary, actions, held, blocked, scheduled }) => {
      const changes = actions.flatMap((action) => action.changes);

      expect(summary).toMatchObject({
        actions: actions.length,
        people: new Set(actions.map(({ person }) => person)).size,
        held: held.length,
        blocked: blocked.length,
        scheduled: scheduled.length,
      });
      expect(summary.changes).toEqual(
        Object.fromEntries(
          changeClasses
            .map((name) => [name, changes.filter((change) => change.class === name).length] as const)
            .filter(([, count]) => count > 0),
        ),
      );
    });
  });

  test('has unique ids, and every action after all that it waits for', () => {
    forEveryPlan(some(120), ({ actions }) => {
      const before = new Set<string>();
      for (const { id, after } of actions) {
        expect(after.filter(({ action }) => !before.has(action))).toEqual([]);
        expect(before.has(id)).toBe(false);
        before.add(id);
      }
    });
  });

  test('never touches the access of the caller, a protected account or a bot, and never empties roles', () => {
    const access = new Set([
      'set-auth',
      'set-password',
      'demote-to-guest',
      'promote-guest',
      'set-roles',
      'activate',
      'deactivate',
      'create-token',
      'enable-token',
      'disable-token',
      'revoke-token',
    ]);
    forEveryPlan(some(150), ({ actions }, world) => {
      const { facts, policy } = contextOf(world);
      for (const { account, person, call, changes } of actions) {
        const live = usersOf(world).find(({ id }) => id === account);
        const isOut = account !== undefined && (account === facts.caller.id || account === facts.caller.ownerId);
        expect(isOut && access.has(call.operation)).toBe(false);
        expect(policy.protect.some((one) => [person, live?.values.username, `id:${account}`].includes(one))).toBe(
          false,
        );
        expect(account !== undefined && (live === undefined || live.isBot || live.isRemote)).toBe(false);
        const roles = call.operation === 'set-roles' ? call.roles : ['system_user'];
        expect(roles).toEqual(impliedRoles(roles));
        expect(call.operation).not.toContain('delete');
        expect(changes).not.toEqual([]);
      }
    });
  });
});

/** What one who is active and was not must never have: roles and tokens of before that nobody wants. */
function oldPossessions(world: World, server: ModelServer): readonly string[] {
  const { people } = matchPeople(contextOf(world).desired, liveState(world).users);
  return people.flatMap(({ desired, account: live }) => {
    const now = server.users.get(live?.id ?? '')?.values;
    if (live === undefined || live.values.active || now?.active !== true) return [];
    const base = isGuest(live.values.roles) ? 'system_guest' : 'system_user';
    const wanted = desired.values.roles ?? [base];
    const listed = desired.tokens?.filter(({ enabled }) => enabled).map((one) => `${one.name}@${one.generation}`) ?? [];
    const isListed = ({ description }: LiveToken): boolean => {
      const mark = parseMark(description);
      return mark !== undefined && listed.includes(`${mark.name}@${mark.generation}`);
    };
    const old = (world.tokens ?? []).filter(
      ({ userId, ...one }) => userId === live.id && !isListed({ userId, ...one }),
    );
    return [
      ...now.roles.filter((role) => !wanted.includes(role)).map((role) => `${live.values.username} has ${role}`),
      ...old.filter(({ id }) => server.tokens.get(id)?.enabled === true).map(({ id }) => `token ${id} lives`),
    ];
  });
}

describe('in every order that the edges allow,', () => {
  test('whatever fails, enough administrators are left', () => {
    checkLockOut(some(500));
  });

  test('whatever fails, no one is back with roles or tokens of before', () => {
    forEveryPlan(some(200), (plan, world, pick) => {
      const server = serverOf(world);
      const chance = 1 + pick(4);

      runPlan(plan, server, {
        pick,
        mayFail: () => pick(chance) === 1,
        watch: () => {
          expect(oldPossessions(world, server)).toEqual([]);
        },
      });
    });
  });

  test('every action gets its turn, and the server refuses none', () => {
    forEveryPlan(some(250), (plan, world, pick) => {
      const result = runPlan(plan, serverOf(world), { pick });

      expect(result.stuck).toEqual([]);
      expect(result.refused).toEqual([]);
      expect(result.done.size).toBe(plan.actions.length);
    });
  });

  test('nothing is left to do afterwards but what was held, scheduled or blocked', () => {
    forEveryPlan(some(250), (plan, world, pick) => {
      const server = serverOf(world);
      runPlan(plan, server, { pick });

      const next = planOf(worldAfter(world, server));

      const open = new Set(ids(plan, 'blocked'));
      expect(madeIds(next).filter((id) => !open.has(id) && !isAside(id))).toEqual([]);
      if (plan.blocked.length > 0) return;
      expect(madeIds(next)).toEqual([]);
      expect(ids(next, 'blocked')).toEqual([]);
      expect(ids(next, 'held')).toEqual(ids(plan, 'held'));
      expect(ids(next, 'scheduled')).toEqual(ids(plan, 'scheduled'));
    });
  });

  test('a run that was stopped by failures is finished by the next ones', () => {
    forEveryPlan(some(120), (plan, world, pick) => {
      fc.pre(plan.blocked.length === 0);
      const server = serverOf(world);
      runPlan(plan, server, { pick, mayFail: () => pick(3) === 1 });

      let next = planOf(worldAfter(world, server));
      for (let run = 0; run < 3 && next.actions.length > 0; run += 1) {
        runPlan(next, server, { pick });
        next = planOf(worldAfter(world, server));
      }

      expect(madeIds(next).filter((id) => !ids(plan, 'held').includes(id))).toEqual([]);
    });
  });
});

test.runIf(isLong)('random worlds reach every operation, every rail that matters here, and every sort of hold', () => {
  const operations = new Set<Action['call']['operation']>();
  const rails = new Set<string>();
  const codes = new Set<string>();
  let asides = 0;

  for (const world of fc.sample(worlds, { numRuns: 600, seed: 3 })) {
    const plan = tryPlan(world);
    if (!('actions' in plan)) continue;
    for (const { call } of plan.actions) operations.add(call.operation);
    for (const { rail } of plan.blocked) rails.add(rail);
    for (const { code } of plan.held) codes.add(code);
    asides += madeIds(plan).filter(isAside).length;
  }

  expect([...operations].toSorted()).toEqual(Object.keys(callRows).toSorted());
  expect(asides).toBeGreaterThan(1);
  expect([...rails].toSorted()).toEqual([
    'last-member',
    'last-team-admin',
    'min-admins',
    'permission',
    'prerequisite',
    'seats',
    'switch',
  ]);
  expect([...codes]).toEqual(
    expect.arrayContaining([
      'caller',
      'caller-owner',
      'protected',
      'email-cycle',
      'prerequisite-held',
      'sso-owns-username',
    ]),
  );
});
