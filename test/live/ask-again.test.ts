import { describe, expect, test } from 'vitest';
import { type Asking, answerOf, isAnsweredAsBefore, NotedReads, type SeenRows } from '../../src/live/ask-again.ts';
import { askEachWith } from '../../src/live/read-owned.ts';
import type { KeptReads } from '../../src/model/kept-plan.ts';
import type { LiveUser } from '../../src/model/live-state.ts';
import type { WarmSource } from '../../src/model/seen-people.ts';
import { attributeNames } from '../../src/model/user-attributes.ts';
import { type AccountOptions, account, liveToken } from '../support/build-states.ts';
import { type FakeServer, fakeReader } from '../support/fake-live-reader.ts';

const startedMs = 1000;
const at = (updatedMs: number, username: string, options: AccountOptions = {}): LiveUser => ({
  ...account(username, options),
  dates: { createdMs: 1, updatedMs },
});
const [ada, bob] = [at(500, 'ada'), at(2000, 'bob', { nickname: 'new' })];
const askEach = askEachWith(() => undefined);

interface Server extends FakeServer {
  readonly newest?: readonly string[];
}

function asking({ newest = ['ada'], ...server }: Server): Omit<Asking, 'askEach'> {
  const source: WarmSource = {
    changedSince: (ids, sinceMs) =>
      Promise.resolve(server.accounts.filter(({ id, dates }) => ids.includes(id) && (dates?.updatedMs ?? 0) > sinceMs)),
    newestPeople: () =>
      Promise.resolve(newest.map((username, i) => ({ id: `id-${username}`, username, createdMs: i }))),
    bots: () => Promise.resolve([]),
    serverTimeMs: () => startedMs,
  };
  return { reader: fakeReader(server), source };
}

const before: Server = { accounts: [ada, bob], tokens: [liveToken(ada, { id: 'one' })] };

async function firstOf<Value>(values: AsyncIterable<Value>): Promise<Value | undefined> {
  for await (const value of values) return value;
  return undefined;
}

/** Every question that there is. */
async function ask({ reader, source }: Omit<Asking, 'askEach'>): Promise<void> {
  await reader.facts(['system_user']);
  await source.changedSince(['id-ada', 'id-bob'], startedMs);
  await Promise.all([source.newestPeople(), source.bots(), reader.countUsers(), reader.countActivePeople()]);
  await reader.roles(['extra']);
  await reader.usersByNames(['ada', 'zoe']);
  await reader.usersByIds(['id-bob']);
  await reader.userByEmail('zoe@example.com');
  await reader.botsThatGo();
  await reader.owned.token.list();
  await reader.owned.token.read({ needed: ['id-ada'], ifAny: [], shown: [] }, askEach);
}

async function kept(server: Server = before): Promise<KeptReads> {
  const noted = new NotedReads();
  const { reader, source } = asking(server);
  await ask(noted.of(reader, source));
  const reads = noted.reads({ startedMs, serverStartedMs: startedMs }, attributeNames);
  if (reads === undefined) throw new Error('not to be asked again');
  return reads;
}

const noRows: SeenRows = () => Promise.resolve(undefined);
const isSame = async (now: Server, rows: SeenRows = noRows): Promise<boolean> =>
  await isAnsweredAsBefore(await kept(), { ...asking(now), askEach }, rows);

describe('the answers are as before', () => {
  test('where nothing has changed', async () => {
    expect(await isSame(before)).toBe(true);
  });

  test('where a list comes in another order, and where someone who had changed just signed in again', async () => {
    expect(await isSame({ ...before, accounts: [at(3000, 'bob', { nickname: 'new' }), ada] })).toBe(true);
  });

  test('where someone who had not changed then did no more than sign in', async () => {
    const now = { ...before, accounts: [at(3000, 'ada'), bob] };

    expect(await isSame(now, () => Promise.resolve(new Map([[ada.id, ada]])))).toBe(true);
  });
});

describe('the answers are others', () => {
  test.each<[string, Server]>([
    [
      'someone who had changed changed once more',
      { ...before, accounts: [ada, at(3000, 'bob', { nickname: 'newer' })] },
    ],
    [
      'the server was set back, so that a change is gone',
      { ...before, accounts: [ada, at(900, 'bob', { nickname: 'new' })] },
    ],
    ['a time of a change is an earlier one', { ...before, accounts: [ada, at(1500, 'bob', { nickname: 'new' })] }],
    ['someone is new', { ...before, newest: ['ada', 'bob'] }],
    ['there are more accounts', { ...before, counts: [3] }],
    ['a token is gone', { ...before, tokens: [] }],
    ['a token is another one', { ...before, tokens: [liveToken(ada, { id: 'two' })] }],
    ['the server is another version', { ...before, facts: { version: '11.9.0' } }],
    [
      'the caller may do less',
      { ...before, facts: { caller: { id: 'id-root', username: 'root', permissions: new Set() } } },
    ],
  ])('where %s', async (_, now) => {
    expect(await isSame(now)).toBe(false);
  });

  const changed = at(3000, 'ada', { nickname: 'drift' });
  test.each<[string, ReadonlyMap<string, LiveUser> | undefined]>([
    ['was otherwise', new Map([[ada.id, ada]])],
    ['was not seen', new Map()],
    ['may have been otherwise, since nothing is kept any more', undefined],
  ])('where someone who had not changed then %s', async (_, rows) => {
    expect(await isSame({ ...before, accounts: [changed, bob] }, () => Promise.resolve(rows))).toBe(false);
  });

  test('where so much has changed that everything is read', async () => {
    const many = Array.from({ length: 6000 }, (_, i) => at(i < 1300 ? 3000 : 500, `p${i}`));
    const reads: KeptReads = {
      ...(await kept()),
      ids: many.map(({ id }) => id),
      changed: new Map(),
    };
    const rows = new Map(many.map((live) => [live.id, live]));
    const isAsBefore = (now: readonly LiveUser[]): Promise<boolean> =>
      isAnsweredAsBefore({ ...reads, asked: [] }, { ...asking({ accounts: now }), askEach }, () =>
        Promise.resolve(rows),
      );

    expect(await isAsBefore(many)).toBe(false);
    expect(await isAsBefore(many.slice(200))).toBe(true);
  });
});

describe('nothing is asked again', () => {
  test.each<[string, (asked: Omit<Asking, 'askEach'>) => Promise<unknown>]>([
    ['where everybody was listed', ({ reader }) => firstOf(reader.userPages())],
    [
      'where very many names were asked for',
      ({ reader }) => reader.usersByNames(Array.from({ length: 2100 }, (_, i) => `p${i}`)),
    ],
    [
      'where what accounts have rests on more than a list and searches',
      ({ reader }) => reader.owned.membership.read({ needed: ['id-ada'], ifAny: [], shown: [] }, askEach),
    ],
    ['where what everybody has was read', ({ reader }) => reader.owned.membership.readAll([ada], askEach)],
    [
      'where an import was read',
      ({ reader }) => reader.owned.membership.readForEntries([ada], { memberships: 'none' }, askEach),
    ],
  ])('%s', async (_, more) => {
    const noted = new NotedReads();
    const { reader, source } = asking(before);
    const asked = noted.of(reader, source);
    await ask(asked);
    expect(noted.reads({ startedMs, serverStartedMs: startedMs }, attributeNames)).toBeDefined();

    await more(asked);

    expect(noted.reads({ startedMs, serverStartedMs: startedMs }, attributeNames)).toBeUndefined();
  });

  test('where a question failed', async () => {
    const noted = new NotedReads();
    const { reader, source } = asking(before);
    const failing = noted.of({ ...reader, userByEmail: () => Promise.reject(new Error('refused')) }, source);

    await expect(failing.reader.userByEmail('x')).rejects.toThrow('refused');

    expect(noted.reads({ startedMs, serverStartedMs: startedMs }, attributeNames)).toBeUndefined();
  });
});

test('an answer is told from every other one, and not by when accounts changed', () => {
  const digest = (value: unknown): string => answerOf(value, attributeNames).digest;

  expect(digest([ada, bob])).toBe(digest([at(9, 'bob', { nickname: 'new' }), at(9, 'ada')]));
  const named = (one: LiveUser): string => answerOf(one, ['nickname']).digest;
  expect(named(at(9, 'ada', { position: 'x' }))).toBe(named(ada));
  // The server refuses every change of such an account.
  expect(named(at(9, 'ada', { props: { customStatus: 'broken' } }))).not.toBe(named(ada));
  expect(named(at(9, 'ada', { nickname: 'x' }))).not.toBe(named(ada));
  expect(digest(new Map([['a', 1]]))).not.toBe(digest(new Map([['a', 2]])));
  expect(digest(new Set(['a']))).not.toBe(digest(new Set(['b'])));
  expect(digest(new Set(['a', 'b']))).toBe(digest(new Set(['b', 'a'])));
  expect(digest(undefined)).not.toBe(digest([]));
  expect(answerOf({ admins: [at(7, 'x'), at(8, 'y')] }, []).changedMs).toEqual([7, 8]);
});
