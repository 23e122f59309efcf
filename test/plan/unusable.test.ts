/** One entry that cannot be used stops one person: what happens to everybody else, and to what the entry may mean. */

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DesiredUser, UnusableEntry } from '../../src/model/desired-state.ts';
import type { LiveUser } from '../../src/model/live-state.ts';
import type { Plan } from '../../src/model/plan.ts';
import { haveSameReading } from '../../src/model/readings.ts';
import { asUnusable, Doubts, readingsOfUser } from '../../src/model/unusable.ts';
import {
  account,
  admin,
  changesOf,
  entry,
  heldOf,
  liveState,
  locate,
  planBeside,
  tryPlan,
  type World,
} from '../support/build-states.ts';
import { factor } from '../support/every-plan.ts';
import { worlds } from '../support/random-worlds.ts';
import { sampleProblem } from '../support/sample-problem.ts';
import { bySuite } from '../support/suite.ts';

const spoil = (user: DesiredUser): UnusableEntry =>
  asUnusable(user, locate(user), [sampleProblem('spoilt for the test')]);

const spoilt = (users: readonly DesiredUser[], world: World): World => ({
  ...world,
  desired: { ...world.desired, unusable: users.map(spoil) },
});

const planWith = (user: DesiredUser, world: World, more: Parameters<typeof planBeside>[1] = {}): Plan =>
  planBeside(spoilt([user], world), more).plan;

describe('what a reading of an unusable entry hits is left alone', () => {
  const bob = entry('bob', { nickname: 'B' });

  test.each<[by: string, unusable: DesiredUser, live: LiveUser]>([
    ['its username', entry('bob'), account('bob')],
    ['a previous username', entry('kim', {}, { previousUsernames: ['bob'] }), account('bob')],
    ['its id, although another name is right', entry('kim', {}, { id: 'id-bob' }), account('bob')],
    ['its e-mail', entry('kim', { email: 'bob@example.com' }), account('bob')],
    ['an e-mail in brackets', entry('kim', { email: 'bob <bob@example.com>' }), account('bob')],
    ['an e-mail with a comma at its end', entry('kim', { email: 'bob@example.com,' }), account('bob')],
    [
      'the data of its sign-in, at whatever service',
      entry('kim', { auth: { service: 'ldap', data: '7' } }),
      account('bob', { auth: { service: 'saml', data: '7' } }),
    ],
  ])('by %s', (_by, unusable, live) => {
    const plan = planWith(unusable, { entries: [bob], accounts: [live] });

    expect(changesOf(plan)).toEqual([]);
    expect(heldOf(plan)).toEqual(['bob/nickname: unusable-entry']);
    expect(plan.unusable).toMatchObject([{ person: unusable.username, left_alone: ['bob'] }]);
  });

  test('and so is a person who came off an account only because the entry claims it', () => {
    const claims = entry('bob', { email: 'old@example.com' });
    const rob = entry('rob', { email: 'rob@example.com', nickname: 'R' }, { previousUsernames: ['bob'] });
    const accounts = [account('bob', { email: 'old@example.com' }), account('rob')];

    const plan = planWith(claims, { entries: [rob], accounts });

    expect(changesOf(plan)).toEqual([]);
    expect(heldOf(plan)).toEqual(['rob/nickname: unusable-entry']);
  });

  test.each<[name: string, entry: DesiredUser, accounts: readonly LiveUser[]]>([
    ['username of somebody new', entry('kim', { email: 'k@x.com' }), []],
    ['e-mail of somebody new', entry('kai', { email: 'kim@x.com' }), []],
    ['e-mail of somebody who is there', entry('kai', { email: 'kim@x.com' }), [account('kai')]],
    ['username of somebody who is there', entry('kim', {}, { id: 'id-kai' }), [account('kai')]],
  ])('and the %s is not given to another one', (_name, other, accounts) => {
    const plan = planWith(entry('kim', { email: 'kim@x.com' }), { entries: [other], accounts });

    expect(changesOf(plan)).toEqual([]);
    expect(plan.held.length).toBeGreaterThan(0);
    expect(new Set(plan.held.map(({ code }) => code))).toContain('unusable-entry');
  });

  test('and is not called undeclared', () => {
    const plan = planWith(entry('kim', { email: 'bob@example.com' }), { accounts: [account('bob'), account('eve')] });

    expect(plan.undeclared.map(({ username }) => username)).toEqual(['eve', 'root', 'spare']);
  });

  test('and its administrator does not count as one who stays', () => {
    const world: World = {
      entries: [entry('ann', { roles: ['system_user'] })],
      accounts: [admin('ann'), admin('bob')],
      others: [admin('root')],
      policy: { minAdmins: 2 },
    };

    expect(changesOf(planBeside(world).plan)).toEqual(['ann/roles/-system_admin']);
    expect(planWith(entry('bob'), world).blocked).toMatchObject([{ rail: 'min-admins' }]);
  });
});

describe('beside the server', () => {
  test.each<[code: string, entry: DesiredUser, accounts: readonly LiveUser[]]>([
    ['ambiguous-person', entry('kim', { email: 'bob@example.com' }), [account('kim'), account('bob')]],
    ['id-not-found', entry('kim', {}, { id: 'gone' }), [account('kim')]],
    ['another-person', entry('kim', { email: 'k@x.com' }), [account('kim', { active: false })]],
    ['is-a-bot', entry('kim'), [account('kim', { isBot: true })]],
    ['unknown-role', entry('kim', { roles: ['system_nothing'] }), [account('kim')]],
    ['email-missing', entry('kim'), []],
    ['auth-data-missing', entry('kim', { auth: { service: 'saml' } }), [account('kim')]],
  ])('%s stops one person', (code, one, accounts) => {
    const others = { entries: [one, entry('ada', { nickname: 'A' })], accounts: [...accounts, account('ada')] };

    const { plan, matching } = planBeside(others);

    expect(changesOf(plan)).toEqual(['ada/nickname']);
    expect(plan.unusable).toMatchObject([{ person: 'kim', problems: [{ code }] }]);
    expect(plan.summary).toMatchObject({ declared: 2, unusable: 1 });
    expect(matching.people.map(({ desired }) => desired.username)).toEqual(['ada']);
  });

  test('two entries that mean one account are both unusable', () => {
    const entries = [entry('kim', {}, { id: 'id-bob' }), entry('kai', { email: 'bob@example.com' })];

    const { plan } = planBeside({ entries, accounts: [account('bob')] });

    expect(plan.unusable?.map(({ person }) => person)).toEqual(['kim', 'kai']);
    expect(changesOf(plan)).toEqual([]);
  });

  test('an unknown role of on_create concerns only who is created', () => {
    const onCreate = { welcomeEmail: false, emailVerified: true, roles: ['system_nothing'] };
    const entries = [entry('kim', { email: 'k@x.com' }, { onCreate }), entry('ada', { nickname: 'A' }, { onCreate })];

    const { plan } = planBeside({ entries, accounts: [account('ada')] });

    expect(changesOf(plan)).toEqual(['ada/nickname']);
    expect(plan.unusable).toMatchObject([{ person: 'kim' }]);
  });

  test('roles that are owed to an unusable person stay owed', () => {
    const owedRoles = [{ run: '1', person: 'kim', account: 'id-kim', roles: ['system_post_all'] }];

    const plan = planWith(entry('kim'), { accounts: [account('kim')] }, { owedRoles });

    expect(plan.owed_roles).toEqual([{ person: 'kim', account: 'id-kim', roles: ['system_post_all'] }]);
  });
});

describe('a plan that is limited to people', () => {
  const kim = entry('kim', {}, { previousUsernames: ['bob'] });
  const world: World = {
    entries: [entry('ada', { nickname: 'A' }), entry('bob', { nickname: 'B' })],
    accounts: [account('ada'), account('bob')],
  };
  const limitedTo = (name: string): Plan => planWith(kim, world, { narrowing: { users: new Set([name]) } });

  test.each<[who: string, own: number | undefined, others: number | undefined]>([
    ['kim', 1, undefined],
    ['bob', 1, undefined],
    ['ada', undefined, 1],
  ])('to %s names the unusable entries that concern them alone', (who, own, others) => {
    const { summary } = limitedTo(who);

    expect([summary.unusable, summary.unusable_elsewhere]).toEqual([own, others]);
  });
});

const waiting = /^(unusable-entry|prerequisite-held|.*-cycle)$/;

/** What a plan does, but for the people whose entries meet a spoilt one. */
function restOf({ actions, held, blocked, scheduled }: Plan, isMet: (person: string) => boolean): unknown {
  return {
    // What an action waits for may be somebody else's.
    actions: actions.filter(({ person }) => !isMet(person)).map((one) => ({ ...one, id: '', after: [] })),
    held: held.filter(({ change }) => !isMet(change.person)),
    blocked: blocked.filter(({ change }) => !isMet(change.person)),
    scheduled: scheduled.filter(({ change }) => !isMet(change.person)),
  };
}

test('everybody else is planned as if the accounts of spoilt entries were protected', () => {
  let compared = 0;
  fc.assert(
    fc.property(worlds, fc.infiniteStream(fc.nat({ max: 3 })), (world, numbers) => {
      const entries = world.entries ?? [];
      fc.pre(entries.length > 1 && 'actions' in tryPlan(world));
      // Rails that count are tried by themselves: with fewer people declared they allow less.
      const policy = { ...world.policy, budgets: {}, minAdmins: 0, undeclaredUsers: 'ignore' as const };
      const open = { ...world, policy, facts: { ...world.facts, seats: { used: 0 } } };
      const broken = entries.filter(() => numbers.next().value === 0);
      const rest = entries.filter((one) => !broken.includes(one));
      const doubts = new Doubts(broken.map(spoil));
      const users = [...liveState(world).users.values()];
      const left = new Set(users.filter((live) => doubts.about(live).length > 0).map(({ id }) => id));

      const { plan, matching } = planBeside(spoilt(broken, { ...open, entries: rest }));
      const protect = [...(world.policy?.protect ?? []), ...[...left].map((id) => `id:${id}`)];
      const reference = planBeside({ ...open, policy: { ...open.policy, protect } }).plan;

      // Not one write to an account that a reading hits, whatever else is.
      expect(plan.actions.filter(({ account: id }) => id !== undefined && left.has(id))).toEqual([]);
      const readings = broken.map(readingsOfUser);
      const met = new Set([
        ...broken.map(({ username }) => username),
        ...matching.unusable.flatMap(({ person }) => person ?? []),
        ...matching.people.flatMap(({ desired, hits }) => {
          const isNear = hits.some(({ id }) => left.has(id));
          const own = readingsOfUser(desired);
          return isNear || readings.some((one) => haveSameReading(one, own)) ? [desired.username] : [];
        }),
      ]);
      // Who waits for a name of a spoilt person waits in both plans, for another reason.
      for (const { held, blocked } of [plan, reference]) {
        for (const { change } of blocked.filter(({ rail }) => rail === 'prerequisite')) met.add(change.person);
        for (const { change } of held.filter(({ code }) => waiting.test(code))) met.add(change.person);
      }
      const isMet = (person: string): boolean => met.has(person);
      expect(restOf(plan, isMet)).toEqual(restOf(reference, isMet));
      if (broken.length > 0 && plan.actions.some(({ person }) => !isMet(person))) compared += 1;
    }),
    { numRuns: bySuite({ short: 20, long: 80 }) * factor },
  );
  expect(compared).toBeGreaterThan(bySuite({ short: 2, long: 10 }));
});

test('with rails that count, no more is done for everybody else than without the spoilt entries being spoilt', () => {
  fc.assert(
    fc.property(worlds, fc.infiniteStream(fc.nat({ max: 3 })), (world, numbers) => {
      const whole = tryPlan(world);
      fc.pre('actions' in whole);
      const entries = world.entries ?? [];
      const broken = entries.filter(() => numbers.next().value === 0);

      const { plan } = planBeside(
        spoilt(broken, { ...world, entries: entries.filter((one) => !broken.includes(one)) }),
      );

      const names = new Set(broken.map(({ username }) => username));
      expect(plan.actions.filter(({ person }) => names.has(person))).toEqual([]);
      expect(plan.summary.unusable ?? 0).toBeGreaterThanOrEqual(broken.length);
    }),
    { numRuns: bySuite({ short: 10, long: 30 }) * factor },
  );
});
