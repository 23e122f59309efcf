import { describe, expect, test } from 'vitest';
import { matchPeople } from '../../src/match/match-people.ts';
import type { DesiredUser } from '../../src/model/desired-state.ts';
import type { LiveUser } from '../../src/model/live-state.ts';
import { problemsOfEntries } from '../../src/model/unusable.ts';
import { account, desiredState, entry } from '../support/build-states.ts';

const saml = (data: string) => ({ service: 'saml', data });
const hidden = { service: 'saml', isHidden: true } as const;
const inactive = { active: false };

function matchesOf(users: readonly DesiredUser[], accounts: readonly LiveUser[]): readonly string[] {
  const { people, unusable } = matchPeople(desiredState(users), new Map(accounts.map((one) => [one.id, one])));
  const problems = problemsOfEntries(unusable);
  if (problems.length > 0) return problems.map(({ code, message }) => `${code}: ${message}`);
  return people.map(
    ({ desired, account: live, by }) => `${desired.username} is ${live?.id ?? 'new'} by ${by.join(', ')}`,
  );
}

type Row = readonly [
  title: string,
  entries: readonly DesiredUser[],
  accounts: readonly LiveUser[],
  expected: readonly string[],
];

const oneAccount: readonly Row[] = [
  ['nothing: a new person', [entry('ada')], [account('bob')], ['ada is new by ']],
  ['a username', [entry('ada')], [account('ada')], ['ada is id-ada by username']],
  [
    'a previous username',
    [entry('ada', {}, { previousUsernames: ['alovelace'] })],
    [account('alovelace')],
    ['ada is id-alovelace by previous username'],
  ],
  [
    'the second of two previous usernames',
    [entry('ada', {}, { previousUsernames: ['al', 'alovelace'] })],
    [account('alovelace')],
    ['ada is id-alovelace by previous username'],
  ],
  [
    'an e-mail',
    [entry('ada', { email: 'a@x.com' })],
    [account('bob', { email: 'a@x.com' })],
    ['ada is id-bob by e-mail'],
  ],
  ['auth data', [entry('ada', { auth: saml('7') })], [account('bob', { auth: saml('7') })], ['ada is id-bob by auth']],
  [
    'auth data of another service: no hit',
    [entry('ada', { auth: { service: 'ldap', data: '7' } })],
    [account('bob', { auth: saml('7') })],
    ['ada is new by '],
  ],
  [
    'auth data in another case: no hit, the server compares exactly',
    [entry('ada', { auth: saml('ABC') })],
    [account('bob', { auth: saml('abc') })],
    ['ada is new by '],
  ],
  [
    'a service alone: no hit',
    [entry('ada', { auth: { service: 'saml' } })],
    [account('bob', { auth: saml('7') })],
    ['ada is new by '],
  ],
  [
    'every key at once',
    [entry('ada', { email: 'a@x.com', auth: saml('7') })],
    [account('ada', { email: 'a@x.com', auth: saml('7') })],
    ['ada is id-ada by username, auth, e-mail'],
  ],
  ['an id', [entry('ada', {}, { id: 'id-bob' })], [account('bob'), account('cy')], ['ada is id-bob by id']],
  [
    'an id against every other key',
    [entry('ada', { email: 'ada@example.com' }, { id: 'id-bob', previousUsernames: ['cy'] })],
    [account('bob'), account('ada'), account('cy')],
    ['ada is id-bob by id'],
  ],
  [
    'an id on an inactive account with another e-mail',
    [entry('ada', { email: 'ada@x.com' }, { id: 'id-ada' })],
    [account('ada', inactive)],
    ['ada is id-ada by id'],
  ],
  [
    'an inactive account by its e-mail alone',
    [entry('ada', { email: 'a@x.com' })],
    [account('bob', { email: 'a@x.com', active: false })],
    ['ada is id-bob by e-mail'],
  ],
  ['an entry that is wanted inactive and not there', [entry('ada', inactive)], [account('bob')], ['ada is new by ']],
];

const refused: readonly Row[] = [
  [
    'an id that is gone',
    [entry('ada', {}, { id: 'id-gone' })],
    [account('ada')],
    ['id-not-found: no account has the id id-gone of ada'],
  ],
  [
    'two accounts, by username and e-mail',
    [entry('ada', { email: 'bob@example.com' })],
    [account('ada'), account('bob')],
    ['ambiguous-person: ada means 2 accounts: ada (id id-ada) by username and bob (id id-bob) by e-mail'],
  ],
  [
    'two accounts, by username and e-mail and by previous username',
    [entry('ada', { email: 'a@x.com' }, { previousUsernames: ['al'] })],
    [account('ada', { email: 'a@x.com' }), account('al')],
    [
      'ambiguous-person: ada means 2 accounts: ada (id id-ada) by username, e-mail and al (id id-al) by previous username',
    ],
  ],
  [
    'two accounts, by username and previous username',
    [entry('ada', {}, { previousUsernames: ['al'] })],
    [account('ada'), account('al')],
    ['ambiguous-person: ada means 2 accounts: ada (id id-ada) by username and al (id id-al) by previous username'],
  ],
  [
    'two accounts, both by previous usernames',
    [entry('ada', {}, { previousUsernames: ['al', 'lace'] })],
    [account('al'), account('lace')],
    [
      'ambiguous-person: ada means 2 accounts: al (id id-al) by previous username and lace (id id-lace) by previous username',
    ],
  ],
  [
    'two accounts, by auth and e-mail',
    [entry('ada', { email: 'bob@example.com', auth: saml('7') })],
    [account('cy', { auth: saml('7') }), account('bob')],
    ['ambiguous-person: ada means 2 accounts: cy (id id-cy) by auth and bob (id id-bob) by e-mail'],
  ],
  [
    'three accounts, one of them by two keys',
    [entry('ada', { email: 'bob@example.com', auth: saml('7') }, { previousUsernames: ['cy'] })],
    [account('ada'), account('bob'), account('cy', { auth: saml('7') })],
    [
      'ambiguous-person: ada means 3 accounts: ada (id id-ada) by username and cy (id id-cy) by previous username, auth and bob (id id-bob) by e-mail',
    ],
  ],
  [
    'two accounts although adopt is there: adopt settles doubt, not choice',
    [entry('ada', { email: 'bob@example.com' }, { adopt: true })],
    [account('ada'), account('bob')],
    ['ambiguous-person: ada means 2 accounts: ada (id id-ada) by username and bob (id id-bob) by e-mail'],
  ],
  [
    'a bot',
    [entry('ada')],
    [account('ada', { isBot: true })],
    ['is-a-bot: ada is a bot account (ada (id id-ada) by username)'],
  ],
  [
    'a bot by id',
    [entry('ada', {}, { id: 'id-bot' })],
    [account('bot', { isBot: true })],
    ['is-a-bot: ada is a bot account (bot (id id-bot) by id)'],
  ],
  [
    'a bot although adopt is there',
    [entry('ada', {}, { adopt: true })],
    [account('ada', { isBot: true })],
    ['is-a-bot: ada is a bot account (ada (id id-ada) by username)'],
  ],
  [
    'a bot by e-mail',
    [entry('ada', { email: 'bot@localhost' })],
    [account('bot', { email: 'bot@localhost', isBot: true })],
    ['is-a-bot: ada is a bot account (bot (id id-bot) by e-mail)'],
  ],
  [
    'an account of a connected server',
    [entry('ada', {}, { adopt: true })],
    [account('ada', { isRemote: true })],
    ['is-remote: ada is an account of a connected server (ada (id id-ada) by username)'],
  ],
  [
    'one account that two entries mean by e-mail and by name',
    [entry('ada', { email: 'bob@example.com' }), entry('bob', { email: 'bob@x.com' }, { previousUsernames: ['bob'] })],
    [account('bob')],
    [
      'account-claimed-twice: ada and bob both mean bob (id id-bob): the first by e-mail, the second by username, previous username',
    ],
  ],
  [
    'one account that two entries mean by id and by e-mail',
    [entry('ada', {}, { id: 'id-bob' }), entry('cy', { email: 'bob@example.com' })],
    [account('bob')],
    ['account-claimed-twice: ada and cy both mean bob (id id-bob): the first by id, the second by e-mail'],
  ],
];

const namesakes: readonly Row[] = [
  [
    'active, another e-mail: the same person',
    [entry('ada', { email: 'ada@x.com' })],
    [account('ada')],
    ['ada is id-ada by username'],
  ],
  [
    'active, another service: the same person',
    [entry('ada', { auth: saml('7') })],
    [account('ada')],
    ['ada is id-ada by username'],
  ],
  [
    'active, another e-mail and another service',
    [entry('ada', { email: 'ada@x.com', auth: saml('7') })],
    [account('ada')],
    [
      'another-person: another person of the same name? ada is taken by an account with the e-mail ada@example.com and email login',
    ],
  ],
  [
    'active, another e-mail and other data of the same service',
    [entry('ada', { email: 'ada@x.com', auth: saml('7') })],
    [account('ada', { auth: saml('8') })],
    [
      'another-person: another person of the same name? ada is taken by an account with the e-mail ada@example.com and saml login 8',
    ],
  ],
  [
    'active, another e-mail, and data that the server hides: no second contradiction',
    [entry('ada', { email: 'ada@x.com', auth: saml('7') })],
    [account('ada', { auth: hidden })],
    ['ada is id-ada by username'],
  ],
  [
    'active, another e-mail, the same service without data: no second contradiction',
    [entry('ada', { email: 'ada@x.com', auth: { service: 'saml' } })],
    [account('ada', { auth: saml('8') })],
    ['ada is id-ada by username'],
  ],
  [
    'inactive, nothing said: the same person',
    [entry('ada')],
    [account('ada', inactive)],
    ['ada is id-ada by username'],
  ],
  [
    'inactive, the same e-mail',
    [entry('ada', { email: 'ada@example.com' })],
    [account('ada', inactive)],
    ['ada is id-ada by username, e-mail'],
  ],
  [
    'inactive, the same e-mail and another service: the e-mail speaks for it',
    [entry('ada', { email: 'ada@example.com', auth: saml('7') })],
    [account('ada', inactive)],
    ['ada is id-ada by username, e-mail'],
  ],
  [
    'inactive, another e-mail',
    [entry('ada', { email: 'ada@x.com' })],
    [account('ada', inactive)],
    [
      'another-person: another person of the same name? ada is taken by an inactive account with the e-mail ada@example.com',
    ],
  ],
  [
    'inactive, another service',
    [entry('ada', { auth: saml('7') })],
    [account('ada', inactive)],
    ['another-person: another person of the same name? ada is taken by an inactive account with email login'],
  ],
  [
    'inactive and wanted so, another e-mail: a leaver who has left',
    [entry('ada', { email: 'ada@x.com', active: false })],
    [account('ada', inactive)],
    ['ada is id-ada by username'],
  ],
  [
    'inactive and wanted so, another e-mail and another service',
    [entry('ada', { email: 'ada@x.com', auth: saml('7'), active: false })],
    [account('ada', inactive)],
    [
      'another-person: another person of the same name? ada is taken by an inactive account with the e-mail ada@example.com and email login',
    ],
  ],
  [
    'inactive and wanted active, another e-mail',
    [entry('ada', { email: 'ada@x.com', active: true })],
    [account('ada', inactive)],
    [
      'another-person: another person of the same name? ada is taken by an inactive account with the e-mail ada@example.com',
    ],
  ],
  [
    'inactive, another e-mail, adopt',
    [entry('ada', { email: 'ada@x.com' }, { adopt: true })],
    [account('ada', inactive)],
    ['ada is id-ada by username'],
  ],
  [
    'active, both others, adopt',
    [entry('ada', { email: 'ada@x.com', auth: saml('7') }, { adopt: true })],
    [account('ada')],
    ['ada is id-ada by username'],
  ],
  [
    'inactive, another e-mail, found by a previous username',
    [entry('ada', { email: 'ada@x.com' }, { previousUsernames: ['al'] })],
    [account('al', inactive)],
    [
      'another-person: another person of the same name? ada is taken by an inactive account with the e-mail al@example.com',
    ],
  ],
  [
    'inactive, the same e-mail, found by a previous username',
    [entry('ada', { email: 'al@example.com' }, { previousUsernames: ['al'] })],
    [account('al', inactive)],
    ['ada is id-al by previous username, e-mail'],
  ],
  [
    'active, another e-mail, found by a previous username: renamed in place',
    [entry('ada', { email: 'ada@x.com' }, { previousUsernames: ['al'] })],
    [account('al')],
    ['ada is id-al by previous username'],
  ],
];

const exchanges: readonly Row[] = [
  [
    'a name that is given on: its new bearer is new',
    [entry('ada', {}, { previousUsernames: ['bob'] }), entry('bob', { email: 'b@x.com' })],
    [account('bob')],
    ['ada is id-bob by previous username', 'bob is new by '],
  ],
  [
    'a name that is given on by an id',
    [entry('bob', { email: 'b@x.com' }), entry('ada', {}, { id: 'id-bob' })],
    [account('bob')],
    ['bob is new by ', 'ada is id-bob by id'],
  ],
  [
    'a name that is given on, known by e-mail',
    [entry('bob', { email: 'b@x.com' }), entry('ada', { email: 'bob@example.com' })],
    [account('bob')],
    ['bob is new by ', 'ada is id-bob by e-mail'],
  ],
  [
    'a swap of two names, known by e-mail',
    [
      entry('ada', { email: 'bob@example.com' }, { previousUsernames: ['bob'] }),
      entry('bob', { email: 'ada@example.com' }, { previousUsernames: ['ada'] }),
    ],
    [account('ada'), account('bob')],
    ['ada is id-bob by previous username, e-mail', 'bob is id-ada by previous username, e-mail'],
  ],
  [
    'a swap of two names that is done, known by e-mail',
    [
      entry('ada', { email: 'ada@example.com' }, { previousUsernames: ['bob'] }),
      entry('bob', { email: 'bob@example.com' }, { previousUsernames: ['ada'] }),
    ],
    [account('ada'), account('bob')],
    ['ada is id-ada by username, e-mail', 'bob is id-bob by username, e-mail'],
  ],
  [
    // Before and after such a swap look the same: taking it for undone would swap it back at every run.
    'a swap of two names and nothing else, which nobody can tell from a done one',
    [entry('ada', {}, { previousUsernames: ['bob'] }), entry('bob', {}, { previousUsernames: ['ada'] })],
    [account('ada'), account('bob')],
    [
      'ambiguous-person: ada means 2 accounts: ada (id id-ada) by username and bob (id id-bob) by previous username',
      'ambiguous-person: bob means 2 accounts: bob (id id-bob) by username and ada (id id-ada) by previous username',
    ],
  ],
  [
    'a chain of two names that is done',
    [entry('maximilian', {}, { previousUsernames: ['max'] }), entry('max', {}, { previousUsernames: ['max2'] })],
    [account('maximilian'), account('max')],
    ['maximilian is id-maximilian by username', 'max is id-max by username'],
  ],
  [
    'a chain of three names',
    [
      entry('cy', {}, { previousUsernames: ['bob'] }),
      entry('bob', {}, { previousUsernames: ['ada'] }),
      entry('ada', { email: 'new@x.com' }),
    ],
    [account('ada'), account('bob')],
    ['cy is id-bob by previous username', 'bob is id-ada by previous username', 'ada is new by '],
  ],
  [
    'a swap of two names, pinned by ids',
    [entry('ada', {}, { id: 'id-bob' }), entry('bob', {}, { id: 'id-ada' })],
    [account('ada'), account('bob')],
    ['ada is id-bob by id', 'bob is id-ada by id'],
  ],
];

describe('matches an entry that hits', () => {
  test.each(oneAccount)('%s', (_, entries, accounts, expected) => {
    const found = matchesOf(entries, accounts);

    expect(found).toEqual(expected);
  });
});

describe('refuses an entry that means', () => {
  test.each(refused)('%s', (_, entries, accounts, expected) => {
    const found = matchesOf(entries, accounts);

    expect(found).toEqual(expected);
  });
});

describe('doubts a namesake only where much speaks against it:', () => {
  test.each(namesakes)('%s', (_, entries, accounts, expected) => {
    const found = matchesOf(entries, accounts);

    expect(found).toEqual(expected);
  });
});

/** The exchanges from above, once they are done. */
const finished: readonly Row[] = [
  ['a rename', [entry('ada', {}, { previousUsernames: ['al'] })], [account('ada')], ['ada is id-ada by username']],
  [
    'a name that was given on',
    [entry('ada', {}, { previousUsernames: ['bob'] }), entry('bob', { email: 'b@x.com' })],
    [account('ada', { id: 'old' }), account('bob', { id: 'new', email: 'b@x.com' })],
    ['ada is old by username', 'bob is new by username, e-mail'],
  ],
  [
    'a chain of three names',
    [
      entry('cy', {}, { previousUsernames: ['bob'] }),
      entry('bob', {}, { previousUsernames: ['ada'] }),
      entry('ada', { email: 'new@x.com' }),
    ],
    [account('cy', { id: 'was-bob' }), account('bob', { id: 'was-ada' }), account('ada', { email: 'new@x.com' })],
    ['cy is was-bob by username', 'bob is was-ada by username', 'ada is id-ada by username, e-mail'],
  ],
];

describe('leaves finished exchanges finished:', () => {
  test.each(finished)('%s', (_, entries, accounts, expected) => {
    expect(matchesOf(entries, accounts)).toEqual(expected);
    expect(matchesOf(entries.toReversed(), accounts.toReversed())).toEqual(expected.toReversed());
  });
});

describe('follows names that change hands:', () => {
  test.each(exchanges)('%s', (_, entries, accounts, expected) => {
    const found = matchesOf(entries, accounts);

    expect(found).toEqual(expected);
  });

  test.each(exchanges)('%s, with entries and accounts in the other order', (_, entries, accounts, expected) => {
    const found = matchesOf(entries.toReversed(), accounts.toReversed());

    expect(found).toEqual(expected.toReversed());
  });
});

test('says every problem at once, each at its entry', () => {
  const entries = [entry('ada', {}, { id: 'gone' }), entry('robo'), entry('cyril', { email: 'c@x.com' })];
  const accounts = [account('robo', { isBot: true }), account('cyril', { active: false })];

  const { unusable } = matchPeople(desiredState(entries), new Map(accounts.map((one) => [one.id, one])));
  const problems = problemsOfEntries(unusable);

  expect(problems.map(({ code }) => code)).toEqual(['id-not-found', 'is-a-bot', 'another-person']);
  expect(problems.map(({ at }) => at?.line)).toEqual(['ada', 'robo', 'cyril'].map(({ length }) => length));
  expect(problems[2]?.hint).toBe(
    'if it is the same person, write id: id-cyril or adopt: true; if not, choose another username, or declare that account by its id under another username',
  );
});

test('shows both places where two entries mean one account', () => {
  const entries = [entry('ada', {}, { id: 'id-bob' }), entry('cyril', { email: 'bob@example.com' })];

  const { unusable } = matchPeople(desiredState(entries), new Map([['id-bob', account('bob')]]));
  const problems = problemsOfEntries(unusable);

  expect(problems[0]).toMatchObject({ at: { line: 'cyril'.length }, also: { line: 'ada'.length } });
});
