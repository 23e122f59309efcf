import { describe, expect, test } from 'vitest';
import type { DesiredUser } from '../../src/model/desired-state.ts';
import type { LiveUser } from '../../src/model/live-state.ts';
import type { Change } from '../../src/model/plan.ts';
import { holdCycles } from '../../src/plan/cycles.ts';
import {
  account,
  actionOf,
  admin,
  blockedOf,
  changesOf,
  entry,
  heldOf,
  personOf,
  planOf,
  problemsOf,
} from '../support/build-states.ts';

const saml = (data: string) => ({ auth: { service: 'saml', data } });
const pinned = (username: string, id: string, values: Parameters<typeof entry>[1] = {}): DesiredUser =>
  entry(username, values, { id: `id-${id}` });
/** Known by names alone, but for what `values` say. */
const renamed = (username: string, from: string, values: Parameters<typeof entry>[1] = {}): DesiredUser =>
  entry(username, values, { previousUsernames: [from] });

const [ada, bob, cy] = [account('ada'), account('bob'), account('cy')];

type Row = readonly [
  title: string,
  entries: readonly DesiredUser[],
  accounts: readonly LiveUser[],
  held: readonly string[],
  changes: readonly string[],
];

const rows: readonly Row[] = [
  [
    'two usernames: one person steps aside',
    [pinned('ada', 'bob'), pinned('bob', 'ada')],
    [ada, bob],
    [],
    ['ada/username/aside', 'bob/username', 'ada/username'],
  ],
  [
    'two usernames, with what else differs in the same call as the wanted name',
    [pinned('ada', 'bob', { nickname: 'x' }), pinned('bob', 'ada', { email: 'new@x.com' })],
    [ada, bob],
    [],
    ['ada/username/aside', 'bob/username', 'bob/email', 'ada/username', 'ada/nickname'],
  ],
  [
    'two usernames, of people who are known by their e-mails',
    [renamed('ada', 'bob', { email: bob.values.email }), renamed('bob', 'ada', { email: ada.values.email })],
    [ada, bob],
    [],
    ['ada/username/aside', 'bob/username', 'ada/username'],
  ],
  [
    'two usernames, of people of whom only the second is known by more than names: that one steps aside',
    [renamed('ada', 'bob'), renamed('bob', 'ada', { email: ada.values.email })],
    [ada, bob],
    [],
    ['bob/username/aside', 'ada/username', 'bob/username'],
  ],
  [
    'three usernames: one of them steps aside',
    [pinned('ada', 'bob'), pinned('bob', 'cy'), pinned('cy', 'ada')],
    [ada, bob, cy],
    [],
    ['ada/username/aside', 'bob/username', 'cy/username', 'ada/username'],
  ],
  [
    'two e-mails: held',
    [pinned('ada', 'ada', { email: 'bob@example.com' }), pinned('bob', 'bob', { email: 'ada@example.com' })],
    [ada, bob],
    ['ada/email: email-cycle', 'bob/email: email-cycle'],
    [],
  ],
  [
    'the data of two sign-ins: held',
    [pinned('ada', 'ada', saml('2')), pinned('bob', 'bob', saml('1'))],
    [account('ada', saml('1')), account('bob', saml('2'))],
    ['ada/auth: auth-cycle', 'bob/auth: auth-cycle'],
    [],
  ],
  [
    'a username one way and an e-mail the other, one call each: the name steps aside',
    [pinned('bob', 'ada', { email: 'new@x.com' }), pinned('cy', 'bob', { email: 'ada@example.com' })],
    [ada, bob],
    [],
    ['cy/username/aside', 'bob/username', 'bob/email', 'cy/username', 'cy/email'],
  ],
  [
    'two usernames, of which a provider owns one: held for that reason',
    [pinned('ada', 'bob'), pinned('bob', 'ada')],
    [ada, account('bob', saml('7'))],
    ['ada/username: sso-owns-username', 'bob/username: prerequisite-held'],
    [],
  ],
];

describe('where people exchange', () => {
  test.each(rows)('%s', (_, entries, accounts, held, changes) => {
    const plan = planOf({ entries, accounts });

    expect(heldOf(plan)).toEqual(held);
    expect(blockedOf(plan)).toEqual([]);
    expect(changesOf(plan)).toEqual(changes);
  });

  test.each(rows)('%s, whatever the order of the entries', (_, entries, accounts, __, changes) => {
    const plan = planOf({ entries: entries.toReversed(), accounts: accounts.toReversed() });

    expect(changesOf(plan)).toEqual(changes);
  });
});

test("a person who steps aside takes a name of muster's own, and comes from it to the wanted one", () => {
  const plan = planOf({ entries: [pinned('ada', 'bob'), pinned('bob', 'ada')], accounts: [ada, bob] });

  const aside = actionOf(plan, 'ada/username/aside');
  const taken = actionOf(plan, 'bob/username');
  const back = actionOf(plan, 'ada/username');

  expect(aside).toMatchObject({
    call: { fields: { username: 'muster.tmp.id-bob' } },
    precondition: { fields: { username: 'bob' } },
  });
  expect(back).toMatchObject({
    call: { fields: { username: 'ada' } },
    precondition: { fields: { username: 'muster.tmp.id-bob' } },
  });
  expect(taken.after).toEqual([{ action: aside.id, need: 'success' }]);
  expect(back.after).toContainEqual({ action: taken.id, need: 'success' });
});

test('an exchange is refused for people who are known by names alone: no one could tell whether it is done', () => {
  const found = problemsOf({ entries: [renamed('ada', 'bob'), renamed('bob', 'ada')], accounts: [ada, bob] });

  expect(found.map(({ code }) => code)).toEqual(['ambiguous-person', 'ambiguous-person']);
});

test('no one steps aside in vain: not where the wanted name is out of reach', () => {
  const plan = planOf({
    entries: [pinned('ada', 'bob'), pinned('bob', 'ada')],
    accounts: [ada, bob],
    facts: { caller: { id: 'id-root', username: 'root', permissions: new Set(['manage_system']) } },
  });

  expect(plan.actions).toEqual([]);
  expect(blockedOf(plan)).toEqual(['ada/username: permission', 'bob/username: permission']);
});

test('a step aside that waits for what is held is not shown as a difference', () => {
  const plan = planOf({
    entries: [pinned('root', 'bob'), pinned('bob', 'root', { auth: { service: 'email' } })],
    accounts: [bob],
    others: [admin('root', saml('7'))],
  });

  expect(plan.actions).toEqual([]);
  expect(heldOf(plan)).toEqual([
    'bob/auth: caller',
    'bob/username: prerequisite-held',
    'root/username: prerequisite-held',
  ]);
});

test('an exchange goes on where a run ended after the step aside', () => {
  const plan = planOf({
    entries: [pinned('ada', 'bob'), pinned('bob', 'ada')],
    accounts: [ada, account('muster.tmp.id-bob', { id: 'id-bob' })],
  });

  expect(heldOf(plan)).toEqual([]);
  expect(changesOf(plan)).toEqual(['bob/username', 'ada/username']);
});

test('usernames that wait for each other without a step aside are held', () => {
  // The last resort: people who are known by names alone are refused before it comes to this.
  const rename = (person: string, before: string) => {
    const place = { text: 'users.yaml:3', file: 'users.yaml', line: 3, column: 5 };
    const change: Change = {
      id: `${person}/username`,
      class: 'rename',
      person,
      attribute: 'username',
      before,
      after: person,
      reason: place,
    };
    return { person: personOf(entry(person), account(before)), change };
  };
  const [one, other] = [rename('ada', 'bob'), rename('bob', 'ada')];

  const sorted = holdCycles({ passed: [one, other], held: [], blocked: [] }, [
    { change: one, needs: other, because: 'the name is taken' },
    { change: other, needs: one, because: 'the name is taken' },
  ]);

  expect(sorted.passed).toEqual([]);
  expect(sorted.held.map(({ code }) => code)).toEqual(['username-cycle', 'username-cycle']);
});
