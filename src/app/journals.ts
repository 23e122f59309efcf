import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { folderStore } from '../journal/journal-store.ts';
import { isStateDirThere, stateHomeOf } from '../journal/state-dir.ts';
import { type VerifiedRun, verifyRuns } from '../journal/verify-runs.ts';
import { byText } from '../model/compare.ts';
import type { JournalKey } from '../model/journal-key.ts';
import type { RunSummary, ServerRuns } from '../model/run-summary.ts';
import type { Secret } from '../model/secret.ts';
import { parsePlanFile } from '../plan/plan-file.ts';
import { replay } from '../runs/replay.ts';
import { summaryOf } from '../runs/summary.ts';
import { readCallerToken } from '../secrets/caller-token.ts';
import { CallerTokenError } from '../secrets/errors.ts';
import { journalKeyOf } from '../secrets/journal-key.ts';
import type { AppPorts } from './ports.ts';

export interface VerifyOptions {
  /** Absolute; without it the one in the state home. */
  readonly stateDir?: string;
  /** Whether signatures are checked: never, with the token in the environment if there is one, or with that or not at all. */
  readonly authenticate: 'never' | 'if-possible' | 'always';
}

/**
 * Reads and checks every journal in the state directory, of all servers. Needs no server.
 *
 * @throws {CallerTokenError} when signatures are to be checked always, and there is no token
 */
export async function verifyJournals(
  { stateDir, authenticate }: VerifyOptions,
  { env, workingDir }: Pick<AppPorts, 'env' | 'workingDir'>,
): Promise<readonly ServerRuns[]> {
  const home = stateHomeOf(stateDir, env);
  const token = await tokenFor(authenticate, env, workingDir);
  if (!(await isStateDirThere(home))) return [];
  const keyFor = token && ((serverKey: string): JournalKey => journalKeyOf(token, serverKey));
  const servers: ServerRuns[] = [];
  const entries = await readdir(home, { withFileTypes: true });
  for (const { name } of entries.filter((entry) => entry.isDirectory()).toSorted(byText((entry) => entry.name))) {
    const dir = join(home, name);
    const runs = await verifyRuns(folderStore(dir), (text) => parsePlanFile(text).digest ?? '', keyFor);
    if (runs.length > 0) servers.push({ dir, runs: runs.map(toSummary) });
  }
  return servers;
}

async function tokenFor(
  authenticate: VerifyOptions['authenticate'],
  env: NodeJS.ProcessEnv,
  workingDir: string,
): Promise<Secret | undefined> {
  if (authenticate === 'never') return undefined;
  try {
    return await readCallerToken(env, workingDir);
  } catch (error) {
    if (authenticate === 'always' || !(error instanceof CallerTokenError)) throw error;
    return undefined;
  }
}

const toSummary = ({ records, ...file }: VerifiedRun): RunSummary => summaryOf(file, records && replay(records));
