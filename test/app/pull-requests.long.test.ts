/**
 * Pull requests by the hundred. A seed that fails is printed: `MUSTER_TEST_SEED=… npx vitest run --project long
 * test/app/pull-requests` tries it again, alone.
 */
import { expect, test } from 'vitest';
import { seedsOf } from '../support/seeds.ts';
import { mergePullRequest } from './support/pull-request.ts';

const { first, count: runs, isOne } = seedsOf(50);

/** Against hangs alone. */
const timeout = 120 * 60_000;

test('what applies write within 30 days after a merge stands in the plan of the pull request, or is blocked there', {
  timeout,
}, async () => {
  const sum = { writes: 0, later: 0, isRefused: 0 };

  for (let seed = first; seed < first + runs; seed++) {
    const { unseen, writes, later, isRefused } = await mergePullRequest(seed);
    expect(unseen, `seed ${seed}`).toEqual([]);
    sum.writes += writes;
    sum.later += later;
    sum.isRefused += isRefused ? 1 : 0;
  }

  // Or nothing was tried.
  if (isOne) return;
  expect(sum.isRefused).toBeLessThan(runs / 4);
  expect(sum.later).toBeGreaterThan(runs);
  expect(sum.writes).toBeGreaterThan(3 * runs);
});
