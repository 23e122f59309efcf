import { expect, test } from 'vitest';
import { seedsOf } from '../support/seeds.ts';
import { randomFaultRun } from './support/random-fault-run.ts';

const { count: runs } = seedsOf(40);

test('any world finishes among any faults, with nothing done twice, nothing lost and no one locked out', async () => {
  const ends = { strikes: 0, actions: 0, again: 0 };

  for (let seed = 1; seed <= runs; seed++) {
    const end = await randomFaultRun(seed);
    ends.strikes += end?.strikes ?? 0;
    ends.actions += end?.actions ?? 0;
    ends.again += end !== undefined && end.runs > 1 ? 1 : 0;
  }

  // Or the faults would not be any.
  expect(ends.strikes).toBeGreaterThan(3 * runs);
  expect(ends.actions).toBeGreaterThan(3 * runs);
  expect(ends.again).toBeGreaterThan(runs / 4);
});
