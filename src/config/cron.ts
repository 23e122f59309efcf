/** Cron expressions, read by croner. */
import { Cron } from 'croner';

/**
 * The next moment of an expression, in milliseconds since the epoch.
 *
 * @param timeZone - IANA name
 * @param afterMs - strictly after this moment
 * @returns `undefined` where there is none
 */
export function nextOfCron(cron: string, timeZone: string, afterMs: number): number | undefined {
  return new Cron(cron, { timezone: timeZone, paused: true }).nextRun(new Date(afterMs))?.getTime();
}

/** Why an expression cannot be used. */
export function flawOfCron(cron: string): 'no-cron' | 'cron-over' | undefined {
  try {
    const next = new Cron(cron, { paused: true }).nextRun();
    return next === null ? 'cron-over' : undefined;
  } catch {
    return 'no-cron';
  }
}
