import { expect, test } from 'vitest';
import type { ReadClient } from '../../src/api/index.ts';
import { askEachWith, readOwned } from '../../src/live/read-owned.ts';
import type { LiveState, LiveToken } from '../../src/model/live-state.ts';
import type { RunEvent } from '../../src/model/run-event.ts';
import { kinds } from '../../src/resources/index.ts';
import { tokenReader } from '../../src/resources/token/live.ts';
import { account, defaultPolicy, entry, liveState, liveToken, matchOf, wantedToken } from '../support/build-states.ts';
import { fakeReader, ignoreEvents } from '../support/fake-live-reader.ts';

const people = Array.from({ length: 30 }, (_, i) => account(`u${i}`));
const ids = people.map(({ id }) => id);
const live: LiveState = liveState({ accounts: people });

/** A client that knows tokens alone; it notes what it is asked. */
function tokenClient(tokens: readonly ReturnType<typeof liveToken>[]): { client: ReadClient; calls: string[] } {
  const calls: string[] = [];
  const toWire = ({ id, userId, description, enabled }: ReturnType<typeof liveToken>) => ({
    id,
    user_id: userId,
    description,
    is_active: enabled,
  });
  const client = {
    tokens: {
      search: (id: string) => {
        calls.push(`tokens ${id}`);
        return Promise.resolve(tokens.filter(({ userId }) => userId === id).map(toWire));
      },
      async *pages() {
        calls.push('token-pages');
        yield tokens.map(toWire);
      },
    },
  };
  return { client: client as unknown as ReadClient, calls };
}

const askEach = askEachWith(ignoreEvents);

const idsOf = (
  byOwner: ReadonlyMap<string, readonly LiveToken[]>,
): ReadonlyArray<readonly [string, readonly string[]]> =>
  [...byOwner].map(([id, own]) => [id, own.map((one) => one.id)]);

test('asks for the tokens of each one who needs it, and keeps them in one order', async () => {
  const { client, calls } = tokenClient([
    liveToken('u1', { id: 'b' }),
    liveToken('u1', { id: 'a' }),
    liveToken('u2', { id: 'c' }),
  ]);

  const found = await tokenReader(client).read({ needed: ['id-u1', 'id-u3'], ifAny: [], shown: [] }, askEach);

  expect(calls).toEqual(['tokens id-u1', 'tokens id-u3']);
  expect(idsOf(found.known)).toEqual([
    ['id-u1', ['a', 'b']],
    ['id-u3', []],
  ]);
});

test('asks few people who are away one by one', async () => {
  const { client, calls } = tokenClient([]);

  await tokenReader(client).read({ needed: [], ifAny: ids.slice(0, 10), shown: ids.slice(10, 20) }, askEach);

  expect(calls).toEqual(ids.slice(0, 20).map((id) => `tokens ${id}`));
});

test('finds owners in the pages where many are away, and then asks each of them', async () => {
  const { client, calls } = tokenClient([liveToken('u7'), liveToken('u9'), liveToken('stranger')]);

  const found = await tokenReader(client).read({ needed: ['id-u0'], ifAny: ids.slice(1, 22), shown: [] }, askEach);

  expect(calls).toEqual(['token-pages', 'tokens id-u0', 'tokens id-u7', 'tokens id-u9']);
  expect([...found.known.keys()]).toEqual(['id-u0', 'id-u7', 'id-u9']);
});

test('reads the pages once, whatever is asked of them, and counts a token that stands in two once', async () => {
  const twice = liveToken('u7', { id: 'twice' });
  const { client, calls } = tokenClient([twice, twice, liveToken('u7', { id: 'once' })]);
  const reader = tokenReader(client);

  await reader.read({ needed: [], ifAny: ids.slice(1, 22), shown: [] }, askEach);
  const listed = await reader.list();

  // A row on two pages may have pushed another one out: read again, three times at most.
  expect(calls).toEqual(['token-pages', 'token-pages', 'token-pages', 'tokens id-u7']);
  expect(listed).not.toBe('refused');
  expect([...(listed === 'refused' ? [] : listed)].map(([id, own]) => [id, own.map((one) => one.id)])).toEqual([
    ['id-u7', ['once', 'twice']],
  ]);
});

test('never says of an account that was not searched that it has no tokens', async () => {
  const { client } = tokenClient([]);

  const found = await tokenReader(client).read({ needed: [], ifAny: ids.slice(0, 25), shown: ids.slice(25) }, askEach);

  expect([found.known.size, found.shown.size]).toEqual([0, 0]);
});

test('adds what accounts own of the people for whom a kind says that it matters', async () => {
  const reader = fakeReader({ accounts: people, tokens: [liveToken('u1', { id: 'a' })] });
  const wanted = matchOf(entry('u1', {}, { tokens: [wantedToken('ci')] }), people[1]);
  const events: RunEvent[] = [];

  const found = await readOwned(
    reader,
    live,
    [wanted, matchOf(entry('u2'), people[2])],
    kinds,
    defaultPolicy,
    (event) => events.push(event),
  );

  expect(reader.calls).toEqual(['tokens id-u1', 'token-listing']);
  expect(found.seen?.token).toEqual(new Map([['id-u1', [expect.objectContaining({ id: 'a' })]]]));
  expect([...found.owned.token.keys()]).toEqual(['id-u1']);
  expect(found.coverage.requests).toBe(2);
  expect(events).toEqual([{ type: 'reading', what: 'tokens', done: 0, total: 1 }]);
});

const domains = { members: ['example.com'], guests: [] };
const [ada] = people;

test.each([
  ['everything is as wanted', matchOf(entry('u0'), ada), []],
  ['another e-mail is wanted', matchOf(entry('u0', { email: 'new@example.com' }), ada), ['domains']],
  ['someone is new', matchOf(entry('eve', { email: 'eve@example.com' })), ['domains']],
  [
    'someone belongs in a team',
    matchOf(entry('u0', {}, { teams: [{ name: 'core', member: true, channels: [] }] }), ada),
    ['domains'],
  ],
])('where %s, the domains of e-mails are %s', async (_, match, expected) => {
  const reader = fakeReader({ accounts: people, facts: { emailDomains: domains } });

  const found = await readOwned(reader, live, [match], kinds, defaultPolicy, ignoreEvents);

  expect(reader.calls.filter((call) => call === 'domains')).toEqual(expected);
  expect(found.facts.emailDomains).toEqual(expected.length === 0 ? live.facts.emailDomains : domains);
});
