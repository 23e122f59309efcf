import { listRuns } from '../journal/runs.ts';
import { MusterError } from '../model/muster-error.ts';
import { shownIn } from '../model/shown.ts';
import { historyOf, readRunPlan } from './run-histories.ts';
import type { StateView } from './run-state.ts';

/** Of older runs nothing is asked: what they showed is due or was shown again since. */
const newestRuns = 50;

/**
 * Gains of administration that stood, due or scheduled, in the plan of a run that was begun: a person could see them. What
 * cannot be read, or is not believed, shows nothing.
 *
 * @param state - of a server; `undefined`: there is none
 */
export async function readShown(state: StateView | undefined): Promise<readonly string[]> {
  if (state === undefined) return [];
  const keys = new Set<string>();
  for (const run of (await listRuns(state.store)).slice(-newestRuns)) {
    try {
      const history = await historyOf(state.store, run);
      if (history !== undefined)
        for (const key of shownIn(await readRunPlan(state.store, history.started))) keys.add(key);
    } catch (error) {
      if (!(error instanceof MusterError)) throw error;
    }
  }
  return [...keys];
}
