import type { Action } from './plan.ts';
import type { AccountId } from './user-values.ts';

/** An action of a run that was written, or may have been. */
export interface WrittenAction {
  readonly action: Action;
  readonly account: AccountId;
  /** The token that it made. */
  readonly token?: string;
}
