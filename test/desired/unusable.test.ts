/** Which entries of a file can be used where others cannot, and what those may mean. */
import { describe, expect, test } from 'vitest';
import type { DesiredState } from '../../src/model/desired-state.ts';
import { InputError } from '../../src/model/problem.ts';
import { load, usersFile } from './support.ts';

const usable = ({ users }: DesiredState): readonly string[] => users.map(({ username }) => username);
const unusable = ({ unusable: entries }: DesiredState): readonly string[] =>
  entries.map(
    ({ person, at, problems }) => `${person ?? '?'}:${at.line} ${problems.map(({ code }) => code).join(' ')}`,
  );

describe('one entry stops one person', () => {
  test.each<[entry: string, expected: string]>([
    ['username: kim, nickname: 5', 'kim:4 wrong-type'],
    ['username: kim, departement: x', 'kim:4 unknown-field'],
    ['username: kim, email: ', 'kim:4 null-value'],
    ['username: kim, email: a@x.com, email: b@x.com', 'kim:4 duplicate-key'],
    ['username: kim, nickname: !!str x', 'kim:4 yaml-tag'],
    ['username: kim, password: hunter2', 'kim:4 secret-in-file'],
    ['username: "Kim Possible"', '?:4 wrong-value'],
    ['username: 007', '007:4 wrong-type'],
    ['email: kim@x.com', '?:4 missing-field'],
    ['username: kim, email: "<kim@x.com>"', 'kim:4 email-refused'],
    ['username: kim, ends: 2027-02-29', 'kim:4 no-such-date'],
    ['username: kim, roles: [team_user]', 'kim:4 role-not-allowed'],
    ['username: kim, initial_password: nowhere', 'kim:4 unknown-source'],
    ['username: kim, tokens: [{ name: ci, sink: nowhere }]', 'kim:4 unknown-sink'],
    ['username: kim, nickname: 5, ends: 2027-02-29', 'kim:4 wrong-type no-such-date'],
  ])('%s', async (entry, expected) => {
    const desired = await load({ 'users.yaml': usersFile('username: ada', entry, 'username: bob') });

    expect(usable(desired)).toEqual(['ada', 'bob']);
    expect(unusable(desired)).toEqual([expected]);
  });

  test('an item that is no entry is one, too', async () => {
    const desired = await load({ 'users.yaml': 'version: 1\nusers:\n  - username: ada\n  - kim\n  -\n' });

    expect(usable(desired)).toEqual(['ada']);
    expect(unusable(desired)).toEqual(['?:4 wrong-type', '?:5 null-value']);
    expect(desired.unusable[0]?.readings.usernames).toContain('kim');
  });

  test('of two that clash, neither is used', async () => {
    const desired = await load({
      'users.yaml': usersFile('username: ada', 'username: kim, email: k@x.com', 'username: kai, email: k@x.com'),
    });

    expect(usable(desired)).toEqual(['ada']);
    expect(unusable(desired)).toEqual(['kim:4 duplicate-email', 'kai:5 duplicate-email']);
  });

  test('one that takes over what is wrong in another one is no better', async () => {
    const desired = await load({
      'users.yaml':
        usersFile('&kim username: kim', 'username: ada').replace('{ &kim', '&kim {').replace('kim }', 'kim, email: }') +
        '  - { <<: *kim, username: kai }\n',
    });

    expect(usable(desired)).toEqual(['ada']);
    expect(unusable(desired)).toEqual(['kim:3 null-value', 'kai:5 null-value']);
  });
});

describe('a part that entries share', () => {
  test('stops those who inherit it', async () => {
    const desired = await load({
      'users.yaml': `version: 1\ndefaults: { locale: 5, position: P }\n${usersFile('username: ada', 'username: bob, locale: de').slice(11)}`,
      'more.yaml': usersFile('username: eve'),
    });

    expect(usable(desired)).toEqual(['bob', 'eve']);
    expect(unusable(desired)).toEqual(['?:2 wrong-type', 'ada:4 wrong-type']);
    expect(desired.users[0]?.values.position).toBe('P');
  });

  test('that no one can read stops all of its file', async () => {
    const desired = await load({
      'users.yaml': `version: 1\ndefaults: { local: de }\n${usersFile('username: ada, locale: en').slice(11)}`,
      'more.yaml': usersFile('username: eve'),
    });

    expect(usable(desired)).toEqual(['eve']);
  });

  test('for new accounts waits until someone is created', async () => {
    const desired = await load({
      'users.yaml': `version: 1\non_create: { roles: [system_admin] }\n${usersFile('username: ada').slice(11)}`,
    });

    expect(usable(desired)).toEqual(['ada']);
    expect(unusable(desired)).toEqual(['?:2 admin-by-default']);
    expect(desired.users[0]?.onCreate.problems).toMatchObject([{ code: 'admin-by-default' }]);
  });
});

describe('what an entry may mean', () => {
  const readingsOf = async (entry: string): Promise<Record<string, readonly string[]>> => {
    const { unusable: entries } = await load({ 'users.yaml': usersFile(entry, 'username: zoe') });
    const { usernames, emails, authData } = entries[0]?.readings ?? {};
    return { usernames: [...(usernames ?? [])], emails: [...(emails ?? [])], authData: [...(authData ?? [])] };
  };

  test('is what stands under a slip for a name, and under a name that no one knows', async () => {
    const { usernames, emails } = await readingsOf('usernmae: Kim, e-mail: kim@x.com, aka: kimmy');

    expect(usernames).toEqual(expect.arrayContaining(['kim', 'kimmy']));
    expect(emails).toContain('kim@x.com');
  });

  test('is also what stands under a key that is there already', async () => {
    const { emails } = await readingsOf('username: kim, email: a@x.com, email: b@x.com');

    expect(emails).toEqual(expect.arrayContaining(['a@x.com', 'b@x.com']));
  });

  test('is nothing that stands under a field of another meaning, or under the name of a secret', async () => {
    const { usernames, authData } = await readingsOf('username: kim, nickname: [bob], password: eve, pasword: dan');

    expect(usernames).not.toEqual(expect.arrayContaining(['bob']));
    expect([...(usernames ?? []), ...(authData ?? [])].filter((name) => ['bob', 'eve', 'dan'].includes(name))).toEqual(
      [],
    );
  });
});

test.each<[what: string, text: string, code: string]>([
  ['an unknown field at the top level', 'version: 1\npeople: []\nusers: [{ username: ada }]\n', 'unknown-field'],
  ['another version', 'version: 2\nusers: [{ username: ada }]\n', 'wrong-value'],
  ['no YAML', 'version: 1\nusers: [{ username: ada }\n', 'yaml-syntax'],
  ['a map where the list is wanted', 'version: 1\nusers: { ada: { email: a@x.com } }\n', 'wrong-type'],
  ['a list that stands twice', 'version: 1\nusers: [{ username: ada }]\nusers: [{ username: bob }]\n', 'duplicate-key'],
])('%s stops everything, and all that is wrong is told', async (_what, text, code) => {
  const files = { 'users.yaml': usersFile('username: kim, nickname: 5'), 'broken.yaml': text };

  const error: unknown = await load(files).catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(InputError);
  const codes = error instanceof InputError ? error.problems.map((problem) => problem.code) : [];
  expect(codes).toEqual(expect.arrayContaining([code, 'wrong-type']));
});
