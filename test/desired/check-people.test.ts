import { describe, expect, test } from 'vitest';
import { resolvePolicy } from '../../src/config/settings.ts';
import type { Problem } from '../../src/model/problem.ts';
import { load, problemsOf, usersFile } from './support.ts';

const place = (at: Problem['at']): string => `${at?.file} ${at?.line}:${at?.column}`;

describe('refuses in one entry', () => {
  test.each<[entry: string, code: string, column: number, message: string]>([
    ['username: all', 'reserved-username', 7, 'the server keeps the username all for itself'],
    ['username: System', 'reserved-username', 7, 'the server keeps the username system for itself'],
    ['username: muster.tmp.x', 'reserved-username', 7, "names that begin with muster.tmp. are muster's own, for swaps"],
    [
      'username: ada, email: "ada\\u202e@example.com"',
      'invisible-character',
      22,
      'the e-mail of ada has an invisible character in it',
    ],
    [
      'username: ada, email: "a\\u00adda@example.com"',
      'invisible-character',
      22,
      'the e-mail of ada has an invisible character in it',
    ],
    ['username: ada, roles: [system_guest, system_user]', 'guest-and-member', 22, 'ada is both guest and member'],
    ['username: ada, roles: [system_guest, system_admin]', 'guest-and-admin', 22, 'ada is both guest and admin'],
    ['username: ada, roles: [team_user]', 'role-not-allowed', 22, 'the role team_user is not a system role'],
    ['username: ada, starts: 2027-02-29', 'no-such-date', 22, 'starts of ada is 2027-02-29, which is no date'],
    [
      'username: ada, ends: 2027-02-29T00:00:00Z',
      'no-such-date',
      22,
      'ends of ada is 2027-02-29T00:00:00Z, which is no date',
    ],
    [
      'username: ada, starts: 2027-06-30, ends: 2027-06-29',
      'ends-before-start',
      42,
      'ada ends 2027-06-29, before the start 2027-06-30',
    ],
    ['username: ada, tokens: [{ name: ci }, { name: ci }]', 'duplicate-token', 45, 'ada has two tokens named ci'],
    ['username: ada, teams: [core, { team: core }]', 'duplicate-place', 36, 'ada has core twice'],
    [
      'username: ada, teams: [{ team: core, channels: [ops, { channel: ops }] }]',
      'duplicate-place',
      60,
      'ada has core/ops twice',
    ],
    [
      `username: ada, teams: [{ team: core, channels: [${'a'.repeat(26)}__${'b'.repeat(26)}] }]`,
      'direct-channel',
      55,
      `${'a'.repeat(26)}__${'b'.repeat(26)} of ada is the channel of a direct or group message`,
    ],
    [
      'username: ada, roles: [system_guest], teams: [{ team: core, role: admin, channels: [ops] }]',
      'guest-administers',
      53,
      'ada is a guest, and no guest administers core',
    ],
    [
      'username: ada, roles: [system_guest], teams: [{ team: core, channels: [town-square] }]',
      'guest-without-channel',
      53,
      'ada is a guest in core without a channel, and would see nothing there',
    ],
    [
      'username: ada, tokens: [{ name: ci, sink: vault }]',
      'unknown-sink',
      31,
      'the token ci of ada goes to the sink vault, which muster.yaml does not define',
    ],
    [
      'username: ada, initial_password: hr-stop',
      'unknown-source',
      22,
      'initial_password of ada is not the name of a source that muster.yaml defines',
    ],
  ])('%s', async (entry, code, column, message) => {
    const [problem, ...others] = await problemsOf({ 'u.yaml': usersFile(entry) });

    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code, message, at: { file: 'u.yaml', line: 3, column } });
    expect(problem?.hint).toBeTypeOf('string');
  });

  test('a token that goes nowhere, and lists the sinks that there are', async () => {
    const text = usersFile('username: ada, tokens: [{ name: ci, sink: x }], initial_password: y');

    expect(await problemsOf({ 'u.yaml': text })).toMatchObject([
      { hint: 'secrets.sinks of muster.yaml defines: vault-ci' },
      { hint: 'secrets.sources of muster.yaml defines: hr-start' },
    ]);
    expect(
      await problemsOf({ 'u.yaml': text }, { secrets: { dir: '/nowhere', sinks: {}, sources: {} } }),
    ).toMatchObject([
      { hint: 'define it in secrets.sinks of muster.yaml' },
      { hint: 'define it in secrets.sources of muster.yaml' },
    ]);
  });

  test('a password that stands in the place of a source, without showing it', async () => {
    const problems = await problemsOf({ 'u.yaml': usersFile('username: ada, initial_password: hunter2canary') });

    expect(problems).toHaveLength(1);
    expect(JSON.stringify(problems)).not.toContain('canary');
  });
});

test.each([
  ['a role that the policy allows', 'roles: [sales_lead]'],
  ['a role of the system that nobody knows yet', 'roles: [system_custom_thing]'],
  ['a single day', 'starts: 2027-06-30, ends: 2027-06-30'],
  ['a previous name that is the name of today', 'previous_usernames: [Ada]'],
  ['a name that only contains a reserved one', 'previous_usernames: [all]'],
])('allows %s', async (_, fields) => {
  const policy = resolvePolicy({ policy: { allow_roles: ['sales_lead'] } });

  expect(await problemsOf({ 'u.yaml': usersFile(`username: ada, ${fields}`) }, { policy })).toEqual([]);
});

describe('refuses two entries that clash, and shows both places:', () => {
  const id = 'abcdefghijklmnopqrstuvwxyz';

  test.each<[what: string, one: string, other: string, code: string, at: number, also: number]>([
    ['the same name', 'username: ada', 'username: ada', 'duplicate-user', 7, 7],
    ['names that differ in case alone', 'username: ada', 'active: true, username: Ada', 'duplicate-user', 21, 7],
    [
      'the same e-mail',
      'username: a, email: x@example.com',
      'username: b, email: X@Example.com',
      'duplicate-email',
      20,
      20,
    ],
    ['the same id', `username: a, id: ${id}`, `username: b, id: ${id}`, 'duplicate-id', 20, 20],
    [
      'the same auth data',
      'username: a, auth: { service: ldap, data: x }',
      'username: b, auth: { service: saml, data: x }',
      'duplicate-auth',
      20,
      20,
    ],
    [
      'the same previous name',
      'username: a, previous_usernames: [x]',
      'username: b, previous_usernames: [y, X]',
      'duplicate-previous-username',
      20,
      20,
    ],
    [
      'a previous name that somebody has',
      'username: a',
      'username: b, previous_usernames: [A]',
      'previous-username-in-use',
      20,
      7,
    ],
  ])('%s, in one file and across two', async (_, one, other, code, at, also) => {
    const together = await problemsOf({ 'u.yaml': usersFile(one, other) });
    const apart = await problemsOf({ '1.yaml': usersFile(one), '2.yaml': usersFile(other) });

    expect(together).toMatchObject([{ code, excerpt: `  - { ${other} }` }]);
    expect([place(together[0]?.at), place(together[0]?.also)]).toEqual([`u.yaml 4:${at}`, `u.yaml 3:${also}`]);
    expect(apart.map((problem) => problem.code)).toEqual([code]);
    expect([place(apart[0]?.at), place(apart[0]?.also)]).toEqual([`2.yaml 3:${at}`, `1.yaml 3:${also}`]);
  });

  test('three times the same, with the first place each time', async () => {
    const problems = await problemsOf({ 'u.yaml': usersFile('username: a', 'username: A', 'username: a') });

    expect(problems.map(({ at, also }) => [place(at), place(also)])).toEqual([
      ['u.yaml 4:7', 'u.yaml 3:7'],
      ['u.yaml 5:7', 'u.yaml 3:7'],
    ]);
  });

  test('through a merge key, at the line that brings the value', async () => {
    const text = 'version: 1\nusers:\n  - &a\n    username: a\n    email: x@example.com\n  - { <<: *a, username: b }\n';

    expect(await problemsOf({ 'u.yaml': text })).toMatchObject([
      { code: 'duplicate-email', at: { line: 5, column: 5 }, also: { line: 5, column: 5 } },
    ]);
  });
});

describe('allows two entries', () => {
  test.each([
    ['that swap their names', 'username: a, previous_usernames: [b]', 'username: b, previous_usernames: [a]'],
    [
      'of which one takes over a name, where an id says who is who',
      'username: a, previous_usernames: [b]',
      'username: b, id: abcdefghijklmnopqrstuvwxyz',
    ],
    [
      'of which one takes over a name, where the other moves on',
      'username: a, previous_usernames: [b]',
      'username: b, previous_usernames: [c]',
    ],
    ['without e-mail', 'username: a, active: false', 'username: b, active: false'],
    ['with the same sign-in service', 'username: a, auth: { service: ldap }', 'username: b, auth: { service: ldap }'],
    ['with tokens of the same name', 'username: a, tokens: [{ name: ci }]', 'username: b, tokens: [{ name: ci }]'],
  ])('%s', async (_, one, other) => {
    expect((await load({ 'u.yaml': usersFile(one, other) })).users).toHaveLength(2);
  });
});

test('every refused e-mail is told at once, with its line', async () => {
  const emails = [
    "O'Brien+Chat@Example.COM",
    'jürgen@example.com',
    'test@12',
    'a/b@example.com',
    '50%off@example.com',
    'a?b#c@example.com',
    'a b@example.com',
    'ada@example.com;ada@example.org',
    'mailto:ada8@example.com',
    '[ada9@example.com](mailto:ada9@example.com)',
    'ada..x@example.com',
    'ada@example.com.',
    '\\"quoted x\\"@example.com',
    'ada@example.com,',
    '<nn@example.com>',
    'jiro.@docomo.example',
  ];
  const problems = await problemsOf({
    'u.yaml': usersFile(...emails.map((email, i) => `username: u${i}, email: "${email}"`)),
  });

  expect(problems.map(({ code, at }) => `${code} ${at?.line}`)).toEqual(
    Array.from({ length: 10 }, (_, i) => `email-refused ${i + 9}`),
  );
});

test('a dotted capital I is lower-cased as the server does it, not to another address that looks the same', async () => {
  const { users } = await load({ 'u.yaml': usersFile('username: ilker, email: "İlker@Example.com"') });

  expect(users[0]?.values.email).toBe('ilker@example.com');
});
