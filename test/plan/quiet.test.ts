import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerOf } from '../../src/live/ask-again.ts';
import type { DesiredToken, DesiredUser } from '../../src/model/desired-state.ts';
import { dayMs } from '../../src/model/duration.ts';
import type { LiveToken, LiveUser } from '../../src/model/live-state.ts';
import type { Plan } from '../../src/model/plan.ts';
import { attributesLookedAt } from '../../src/model/user-attributes.ts';
import type { UserValues } from '../../src/model/user-values.ts';
import { planAsOf } from '../../src/plan/assemble-plan.ts';
import { standsUntil } from '../../src/plan/quiet.ts';
import { membership } from '../../src/resources/membership/definition.ts';
import { token } from '../../src/resources/token/definition.ts';
import { user } from '../../src/resources/user/definition.ts';
import {
  account,
  admin,
  desiredState,
  entry,
  liveState,
  liveToken,
  markedToken,
  moment,
  planBeside,
  type World,
  wantedToken,
} from '../support/build-states.ts';
import { factor } from '../support/every-plan.ts';
import { bySuite } from '../support/suite.ts';

const kinds = [user, token, membership];

function quietPlan(world: World): { readonly plan: Plan; readonly untilMs: number } | undefined {
  const { plan, matching } = planBeside(world);
  const untilMs = standsUntil(plan, matching.people, liveState(world), kinds);
  return untilMs === undefined ? undefined : { plan, untilMs };
}

const ada = account('ada');
const quietWorld: World = { accounts: [ada], entries: [entry('ada', { nickname: '' })] };
const isQuietWith = (more: World): boolean => quietPlan({ ...quietWorld, ...more }) !== undefined;

const day = (offset: number): string => new Date(moment + offset * dayMs).toISOString().slice(0, 10);
const yearMs = 365 * dayMs;

/** People whose entries say what is there, with tokens of every sort: marked on any day, ending or not, by a schedule or not, with one that they replace. */
const people = fc.array(
  fc.record({
    name: fc.constantFrom('ada', 'bob', 'cy'),
    active: fc.boolean(),
    marked: fc.option(fc.integer({ min: -900, max: 3 }), { nil: undefined }),
    endsIn: fc.option(fc.integer({ min: -400, max: 400 }), { nil: undefined }),
    rotateEvery: fc.option(fc.integer({ min: 10, max: 400 }), { nil: undefined, freq: 4 }),
    rotateBefore: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined, freq: 6 }),
    foreign: fc.option(fc.integer({ min: -400, max: 400 }), { nil: undefined }),
    declares: fc.boolean(),
    date: fc.option(fc.integer({ min: -100, max: 100 }), { nil: undefined, freq: 3 }),
    stays: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
    replaced: fc.option(fc.integer({ min: -200, max: 0 }), { nil: undefined }),
    overlap: fc.constantFrom(0, 1, 40, 300),
  }),
  { maxLength: 3 },
);

type Drawn = Parameters<Parameters<typeof people.map>[0]>[0];

/** The same files and the same server, as of a moment. */
function worldOf(drawn: Drawn, momentMs: number = moment): World {
  const unique = [...new Map(drawn.map((one) => [one.name, one])).values()];
  const accounts = unique.map(({ name, active }) => account(name, { active }));
  const byName = new Map<string, LiveUser>(accounts.map((one) => [one.values.username, one]));
  const tokens: LiveToken[] = [];
  const entries = unique.map((one): DesiredUser => {
    const {
      name,
      active,
      marked,
      endsIn,
      rotateEvery,
      rotateBefore,
      foreign,
      declares,
      date,
      stays,
      replaced,
      overlap,
    } = one;
    const live = byName.get(name) ?? account(name);
    const expiresAt = endsIn === undefined ? {} : { expiresAt: moment + endsIn * dayMs };
    if (marked !== undefined)
      tokens.push({
        ...markedToken(live, { name: 'ci', generation: 2, date: day(marked) }, { id: `marked-${name}` }),
        ...expiresAt,
      });
    if (marked !== undefined && replaced !== undefined)
      tokens.push(
        markedToken(live, { name: 'ci', generation: 1, date: day(marked + replaced) }, { id: `old-${name}` }),
      );
    if (foreign !== undefined)
      tokens.push(
        liveToken(live, { id: `foreign-${name}`, description: 'by hand', expiresAt: moment + foreign * dayMs }),
      );
    const wanted: DesiredToken[] =
      marked === undefined || !active
        ? []
        : [
            wantedToken('ci', {
              generation: 2,
              overlapMs: overlap * dayMs,
              ...(rotateEvery !== undefined && { rotateEveryMs: rotateEvery * dayMs }),
              ...(rotateBefore !== undefined && { rotateBeforeMs: rotateBefore * dayMs }),
            }),
          ];
    // Who is here goes on that day, and who is not comes, for good or for some days.
    const dateMs = moment + (date ?? 0) * dayMs;
    const endsMs = stays === undefined ? Number.POSITIVE_INFINITY : dateMs + stays * dayMs;
    const isIn = active ? momentMs < dateMs : momentMs >= dateMs && momentMs < endsMs;
    const dates = active ? { endsMs: dateMs } : { startsMs: dateMs, ...(stays !== undefined && { endsMs }) };
    return entry(
      name,
      { active: date === undefined ? active : isIn },
      { ...(declares && { tokens: wanted }), ...(date !== undefined && { window: 'by a date', dates }) },
    );
  });
  return { accounts, entries, tokens, desired: { momentMs } };
}

test('what a quiet plan says is said at every moment until the one that it names', () => {
  const counted = { never: 0, dated: 0 };
  fc.assert(
    fc.property(people, fc.double({ min: 0, max: 1, noNaN: true }), (drawn, share) => {
      const found = quietPlan(worldOf(drawn));
      if (found === undefined) return;
      const { plan, untilMs } = found;
      const isNever = untilMs === Number.POSITIVE_INFINITY;
      counted[isNever ? 'never' : 'dated']++;
      const lastMs = isNever ? moment + 5 * yearMs : untilMs - 1;

      for (const momentMs of [lastMs, Math.floor(moment + share * (lastMs - moment))]) {
        const later = planBeside(worldOf(drawn, momentMs)).plan;
        expect(later).toEqual(planAsOf(plan, plan.desired.digest, momentMs));
      }
    }),
    { numRuns: bySuite({ short: 300, long: 5000 }) * factor },
  );
  expect(Math.min(counted.never, counted.dated)).toBeGreaterThan(10);
});

/** What accounts become: mostly other texts that entries do not name, seldom one that the server would refuse, or something that counts. */
const others = fc
  .tuple(
    fc.record(
      {
        first_name: fc.constant('Other'),
        nickname: fc.constant('Other'),
        position: fc.constant('Other'),
        locale: fc.constant('de'),
        timezone: fc.constantFrom({ automaticTimezone: 'Other' }, {}),
        notify_props: fc.constantFrom({ desktop: 'other' }, {}),
        props: fc.constant({ customStatus: '{"text":"away"}' }),
      },
      { requiredKeys: [] },
    ),
    fc.option(
      fc.constantFrom<Partial<UserValues>>(
        { nickname: 'x'.repeat(99) },
        { position: 'x'.repeat(199) },
        { locale: 'xx' },
        { props: { customStatus: 'broken' } },
        { roles: ['system_user', 'system_admin'] },
        { mfa: 'on' },
        { auth: { service: 'saml', data: 'y' } },
        { email: 'other@example.com' },
      ),
      { nil: {}, freq: 3 },
    ),
  )
  .map(([texts, odd]) => ({ ...texts, ...odd }));

test('where of every account all is the same that counts in an answer, a quiet plan is the same', () => {
  let same = 0;
  fc.assert(
    fc.property(people, fc.constantFrom('email', 'saml', 'ldap'), others, (drawn, service, other) => {
      const world = worldOf(drawn);
      const [auth, roles] = [{ service, ...(service !== 'email' && { data: 'x' }) }, ['system_user', 'system_admin']];
      const accounts = [...(world.accounts ?? []), account('stranger', { auth, roles })];
      const plan = quietPlan({ ...world, accounts })?.plan;
      const changed = accounts.map((live): LiveUser => ({ ...live, values: { ...live.values, ...other } }));
      const attributes = [...attributesLookedAt(world.entries ?? [])];
      if (plan === undefined || answerOf(changed, attributes).digest !== answerOf(accounts, attributes).digest) return;
      same++;

      expect(planBeside({ ...world, accounts: changed }).plan).toEqual(plan);
    }),
    { numRuns: bySuite({ short: 400, long: 5000 }) * factor },
  );
  expect(same).toBeGreaterThan(10);
});

describe('a plan is quiet', () => {
  test('where everything is as declared, and where someone is not to come and is not there', () => {
    expect(isQuietWith({})).toBe(true);
    expect(isQuietWith({ entries: [entry('ada'), entry('gone', { active: false })] })).toBe(true);
  });

  test('where it tells whose line is gone', () => {
    expect(isQuietWith({ previouslyDeclared: [{ account: account('bob'), lastDeclared: '2026-06-01' }] })).toBe(true);
  });

  test('where declared tokens never change by themselves', () => {
    const tokens = [markedToken(ada, { name: 'ci', generation: 1, date: day(-900) })];

    expect(isQuietWith({ tokens, entries: [entry('ada', {}, { tokens: [wantedToken('ci')] })] })).toBe(true);
  });
});

describe('a plan is quiet until', () => {
  const untilOf = (dates: DesiredUser['dates']): number | undefined =>
    quietPlan({ ...quietWorld, entries: [entry('ada', { active: true }, { ...(dates !== undefined && { dates }) })] })
      ?.untilMs;

  test('the first date of an entry, or the day on which the plan begins to list it', () => {
    expect(untilOf({ endsMs: moment + 9 * dayMs })).toBe(moment + 9 * dayMs);
    expect(untilOf({ endsMs: moment + 400 * dayMs })).toBe(moment + 370 * dayMs);
  });

  test('no day, where all dates have passed', () => {
    expect(untilOf({ startsMs: moment - dayMs })).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a plan is not quiet', () => {
  const declaring = (more: Partial<DesiredToken>): readonly DesiredUser[] => [
    entry('ada', {}, { tokens: [wantedToken('ci', more)] }),
  ];

  test.each<[string, World]>([
    ['has an action', { entries: [entry('ada', { nickname: 'x' })] }],
    [
      'holds a change',
      {
        entries: [entry('ada', { nickname: 'x' })],
        accounts: [account('ada', { auth: { service: 'ldap', data: 'a' } })],
      },
    ],
    [
      'blocks a change',
      { entries: [entry('ada', { active: false })], policy: { minAdmins: 3 }, accounts: [admin('ada')] },
    ],
    [
      'has a token by a schedule',
      { entries: declaring({ rotateEveryMs: 9 * yearMs }), tokens: [markedToken(ada, { name: 'ci', generation: 1 })] },
    ],
    [
      'has a token that ends',
      {
        entries: declaring({}),
        tokens: [{ ...markedToken(ada, { name: 'ci', generation: 1 }), expiresAt: moment + 9 * yearMs }],
      },
    ],
    [
      'has a token whose day is still to come',
      { entries: declaring({}), tokens: [markedToken(ada, { name: 'ci', generation: 1, date: day(1) })] },
    ],
  ])('that %s', (_, world) => {
    expect(isQuietWith(world)).toBe(false);
  });

  test('of a person whose tokens were not read', () => {
    const world: World = {
      ...quietWorld,
      entries: declaring({}),
      tokens: [markedToken(ada, { name: 'ci', generation: 1 })],
    };
    const { plan, matching } = planBeside(world);

    const nothingRead = { owned: { token: new Map(), membership: new Map() } };
    expect(standsUntil(plan, matching.people, liveState(world), kinds)).toBe(Number.POSITIVE_INFINITY);
    expect(standsUntil(plan, matching.people, nothingRead, kinds)).toBeUndefined();
  });
});

test('a plan as of another moment is the one that is made at it', () => {
  const { plan } = planBeside(quietWorld);
  const momentMs = moment + yearMs;
  const desired = desiredState(quietWorld.entries ?? [], { momentMs, digest: 'sha256:1' });

  expect(planAsOf(plan, 'sha256:1', momentMs)).toEqual(planBeside({ ...quietWorld, desired }).plan);
});
