/** A crash at every step of an apply of 40 actions: nothing is lost, doubled or left over, and nobody is locked out. */
import { describe, expect, test } from 'vitest';
import { changeClasses } from '../../src/model/plan.ts';
import { referenceFor } from './campaign.ts';
import { checkEnd, planOf } from './check.ts';
import { calm } from './network.ts';
import { type RunOptions, run } from './run.ts';
import { fortyActions } from './world.ts';

const world = fortyActions;
const strict = { onlyCrashes: true, losesState: false };

async function tryCrash(step: number, options: Omit<RunOptions, 'world' | 'seed' | 'crashes'>): Promise<void> {
  const reference = await referenceFor(world);
  const ended = await run({ ...options, world, seed: step, crashes: [step] });
  await checkEnd(ended, reference, strict);
}

/** The steps at which a crash breaks a promise, with the promise. */
async function brokenAt(
  options: Omit<RunOptions, 'world' | 'seed' | 'crashes'>,
  every: number = 1,
): Promise<readonly string[]> {
  const { ledger, scheduler } = await run({ world, seed: 1, ...options });
  expect(ledger.entries.length).toBeGreaterThan(40);
  const broken: string[] = [];
  for (let step = 1; step <= scheduler.steps; step += every) {
    try {
      await tryCrash(step, options);
    } catch (error) {
      broken.push(`step ${step}: ${String(error)}`);
    }
  }
  return broken;
}

describe('an apply of 40 actions', () => {
  test('has every class of change', async () => {
    const { plan } = await planOf(world);

    expect(plan.actions).toHaveLength(40);
    expect(Object.keys(plan.summary.changes).toSorted()).toEqual([...changeClasses].toSorted());
  });

  test('that dies at any step is brought to its end by a resume', { timeout: 180_000 }, async () => {
    expect(await brokenAt({ goOn: 'resume' })).toEqual([]);
  });

  test('that dies at any step is brought to its end by another apply', { timeout: 180_000 }, async () => {
    // From the plan on: what a crash while reading means is seen above.
    const { planned } = await referenceFor(world);

    expect(await brokenAt({ goOn: 'apply', planned })).toEqual([]);
  });

  test('that loses what it wrote down is found out', { timeout: 180_000 }, async () => {
    const broken = await brokenAt({ losesState: true }, 5);

    expect(broken.some((text) => text.includes('nobody has the secret of the token'))).toBe(true);
  });

  test('runs the same twice for the same seed', async () => {
    const trace = async (seed: number): Promise<readonly string[]> => {
      const lines: string[] = [];
      await run({
        world,
        seed,
        crashes: [150, 300],
        weather: { ...calm, lostAnswers: 100, failedSinks: 100 },
        watch: (step, nowMs, life, { what }) => lines.push(`${step} ${nowMs} ${life?.number ?? '-'} ${what}`),
      });
      return lines;
    };

    const once = await trace(7);

    expect(await trace(7)).toEqual(once);
    expect(await trace(8)).not.toEqual(once);
  });
});
