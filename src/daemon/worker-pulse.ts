/** Whether a worker works and its queue answers, for those who ask from outside. */
import type { Clock } from '../model/clock.ts';

/** What a process says of itself, where no state of a server says it. */
export interface ProcessHealth {
  readonly isAlive: boolean;
  readonly isReady: boolean;
  /** A word, for people. */
  readonly reason: string;
}

/** A cycle tells of each request and each wait; no wait of its own is longer than some minutes. */
const silentMs = 10 * 60_000;

export class WorkerPulse {
  readonly #clock: Pick<Clock, 'now'>;
  /** When each cycle that is under way last did something. */
  readonly #cycles = new Map<string, number>();
  #asked: { readonly atMs: number; readonly isAnswered: boolean } | undefined;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** The queue was asked for a job. */
  asked(isAnswered: boolean): void {
    this.#asked = { atMs: this.#clock.now(), isAnswered };
  }

  /** A cycle begins, or does something. */
  beat(server: string): void {
    this.#cycles.set(server, this.#clock.now());
  }

  end(server: string): void {
    this.#cycles.delete(server);
  }

  readonly health = (): ProcessHealth => {
    const isSilent = (atMs: number): boolean => this.#clock.now() - atMs >= silentMs;
    const cycles = [...this.#cycles.values()];
    // Who has cycles in every lane asks for none.
    const isIdleSilent = cycles.length === 0 && this.#asked !== undefined && isSilent(this.#asked.atMs);
    const isAlive = !cycles.some(isSilent) && !isIdleSilent;
    const isAnswered = this.#asked?.isAnswered === true;
    const reason = !isAlive ? 'silent' : this.#asked === undefined ? 'starting' : isAnswered ? '' : 'queue';
    return { isAlive, isReady: isAlive && isAnswered, reason };
  };
}
