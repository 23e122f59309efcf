/** The state directory of one server while something works with it. */
import { LockedError } from '../journal/errors.ts';
import { folderStore } from '../journal/journal-store.ts';
import { type Lock, takeLock } from '../journal/lock.ts';
import { ensureStateDir, isStateDirThere, stateDirOf } from '../journal/state-dir.ts';
import { isOwnStateDir, type TrustedStore, trusting } from '../journal/trust.ts';
import { type Owners, ownersIn } from '../model/pipeline.ts';
import { runNumberOf } from '../model/run-name.ts';
import { countsOf } from '../runs/summary.ts';
import { closing } from './closing.ts';
import type { ServerPorts } from './ports.ts';
import { newestHistory } from './run-histories.ts';

/** A state directory to read from. */
export interface StateView {
  /** Absolute. */
  readonly dir: string;
  readonly store: TrustedStore;
}

export interface RunState extends StateView {
  readonly lock: Lock;
}

export interface StateOfServer {
  /** Absolute; without it the one in the state home. */
  readonly stateDir?: string | undefined;
  readonly serverKey: string;
}

/**
 * Takes the state directory of a server for the time of one run.
 *
 * @throws {LockedError} when another run has it
 * @throws {StateDirError} when it cannot be used, or would not be safe
 */
export async function withRunState<Result>(
  place: StateOfServer,
  ports: ServerPorts,
  work: (state: RunState) => Promise<Result>,
): Promise<Result> {
  await ensureStateDir(stateDirOf(place.stateDir, place.serverKey, ports.env), ownersFor(ports));
  const view = await viewOf(place, ports);
  const lock = await takeLock(view.dir, ports.clock.now()).catch((error: unknown) => refuseAsLocked(error, view));
  return closing(
    () => work({ ...view, lock }),
    () => lock.release(),
  );
}

/**
 * The state directory of a server, for those who only read it. Makes nothing.
 *
 * @returns `undefined` where there is none
 * @throws {StateDirError} when it is not safe
 */
export async function lookAtState(place: StateOfServer, ports: ServerPorts): Promise<StateView | undefined> {
  const dir = stateDirOf(place.stateDir, place.serverKey, ports.env);
  return (await isStateDirThere(dir, ownersFor(ports))) ? await viewOf(place, ports) : undefined;
}

const ownersFor = ({ env }: ServerPorts): Owners => ownersIn(env, process.getuid?.());

async function viewOf({ stateDir, serverKey }: StateOfServer, ports: ServerPorts): Promise<StateView> {
  const dir = stateDirOf(stateDir, serverKey, ports.env);
  const isOwn = await isOwnStateDir(dir, ports.env);
  const trust = { key: ports.journalKeyFor(serverKey), isOwn, owners: ownersFor(ports), warn: ports.warnOnce };
  return { dir, store: trusting(folderStore(dir), trust, ports.isLeftOpen) };
}

/** Says how far the run is that has the lock, where its journal tells. */
async function refuseAsLocked(error: unknown, { store }: StateView): Promise<never> {
  if (!(error instanceof LockedError)) throw error;
  const newest = await newestHistory(store).catch(() => undefined);
  if (newest === undefined || newest.ended !== undefined) throw error;
  const { actions, done } = countsOf(newest);
  const run = runNumberOf(newest.started.run);
  throw new LockedError(
    { is: 'run-held', run, done, actions, lock: error.message, todo: error.hint ?? '' },
    { cause: error },
  );
}
