/** What holds of every run, whatever the server holds and whatever is wanted. */
import { describe, expect, test } from 'vitest';
import {
  disturbedApplyIsMadeGood,
  importingPlansNothing,
  undisturbedApplyDoesAll,
  undoBringsBack,
} from './support/whole-runs.ts';

describe('whatever the server holds', () => {
  // oxlint-disable-next-line vitest/expect-expect -- the property expects
  test('importing it plans nothing', async () => {
    await importingPlansNothing({ numRuns: 30 });
  });
});

describe('whatever is wanted', () => {
  test('an apply without disturbance does all of it, leaves nothing to do, and never passes what must not be', async () => {
    expect(await undisturbedApplyDoesAll({ numRuns: 35 })).toBeGreaterThan(15);
  });

  // oxlint-disable-next-line vitest/expect-expect -- the property expects
  test('an apply among lost responses and refusals never passes what must not be, and another makes it good', async () => {
    await disturbedApplyIsMadeGood({ numRuns: 35 });
  });
});

describe('whatever a run did', () => {
  test('an undo brings back, but for what it names', async () => {
    expect(await undoBringsBack({ numRuns: 45 })).toBeGreaterThan(20);
  });
});
