/** How often the server is asked for the people of a plan, whoever of them comes first. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { PeopleCache } from '../../src/apply/people-cache.ts';
import type { LiveUser } from '../../src/model/live-state.ts';
import type { Action } from '../../src/model/plan.ts';
import type { AccountId } from '../../src/model/user-values.ts';
import { account } from '../support/build-states.ts';

const patchOf = (id: AccountId): Action => ({
  id,
  person: id,
  account: id,
  changes: [],
  precondition: { account: id, fields: {} },
  call: { operation: 'patch-user', fields: { nickname: 'x' } },
  reversible: true,
  mails: 0,
  after: [],
});

/** A server that has everybody, and notes what it is asked. */
class Server {
  readonly batches: Array<readonly AccountId[]> = [];
  #failures = 0;

  failNext(): void {
    this.#failures = 1;
  }

  readonly readPeople = (ids: readonly AccountId[]): Promise<ReadonlyMap<AccountId, LiveUser>> => {
    this.batches.push(ids);
    if (this.#failures-- > 0) return Promise.reject(new Error('no answer'));
    return Promise.resolve(new Map(ids.map((id) => [id, account(id)])));
  };

  readonly readPerson = (id: AccountId): Promise<LiveUser> => Promise.resolve(account(id));
}

const cacheFor = (ids: readonly AccountId[]): { readonly server: Server; readonly cache: PeopleCache } => {
  const server = new Server();
  return { server, cache: new PeopleCache(server, ids.map(patchOf)) };
};

const peopleUpTo = (count: number): readonly AccountId[] => Array.from({ length: count }, (_, i) => `p${i}`);

test('everybody is read once, in as few batches as there can be, in whatever order they are asked for', async () => {
  const ids = peopleUpTo(450);
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([...ids], { minLength: ids.length }), async (order) => {
      const { server, cache } = cacheFor(ids);

      const views = await Promise.all(order.map((id) => cache.view(id)));

      expect(views.map((view) => view?.get('username'))).toEqual(order);
      expect(server.batches.map((batch) => batch.length)).toEqual([200, 200, 50]);
      expect(new Set(server.batches.flat())).toEqual(new Set(ids));
    }),
    { numRuns: 20 },
  );
});

test('the second person of a batch may come before the first', async () => {
  const ids = peopleUpTo(250);
  const { server, cache } = cacheFor(ids);
  await cache.view('p0');

  await cache.view('p201');
  await cache.view('p200');

  expect(server.batches.map((batch) => batch.length)).toEqual([200, 50]);
});

test('a batch that failed is asked for again by the next reader, and only by that one', async () => {
  const ids = peopleUpTo(3);
  const { server, cache } = cacheFor(ids);
  server.failNext();

  await expect(cache.view('p1')).rejects.toThrow('no answer');
  await cache.view('p2');
  await cache.view('p0');

  expect(server.batches).toEqual([
    ['p1', 'p0', 'p2'],
    ['p2', 'p0', 'p1'],
  ]);
});

test('someone of whom the plan knows nothing is read as well', async () => {
  const { cache } = cacheFor([]);

  expect((await cache.view('new'))?.get('username')).toBe('new');
});
