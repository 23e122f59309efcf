/** What an executor tells the journal of its run. Nothing of it is secret. */
import type { AccountId } from './user-values.ts';

/** A call that is about to be made. */
export interface Intent {
  /** Id of the action in the plan. */
  readonly action: string;
  /** Counted from 1 within a run of the executor. */
  readonly attempt: number;
  readonly operation: string;
  /** Absent where the call makes the account. */
  readonly account?: AccountId;
  /** The mark that the token will carry which the call makes; no other attempt has it. */
  readonly mark?: string;
}

/** What came back. */
export interface RecordedResponse {
  readonly action: string;
  readonly attempt: number;
  /** `unknown`: sent, and the response was lost. */
  readonly result: 'written' | 'refused' | 'unknown';
  /** Of the error. */
  readonly code?: string;
  /** The account that the call made. */
  readonly account?: AccountId;
  /** The token that the call made; its secret is in its sink by now. */
  readonly token?: string;
}

/** How an action ended. */
export interface RecordedOutcome {
  readonly action: string;
  readonly status: 'done' | 'skipped' | 'stale' | 'failed';
  /** Of a create: the account that it made, or that was found in its place. */
  readonly account?: AccountId;
  readonly as?: 'written' | 'found';
  readonly written?: 'no' | 'yes' | 'unknown';
  /** Of the error. */
  readonly code?: string;
}

/** The record of one run: intent before each call, what came of it afterwards. */
export interface RunJournal {
  /** Resolves once the intent cannot be lost any more; rejects when it could be, and then the call must not be made. */
  intend(intent: Intent): Promise<void>;
  responded(response: RecordedResponse): void;
  ended(outcome: RecordedOutcome): void;
  /** Resolves once everything noted so far cannot be lost any more, or never will be written. Does not hurry it. */
  recorded(): Promise<void>;
  /** Resolves once everything noted so far cannot be lost any more. */
  flush(): Promise<void>;
  /** A read after the run does not show what an action wrote. */
  notVerified(action: string, code: string): void;
  /** Lost tokens were looked for once more; `left`: the actions of which something may still be there. */
  swept(left: readonly string[]): void;
}
