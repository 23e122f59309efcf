/** What the pages of tokens prove, while others make, revoke and disable tokens between them. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReadClient } from '../../../src/api/index.ts';
import { TokenPages } from '../../../src/resources/token/pages.ts';
import { HeapOrder } from '../../../src/sandbox/heap-order.ts';
import { bySuite } from '../../support/suite.ts';

type Change = readonly [what: 'make' | 'revoke' | 'disable', which: number];

/** A server's table of tokens in pages of three; what is done between two pages is taken from a list. */
class MovingTable {
  readonly heap = new HeapOrder();
  readonly lasting: Set<string>;
  pages = 0;
  readonly #changes: readonly (readonly Change[])[];
  #made = 0;

  constructor(size: number, changes: readonly (readonly Change[])[]) {
    for (let i = 0; i < size; i += 1) this.#make();
    this.lasting = new Set(this.heap.keys());
    this.#changes = changes;
  }

  get client(): ReadClient {
    return { tokens: { pages: () => this.#read() } } as unknown as ReadClient;
  }

  async *#read(): AsyncGenerator<readonly object[]> {
    for (let page = 0; ; page += 1) {
      for (const change of this.#changes[this.pages] ?? []) this.#do(change);
      this.pages += 1;
      const rows = [...this.heap.keys()].slice(3 * page, 3 * page + 3);
      if (rows.length > 0) yield rows.map((id) => ({ id, user_id: `of-${id}`, description: '', is_active: true }));
      if (rows.length < 3) return;
    }
  }

  #make(): void {
    this.heap.put(`t${(this.#made += 1)}`);
  }

  #do([what, which]: Change): void {
    const ids = [...this.heap.keys()];
    const id = ids[which % Math.max(1, ids.length)];
    if (what === 'make') this.#make();
    else if (id !== undefined && what === 'disable') this.heap.put(id);
    else if (id !== undefined) {
      this.heap.remove(id);
      this.lasting.delete(id);
    }
  }
}

const changes = fc.array(
  fc.array(fc.tuple(fc.constantFrom('make' as const, 'revoke' as const, 'disable' as const), fc.nat(20)), {
    maxLength: 3,
  }),
  { maxLength: 24 },
);

test('a proven listing misses no token that was there all the time', async () => {
  let found = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 14 }), changes, async (size, between) => {
      const table = new MovingTable(size, between);
      const proven = await new TokenPages(table.client).proven();
      if (proven === undefined) return;
      found += 1;
      for (const id of table.lasting) expect(proven.has(`of-${id}`), id).toBe(true);
    }),
    { numRuns: bySuite({ short: 2000, long: 20_000 }) },
  );

  expect(found).toBeGreaterThan(100);
});

test('a listing that nothing changes is read twice, and shows everything', async () => {
  const table = new MovingTable(7, []);

  const proven = await new TokenPages(table.client).proven();

  expect(proven?.size).toBe(7);
  expect(table.pages).toBe(6);
});

test('a token that moves from a page to come to one that was read proves nothing until two readings agree', async () => {
  const table = new MovingTable(7, [[['revoke', 0]], [['disable', 5]]]);
  const pages = new TokenPages(table.client);

  const proven = await pages.proven();

  expect(proven?.size).toBe(6);
  expect(table.pages).toBeGreaterThan(6);
});
