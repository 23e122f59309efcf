import { expect, test } from 'vitest';
import { readFaultRun } from '../support/read-fault-run.ts';

const runs = 1000;

test('faulty readings end in a correct plan or in none, never in a wrong action', async () => {
  const ends = { planned: 0, refused: 0 };

  for (let seed = 1; seed <= runs; seed++) ends[await readFaultRun(seed)]++;

  // Both happen often, or the faults would not be any.
  expect(ends.planned).toBeGreaterThan(runs / 5);
  expect(ends.refused).toBeGreaterThan(runs / 10);
});
