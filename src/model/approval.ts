import type { ApprovalEntry } from './generated/approvals-file.ts';
import type { ChangeClass } from './plan.ts';
import type { SourcePosition } from './problem.ts';

/** Somebody's word that a budget may be exceeded. It lifts that budget, never another rail. */
export interface Approval {
  readonly class: ChangeClass;
  readonly reason: ApprovalEntry['reason'];
  readonly by: ApprovalEntry['by'];
  /** As written, `YYYY-MM-DD`: the last day on which it counts. */
  readonly expires: string;
  /** Whether it counts at the moment of the plan: not expired, and not further ahead than is allowed. */
  readonly state: 'valid' | 'expired' | 'too-far-ahead';
  /** Usernames in lower case; absent: `changes` says what is approved. */
  readonly users?: ReadonlySet<string>;
  /** Digest of exactly one set of changes. */
  readonly changes?: string;
  readonly at: SourcePosition;
}

/** How many people, or tokens, one plan may change. */
export interface Budget {
  /** 0 to 1, of the people, or tokens, that the class could concern. */
  readonly maxShare: number;
  /** Always allowed. */
  readonly floor: number;
  /** Never more; absent: the share decides. */
  readonly cap?: number;
}

export type Budgets = Readonly<Partial<Record<ChangeClass, Budget>>>;

/** Small numbers that a careful person would still look at one by one; floors keep a team of eight protected and able to work. */
export const defaultBudgets: Budgets = {
  deactivate: { maxShare: 0.05, floor: 2, cap: 25 },
  'admin-loss': { maxShare: 0, floor: 1, cap: 1 },
  'admin-gain': { maxShare: 0, floor: 2, cap: 2 },
  auth: { maxShare: 0.1, floor: 2 },
  email: { maxShare: 0.1, floor: 2, cap: 50 },
  rename: { maxShare: 0.1, floor: 2, cap: 50 },
  activate: { maxShare: 0, floor: 5, cap: 5 },
  'token-revoke': { maxShare: 0.1, floor: 5 },
};

/** @param population - people, or tokens, that the class could concern */
export function limitOf({ maxShare, floor, cap = Number.POSITIVE_INFINITY }: Budget, population: number): number {
  // 0.29 × 100 is 28.999… in binary: a limit must not lose a person to that.
  return Math.min(cap, Math.max(floor, Math.floor(maxShare * population + 1e-9)));
}
