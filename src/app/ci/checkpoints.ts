/** Makes the journal of a run last while it is under way: a job that is killed takes with it only what came after the last time. */
import type { RunEvent } from '../../model/run-event.ts';
import type { AppPorts } from '../ports.ts';
import type { CiState } from './state.ts';

/** A push of a branch takes about a second. */
const everyMs = 30_000;

export interface Checkpoints {
  readonly ports: AppPorts;
  /** None is under way any more. */
  ended(): Promise<void>;
}

export function checkpointsOf(state: Pick<CiState, 'checkpoint'>, ports: AppPorts): Checkpoints {
  const { clock, emit } = ports;
  let running: Promise<void> | undefined;
  let lastMs = Number.NEGATIVE_INFINITY;
  const isDue = (type: RunEvent['type'], nowMs: number): boolean =>
    (type === 'action-started' || type === 'action-recorded') && running === undefined && nowMs - lastMs >= everyMs;
  const take = async (): Promise<void> => {
    // What cannot be kept now is kept at the end, which says so where it fails.
    await state.checkpoint().catch(() => undefined);
    running = undefined;
  };
  return {
    ports: {
      ...ports,
      emit: (event) => {
        emit(event);
        const nowMs = clock.now();
        if (!isDue(event.type, nowMs)) return;
        lastMs = nowMs;
        running = take();
      },
    },
    ended: () => running ?? Promise.resolve(),
  };
}
