/** What a run left open that was ended from outside: calls of which nobody noted what became. */
import type { WriteClient } from '../api/index.ts';
import { JournalBrokenError } from '../journal/errors.ts';
import { folderStore } from '../journal/journal-store.ts';
import { type AttemptHistory, isOpen, type RunHistory } from '../journal/replay.ts';
import { type FoundRun, newestRun, reopenRun } from '../journal/runs.ts';
import { isStateDirThere } from '../journal/state-dir.ts';
import { replicaLagMs, rereadAfterMs } from '../model/replica-lag.ts';
import { createActionRunner } from '../resources/index.ts';
import { createSecretStore } from '../secrets/secret-store.ts';
import type { AppPorts } from './ports.ts';
import type { RunState } from './run-state.ts';

/** Proxies and servers give a request up after 30 s at the latest: what was not carried out by then never will be. */
export const settleMs = 35_000;

/** Before a call is sent it may be held back, by a limiter above all; it is given up when that takes longer. */
const longestHeldMs = 3_600_000;

/** Whether something of a run is still to be looked for, or to be waited for. */
export const isUnsettled = (history: RunHistory, nowMs: number): boolean =>
  history.ended === undefined || history.openTokens.length > 0 || overAtMs(history, nowMs) > nowMs;

/** Calls that may have been under way when the process ended; nobody noted what became of them. */
const openCalls = ({ actions }: RunHistory): readonly AttemptHistory[] =>
  [...actions.values()].flatMap(({ attempts }) =>
    attempts.filter(({ answer, isOver }) => answer === undefined && isOver !== true),
  );

/**
 * From when on no call of a run can be carried out any more; milliseconds since the epoch.
 *
 * Of a lost answer the journal knows when the call was given up. Of one that was never noted it knows when the call was
 * about to be made, not when it was sent.
 */
function overAtMs(history: RunHistory, nowMs: number): number {
  const given = [...history.actions.values()]
    .filter(({ ending }) => ending?.status !== 'done')
    .flatMap(({ attempts }) => attempts)
    .filter(({ answer, isOver }) => answer?.result === 'unknown' && isOver !== true)
    .map(({ answeredMs = 0 }) => answeredMs);
  const held = openCalls(history)
    .filter(({ atMs }) => atMs + longestHeldMs > nowMs)
    .map(() => nowMs);
  // A clock that was put back must not let anybody wait for longer.
  return Math.min(nowMs, Math.max(0, ...given, ...held)) + settleMs;
}

/**
 * Waits until no call of the run can be under way any more, and revokes the tokens that it may have made and whose
 * secrets nobody has.
 *
 * @throws when one could not be looked for, or not be revoked; nothing else is done then
 */
export async function clearUp(
  { run, history }: Pick<FoundRun, 'run' | 'history'>,
  client: WriteClient,
  ports: Pick<AppPorts, 'clock' | 'emit' | 'env' | 'letFinish'>,
): Promise<void> {
  const { openTokens } = history;
  const calls = openCalls(history).length;
  const nowMs = ports.clock.now();
  const waitMs = overAtMs(history, nowMs) - nowMs;
  if (calls + openTokens.length > 0) ports.emit({ type: 'settling', run, calls, tokens: openTokens.length });
  if (waitMs > 0) {
    ports.emit({ type: 'waiting', because: 'calls of the former run to be over', ms: waitMs });
    await ports.clock.sleep(waitMs);
  }
  const noSecrets = createSecretStore({ dir: '', sinks: {}, sources: {} }, ports.env);
  const runner = createActionRunner(client, noSecrets, {
    outlast: () => Promise.resolve(true),
    pause: () => ports.clock.sleep(rereadAfterMs),
  });
  const { letFinish = (write) => write() } = ports;
  for (const lost of openTokens) await letFinish(() => runner.clear(lost));
  await untilListsShow(openTokens.length > 0 ? ports.clock.now() : history.lastMs, ports);
}

/** What comes next plans on lists, and must not plan again what is done already. */
async function untilListsShow(doneMs: number, { clock, emit }: Pick<AppPorts, 'clock' | 'emit'>): Promise<void> {
  const waitMs = Math.min(doneMs - clock.now(), 0) + replicaLagMs;
  if (waitMs <= 0) return;
  emit({ type: 'waiting', because: 'the server to show everywhere what was done last', ms: waitMs });
  await clock.sleep(waitMs);
}

/**
 * Clears up after the newest run, where that is needed, and closes it: what comes next is a plan of its own. Right after
 * a run that needs nothing it waits until lists show what was done.
 */
export async function settleFormerRun(
  { store }: RunState,
  client: WriteClient,
  ports: Pick<AppPorts, 'clock' | 'emit' | 'env' | 'letFinish'>,
): Promise<void> {
  const former = await newestRun(store);
  if (former === undefined) return;
  if (!isUnsettled(former.history, ports.clock.now())) return untilListsShow(former.history.lastMs, ports);
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
    if (former === undefined || !(isOpen(former.history) || former.history.openTokens.length > 0)) return;
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
