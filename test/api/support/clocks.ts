import type { Clock } from '../../../src/model/clock.ts';

/** A clock whose sleeps take no time at all: they move it. */
export class JumpingClock implements Clock {
  readonly sleeps: number[] = [];
  #now: number;

  constructor(now = 1_700_000_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.sleeps.push(ms);
    this.#now += ms;
    return Promise.resolve();
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}
