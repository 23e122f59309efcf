/** When muster may write. Pure. */
import { civilTimeAt, firstMomentOf, lastMomentOf } from '../model/civil-time.ts';
import { dayMs, minuteMs } from '../model/duration.ts';
import { type Window, weekdays } from '../model/reconcile-settings.ts';

/** A window comes again within a week. */
const daysAhead = 8;

/** One time that a window comes: from the first moment at which a clock shows its beginning to the last that shows its end. */
interface Occurrence {
  readonly beginsMs: number;
  readonly endsMs: number;
}

/**
 * Whether muster may write at a moment: inside an `allow` where there is one, and inside no `deny`.
 */
export function isOpenAt(windows: readonly Window[], atMs: number): boolean {
  const isInside = (one: Window): boolean => around(one, atMs, 0).some((found) => isIn(found, atMs));
  const allows = windows.filter(({ rule }) => rule === 'allow');
  const isAllowed = allows.length === 0 || allows.some(isInside);
  return isAllowed && !windows.some((one) => one.rule === 'deny' && isInside(one));
}

export interface Opening {
  readonly open: boolean;
  /** When that changes; absent: not within a week. */
  readonly untilMs?: number;
}

export function openingAt(windows: readonly Window[], atMs: number): Opening {
  const open = isOpenAt(windows, atMs);
  const ends = windows.flatMap((one) =>
    around(one, atMs, daysAhead).flatMap(({ beginsMs, endsMs }) => [beginsMs, endsMs]),
  );
  const untilMs = ends
    .filter((ms) => ms > atMs)
    .toSorted((a, b) => a - b)
    .find((ms) => isOpenAt(windows, ms) !== open);
  return { open, ...(untilMs !== undefined && { untilMs }) };
}

const isIn = ({ beginsMs, endsMs }: Occurrence, atMs: number): boolean => beginsMs <= atMs && atMs < endsMs;

/** The times that a window comes from the day before a moment on: one over midnight may have begun then. */
function around({ days, fromMinute, toMinute, timeZone }: Window, atMs: number, ahead: number): readonly Occurrence[] {
  const today = Math.floor(civilTimeAt(atMs, timeZone) / dayMs) * dayMs;
  const isOverMidnight = toMinute <= fromMinute;
  return Array.from({ length: ahead + 2 }, (_, i) => today + (i - 1) * dayMs).flatMap((day) => {
    const name = weekdays[new Date(day).getUTCDay()];
    if (name === undefined || !days.has(name)) return [];
    const beginsMs = firstMomentOf(day + fromMinute * minuteMs, timeZone);
    const endsMs = lastMomentOf(day + (isOverMidnight ? dayMs : 0) + toMinute * minuteMs, timeZone);
    return [{ beginsMs, endsMs }];
  });
}
