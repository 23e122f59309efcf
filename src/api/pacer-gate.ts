import PQueue from 'p-queue';
import type { Clock } from '../model/clock.ts';
import { inTurn } from './in-turn.ts';
import { freshPacer, learn, type PacerFacts, type PacerState, sent, waitFor } from './pacer.ts';

export interface PacerGateOptions {
  readonly clock: Clock;
  readonly maxPerSecond?: number | undefined;
  /** Told before each wait, so that progress can say what is being waited for. */
  readonly onWait?: (delayMs: number) => void;
}

/**
 * Lets requests through one by one, each when the pacing policy allows. Shared by all calls of a client, reading and
 * writing, because the server counts them in one bucket.
 */
export class PacerGate {
  readonly #clock: Clock;
  readonly #onWait: ((delayMs: number) => void) | undefined;
  #state: PacerState;
  /** Requests that wait; the queue of calls bounds them. */
  readonly #line = new PQueue({ concurrency: 1 });
  #lastMs = Number.NEGATIVE_INFINITY;
  /** How far the clock was put back so far. */
  #backMs = 0;

  constructor(options: PacerGateOptions) {
    this.#clock = options.clock;
    this.#onWait = options.onWait;
    this.#state = freshPacer(options.maxPerSecond);
  }

  /**
   * Waits for this request's turn, first come first served.
   *
   * @returns the number of the request, for {@link settle}
   * @throws the signal's reason, at once, when aborted; the turn is then given to the next
   */
  enter(signal?: AbortSignal): Promise<number> {
    return inTurn(this.#line, () => this.#wait(signal), { signal });
  }

  /** Tells what came back for a request that was let through; each request must be settled once. */
  settle(facts: PacerFacts): void {
    this.#state = learn(this.#state, facts, this.#now());
  }

  async #wait(signal?: AbortSignal): Promise<number> {
    for (;;) {
      signal?.throwIfAborted();
      const delayMs = Math.ceil(waitFor(this.#state, this.#now()));
      if (delayMs <= 0) break;
      // Asked again after the wait: another answer may have changed the picture meanwhile.
      this.#onWait?.(delayMs);
      await this.#clock.sleep(delayMs, signal);
    }
    this.#state = sent(this.#state, this.#now());
    return this.#state.lastSent;
  }

  /** The time, which never goes back: a clock that is put back by an hour would stop every request for that hour. */
  #now(): number {
    const nowMs = this.#clock.now();
    this.#backMs += Math.max(0, this.#lastMs - nowMs);
    this.#lastMs = nowMs;
    return nowMs + this.#backMs;
  }
}
