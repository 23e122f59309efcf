import type { FinishedAction } from './outcome.ts';
import type { Before } from './run-event.ts';
import type { AccountId } from './user-values.ts';

/** What earlier processes of a run did of its plan, for the process that resumes it. */
export interface EarlierProgress {
  /** Actions that were done, by id. */
  readonly done: ReadonlyMap<string, FinishedAction>;
  /** Actions of which a call was made whose response was not recorded. */
  readonly uncertain: ReadonlySet<string>;
  /** Actions that are not carried out any more, each with the reason: stale, or there already. */
  readonly settled?: readonly FinishedAction[];
  /** Where a run is resumed, how it stands. */
  readonly before?: Before;
  /** Accounts that were made, by the person's username. */
  readonly created: ReadonlyMap<string, AccountId>;
}
