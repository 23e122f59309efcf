import { expect, test } from 'vitest';
import { seedsOf } from '../support/seeds.ts';
import { rotationRun } from './support/rotation-run.ts';

const { count: runs } = seedsOf(10);

test('over any schedule, clock and trouble there is one rotation in each period, and never a moment without a token', async () => {
  const ends = { rotations: 0, troubles: 0 };

  for (let seed = 1; seed <= runs; seed++) {
    const end = await rotationRun(seed, 8);
    ends.rotations += end.rotations;
    ends.troubles += end.troubles;
  }

  // Or the days were too few, and the troubles none.
  expect(ends.rotations).toBeGreaterThan(2 * runs);
  expect(ends.troubles).toBeGreaterThan(runs);
});
