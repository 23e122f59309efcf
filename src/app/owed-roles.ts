import { JournalBrokenError } from '../journal/errors.ts';
import { folderStore } from '../journal/journal-store.ts';
import { isDone, madeAccount, type RunHistory } from '../journal/replay.ts';
import { newestRun, readPlanText } from '../journal/runs.ts';
import { isStateDirThere } from '../journal/state-dir.ts';
import { MusterError } from '../model/muster-error.ts';
import type { Action, Plan } from '../model/plan.ts';
import type { OwedRoles } from '../plan/first-roles.ts';
import { parsePlanFile } from '../plan/plan-file.ts';
import type { AppPorts } from './ports.ts';
import type { RunState } from './run-state.ts';

/**
 * What the newest run owes: its plan said `on_create` of roles that it did not come to give, be it that it ended before
 * or that the call failed. The plan that takes them up is the next to owe them.
 *
 * @param dir - the state directory of a server
 */
export async function readOwedRoles(dir: string, ports: Pick<AppPorts, 'emit'>): Promise<readonly OwedRoles[]> {
  return (await isStateDirThere(dir)) ? await owedRolesIn(folderStore(dir), ports) : [];
}

export async function owedRolesIn(
  store: RunState['store'],
  { emit }: Pick<AppPorts, 'emit'>,
): Promise<readonly OwedRoles[]> {
  const former = await newestRun(store).catch(unlessBroken);
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

function owedRolesOf(plan: Plan, { actions }: RunHistory, run: string): readonly OwedRoles[] {
  const creates = new Map(
    plan.actions.flatMap((action) => (action.call.operation === 'create-user' ? [[action.person, action]] : [])),
  );
  return plan.actions.flatMap((action): readonly OwedRoles[] => {
    const roles = firstRolesOf(action);
    const history = actions.get(action.id);
    if (roles === undefined || (history !== undefined && isDone(history))) return [];
    const { person } = action;
    const create = actions.get(creates.get(person)?.id ?? '');
    const account = action.account ?? (create === undefined ? undefined : madeAccount(create));
    if (account !== undefined) return [{ person, account, roles, run }];
    const mayBeMade = create?.attempts.some(({ answer }) => answer?.result !== 'refused') === true;
    return mayBeMade ? [{ person, roles, run }] : [];
  });
}

/** What an action makes of the roles of an account for which its entry names none. */
function firstRolesOf({ changes, call }: Action): readonly string[] | undefined {
  if (!changes.some(({ reason }) => reason.rule === 'new-account')) return undefined;
  if (call.operation === 'set-roles') return call.roles;
  return call.operation === 'demote-to-guest' ? ['system_guest'] : undefined;
}
