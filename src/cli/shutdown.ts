import { setMaxListeners } from 'node:events';
import type { Clock } from '../model/clock.ts';
import { say } from '../model/messages/message.ts';
import { MusterError } from '../model/muster-error.ts';

/** The process was asked to end while it wrote nothing. */
export class InterruptedError extends MusterError {
  override readonly name = 'InterruptedError';

  constructor() {
    super(say('INTERRUPTED', {}));
  }
}

/**
 * What an interrupt ends at once, and what it lets finish: everything that waits has {@link Shutdown.signal}, everything
 * that writes to the server runs in {@link Shutdown.letFinish}.
 */
export class Shutdown {
  readonly #interrupt: AbortSignal;
  readonly #end = new AbortController();
  #writing = 0;

  /** @param interrupt - aborted by the first signal that the process gets */
  constructor(interrupt: AbortSignal) {
    this.#interrupt = interrupt;
    // Each call and each wait listens, as many as there are at the same time.
    setMaxListeners(0, this.#end.signal);
    if (interrupt.aborted) this.#endIfMay();
    interrupt.addEventListener('abort', () => this.#endIfMay(), { once: true });
  }

  /** Aborted by an interrupt, once nothing writes. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  /** Whether something writes that an interrupt lets finish. */
  get isWriting(): boolean {
    return this.#writing > 0;
  }

  readonly letFinish = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    this.#end.signal.throwIfAborted();
    this.#writing += 1;
    try {
      return await work();
    } finally {
      this.#writing -= 1;
      this.#endIfMay();
    }
  };

  #endIfMay(): void {
    if (this.#interrupt.aborted && this.#writing === 0) this.#end.abort(new InterruptedError());
  }
}

/** A clock of which every wait ends with the signal, whatever else it listens to. */
export function clockUntil(clock: Clock, end: AbortSignal): Clock {
  return {
    now: () => clock.now(),
    sleep: (ms, signal) => clock.sleep(ms, signal === undefined ? end : AbortSignal.any([signal, end])),
  };
}
