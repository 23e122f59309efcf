import { describe, expect, test } from 'vitest';
import { resolvePolicy } from '../../src/config/settings.ts';
import { type Approval, type Budget, type Budgets, defaultBudgets, limitOf } from '../../src/model/approval.ts';
import { budgetRowOf, type ChangeClassRow, changeClasses, changeClassRows } from '../../src/model/change-classes.ts';
import type { DesiredUser } from '../../src/model/desired-state.ts';
import { identityOf } from '../../src/model/identity.ts';
import type { LiveUser } from '../../src/model/live-state.ts';
import type { Change, ChangeClass, Plan } from '../../src/model/plan.ts';
import { unreadableCount, type WindowUse } from '../../src/model/window-use.ts';
import type { PersonChange } from '../../src/plan/person-change.ts';
import { budgetRail, type Population, populationOf } from '../../src/plan/rails/budgets.ts';
import { kinds } from '../../src/resources/index.ts';
import {
  account,
  admin,
  blockedOf,
  classesOf,
  contextOf,
  defaultPolicy,
  entry,
  liveToken,
  personOf,
  planOf,
  root,
  spare,
  type World,
  wantedToken,
} from '../support/build-states.ts';
import { share } from '../support/suite.ts';

/** A plan with budgets as they are by default, unless the world's policy says otherwise. */
function planWith(world: World, approvals: readonly Approval[] = []): Plan {
  const withBudgets = { ...world, policy: { budgets: defaultBudgets, ...world.policy } };
  return planOf(withBudgets, { approvals });
}

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `person${i}`);

function changesOfClass(name: ChangeClass, count: number): readonly PersonChange[] {
  return names(count).map((username) => {
    const change: Change = {
      id: `${username}/${name}`,
      class: name,
      person: username,
      attribute: 'x',
      reason: { text: '' },
    };
    return { person: personOf(entry(username), account(username)), change };
  });
}

/** As many active people, and as many tokens. */
function populationOfSize(size: number): Population {
  const wanted = entry('ada', {}, { tokens: [wantedToken('ci')] });
  const person = personOf(wanted, account('ada'), { tokens: [liveToken('ada')] });
  return populationOf(
    Array.from({ length: size }, () => person),
    kinds,
    defaultPolicy,
  );
}

function blockedBy(budgets: Budgets, changes: readonly PersonChange[], population: Population): number {
  return budgetRail(budgets, [], population).check(changes, contextOf({})).size;
}

describe('by default, a class', () => {
  test.each<[ChangeClass, ofEight: number, ofEightThousand: number]>([
    ['deactivate', 2, 25],
    ['admin-loss', 1, 1],
    ['admin-gain', 2, 2],
    ['auth', 2, 800],
    ['mfa', 2, 800],
    ['guest', 5, 800],
    ['email', 2, 50],
    ['rename', 2, 50],
    ['activate', 5, 5],
    ['token-revoke', 5, 800],
    ['create', 50, 800],
    ['token-create', 10, 800],
  ])('%s may concern %i of 8 and %i of 8,000, and not one more', (name, ofEight, ofEightThousand) => {
    for (const [size, limit] of [
      [8, ofEight],
      [8000, ofEightThousand],
    ] as const) {
      const population = populationOfSize(size);

      expect(blockedBy(defaultBudgets, changesOfClass(name, limit), population)).toBe(0);
      expect(blockedBy(defaultBudgets, changesOfClass(name, limit + 1), population)).toBe(limit + 1);
    }
  });

  test('what takes access away, or changes how people get in, and cannot be taken back has a limit', () => {
    const isFinal = ({ access, inverse }: ChangeClassRow): boolean =>
      inverse === undefined && access !== 'gives' && access !== 'none';
    const final = changeClasses.filter((name) => isFinal(changeClassRows[name]));

    expect(final).toEqual(['guest', 'auth', 'mfa', 'token-revoke']);
    for (const name of final) expect(budgetRowOf(name).byDefault, name).toBeDefined();
  });

  test('guests who are new are counted as new people alone: none of them stays a member', () => {
    const users = names(40).map((name) => entry(name, { email: `${name}@example.com`, roles: ['system_guest'] }));

    const plan = planWith({ entries: users });

    expect(plan.summary.changes).toEqual({ create: 40, guest: 40 });
    expect(plan.blocked).toEqual([]);
  });

  test.each<ChangeClass>(['update', 'role-grant', 'role-revoke', 'token-enable', 'token-disable'])(
    '%s has no budget',
    (name) => {
      expect(blockedBy(defaultBudgets, changesOfClass(name, 8000), populationOfSize(8))).toBe(0);
    },
  );
});

test.each<[Budget, number, number]>([
  [{ maxShare: 0.29, floor: 0 }, 100, 29],
  [{ maxShare: 0.07, floor: 0 }, 100, 7],
  [{ maxShare: 0.05, floor: 2 }, 0, 2],
  [{ maxShare: 0.05, floor: 2 }, 59, 2],
  [{ maxShare: 0.05, floor: 2 }, 60, 3],
  [{ maxShare: 1, floor: 0 }, 8000, 8000],
  [{ maxShare: 1, floor: 0, cap: 0 }, 8000, 0],
  [{ maxShare: 0, floor: 9, cap: 3 }, 8000, 3],
])('the limit of %j for %i is %i', (budget, population, limit) => {
  expect(limitOf(budget, population)).toBe(limit);
});

/** Of so many active people, the first ones leave; one more gets a nickname. */
function leaving(size: number, leavers: number): World {
  const accounts = names(size).map((name) => account(name));
  const entries = accounts.map(({ values }, i) => {
    if (i < leavers) return entry(values.username, { active: false });
    return entry(values.username, i === size - 1 ? { nickname: 'Changed' } : {});
  });
  return { entries, accounts };
}

describe('a plan over budget', () => {
  const sizes = [
    [8, 2],
    [8000, 25],
  ] as const;

  test.each(share(sizes, 2))(
    'of %i people lets %i leave, blocks the whole class from one more on, and leaves the rest usable',
    (size, limit) => {
      const atLimit = planWith(leaving(size, limit));
      const over = planWith(leaving(size, limit + 1));

      expect(atLimit.summary.changes).toEqual({ deactivate: limit, update: 1 });
      expect(atLimit.blocked).toEqual([]);
      expect(over.summary.changes).toEqual({ update: 1 });
      expect(over.blocked.map(({ rail }) => rail)).toEqual(Array.from({ length: limit + 1 }, () => 'budget'));
      expect(over.blocked[0]?.reason).toBe(`deactivate of ${limit + 1} people, and the budget is ${limit}`);
    },
  );

  test('says what an approval has to name', () => {
    const { blocked } = planWith(leaving(8, 3));

    const digests = new Set(blocked.map((one) => one.approval));
    expect(digests.size).toBe(1);
    expect([...digests][0]).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(blocked[0]?.hint).toContain(`by changes: ${blocked[0]?.approval ?? '?'}`);
  });

  test('counts people who are declared and active, not accounts on the server', () => {
    const strangers = names(400).map((name) => account(`stranger-${name}`));
    const accounts = [...names(8).map((name) => account(name)), account('away', { active: false })];
    const entries = [
      ...names(8).map((name, i) => entry(name, i < 3 ? { active: false } : {})),
      entry('away', { active: false }),
    ];

    const { blocked } = planWith({ entries, accounts, others: [root, spare, ...strangers] });

    expect(blocked.map(({ reason }) => reason)[0]).toBe('deactivate of 3 people, and the budget is 2');
  });

  test('counts a person once, and tokens each', () => {
    const ada = account('ada');
    const tokens = names(6).map(() => liveToken(ada));
    const world: World = { entries: [entry('ada', {}, { tokens: [] })], accounts: [ada], tokens };

    const six = planWith({ ...world, policy: { foreignTokens: 'revoke', budgets: defaultBudgets } });
    const five = planWith({
      ...world,
      tokens: tokens.slice(1),
      policy: { foreignTokens: 'revoke', budgets: defaultBudgets },
    });

    expect(blockedOf(six)).toHaveLength(6);
    expect(six.blocked[0]?.reason).toBe('token-revoke of 6 tokens, and the budget is 5');
    expect(classesOf(five)).toEqual(Array.from({ length: 5 }, () => 'token-revoke'));
  });

  test('takes along what makes no sense without it', () => {
    const accounts = names(8).map((name) => account(name, { active: false }));
    const entries = names(8).map((name) => entry(name, { active: true }, { tokens: [wantedToken('ci')] }));

    const { blocked, actions } = planWith({ entries, accounts });

    expect(actions).toEqual([]);
    expect(blocked.filter(({ rail }) => rail === 'budget')).toHaveLength(8);
    expect(blocked.filter(({ rail }) => rail === 'prerequisite')).toHaveLength(8);
  });
});

test('what has been blocked for another reason spends no budget', () => {
  const accounts = [...names(8).map((name) => account(name)), admin('boss')];
  const entries = [
    ...names(8).map((name, i) => entry(name, i < 2 ? { active: false } : {})),
    entry('boss', { active: false }),
  ];

  const { blocked, summary } = planWith({
    entries,
    accounts,
    others: [root],
    policy: { minAdmins: 2, budgets: defaultBudgets },
  });

  expect(blocked.map(({ change, rail }) => [change.person, rail])).toEqual([['boss', 'min-admins']]);
  expect(summary.changes['deactivate']).toBe(2);
});

describe('with what was used in the last 24 hours', () => {
  const three: Budgets = { deactivate: { maxShare: 0, floor: 3 } };
  const use = (used: readonly string[], recorded?: number, freesMs?: number): WindowUse => ({
    used: new Map([['deactivate', new Set(used)]]),
    recorded: recorded === undefined ? new Map() : new Map([['deactivate', recorded]]),
    freesMs: freesMs === undefined ? new Map() : new Map([['deactivate', freesMs]]),
    state: 'known',
  });
  const idOf = (name: string): string => account(name).id;
  const blocks = (count: number, window: WindowUse): readonly string[] =>
    [
      ...budgetRail(three, [], populationOfSize(8), window)
        .check(changesOfClass('deactivate', count), contextOf({}))
        .values(),
    ].map(({ reason }) => reason);

  test.each<[what: string, now: number, window: WindowUse, before: number | undefined]>([
    ['nothing', 3, use([]), undefined],
    ['others', 1, use(['x', 'y']), undefined],
    ['others, and one too many', 2, use(['x', 'y']), 2],
    ['the same people', 3, use(names(3).map(idOf)), undefined],
    ['some of the same people', 3, use(['x', idOf('person0')]), 1],
    ['more on the server than here', 1, use(['x'], 3), 3],
    ['as many on the server as here', 3, use(names(3).map(idOf), 3), undefined],
    ['fewer on the server than here', 1, use(['x', 'y'], 1), undefined],
    ['more than the budget by an approval, of the same people', 2, use([...names(2).map(idOf), 'x', 'y']), 2],
  ])('%s: of 3, %i more', (_, now, window, before) => {
    const expected =
      before === undefined
        ? []
        : [
            `deactivate of ${now} ${now === 1 ? 'person' : 'people'} after ${before} in the last 24 hours, and the budget is 3`,
          ];

    expect([...new Set(blocks(now, window))]).toEqual(expected);
  });

  test.each<[what: string, freesMs: number | undefined, hint: RegExp]>([
    ['a moment', Date.parse('2026-06-16T09:30:00Z'), /^the oldest count until 2026-06-16T09:30Z; if it is right/],
    ['no moment', undefined, /^if it is right/],
    ['a moment that no clock tells', Number.POSITIVE_INFINITY, /^if it is right/],
    ['a moment after all dates', 8.64e15, /^if it is right/],
  ])('that has %s, the hint says when they stop counting, if that is known', (_, freesMs, hint) => {
    const rail = budgetRail(three, [], populationOfSize(8), use(['x', 'y', 'z'], undefined, freesMs));
    const [block] = rail.check(changesOfClass('deactivate', 1), contextOf({})).values();

    expect(block?.hint).toMatch(hint);
  });

  test('that no one can read, the reason says so', () => {
    expect(blocks(1, use([], unreadableCount))[0]).toBe(
      'deactivate of 1 person after an unknown number in 24 hours, and the budget is 3',
    );
  });

  test('an approval lifts no more than the plan itself changes', () => {
    const window = use(['v', 'w', 'x', 'y', 'z']);
    const world = { ...leaving(8, 2), policy: { budgets: three } };
    const plan = planOf(world, { approvals: [approval(users('person0', 'person1'))], window });

    expect(plan.approvals?.map(({ lifted }) => lifted)).toEqual([2]);
    expect(plan.summary.changes['deactivate']).toBe(2);
  });
});

const limitFor = (name: ChangeClass, budgets: Record<string, object>, size: number): number | undefined => {
  const budget = resolvePolicy({ policy: { budgets } }).budgets[name];
  return budget && limitOf(budget, size);
};

describe('policy.budgets', () => {
  test.each<[string, ChangeClass, object, number | undefined]>([
    ['a cap', 'deactivate', { cap: 40 }, 40],
    ['a share, which the default cap does not cut', 'deactivate', { share: 0.5 }, 4000],
    ['a floor, likewise', 'admin-loss', { floor: 7 }, 7],
    ['a share and a cap', 'deactivate', { share: 0.5, cap: 100 }, 100],
    ['nothing at all', 'deactivate', { cap: 0 }, 0],
    ['a class without a default', 'update', { floor: 3 }, 3],
    ['a class without a default, by its cap alone', 'update', { cap: 10, share: 1 }, 10],
  ])('may name %s', (_what, name, named, limit) => {
    expect(limitFor(name, { [name]: named }, 8000)).toBe(limit);
  });

  test('leaves the other classes as they are', () => {
    const { budgets } = resolvePolicy({ policy: { budgets: { deactivate: { cap: 3 } } } });

    expect({ ...budgets, deactivate: undefined }).toEqual({ ...defaultBudgets, deactivate: undefined });
  });

  test('decides what a plan blocks', () => {
    const budgets = resolvePolicy({ policy: { budgets: { update: { floor: 1 } } } }).budgets;
    const accounts = names(3).map((name) => account(name));
    const entries = names(3).map((name, i) => entry(name, i < 2 ? { nickname: 'N' } : {}));

    expect(blockedOf(planWith({ entries, accounts, policy: { budgets } }))).toEqual([
      'person0/nickname: budget',
      'person1/nickname: budget',
    ]);
  });
});

const at = { file: 'approvals.yaml', line: 3, column: 5 };

function approval(about: Partial<Approval>): Approval {
  return {
    class: 'deactivate',
    by: 'grace',
    reason: 'the office closes',
    expires: '2026-06-20',
    state: 'valid',
    identity: identityOf(about.by ?? 'grace', []),
    at,
    lines: [at.line],
    ...about,
  };
}

const users = (...list: readonly string[]): { users: ReadonlySet<string> } => ({ users: new Set(list) });
const three = ['person0', 'person1', 'person2'];

function digestOfThree(world: World = leaving(8, 3)): string {
  return planWith(world).blocked[0]?.approval ?? '';
}

describe('an approval', () => {
  test('by users lifts the budget, and is recorded with what it lifted', () => {
    const plan = planWith(leaving(8, 3), [approval(users(...three, 'person7'))]);

    expect(plan.blocked).toEqual([]);
    expect(plan.summary.changes['deactivate']).toBe(3);
    expect(plan.approvals).toEqual([
      { class: 'deactivate', by: 'grace', reason: 'the office closes', expires: '2026-06-20', lifted: 1 },
    ]);
  });

  test('by changes lifts the budget for exactly these', () => {
    const plan = planWith(leaving(8, 3), [approval({ changes: digestOfThree() })]);

    expect(plan.summary.changes['deactivate']).toBe(3);
    expect(plan.approvals).toHaveLength(1);
  });

  test('is not recorded where it was not needed', () => {
    expect(planWith(leaving(8, 2), [approval(users(...three))]).approvals).toBeUndefined();
  });

  test.each<[string, Partial<Approval>, string]>([
    ['that lacks one person', users('person0', 'person1'), 'does not name person2'],
    ['that is a day late', { ...users(...three), state: 'expired', expires: '2026-06-14' }, 'expired on 2026-06-14'],
    ['that reaches too far ahead', { ...users(...three), state: 'too-far-ahead' }, 'more than 14 days'],
    ['of another class', { ...users(...three), class: 'activate' }, 'if it is right, approve deactivate'],
    ['of another set of changes', { changes: `sha256:${'0'.repeat(64)}` }, 'the plan has changed since'],
  ])('%s lifts nothing, and the plan says why', (_what, about, why) => {
    const plan = planWith(leaving(8, 3), [approval(about)]);

    expect(plan.blocked).toHaveLength(3);
    expect(plan.blocked[0]?.hint).toContain(why);
    expect(plan.approvals).toBeUndefined();
  });

  test('of late date and another of good date: the good one counts', () => {
    const late = approval({ ...users(...three), state: 'expired' });

    expect(planWith(leaving(8, 3), [late, approval(users(...three))]).blocked).toEqual([]);
  });

  const byThemselves: ReadonlyArray<readonly [what: string, about: () => Partial<Approval>]> = [
    ['by one of its people', () => ({ ...users(...three), by: 'person1' })],
    ['by one whom it names beside the people of the plan', () => ({ ...users(...three, 'grace'), by: 'grace' })],
    ['by the e-mail of one of its people', () => ({ ...users(...three), by: 'Person <person2@example.com>' })],
    ['of changes by one of their people', () => ({ changes: digestOfThree(), by: '@person0' })],
    [
      'by a name that muster.yaml says is one of its people',
      () => ({
        ...users(...three),
        by: 'boss',
        identity: identityOf('boss', [{ name: 'boss', emails: ['person2@example.com'], keys: [] }]),
      }),
    ],
  ];

  test.each(byThemselves)('%s lifts nothing: self-approval', (_, about) => {
    const { blocked, approvals } = planWith(leaving(8, 3), [approval(about())]);

    expect(blocked).toHaveLength(3);
    const [first] = blocked;
    expect(first?.approval_refused).toEqual({ code: 'self-approval', by: about().by, file: at.file, line: at.line });
    expect(first?.hint).toContain('let another person approve');
    expect(approvals).toBeUndefined();
  });

  test('by someone whom it does not concern counts beside one by a person whom it concerns', () => {
    const own = approval({ ...users(...three), by: 'person1' });

    expect(planWith(leaving(8, 3), [own, approval(users(...three))]).blocked).toEqual([]);
  });

  test('by changes falls with another person, another account, another value, one more or one less', () => {
    const digest = digestOfThree();
    const emails = (count: number, domain = 'new.example'): World => {
      const accounts = names(8).map((name) => account(name));
      return {
        accounts,
        entries: names(8).map((name, i) => entry(name, i < count ? { email: `${name}@${domain}` } : {})),
      };
    };
    const other: World = leaving(8, 3);
    const replaced = (other.accounts ?? []).map(
      (live: LiveUser): LiveUser => (live.values.username === 'person1' ? { ...live, id: 'somebody-else' } : live),
    );
    const swapped: readonly DesiredUser[] = names(8).map((name, i) =>
      entry(name, i > 0 && i < 4 ? { active: false } : {}),
    );

    expect(digestOfThree({ ...other, accounts: replaced })).not.toBe(digest);
    expect(digestOfThree({ ...other, entries: swapped })).not.toBe(digest);
    expect(digestOfThree(leaving(8, 4))).not.toBe(digest);
    expect(digestOfThree(leaving(20, 3))).toBe(digest);
    expect(digestOfThree(emails(3))).not.toBe(digestOfThree(emails(3, 'other.example')));
  });

  test('by changes is the same whatever the order of the files', () => {
    const world = leaving(8, 3);

    expect(digestOfThree({ ...world, entries: world.entries?.toReversed() ?? [] })).toBe(digestOfThree(world));
  });

  test('is recorded although a later rail blocks a part of what it let through', () => {
    const accounts = names(8).map((name) => account(name, { active: false }));
    const entries = names(8).map((name) => entry(name, { active: true }));
    const world: World = { entries, accounts, facts: { seats: { used: 2, limit: 4 } } };
    const digest = planWith({ ...world, facts: {} }).blocked[0]?.approval ?? '';

    const plan = planWith(world, [approval({ class: 'activate', changes: digest })]);

    expect(plan.blocked.map(({ rail }) => rail)).toEqual(Array.from({ length: 8 }, () => 'seats'));
    expect(plan.approvals?.map(({ lifted }) => lifted)).toEqual([3]);
  });

  test.each<[string, World, ChangeClass, readonly string[]]>([
    [
      'min-admins',
      {
        entries: [
          entry('a', { roles: ['system_user'] }),
          entry('b', { roles: ['system_user'] }),
          entry('c', { active: false }),
        ],
        accounts: [admin('a'), admin('b'), admin('c')],
        others: [root],
        policy: { minAdmins: 4, budgets: defaultBudgets },
      },
      'admin-loss',
      ['a', 'b', 'c'],
    ],
    [
      'permission',
      {
        ...leaving(8, 3),
        facts: { caller: { id: root.id, username: 'root', permissions: new Set(['manage_system']) } },
      },
      'deactivate',
      three,
    ],
    [
      'switch',
      {
        entries: three.map((name) => entry(name, { auth: { service: 'saml', data: name } })),
        accounts: three.map((name) => account(name)),
        facts: { signInServices: new Set(['email']) },
      },
      'auth',
      three,
    ],
    [
      'seats',
      {
        entries: names(6).map((name) => entry(name, { active: true })),
        accounts: names(6).map((name) => account(name, { active: false })),
        facts: { seats: { used: 2, limit: 2 } },
      },
      'activate',
      names(6),
    ],
  ])('never lifts %s', (rail, world, name, who) => {
    const plan = planWith(world, [approval({ class: name, ...users(...who) })]);

    const stopped = plan.blocked.filter((one) => one.change.class === name);
    expect(new Set(stopped.map((one) => one.rail))).toEqual(new Set([rail]));
    expect(classesOf(plan)).not.toContain(name);
  });
});
