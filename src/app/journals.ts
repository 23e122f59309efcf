import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { folderStore } from '../journal/journal-store.ts';
import { isStateDirThere, stateHomeOf } from '../journal/state-dir.ts';
import { type VerifiedRun, verifyRuns } from '../journal/verify-runs.ts';
import type { RunSummary, ServerRuns } from '../model/run-summary.ts';
import { parsePlanFile } from '../plan/plan-file.ts';
import type { AppPorts } from './ports.ts';
import { countsOf } from './settle-run.ts';

/**
 * Reads and checks every journal in the state directory, of all servers. Needs no server.
 *
 * @param stateDir - absolute; without it the one in the state home
 */
export async function verifyJournals(
  { stateDir }: { readonly stateDir?: string },
  { env }: Pick<AppPorts, 'env'>,
): Promise<readonly ServerRuns[]> {
  const home = stateHomeOf(stateDir, env);
  if (!(await isStateDirThere(home))) return [];
  const servers: ServerRuns[] = [];
  const entries = await readdir(home, { withFileTypes: true });
  for (const { name } of entries
    .filter((entry) => entry.isDirectory())
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const dir = join(home, name);
    const runs = await verifyRuns(folderStore(dir), (text) => parsePlanFile(text).digest ?? '');
    if (runs.length > 0) servers.push({ dir, runs: runs.map(summaryOf) });
  }
  return servers;
}

function summaryOf({ run, file, head, history, flaws }: VerifiedRun): RunSummary {
  if (history === undefined) {
    const nothing = { actions: 0, done: 0, failed: 0, stale: 0, skipped: 0 };
    return { run, file, how: flaws.length === 0 ? 'never begun' : 'unreadable', ...nothing, flaws };
  }
  const { started, ended } = history;
  return {
    run,
    file,
    started: started.at,
    how: ended?.how ?? 'open',
    actions: started.actions,
    ...countsOf(history),
    ...(started.undoes !== undefined && { undoes: started.undoes }),
    ...(head !== undefined && { head }),
    flaws,
  };
}
