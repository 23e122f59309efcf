import type { Authorship } from './authorship.ts';
import { type Budget, budgetNames, budgetRowOf } from './change-classes.ts';
import type { ApprovalEntry } from './generated/approvals-file.ts';
import type { Identity } from './identity.ts';
import type { BudgetName } from './plan.ts';
import type { SourcePosition } from './problem.ts';

export type { Budget } from './change-classes.ts';

/** A named person's word that a budget may be exceeded. It lifts that budget, never another rail. */
export interface Approval {
  readonly class: BudgetName;
  readonly reason: ApprovalEntry['reason'];
  readonly by: ApprovalEntry['by'];
  /** Who that is: nothing that concerns this person is lifted. */
  readonly identity: Identity;
  /** As written, `YYYY-MM-DD`: the last day on which it counts. */
  readonly expires: string;
  /** Whether it counts at the moment of the plan: not expired, not further ahead than is allowed, and in the base of an apply. */
  readonly state: 'valid' | 'expired' | 'too-far-ahead' | 'not-in-base' | 'not-proven';
  /** Whether the base has it, too, or only the pull request; absent: not compared. */
  readonly standing?: 'base' | 'pull-request';
  /** Usernames in lower case; absent: `changes` says what is approved. */
  readonly users?: ReadonlySet<string>;
  /** Digest of exactly one set of changes. */
  readonly changes?: string;
  readonly at: SourcePosition;
  /** The lines that say what is approved and by whom, counted from 1. */
  readonly lines: readonly number[];
  /** What git tells of them; absent: not asked. */
  readonly authorship?: Authorship;
}

export type Budgets = Readonly<Partial<Record<BudgetName, Budget>>>;

/** Small numbers that a careful person would still look at one by one; floors keep a team of eight protected and able to work. */
export const defaultBudgets: Budgets = Object.fromEntries(
  budgetNames.flatMap((name) => {
    const { byDefault } = budgetRowOf(name);
    return byDefault === undefined ? [] : [[name, byDefault]];
  }),
);

/** @param population - people, or things, that the class could concern */
export function limitOf({ maxShare, floor, cap = Number.POSITIVE_INFINITY }: Budget, population: number): number {
  // 0.29 × 100 is 28.999… in binary: a limit must not lose a person to that.
  return Math.min(cap, Math.max(floor, Math.floor(maxShare * population + 1e-9)));
}
