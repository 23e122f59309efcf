import { describe, expect, test } from 'vitest';
import {
  areMany,
  emailsToLookUp,
  idsToAsk,
  isListingCheaper,
  namesToAsk,
  openQuestions,
  whomToKnow,
} from '../../src/live/choose-reads.ts';
import type { DesiredUser } from '../../src/model/desired-state.ts';
import type { LiveUser } from '../../src/model/live-state.ts';
import { account, defaultPolicy, desiredState, entry } from '../support/build-states.ts';

const saml = { auth: { service: 'saml', data: '7' } };
const known = (accounts: readonly LiveUser[]) => new Map(accounts.map((one) => [one.id, one]));
const ada = account('ada');

test('asks for every name that could be an account, once and in one order', () => {
  const users = [entry('bob', {}, { previousUsernames: ['al', 'ada'] }), entry('ada')];

  expect(namesToAsk(desiredState(users))).toEqual(['ada', 'al', 'bob']);
});

test('asks for the ids that are pinned', () => {
  const users = [entry('bob', {}, { id: 'z' }), entry('ada'), entry('cy', {}, { id: 'a' })];

  expect(idsToAsk(desiredState(users))).toEqual(['a', 'z']);
});

type Row = readonly [
  title: string,
  desired: DesiredUser,
  accounts: readonly LiveUser[],
  emails: readonly string[],
  listing: boolean,
];

const rows: readonly Row[] = [
  ['a name hit of which nothing else is wanted: nothing', entry('ada'), [ada], [], false],
  ['a name hit with the wanted e-mail: nothing', entry('ada', { email: ada.values.email }), [ada], [], false],
  ['a name hit with another e-mail: that one', entry('ada', { email: 'a@x.com' }), [ada], ['a@x.com'], false],
  ['no hit: the e-mail', entry('bob', { email: 'b@x.com' }), [ada], ['b@x.com'], false],
  ['no hit and no e-mail: nothing to ask for', entry('bob'), [ada], [], false],
  [
    'a hit of a previous name with the wanted e-mail: nothing',
    entry('lovelace', { email: ada.values.email }, { previousUsernames: ['ada'] }),
    [ada],
    [],
    false,
  ],
  [
    'two name hits: the e-mail decides nothing, but is asked for',
    entry('ada', { email: ada.values.email }, { previousUsernames: ['bob'] }),
    [ada, account('bob')],
    [ada.values.email],
    false,
  ],
  ['no hit, with auth data: only the listing shows whose they are', entry('bob', saml), [ada], [], true],
  ['a name hit with the wanted auth data: nothing', entry('ada', saml), [account('ada', saml)], [], false],
  ['a name hit with other auth data: the listing', entry('ada', saml), [ada], [], true],
  [
    'a name hit with the wanted e-mail and other auth data: nothing',
    entry('ada', { email: ada.values.email, ...saml }),
    [ada],
    [],
    false,
  ],
  ['a service without data: nothing', entry('ada', { auth: { service: 'saml' } }), [ada], [], false],
  ['a pinned id: nothing', entry('bob', saml, { id: 'id-ada' }), [ada], [], false],
  [
    'a pinned id with the wanted e-mail: nothing',
    entry('bob', { email: ada.values.email }, { id: 'id-ada' }),
    [ada],
    [],
    false,
  ],
  [
    'a pinned id with another e-mail: who has that one',
    entry('bob', { email: 'a@x.com' }, { id: 'id-ada' }),
    [ada],
    ['a@x.com'],
    false,
  ],
  [
    'a pinned id with another e-mail and auth data: no listing, the id says who it is',
    entry('bob', { email: 'a@x.com', ...saml }, { id: 'id-ada' }),
    [ada],
    ['a@x.com'],
    false,
  ],
  [
    'a pinned id that is gone: nothing, it is an error',
    entry('bob', { email: 'a@x.com' }, { id: 'gone' }),
    [ada],
    [],
    false,
  ],
];

describe('reads further for', () => {
  test.each(rows)('%s', (_, desired, accounts, emails, listing) => {
    const open = openQuestions(desiredState([desired]), known(accounts));

    expect(open).toEqual({ emails, needsListing: listing });
  });
});

const strangers = (count: number): readonly DesiredUser[] =>
  Array.from({ length: count }, (_, i) => entry(`new${i}`, { email: `new${i}@x.com` }));

describe('looks e-mails up one by one', () => {
  test.each([
    ['a few on a small server', 100, 50, 100, false],
    ['more than that on a small server, after the listing, which costs less', 101, 50, 101, true],
    ['as many as the listing has pages', 500, 100_000, 500, false],
    ['more than the listing has pages, after it', 501, 100_000, 501, true],
  ])('%s', (_, count, total, emails, listing) => {
    const open = openQuestions(desiredState(strangers(count)), new Map());

    expect([open.emails.length, areMany(open) && isListingCheaper(open, total)]).toEqual([emails, listing]);
  });
});

test('has to know active people just where those that no entry stands for are reported', () => {
  expect(whomToKnow(defaultPolicy)).toBe('active people');
  expect(whomToKnow({ undeclaredUsers: 'ignore' })).toBe('no one else');
});

test('asks in one order, whatever the order of the entries', () => {
  const users = ['b', 'c', 'a'].map((name) => entry(name, { email: `${name}@x.com` }));

  expect(openQuestions(desiredState(users), new Map()).emails).toEqual(['a@x.com', 'b@x.com', 'c@x.com']);
});

describe('of the e-mails looks up', () => {
  const emails = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `new${i}@x.com`);

  test.each([
    ['each that nobody was seen with', { emails: emails(3), listing: false }, 3],
    ['each that a listing does not show', { emails: emails(1000), listing: true }, 1000],
    ['none after a listing where far more people are new', { emails: emails(1001), listing: true }, 0],
    ['each where no listing was read, however many', { emails: emails(1001), listing: false }, 1001],
  ])('%s', (_, further, count) => {
    expect(emailsToLookUp(further, [])).toHaveLength(count);
  });

  test('none that someone has', () => {
    const further = { emails: ['ada@example.com', 'eve@x.com'], listing: true };

    expect(emailsToLookUp(further, [account('ada')])).toEqual(['eve@x.com']);
  });
});
