/** What a limiter says about one request; the numbers go into headers as they are. */
export interface LimitVerdict {
  readonly isLimited: boolean;
  /** Burst + 1, not requests per second. */
  readonly limit: number;
  readonly remaining: number;
  /** Whole seconds until the bucket is empty again, rounded up. */
  readonly resetSeconds: number;
  /** Whole seconds until a request would pass, rounded up; only when limited. */
  readonly retryAfterSeconds: number | undefined;
}

export interface RateLimit {
  readonly perSec: number;
  readonly maxBurst: number;
  /** How many keys are kept; the one unused longest goes first. */
  readonly maxKeys: number;
}

/**
 * The generic cell rate algorithm (API §15): one theoretical arrival time per key. A refused request costs nothing.
 */
export class RateLimiter {
  readonly #intervalMs: number;
  readonly #capacity: number;
  readonly #maxKeys: number;
  readonly #arrivals = new Map<string, number>();

  constructor(limit: RateLimit) {
    this.#intervalMs = 1000 / limit.perSec;
    this.#capacity = limit.maxBurst + 1;
    this.#maxKeys = limit.maxKeys;
  }

  take(key: string, nowMs: number): LimitVerdict {
    const tolerance = this.#intervalMs * this.#capacity;
    const arrival = Math.max(nowMs, this.#arrivals.get(key) ?? nowMs);
    const next = arrival + this.#intervalMs;
    const waitMs = next - tolerance - nowMs;
    const isLimited = waitMs > 0;
    const backlogMs = (isLimited ? arrival : next) - nowMs;
    if (!isLimited) this.#keep(key, next);
    return {
      isLimited,
      limit: this.#capacity,
      // A hair is added so that 100 intervals of 100 ms count as 100 and not as 99.
      remaining: Math.floor((tolerance - backlogMs) / this.#intervalMs + 1e-9),
      resetSeconds: Math.ceil(backlogMs / 1000 - 1e-9),
      retryAfterSeconds: isLimited ? Math.ceil(waitMs / 1000 - 1e-9) : undefined,
    };
  }

  #keep(key: string, arrival: number): void {
    this.#arrivals.delete(key);
    this.#arrivals.set(key, arrival);
    if (this.#arrivals.size <= this.#maxKeys) return;
    const [oldest] = this.#arrivals.keys();
    if (oldest !== undefined) this.#arrivals.delete(oldest);
  }
}

/** The headers of a verdict; two limiters on one request send each of them twice. */
export function limitHeaders(verdicts: readonly LimitVerdict[]): Readonly<Record<string, readonly string[]>> {
  const waits = verdicts.flatMap((verdict) => verdict.retryAfterSeconds ?? []);
  return {
    'X-Ratelimit-Limit': verdicts.map((verdict) => String(verdict.limit)),
    'X-Ratelimit-Remaining': verdicts.map((verdict) => String(verdict.remaining)),
    'X-Ratelimit-Reset': verdicts.map((verdict) => String(verdict.resetSeconds)),
    ...(waits.length === 0 ? {} : { 'Retry-After': waits.map(String) }),
  };
}
