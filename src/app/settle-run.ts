/** What a run left open that was ended from outside: calls of which nothing noted what became. */
import type { WriteClient } from '../api/index.ts';
import { UnusableJournalError } from '../journal/errors.ts';
import { lookAtLock } from '../journal/lock.ts';
import { reopenRun } from '../journal/runs.ts';
import { unlessNotBelieved } from '../journal/trust.ts';
import { warning } from '../model/messages/warning-rows.ts';
import { replicaLagMs, rereadAfterMs } from '../model/replica-lag.ts';
import type { RunCounts } from '../model/run-summary.ts';
import { createActionRunner, forgetLeft } from '../resources/index.ts';
import { isOpen, type RunHistory } from '../runs/replay.ts';
import { countsOf, endCountsOf } from '../runs/summary.ts';
import { isUnsettled, openCalls, overAtMs } from '../runs/unsettled.ts';
import { createSecretStore } from '../secrets/secret-store.ts';
import { closing } from './closing.ts';
import type { AppPorts } from './ports.ts';
import { newestHistory } from './run-histories.ts';
import type { RunState, StateView } from './run-state.ts';
import { stamped } from './stamped.ts';

type SettlePorts = Pick<AppPorts, 'clock' | 'emit' | 'env' | 'letFinish'>;

/**
 * Waits until no call of the run can be under way any more, and revokes the tokens that it may have made and whose
 * secrets were lost.
 *
 * @throws when one could not be looked for, or not be revoked; nothing else is done then
 */
export async function cleanUp(history: RunHistory, client: WriteClient, given: SettlePorts): Promise<void> {
  const { openTokens, started } = history;
  const { run } = started;
  const ports = stamped(given, { run });
  const calls = openCalls(history).length;
  const nowMs = ports.clock.now();
  const waitMs = overAtMs(history, nowMs) - nowMs;
  if (calls + openTokens.length > 0) ports.emit({ type: 'settling', run, calls, tokens: openTokens.length });
  if (waitMs > 0) {
    ports.emit({ type: 'waiting', because: 'the previous run’s pending requests to expire', ms: waitMs });
    await ports.clock.sleep(waitMs);
  }
  const noSecrets = createSecretStore({ dir: '', sinks: {}, sources: {} }, ports.env);
  const runner = createActionRunner(client, noSecrets, {
    waitUntilSettled: () => Promise.resolve(true),
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
 * Cleans up after the newest run, where that is needed, and closes it: what comes next is a plan of its own. Right after
 * a run that needs nothing it waits until lists show what was done.
 */
export async function settlePreviousRun({ store }: RunState, client: WriteClient, ports: SettlePorts): Promise<void> {
  const newest = await unlessNotBelieved(store.trust, 'not-settled', () => newestHistory(store));
  if (newest === undefined) return;
  const { run } = newest.started;
  if (!isUnsettled(newest, ports.clock.now())) return untilListsShow(newest.lastMs, stamped(ports, { run }));
  await cleanUp(newest, client, ports);
  const journal = await reopenRun(store, ports.clock, run);
  await closing(
    async () => {
      journal.swept([]);
      if (newest.ended !== undefined) return journal.flush();
      await journal.close('abandoned', endCountsOf(newest));
      await forgetOpenRun(client, newest);
    },
    () => journal.release(),
  );
}

/** Once its journal says how a run ended that had died: without its note, no one can pass it for one that is still open. */
export async function forgetOpenRun(client: WriteClient, { started: { caller, run } }: RunHistory): Promise<void> {
  // One that died beyond the reach of the server left none, and who cannot take it away cannot leave one.
  await forgetLeft(client, caller, run).catch(() => undefined);
}

/** A run that is under way, or that waits to be resumed. */
export interface OpenRun extends Pick<RunCounts, 'actions' | 'done' | 'left'> {
  readonly run: string;
  readonly state: 'under way' | 'interrupted';
}

/**
 * What the newest run is to those who only look: under way while a living process holds the lock, else interrupted.
 *
 * @returns `undefined` where it is over
 * @throws {UnusableJournalError} when its journal is not as it was written
 */
export async function openRunOf({ dir, store }: StateView): Promise<OpenRun | undefined> {
  // The lock first: a run that ends meanwhile is over, and was not interrupted.
  const isHeld = (await lookAtLock(dir)) !== undefined;
  const newest = await unlessNotBelieved(store.trust, 'left-out', () => newestHistory(store));
  if (newest === undefined || !(isOpen(newest) || newest.openTokens.length > 0)) return undefined;
  const { actions, done, left } = countsOf(newest);
  return { run: newest.started.run, state: isHeld ? 'under way' : 'interrupted', actions, done, left };
}

/** Tells a command that only plans of a run that is under way, or waits to be resumed. */
export async function warnOfOpenRun(state: StateView | undefined, { emit }: Pick<AppPorts, 'emit'>): Promise<void> {
  if (state === undefined) return;
  try {
    const open = await openRunOf(state);
    if (open !== undefined) emit({ type: 'open-run', ...open });
  } catch (error) {
    if (!(error instanceof UnusableJournalError)) throw error;
    emit(warning('journal-broken', { why: error.message }));
  }
}
