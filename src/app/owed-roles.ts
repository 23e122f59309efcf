import { JournalBrokenError } from '../journal/errors.ts';
import { folderStore } from '../journal/journal-store.ts';
import { isDone, madeAccount, type RunHistory } from '../journal/replay.ts';
import { newestRun, readPlanText } from '../journal/runs.ts';
import { isStateDirThere } from '../journal/state-dir.ts';
import { MusterError } from '../model/muster-error.ts';
import type { Action, OwedRoles, Plan } from '../model/plan.ts';
import { sortRoles } from '../model/user-rules.ts';
import { isFirstRole, type OwedByRun } from '../plan/first-roles.ts';
import { parsePlanFile } from '../plan/plan-file.ts';
import type { AppPorts } from './ports.ts';
import type { RunState } from './run-state.ts';

/**
 * What the newest run owes: roles of `on_create` that it did not come to give, be it that it ended before, that the call
 * failed, or that its plan left them to a later one. Each plan takes them up, so the newest knows of all of them; but one that
 * takes a run back says nothing of what files want.
 *
 * @param dir - the state directory of a server
 */
export async function readOwedRoles(dir: string, ports: Pick<AppPorts, 'emit'>): Promise<readonly OwedByRun[]> {
  return (await isStateDirThere(dir)) ? await owedRolesIn(folderStore(dir), ports) : [];
}

export async function owedRolesIn(
  store: RunState['store'],
  { emit }: Pick<AppPorts, 'emit'>,
): Promise<readonly OwedByRun[]> {
  const former = await newestRun(store, ({ started }) => started.undoes === undefined).catch(unlessBroken);
  if (former === undefined) return [];
  try {
    return owedRolesOf(parsePlanFile(await readPlanText(store, former.run)), former.history, former.run);
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    emit({ type: 'warning', text: `whether the run before owes roles to new accounts is not known: ${error.message}` });
    return [];
  }
}

/** Of a broken journal a plan tells on its own, and an apply refuses it. */
function unlessBroken(error: unknown): undefined {
  if (!(error instanceof JournalBrokenError)) throw error;
}

function owedRolesOf(plan: Plan, { actions }: RunHistory, run: string): readonly OwedByRun[] {
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
  const owed = joinByPerson([...notGiven, ...(plan.owed_roles ?? [])]);
  return owed.flatMap((one): readonly OwedByRun[] => {
    if (one.account !== undefined) return [{ ...one, run }];
    const create = actions.get(creates.get(one.person)?.id ?? '');
    const account = create === undefined ? undefined : madeAccount(create);
    if (account !== undefined) return [{ ...one, account, run }];
    const mayBeMade = create?.attempts.some(({ answer }) => answer?.result !== 'refused') === true;
    return mayBeMade ? [{ ...one, run }] : [];
  });
}

function joinByPerson(owed: readonly OwedRoles[]): readonly OwedRoles[] {
  const people = new Map<string, OwedRoles>();
  for (const one of owed) {
    const roles = [...(people.get(one.person)?.roles ?? []), ...one.roles];
    people.set(one.person, { ...one, roles: sortRoles(new Set(roles)) });
  }
  return [...people.values()];
}

/** What an action makes of the roles of an account for which its entry names none. */
function firstRolesOf({ changes, call }: Action): readonly string[] | undefined {
  if (!changes.some(isFirstRole)) return undefined;
  if (call.operation === 'set-roles') return call.roles;
  return call.operation === 'demote-to-guest' ? ['system_guest'] : undefined;
}
