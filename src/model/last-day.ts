import { dayMs } from './duration.ts';
import { isRealDay } from './written-moment.ts';

export type LastDayState = 'valid' | 'expired' | 'too-far-ahead';

/**
 * Whether something that a person granted until a day counts.
 *
 * @param lastDay - `YYYY-MM-DD`, the last day on which it counts
 * @param today - `YYYY-MM-DD`
 */
export function lastDayState(lastDay: string, today: string, maxDaysAhead: number): LastDayState {
  const daysLeft = (Date.parse(lastDay) - Date.parse(today)) / dayMs;
  // A date that does not exist, such as the 30th of February, is never valid.
  if (!isRealDay(lastDay) || daysLeft < 0) return 'expired';
  return daysLeft > maxDaysAhead ? 'too-far-ahead' : 'valid';
}
