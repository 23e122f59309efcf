import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, vi } from 'vitest';
import { systemClock } from '../../src/api/index.ts';

/** In this file waits take no time; what is under way on loopback arrives before time passes. */
export function useFastTime(): void {
  const realNow = systemClock.now.bind(systemClock);
  let aheadMs = 0;
  beforeEach(() => {
    vi.spyOn(systemClock, 'now').mockImplementation(() => realNow() + aheadMs);
    vi.spyOn(systemClock, 'sleep').mockImplementation(async (ms, signal) => {
      signal?.throwIfAborted();
      for (let i = 0; i < 20; i++) await turn();
      aheadMs += ms;
      signal?.throwIfAborted();
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
}
