import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolvePolicy } from '../../src/config/settings.ts';
import { loadDesiredState } from '../../src/desired/load-desired-state.ts';
import type { DesiredState, DesiredUser, EntryPart } from '../../src/model/desired-state.ts';
import { ProgrammingError } from '../../src/model/muster-error.ts';
import { InputError } from '../../src/model/problem.ts';
import { folderWith, load, noon, problemsOf, usersFile } from './support.ts';

async function only(state: Promise<DesiredState>): Promise<DesiredUser> {
  const [user, ...others] = (await state).users;
  if (user === undefined || others.length > 0) throw new Error('one person was expected');
  return user;
}

describe('what is left out', () => {
  test.each<[what: string, entry: string, expected: Partial<DesiredUser>]>([
    [
      'everything but the name: nothing is managed, and tokens are not either',
      '',
      { values: { username: 'ada' }, adopt: false, previousUsernames: [] },
    ],
    ['active, with no dates', 'email: a@example.com', { values: { username: 'ada', email: 'a@example.com' } }],
    ['an empty text clears', 'first_name: "", locale: ""', { values: { username: 'ada', first_name: '', locale: '' } }],
    ['an empty list of tokens wants none', 'tokens: []', { tokens: [] }],
    [
      'system_user is implied',
      'roles: [system_admin]',
      { values: { username: 'ada', roles: ['system_user', 'system_admin'] } },
    ],
    ['and is not for a guest', 'roles: [system_guest]', { values: { username: 'ada', roles: ['system_guest'] } }],
    ['auth without data', 'auth: { service: ldap }', { values: { username: 'ada', auth: { service: 'ldap' } } }],
    [
      'a token has its first generation, no overlap, is enabled and goes to a file',
      'tokens: [{ name: ci }]',
      { tokens: [{ name: 'ci', generation: 1, overlapMs: 0, enabled: true }] },
    ],
    [
      'a token that names everything',
      'tokens: [{ name: ci, generation: 2, overlap: 24h, enabled: false, sink: vault-ci }]',
      { tokens: [{ name: 'ci', generation: 2, overlapMs: 86_400_000, enabled: false, sink: 'vault-ci' }] },
    ],
    ['inactive is a wish', 'active: false', { values: { username: 'ada', active: false } }],
    ['an initial password is a name', 'initial_password: hr-start', { initialPassword: 'hr-start' }],
  ])('%s', async (_, entry, expected) => {
    const user = await only(load({ 'users.yaml': usersFile(['username: ada', entry].filter(Boolean).join(', ')) }));

    expect(user).toMatchObject(expected);
    expect(user.values).toEqual(expected.values ?? { username: 'ada' });
    expect(user.tokens).toEqual(expected.tokens);
  });

  test.each([
    ['null', 'email: ~', 'null-value'],
    ['an empty value', 'email: ', 'null-value'],
    ['an empty list of roles', 'roles: []', 'empty-list'],
  ])('%s is refused, since it could mean two things', async (_, entry, code) => {
    const problems = await problemsOf({ 'users.yaml': usersFile(`username: ada, ${entry}`) });

    expect(problems.map((problem) => problem.code)).toEqual([code]);
  });
});

describe('values', () => {
  test('are as the server would store them', async () => {
    const { username, previousUsernames, values } = await only(
      load({
        'users.yaml': usersFile(
          'username: Ada.L, previous_usernames: [Zoe, ALovelace, zoe], email: " Ada@Example.COM ", first_name: "A\\u202eda", roles: [system_manager, system_admin, system_user]',
        ),
      }),
    );

    expect({ username, previousUsernames, values }).toEqual({
      username: 'ada.l',
      previousUsernames: ['alovelace', 'zoe'],
      values: {
        username: 'ada.l',
        email: 'ada@example.com',
        first_name: 'Ada',
        roles: ['system_user', 'system_admin', 'system_manager'],
      },
    });
  });

  test.each([
    ['30m', 1_800_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
  ])('of an overlap of %s are milliseconds', async (overlap, overlapMs) => {
    const { tokens } = await only(
      load({ 'u.yaml': usersFile(`username: ada, tokens: [{ name: ci, overlap: ${overlap} }]`) }),
    );

    expect(tokens).toMatchObject([{ overlapMs }]);
  });

  test.each([
    ['45m', 2_700_000],
    ['12h', 43_200_000],
    ['90d', 7_776_000_000],
  ])('of the life of a token, %s, are milliseconds', async (life, expiresInMs) => {
    const { tokens } = await only(
      load({ 'u.yaml': usersFile(`username: ada, tokens: [{ name: ci, expires_in: ${life} }]`) }),
    );

    expect(tokens).toEqual([{ name: 'ci', generation: 1, overlapMs: 0, enabled: true, expiresInMs }]);
  });

  test.each([
    ['90', 'expires_in (ada) is the number 90, expected a text'],
    ['90s', 'expires_in (ada) is the text "90s", expected a number and m, h or d, such as 12h or 90d'],
    ['3w', 'expires_in (ada) is the text "3w", expected a number and m, h or d, such as 12h or 90d'],
    ['0d', 'expires_in (ada) is the text "0d", expected a number and m, h or d, such as 12h or 90d'],
    ['1h30m', 'expires_in (ada) is the text "1h30m", expected a number and m, h or d, such as 12h or 90d'],
    ['2027-01-01', 'expires_in (ada) is the text "2027-01-01", expected a number and m, h or d, such as 12h or 90d'],
  ])('of the life of a token are no %s', async (life, message) => {
    const problems = await problemsOf({
      'u.yaml': usersFile(`username: ada, tokens: [{ name: ci, expires_in: ${life} }]`),
    });

    expect(problems).toMatchObject([{ message: `users[1].tokens[1].${message}`, at: { file: 'u.yaml', line: 3 } }]);
  });

  test('with a life of their own are another desired state, and without one the same as ever', async () => {
    const digestWith = async (more: string): Promise<string> =>
      (await load({ 'u.yaml': usersFile(`username: ada, tokens: [{ name: ci${more} }]`) })).digest;

    expect(await digestWith(', expires_in: 90d')).not.toBe(await digestWith(''));
    expect(await digestWith(', expires_in: 24h')).toBe(await digestWith(', expires_in: 1d'));
  });
});

const withDefaults = (entry: string): string => `version: 1
defaults: { locale: en, position: Dev, timezone: { a: "1", b: "2" }, notify_props: { desktop: all } }
users: [{ username: ada, ${entry} }]
`;

describe('defaults', () => {
  test('are inherited as if they stood in the entry', async () => {
    const { values } = await only(load({ 'u.yaml': withDefaults('email: a@example.com') }));

    expect(values).toEqual({
      username: 'ada',
      email: 'a@example.com',
      locale: 'en',
      position: 'Dev',
      timezone: { a: '1', b: '2' },
      notify_props: { desktop: 'all' },
    });
  });

  test('give way to the entry, in maps key by key', async () => {
    const { values } = await only(
      load({ 'u.yaml': withDefaults('locale: de, position: "", timezone: { b: "3", c: "4" }') }),
    );

    expect(values).toMatchObject({ locale: 'de', position: '', timezone: { a: '1', b: '3', c: '4' } });
  });

  test('hold for their own file alone', async () => {
    const { users } = await load({ 'a.yaml': withDefaults('active: true'), 'b.yaml': usersFile('username: grace') });

    expect(users.map(({ values }) => values.locale)).toEqual(['en', undefined]);
  });

  test.each(['roles: [system_admin]', 'active: false', 'auth: { service: ldap }', 'email: a@example.com'])(
    'cannot be %s',
    async (field) => {
      const problems = await problemsOf({ 'u.yaml': `version: 1\ndefaults: { ${field} }\nusers: [{ username: ada }]` });

      expect(problems.map(({ code }) => code)).toEqual(['unknown-field']);
    },
  );
});

describe('on_create', () => {
  test('is used by a create alone: it never becomes a value', async () => {
    const { values, onCreate } = await only(
      load({
        'u.yaml':
          'version: 1\non_create: { roles: [system_manager], welcome_email: true, email_verified: false }\nusers: [{ username: ada }]',
      }),
    );

    expect(values).toEqual({ username: 'ada' });
    expect(onCreate).toEqual({ roles: ['system_user', 'system_manager'], welcomeEmail: true, emailVerified: false });
  });

  test('defaults to no mail, a verified e-mail and the roles of the server', async () => {
    const { onCreate } = await only(load({ 'u.yaml': usersFile('username: ada') }));

    expect(onCreate).toEqual({ welcomeEmail: false, emailVerified: true });
  });

  test.each([
    ['[team_admin]', ['role-not-allowed']],
    ['[system_guest, system_user]', ['guest-and-member']],
    ['[system_guest, system_admin]', ['guest-and-admin', 'admin-by-default']],
    ['[system_user, system_admin]', ['admin-by-default']],
  ])('refuses the roles %s', async (roles, codes) => {
    const problems = await problemsOf({
      'u.yaml': `version: 1\non_create: { roles: ${roles} }\nusers: [{ username: ada }]`,
    });

    expect(problems).toMatchObject(codes.map((code) => ({ code, at: { file: 'u.yaml', line: 2, column: 14 } })));
  });
});

describe('dates', () => {
  const entry = usersFile('username: ada, starts: 2026-12-01, ends: 2027-06-30');

  test.each([
    ['2026-11-30T22:59:59Z', 'Europe/Berlin', false, 'starts 2026-12-01'],
    ['2026-11-30T23:00:00Z', 'Europe/Berlin', true, 'started 2026-12-01'],
    ['2026-11-30T23:00:00Z', 'UTC', false, 'starts 2026-12-01'],
    ['2027-06-30T12:00:00Z', 'Pacific/Auckland', false, 'ended 2027-06-30'],
    ['2027-06-30T12:00:00Z', 'America/New_York', true, 'started 2026-12-01'],
  ])('are read as of %s, in %s', async (at, timeZone, active, window) => {
    const user = await only(
      load({ 'u.yaml': entry }, { momentMs: Date.parse(at), policy: { ...resolvePolicy({}), timeZone } }),
    );

    expect(user).toMatchObject({ values: { active }, window });
  });
});

const value = (field: string, i: number): string =>
  ({
    username: `u${i}`,
    email: `u${i}@example.com`,
    first_name: `"${i}"`,
    roles: '[system_user]',
    auth: '{ service: ldap }',
  })[field] ?? '';

const entry = (i: number, order: readonly string[]): string =>
  order.map((field) => `${field}: ${value(field, i)}`).join(', ');

const digest = async (...files: readonly string[]): Promise<string> =>
  (await load(Object.fromEntries(files.map((text, i) => [`${i}.yaml`, text])))).digest;

describe('the digest', () => {
  const a =
    'username: ada, email: a@example.com, tokens: [{ name: x }, { name: y }], roles: [system_user, system_admin], teams: [core, { team: sales, channels: [b, c] }]';
  const aInAnotherOrder =
    'teams: [{ channels: [c, { channel: b }], team: sales }, { team: core }], roles: [system_admin], tokens: [{ name: y }, { name: x, generation: 1 }], email: A@example.com, username: ada, adopt: false';
  const b = 'username: grace, previous_usernames: [x, y]';
  const bInAnotherOrder = 'previous_usernames: [y, x], username: Grace';
  test('is the same, however the same is written', async () => {
    const expected = await digest(usersFile(a, b));

    expect(expected).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await digest(usersFile(b, a))).toBe(expected);
    expect(await digest(usersFile(b), usersFile(a))).toBe(expected);
    expect(await digest(usersFile(bInAnotherOrder, aInAnotherOrder))).toBe(expected);
    expect(await digest(`# a comment\nusers: [{ ${a} }, { ${b} }]\nversion: 1\n`)).toBe(expected);
  });

  test.each([
    ['a value', usersFile(a.replace('a@', 'b@'), b)],
    ['a field', usersFile(`${a}, nickname: ""`, b)],
    ['a token', usersFile(a.replace(', { name: y }', ''), b)],
    ['a person', usersFile(a)],
    ['a previous name', usersFile(a, b.replace('x, y', 'x'))],
    ['a first password', usersFile(`${a}, initial_password: hr-start`, b)],
    ['on_create', usersFile(a, b).replace('users:', 'on_create: { welcome_email: true }\nusers:')],
    ['defaults', usersFile(a, b).replace('users:', 'defaults: { locale: en }\nusers:')],
  ])('differs with %s', async (_, text) => {
    expect(await digest(text)).not.toBe(await digest(usersFile(a, b)));
  });

  test('differs with the moment', async () => {
    const one = await load({ 'u.yaml': usersFile(a) });
    const other = await load({ 'u.yaml': usersFile(a) }, { momentMs: noon + 1 });

    expect(other.digest).not.toBe(one.digest);
    expect(other.momentMs).toBe(noon + 1);
  });

  test('and the people do not depend on any order of entries and fields', async () => {
    const fields = ['username', 'email', 'first_name', 'roles', 'auth'];
    const expected = await load({ 'u.yaml': usersFile(...[1, 2, 3].map((i) => entry(i, fields))) });

    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([1, 2, 3], { minLength: 3 }),
        fc.shuffledSubarray(fields, { minLength: 5 }),
        async (people, order) => {
          const state = await load({ 'u.yaml': usersFile(...people.map((i) => entry(i, order))) });

          expect(state.digest).toBe(expected.digest);
          expect(state.users).toEqual(expected.users);
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('locate', () => {
  const text = `version: 1
defaults: { locale: en, timezone: { a: "1" } }
users:
  - email: a@example.com
    username: ada
    id: abcdefghijklmnopqrstuvwxyz
    timezone: { b: "2" }
    active: true
    tokens:
      - name: one
      - { enabled: true, name: two.2 }
    initial_password: hr-start
  - username: future
    active: true
    ends: 2027-06-30
    starts: 2026-12-01
  - username: gone
    starts: 2020-01-01
    ends: 2026-01-01
  - username: leaving
    ends: 2027-01-01
  - username: inactive
    active: false
    ends: 2027-01-01
`;

  test.each<[person: string, part: EntryPart | undefined, place: string]>([
    ['ada', undefined, 'entry 5:5'],
    ['ada', 'username', 'entry 5:5'],
    ['ada', 'email', 'entry 4:5'],
    ['ada', 'id', 'entry 6:5'],
    ['ada', 'timezone', 'entry 7:5'],
    ['ada', 'locale', 'defaults 2:13'],
    ['future', 'timezone', 'defaults 2:25'],
    ['ada', 'active', 'entry 8:5'],
    ['ada', 'tokens', 'entry 9:5'],
    ['ada', 'tokens.one', 'entry 10:9'],
    ['ada', 'tokens.two.2', 'entry 11:9'],
    ['ada', 'tokens.three', 'entry 9:5'],
    ['ada', 'initial_password', 'entry 12:5'],
    ['ada', 'roles', 'entry 5:5'],
    ['future', 'tokens.one', 'entry 13:5'],
    ['future', 'active', 'entry 16:5'],
    ['gone', 'active', 'entry 19:5'],
    ['leaving', 'active', 'entry 21:5'],
    ['inactive', 'active', 'entry 23:5'],
  ])('of %s, %s leads to the %s', async (person, part, place) => {
    const state = await load({ 'u.yaml': text });
    const user = state.users.find(({ username }) => username === person);
    if (user === undefined) throw new Error(`no ${person}`);

    const { from, file, line, column } = state.locate(user, part);

    expect(`${from} ${line}:${column}`).toBe(place);
    expect(file).toBe('u.yaml');
  });

  test('of someone else is a bug', async () => {
    const state = await load({ 'u.yaml': text });
    const stranger = await only(load({ 'u.yaml': usersFile('username: ada') }));

    expect(() => state.locate(stranger)).toThrow(ProgrammingError);
  });
});

describe('files', () => {
  test('are named relative to their folder, in order', async () => {
    const { files, users } = await load({
      'b/u.yaml': usersFile('username: ada'),
      'a.yaml': usersFile('username: grace'),
    });

    expect(files).toEqual(['a.yaml', join('b', 'u.yaml')]);
    expect(users.map(({ username }) => username)).toEqual(['ada', 'grace']);
  });

  test('with line ends of Windows and a byte order mark are read like others', async () => {
    const text = usersFile('username: ada, first_name: "x"', 'username: grace');

    const plain = await load({ 'u.yaml': text });
    const windows = await load({ 'u.yaml': `\ufeff${text.replaceAll('\n', '\r\n')}` });

    expect(windows.digest).toBe(plain.digest);
  });

  test('that declare no one, all together, are refused', async () => {
    const nobody = 'version: 1\nusers: []\n';

    expect(await problemsOf({ 'a.yaml': nobody, 'b.yaml': nobody })).toMatchObject([
      { code: 'no-one-declared', at: { file: 'a.yaml', line: 2, column: 1 }, excerpt: 'users: []' },
    ]);
    expect(await problemsOf({ 'a.yaml': nobody, 'b.yaml': usersFile('username: ada') })).toEqual([]);
    expect(await problemsOf({}, { files: [] })).toMatchObject([{ code: 'no-one-declared' }]);
  });

  test.each<[what: string, content: string | Uint8Array, code: string]>([
    ['empty', '', 'empty-file'],
    ['only a comment', '# nobody yet\n', 'empty-file'],
    ['not UTF-8', Uint8Array.of(0x75, 0xff, 0xfe), 'file-unreadable'],
    ['UTF-16', Buffer.from('\ufeffversion: 1', 'utf16le'), 'file-unreadable'],
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47), 'file-unreadable'],
  ])('that are %s are refused, each with its name', async (_, content, code) => {
    const base = await folderWith({ 'u.yaml': content });

    const error: unknown = await loadDesiredState({ ...quiet, files: ['*.yaml'], base }).catch(
      (thrown: unknown) => thrown,
    );

    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ problems: [{ code, at: { file: 'u.yaml', line: 1 } }] });
  });

  test('that turn out to be folders are refused', async () => {
    const base = await folderWith({ 'a.yaml': usersFile('username: ada') });
    await mkdir(join(base, 'folder.yaml'));

    const error: unknown = await loadDesiredState({ ...quiet, files: ['a.yaml', 'folder.yaml', 'b.yaml'], base }).catch(
      (thrown: unknown) => thrown,
    );

    expect(error).toMatchObject({ problems: [{ code: 'file-not-found' }, { code: 'file-not-found' }] });
  });
});

const quiet = { policy: resolvePolicy({}), secrets: { dir: '/nowhere', sinks: {}, sources: {} }, momentMs: noon };

test('tells of a large file, and of no small one', async () => {
  const told = async (size: number): Promise<number> => {
    const base = await folderWith({ 'a.yaml': `# ${'x'.repeat(size)}\n${usersFile('username: ada')}` });
    let times = 0;
    await loadDesiredState({ ...quiet, files: ['a.yaml'], base, expectMuch: () => (times += 1) });
    return times;
  };

  expect([await told(1024), await told(5 * 1024 * 1024)]).toEqual([0, 1]);
});

test('tells everything that is wrong in every file at once, in the order of the files', async () => {
  const problems = await problemsOf({
    'c.yaml': usersFile('username: ada, emial: x', 'username: [x], active: yes'),
    'a.yaml': usersFile('username: ada, email: x: y'),
    'b.yaml': usersFile('username: all', 'username: grace, starts: 2027-02-29, roles: [team_admin]', 'username: GRACE'),
  });

  expect(problems.map(({ code, at }) => `${at?.file} ${at?.line}:${at?.column} ${code}`)).toEqual([
    'a.yaml 3:30 yaml-syntax',
    'b.yaml 3:7 reserved-username',
    'b.yaml 4:24 no-such-date',
    'b.yaml 4:44 role-not-allowed',
    'b.yaml 5:7 duplicate-user',
    'c.yaml 3:22 unknown-field',
    'c.yaml 4:17 wrong-type',
    'c.yaml 4:30 wrong-type',
  ]);
});

test.each([
  ['on', 'the text "on"'],
  ['of', 'the text "of"'],
  ['true', 'the value true'],
  ['false', 'the value false'],
])('mfa can only be off: %s is refused, and the hint says who can switch it on', async (written, found) => {
  const problems = await problemsOf({ 'u.yaml': usersFile(`username: ada, mfa: ${written}`) });

  expect(problems).toMatchObject([
    {
      message: `users[1].mfa (ada) is ${found}, expected off`,
      hint: 'write off, or delete the line: only the person can switch MFA on, in their own settings',
      at: { file: 'u.yaml', line: 3 },
    },
  ]);
});

test('mfa: off is the text off, without quotes too', async () => {
  expect((await load({ 'u.yaml': usersFile('username: ada, mfa: off') })).users[0]?.values.mfa).toBe('off');
});
