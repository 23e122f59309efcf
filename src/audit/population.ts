import type { Matching } from '../match/match-people.ts';
import type { AuditContext, AuditReads, AuditSubject, FindingDraft } from '../model/audit.ts';
import { ownedBy } from '../model/kinds.ts';
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

/** Every account, with its entry and everything that was read about it. */
export function populationOf(
  live: LiveState,
  { plan, matching }: Pick<Population, 'plan' | 'matching'>,
  reads: AuditReads,
): Population {
  const entries = new Map(matching.people.map(({ account, desired }) => [account?.id, desired]));
  const subjects = [...live.users.values()].map((account): AuditSubject => {
    const { id } = account;
    const desired = entries.get(id);
    const activity = reads.activity?.get(id);
    const sessions = reads.sessions?.get(id);
    return {
      account,
      live: ownedBy(id, live.owned),
      ...(desired !== undefined && { desired }),
      ...(activity !== undefined && { activity }),
      ...(sessions !== undefined && { sessions }),
    };
  });
  return { subjects, live, matching, plan, reads };
}
