/** A crash at one step of an apply of 40 actions after the other. */
import { referenceFor } from './campaign.ts';
import { checkEnd } from './check.ts';
import { type RunOptions, run } from './run.ts';
import { fortyActions, type SimWorld } from './world.ts';

const strict = { onlyCrashes: true, losesState: false };

type StepOptions = Omit<RunOptions, 'world' | 'seed' | 'crashes'>;

async function tryCrash(step: number, world: SimWorld, options: StepOptions): Promise<void> {
  const reference = await referenceFor(world);
  const ended = await run({ ...options, world, seed: step, crashes: [step] });
  await checkEnd(ended, reference, strict);
}

/**
 * The steps at which a crash breaks a promise, with the promise.
 *
 * @param every - of how many steps one is tried
 */
export async function brokenAt(
  options: StepOptions,
  every: number = 1,
  world: SimWorld = fortyActions,
): Promise<readonly string[]> {
  const { ledger, scheduler } = await run({ world, seed: 1, ...options });
  if (ledger.entries.length <= 40) throw new Error(`only ${ledger.entries.length} calls were made`);
  const broken: string[] = [];
  for (let step = 1; step <= scheduler.steps; step += every) {
    try {
      await tryCrash(step, world, options);
    } catch (error) {
      broken.push(`step ${step}: ${String(error)}`);
    }
  }
  return broken;
}
