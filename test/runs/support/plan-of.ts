/** Plans as a journal's lines name them: actions of people, whatever their values. */
import type { Action, Call, OwedRoles, Plan } from '../../../src/model/plan.ts';
import { account, entry, planFor } from '../../support/build-states.ts';

const template = planFor(entry('ada', { nickname: 'x' }), account('ada'));

/** An action of the person before the slash; `isFirst`: it gives a new account roles that its entry does not name. */
export function actionOf(id: string, call: Call, accountId?: string, isFirst: boolean = false): Action {
  const [like] = template.actions;
  const [change] = like?.changes ?? [];
  if (like === undefined || change === undefined) throw new Error('a plan without an action');
  const { account: _, ...rest } = like;
  const [person = ''] = id.split('/');
  const part = isFirst ? ({ part_of: 'first-roles' } as const) : {};
  return {
    ...rest,
    id,
    person,
    call,
    changes: [{ ...change, person, ...part }],
    ...(accountId !== undefined && { account: accountId }),
  };
}

export const planOf = (actions: readonly Action[], owed?: readonly OwedRoles[]): Plan => ({
  ...template,
  actions,
  ...(owed !== undefined && { owed_roles: owed }),
});

export const create: Call = { operation: 'create-user', fields: {}, welcome_email: false, email_verified: true };
export const patch: Call = { operation: 'patch-user', fields: {} };
export const createToken: Call = { operation: 'create-token', name: 'ci', generation: 1, check: false };
export const setRoles: Call = { operation: 'set-roles', roles: ['system_user', 'system_post_all'] };
