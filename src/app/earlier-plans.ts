import { listRuns } from '../journal/runs.ts';
import { type BorneName, borneIn } from '../model/borne-names.ts';
import { MusterError } from '../model/muster-error.ts';
import { shownIn } from '../model/shown.ts';
import { historyOf, readRunPlan } from './run-histories.ts';
import type { StateView } from './run-state.ts';

/** Of older runs nothing is asked: what they showed is due or was shown again since. */
const newestRuns = 50;

/** What the plans of earlier runs said of administrators. */
export interface EarlierPlans {
  /** Gains of administration that stood, due or scheduled, in the plan of a run that was begun and that a person could see. */
  readonly shown: readonly string[];
  /** Names that they took from administrators. */
  readonly borne: readonly BorneName[];
}

/**
 * What cannot be read, or is not believed, says nothing.
 *
 * @param state - of a server; `undefined`: there is none
 */
export async function readEarlierPlans(state: StateView | undefined): Promise<EarlierPlans> {
  const shown = new Set<string>();
  const borne: BorneName[] = [];
  if (state === undefined) return { shown: [], borne };
  for (const run of (await listRuns(state.store)).slice(-newestRuns)) {
    try {
      const history = await historyOf(state.store, run);
      if (history === undefined) continue;
      const plan = await readRunPlan(state.store, history.started);
      if (history.started.unattended !== true) for (const key of shownIn(plan)) shown.add(key);
      borne.push(...borneIn(plan));
    } catch (error) {
      if (!(error instanceof MusterError)) throw error;
    }
  }
  return { shown: [...shown], borne };
}
