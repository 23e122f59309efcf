import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { importUsers, toUsersFile } from '../../src/app/import-users.ts';
import type { UserEntry, UsersFile } from '../../src/model/generated/users-file.ts';
import type { LiveToken, LiveUser } from '../../src/model/live-state.ts';
import type { ImportRules } from '../../src/model/resource-definition.ts';
import { crowd, mark, openStage } from '../apply/support/stage.ts';
import { type AccountOptions, account } from '../support/build-states.ts';

const rules: Omit<ImportRules, 'defaults'> = {
  allowRoles: new Set(['playbook_admin']),
  roles: new Set([
    'system_user',
    'system_admin',
    'system_guest',
    'system_post_all',
    'system_manager',
    'playbook_admin',
  ]),
  leaverTokens: 'disable',
  memberships: 'channels',
};

const token = (description: string, enabled = true): LiveToken => ({
  id: description,
  userId: '',
  description,
  enabled,
});

function imported(
  users: readonly LiveUser[],
  tokens: readonly LiveToken[] = [],
  changed: Partial<ImportRules> = {},
): UsersFile & { leftOut: readonly string[]; text: string } {
  const owned = { token: new Map(users.map(({ id }) => [id, tokens])), membership: new Map() };
  const { text, leftOut } = toUsersFile(users, owned, { ...rules, ...changed });
  return { ...(parse(text) as UsersFile), leftOut, text };
}

function entryOf(
  options: AccountOptions,
  tokens: readonly LiveToken[] = [],
  changed: Partial<ImportRules> = {},
): UserEntry {
  const [entry] = imported([account('ada', options)], tokens, changed).users;
  if (entry === undefined) throw new Error('no entry');
  return entry;
}

/** The comment above the only entry; empty when there is none. */
const remarkOf = (
  options: AccountOptions,
  tokens: readonly LiveToken[] = [],
  changed: Partial<ImportRules> = {},
): string => (/^ +# (.*)$/m.exec(imported([account('ada', options)], tokens, changed).text) ?? [])[1] ?? '';

describe('an imported entry', () => {
  test('holds what an account is, and nothing that is empty', () => {
    const entry = entryOf({ first_name: 'Ada', position: 'Analyst' });

    expect(entry).toEqual({
      username: 'ada',
      email: 'ada@example.com',
      first_name: 'Ada',
      position: 'Analyst',
      roles: ['system_user'],
      active: true,
      auth: { service: 'email' },
    });
  });

  test.each<[string, readonly string[], readonly string[] | undefined, string]>([
    ['a member', ['system_user'], ['system_user'], ''],
    ['an administrator', ['system_admin', 'system_user'], ['system_user', 'system_admin'], ''],
    ['a guest', ['system_guest'], ['system_guest'], ''],
    ['a guest with more', ['system_guest', 'system_post_all'], ['system_guest', 'system_post_all'], ''],
    ['somebody with an allowed role', ['system_user', 'playbook_admin'], ['system_user', 'playbook_admin'], ''],
    ['somebody whose roles were erased', [], undefined, 'has no roles at all: not managed here'],
    ['an administrator who is no member', ['system_admin'], undefined, 'roles not managed here: system_admin'],
    [
      'a guest who is a member',
      ['system_guest', 'system_user'],
      undefined,
      'roles not managed here: system_guest system_user',
    ],
    [
      'a guest who administers',
      ['system_guest', 'system_admin'],
      undefined,
      'roles not managed here: system_guest system_admin',
    ],
    [
      'somebody with a role of teams',
      ['system_user', 'team_admin'],
      undefined,
      'roles not managed here: system_user team_admin',
    ],
    [
      'somebody with a role that is gone',
      ['system_user', 'system_old'],
      undefined,
      'roles not managed here: system_user system_old',
    ],
  ])('says of %s the roles that can be written', (_, roles, expected, remark) => {
    expect(entryOf({ roles }).roles).toEqual(expected);
    expect(remarkOf({ roles })).toBe(remark);
  });

  test.each<[string, AccountOptions['auth'], UserEntry['auth'], string]>([
    ['e-mail', { service: 'email' }, { service: 'email' }, ''],
    ['a service with data', { service: 'saml', data: 'ada@idp' }, { service: 'saml', data: 'ada@idp' }, ''],
    ['a service without data', { service: 'ldap' }, { service: 'ldap' }, ''],
    ['a service that hides its data', { service: 'gitlab', isHidden: true }, { service: 'gitlab' }, ''],
    ['an unknown service', { service: 'magic_link' }, undefined, 'signs in by magic_link: not managed here'],
    [
      'a literal email',
      { service: 'email (stored literally, cannot sign in)' },
      undefined,
      'signs in by email (stored literally, cannot sign in): not managed here',
    ],
  ])('says how a person signs in: by %s', (_, auth, expected, remark) => {
    const options: AccountOptions = auth === undefined ? {} : { auth };

    expect(entryOf(options).auth).toEqual(expected);
    expect(remarkOf(options)).toBe(remark);
  });

  test.each<[string, readonly LiveToken[], UserEntry['tokens'], string]>([
    ['none', [], undefined, ''],
    ['foreign ones alone', [token('by hand')], undefined, ''],
    ['a marked one', [token(mark('ci'))], [{ name: 'ci' }], ''],
    ['a rotated one', [token(mark('ci', 7))], [{ name: 'ci', generation: 7 }], ''],
    ['a disabled one', [token(mark('ci'), false)], [{ name: 'ci', enabled: false }], ''],
    ['several, by name', [token(mark('z')), token('by hand'), token(mark('a'))], [{ name: 'a' }, { name: 'z' }], ''],
    [
      'one in rotation',
      [token(mark('ci', 1)), token(mark('ci', 2))],
      undefined,
      'tokens not managed here: one of them is in the middle of a rotation',
    ],
    [
      'one that was made twice',
      [token(mark('ci', 1, 'aaaaaaaaaa')), token(mark('ci', 1, 'bbbbbbbbbb'))],
      undefined,
      'tokens not managed here: one of them is in the middle of a rotation',
    ],
  ])('lists tokens with the mark: %s', (_, tokens, expected, remark) => {
    expect(entryOf({}, tokens).tokens).toEqual(expected);
    expect(remarkOf({}, tokens)).toBe(remark);
  });

  test.each<[ImportRules['leaverTokens'], readonly LiveToken[], boolean | undefined, string]>([
    ['disable', [], false, ''],
    ['disable', [token('by hand', false)], false, ''],
    [
      'disable',
      [token('by hand')],
      undefined,
      'inactive, with 1 live token: write active: false to have them disabled',
    ],
    [
      'disable',
      [token('a'), token(mark('ci'))],
      undefined,
      'inactive, with 2 live tokens: write active: false to have them disabled',
    ],
    ['revoke', [], false, ''],
    [
      'revoke',
      [token('by hand', false)],
      undefined,
      'inactive, with 1 token: write active: false to have them revoked',
    ],
    ['keep', [token('by hand')], false, ''],
  ])('calls an account inactive only where that changes no token: %s', (leaverTokens, tokens, expected, remark) => {
    const entry = entryOf({ active: false }, tokens, { leaverTokens });

    expect(entry.active).toBe(expected);
    expect(entry.tokens).toBeUndefined();
    expect(remarkOf({ active: false }, tokens, { leaverTokens })).toBe(remark);
  });
});

describe('an imported file', () => {
  test('leaves out bots and remote accounts without a word, and names with the reason what no entry can stand for', () => {
    const file = imported([
      account('bot', { isBot: true }),
      account('far', { isRemote: true }),
      account('system'),
      account('muster.tmp.x'),
      account('mute', { email: '' }),
      account('ada'),
    ]);

    expect(file.users.map(({ username }) => username)).toEqual(['ada']);
    expect(file.leftOut).toEqual([
      'muster.tmp.x: the name is one that muster gives for a moment',
      'mute: the account has no e-mail',
      'system: the server keeps this name for itself',
    ]);
  });

  test('leaves out an address that the server would refuse, and says so', async () => {
    const legacy = { email: '<legacy@example.com>' };

    expect(entryOf(legacy)).not.toHaveProperty('email');
    expect(remarkOf(legacy)).toBe(
      'the server calls its e-mail "<legacy@example.com>" invalid, and refuses every change: write email: legacy@example.com',
    );
  });

  test.each<[string, readonly string[], string | undefined, readonly (string | undefined)[]]>([
    ['one language', ['en', 'en'], 'en', [undefined, undefined]],
    ['the language of most', ['de', 'en', 'de'], 'de', [undefined, 'en', undefined]],
    ['of two, the first by name', ['fr', 'de'], 'de', ['fr', undefined]],
    ['none of its own', ['', 'en', 'en'], 'en', ['', undefined, undefined]],
    ['mostly none', ['', '', 'en'], undefined, [undefined, undefined, undefined]],
    ['one that cannot be written', ['x-y', 'en'], undefined, [undefined, undefined]],
  ])('writes languages once: %s', (_, locales, common, own) => {
    const file = imported(locales.map((locale, i) => account(`p${i}`, { locale })));

    expect(file.defaults?.locale).toBe(common);
    expect(file.users.map(({ locale }) => locale)).toEqual(own);
  });

  test('is sorted, and the same whatever the order of the accounts', () => {
    const users = ['c', 'a.b', 'a-b', 'b', 'a_b', '1'].map((name) => account(name));

    const file = imported(users);

    expect(file.text).toBe(imported(users.toReversed()).text);
    expect(file.users.map(({ username }) => username)).toEqual(['1', 'a-b', 'a.b', 'a_b', 'b', 'c']);
  });
});

describe('importing a server', () => {
  test('asks for the tokens of everybody who has some, and for the roles that are there', async () => {
    const stage = await openStage({
      users: crowd(3).map((username, i) => ({
        username,
        roles: i === 0 ? 'system_user system_gone' : 'system_user',
        tokens: i === 1 ? [{ description: mark('ci') }] : [],
      })),
    });

    const { text } = await importUsers({}, stage.ports);
    const { users } = parse(text) as UsersFile;

    expect(users.map(({ username, roles, tokens }) => [username, roles, tokens])).toEqual([
      ['p000', undefined, undefined],
      ['p001', ['system_user'], [{ name: 'ci' }]],
      ['p002', ['system_user'], undefined],
      ['sandbox-admin', ['system_user', 'system_admin'], undefined],
    ]);
  });

  test('refuses a caller who is shown only part of the data', async () => {
    const stage = await openStage();
    stage.sandbox.control.updateUser('sandbox-admin', { roles: 'system_user' });

    await expect(importUsers({}, stage.ports)).rejects.toMatchObject({ code: 'INSUFFICIENT_VISIBILITY' });
  });
});
