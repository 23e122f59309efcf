import { type ApiHeaders, headerText, headerValues } from './headers.ts';

/** What the limiter said in the headers of an answer. */
export interface RateLimit {
  /** Requests that an idle bucket lets through at once: the server's burst + 1. */
  readonly limit: number;
  /** Requests that would have passed at that moment. */
  readonly remaining: number;
  /** Seconds until the bucket is empty again, rounded up; not a time of day. */
  readonly resetSeconds: number;
}

function wholes(headers: ApiHeaders, name: string): readonly number[] {
  return headerValues(headers, name)
    .filter((value) => /^\d{1,9}$/.test(value))
    .map(Number);
}

/**
 * Reads the `X-RateLimit-*` headers. A server that limits by address and by user sends each header twice: the
 * tightest of the limiters counts.
 */
export function readRateLimit(headers: ApiHeaders): RateLimit | undefined {
  const limits = wholes(headers, 'x-ratelimit-limit');
  const remainings = wholes(headers, 'x-ratelimit-remaining');
  const resets = wholes(headers, 'x-ratelimit-reset');
  const remaining = Math.min(...remainings);
  const tightest = remainings.indexOf(remaining);
  // Headers that cannot be told apart are read the careful way.
  const paired = limits.length === remainings.length && resets.length === remainings.length;
  const limit = (paired ? limits[tightest] : undefined) ?? Math.min(...limits);
  const resetSeconds = (paired ? resets[tightest] : undefined) ?? Math.max(...resets);
  const isWhole = Number.isFinite(limit) && Number.isFinite(remaining) && Number.isFinite(resetSeconds);
  return isWhole && limit >= 1 && remaining <= limit ? { limit, remaining, resetSeconds } : undefined;
}

/**
 * Reads `Retry-After`: whole seconds, or a date.
 *
 * @param nowMs - to turn a date into a delay
 * @returns milliseconds from now, at least 0; `undefined` when there is no such header or it makes no sense
 */
export function readRetryAfter(headers: ApiHeaders, nowMs: number): number | undefined {
  const value = headerText(headers, 'retry-after')?.trim();
  if (value === undefined) return undefined;
  if (/^\d{1,10}$/.test(value)) return Number(value) * 1000;
  const date = /^[A-Z][a-z]{2}, /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
