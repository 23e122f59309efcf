import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { folderStore } from '../journal/journal-store.ts';
import { isStateDirThere, stateHomeOf } from '../journal/state-dir.ts';
import { type VerifiedRun, verifyRuns } from '../journal/verify-runs.ts';
import { byText } from '../model/compare.ts';
import type { RunSummary, ServerRuns } from '../model/run-summary.ts';
import { parsePlanFile } from '../plan/plan-file.ts';
import { replay } from '../runs/replay.ts';
import { summaryOf } from '../runs/summary.ts';
import type { AppPorts } from './ports.ts';

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
  for (const { name } of entries.filter((entry) => entry.isDirectory()).toSorted(byText((entry) => entry.name))) {
    const dir = join(home, name);
    const runs = await verifyRuns(folderStore(dir), (text) => parsePlanFile(text).digest ?? '');
    if (runs.length > 0) servers.push({ dir, runs: runs.map(toSummary) });
  }
  return servers;
}

const toSummary = ({ records, ...file }: VerifiedRun): RunSummary => summaryOf(file, records && replay(records));
