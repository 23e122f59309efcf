import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fields, parseFirstValue, sortedMap, stringMapOf, textsOf, writeJson } from '../../src/sandbox/go-json.ts';
import { isId, newId, shuffled } from '../../src/sandbox/ids.ts';
import { defaultConfig, seededRandomness } from '../../src/sandbox/index.ts';
import { maskedBody } from '../../src/sandbox/ledger.ts';
import { isTrue, readPage } from '../../src/sandbox/paging.ts';
import { isAcceptedDomain, isEmail, isUsername } from '../../src/sandbox/rules/check-user.ts';
import { isLocale } from '../../src/sandbox/rules/locales.ts';
import { mentionKeysAfterRename, updatedNotifyProps, withoutInvisible } from '../../src/sandbox/rules/normalize.ts';
import { checkPassword, hashPassword, isPassword } from '../../src/sandbox/rules/passwords.ts';
import { lockedField } from '../../src/sandbox/rules/provider-fields.ts';
import { isRolesValue } from '../../src/sandbox/rules/roles.ts';
import { acceptCode, codeAt } from '../../src/sandbox/rules/totp.ts';
import { isAtLeast } from '../../src/sandbox/versions.ts';
import { noon, plainUser } from './support.ts';

const accepted = (values: readonly string[], check: (value: string) => boolean): readonly string[] =>
  values.filter(check);
const thrown = (act: () => unknown): unknown => {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof Error && 'id' in error ? error.id : error;
  }
};

describe('a username', () => {
  test('is 1 to 64 lower-case letters, digits, dots, dashes and underscores', () => {
    const good = ['a', '1', '.', '-x', '_x', '..', 'here', 'a'.repeat(64)];
    const bad = [
      '',
      'A',
      'a b',
      'ä',
      'a:b',
      'a@b',
      'a'.repeat(65),
      'all',
      'channel',
      'matterbot',
      'system',
      'a\u200eb',
    ];

    expect(accepted([...good, ...bad], (name) => isUsername(name))).toEqual(good);
    expect(isUsername('a:b', true)).toBe(true);
  });
});

describe('an email', () => {
  test('is a plain address in lower case', () => {
    const good = ['x@y', 'a+b@c.d', 'ä@c.d', `${'a'.repeat(115)}@example.test`];
    const bad = [
      '',
      'x',
      'a@b@c',
      'a <a@b.c>',
      '<a@b.c>',
      'a b@c.d',
      ' a@b.c',
      '"a b"@c.d',
      'A@b.c',
      `${'a'.repeat(116)}@example.test`,
    ];

    expect(accepted([...good, ...bad], isEmail)).toEqual(good);
  });

  test.each([
    ['', 'a@any.test', true],
    ['corp.test', 'a@corp.test', true],
    ['@corp.test, other.test', 'A@OTHER.test', true],
    ['corp.test', 'a@sub.corp.test', false],
    ['corp.test', 'a@evilcorp.test', false],
  ])('of the domains "%s": %s is %s', (domains, email, expected) => {
    expect(isAcceptedDomain(email, domains)).toBe(expected);
  });
});

test('a locale is empty or a short tag of a known language', () => {
  const good = ['', 'en', 'en-US', 'de-DE', 'cs'];
  const bad = ['xx', 'q!', 'toolong', 'zh-Hans'];

  expect(accepted([...good, ...bad], isLocale)).toEqual(good);
});

describe('a password', () => {
  const strict = {
    ...defaultConfig,
    'PasswordSettings.Lowercase': true,
    'PasswordSettings.Uppercase': true,
    'PasswordSettings.Number': true,
    'PasswordSettings.Symbol': true,
  };

  test.each([
    ['aaaaaaa', defaultConfig, 'pwd_min_length'],
    ['ääää', defaultConfig, undefined],
    ['a'.repeat(72), defaultConfig, undefined],
    ['a'.repeat(73), defaultConfig, 'pwd_max_length'],
    ['aaaaaaaa', strict, 'pwd_uppercase_number_symbol'],
    ['AAAAAAAA1', strict, 'pwd_lowercase_symbol'],
    ['aA1aA1aA1{', strict, 'pwd_symbol'],
    ['aA1 aaaa', strict, undefined],
    ['äAAA1!!!', strict, 'pwd_lowercase'],
    ['a', strict, 'pwd_min_length'],
  ])('"%s" under a policy is told %s', (password, config, field) => {
    const id = thrown(() => checkPassword(password, config));

    expect(id).toBe(field === undefined ? undefined : `model.user.is_valid.${field}.app_error`);
  });

  test('is known by its hash alone', () => {
    const hash = hashPassword('password1', 'salt');

    expect(hash).not.toContain('password1');
    expect([
      isPassword('password1', hash),
      isPassword('password2', hash),
      isPassword('x', ''),
      isPassword('x', 'x'),
    ]).toEqual([true, false, false, false]);
  });
});

test('names lose invisible signs and keep spaces', () => {
  expect(withoutInvisible(' a\u202ab\ufeff\u{e0001} ')).toBe(' ab ');
});

describe('mention keys', () => {
  test('are lower-cased, and empty ones dropped, without trimming', () => {
    expect(updatedNotifyProps({ mention_keys: 'Foo,,BAR , baz,' })).toEqual({ mention_keys: 'foo,bar , baz' });
  });

  test('lose the old name on a rename and start with a comma', () => {
    expect(mentionKeysAfterRename({ mention_keys: 'ada,@ada, x' }, 'ada')).toEqual({ mention_keys: ',x' });
    expect(mentionKeysAfterRename({ mention_keys: 'ada' }, 'ada')).toEqual({ mention_keys: '' });
  });
});

test('roles: any names, but not system_admin alone', () => {
  const good = ['', '   ', 'system_user', 'system_user  system_admin', 'a1_'];
  const bad = ['system_admin', ' system_admin', 'System_user', 'a-b', 'x'.repeat(65)];

  expect(accepted([...good, ...bad], isRolesValue)).toEqual(good);
});

describe('what a login service owns', () => {
  const config = {
    ...defaultConfig,
    'LdapSettings.FirstNameAttribute': 'givenName',
    'SamlSettings.LastNameAttribute': 'sn',
  };
  const fields = { ...plainUser, username: 'ada', first_name: 'Ada', last_name: 'L' };

  test.each([
    ['', { username: 'x', first_name: 'x' }, undefined],
    ['email', { username: 'x' }, 'username'],
    ['gitlab', { first_name: 'x' }, 'full name'],
    ['gitlab', { nickname: 'x' }, undefined],
    ['ldap', { first_name: 'x' }, 'first_name'],
    ['ldap', { last_name: 'x' }, undefined],
    ['saml', { last_name: 'x' }, 'last_name'],
    ['saml', { first_name: 'x' }, undefined],
    ['saml', { username: 'ada', last_name: 'L' }, undefined],
  ])('of "%s" against %o is %s', (auth_service, changes, expected) => {
    const user = { ...fields, auth_service };

    expect(lockedField(config, user, { ...user, ...changes })).toBe(expected);
  });

  test('is LDAP’s for SAML people where they are synchronised', () => {
    const user = { ...fields, auth_service: 'saml' };
    const synchronised = { ...config, 'SamlSettings.EnableSyncWithLdap': true };

    expect(lockedField(synchronised, user, { ...user, first_name: 'x' })).toBe('first_name');
  });
});

describe('one-time codes', () => {
  test('are those of RFC 6238', () => {
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

    expect([59, 1_111_111_109, 20_000_000_000].map((seconds) => codeAt(secret, seconds * 1000))).toEqual([
      '287082',
      '081804',
      '353130',
    ]);
  });

  test('are good one step before and after, once', () => {
    const secret = 'GEZDGNBVGY3TQOJQ';
    const at = (ms: number): string => codeAt(secret, noon + ms);

    const used = acceptCode(secret, at(0), [], noon);

    expect(used).toHaveLength(1);
    expect(acceptCode(secret, at(0), used ?? [], noon)).toBeUndefined();
    expect(acceptCode(secret, at(-30_000), used ?? [], noon)).toHaveLength(2);
    expect(acceptCode(secret, at(-60_000), [], noon)).toBeUndefined();
  });
});

describe('JSON as the server reads it', () => {
  test('is the first value of a text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('', ' ', '{"x":1}', ' trailing', ']'), (value, rest) => {
        const text = JSON.stringify(value);
        // A number or word would grow by what follows it directly.
        const separator = typeof value === 'object' && value !== null ? '' : ' ';

        expect(parseFirstValue(`${text}${separator}${rest}`)).toEqual(JSON.parse(text));
      }),
    );
  });

  test.each(['', '{', '{"a":}', 'nul', '"open'])('"%s" is none', (text) => {
    expect(() => parseFirstValue(text)).toThrow('not JSON');
  });

  test('finds fields in any case, the last one wins, and null is not given', () => {
    const fields = new Fields({ A: 'x', a: 'y', B: null, c: true, D: 5, e: { k: null }, F: ['x', null] });

    expect([fields.string('a'), fields.string('b'), fields.boolean('C'), fields.integer('d')]).toEqual([
      'y',
      undefined,
      true,
      5,
    ]);
    expect([fields.stringMap('e'), fields.strings('f')]).toEqual([{ k: '' }, ['x', '']]);
  });

  test.each([
    ['a list for an object', () => new Fields([])],
    ['a number for a text', () => new Fields({ a: 5 }).string('a')],
    ['a text for a boolean', () => new Fields({ a: 'true' }).boolean('a')],
    ['a fraction for a whole number', () => new Fields({ a: 1.5 }).integer('a')],
    ['a boolean in a map of texts', () => stringMapOf({ a: true })],
    ['a list for a map', () => stringMapOf([])],
    ['a number in a list of texts', () => new Fields({ a: [1] }).strings('a')],
  ])('refuses %s', (_what, act) => {
    expect(act).toThrow(Error);
  });

  test('is lenient where the server is: texts are kept, the rest is left out', () => {
    expect(textsOf({ roles: 'system_user', x: 1, y: null })).toEqual({ roles: 'system_user' });
    expect(textsOf([1])).toEqual({});
  });

  test('writes maps in order and escapes signs of HTML', () => {
    expect(writeJson(sortedMap({ b: '<', a: '&\u2028' }))).toBe(String.raw`{"a":"\u0026\u2028","b":"\u003c"}`);
  });
});

describe('queries', () => {
  test('booleans are those of the server’s language', () => {
    const values = ['1', 't', 'T', 'true', 'TRUE', 'True', 'yes', 'tRue', '', '0'];

    expect(accepted(values, isTrue)).toEqual(['1', 't', 'T', 'true', 'TRUE', 'True']);
  });

  test.each([
    ['', 0, 60],
    ['page=+2&per_page=5', 0, 5],
    ['page=%2B2&per_page=201', 2, 200],
    ['page=-3&per_page=0', -3, 0],
  ])('"%s" is page %i of %i', (query, page, perPage) => {
    expect(readPage(new URLSearchParams(query))).toEqual({ page, perPage });
  });
});

test('versions are compared part by part', () => {
  const later = ['11.6.0', '11.6', '11.10.0', '12', '11.6.1'];

  expect(accepted([...later, '11.5.9', '9.99.99'], (version) => isAtLeast(version, '11.6'))).toEqual(later);
});

test('ids are 26 signs of the server’s alphabet, and a seed repeats them', () => {
  const ids = Array.from({ length: 50 }, () => newId(seededRandomness(1)));
  const many = Array.from(
    { length: 500 },
    (
      (random) => () =>
        newId(random)
    )(seededRandomness(2)),
  );

  expect(new Set(ids).size).toBe(1);
  expect(new Set(many).size).toBe(500);
  expect(many.every((id) => isId(id) && /^[ybndrfg8ejkmcpqxot1uwisza345h769]+$/.test(id))).toBe(true);
});

test('shuffling loses nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.integer(), (items, seed) => {
      expect(shuffled(items, seededRandomness(seed)).toSorted()).toEqual(items.toSorted());
    }),
  );
});

test('secrets of a body are masked at any depth, ids are not', () => {
  const body = { users: [{ password: 'x', token_id: 'id', Token: 'x' }], new_password: null, code: '1' };

  expect(maskedBody(Buffer.from(JSON.stringify(body)))).toEqual({
    users: [{ password: '(masked)', token_id: 'id', Token: '(masked)' }],
    new_password: '(masked)',
    code: '(masked)',
  });
});
