import { describe, expect, test } from 'vitest';
import type { DesiredToken } from '../../../src/model/desired-state.ts';
import type { LiveToken, LiveUser, ServerFacts } from '../../../src/model/live-state.ts';
import type { Findings, Person } from '../../../src/model/resource-definition.ts';
import type { Policy } from '../../../src/model/settings.ts';
import { token } from '../../../src/resources/token/definition.ts';
import {
  account,
  contextOf,
  defaultPolicy,
  entry,
  liveToken,
  markedToken,
  moment,
  personOf,
  wantedToken,
} from '../../support/build-states.ts';

const hour = 3_600_000;
const ada = account('ada');
const away = account('ada', { active: false });

const foreign = liveToken(ada, { id: 'foreign' });
const foreignOff = liveToken(ada, { id: 'foreign-off', enabled: false });
/** `ci@1`, made two weeks ago. */
const ci1 = markedToken(ada, { name: 'ci', generation: 1 }, { id: 'ci1' });
const ci2 = markedToken(ada, { name: 'ci', generation: 2 }, { id: 'ci2' });
const off = (one: LiveToken): LiveToken => ({ ...one, enabled: false });

/** Each finding as a line: where it stands, and the change. */
function linesOf({ changes, held, scheduled, notices, problems }: Findings): readonly string[] {
  return [
    ...changes.map(({ id }) => id),
    ...held.map(({ change, code }) => `held ${change.id} ${code}`),
    ...scheduled.map(({ change, due }) => `scheduled ${change.id} ${due}`),
    ...notices.map(({ code }) => `notice ${code}`),
    ...problems.map(({ code }) => `problem ${code}`),
  ];
}

interface Case {
  readonly live?: LiveUser;
  readonly wanted?: readonly DesiredToken[];
  readonly active?: boolean;
  readonly tokens?: readonly LiveToken[];
  readonly policy?: Partial<Policy>;
  readonly facts?: Partial<ServerFacts>;
}

function find({ live = ada, wanted, active, tokens = [], policy = {}, facts = {} }: Case): Findings {
  const values = active === undefined ? {} : { active };
  const desired = entry('ada', values, wanted === undefined ? {} : { tokens: wanted });
  const world = { tokens, policy: { ...defaultPolicy, ...policy }, facts };
  return token.diff(personOf(desired, live, world), contextOf(world));
}

const revoke = (id: string): string => `ada/tokens/${id}/token-revoke`;
const disable = (id: string): string => `ada/tokens/${id}/token-disable`;
const enable = (id: string): string => `ada/tokens/${id}/token-enable`;
const create = (name: string): string => `ada/tokens/${name}/token-create`;

type Row = readonly [title: string, given: Case, expected: readonly string[]];

const ci = (options: Partial<DesiredToken> = {}): readonly DesiredToken[] => [wantedToken('ci', options)];

const declared: readonly Row[] = [
  ['no tokens named: none of them is touched', { tokens: [ci1, foreign] }, ['notice foreign-tokens']],
  [
    'the empty list: those that muster made go',
    { wanted: [], tokens: [ci1, foreign] },
    [revoke('ci1'), 'notice foreign-tokens'],
  ],
  ['a token that is not there', { wanted: ci() }, [create('ci@1')]],
  ['a token that is there', { wanted: ci(), tokens: [ci1] }, []],
  ['a token that is there and disabled', { wanted: ci(), tokens: [off(ci1)] }, [enable('ci1')]],
  ['a token that is wanted disabled', { wanted: ci({ enabled: false }), tokens: [ci1] }, [disable('ci1')]],
  ['a token that is disabled as wanted', { wanted: ci({ enabled: false }), tokens: [off(ci1)] }, []],
  ['a token that is wanted disabled and not there: none is made', { wanted: ci({ enabled: false }) }, []],
  [
    'a token that is no longer listed, disabled or not',
    { wanted: ci(), tokens: [ci1, markedToken(ada, { name: 'old', generation: 1 }, { id: 'old', enabled: false })] },
    [revoke('old')],
  ],
  [
    'a foreign token that has the wanted name',
    { wanted: ci(), tokens: [liveToken(ada, { description: 'ci@1' })] },
    [create('ci@1'), 'notice foreign-tokens'],
  ],
  ['one mark on two tokens', { wanted: ci(), tokens: [ci1, { ...ci1, id: 'twin' }] }, ['notice token-made-twice']],
  [
    'one mark on two tokens, wanted disabled: both are',
    { wanted: ci({ enabled: false }), tokens: [ci1, { ...ci1, id: 'twin' }] },
    [disable('ci1'), disable('twin'), 'notice token-made-twice'],
  ],
  ['a generation that was lowered', { wanted: ci(), tokens: [ci2] }, [`held ${create('ci@1')} generation-lowered`]],
  [
    'a generation that was lowered, with both there: nothing is guessed',
    { wanted: ci(), tokens: [ci1, ci2] },
    [`held ${create('ci@1')} generation-lowered`],
  ],
];

const inTime = '2026-06-17T00:00:00.000Z';
const newToday = markedToken(ada, { name: 'ci', generation: 2, date: '2026-06-15' }, { id: 'ci2' });

const day = 24 * hour;
const on = (date: string, id: string, options: Partial<LiveToken> = {}): LiveToken =>
  markedToken(ada, { name: 'ci', generation: 1, date }, { id, ...options });
const aged = ci({ rotateEveryMs: 14 * day, overlapMs: 24 * hour });

const byDate: readonly Row[] = [
  [
    'not due: both days are scheduled',
    { wanted: aged, tokens: [on('2026-06-10', 'a')] },
    [`scheduled ${create('ci@1')} 2026-06-24T00:00:00.000Z`, `scheduled ${revoke('a')} 2026-06-26T00:00:00.000Z`],
  ],
  [
    'due: made, and the old one goes later',
    { wanted: aged, tokens: [on('2026-06-01', 'a')] },
    [create('ci@1'), `scheduled ${revoke('a')} 2026-06-17T00:00:00.000Z`],
  ],
  [
    'due on the day itself, without an overlap',
    { wanted: ci({ rotateEveryMs: 14 * day }), tokens: [on('2026-06-01', 'a')] },
    [create('ci@1'), revoke('a')],
  ],
  [
    'the newer of one generation wins; the older goes when its own overlap is over, however late',
    { wanted: aged, tokens: [on('2026-05-01', 'a'), on('2026-05-20', 'b')] },
    [create('ci@1'), revoke('a'), `scheduled ${revoke('b')} 2026-06-17T00:00:00.000Z`],
  ],
  [
    'a lower generation is older than every day of a higher one',
    {
      wanted: ci({ generation: 2, rotateEveryMs: 30 * day, overlapMs: 30 * day }),
      tokens: [on('2026-06-14', 'a'), markedToken(ada, { name: 'ci', generation: 2, date: '2026-06-02' }, { id: 'b' })],
    },
    [
      `scheduled ${create('ci@2')} 2026-07-02T00:00:00.000Z`,
      `scheduled ${revoke('b')} 2026-08-02T00:00:00.000Z`,
      `scheduled ${revoke('a')} 2026-07-03T00:00:00.000Z`,
    ],
  ],
  [
    'a generation that was raised is made at once',
    { wanted: ci({ generation: 2, rotateEveryMs: 90 * day }), tokens: [on('2026-06-14', 'a')] },
    [create('ci@2'), revoke('a')],
  ],
  [
    'two of one day: neither is newer, and the next rotation takes both',
    { wanted: ci({ rotateEveryMs: 14 * day }), tokens: [on('2026-06-01', 'a'), on('2026-06-01', 'b')] },
    [create('ci@1'), revoke('a'), revoke('b'), 'notice token-made-twice'],
  ],
  [
    'wanted disabled: nothing is rotated, and every one is disabled',
    {
      wanted: ci({ rotateEveryMs: 14 * day, overlapMs: 90 * day, enabled: false }),
      tokens: [on('2026-05-01', 'a'), on('2026-05-20', 'b')],
    },
    [disable('b'), disable('a'), `scheduled ${revoke('a')} 2026-08-19T00:00:00.000Z`],
  ],
  [
    'disabled and due: what goes at once is not enabled before',
    { wanted: ci({ rotateEveryMs: 14 * day }), tokens: [on('2026-06-01', 'a', { enabled: false })] },
    [create('ci@1'), revoke('a')],
  ],
  [
    'a mark of a day to come tells no age',
    { wanted: aged, tokens: [on('2030-01-01', 'a')] },
    ['notice token-mark-ahead'],
  ],
  [
    'due before the expiry that the server shows',
    {
      wanted: ci({ rotateBeforeMs: 14 * day, expiresInMs: 30 * day }),
      tokens: [on('2026-06-01', 'a', { expiresAt: moment + 14 * day })],
      facts: { version: '11.9.0' },
    },
    [create('ci@1'), revoke('a')],
  ],
  [
    'a returner brings the newest alone',
    { live: away, active: true, wanted: aged, tokens: [on('2026-06-10', 'a'), on('2026-06-14', 'b')] },
    [
      disable('a'),
      `scheduled ${create('ci@1')} 2026-06-28T00:00:00.000Z`,
      `scheduled ${revoke('b')} 2026-06-30T00:00:00.000Z`,
      `scheduled ${revoke('a')} 2026-06-16T00:00:00.000Z`,
    ],
  ],
  ['a leaver rotates nothing', { active: false, wanted: aged, tokens: [on('2026-06-01', 'a')] }, [disable('a')]],
];

const rotations: readonly Row[] = [
  [
    'without an overlap: made, and the old one goes',
    { wanted: ci({ generation: 2 }), tokens: [ci1] },
    [create('ci@2'), revoke('ci1')],
  ],
  [
    'with an overlap: made, and the old one goes later',
    { wanted: ci({ generation: 2, overlapMs: 24 * hour }), tokens: [ci1] },
    [create('ci@2'), `scheduled ${revoke('ci1')} ${inTime}`],
  ],
  [
    'while the overlap runs, counted from the end of the day',
    { wanted: ci({ generation: 2, overlapMs: 24 * hour }), tokens: [ci1, newToday] },
    [`scheduled ${revoke('ci1')} 2026-06-17T00:00:00.000Z`],
  ],
  [
    'when the overlap is over',
    { wanted: ci({ generation: 2, overlapMs: 24 * hour }), tokens: [ci1, ci2] },
    [revoke('ci1')],
  ],
  [
    'with the new one there and no overlap',
    { wanted: ci({ generation: 2 }), tokens: [ci1, newToday] },
    [revoke('ci1')],
  ],
  [
    'over several generations: all the old ones go',
    { wanted: ci({ generation: 3 }), tokens: [ci1, off(ci2)] },
    [create('ci@3'), revoke('ci1'), revoke('ci2')],
  ],
  [
    'with the new mark on two tokens: the overlap counts from the later one',
    {
      wanted: ci({ generation: 2, overlapMs: 24 * hour }),
      tokens: [ci1, ci2, { ...newToday, id: 'ci2-later' }],
    },
    [`scheduled ${revoke('ci1')} 2026-06-17T00:00:00.000Z`, 'notice token-made-twice'],
  ],
  [
    'of a token that is wanted disabled: none is made, and the old one is disabled',
    { wanted: ci({ generation: 2, enabled: false }), tokens: [ci1] },
    [disable('ci1')],
  ],
  [
    'of a token that is disabled in the overlap: the old one does not live on',
    { wanted: ci({ generation: 2, enabled: false, overlapMs: 24 * hour }), tokens: [ci1, newToday] },
    [disable('ci2'), disable('ci1'), `scheduled ${revoke('ci1')} 2026-06-17T00:00:00.000Z`],
  ],
  [
    'of a token that is disabled, with everything disabled: only the time is waited for',
    { wanted: ci({ generation: 2, enabled: false, overlapMs: 24 * hour }), tokens: [off(ci1), off(newToday)] },
    [`scheduled ${revoke('ci1')} 2026-06-17T00:00:00.000Z`],
  ],
];

const old: Partial<ServerFacts> = { version: '11.8.0' };
const recent: Partial<ServerFacts> = { version: '11.9.0' };
const strict: Partial<ServerFacts> = { ...recent, maxTokenLifetimeMs: 30 * 24 * hour };
const forAWeek = { expiresInMs: 7 * 24 * hour };
const dayIn = (hours: number): string => new Date(moment + hours * hour).toISOString();
const ends = (one: LiveToken, inMs: number): LiveToken => ({ ...one, expiresAt: moment + inMs });

const expiries: readonly Row[] = [
  ['of a new token, where the server knows them', { wanted: ci(forAWeek), facts: recent }, [create('ci@1')]],
  [
    'of a new token, where it does not: nothing is made',
    { wanted: ci(forAWeek), facts: old },
    [`held ${create('ci@1')} token-expiry-not-there`],
  ],
  [
    'of a new token, where it does not: the previous one stays, and is not scheduled to go',
    { wanted: ci({ ...forAWeek, generation: 2, overlapMs: hour }), facts: old, tokens: [ci1] },
    [`held ${create('ci@2')} token-expiry-not-there`],
  ],
  [
    'of none, where the server wants one',
    { wanted: ci(), facts: strict },
    [`held ${create('ci@1')} token-expiry-required`],
  ],
  ['of a token that is there without one: never compared', { wanted: ci(forAWeek), facts: recent, tokens: [ci1] }, []],
  ['of a token that is there, on an old server', { wanted: ci(forAWeek), facts: old, tokens: [ci1] }, []],
  [
    'of a token that is there with another one: never compared, and made again when the server has deleted it',
    { wanted: ci(forAWeek), facts: recent, tokens: [ends(ci1, 900 * 24 * hour)] },
    [`scheduled ${create('ci@1')} ${dayIn(900 * 24)}`],
  ],
  ['of a token that is there, and lives too long', { wanted: ci(), facts: strict, tokens: [ci1] }, []],
  [
    'of a token that has expired: it is there, and made again as soon as the server has deleted it',
    { wanted: ci(forAWeek), facts: recent, tokens: [ends(ci1, -1)] },
    [`scheduled ${create('ci@1')} ${dayIn(0)}`, 'notice token-expired'],
  ],
  [
    'of a token that will soon, whether the entry says so or not',
    { wanted: ci(), facts: recent, tokens: [ends(ci1, hour)] },
    [`scheduled ${create('ci@1')} ${dayIn(1)}`, 'notice token-expires-soon'],
  ],
  [
    'of a token that is wanted disabled: nobody misses it',
    { wanted: ci({ enabled: false }), facts: old, tokens: [ends(off(ci1), -1)] },
    [],
  ],
  [
    'of the previous generation: a person has decided',
    { wanted: ci({ ...forAWeek, generation: 2 }), facts: recent, tokens: [ends(ci1, -1)] },
    [create('ci@2'), revoke('ci1')],
  ],
  ['of a token that is not declared', { facts: recent, tokens: [ends(ci1, -1)] }, []],
  ['of a leaver’s token', { active: false, wanted: ci(), tokens: [ends(ci1, -1)] }, [disable('ci1')]],
  [
    'of a new token for somebody who comes back, where the server knows none: the previous one goes all the same',
    { live: away, active: true, wanted: ci({ ...forAWeek, generation: 2 }), facts: old, tokens: [ci1] },
    [disable('ci1'), `held ${create('ci@2')} token-expiry-not-there`],
  ],
];

const leavers: readonly Row[] = [
  [
    'all tokens are disabled, foreign ones too',
    { active: false, tokens: [ci1, foreign] },
    [disable('ci1'), disable('foreign')],
  ],
  ['a disabled token is left', { active: false, tokens: [off(ci1), foreignOff] }, []],
  [
    'all tokens are revoked, disabled ones too, if the policy says so',
    { active: false, tokens: [off(ci1), foreign], policy: { leaverTokens: 'revoke' } },
    [revoke('ci1'), revoke('foreign')],
  ],
  [
    'all tokens stay, if the policy says so',
    { active: false, tokens: [ci1, foreign], policy: { leaverTokens: 'keep' } },
    ['notice foreign-tokens'],
  ],
  [
    'what the entry lists counts no more',
    { active: false, wanted: ci({ generation: 2 }), tokens: [ci1] },
    [disable('ci1')],
  ],
  [
    'foreign tokens get what leavers get',
    { active: false, tokens: [foreign], policy: { foreignTokens: 'revoke' } },
    [disable('foreign')],
  ],
  [
    'left-over tokens of somebody who is away go as well',
    { live: away, active: false, tokens: [ci1] },
    [disable('ci1')],
  ],
  [
    'left-over tokens of somebody of whom nothing is said stay',
    { live: away, tokens: [ci1, foreign, foreignOff] },
    ['notice foreign-tokens'],
  ],
  ['left-over tokens of somebody of whom only tokens are said stay', { live: away, wanted: [], tokens: [ci1] }, []],
];

const returners: readonly Row[] = [
  [
    'no token of before lives',
    { live: away, active: true, tokens: [ci1, foreign, foreignOff] },
    [disable('ci1'), disable('foreign'), 'notice foreign-tokens'],
  ],
  ['the listed ones live', { live: away, active: true, wanted: ci(), tokens: [ci1] }, []],
  ['the listed ones live again', { live: away, active: true, wanted: ci(), tokens: [off(ci1)] }, [enable('ci1')]],
  ['those of muster that are not listed go', { live: away, active: true, wanted: [], tokens: [ci1] }, [revoke('ci1')]],
  [
    'those that are listed as disabled are disabled',
    { live: away, active: true, wanted: ci({ enabled: false }), tokens: [ci1] },
    [disable('ci1')],
  ],
  ['new ones are made', { live: away, active: true, wanted: ci(), tokens: [] }, [create('ci@1')]],
  [
    'an older generation goes at once',
    { live: away, active: true, wanted: ci({ generation: 2 }), tokens: [ci1] },
    [create('ci@2'), revoke('ci1')],
  ],
  [
    'an older generation is disabled, although its overlap would run',
    { live: away, active: true, wanted: ci({ generation: 2, overlapMs: 24 * hour }), tokens: [ci1] },
    [create('ci@2'), disable('ci1'), `scheduled ${revoke('ci1')} ${inTime}`],
  ],
  [
    'a newer generation than the listed one is disabled',
    { live: away, active: true, wanted: ci(), tokens: [ci2] },
    [disable('ci2'), `held ${create('ci@1')} generation-lowered`],
  ],
  [
    'foreign ones are revoked if the policy says so',
    { live: away, active: true, tokens: [foreign], policy: { foreignTokens: 'revoke' } },
    [revoke('foreign')],
  ],
  [
    'foreign ones are disabled even if the policy ignores them',
    { live: away, active: true, tokens: [foreign], policy: { foreignTokens: 'ignore' } },
    [disable('foreign')],
  ],
];

const foreigners: readonly Row[] = [
  ['ignored', { tokens: [foreign], policy: { foreignTokens: 'ignore' } }, []],
  ['reported', { tokens: [foreign, foreignOff] }, ['notice foreign-tokens']],
  ['not reported where there are none', { tokens: [ci1] }, []],
  ['disabled', { tokens: [foreign, foreignOff, ci1], policy: { foreignTokens: 'disable' } }, [disable('foreign')]],
  [
    'revoked, disabled ones too',
    { tokens: [foreign, foreignOff, ci1], policy: { foreignTokens: 'revoke' } },
    [revoke('foreign'), revoke('foreign-off')],
  ],
];

describe('compares declared tokens:', () => {
  test.each(declared)('%s', (_, given, expected) => {
    expect(linesOf(find(given))).toEqual(expected);
  });
});

describe('rotates', () => {
  test.each([...rotations, ...byDate])('%s', (_, given, expected) => {
    expect(linesOf(find(given))).toEqual(expected);
  });

  test.each([...rotations, ...byDate])('%s, with the tokens in the other order', (_, given, expected) => {
    const found = linesOf(find({ ...given, tokens: (given.tokens ?? []).toReversed() }));

    expect(found.toSorted()).toEqual(expected.toSorted());
  });
});

describe('looks at the expiry', () => {
  test.each(expiries)('%s', (_, given, expected) => {
    expect(linesOf(find(given))).toEqual(expected);
  });
});

describe('when someone leaves,', () => {
  test.each(leavers)('%s', (_, given, expected) => {
    expect(linesOf(find(given))).toEqual(expected);
  });
});

describe('when someone comes back,', () => {
  test.each(returners)('%s', (_, given, expected) => {
    expect(linesOf(find(given))).toEqual(expected);
  });
});

describe('foreign tokens are', () => {
  test.each(foreigners)('%s', (_, given, expected) => {
    expect(linesOf(find(given))).toEqual(expected);
  });
});

/** A person of whom nobody asked for tokens. */
function unasked(given: Case): Person {
  const values = given.active === undefined ? {} : { active: given.active };
  const desired = entry('ada', values, given.wanted === undefined ? {} : { tokens: given.wanted });
  const live = given.live ?? ada;
  return { ...personOf(desired, live), live: { user: live } };
}

describe('never concludes from tokens that no one asked for', () => {
  test.each<Row>([
    ['that a declared one has to be made', { wanted: ci() }, ['problem tokens-not-read']],
    ['that a returner has none', { live: away, active: true }, ['problem tokens-not-read']],
    ['that a leaver has none', { active: false }, ['problem tokens-not-read']],
    ['anything about people whose tokens do not matter', { active: true }, []],
    ['anything about people who are away', { live: away, active: false }, []],
  ])('%s', (_, given, expected) => {
    expect(linesOf(token.diff(unasked(given), contextOf({})))).toEqual(expected);
  });
});

describe('hands off', () => {
  test('holds everything about a protected person, what is scheduled too', () => {
    const desired = entry('ada', {}, { tokens: ci({ generation: 2, overlapMs: 24 * hour }) });
    const world = { tokens: [ci1, foreign], policy: { protect: ['ada'] } };

    const findings = token.diff(personOf(desired, ada, world), contextOf(world));

    expect(linesOf(findings)).toEqual([
      `held ${create('ci@2')} protected`,
      `held ${revoke('ci1')} protected`,
      'notice foreign-tokens',
    ]);
  });

  test('the tokens of the caller', () => {
    const world = { tokens: [foreign], policy: { foreignTokens: 'revoke' } as const };
    const caller = { caller: { id: 'id-ada', username: 'ada', permissions: new Set<string>() } };

    const findings = token.diff(
      personOf(entry('ada'), ada, { ...world, facts: caller }),
      contextOf({ ...world, facts: caller }),
    );

    expect(linesOf(findings)).toEqual([`held ${revoke('foreign')} caller`]);
  });
});

describe('says of a token', () => {
  test('how long a new one lives', () => {
    const [change] = find({ wanted: ci(forAWeek), facts: recent }).changes;

    expect(change).toMatchObject({ attribute: 'tokens.ci@1', after: 'enabled for 7d' });
    expect(find({ wanted: ci() }).changes[0]).toMatchObject({ after: 'enabled' });
  });

  test('what muster made by name and generation', () => {
    const { changes } = find({ wanted: [], tokens: [ci1] });

    expect(changes[0]).toMatchObject({ attribute: 'tokens.ci@1', before: 'enabled', class: 'token-revoke' });
    expect(changes[0]?.reason).toMatchObject({ rule: 'no-longer-listed', column: 'tokens'.length });
  });

  test('what muster did not make by id, with its description', () => {
    const { changes } = find({ tokens: [foreign], policy: { foreignTokens: 'disable' } });

    expect(changes[0]).toMatchObject({ attribute: 'tokens.foreign', before: 'enabled', after: 'disabled' });
    expect(changes[0]?.reason).toMatchObject({ rule: 'foreign-tokens', text: 'policy.foreign_tokens (made by hand)' });
  });

  test('which generation to write where it was lowered', () => {
    const { held } = find({ wanted: ci(), tokens: [ci2] });

    expect(held[0]).toMatchObject({
      owner: 'the server',
      reason: 'the live token ci has generation 2, the entry says 1',
      hint: 'write generation: 2 to keep it, or 3 to rotate',
    });
  });
});

/** Phase, call and token precondition of each action. */
function actionsFor(given: Case): readonly (readonly [string, unknown, unknown])[] {
  const desired = entry('ada', given.active === undefined ? {} : { active: given.active }, {
    ...(given.wanted !== undefined && { tokens: given.wanted }),
  });
  const world = { tokens: given.tokens ?? [], ...(given.facts !== undefined && { facts: given.facts }) };
  const person = personOf(desired, given.live ?? ada, world);
  const { changes } = token.diff(person, contextOf(world));
  const actions = token.actions(person, changes, contextOf(world));
  return actions.map(({ phase, call, precondition }) => [phase, call, precondition.token]);
}

describe('makes of each change one call', () => {
  test('for a rotation', () => {
    const actions = actionsFor({ wanted: ci({ generation: 2, sink: 'vault' }), tokens: [ci1] });

    expect(actions).toEqual([
      ['tokens', { operation: 'create-token', name: 'ci', generation: 2, sink: 'vault', check: true }, undefined],
      ['retire-tokens', { operation: 'revoke-token', token: 'ci1' }, { id: 'ci1', enabled: true }],
    ]);
  });

  test('for a token that expires, in seconds', () => {
    const actions = actionsFor({ wanted: ci(forAWeek), facts: recent });

    expect(actions.map(([, call]) => call)).toEqual([
      { operation: 'create-token', name: 'ci', generation: 1, expires_in: 604_800, check: true },
    ]);
  });

  test('for a rotation of someone who comes back: the old one goes before the account lives', () => {
    const actions = actionsFor({ live: away, active: true, wanted: ci({ generation: 2 }), tokens: [ci1] });

    expect(actions.map(([phase]) => phase)).toEqual(['tokens', 'disable-tokens']);
  });

  test('for a leaver', () => {
    const actions = actionsFor({ active: false, tokens: [foreign] });

    expect(actions).toEqual([
      ['disable-tokens', { operation: 'disable-token', token: 'foreign' }, { id: 'foreign', enabled: true }],
    ]);
  });

  test('for a token that lives again', () => {
    const actions = actionsFor({ wanted: ci(), tokens: [off(ci1)] });

    expect(actions).toEqual([['tokens', { operation: 'enable-token', token: 'ci1' }, { id: 'ci1', enabled: false }]]);
  });
});

test('reads the moment of the desired state, not a clock', () => {
  const wanted = ci({ generation: 2, overlapMs: 24 * hour });
  const desired = entry('ada', {}, { tokens: wanted });
  const world = { tokens: [ci1, newToday] };
  const person = personOf(desired, ada, world);

  const dueAt = (momentMs: number): number =>
    token.diff(person, contextOf({ ...world, desired: { momentMs } })).changes.length;

  expect(dueAt(moment)).toBe(0);
  expect(dueAt(Date.parse('2026-06-16T23:59:59.999Z'))).toBe(0);
  expect(dueAt(Date.parse('2026-06-17T00:00:00Z'))).toBe(1);
});
