/**
 * Edits by the hundred. A seed that fails is printed: `MUSTER_TEST_SEED=… npx vitest run --project long
 * test/app/edited-memory` tries it again, alone.
 */
import { expect, test } from 'vitest';
import { seedsOf } from '../support/seeds.ts';
import { runAfterEdit } from './support/edited-memory.ts';

const { first, count: runs, isOne } = seedsOf(50);

/** What an edit is refused with: never a bug, and never what looks like success. */
const refusals: ReadonlySet<unknown> = new Set([undefined, 3, 4, 6, 7, 8, 10]);

/** Against hangs alone. */
const timeout = 120 * 60_000;

test('whatever is edited of a plan file, the state directory or the notes on the server, only what is planned without the edit is written', {
  timeout,
}, async () => {
  let writes = 0;
  let refused = 0;

  for (let seed = first; seed < first + runs; seed++) {
    const edited = await runAfterEdit(seed);
    const what = `seed ${seed}: ${edited.verb} after an edit of ${edited.target}`;
    expect(edited.unplanned, what).toEqual([]);
    expect(refusals.has(edited.code), `${what} ended with ${edited.code}`).toBe(true);
    writes += edited.writes;
    refused += edited.code === undefined ? 0 : 1;
  }

  // Or nothing was tried.
  if (isOne) return;
  expect(writes).toBeGreaterThan(runs);
  expect(refused).toBeGreaterThan(runs / 8);
});
