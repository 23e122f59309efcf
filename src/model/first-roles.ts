/** Roles of `on_create`: only the plan that makes an account compares them, so what a run could not assign is owed. */
import type { Change, OwedRoles } from './plan.ts';

/** Roles that a run could not assign to an account that it made. */
export interface OwedByRun extends OwedRoles {
  readonly run: string;
}

/** Whether a change gives a new account the roles that its entry does not name. */
export const isFirstRole = ({ part_of: part }: Change): boolean => part === 'first-roles';
