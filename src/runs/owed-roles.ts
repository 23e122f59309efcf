import { isFirstRole, type OwedByRun } from '../model/first-roles.ts';
import { groupBy } from '../model/group-by.ts';
import type { Action, OwedRoles, Plan } from '../model/plan.ts';
import { sortRoles } from '../model/user-rules.ts';
import { isDone, madeAccount, mayBeWritten, type RunHistory } from './replay.ts';

/** Roles of `on_create` that a run owes: those that it could not assign, and those that its plan left to a later one. */
export function owedRolesOf(plan: Plan, { actions, started: { run } }: RunHistory): readonly OwedByRun[] {
  const creates = new Map(
    plan.actions.flatMap((action) => (action.call.operation === 'create-user' ? [[action.person, action]] : [])),
  );
  const notGiven = plan.actions.flatMap((action): readonly OwedRoles[] => {
    const roles = firstRolesOf(action);
    const history = actions.get(action.id);
    if (roles === undefined || (history !== undefined && isDone(history))) return [];
    const { person, account } = action;
    return [{ person, ...(account !== undefined && { account }), roles }];
  });
  return joinByPerson([...notGiven, ...(plan.owed_roles ?? [])]).flatMap((one): readonly OwedByRun[] => {
    if (one.account !== undefined) return [{ ...one, run }];
    const create = actions.get(creates.get(one.person)?.id ?? '');
    if (create === undefined) return [];
    const account = madeAccount(create);
    if (account !== undefined) return [{ ...one, account, run }];
    return mayBeWritten(create) ? [{ ...one, run }] : [];
  });
}

function joinByPerson(owed: readonly OwedRoles[]): readonly OwedRoles[] {
  return [...groupBy(owed, ({ person }) => person).values()].flatMap((own) => {
    const roles = sortRoles(new Set(own.flatMap((one) => one.roles)));
    return own.slice(-1).map((last) => ({ ...last, roles }));
  });
}

/** What an action makes of the roles of an account for which its entry names none. */
function firstRolesOf({ changes, call }: Action): readonly string[] | undefined {
  if (!changes.some(isFirstRole)) return undefined;
  if (call.operation === 'set-roles') return call.roles;
  return call.operation === 'demote-to-guest' ? ['system_guest'] : undefined;
}
