/** What passes only because of approvals that are not in the base yet. */
import type { Approval } from '../model/approval.ts';
import type { Action, Plan } from '../model/plan.ts';
import type { PersonChange } from './person-change.ts';
import { PlanFileRefusedError } from './plan-file.ts';

/**
 * Marks the actions that make changes which would not pass otherwise.
 *
 * @param passWithout - what would pass with the approvals of the base alone; asked only where that matters
 */
export function markConditional(
  actions: readonly Action[],
  approvals: readonly Approval[],
  passWithout: () => readonly PersonChange[],
): readonly Action[] {
  if (!approvals.some(({ standing, state }) => standing === 'pull-request' && state === 'valid')) return actions;
  const certain = new Set(passWithout().map(({ change }) => change.id));
  return actions.map((action) =>
    action.changes.every(({ id }) => certain.has(id)) ? action : { ...action, conditional: true },
  );
}

/**
 * Refuses a reviewed plan that stands on approvals that were never in the base.
 *
 * @param hasBase - whether it is applied beside a base
 * @throws {PlanFileRefusedError}
 */
export function refuseUnmerged({ approvals = [], actions, compared }: Plan, hasBase: boolean): void {
  if ([...approvals, ...actions].some(({ conditional }) => conditional === true)) {
    throw new PlanFileRefusedError({ is: 'not-merged' });
  }
  if (hasBase && approvals.length > 0 && compared?.base === undefined) {
    throw new PlanFileRefusedError({ is: 'not-compared' });
  }
}
