import { dayMs } from './duration.ts';

export type LastDayState = 'valid' | 'expired' | 'too-far-ahead';

/**
 * Whether something that a person granted until a day counts.
 *
 * @param lastDay - `YYYY-MM-DD`, the last day on which it counts
 * @param today - `YYYY-MM-DD`
 */
export function lastDayState(lastDay: string, today: string, maxDaysAhead: number): LastDayState {
  const lastMs = Date.parse(lastDay);
  const daysLeft = (lastMs - Date.parse(today)) / dayMs;
  // A date that does not exist, such as the 30th of February, is read as another one: it is never valid.
  const exists = Number.isFinite(lastMs) && new Date(lastMs).toISOString().startsWith(lastDay);
  if (!exists || daysLeft < 0) return 'expired';
  return daysLeft > maxDaysAhead ? 'too-far-ahead' : 'valid';
}
