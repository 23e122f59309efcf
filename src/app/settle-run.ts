/** What a run left open that was ended from outside: calls of which nobody noted what became. */
import type { WriteClient } from '../api/index.ts';
import { JournalBrokenError } from '../journal/errors.ts';
import { folderStore } from '../journal/journal-store.ts';
import { isOpen, type RunHistory } from '../journal/replay.ts';
import { type FoundRun, newestRun, reopenRun } from '../journal/runs.ts';
import { isStateDirThere } from '../journal/state-dir.ts';
import { createActionRunner } from '../resources/index.ts';
import { createSecretStore } from '../secrets/secret-store.ts';
import type { AppPorts } from './ports.ts';
import type { RunState } from './run-state.ts';

/** Proxies and servers give a request up after 30 s at the latest: what was not carried out by then never will be. */
export const settleMs = 35_000;

/** Whether something of a run is still to be looked for. */
export const isUnsettled = ({ ended, openTokens }: RunHistory): boolean => ended === undefined || openTokens.length > 0;

/**
 * Waits until no call of the run can be under way any more, and revokes the tokens that it may have made and whose
 * secrets nobody has.
 *
 * @throws when one could not be looked for, or not be revoked; nothing else is done then
 */
export async function clearUp(
  { run, history }: Pick<FoundRun, 'run' | 'history'>,
  client: WriteClient,
  ports: Pick<AppPorts, 'clock' | 'emit' | 'env'>,
): Promise<void> {
  const { openTokens } = history;
  const open = [...history.actions.values()].flatMap(({ attempts }) =>
    attempts.filter(({ answer, isOver }) => answer === undefined && isOver !== true),
  );
  if (open.length + openTokens.length === 0) return;
  ports.emit({ type: 'settling', run, calls: open.length, tokens: openTokens.length });
  const lastMs = Math.max(...[...open, ...openTokens].map(({ atMs }) => atMs));
  const waitMs = Math.min(settleMs, lastMs + settleMs - ports.clock.now());
  if (waitMs > 0) {
    ports.emit({ type: 'waiting', because: 'calls of the former run to be over', ms: waitMs });
    await ports.clock.sleep(waitMs);
  }
  const noSecrets = createSecretStore({ dir: '', sinks: {}, sources: {} }, ports.env);
  const runner = createActionRunner(client, noSecrets, () => Promise.resolve());
  for (const lost of openTokens) await runner.clear(lost);
}

/** Clears up after the newest run, where that is needed, and closes it: what comes next is a plan of its own. */
export async function settleFormerRun(
  { store }: RunState,
  client: WriteClient,
  ports: Pick<AppPorts, 'clock' | 'emit' | 'env'>,
): Promise<void> {
  const former = await newestRun(store);
  if (former === undefined || !isUnsettled(former.history)) return;
  await clearUp(former, client, ports);
  const journal = await reopenRun(store, ports.clock, former.run);
  try {
    journal.swept([]);
    if (former.history.ended === undefined) await journal.close('abandoned', countsOf(former.history));
    else await journal.flush();
  } finally {
    await journal.release();
  }
}

/** Whoever only plans is told that a run waits to be gone on with. */
export async function warnOfOpenRun(dir: string, { emit }: Pick<AppPorts, 'emit'>): Promise<void> {
  if (!(await isStateDirThere(dir))) return;
  try {
    const former = await newestRun(folderStore(dir));
    if (former === undefined || !(isOpen(former.history) || isUnsettled(former.history))) return;
    const text = `the run ${former.run} was interrupted: muster apply --resume goes on with it`;
    emit({ type: 'warning', text });
  } catch (error) {
    if (!(error instanceof JournalBrokenError)) throw error;
    emit({ type: 'warning', text: `the newest journal is broken, and the next apply will refuse: ${error.message}` });
  }
}

export interface RunCounts {
  readonly done: number;
  readonly failed: number;
  readonly stale: number;
  readonly skipped: number;
}

/** How the actions of a run ended, as far as they did. */
export function countsOf({ actions, started }: RunHistory): RunCounts {
  const endings = [...actions.values()].map(({ ending }) => ending?.status);
  const of = (status: string): number => endings.filter((one) => one === status).length;
  const [done, failed, stale] = [of('done'), of('failed'), of('stale')];
  return { done, failed, stale, skipped: started.actions - done - failed - stale };
}
