import type { ReconcilePlace } from '../app/reconcile-place.ts';
import type { Clock } from '../model/clock.ts';
import type { ReconcileState } from '../model/generated/reconcile-state.ts';
import { afterSetBack } from './set-back.ts';

/** Of an interval: well below the two after which others take a process for dead. */
const silentShare = 0.75;

/** Holds what is known of a server, and writes it down, one time after the other. */
export class Keeper {
  readonly #place: Pick<ReconcilePlace, 'remember' | 'renew'>;
  readonly #clock: Pick<Clock, 'now'>;
  #state: ReconcileState;
  #writtenMs = Number.NEGATIVE_INFINITY;
  #writing: Promise<void> = Promise.resolve();

  constructor(state: ReconcileState, place: Pick<ReconcilePlace, 'remember' | 'renew'>, clock: Pick<Clock, 'now'>) {
    this.#state = state;
    this.#place = place;
    this.#clock = clock;
  }

  get state(): ReconcileState {
    return this.#state;
  }

  /** @throws {StateDirError} when it cannot be written down */
  async keep(state: ReconcileState): Promise<void> {
    this.#state = state;
    await this.#write();
  }

  /** Notes that a cycle begins: none is due until it has ended. */
  begin(): void {
    const { next: _, ...state } = this.#alive(this.#clock.now());
    this.#state = { ...state, cycles: state.cycles + 1 };
  }

  /** Notes that the process works; written down where nothing was for most of an interval. Not being able to is told by the next {@link keep}. */
  beat(): void {
    const nowMs = this.#clock.now();
    this.#state = this.#alive(nowMs);
    // Also where the clock was set back: what is written down was then, by that clock, not yet.
    if (Math.abs(nowMs - this.#writtenMs) >= this.#state.interval_ms * silentShare)
      void this.#write().catch(() => undefined);
  }

  #alive(nowMs: number): ReconcileState {
    return { ...afterSetBack(this.#state, nowMs), beat: new Date(nowMs).toISOString() };
  }

  /** Until everything is written down that is known now. */
  async flush(): Promise<void> {
    await this.#writing.catch(() => undefined);
  }

  #write(): Promise<void> {
    this.#writtenMs = this.#clock.now();
    this.#writing = this.#writing
      .catch(() => undefined)
      .then(async () => {
        await this.#place.remember(this.#state);
        await this.#place.renew();
      });
    return this.#writing;
  }
}
