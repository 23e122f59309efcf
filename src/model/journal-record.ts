/** The lines of a journal, as records: what a run notes of itself. Nothing of it is secret. */
import type { Intent, RecordedOutcome, RecordedResponse } from './run-journal.ts';
import type { RunOrigin } from './run-origin.ts';
import type { AccountId } from './user-values.ts';

/** The run of the same server before this one. */
export interface PreviousRun {
  readonly run: string;
  /** The hash of its last line, when the next run began. */
  readonly head: string;
}

interface AtMoment {
  /** Moment, ISO 8601. */
  readonly at: string;
}

export interface StartedRecord extends AtMoment {
  readonly type: 'started';
  readonly version: 1;
  readonly run: string;
  readonly tool: string;
  readonly server: { readonly key: string; readonly url: string };
  /** The account whose token the run uses. */
  readonly caller: AccountId;
  /** Of that account. */
  readonly username?: string;
  /** Digest of the plan, which lies beside the journal. */
  readonly plan: string;
  readonly actions: number;
  readonly previous?: PreviousRun;
  /** The run that this one takes back. */
  readonly undoes?: string;
  readonly origin?: RunOrigin;
  /** Present where no person was to see the plan before it was carried out. */
  readonly unattended?: true;
}

/** A later process resumed the run. */
export interface ResumedRecord extends AtMoment {
  readonly type: 'resumed';
  readonly tool: string;
  readonly origin?: RunOrigin;
}

export interface EndedRecord extends AtMoment {
  readonly type: 'ended';
  /** `abandoned`: what was open was cleaned up, and the run cannot be resumed. */
  readonly how: 'complete' | 'interrupted' | 'stopped' | 'abandoned';
  readonly done: number;
  readonly failed: number;
  readonly stale: number;
  readonly skipped: number;
}

export type JournalRecord =
  | StartedRecord
  | ResumedRecord
  | (AtMoment & { readonly type: 'intent' } & Intent)
  | (AtMoment & { readonly type: 'response' } & RecordedResponse)
  | (AtMoment & { readonly type: 'outcome' } & RecordedOutcome)
  | (AtMoment & { readonly type: 'not-verified'; readonly action: string; readonly code: string })
  | (AtMoment & { readonly type: 'swept'; readonly left: readonly string[] })
  | EndedRecord;

/** The lines of a run that has begun: the first says what run it is. */
export type RunRecords = readonly [StartedRecord, ...JournalRecord[]];
