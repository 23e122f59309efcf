import type { MusterError } from './muster-error.ts';
import type { Action } from './plan.ts';
import type { AccountId } from './user-values.ts';

/** How a planned action ended. Every action of a plan has exactly one. */
export type Outcome =
  /** `as: 'found'`: the account already matched, nothing was sent. */
  | { readonly status: 'done'; readonly as: 'written' | 'found'; readonly notes: readonly string[] }
  | { readonly status: 'skipped'; readonly because: string }
  /** The account is no longer what the plan saw; nothing was sent. */
  | { readonly status: 'stale'; readonly expected: string; readonly found: string }
  | { readonly status: 'failed'; readonly error: MusterError; readonly written: 'no' | 'yes' | 'unknown' };

/** One call of an action. */
export interface MadeCall {
  readonly startedMs: number;
  readonly endedMs: number;
  readonly result: 'written' | 'refused' | 'unknown';
  /** Of the error. */
  readonly code?: string;
}

export interface FinishedAction {
  readonly action: Action;
  readonly outcome: Outcome;
  /** Calls that were made for it; none where it matched already, or was not begun. */
  readonly attempts: readonly MadeCall[];
  readonly startedMs: number;
  readonly endedMs: number;
}

export interface RunResult {
  readonly results: readonly FinishedAction[];
  /** Accounts that the run made, by the person's username. */
  readonly created: ReadonlyMap<string, AccountId>;
  readonly interrupted: boolean;
  /** Why the rest was not begun, where the run stopped by itself. */
  readonly stopped?: string;
}
