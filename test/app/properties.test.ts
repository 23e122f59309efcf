/** What holds of every run, on a few servers that are always the same; the long suite tries many more, and others each time. */
import { describe, expect, test } from 'vitest';
import {
  disturbedApplyIsMadeGood,
  importingPlansNothing,
  undisturbedApplyDoesAll,
  undoBringsBack,
} from './support/whole-runs.ts';

const few = { numRuns: 2, seed: 20_260_615 };

describe('on a few servers', () => {
  // oxlint-disable-next-line vitest/expect-expect -- the property expects
  test('importing what they hold plans nothing', async () => {
    await importingPlansNothing(few);
  });

  test('an apply without disturbance does all that is wanted, and leaves nothing to do', async () => {
    expect(await undisturbedApplyDoesAll(few)).toBeGreaterThan(1);
  });

  // oxlint-disable-next-line vitest/expect-expect -- the property expects
  test('an apply among lost responses and refusals is made good by another', async () => {
    await disturbedApplyIsMadeGood(few);
  });

  test('an undo brings back, but for what it names', async () => {
    expect(await undoBringsBack(few)).toBeGreaterThan(0);
  });
});
