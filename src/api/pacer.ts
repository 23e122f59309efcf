import { addOne, type Bucket, bucketWait, type Departure, learnBucket } from './pacer-bucket.ts';
import type { RateLimit } from './rate-limit.ts';

// The pacing policy: a mirror of the server's limiter (GCRA: a bucket that leaks at a constant rate), kept true by
// what each answer says. Pure: state and facts in, state or a time out. `pacer-gate.ts` does the waiting.
//
// Without any sign of a limiter nothing waits. Once `X-RateLimit-*` was seen, the burst is spent freely and then one
// request starts whenever the bucket has room for it; `pacer-bucket.ts` knows the bucket.

export interface PacerState {
  /** What the caller asked for: never more requests a second than this. */
  readonly maxPerSecond: number;
  /** Requests sent and not yet answered, by their numbers. */
  readonly open: ReadonlyMap<number, Departure>;
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
  /** Requests let through and answered so far. */
  readonly passed: number;
  /** Not refused since the bucket was seen: no other client seems to fill it, and there is only one. */
  readonly isAlone: boolean;
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

export function freshPacer(maxPerSecond: number = Number.POSITIVE_INFINITY): PacerState {
  return {
    maxPerSecond,
    open: new Map(),
    lastSent: 0,
    lastTold: 0,
    bucket: undefined,
    holdUntilMs: 0,
    slowed: undefined,
    nextStartMs: 0,
    recent: { second: 0, count: 0, before: 0 },
    passed: 0,
    isAlone: true,
  };
}

/** What is left of a hold; a clock that jumped back cannot make it longer than it may be. */
function holdLeft(state: PacerState, nowMs: number): number {
  const left = state.holdUntilMs - nowMs;
  return left > maxHoldMs ? 0 : Math.max(0, left);
}

/** Tells how long the next request must wait, in milliseconds. */
export function waitFor(state: PacerState, nowMs: number): number {
  const wait = state.bucket === undefined ? 0 : bucketWait(state.bucket, nowMs);
  const spacing = Math.max(0, Math.min(state.nextStartMs - nowMs, 1000 / spacedRate(state)));
  return Math.max(holdLeft(state, nowMs), spacing, wait);
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
    open: new Map(state.open).set(state.lastSent + 1, { atMs: nowMs, passed: state.passed }),
    lastSent: state.lastSent + 1,
    bucket: bucket && addOne(bucket, nowMs),
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
  const { sequence, outcome, rateLimit } = facts;
  const open = new Map(state.open);
  open.delete(sequence);
  const hasPassed = outcome === 'answered' && rateLimit !== undefined;
  const settled: PacerState = { ...state, open, passed: state.passed + (hasPassed ? 1 : 0) };
  const told =
    rateLimit === undefined ? settled : learnLimit(settled, rateLimit, facts, state.open.get(sequence), nowMs);
  if (outcome === 'limited') return refuse(told, facts, nowMs);
  return outcome === 'answered' ? recover(told) : told;
}

function learnLimit(
  state: PacerState,
  told: RateLimit,
  { sequence, outcome }: PacerFacts,
  departure: Departure | undefined,
  nowMs: number,
): PacerState {
  const isLimited = outcome === 'limited';
  const isAlone = state.isAlone && !(isLimited && state.bucket !== undefined);
  const isNewest = sequence > state.lastTold;
  const { open, passed } = state;
  const bucket = learnBucket(state.bucket, {
    told,
    nowMs,
    departure,
    isNewest,
    inFlight: open.size,
    passed,
    isLimited,
    isAlone,
  });
  return { ...state, bucket, isAlone, lastTold: isNewest ? sequence : state.lastTold };
}

/** Obeys a refusal: for everybody, since all share the server's bucket. */
function refuse(state: PacerState, facts: PacerFacts, nowMs: number): PacerState {
  if (facts.retryAfterMs !== undefined) {
    const holdMs = Math.min(facts.retryAfterMs, maxHoldMs);
    const bucket = state.bucket && { ...state.bucket, level: state.bucket.capacity + state.open.size, atMs: nowMs };
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
