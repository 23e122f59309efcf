import type { Matching } from '../match/match-people.ts';
import type { AuditContext, AuditReads, AuditSubject, FindingDraft } from '../model/audit.ts';
import type { LiveState } from '../model/live-state.ts';
import type { Plan } from '../model/plan.ts';

/** Everything that the rules look at. */
export interface Population {
  readonly subjects: readonly AuditSubject[];
  readonly live: LiveState;
  readonly matching: Matching;
  /** What separates the accounts from their entries. */
  readonly plan: Plan;
  readonly reads: AuditReads;
}

/** A rule that needs to see more than one account. */
export type PopulationRule = (population: Population, context: AuditContext) => readonly FindingDraft[];
