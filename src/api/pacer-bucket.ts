import type { RateLimit } from './rate-limit.ts';

// What is known of the server's bucket: how full it is and how fast it leaks. Pure. All quantities are in requests, not
// in time, so that a better estimate of the rate does not change what is known about the bucket.

export interface Bucket {
  readonly capacity: number;
  /** Requests that have not leaked away yet, at `atMs`. */
  readonly level: number;
  readonly atMs: number;
  /** Bounds of the server's rate, in requests a second: every answer narrows them. */
  readonly over: number;
  readonly under: number;
  readonly mark: Mark;
}

/** A look at the bucket, from which on its leaking is measured. */
interface Mark {
  /** When the request was sent whose answer told it: the look was not before. */
  readonly notBeforeMs: number;
  readonly takenMs: number;
  /** No less than this was in the bucket. */
  readonly backlog: number;
  /** Requests let through and answered until then, and those under way, which may have been let through before. */
  readonly counted: number;
}

/** What was known when a request was sent. */
export interface Departure {
  readonly atMs: number;
  /** Requests let through and answered until then. */
  readonly passed: number;
}

/** An answer of the limiter, and what else was known when it came. */
export interface BucketFacts {
  readonly told: RateLimit;
  readonly nowMs: number;
  readonly departure: Departure | undefined;
  /** Whether no later request has told anything yet. */
  readonly isNewest: boolean;
  readonly inFlight: number;
  /** Requests let through and answered so far. */
  readonly passed: number;
  /** Refused: what was believed of the rate was too much, so it is learnt anew. */
  readonly isLimited: boolean;
  /** Whether the bucket seems to be filled by this client alone, so that what leaks can be counted. */
  readonly isAlone: boolean;
}

/** Kept free in the bucket, for requests that overtake each other on their way. */
const reserve = 1;

/** How long the leaking is measured from one look at the bucket, and how long at least, to be any good. */
const markMs = 1000;
const leastMeasureMs = 200;

/**
 * The rate that the server seems to allow, in requests a second.
 *
 * Its setting is a whole number: when only one fits between the bounds, that is it. Otherwise the lower bound.
 */
function rateOf({ over, under }: Bucket): number {
  const next = Math.floor(over) + 1;
  const isOnlyOne = next < under && next + 1 >= under;
  return isOnlyOne ? next : Math.max(over, 0.01);
}

/** Requests that have not leaked away by now. */
function levelAt(bucket: Bucket, nowMs: number): number {
  const elapsedMs = Math.max(0, nowMs - bucket.atMs);
  return Math.max(0, bucket.level - (elapsedMs / 1000) * rateOf(bucket));
}

/** Milliseconds until one more request has room. */
export function bucketWait(bucket: Bucket, nowMs: number): number {
  const room = Math.max(1, bucket.capacity - reserve);
  const excess = levelAt(bucket, nowMs) + 1 - room;
  return excess <= 0 ? 0 : (excess / rateOf(bucket)) * 1000;
}

/** The bucket with a request more in it. */
export function addOne(bucket: Bucket, nowMs: number): Bucket {
  return { ...bucket, level: levelAt(bucket, nowMs) + 1, atMs: nowMs };
}

/** Takes over what the limiter said about its bucket. */
export function learnBucket(previous: Bucket | undefined, facts: BucketFacts): Bucket {
  const { told, nowMs, isNewest, inFlight, isLimited } = facts;
  // Requests in flight may be counted in `remaining` already or not: they are counted once more here, to be sure.
  const level = told.limit - told.remaining + inFlight;
  const same = previous?.capacity === told.limit ? previous : undefined;
  const known = isLimited ? undefined : same;
  const isMarkOld = known === undefined || (isNewest && nowMs - known.mark.takenMs >= markMs);
  return {
    capacity: told.limit,
    // An older answer that arrives late may only raise the level.
    level: same === undefined || isNewest ? level : Math.max(level, levelAt(same, nowMs)),
    atMs: nowMs,
    ...narrow(known, told, known === undefined ? 0 : leakSeen(known.mark, facts)),
    mark: isMarkOld ? markOf(facts) : known.mark,
  };
}

function markOf({ told, nowMs, departure, passed, inFlight }: BucketFacts): Mark {
  return {
    notBeforeMs: departure?.atMs ?? nowMs,
    takenMs: nowMs,
    backlog: told.limit - told.remaining - 1,
    counted: passed + inFlight,
  };
}

/**
 * The rate at which the bucket was seen to leak, never more than it is. Headers are rounded to whole seconds and say
 * little of a bucket that leaks within one. But what went in between two looks, and is not there any more, has leaked,
 * in no more time than from sending the first request to the answer to the second.
 */
function leakSeen(mark: Mark, { told, nowMs, departure, isAlone }: BucketFacts): number {
  // Clocks are rounded to whole milliseconds.
  const elapsedMs = nowMs - mark.notBeforeMs + 1;
  const isMeasurable = departure !== undefined && departure.atMs >= mark.takenMs && elapsedMs >= leastMeasureMs;
  if (!isAlone || !isMeasurable) return 0;
  const wentIn = Math.max(0, departure.passed - mark.counted) + 1;
  const leaked = mark.backlog + wentIn - (told.limit - told.remaining);
  return (leaked / elapsedMs) * 1000;
}

type Bounds = Pick<Bucket, 'over' | 'under'>;

/** @param leaked - requests a second that the bucket was seen to leak; 0 when nothing was seen */
function narrow(known: Bucket | undefined, told: RateLimit, leaked: number): Bounds {
  const { over, under } = narrowByHeaders(known, told);
  // Several servers behind one address, each with a bucket of its own, seem to leak more than their headers allow.
  return { over: leaked < under ? Math.max(over, leaked) : over, under };
}

/**
 * Narrows the bounds of the rate. With a backlog of b requests, b - 1 < backlog <= b and
 * reset - 1 < backlog / rate <= reset; and after a request the backlog is at least 1.
 */
function narrowByHeaders(known: Bounds | undefined, told: RateLimit): Bounds {
  const backlog = told.limit - told.remaining;
  const reset = told.resetSeconds;
  if (backlog < 1 || reset < 1) return { over: known?.over ?? 1, under: known?.under ?? Number.POSITIVE_INFINITY };
  const over = backlog === 1 ? 0.99 / reset : (backlog - 1) / reset;
  const under = reset === 1 ? Number.POSITIVE_INFINITY : backlog / (reset - 1);
  if (known === undefined) return { over, under };
  const narrowed = { over: Math.max(over, known.over), under: Math.min(under, known.under) };
  // Bounds that exclude each other: the server was given another setting.
  return narrowed.over < narrowed.under ? narrowed : { over, under };
}
