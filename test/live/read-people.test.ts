import { describe, expect, test } from 'vitest';
import { InsufficientVisibilityError, ReadNotCompleteError } from '../../src/live/errors.ts';
import { readPeople } from '../../src/live/read-people.ts';
import type { DesiredUser } from '../../src/model/desired-state.ts';
import type { LiveReader } from '../../src/model/live-reader.ts';
import { account, admin, createOptions, desiredState, entry, root } from '../support/build-states.ts';
import { fakeReader, ignoreEvents } from '../support/fake-live-reader.ts';

const [ada, bob, cy] = [account('ada'), account('bob'), account('cy')];

test('refuses a caller who sees a false world, before anything else is read', async () => {
  const reader = fakeReader({
    accounts: [ada],
    facts: { caller: { id: 'id-ada', username: 'ada', permissions: new Set(['edit_other_users']) } },
  });

  const reading = readPeople(reader, desiredState([entry('ada')]), 'active people', ignoreEvents);

  await expect(reading).rejects.toBeInstanceOf(InsufficientVisibilityError);
  expect(reader.calls).toEqual(['facts']);
});

test('asks for the names first, and for no more than is enough', async () => {
  const reader = fakeReader({ accounts: [root, ada, bob, cy] });
  const users = [entry('ada', { email: ada.values.email }), entry('robert', {}, { previousUsernames: ['bob'] })];

  const live = await readPeople(reader, desiredState(users), 'no one else', ignoreEvents);

  expect(reader.calls).toEqual(['facts', 'names ada bob robert']);
  expect([...live.users.keys()].toSorted()).toEqual(['id-ada', 'id-bob', 'id-root']);
});

test('says what entries expect of accounts, by name, whatever their order', async () => {
  const [one, two, three] = ['a', 'b', 'c'].map((name) => entry(name, { email: `${name}@x.com` }));
  const known = async (users: readonly DesiredUser[]): Promise<readonly unknown[]> => {
    const inner = fakeReader({ accounts: [] });
    const found: unknown[] = [];
    const usersByNames: LiveReader['usersByNames'] = (names, expected) => {
      found.push(...['', ...names, 'bb', 'z'].map((name) => expected?.(name)));
      return inner.usersByNames(names);
    };
    await readPeople({ ...inner, usersByNames }, desiredState(users), 'no one else', ignoreEvents);
    return found;
  };
  const users = [one, two, three].filter((user) => user !== undefined);
  const values = users.map((user) => user.values);

  expect(await known(users)).toEqual([undefined, ...values, undefined, undefined]);
  // What is not found is read all the same, and nothing is what another entry says.
  for (const [i, found] of (await known(users.toReversed())).entries())
    expect([undefined, values[i - 1]]).toContain(found);
  expect(await known([])).toEqual([]);
});

test('asks for each role that an entry names, once', async () => {
  const reader = fakeReader({ accounts: [ada] });
  const users = [
    entry('ada', { roles: ['system_admin'] }),
    entry('bob', {}, { onCreate: { ...createOptions, roles: ['system_user', 'system_post_all'] } }),
  ];

  await readPeople(reader, desiredState(users), 'no one else', ignoreEvents);

  expect(reader.calls[0]).toBe('facts system_admin system_post_all system_user');
});

test('looks an e-mail up only where no account with it was seen', async () => {
  const reader = fakeReader({ accounts: [ada, bob, account('dan', { email: 'old@x.com' })] });
  const users = [
    entry('ada', { email: bob.values.email }),
    entry('bob'),
    entry('eve', { email: 'eve@x.com' }),
    entry('fay', { email: 'old@x.com' }),
  ];

  const live = await readPeople(reader, desiredState(users), 'no one else', ignoreEvents);

  expect(reader.calls.filter((call) => call.startsWith('email'))).toEqual(['email eve@x.com', 'email old@x.com']);
  expect([...live.users.keys()]).toContain('id-dan');
  expect(live.coverage).toMatchObject({ listed: false, requests: reader.calls.length });
  expect(live.coverage.emails).toEqual(new Set(['eve@x.com', 'old@x.com']));
});

test('reads pinned ids', async () => {
  const reader = fakeReader({ accounts: [ada, bob] });

  const live = await readPeople(
    reader,
    desiredState([entry('lovelace', {}, { id: 'id-ada' })]),
    'no one else',
    ignoreEvents,
  );

  expect(reader.calls).toContain('ids id-ada');
  expect(live.users.has('id-ada')).toBe(true);
  expect(live.coverage.ids).toEqual(new Set(['id-ada']));
});

test('knows every active administrator without being asked', async () => {
  const reader = fakeReader({ accounts: [ada, admin('chief'), admin('gone', { active: false })] });

  const live = await readPeople(reader, desiredState([entry('ada')]), 'no one else', ignoreEvents);

  expect([...live.users.keys()].toSorted()).toEqual(['id-ada', 'id-chief']);
});

describe('lists no one where the counts of the server show that every active person is known', () => {
  const away = account('away', { active: false });
  const users = [entry('ada'), entry('bob')];

  test('before the names were asked for and after it', async () => {
    const reader = fakeReader({ accounts: [ada, bob, away] });

    const live = await readPeople(reader, desiredState(users), 'active people', ignoreEvents);

    expect(reader.calls).toEqual(['facts', 'names ada bob', 'count-active']);
    expect(live.coverage).toMatchObject({ listed: false, hasActivePeople: true });
  });

  test.each([
    ['one more is active', { accounts: [ada, bob, cy] }],
    ['one more was active before', { accounts: [ada, bob], facts: { seats: { used: 3 } } }],
    ['a declared person is away, and another one is there', { accounts: [ada, { ...bob, values: away.values }, cy] }],
  ])('but lists everybody where %s', async (_, server) => {
    const reader = fakeReader(server);

    const live = await readPeople(reader, desiredState(users), 'active people', ignoreEvents);

    expect(reader.calls).toContain('listing');
    expect(live.coverage).toMatchObject({ listed: true, hasActivePeople: true });
  });

  test('but lists everybody where one more came meanwhile', async () => {
    const server = { accounts: [ada, bob] };
    const reader = fakeReader(server);
    const countActivePeople = (): Promise<number> => Promise.resolve(3);

    const live = await readPeople({ ...reader, countActivePeople }, desiredState(users), 'active people', ignoreEvents);

    expect(live.coverage.listed).toBe(true);
  });

  test('but lists everybody, bots and those who are away too, for who asks for everybody', async () => {
    const reader = fakeReader({ accounts: [ada, bob, away] });

    const live = await readPeople(reader, desiredState(users), 'everybody', ignoreEvents);

    expect(live.users.size).toBe(3);
  });

  test('and knows nothing of others where no one asks for them', async () => {
    const reader = fakeReader({ accounts: [ada, bob, cy] });

    const live = await readPeople(reader, desiredState(users), 'no one else', ignoreEvents);

    expect(live.coverage).toMatchObject({ listed: false, hasActivePeople: false });
  });
});

describe('lists everybody', () => {
  test('where undeclared accounts are reported', async () => {
    const reader = fakeReader({ accounts: [ada, bob, cy] });

    const live = await readPeople(reader, desiredState([entry('ada')]), 'active people', ignoreEvents);

    expect([...live.users.keys()].toSorted()).toEqual(['id-ada', 'id-bob', 'id-cy']);
    expect(live.coverage.listed).toBe(true);
  });

  test('and looks up by e-mail whom the list does not show: absence is never concluded from a list', async () => {
    const reader = fakeReader({ accounts: [ada, bob] });
    const users = [entry('ada', { email: bob.values.email }), entry('cy', { email: 'cy@x.com' })];

    await readPeople(reader, desiredState(users), 'active people', ignoreEvents);

    expect(reader.calls.filter((call) => call.startsWith('email'))).toEqual(['email cy@x.com']);
    expect(reader.calls.indexOf('listing')).toBeLessThan(reader.calls.indexOf('email cy@x.com'));
  });

  test('or nothing is concluded at all', async () => {
    const reader = fakeReader({ accounts: [ada, bob], counts: [9, 9, 9, 9, 9, 9] });

    const reading = readPeople(reader, desiredState([entry('ada')]), 'active people', ignoreEvents);

    await expect(reading).rejects.toBeInstanceOf(ReadNotCompleteError);
  });
});
