/** Dates and moments as files write them: `2027-01-31`, or `2027-01-31T18:00:00Z`. */
import { firstMomentOf } from './civil-time.ts';

/** When it begins; a bare date at its midnight in the zone. */
export const startOf = (text: string, timeZone: string): number => momentOf(text, timeZone, 0);

/** When it ends; a bare date with its whole day. */
export const endOf = (text: string, timeZone: string): number => momentOf(text, timeZone, isBareDate(text) ? 1 : 0);

/** Whether a date or moment exists: 2027-02-30 does not. */
export function isRealMoment(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  const isRealDay = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isRealDay && (isBareDate(text) || Number.isFinite(Date.parse(text)));
}

/** Later moments cannot be written as all others are; 9999-12-31 is how many say "never". */
const lastMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const isBareDate = (text: string): boolean => text.length === 10;

function momentOf(text: string, timeZone: string, addDays: number): number {
  if (!isBareDate(text)) return Math.min(Date.parse(text), lastMs);
  const [year = 0, month = 1, day = 1] = text.split('-').map(Number);
  return Math.min(firstMomentOf(Date.UTC(year, month - 1, day + addDays), timeZone), lastMs);
}
