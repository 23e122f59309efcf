/** What comments and issues of `muster ci` are made of. */
import type { RunResult } from './outcome.ts';
import type { Plan } from './plan.ts';

/** What stands around every comment. */
export interface CommentFacts {
  /** The first line, which is hidden. */
  readonly mark: string;
  /** The name of the server among several. */
  readonly server?: string;
  /** Where people see the log of the job. */
  readonly job?: string;
  /** The commit that it is about. */
  readonly commit?: string;
}

export interface PlanToShow {
  readonly plan: Plan;
  /** Paths of the pull request that say how muster works, and count once they are merged. */
  readonly rules: readonly string[];
}

export interface ApplyToShow {
  readonly plan: Plan;
  /** Absent: there was nothing to do. */
  readonly result?: RunResult;
  /** What a plan made afterwards would do. */
  readonly left?: Plan;
}

export interface IssueText {
  readonly title: string;
  readonly body: string;
}
