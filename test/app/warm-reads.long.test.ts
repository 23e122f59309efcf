import './warm-reads.test.ts';
import { expect, test } from 'vitest';
import { seedsOf } from '../support/seeds.ts';
import { runHistory } from './support/warm-history.ts';

test('a warm read makes the plan of a full one, whatever happened between them', async () => {
  const { first, count, isOne } = seedsOf(50);
  const reads: string[] = [];
  for (let seed = first + 10_000; seed < first + 10_000 + count; seed++) {
    const run = await runHistory(seed);
    expect(run.differs, `seed ${seed - 10_000}: ${run.steps.join(', ')}`).toBeUndefined();
    reads.push(...run.reads);
  }
  if (!isOne) expect(reads.filter((is) => is === 'warm').length).toBeGreaterThan(reads.length / 6);
});

test('a plan that stands is the one that would be made, whatever happened since it was', async () => {
  const { first, count, isOne } = seedsOf(50);
  const reads: string[] = [];
  for (let seed = first + 20_000; seed < first + 20_000 + count; seed++) {
    const run = await runHistory(seed, 'as it is');
    expect(run.differs, `seed ${seed - 20_000}: ${run.steps.join(', ')}`).toBeUndefined();
    reads.push(...run.reads);
  }
  if (!isOne) expect(reads.filter((is) => is === 'same plan').length).toBeGreaterThan(reads.length / 10);
});
