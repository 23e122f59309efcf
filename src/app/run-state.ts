/** The state directory of one server while a run works with it. */
import { folderStore, type JournalStore } from '../journal/journal-store.ts';
import { type Lock, takeLock } from '../journal/lock.ts';
import { ensureStateDir, stateDirOf } from '../journal/state-dir.ts';
import { closing } from './closing.ts';
import type { AppPorts } from './ports.ts';

export interface RunState {
  /** Absolute. */
  readonly dir: string;
  readonly store: JournalStore;
  readonly lock: Lock;
}

/**
 * Takes the state directory of a server for the time of one run.
 *
 * @param stateDir - absolute; without it the one in the state home
 * @throws {LockedError} when another run has it
 * @throws {StateDirError} when it cannot be used, or would not be safe
 */
export async function withRunState<Result>(
  { stateDir, serverKey }: { readonly stateDir?: string | undefined; readonly serverKey: string },
  ports: AppPorts,
  work: (state: RunState) => Promise<Result>,
): Promise<Result> {
  const dir = stateDirOf(stateDir, serverKey, ports.env);
  await ensureStateDir(dir);
  const lock = await takeLock(dir, ports.clock.now());
  return closing(
    () => work({ dir, store: folderStore(dir), lock }),
    () => lock.release(),
  );
}
