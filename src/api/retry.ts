// When a failed attempt is followed by another: a pure decision. Reads may always be repeated; a write is repeated only
// when it certainly was not carried out. Everything else is for the caller, who can look first.

export interface RetryFacts {
  readonly access: 'read' | 'write';
  /** Attempts made so far, from 1. */
  readonly attempt: number;
  /** Whether another try can help at all: a limit, a fault of the server's side, a broken connection. */
  readonly isTransient: boolean;
  /** Refused by a limiter, by a busy server or before the connection stood. */
  readonly isCertainlyNotDone: boolean;
  /** Refused by a limiter, which says itself when to come back. */
  readonly isRateLimited: boolean;
  readonly retryAfterMs: number | undefined;
  /** Repetitions that the client as a whole still has; see {@link RetryBudget}. */
  readonly budget: number;
  /** 0 to 1. */
  readonly random: number;
}

export type RetryDecision =
  | { readonly again: true; readonly delayMs: number }
  | { readonly again: false; readonly because: 'not-transient' | 'may-be-done' | 'attempts' | 'budget' | 'too-long' };

export const maxAttempts: number = 4;
/** A refusal by the limiter costs the server nothing, so more of them are borne. */
export const maxLimitedAttempts: number = 10;
const baseDelayMs = 500;
const maxBackoffMs = 20_000;
/** A longer `Retry-After` is handed to the caller. */
const maxRetryAfterMs = 300_000;

/** Decides whether, and after how long, a failed attempt is repeated: exponential back-off with full jitter. */
export function decideRetry(facts: RetryFacts): RetryDecision {
  if (!facts.isTransient) return { again: false, because: 'not-transient' };
  if (facts.access === 'write' && !facts.isCertainlyNotDone) return { again: false, because: 'may-be-done' };
  if (facts.attempt >= (facts.isRateLimited ? maxLimitedAttempts : maxAttempts)) {
    return { again: false, because: 'attempts' };
  }
  if (!facts.isRateLimited && facts.budget < 1) return { again: false, because: 'budget' };
  const retryAfterMs = facts.retryAfterMs ?? 0;
  if (retryAfterMs > maxRetryAfterMs) return { again: false, because: 'too-long' };
  const ceilingMs = Math.min(maxBackoffMs, baseDelayMs * 2 ** (facts.attempt - 1));
  const jitterMs = Math.floor(facts.random * ceilingMs);
  return { again: true, delayMs: Math.max(retryAfterMs, jitterMs) };
}

/**
 * Keeps a client from answering a long outage with a storm: repetitions are at most a fifth of the calls, after the
 * first few.
 */
export class RetryBudget {
  static readonly #max = 20;
  #left = RetryBudget.#max;

  get left(): number {
    return this.#left;
  }

  /** A call that succeeded earns a part of a repetition. */
  earn(): void {
    this.#left = Math.min(RetryBudget.#max, this.#left + 0.2);
  }

  spend(): void {
    this.#left -= 1;
  }
}
