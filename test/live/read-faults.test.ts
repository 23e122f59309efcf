import { expect, test } from 'vitest';
import { readFaultRun } from '../support/read-fault-run.ts';

test('a thousand faulty readings end in a correct plan or in none, never in a wrong action', async () => {
  const ends = { planned: 0, refused: 0 };

  for (let seed = 1; seed <= 1000; seed++) ends[await readFaultRun(seed)]++;

  // Both happen often, or the faults would not be any.
  expect(ends.planned).toBeGreaterThan(200);
  expect(ends.refused).toBeGreaterThan(100);
});
