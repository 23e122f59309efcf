import { describe, expect, test } from 'vitest';
import { attributeNames, diffAttribute, isSameValue } from '../../src/model/user-attributes.ts';
import type { UserAttribute, UserValues } from '../../src/model/user-values.ts';

type Row = {
  readonly [A in UserAttribute]: readonly [title: string, attribute: A, before: UserValues[A], after: UserValues[A]];
}[UserAttribute];

const same: readonly Row[] = [
  ['a username', 'username', 'ada', 'ada'],
  ['a username in another case', 'username', 'Ada', 'aDA'],
  ['a username with an invisible mark', 'username', 'ada\u202e', 'ada'],
  ['an e-mail', 'email', 'ada@x.com', 'ada@x.com'],
  ['an e-mail in another case, with spaces', 'email', 'ada@x.com', '  Ada@X.com '],
  ['a first name', 'first_name', 'Ada', 'Ada'],
  ['a first name with a byte order mark', 'first_name', 'Ada', '\ufeffAda'],
  ['a last name with tag characters', 'last_name', 'Love\u{e0041}lace', 'Lovelace'],
  ['a nickname with a line separator', 'nickname', 'a\u2028da', 'ada'],
  ['an empty nickname', 'nickname', '', ''],
  ['a position', 'position', 'Analyst', 'Analyst'],
  ['a language', 'locale', 'pt-BR', 'pt-BR'],
  ['a time zone', 'timezone', { manualTimezone: 'UTC' }, { manualTimezone: 'UTC' }],
  ['a time zone of which nothing is named', 'timezone', { manualTimezone: 'UTC' }, {}],
  ['no time zone beside none', 'timezone', {}, {}],
  ['one key of many', 'notify_props', { desktop: 'all', push: 'none' }, { push: 'none' }],
  ['mention keys in another order', 'notify_props', { mention_keys: 'ada,math' }, { mention_keys: 'math,ada' }],
  [
    'mention keys with a leading comma, spaces and capitals',
    'notify_props',
    { mention_keys: ',ada,math' },
    { mention_keys: ' Math , ADA,ada ' },
  ],
  ['properties', 'props', { team: 'x', other: 'y' }, { team: 'x' }],
  ['roles', 'roles', ['system_user'], ['system_user']],
  ['roles in another order', 'roles', ['system_admin', 'system_user'], ['system_user', 'system_admin']],
  ['roles that stand twice', 'roles', ['system_user', 'system_user'], ['system_user']],
  ['being active', 'active', true, true],
  ['a second factor that stays off', 'mfa', 'off', 'off'],
  ['a second factor that no entry can switch on', 'mfa', 'off', 'on'],
  ['e-mail login', 'auth', { service: 'email' }, { service: 'email' }],
  ['a service with its data', 'auth', { service: 'saml', data: '7' }, { service: 'saml', data: '7' }],
  ['a service whose data is not named', 'auth', { service: 'saml', data: '7' }, { service: 'saml' }],
  ['a service whose data is hidden', 'auth', { service: 'saml', isHidden: true }, { service: 'saml', data: '7' }],
  [
    'e-mail login, with data that e-mail login does not have',
    'auth',
    { service: 'email' },
    { service: 'email', data: '7' },
  ],
];

/** Each expected difference: class, part, before, after. */
type Change = readonly [changeClass: string, part: string | undefined, before: unknown, after: unknown];

const different: readonly (readonly [...Row, readonly Change[]])[] = [
  ['a username', 'username', 'ada', 'bob', [['rename', undefined, 'ada', 'bob']]],
  ['an e-mail', 'email', 'a@x.com', 'b@x.com', [['email', undefined, 'a@x.com', 'b@x.com']]],
  ['a first name', 'first_name', 'Ada', '', [['update', undefined, 'Ada', '']]],
  ['a first name by a space at its end', 'first_name', 'Ada', 'Ada ', [['update', undefined, 'Ada', 'Ada ']]],
  ['a last name in another case', 'last_name', 'King', 'KING', [['update', undefined, 'King', 'KING']]],
  ['a nickname', 'nickname', '', 'ada', [['update', undefined, '', 'ada']]],
  [
    'a position by an invisible mark, which the server keeps',
    'position',
    'a',
    '\ufeffa',
    [['update', undefined, 'a', '\ufeffa']],
  ],
  ['a language', 'locale', 'en', 'de', [['update', undefined, 'en', 'de']]],
  [
    'a key of the time zone that was not there',
    'timezone',
    {},
    { useAutomaticTimezone: 'true' },
    [['update', 'useAutomaticTimezone', undefined, 'true']],
  ],
  [
    'two keys of a map, in the order of the alphabet',
    'notify_props',
    { push: 'all', desktop: 'all', email: 'true' },
    { push: 'none', desktop: 'none' },
    [
      ['update', 'desktop', 'all', 'none'],
      ['update', 'push', 'all', 'none'],
    ],
  ],
  [
    'mention keys, in the spelling of the server',
    'notify_props',
    { mention_keys: '' },
    { mention_keys: 'Math, ada' },
    [['update', 'mention_keys', '', 'ada,math']],
  ],
  ['a property that is cleared', 'props', { team: 'x' }, { team: '' }, [['update', 'team', 'x', '']]],
  [
    'a property whose name every object knows',
    'props',
    {},
    { toString: 'x' },
    [['update', 'toString', undefined, 'x']],
  ],
  [
    'a role more',
    'roles',
    ['system_user'],
    ['system_user', 'system_manager'],
    [['role-grant', 'system_manager', undefined, 'system_manager']],
  ],
  [
    'a role less',
    'roles',
    ['system_user', 'system_manager'],
    ['system_user'],
    [['role-revoke', 'system_manager', 'system_manager', undefined]],
  ],
  [
    'an admin more',
    'roles',
    ['system_user'],
    ['system_user', 'system_admin'],
    [['admin-gain', 'system_admin', undefined, 'system_admin']],
  ],
  [
    'an admin less',
    'roles',
    ['system_user', 'system_admin'],
    ['system_user'],
    [['admin-loss', 'system_admin', 'system_admin', undefined]],
  ],
  [
    'one set by several classes',
    'roles',
    ['system_user', 'system_admin'],
    ['system_user', 'system_manager'],
    [
      ['role-grant', 'system_manager', undefined, 'system_manager'],
      ['admin-loss', 'system_admin', 'system_admin', undefined],
    ],
  ],
  ['a second factor that is on', 'mfa', 'on', 'off', [['mfa', undefined, 'on', 'off']]],
  ['no role at all', 'roles', [], ['system_user'], [['role-grant', 'system_user', undefined, 'system_user']]],
  [
    'a member who becomes a guest',
    'roles',
    ['system_user'],
    ['system_guest'],
    [['guest', 'system_guest', 'member', 'guest']],
  ],
  [
    'a guest who becomes a member',
    'roles',
    ['system_guest'],
    ['system_user'],
    [['guest', 'system_guest', 'guest', 'member']],
  ],
  [
    'an admin who becomes a guest',
    'roles',
    ['system_user', 'system_admin'],
    ['system_guest'],
    [
      ['guest', 'system_guest', 'member', 'guest'],
      ['admin-loss', 'system_admin', 'system_admin', undefined],
    ],
  ],
  [
    'a guest who keeps a role: becoming one takes it away, so it is given again',
    'roles',
    ['system_user', 'system_post_all'],
    ['system_guest', 'system_post_all'],
    [
      ['guest', 'system_guest', 'member', 'guest'],
      ['role-grant', 'system_post_all', undefined, 'system_post_all'],
    ],
  ],
  [
    'a guest who becomes a member with a role',
    'roles',
    ['system_guest'],
    ['system_user', 'system_manager'],
    [
      ['guest', 'system_guest', 'guest', 'member'],
      ['role-grant', 'system_manager', undefined, 'system_manager'],
    ],
  ],
  ['coming back', 'active', false, true, [['activate', undefined, false, true]]],
  ['leaving', 'active', true, false, [['deactivate', undefined, true, false]]],
  [
    'another service',
    'auth',
    { service: 'email' },
    { service: 'saml', data: '7' },
    [['auth', undefined, { service: 'email' }, { service: 'saml', data: '7' }]],
  ],
  [
    'other data of the same service',
    'auth',
    { service: 'saml', data: '8' },
    { service: 'saml', data: '7' },
    [['auth', undefined, { service: 'saml', data: '8' }, { service: 'saml', data: '7' }]],
  ],
  [
    'a service that takes over hidden data',
    'auth',
    { service: 'ldap', isHidden: true },
    { service: 'saml', data: '7' },
    [['auth', undefined, { service: 'ldap' }, { service: 'saml', data: '7' }]],
  ],
  [
    'e-mail login',
    'auth',
    { service: 'saml', data: '7' },
    { service: 'email' },
    [['auth', undefined, { service: 'saml', data: '7' }, { service: 'email' }]],
  ],
];

describe('sees no difference in', () => {
  test.each(same)('%s', (_, attribute, before, after) => {
    const differences = diffAttribute<UserAttribute>(attribute, before, after);

    expect(differences).toEqual([]);
  });
});

describe('sees the difference of', () => {
  test.each(different)('%s', (_, attribute, before, after, expected) => {
    const differences = diffAttribute<UserAttribute>(attribute, before, after);

    expect(differences.map((one) => [one.class, one.part, one.before, one.after])).toEqual(expected);
  });
});

test('has a case in both tables for every attribute', () => {
  const [inSame, inDifferent] = [same, different].map((rows) => new Set(rows.map(([, attribute]) => attribute)));

  expect(inSame).toEqual(new Set(attributeNames));
  expect(inDifferent).toEqual(new Set(attributeNames));
});

describe('compares values as plans spell them:', () => {
  test.each([
    ['username', 'Ada', 'ada', true],
    ['email', ' Ada@x.com', 'ada@x.com', true],
    ['first_name', 'Ada', 'ada', false],
    ['roles', ['system_admin', 'system_user'], ['system_user', 'system_admin'], true],
    ['roles', ['system_user'], ['system_user', 'system_admin'], false],
    ['notify_props.mention_keys', 'b,A', ' a, b', true],
    ['notify_props.desktop', 'all', 'ALL', false],
    ['auth', { service: 'saml', data: '7' }, { data: '7', service: 'saml' }, true],
    ['auth', { service: 'saml' }, { service: 'saml', data: '7' }, false],
    ['active', true, false, false],
    ['props.team', undefined, '', false],
  ] as const)('%s, %j and %j', (field, one, other, expected) => {
    expect(isSameValue(field, one, other)).toBe(expected);
  });
});
