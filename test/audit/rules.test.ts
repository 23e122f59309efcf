import { describe, expect, test } from 'vitest';
import type { AuditRule } from '../../src/model/audit-rules.ts';
import { auditRuleNames } from '../../src/model/audit-rules.ts';
import { dayMs } from '../../src/model/duration.ts';
import { noReadings } from '../../src/model/readings.ts';
import { account, admin, entry, liveToken, markedToken, moment, root, wantedToken } from '../support/build-states.ts';
import { type AuditWorld, auditOf, careful, dateAgo, daysAgo, foundIn, yesterday } from './support/audit-world.ts';

/** A world, and whom the rule finds in it. */
type Case = readonly [title: string, world: AuditWorld, found: readonly string[]];
/** One at least of each: a rule without both is a compile error. */
interface Cases {
  readonly true: readonly [Case, ...Case[]];
  readonly false: readonly [Case, ...Case[]];
}

const ada = account('ada');
const gone = account('gone', { active: false });
const left = { entries: [entry('gone', { active: false })], accounts: [gone] };
const declared = { entries: [entry('ada')], accounts: [ada] };
const bot = { id: 'id-helper', username: 'helper', owner: gone.id, active: true };
const hook = { id: 'hook-1', sort: 'incoming webhook', name: 'Builds', creator: gone.id };
const command = { id: 'command-1', sort: 'slash command', name: '/deploy', creator: gone.id };
const saml = { settings: { signIn: 'saml', tuned: { 'admin-without-mfa': 'off' } } } as const;
const byProvider = { auth: { service: 'saml', data: 'ada' } } as const;
const shared = { first_name: 'Ada', last_name: 'Lovelace' };
const longAgo = { createdMs: daysAgo(400), lastMs: daysAgo(91) };
const wanted = (generation: number, overlapDays = 0): NonNullable<AuditWorld['entries']> => [
  entry('ada', {}, { tokens: [wantedToken('ci', { generation, overlapMs: overlapDays * dayMs })] }),
];
/** Rotated every 30 days, and 20 days before the end. */
const rotating = [
  entry(
    'ada',
    {},
    {
      tokens: [wantedToken('ci', { overlapMs: 30 * dayMs, rotateEveryMs: 30 * dayMs, rotateBeforeMs: 20 * dayMs })],
    },
  ),
];
const ci = (generation: number, days = 10, options = {}) =>
  markedToken(ada, { name: 'ci', generation, date: dateAgo(days) }, options);
const endsIn = (days: number) => ({
  entries: [entry('ada', { active: true }, { dates: { endsMs: moment + days * dayMs } })],
  accounts: [ada],
});

/** Access ended at noon two days ago, and was gone so many hours later. */
const lostAfter = (hours: number) => ({
  entries: [entry('gone', { active: false }, { dates: { endsMs: daysAgo(2) } })],
  accounts: [
    {
      ...gone,
      dates: { createdMs: daysAgo(300), updatedMs: daysAgo(1), inactiveSinceMs: daysAgo(2) + hours * 3_600_000 },
    },
  ],
});

const places = { core: {}, 'core/dev': {}, 'core/ops': { isPrivate: true }, sales: {} };
const gail = account('gail', { roles: ['system_guest'] });
const guests = { entries: [entry('gail')], accounts: [gail], places };

const cases: Readonly<Record<AuditRule, Cases>> = {
  drift: {
    true: [
      [
        'a field differs from the entry',
        { entries: [entry('ada', { nickname: 'Countess' })], accounts: [ada] },
        ['ada'],
      ],
      ['the entry has no account', { entries: [entry('new', { email: 'new@example.com' })] }, ['new']],
      [
        'somebody should be inactive and is not',
        { entries: [entry('ada', { active: false })], accounts: [ada] },
        ['ada'],
      ],
      [
        'a difference is held: the directory owns the active flag',
        {
          entries: [entry('ada', { active: false })],
          accounts: [account('ada', { auth: { service: 'ldap', data: 'ada' } })],
        },
        ['ada'],
      ],
    ],
    false: [
      ['the account is as its entry says', declared, []],
      ['the token of a person who left is a finding of another rule', { ...left, tokens: [liveToken(gone)] }, []],
    ],
  },
  'unusable-entry': {
    true: [
      [
        'an entry means two accounts',
        { entries: [entry('ada', { email: 'bob@example.com' })], accounts: [ada, account('bob')] },
        ['ada'],
      ],
    ],
    false: [['every entry means one account', declared, []]],
  },
  'undeclared-account': {
    true: [['no entry stands for an active person', { accounts: [ada] }, ['ada']]],
    false: [
      ['an entry stands for it', declared, []],
      ['it is inactive', { accounts: [gone] }, []],
      ['it is a bot', { accounts: [account('helper', { isBot: true })] }, []],
      ['it belongs to another server', { accounts: [account('far', { isRemote: true })] }, []],
      ['it is protected', { accounts: [ada], policy: { protect: ['ada'] } }, []],
      [
        'an entry that cannot be used may mean it',
        { entries: [entry('ada', { email: 'bob@example.com' })], accounts: [ada, account('bob')] },
        [],
      ],
    ],
  },
  'undeclared-admin': {
    true: [
      ['no entry stands for an administrator', { accounts: [careful('eve')] }, ['eve']],
      ['and also where policy.protect names it', { accounts: [careful('eve')], policy: { protect: ['eve'] } }, ['eve']],
    ],
    false: [
      ['an entry stands for the administrator', { entries: [entry('eve')], accounts: [careful('eve')] }, []],
      ['an undeclared account has no administrative role', { accounts: [ada] }, []],
    ],
  },
  'admin-without-mfa': {
    true: [
      ['an administrator signs in by e-mail alone', { entries: [entry('eve')], accounts: [admin('eve')] }, ['eve']],
    ],
    false: [
      ['the administrator has a second factor', { entries: [entry('eve')], accounts: [careful('eve')] }, []],
      [
        'a provider asks for it',
        { entries: [entry('eve')], accounts: [admin('eve', { auth: { service: 'saml', data: 'eve' } })] },
        [],
      ],
      ['a member has none', declared, []],
    ],
  },
  'too-few-admins': {
    true: [['two of three administrators are there', { policy: { minAdmins: 3 } }, ['(server)']]],
    false: [['as many as wanted are there', { policy: { minAdmins: 2 } }, []]],
  },
  'disabled-admin': {
    true: [['somebody inactive still has the role', { accounts: [admin('eve', { active: false })] }, ['eve']]],
    false: [
      ['an inactive member has no such role', left, []],
      ['the administrator is active', { entries: [entry('eve')], accounts: [careful('eve')] }, []],
    ],
  },
  'admin-bot': {
    true: [['a bot administers', { accounts: [admin('helper', { isBot: true })] }, ['helper']]],
    false: [['a bot has no such role', { accounts: [account('helper', { isBot: true })] }, []]],
  },
  'leaver-token': {
    true: [['a token of somebody inactive is enabled', { accounts: [gone], tokens: [liveToken(gone)] }, ['gone']]],
    false: [
      ['it is disabled', { accounts: [gone], tokens: [liveToken(gone, { enabled: false })] }, []],
      ['it ended by itself', { accounts: [gone], tokens: [liveToken(gone, { expiresAt: yesterday })] }, []],
      ['the owner is active', { ...declared, tokens: [liveToken(ada)] }, []],
    ],
  },
  'late-leaver': {
    true: [['access was gone 25 hours after it ended', lostAfter(25), ['gone']]],
    false: [
      ['access was gone 23 hours after it ended', lostAfter(23), []],
      [
        'access was gone 25 hours after it ended, and 48 are allowed',
        { ...lostAfter(25), settings: { leaverHours: 48 } },
        [],
      ],
      ['the entry names no end', left, []],
    ],
  },
  'leaver-session': {
    true: [
      [
        'somebody inactive has a session',
        { ...left, sessions: { [gone.id]: [{ id: 'one', lastActivityMs: yesterday }] } },
        ['gone'],
      ],
    ],
    false: [
      ['the person has none', left, []],
      ['the person is active', { ...declared, sessions: { [ada.id]: [{ id: 'one', lastActivityMs: yesterday }] } }, []],
    ],
  },
  'leaver-bot': {
    true: [['the owner of an active bot left', { ...left, bots: [bot] }, ['gone']]],
    false: [
      ['the bot is disabled', { ...left, bots: [{ ...bot, active: false }] }, []],
      ['the owner is active', { ...declared, bots: [{ ...bot, owner: ada.id }] }, []],
      ['the server refused the list of bots', { ...left, bots: [bot], missing: ['bots'] }, []],
    ],
  },
  'leaver-webhook': {
    true: [['who made the webhook left', { ...left, webhooks: [hook] }, ['gone']]],
    false: [['who made the webhook is active', { ...declared, webhooks: [{ ...hook, creator: ada.id }] }, []]],
  },
  'leaver-command': {
    true: [['who made the command left', { ...left, commands: [command] }, ['gone']]],
    false: [['who made the command is active', { ...declared, commands: [{ ...command, creator: ada.id }] }, []]],
  },
  'foreign-token': {
    true: [
      ['somebody made a token by hand', { ...declared, tokens: [liveToken(ada)] }, ['ada']],
      ['and so did the caller, which is info', { tokens: [liveToken(root)] }, ['root']],
    ],
    false: [
      ['muster made it', { ...declared, tokens: [ci(1)] }, []],
      ['it is disabled', { ...declared, tokens: [liveToken(ada, { enabled: false })] }, []],
      ['the owner left, which is one finding and not two', { ...left, tokens: [liveToken(gone)] }, []],
    ],
  },
  'old-generation-token': {
    true: [
      [
        'the entry wants a later generation',
        { entries: wanted(2, 30), accounts: [ada], tokens: [ci(1), ci(2)] },
        ['ada'],
      ],
      ['a schedule replaced it', { entries: rotating, accounts: [ada], tokens: [ci(1, 40), ci(1, 5)] }, ['ada']],
    ],
    false: [
      ['the entry wants this one', { entries: wanted(1), accounts: [ada], tokens: [ci(1)] }, []],
      ['the only one of its schedule is there', { entries: rotating, accounts: [ada], tokens: [ci(1)] }, []],
    ],
  },
  'ended-token': {
    true: [
      ['it expired', { ...declared, tokens: [ci(1, 10, { expiresAt: yesterday })] }, ['ada']],
      ['it is disabled, and no entry names it', { ...declared, tokens: [ci(1, 10, { enabled: false })] }, ['ada']],
      [
        'somebody who left keeps a disabled one where the policy revokes them',
        { accounts: [gone], tokens: [liveToken(gone, { enabled: false })], policy: { leaverTokens: 'revoke' } },
        ['gone'],
      ],
    ],
    false: [
      ['it works', { ...declared, tokens: [ci(1)] }, []],
      [
        'the entry names it, so it is drift',
        { entries: wanted(1), accounts: [ada], tokens: [ci(1, 10, { enabled: false })] },
        [],
      ],
      ['the policy disables those of leavers', { accounts: [gone], tokens: [liveToken(gone, { enabled: false })] }, []],
    ],
  },
  'ending-token': {
    true: [['it ends in 14 days', { ...declared, tokens: [ci(1, 10, { expiresAt: moment + 14 * dayMs })] }, ['ada']]],
    false: [
      [
        'muster rotates it before',
        { entries: rotating, accounts: [ada], tokens: [ci(1, 10, { expiresAt: moment + 10 * dayMs })] },
        [],
      ],
      ['it ends in 15 days', { ...declared, tokens: [ci(1, 10, { expiresAt: moment + 15 * dayMs })] }, []],
      ['it never ends', { ...declared, tokens: [ci(1)] }, []],
      [
        'a later generation replaces it',
        {
          entries: wanted(2, 30),
          accounts: [ada],
          tokens: [ci(1, 10, { expiresAt: moment + dayMs }), ci(2)],
        },
        [],
      ],
    ],
  },
  'old-token': {
    true: [['it was made 366 days ago', { ...declared, tokens: [ci(1, 366)] }, ['ada']]],
    false: [['it was made 365 days ago', { ...declared, tokens: [ci(1, 365)] }, []]],
  },
  'unused-token': {
    true: [
      ['no session came from it in 31 days', { ...declared, tokens: [ci(1, 31)], sessions: { [ada.id]: [] } }, ['ada']],
    ],
    false: [
      ['a session came from it', { ...declared, tokens: [ci(1, 31)] }, []],
      ['it is new', { ...declared, tokens: [ci(1, 29)], sessions: { [ada.id]: [] } }, []],
    ],
  },
  'dormant-account': {
    true: [
      ['it was last used 91 days ago', { ...declared, activity: { [ada.id]: longAgo } }, ['ada']],
      [
        'it was made 91 days ago and never used',
        { ...declared, activity: { [ada.id]: { createdMs: daysAgo(91) } } },
        ['ada'],
      ],
    ],
    false: [
      ['it was used 90 days ago', { ...declared, activity: { [ada.id]: { ...longAgo, lastMs: daysAgo(90) } } }, []],
      ['it is new and was never used', { ...declared, activity: { [ada.id]: { createdMs: yesterday } } }, []],
      ['only its token is in use', { ...declared, tokens: [ci(1)], activity: { [ada.id]: longAgo } }, []],
      ['the server refused the report', { ...declared, activity: { [ada.id]: longAgo }, missing: ['activity'] }, []],
    ],
  },
  'email-sign-in': {
    true: [
      ['somebody signs in by e-mail where SAML is the rule', { ...declared, ...saml, isWithoutAdmins: true }, ['ada']],
    ],
    false: [
      [
        'the person signs in by SAML',
        { entries: [entry('ada')], accounts: [account('ada', byProvider)], ...saml, isWithoutAdmins: true },
        [],
      ],
      ['no provider is the rule', declared, []],
    ],
  },
  'expiring-person': {
    true: [['access ends in 14 days', endsIn(14), ['ada']]],
    false: [
      ['access ends in 15 days', endsIn(15), []],
      ['access has no end', declared, []],
    ],
  },
  'duplicate-person': {
    true: [
      [
        'two active accounts have one name',
        {
          entries: [entry('ada'), entry('ada2')],
          accounts: [account('ada', shared), account('ada2', shared)],
        },
        ['ada2'],
      ],
      [
        'two addresses differ after the plus sign',
        {
          entries: [entry('ada'), entry('ada2')],
          accounts: [ada, account('ada2', { email: 'ada+test@example.com' })],
        },
        ['ada2'],
      ],
    ],
    false: [
      [
        'one of the two is inactive',
        { entries: [entry('ada')], accounts: [account('ada', shared), account('ada2', { ...shared, active: false })] },
        [],
      ],
      ['nobody has a name', { entries: [entry('ada'), entry('bob')], accounts: [ada, account('bob')] }, []],
    ],
  },
  'no-team': {
    true: [
      ['an active person is in no team', { ...declared, places }, ['ada']],
      ['no entry stands for them', { accounts: [ada], places }, ['ada']],
    ],
    false: [
      ['they are in a team', { ...declared, places, memberships: { [ada.id]: { core: 'member' } } }, []],
      ['they are inactive', { ...left, places }, []],
      ['it is a bot', { accounts: [account('helper', { isBot: true })], places }, []],
      ['it belongs to another server', { accounts: [account('far', { isRemote: true })], places }, []],
      ['memberships were not read', declared, []],
    ],
  },
  'guest-without-channel': {
    true: [
      ['a guest is in a team alone', { ...guests, memberships: { [gail.id]: { core: 'member' } } }, ['gail']],
      [
        'a guest has a channel in another team only',
        { ...guests, memberships: { [gail.id]: { core: 'member', sales: 'member', 'core/dev': 'member' } } },
        ['gail'],
      ],
    ],
    false: [
      [
        'a guest has a channel in each team',
        { ...guests, memberships: { [gail.id]: { core: 'member', 'core/dev': 'member' } } },
        [],
      ],
      ['a guest is in no team', guests, []],
      ['a member is in a team alone', { ...declared, places, memberships: { [ada.id]: { core: 'member' } } }, []],
      [
        'the guest is inactive',
        {
          accounts: [{ ...gail, values: { ...gail.values, active: false } }],
          places,
          memberships: { [gail.id]: { core: 'member' } },
        },
        [],
      ],
    ],
  },
  'leaver-channel': {
    true: [
      [
        'an inactive account is in a private channel',
        { ...left, places, memberships: { [gone.id]: { core: 'member', 'core/ops': 'member' } } },
        ['gone'],
      ],
    ],
    false: [
      [
        'its channels are public',
        { ...left, places, memberships: { [gone.id]: { core: 'member', 'core/dev': 'member' } } },
        [],
      ],
      [
        'the account is active',
        { ...declared, places, memberships: { [ada.id]: { core: 'member', 'core/ops': 'member' } } },
        [],
      ],
    ],
  },
  'leaver-place-admin': {
    true: [
      [
        'an inactive account administers a team',
        { ...left, places, memberships: { [gone.id]: { core: 'admin' } } },
        ['gone'],
      ],
      [
        'an inactive account administers a public channel',
        { ...left, places, memberships: { [gone.id]: { core: 'member', 'core/dev': 'admin' } } },
        ['gone'],
      ],
    ],
    false: [
      ['it is a member alone', { ...left, places, memberships: { [gone.id]: { core: 'member' } } }, []],
      ['the account is active', { ...declared, places, memberships: { [ada.id]: { core: 'admin' } } }, []],
    ],
  },
  'service-account': {
    true: [
      [
        'only its token was used in 90 days',
        { ...declared, tokens: [ci(1)], activity: { [ada.id]: { createdMs: daysAgo(91) } } },
        ['ada'],
      ],
    ],
    false: [
      ['its person was there yesterday', { ...declared, tokens: [ci(1)] }, []],
      ['it is new', { ...declared, tokens: [ci(1)], activity: { [ada.id]: { createdMs: daysAgo(2) } } }, []],
      [
        'nobody uses it at all, so it is dormant',
        { ...declared, tokens: [ci(1, 20)], activity: { [ada.id]: longAgo }, sessions: { [ada.id]: [] } },
        [],
      ],
    ],
  },
};

describe.each(auditRuleNames)('%s', (rule) => {
  test.each(cases[rule].true)('is found where %s', (_title, world, people) => {
    expect(foundBy(rule, world)).toEqual(people);
  });

  test.each(cases[rule].false)('is not found where %s', (_title, world) => {
    expect(foundBy(rule, world)).toEqual([]);
  });
});

const foundBy = (rule: AuditRule, world: AuditWorld): readonly string[] =>
  auditOf(world)
    .findings.filter((finding) => finding.rule === rule)
    .map(({ person = '(server)' }) => person);

test('finds nothing in a world where nothing is wrong', () => {
  expect(foundIn(auditOf(declared))).toEqual([]);
});

test('finds one thing, not two, of a token that someone who left still has', () => {
  expect(foundIn(auditOf({ ...left, tokens: [liveToken(gone)] }))).toEqual(['leaver-token gone']);
  expect(foundIn(auditOf({ ...left, tokens: [liveToken(gone, { expiresAt: yesterday })] }))).toEqual([
    'ended-token gone',
  ]);
});

test('names an entry that is not understood by its place', () => {
  const at = { file: 'users.yaml', line: 7, column: 5 };
  const unusable = [{ at, problems: [], readings: noReadings }];
  const { findings } = auditOf({ desired: { unusable } });

  expect(findings).toMatchObject([{ rule: 'unusable-entry', thing: 'users.yaml:7', at }]);
});

const textsOf = (rule: AuditRule, world: AuditWorld): readonly string[] =>
  auditOf(world)
    .findings.filter((finding) => finding.rule === rule)
    .map(({ text }) => text);

test('says why administrators do not count, where their sign-in is switched off', () => {
  const world = {
    accounts: [admin('eve', { auth: { service: 'google', data: 'eve' } })],
    policy: { minAdmins: 3 },
    facts: { signInServices: new Set(['email']) },
  };

  expect(textsOf('too-few-admins', world)).toEqual([
    '2 of the 3 administrators that policy.min_admins asks for can sign in; of 1 other the sign-in (google) is switched off on the server',
  ]);
  expect(textsOf('too-few-admins', { policy: { minAdmins: 3 } })).toEqual([
    '2 of the 3 administrators that policy.min_admins asks for can sign in',
  ]);
});

test('counts the hours of a late leaver as the chain of the person does', () => {
  expect(textsOf('late-leaver', lostAfter(24.01))).toEqual(['lost access 25 hours after it ended']);
});
