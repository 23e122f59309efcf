/** The live tokens of one declared name, in the order in which they replaced each other, and when the next one is due. */
import type { DesiredToken, DesiredUser } from '../../model/desired-state.ts';
import { dayMs, durationText, utcDay } from '../../model/duration.ts';
import type { LiveByKind } from '../../model/kinds.ts';
import type { LiveToken } from '../../model/live-state.ts';
import type { RotationSchedule } from '../../model/plan.ts';
import { parseMark, type TokenMark } from '../../model/token-mark.ts';

export interface MarkedToken extends LiveToken {
  readonly mark: TokenMark;
}

export interface ReplacedToken {
  readonly token: MarkedToken;
  /** The day of the mark of what replaced it; absent: nothing did yet. */
  readonly successorDay?: string;
}

export interface Lineage {
  /** What stands for the entry: one, unless a run lost an answer. */
  readonly current: readonly MarkedToken[];
  readonly replaced: readonly ReplacedToken[];
  /** Of a higher generation than the entry names. */
  readonly newer: readonly MarkedToken[];
}

/** When the current token is to be replaced, by the schedule of its entry. */
export interface NextRotation {
  readonly dueMs: number;
  readonly schedule: RotationSchedule;
  /** For people. */
  readonly because: string;
}

export function markedTokens(tokens: readonly LiveToken[]): readonly MarkedToken[] {
  return tokens.flatMap((live) => {
    const mark = parseMark(live.description);
    return mark === undefined ? [] : [{ ...live, mark }];
  });
}

export const hasSchedule = ({ rotateEveryMs, rotateBeforeMs }: DesiredToken): boolean =>
  rotateEveryMs !== undefined || rotateBeforeMs !== undefined;

/**
 * Where the entry has a schedule, the newest of its generation counts, by the day of the mark, and the others are replaced; without
 * one all of its generation count. Of tokens that were made on one day none is newer.
 *
 * @param marked - the live tokens of the entry's name
 */
export function lineageOf(wanted: DesiredToken, marked: readonly MarkedToken[]): Lineage {
  const own = marked.filter(({ mark }) => mark.generation === wanted.generation);
  const latest = latestDay(own);
  const current = hasSchedule(wanted) ? own.filter(({ mark }) => mark.date === latest) : own;
  const older = marked.filter((one) => one.mark.generation <= wanted.generation && !current.includes(one));
  return {
    current,
    replaced: older.map((token) => {
      // What was rotated by date may wait for a moment that passed long ago, whatever was made since.
      const successorDay = hasSchedule(wanted) ? dayAfter(token, [...older, ...current]) : latest;
      return { token, ...(successorDay !== undefined && { successorDay }) };
    }),
    newer: marked.filter(({ mark }) => mark.generation > wanted.generation),
  };
}

/** The day of the first one that was made after it. */
function dayAfter({ mark }: MarkedToken, all: readonly MarkedToken[]): string | undefined {
  return all
    .filter((one) => isBefore(mark, one.mark))
    .map((one) => one.mark)
    .toSorted((a, b) => (isBefore(a, b) ? -1 : 1))
    .at(0)?.date;
}

const isBefore = (one: TokenMark, other: TokenMark): boolean =>
  one.generation === other.generation ? one.date < other.date : one.generation < other.generation;

/** The day of the youngest; `undefined` when there is none. */
const latestDay = (marked: readonly MarkedToken[]): string | undefined =>
  marked
    .map(({ mark }) => mark.date)
    .toSorted()
    .at(-1);

/** @returns `undefined` where nothing makes one due: no schedule, no token, or none that is wanted enabled */
export function nextRotation(wanted: DesiredToken, current: readonly MarkedToken[]): NextRotation | undefined {
  const { rotateEveryMs, rotateBeforeMs, enabled } = wanted;
  const day = latestDay(current);
  if (!enabled || day === undefined) return undefined;
  const expiresAt = Math.min(...current.map((one) => one.expiresAt ?? Infinity));
  const byAge = rotateEveryMs === undefined ? Infinity : Date.parse(`${day}T00:00:00Z`) + rotateEveryMs;
  const byExpiry = rotateBeforeMs === undefined ? Infinity : expiresAt - rotateBeforeMs;
  const dueMs = Math.min(byAge, byExpiry);
  if (!(dueMs < lastMomentMs)) return undefined;
  const every = rotateEveryMs === undefined ? undefined : durationText(rotateEveryMs);
  const before = rotateBeforeMs === undefined ? undefined : durationText(rotateBeforeMs);
  return {
    dueMs,
    schedule: {
      due_by: byAge <= byExpiry ? 'age' : 'expiry',
      ...(every !== undefined && { rotate_every: every }),
      ...(before !== undefined && { rotate_before: before }),
    },
    because:
      byAge <= byExpiry
        ? `made on ${day}, rotated every ${every}`
        : `expires on ${utcDay(expiresAt)}, rotated ${before} before`,
  };
}

/** The last moment that a plan can name with a year of four digits. */
const lastMomentMs = Date.parse('9999-12-01T00:00:00Z');

/** Whether a mark names a day that is still to come, for every clock that is right within a day: its age says nothing. */
export const isMarkAhead = ({ mark }: MarkedToken, momentMs: number): boolean => mark.date > utcDay(momentMs + dayMs);

/**
 * Whether time alone may change what is to be said of declared tokens: by a schedule, when one ends, or since the day of a mark is
 * still to come. What waits for the end of an overlap stands in the plan as such.
 */
export function areTimed({ tokens }: DesiredUser, { token: live }: Partial<LiveByKind>, momentMs: number): boolean {
  if (tokens === undefined || tokens.length === 0) return false;
  if (live === undefined || tokens.some(hasSchedule)) return true;
  const today = utcDay(momentMs);
  return (
    live.some(({ expiresAt }) => expiresAt !== undefined) || markedTokens(live).some(({ mark }) => mark.date > today)
  );
}
