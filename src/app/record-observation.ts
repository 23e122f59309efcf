import { observationOf } from '../audit/access/observe.ts';
import { keepObservation } from '../journal/observations.ts';
import { stateDirOf } from '../journal/state-dir.ts';
import type { LiveState } from '../model/live-state.ts';
import type { Observation } from '../model/observation.ts';
import { ownersIn } from '../model/pipeline.ts';
import { kinds } from '../resources/index.ts';
import type { ServerPorts } from './ports.ts';

export interface RecordOptions {
  /** Keep what was read, with its dates, in the state directory. */
  readonly record?: boolean;
  /** Absolute; without it the one in the state home. */
  readonly stateDir?: string;
}

export interface Read {
  /** The command that read. */
  readonly by: string;
  readonly live: LiveState;
  /** When its first request was made; milliseconds since the epoch. */
  readonly beganMs: number;
  /** Whether each account was asked for everything that it owns. */
  readonly asksEachOwner: boolean;
}

/**
 * Keeps what was read just now, where that is asked for.
 *
 * @throws {StateDirError} when the state directory is not safe
 */
export async function recordIfAsked(
  { record = false, stateDir }: RecordOptions,
  read: Read,
  ports: ServerPorts,
): Promise<void> {
  if (record) await recordObservation(observedJustNow(read, ports), read.live.facts.key, stateDir, ports);
}

export const observedJustNow = (read: Read, { clock }: Pick<ServerPorts, 'clock'>): Observation =>
  observationOf({ ...read, endedMs: clock.now() }, kinds);

export async function recordObservation(
  observation: Observation,
  serverKey: string,
  stateDir: string | undefined,
  { env, journalKeyFor }: ServerPorts,
): Promise<void> {
  const dir = stateDirOf(stateDir, serverKey, env);
  await keepObservation(dir, observation, journalKeyFor(serverKey), ownersIn(env, process.getuid?.()));
}
