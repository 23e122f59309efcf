import { JournalBrokenError } from '../journal/errors.ts';
import { folderStore } from '../journal/journal-store.ts';
import { readPlanText } from '../journal/runs.ts';
import { isStateDirThere } from '../journal/state-dir.ts';
import type { OwedByRun } from '../model/first-roles.ts';
import { MusterError } from '../model/muster-error.ts';
import { parsePlanFile } from '../plan/plan-file.ts';
import { owedRolesOf } from '../runs/owed-roles.ts';
import type { AppPorts } from './ports.ts';
import { newestHistory } from './run-histories.ts';
import type { RunState } from './run-state.ts';

/**
 * What the newest run owes: roles of `on_create` that it did not come to give, be it that it ended before, that the call
 * failed, or that its plan left them to a later one. Each plan takes them up, so the newest knows of all of them; but one that
 * takes a run back says nothing of what files want.
 *
 * @param dir - the state directory of a server
 */
export async function readOwedRoles(dir: string, ports: Pick<AppPorts, 'emit'>): Promise<readonly OwedByRun[]> {
  return (await isStateDirThere(dir)) ? await owedRolesIn(folderStore(dir), ports) : [];
}

export async function owedRolesIn(
  store: RunState['store'],
  { emit }: Pick<AppPorts, 'emit'>,
): Promise<readonly OwedByRun[]> {
  const newest = await newestHistory(store, ({ undoes }) => undoes === undefined).catch(unlessBroken);
  if (newest === undefined) return [];
  try {
    return owedRolesOf(parsePlanFile(await readPlanText(store, newest.started.run)), newest);
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    emit({ type: 'warning', text: `whether the run before owes roles to new accounts is not known: ${error.message}` });
    return [];
  }
}

/** Of a broken journal a plan tells on its own, and an apply refuses it. */
function unlessBroken(error: unknown): undefined {
  if (!(error instanceof JournalBrokenError)) throw error;
}
