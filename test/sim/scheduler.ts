/**
 * Virtual time. Whatever takes time is an event in one queue: it comes when its moment does, and everything that follows
 * from it has run before the next one. So the same seed gives the same run, event for event.
 */
import type { Clock } from '../../src/model/clock.ts';

/** One process of muster, from its start to its end or its crash. */
export class Life {
  readonly number: number;
  #isOver = false;

  constructor(number: number) {
    this.number = number;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** What waits for the world never hears of it again; nothing of this life runs on. */
  end(): void {
    this.#isOver = true;
  }
}

export interface Happening {
  readonly what: string;
  readonly detail: string;
}

interface SimEvent extends Happening {
  readonly dueMs: number;
  /** Ties are broken by it, so that the order never hangs on anything but the seed. */
  readonly number: number;
  /** Absent: it happens whether anybody lives or not, and is no step. */
  readonly life?: Life;
  readonly act: () => void;
}

/** Told of each event right before it happens. */
export type Watch = (step: number, nowMs: number, life: Life | undefined, happening: Happening) => void;

/** How far a scheduler ran. */
export type Stop = 'done' | 'trouble' | 'silence';

export class Scheduler {
  /** Steps of I/O so far, of every life. */
  steps = 0;
  #nowMs: number;
  #numbers = 0;
  readonly #queue: SimEvent[] = [];
  readonly #watch: Watch | undefined;

  /** @param startMs - milliseconds since the epoch */
  constructor(startMs: number, watch?: Watch) {
    this.#nowMs = startMs;
    this.#watch = watch;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** An event of the world that nobody waits for. */
  happens(delayMs: number, what: string, detail: string, act: () => void): void {
    this.#add({ dueMs: this.#nowMs + delayMs, number: this.#numbers++, what, detail, act });
  }

  /** A step of a life: `act` is called when it comes, unless the life has ended by then. */
  step(life: Life, delayMs: number, what: string, detail: string, act: () => void): void {
    if (life.isOver) return;
    this.#add({ dueMs: this.#nowMs + delayMs, number: this.#numbers++, life, what, detail, act });
  }

  /** A step of a life that is only waited for. */
  pass(life: Life, delayMs: number, what: string, detail: string): Promise<void> {
    return new Promise((resolve) => this.step(life, delayMs, what, detail, resolve));
  }

  clockOf(life: Life): Clock {
    return {
      now: () => this.#nowMs,
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          const refuse = (): void => reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
          if (signal?.aborted === true) return refuse();
          signal?.addEventListener('abort', refuse, { once: true });
          this.step(life, ms, 'sleep', `${ms} ms`, resolve);
        }),
    };
  }

  /**
   * Lets events happen, one at a time.
   *
   * @param isDone - asked before each event, with everything of the one before at rest
   * @param stopAt - the number of the step before which the process meets with trouble
   * @returns `silence` when nothing is left to happen although `isDone` says no: somebody waits for ever
   */
  run(isDone: () => boolean, stopAt: number = Number.POSITIVE_INFINITY): Promise<Stop> {
    return new Promise((resolve, reject) => {
      const turn = (): void => {
        try {
          if (isDone()) return resolve('done');
          const next = this.#next();
          if (next === undefined) return resolve('silence');
          if (next.life !== undefined) {
            if (this.steps + 1 === stopAt) {
              this.#watch?.(this.steps + 1, next.dueMs, next.life, { what: 'TROUBLE before', detail: next.what });
              this.#add(next);
              return resolve('trouble');
            }
            this.steps += 1;
          }
          this.#nowMs = Math.max(this.#nowMs, next.dueMs);
          this.#watch?.(this.steps, this.#nowMs, next.life, next);
          next.act();
          // Every promise that this settles, and whatever follows, runs before the loop comes back.
          setImmediate(turn);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      setImmediate(turn);
    });
  }

  /** The next event of the world, or of a life that has not ended. */
  #next(): SimEvent | undefined {
    for (;;) {
      const next = this.#queue.pop();
      if (next?.life?.isOver !== true) return next;
    }
  }

  /** Latest first, so that the next one is taken from the end; few wait at any time. */
  #add(event: SimEvent): void {
    let at = this.#queue.length;
    while (at > 0 && isBefore(this.#queue[at - 1], event)) at -= 1;
    this.#queue.splice(at, 0, event);
  }
}

/** Whether `one` happens before `other`. */
function isBefore(one: SimEvent | undefined, other: SimEvent): boolean {
  if (one === undefined) return false;
  return one.dueMs < other.dueMs || (one.dueMs === other.dueMs && one.number < other.number);
}
