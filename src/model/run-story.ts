import type { Change, Plan } from './plan.ts';
import type { RunOrigin } from './run-origin.ts';
import type { RunSummary } from './run-summary.ts';

/**
 * What became of a change. `found`: it was there already. `uncertain`: its call was begun, and nothing noted what became of
 * it. `left`: not begun.
 */
export type ChangeOutcome = 'done' | 'found' | 'failed' | 'stale' | 'skipped' | 'uncertain' | 'left';

export interface ToldChange {
  readonly person: string;
  readonly account?: string;
  /** When the last call for it ended, ISO 8601; absent where none was made. */
  readonly at?: string;
  readonly operation: string;
  readonly change: Change;
  readonly outcome: ChangeOutcome;
  /** Of the error. */
  readonly code?: string;
  /** Of one that failed, where it may be on the server all the same: it could not be read back, or its response was lost. */
  readonly written?: 'yes' | 'unknown';
}

/** A run with everything that it did. */
export interface RunStory extends RunSummary {
  /** When its last line was noted, ISO 8601. */
  readonly last?: string;
  readonly tool?: string;
  readonly server?: { readonly key: string; readonly url: string };
  /** The account whose token it used. */
  readonly caller?: { readonly id: string; readonly username?: string };
  readonly origin?: RunOrigin;
  /** What lifted budgets of its plan. */
  readonly approvals?: NonNullable<Plan['approvals']>;
  /** Runs that took it back, or a part of it. */
  readonly takenBackBy: readonly string[];
  readonly changes: readonly ToldChange[];
}
