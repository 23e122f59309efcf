import type { RateLimit } from '../../../src/api/rate-limit.ts';

export interface LimiterAnswer {
  readonly allowed: boolean;
  readonly rateLimit: RateLimit;
  readonly retryAfterMs: number | undefined;
}

/**
 * The server's limiter, written from the API reference §15: one theoretical arrival time per key, capacity burst + 1,
 * everything that is told rounded to whole requests and whole seconds.
 */
export class LimiterModel {
  readonly perSecond: number;
  readonly capacity: number;
  admitted = 0;
  refused = 0;
  #tatMs = 0;

  constructor(perSecond: number, maxBurst: number) {
    this.perSecond = perSecond;
    this.capacity = maxBurst + 1;
  }

  ask(nowMs: number): LimiterAnswer {
    const intervalMs = 1000 / this.perSecond;
    const next = Math.max(nowMs, this.#tatMs) + intervalMs;
    const earliestMs = next - this.capacity * intervalMs;
    const allowed = nowMs >= earliestMs - 1e-6;
    if (allowed) {
      this.#tatMs = next;
      this.admitted += 1;
    } else this.refused += 1;
    const backlogMs = Math.max(0, this.#tatMs - nowMs);
    return {
      allowed,
      rateLimit: {
        limit: this.capacity,
        remaining: Math.max(0, Math.floor(this.capacity - backlogMs / intervalMs + 1e-9)),
        resetSeconds: Math.ceil(backlogMs / 1000 - 1e-9),
      },
      retryAfterMs: allowed ? undefined : Math.max(1, Math.ceil((earliestMs - nowMs) / 1000)) * 1000,
    };
  }
}
