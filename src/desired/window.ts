import type { DesiredDates } from '../model/desired-state.ts';
import { endOf, startOf } from '../model/written-moment.ts';

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
