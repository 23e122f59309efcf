/** What `muster ci` tells people; made by the caller, since the use case prints nothing. */
import type { ApplyToShow, CommentFacts, IssueText, PlanToShow } from '../../model/ci-comment.ts';
import type { Plan } from '../../model/plan.ts';

/** Each text is a whole comment: never longer than one may be. */
export interface CiTexts {
  plan(shown: PlanToShow, facts: CommentFacts): string;
  apply(shown: ApplyToShow, facts: CommentFacts): string;
  /** @param about - such as `muster ci plan` */
  failed(error: unknown, about: string, facts: CommentFacts): string;
  drift(plan: Plan, since: string, facts: CommentFacts): IssueText;
  noDrift(plan: Plan, facts: CommentFacts): IssueText;
}
