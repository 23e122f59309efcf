import type { Clock } from '../model/clock.ts';

/** What talking to a forge takes of the world. */
export interface ForgePorts {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}
