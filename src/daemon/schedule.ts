/** When the next cycle begins. Pure: what is left to chance is an argument. */
import { nextOfCron } from '../config/cron.ts';
import type { Schedule } from '../model/reconcile-settings.ts';

/** A number in [0, 1), by chance. */
export type Random = () => number;

/** A cycle's place in the schedule, and when it begins. */
export interface Due {
  /** Without jitter: what the next one is counted from. */
  readonly nominalMs: number;
  readonly atMs: number;
}

/** A process says that it lives no less often than this, however seldom its cycles are. */
const longestIntervalMs = 15 * 60_000;

/**
 * The first time of the schedule that is still to come. A cycle that took longer than its interval makes none pile up.
 *
 * @param previous - of the cycle before; absent: the first begins at once
 */
export function dueAfter(
  schedule: Schedule,
  jitterMs: number,
  previous: Pick<Due, 'nominalMs'> | undefined,
  nowMs: number,
  random: Random,
): Due | undefined {
  const nominalMs = nominalAfter(schedule, previous?.nominalMs, nowMs);
  return nominalMs === undefined ? undefined : { nominalMs, atMs: nominalMs + Math.floor(random() * jitterMs) };
}

function nominalAfter(schedule: Schedule, previousMs: number | undefined, nowMs: number): number | undefined {
  if ('cron' in schedule) return nextOfCron(schedule.cron, schedule.timeZone, Math.max(previousMs ?? 0, nowMs - 1));
  const { everyMs } = schedule;
  if (previousMs === undefined) return nowMs;
  return previousMs + Math.max(1, Math.ceil((nowMs - previousMs) / everyMs)) * everyMs;
}

/**
 * The same time by a clock that was set back meanwhile: as far away as it was. The times of a cron expression are those of the
 * clock as it is now.
 */
export function dueAfterSetBack(due: Due, byMs: number, schedule: Schedule, nowMs: number): Due {
  if (byMs === 0) return due;
  const nominalMs = 'cron' in schedule ? nominalAfter(schedule, undefined, nowMs) : due.nominalMs - byMs;
  return nominalMs === undefined || nominalMs > due.nominalMs
    ? due
    : { nominalMs, atMs: nominalMs + due.atMs - due.nominalMs };
}

/** How long a process that works is silent at most. */
export function intervalOf(schedule: Schedule, nowMs: number): number {
  if ('everyMs' in schedule) return Math.min(schedule.everyMs, longestIntervalMs);
  const next = nextOfCron(schedule.cron, schedule.timeZone, nowMs);
  const after = next === undefined ? undefined : nextOfCron(schedule.cron, schedule.timeZone, next);
  return next === undefined || after === undefined ? longestIntervalMs : Math.min(after - next, longestIntervalMs);
}
