import type { MusterError } from './muster-error.ts';
import type { Action } from './plan.ts';

/** How a planned action ended. Every action of a plan has exactly one. */
export type Outcome =
  /** `as: 'found'`: the account was already as wanted, nothing was sent. */
  | { readonly status: 'done'; readonly as: 'written' | 'found'; readonly notes: readonly string[] }
  | { readonly status: 'skipped'; readonly because: string }
  /** The account is no longer what the plan saw; nothing was sent. */
  | { readonly status: 'stale'; readonly expected: string; readonly found: string }
  | { readonly status: 'failed'; readonly error: MusterError; readonly written: 'no' | 'yes' | 'unknown' };

export interface ActionResult {
  readonly action: Action;
  readonly outcome: Outcome;
  readonly startedMs: number;
  readonly endedMs: number;
}

export interface ApplyResult {
  readonly results: readonly ActionResult[];
  readonly interrupted: boolean;
}
