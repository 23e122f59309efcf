import { stripVTControlCharacters } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { coloured, plain } from '../../src/report/paint.ts';
import { planText, summaryLine } from '../../src/report/plan-text.ts';
import { action, change, fullPlan, plan } from './support.ts';

test('shows everything that a plan holds, aligned', () => {
  expect(
    planText(fullPlan, plain),
  ).toBe(`9 actions for 4 people on https://chat.example.com (Mattermost 11.6.1), as muster
12 declared: 10 have an account, 5 already match

+ ada
    create         account     ada@example.com, service saml, data ada  users.yaml:7
        first_name Ada, nickname ""
    token-create   tokens.ci   new                                      users.yaml:7

~ grace
    email          email       g@example.com → grace@example.com        users.yaml:7
    update         nickname    漢字の名前 → ""                          users.yaml:2  defaults of users.yaml
    update         position    (several lines, below)                   users.yaml:7
          Developer
        - Berlin
        + Hamburg
    admin-gain     roles       + system_admin                           users.yaml:7
    role-revoke    roles       - system_manager                         users.yaml:7

- linus
    token-disable  tokens.old  enabled → disabled                       users.yaml:30  tokens of somebody who leaves
    deactivate     active      true → false                             users.yaml:30  ended 2026-11-01

~ margaret
    activate       active      false → true                             users.yaml:7
    token-revoke   tokens.x    foreign token abc → gone                 foreign tokens are revoked

Held: 1  real differences that muster will not or cannot write
  katherine  deactivate  active  true → false  users.yaml:7
      LDAP decides whether this account is active (ldap-owns-active)
      → deactivate the person in LDAP

Blocked: 1  changes that a rail stopped: exit code 4
  dorothy  admin-loss  roles  - system_admin  users.yaml:7
      one administrator would be left, two are needed (min-admins)
      → make another person administrator first

Scheduled: 2  not yet due; administration and tokens first
  ada       token-revoke  tokens.deploy  generation 1 → gone  due 2026-11-25 12:00 UTC  users.yaml:9  replaced by generation 2
  margaret  token-revoke  tokens.ci      generation 1 → gone  due 2026-11-26 00:30 UTC  users.yaml:7

Previously declared: 2  still active, and no entry stands for them any more
  barbara (admin)  last declared 2026-10-30
  ken              last declared 2026-11-02
      → write active: false for each who is to go; name in policy.protect who is to stay as they are

Notices: 2  good to know
  edsger: is inactive, and the entry does not say whether that is wanted
      → write active: true or active: false
  the server cannot send mail

Undeclared: 2  active accounts that no entry stands for; muster leaves them alone
  root (admin), zoe

Plan: 1 create, 1 activate, 1 deactivate, 1 admin-gain, 1 role-revoke, 1 email, 2 update, 1 token-create, 1 token-disable, 1 token-revoke; 1 held, 1 blocked, 2 scheduled, 2 previously declared, the server will send 2 mails.
`);
});

test('shows nothing but totals where there is nothing to do', () => {
  expect(planText(plan(), plain)).toBe(`No actions on https://chat.example.com (Mattermost 11.6.1), as muster
12 declared: 10 have an account, 5 already match

Plan: no actions.
`);
});

test('colours the same text', () => {
  const text = planText(fullPlan, coloured);

  expect(text).toContain('\u001b[32m+ ada\u001b[39m');
  expect(text).toContain('\u001b[31m- linus\u001b[39m');
  expect(text).toContain('\u001b[35madmin-gain\u001b[39m');
  expect(stripVTControlCharacters(text)).toBe(planText(fullPlan, plain));
});

describe('the last line', () => {
  test.each<[Parameters<typeof plan>, string]>([
    [[{ actions: [action(change('a', 'update', 'nickname'))] }, {}], 'Plan: 1 update.'],
    [[{}, { held: 2 }], 'Plan: no actions; 2 held.'],
    [[{}, { blocked: 3, mails: 1 }], 'Plan: no actions; 3 blocked, the server will send 1 mail.'],
    [
      [{}, { changes: { 'token-revoke': 4, create: 1_000_000, update: 0 }, scheduled: 1 }],
      'Plan: 1000000 create, 4 token-revoke; 1 scheduled.',
    ],
    [
      [{ previously_declared: [{ id: 'x', username: 'ken', last_declared: '2026-11-02', admin: false }] }, {}],
      'Plan: no actions; 1 previously declared.',
    ],
  ])('of %j tells every total', (parts, line) => {
    expect(summaryLine(plan(...parts))).toBe(line);
    expect(planText(plan(...parts), plain).endsWith(`\n\n${line}\n`)).toBe(true);
  });
});

test.each<[what: string, listed: number, later: number | undefined, heading: string, last: string]>([
  ['what is due soon', 2, undefined, 'Scheduled: 2  not yet due; administration and tokens first', '  zoe '],
  ['what is not due for long', 0, 3, 'Scheduled: 3  not yet due', '  3 due later than in 30 days'],
  ['both', 2, 3, 'Scheduled: 5  not yet due; administration and tokens first', '  3 more due later than in 30 days'],
])('the heading of what is scheduled counts %s, as the last line does', (_what, listed, later, heading, last) => {
  const scheduled = ['ada', 'zoe'].slice(0, listed).map((name) => ({
    change: change(name, 'deactivate', 'active', { before: true, after: false }),
    due: '2026-12-01T00:00:00.000Z',
  }));
  const text = planText(
    plan({ scheduled }, { scheduled: listed, ...(later !== undefined && { scheduled_later: later }) }),
    plain,
  );
  const [, section = ''] = /\n\n(Scheduled: [^]*?)\n\n/.exec(text) ?? [];

  expect(section.split('\n')[0]).toBe(heading);
  expect(section.split('\n').at(-1)?.startsWith(last)).toBe(true);
  expect(text).toContain(`; ${listed + (later ?? 0)} scheduled.`);
});

describe('a person', () => {
  test.each([
    ['+', change('a', 'create', 'account', { after: { email: 'x' } })],
    ['-', change('a', 'deactivate', 'active', { before: true, after: false })],
    ['~', change('a', 'activate', 'active', { before: false, after: true })],
    ['~', change('a', 'rename', 'username', { before: 'b', after: 'a' })],
  ])('begins with %s', (sign, one) => {
    expect(planText(plan({ actions: [action(one)] }), plain)).toContain(`\n${sign} a\n`);
  });

  test('stands once, with the changes of all actions', () => {
    const own = [
      action(change('a', 'email', 'email')),
      action(change('b', 'email', 'email')),
      action(change('a', 'activate', 'active')),
    ];

    const text = planText(plan({ actions: own }), plain);

    expect(text.match(/^~ a$/gm)).toHaveLength(1);
    expect(text).toContain('3 actions for 2 people');
  });

  test('is counted alone in the singular', () => {
    expect(planText(plan({ actions: [action(change('a', 'email', 'email'))] }), plain)).toMatch(
      /^1 action for 1 person on /,
    );
  });
});

const row = (one: Parameters<typeof action>[0]): string | undefined =>
  planText(plan({ actions: [action(one)] }), plain).split('\n')[4];

describe('a change', () => {
  test.each([
    [
      change('a', 'role-grant', 'roles', { after: 'system_manager' }),
      '    role-grant  roles  + system_manager  users.yaml:7',
    ],
    [
      change('a', 'admin-loss', 'roles', { before: 'system_admin' }),
      '    admin-loss  roles  - system_admin  users.yaml:7',
    ],
    [
      change('a', 'guest', 'roles', { before: 'member', after: 'guest' }),
      '    guest  roles  member → guest  users.yaml:7',
    ],
    [change('a', 'update', 'props.x', { after: '1' }), '    update  props.x  (none) → 1  users.yaml:7'],
    [
      change('a', 'token-create', 'tokens.ci@1', { after: 'enabled' }),
      '    token-create  tokens.ci@1  new  users.yaml:7',
    ],
    [
      change('a', 'token-create', 'tokens.ci@1', { after: 'enabled for 90d' }),
      '    token-create  tokens.ci@1  new, enabled for 90d  users.yaml:7',
    ],
    [
      change('a', 'auth', 'auth', { before: { service: 'email' }, after: { service: 'ldap', data: 'x' } }),
      '    auth  auth  service email → service ldap, data x  users.yaml:7',
    ],
    [
      change('a', 'update', 'nickname', { before: 'x', after: 'y' }, { text: 'a rule' }),
      '    update  nickname  x → y  a rule',
    ],
    [
      change('a', 'update', 'nickname', { before: 'x', after: 'y' }, { text: 'declared', file: 'u.yaml' }),
      '    update  nickname  x → y  u.yaml:1',
    ],
  ])('%j reads well', (one, line) => {
    expect(row(one)).toBe(line);
  });

  test('of several lines shows which, and blank lines as they are', () => {
    const text = planText(
      plan({ actions: [action(change('a', 'update', 'position', { after: 'one\n\n\u001bthree' }))] }),
      plain,
    );

    expect(text).toContain('(several lines, below)  users.yaml:7\n        + one\n        +\n        + \\u{1b}three\n');
  });
});

test('names twenty undeclared accounts, and counts the others', () => {
  const undeclared = Array.from({ length: 23 }, (_, i) => ({ id: `${i}`, username: `u${i}`, admin: false }));

  const text = planText(plan({ undeclared }), plain);

  expect(text).toContain('Undeclared: 23  ');
  expect(text).toContain('u18, u19 and 3 more\n');
});

test('lets nothing through to the terminal, wherever it stands in a plan', () => {
  const evil = fc.constantFrom(
    '\u001b[2J',
    '\r',
    '\u0007',
    '\u009b1m',
    '\u202e',
    '\u2066',
    '\u0000',
    '\u0085',
    '\u2028',
    'a\n\u001b]52;c;x\u0007b',
  );

  fc.assert(
    fc.property(evil, (text) => {
      const report = planText(poisoned(fullPlan, text), plain);

      expect(report.replaceAll('\n', '')).not.toMatch(
        /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/u,
      );
    }),
  );
});

/** A plan with the text in front of each text of its own but those that a switch knows. */
function poisoned(value: Plan, text: string): Plan {
  const known = new Set(['class', 'operation', 'rail', 'format', 'rule', 'need']);
  return JSON.parse(JSON.stringify(value), (key, part: unknown) =>
    typeof part === 'string' && !known.has(key) ? `${text}${part}` : part,
  );
}
