import { folderStore } from '../journal/journal-store.ts';
import { listRuns, readPlanText } from '../journal/runs.ts';
import { isStateDirThere } from '../journal/state-dir.ts';
import { MusterError } from '../model/muster-error.ts';
import { shownIn } from '../model/shown.ts';
import { parsePlanFile } from '../plan/plan-file.ts';
import { historyOf } from './run-histories.ts';

/** Of older runs nothing is asked: what they showed is due or was shown again since. */
const newestRuns = 50;

/**
 * Gains of administration that stood, due or scheduled, in the plan of a run that was begun: somebody has seen them, or
 * could. What cannot be read shows nothing.
 *
 * @param dir - the state directory of a server
 */
export async function readShown(dir: string): Promise<readonly string[]> {
  if (!(await isStateDirThere(dir))) return [];
  const store = folderStore(dir);
  const keys = new Set<string>();
  for (const run of (await listRuns(store)).slice(-newestRuns)) {
    try {
      const history = await historyOf(store, run);
      if (history === undefined) continue;
      const plan = parsePlanFile(await readPlanText(store, run));
      if (plan.digest === history.started.plan) for (const key of shownIn(plan)) keys.add(key);
    } catch (error) {
      if (!(error instanceof MusterError)) throw error;
    }
  }
  return [...keys];
}
