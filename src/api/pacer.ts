import type { RateLimit } from './rate-limit.ts';

// The pacing policy: a mirror of the server's limiter (GCRA: a bucket that leaks at a constant rate), kept true by
// what each answer says. Pure: state and facts in, state or a time out. `pacer-gate.ts` does the waiting.
//
// Without any sign of a limiter nothing waits. Once `X-RateLimit-*` was seen, the burst is spent freely and then one
// request starts whenever the bucket has room for it. All quantities are in requests, not in time, so that a better
// estimate of the rate does not change what is known about the bucket.

export interface PacerState {
  /** What the caller asked for: never more requests a second than this. */
  readonly maxPerSecond: number;
  /** Requests sent and not yet answered. */
  readonly inFlight: number;
  /** Number of the request sent last. */
  readonly lastSent: number;
  /** Number of the newest request whose answer told about the bucket. */
  readonly lastTold: number;
  readonly bucket: Bucket | undefined;
  /** Nothing starts before this; from `Retry-After`. */
  readonly holdUntilMs: number;
  /** In force after a refusal that told nothing: halved each time, recovering with every success. */
  readonly slowed: Slowed | undefined;
  /** No start before this, when a constant spacing is in force. */
  readonly nextStartMs: number;
  /** Starts in this second and the one before, to know the speed at which trouble began. */
  readonly recent: { readonly second: number; readonly count: number; readonly before: number };
}

interface Bucket {
  readonly capacity: number;
  /** Requests that have not leaked away yet, at `atMs`. */
  readonly level: number;
  readonly atMs: number;
  /** Bounds of the server's rate, in requests a second: every answer narrows them. */
  readonly over: number;
  readonly under: number;
}

interface Slowed {
  readonly perSecond: number;
  /** The speed that was too much: once reached again, the slowing ends. */
  readonly until: number;
}

/** What an answer, or its absence, says to the pacer. */
export interface PacerFacts {
  /** The number that `sent` gave to the request. */
  readonly sequence: number;
  readonly outcome: 'answered' | 'limited' | 'lost';
  readonly rateLimit?: RateLimit | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** Waits longer than this are the caller's decision: the call fails and says how long it would have been. */
export const maxHoldMs: number = 300_000;

/** Kept free in the bucket, for requests that overtake each other on their way. */
const reserve = 1;

export function freshPacer(maxPerSecond: number = Number.POSITIVE_INFINITY): PacerState {
  return {
    maxPerSecond,
    inFlight: 0,
    lastSent: 0,
    lastTold: 0,
    bucket: undefined,
    holdUntilMs: 0,
    slowed: undefined,
    nextStartMs: 0,
    recent: { second: 0, count: 0, before: 0 },
  };
}

/**
 * The rate that the server seems to allow, in requests a second.
 *
 * Its setting is a whole number: when only one fits between the bounds, that is it. Otherwise the lower bound.
 */
function rateOf(bucket: Bucket): number {
  const next = Math.floor(bucket.over) + 1;
  const isOnlyOne = next < bucket.under && next + 1 >= bucket.under;
  return isOnlyOne ? next : Math.max(bucket.over, 0.01);
}

/** What is left of a hold; a clock that jumped back cannot make it longer than it may be. */
function holdLeft(state: PacerState, nowMs: number): number {
  const left = state.holdUntilMs - nowMs;
  return left > maxHoldMs ? 0 : Math.max(0, left);
}

function levelAt(bucket: Bucket, nowMs: number): number {
  const elapsedMs = Math.max(0, nowMs - bucket.atMs);
  return Math.max(0, bucket.level - (elapsedMs / 1000) * rateOf(bucket));
}

/** Tells how long the next request must wait, in milliseconds. */
export function waitFor(state: PacerState, nowMs: number): number {
  const spacing = Math.max(0, Math.min(state.nextStartMs - nowMs, 1000 / spacedRate(state)));
  return Math.max(holdLeft(state, nowMs), spacing, bucketWait(state.bucket, nowMs));
}

function bucketWait(bucket: Bucket | undefined, nowMs: number): number {
  if (bucket === undefined) return 0;
  const room = Math.max(1, bucket.capacity - reserve);
  const excess = levelAt(bucket, nowMs) + 1 - room;
  return excess <= 0 ? 0 : (excess / rateOf(bucket)) * 1000;
}

/** The constant speed in force, in requests a second; infinite when there is none. */
function spacedRate(state: PacerState): number {
  return Math.min(state.maxPerSecond, state.slowed?.perSecond ?? Number.POSITIVE_INFINITY);
}

/** Notes that a request starts now; its number is the new state's `lastSent`. */
export function sent(state: PacerState, nowMs: number): PacerState {
  const { bucket } = state;
  const second = Math.floor(nowMs / 1000);
  const { recent } = state;
  return {
    ...state,
    inFlight: state.inFlight + 1,
    lastSent: state.lastSent + 1,
    bucket: bucket && { ...bucket, level: levelAt(bucket, nowMs) + 1, atMs: nowMs },
    // A timer that fires a little late does not slow the series down.
    nextStartMs: (isJustDue(state, nowMs) ? state.nextStartMs : nowMs) + 1000 / spacedRate(state),
    recent:
      recent.second === second
        ? { ...recent, count: recent.count + 1 }
        : { second, count: 1, before: recent.second === second - 1 ? recent.count : 0 },
  };
}

function isJustDue(state: PacerState, nowMs: number): boolean {
  const lateMs = nowMs - state.nextStartMs;
  return lateMs >= 0 && lateMs <= 10;
}

/** Learns from an answer. */
export function learn(state: PacerState, facts: PacerFacts, nowMs: number): PacerState {
  const inFlight = Math.max(0, state.inFlight - 1);
  const answered: PacerState = { ...state, inFlight };
  const told = facts.rateLimit === undefined ? answered : learnBucket(answered, facts.rateLimit, facts.sequence, nowMs);
  if (facts.outcome === 'limited') return refuse(told, facts, nowMs);
  return facts.outcome === 'answered' ? recover(told) : told;
}

/** Takes over what the limiter said about its bucket. */
function learnBucket(state: PacerState, told: RateLimit, sequence: number, nowMs: number): PacerState {
  // Requests in flight may be counted in `remaining` already or not: they are counted once more here, to be sure.
  const level = told.limit - told.remaining + state.inFlight;
  const isNewest = sequence > state.lastTold;
  const known = state.bucket?.capacity === told.limit ? state.bucket : undefined;
  const bucket: Bucket = {
    capacity: told.limit,
    // An older answer that arrives late may only raise the level.
    level: known === undefined || isNewest ? level : Math.max(level, levelAt(known, nowMs)),
    atMs: nowMs,
    ...narrow(known, told),
  };
  return { ...state, bucket, lastTold: Math.max(state.lastTold, sequence) };
}

/**
 * Narrows the bounds of the rate. With a backlog of b requests, b - 1 < backlog <= b and
 * reset - 1 < backlog / rate <= reset; and after a request the backlog is at least 1.
 */
function narrow(known: Bucket | undefined, told: RateLimit): { readonly over: number; readonly under: number } {
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

/** Obeys a refusal: for everybody, since all share the server's bucket. */
function refuse(state: PacerState, facts: PacerFacts, nowMs: number): PacerState {
  if (facts.retryAfterMs !== undefined) {
    const holdMs = Math.min(facts.retryAfterMs, maxHoldMs);
    const bucket = state.bucket && { ...state.bucket, level: state.bucket.capacity + state.inFlight, atMs: nowMs };
    return { ...state, bucket, holdUntilMs: Math.max(nowMs + holdLeft(state, nowMs), nowMs + holdMs) };
  }
  // A limiter that shows its bucket is waited for by the bucket.
  if (facts.rateLimit?.remaining === 0) return state;
  const recentRate = Math.max(1, state.recent.count, state.recent.before);
  const found = Math.min(state.slowed?.perSecond ?? recentRate, state.maxPerSecond);
  const perSecond = Math.max(0.1, found / 2);
  return {
    ...state,
    slowed: { perSecond, until: state.slowed?.until ?? found },
    nextStartMs: nowMs + 1000 / perSecond,
  };
}

/** Speeds up again by one request a second for each second of success. */
function recover(state: PacerState): PacerState {
  if (state.slowed === undefined) return state;
  const perSecond = state.slowed.perSecond + 1 / Math.max(1, state.slowed.perSecond);
  return { ...state, slowed: perSecond >= state.slowed.until ? undefined : { ...state.slowed, perSecond } };
}
