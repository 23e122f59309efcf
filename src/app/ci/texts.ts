/** What `muster ci` tells people; made by the caller, since the use case prints nothing. */
import type { Plan } from '../../model/plan.ts';
import type { ApplyResult } from '../carry-out.ts';

/** What stands below every comment. */
export interface CiFacts {
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
  /** Whether an apply finds it again. */
  readonly isKept: boolean;
  /** Paths of the pull request that say how muster works, and count once they are merged. */
  readonly rules: readonly string[];
}

export interface ApplyToShow {
  readonly applied: ApplyResult;
  /** What a plan made afterwards would do. */
  readonly left?: Plan;
}

/** Each text is a whole comment: never longer than one may be. */
export interface CiTexts {
  plan(shown: PlanToShow, facts: CiFacts): string;
  apply(shown: ApplyToShow, facts: CiFacts): string;
  /** @param about - such as `muster ci plan` */
  failed(error: unknown, about: string, facts: CiFacts): string;
  drift(plan: Plan, since: string, facts: CiFacts): { readonly title: string; readonly body: string };
  noDrift(plan: Plan, facts: CiFacts): { readonly title: string; readonly body: string };
}
