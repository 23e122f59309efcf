import type { Signature } from './journal-key.ts';

/** How the actions of a run stand. */
export interface RunCounts {
  /** Of its plan. */
  readonly actions: number;
  readonly done: number;
  /** Not done, for whatever reason: what a resume would try. */
  readonly left: number;
  readonly failed: number;
  readonly stale: number;
  /** Before the end of the run only what is known to be skipped. */
  readonly skipped: number;
}

/** One run as its journal tells it, for people and programs. */
export interface RunSummary extends RunCounts {
  /** `000012-20261124T093000Z-1f2e3d4c`. */
  readonly run: string;
  /** Name of the file. */
  readonly file: string;
  /** When it began, ISO 8601; absent: it was never begun, or its journal cannot be read. */
  readonly started?: string;
  /**
   * `open`: its process was ended from outside, and nothing has cleaned up after it yet; `under way`: it has no end, and
   * a living process holds the lock.
   */
  readonly how:
    | 'complete'
    | 'interrupted'
    | 'stopped'
    | 'abandoned'
    | 'open'
    | 'under way'
    | 'never begun'
    | 'unreadable';
  /** Username of the account whose token it used. */
  readonly by?: string;
  /** The run that it took back. */
  readonly undoes?: string;
  /** The hash of its last line. */
  readonly head?: string;
  /** What is not as it was written. */
  readonly flaws: readonly string[];
  /** Whether one of them shows that it was changed; else they show that it cannot be read. */
  readonly tampered: boolean;
  /** Absent: there was no token to check it with. */
  readonly signature?: Signature;
}

/** The runs of one server. */
export interface ServerRuns {
  /** The folder of their journals. */
  readonly dir: string;
  /** The oldest first. */
  readonly runs: readonly RunSummary[];
}
