/** Dates and moments as files write them: `2027-01-31`, or `2027-01-31T18:00:00Z`. */
import { firstMomentOf } from './civil-time.ts';

/** When it begins; a bare date at its midnight in the zone. */
export const startOf = (text: string, timeZone: string): number => momentOf(text, timeZone, 0);

/** When it ends; a bare date with its whole day. */
export const endOf = (text: string, timeZone: string): number => momentOf(text, timeZone, isBareDate(text) ? 1 : 0);

const pattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** Whether a text is a date, or a moment with its offset, and one that exists: 2027-02-30 does not. */
export function isRealMoment(text: string): boolean {
  if (!pattern.test(text) || !Number.isFinite(Date.parse(text))) return false;
  // A day that its month does not have is read as one of the next month.
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Whether a text is a date that exists. */
export const isRealDay = (text: string): boolean => isBareDate(text) && isRealMoment(text);

/** Later moments cannot be written as all others are; 9999-12-31 is how many say "never". */
const lastMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const isBareDate = (text: string): boolean => text.length === 10;

function momentOf(text: string, timeZone: string, addDays: number): number {
  if (!isBareDate(text)) return Math.min(Date.parse(text), lastMs);
  const [year = 0, month = 1, day = 1] = text.split('-').map(Number);
  return Math.min(firstMomentOf(Date.UTC(year, month - 1, day + addDays), timeZone), lastMs);
}
