import type { DesiredDates } from '../model/desired-state.ts';

/** What `active`, `starts` and `ends` of an entry mean at a moment. */
export interface ActiveWindow {
  /** Absent: none of the three is named, so the field is not managed. */
  readonly active?: boolean;
  /** Said where a date decided. */
  readonly because?: string;
  readonly dates?: DesiredDates;
}

export interface WindowFields {
  readonly active?: boolean;
  readonly starts?: string;
  readonly ends?: string;
}

/**
 * @param momentMs - milliseconds since the epoch
 * @param timeZone - IANA name; bare dates are read in it, and `ends` as a bare date includes that whole day
 */
export function activeAt(fields: WindowFields, momentMs: number, timeZone: string): ActiveWindow {
  const { active, starts, ends } = fields;
  if (active === undefined && starts === undefined && ends === undefined) return {};
  if (active === false) return { active };
  if (starts === undefined && ends === undefined) return { active: true };
  const startsMs = starts === undefined ? undefined : startOf(starts, timeZone);
  const endsMs = ends === undefined ? undefined : endOf(ends, timeZone);
  const dates: DesiredDates = {
    ...(startsMs !== undefined && { startsMs }),
    ...(endsMs !== undefined && { endsMs }),
  };
  if (startsMs !== undefined && momentMs < startsMs) return { active: false, because: `starts ${starts}`, dates };
  if (endsMs !== undefined && momentMs >= endsMs) return { active: false, because: `ended ${ends}`, dates };
  return { active: true, because: starts === undefined ? `ends ${ends}` : `started ${starts}`, dates };
}

export const startOf = (text: string, timeZone: string): number => momentOf(text, timeZone, 0);
export const endOf = (text: string, timeZone: string): number => momentOf(text, timeZone, isBareDate(text) ? 1 : 0);

/** Whether a date or moment exists: 2027-02-30 does not. */
export function isRealMoment(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  const isRealDay = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isRealDay && (isBareDate(text) || Number.isFinite(Date.parse(text)));
}

const isBareDate = (text: string): boolean => text.length === 10;

function momentOf(text: string, timeZone: string, addDays: number): number {
  if (!isBareDate(text)) return Date.parse(text);
  const [year = 0, month = 1, day = 1] = text.split('-').map(Number);
  return midnight(Date.UTC(year, month - 1, day + addDays), timeZone);
}

/**
 * The moment at which a day begins in a zone. Where clocks are set around it, midnight may come twice or not at all:
 * of the offsets before and after, the earliest moment that is not still the day before.
 */
function midnight(utcMs: number, timeZone: string): number {
  // Many people begin and end on the same few days.
  const key = `${timeZone} ${utcMs}`;
  const known = midnights.get(key);
  if (known !== undefined) return known;
  const moments = [utcMs - dayMs, utcMs + dayMs].map((nearMs) => utcMs - offsetMs(nearMs, timeZone));
  const found = Math.min(...moments.filter((ms) => ms + offsetMs(ms, timeZone) >= utcMs));
  midnights.set(key, found);
  return found;
}

const dayMs = 86_400_000;
const midnights = new Map<string, number>();
const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
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
