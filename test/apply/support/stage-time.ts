/** Time on a stage: it passes when somebody waits, long timers fall due by it, and clocks can be put wrong. */
import type { Clock } from '../../../src/model/clock.ts';
import { noon, StageClock } from './stage.ts';

/** A timer of this length or longer would be a test that sleeps. */
const longMs = 10_000;

interface Task {
  readonly atMs: number;
  readonly run: () => void;
}

export class StageTime {
  /** What muster sees: the true time, unless the host's clock was put wrong. */
  readonly host: Clock;
  #clock = new StageClock();
  #tasks: Task[] = [];
  #hostJumpMs = 0;
  #serverJumpMs = 0;

  constructor() {
    this.host = {
      now: () => this.#clock.now() + this.#hostJumpMs,
      sleep: (ms, signal) => this.#clock.sleep(ms, signal),
    };
  }

  /** Follows the clock of a stage from now on. */
  follow(clock: StageClock): void {
    this.#clock = clock;
    clock.onWait = () => this.#runDue();
  }

  /** Milliseconds since the stage was opened, whatever the clocks say. */
  get passedMs(): number {
    return this.#clock.now() - noon;
  }

  readonly serverNow = (): number => this.#clock.now() + this.#serverJumpMs;

  pass(ms: number): Promise<void> {
    return this.#clock.sleep(ms);
  }

  /** @returns ends the waiting for it */
  after(ms: number, run: () => void): () => void {
    const task = { atMs: this.#clock.now() + ms, run };
    this.#tasks.push(task);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== task);
    };
  }

  jump({ hostMs = 0, serverMs = 0 }: { readonly hostMs?: number; readonly serverMs?: number }): void {
    this.#hostJumpMs += hostMs;
    this.#serverJumpMs += serverMs;
  }

  #runDue(): void {
    const now = this.#clock.now();
    const due = this.#tasks.filter(({ atMs }) => atMs <= now).toSorted((a, b) => a.atMs - b.atMs);
    this.#tasks = this.#tasks.filter(({ atMs }) => atMs > now);
    for (const { run } of due) run();
  }
}

/**
 * Lets long timers, such as the time-out of a request, fall due by the time of the stage.
 *
 * @returns puts the timers of before back
 */
export function governTimers(time: StageTime): () => void {
  const { setTimeout: setBefore, clearTimeout: clearBefore } = globalThis;
  const governed = new Map<unknown, () => void>();
  const clear: typeof clearTimeout = (timer) => {
    governed.get(timer)?.();
    governed.delete(timer);
    clearBefore(timer);
  };
  const set = <Args extends unknown[]>(run: (...args: Args) => void, ms?: number, ...args: Args): NodeJS.Timeout => {
    const timer = setBefore(run, ms, ...args);
    if (ms === undefined || ms < longMs) return timer;
    const cancel = time.after(ms, () => {
      clear(timer);
      run(...args);
    });
    governed.set(timer, cancel);
    return timer;
  };
  // With what hangs on it: whoever waits for it as a promise waits for real.
  globalThis.setTimeout = Object.assign(set, setBefore);
  globalThis.clearTimeout = clear;
  return () => {
    globalThis.setTimeout = setBefore;
    globalThis.clearTimeout = clearBefore;
  };
}
