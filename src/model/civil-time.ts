/** Between moments and what a clock on the wall shows. A civil time is milliseconds as if the wall were in UTC. */
import { dayMs } from './duration.ts';

/**
 * The first moment at which a clock in the zone shows a civil time, or has passed it. Where clocks are set around it, the
 * time comes twice or not at all: one that is skipped is as much later as the clocks are set on.
 */
export function firstMomentOf(civilMs: number, timeZone: string): number {
  return momentsOf(civilMs, timeZone).firstMs;
}

/** The last moment at which a clock in the zone shows a civil time; one that is skipped is the same as the first. */
export function lastMomentOf(civilMs: number, timeZone: string): number {
  return momentsOf(civilMs, timeZone).lastMs;
}

/** What a clock in the zone shows. */
export const civilTimeAt = (atMs: number, timeZone: string): number => atMs + offsetMs(atMs, timeZone);

interface Moments {
  readonly firstMs: number;
  readonly lastMs: number;
}

const maxKnown = 4096;
const known = new Map<string, Moments>();

function momentsOf(civilMs: number, timeZone: string): Moments {
  // Many people begin and end on the same few days.
  const key = `${timeZone} ${civilMs}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const moments = [civilMs - dayMs, civilMs + dayMs].map((nearMs) => civilMs - offsetMs(nearMs, timeZone));
  const reached = moments
    .map((ms) => ({ ms, showsMs: civilTimeAt(ms, timeZone) }))
    .filter(({ showsMs }) => showsMs >= civilMs);
  const firstMs = Math.min(...reached.map(({ ms }) => ms));
  const lastMs = Math.max(firstMs, ...reached.flatMap(({ ms, showsMs }) => (showsMs === civilMs ? [ms] : [])));
  const found = { firstMs, lastMs };
  if (known.size >= maxKnown) known.clear();
  known.set(key, found);
  return found;
}

/** Whether a clock in this zone can be read. A zone that can is looked up once in the life of the process. */
export function isTimeZone(name: string): boolean {
  try {
    formatFor(name);
    return true;
  } catch {
    return false;
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const made = formats.get(timeZone);
  if (made !== undefined) return made;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}

function offsetMs(atMs: number, timeZone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of formatFor(timeZone).formatToParts(atMs)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1000) * 1000;
}
