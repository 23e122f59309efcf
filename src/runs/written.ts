import { actionName } from '../model/action-name.ts';
import { note } from '../model/messages/notice-rows.ts';
import type { Action, Notice, Plan } from '../model/plan.ts';
import type { AccountId } from '../model/user-values.ts';
import type { WrittenAction } from '../model/written-action.ts';
import { madeAccount, mayBeWritten, type RunHistory } from './replay.ts';

/** What a run wrote, or may have written, in the order of its plan. */
export interface Written {
  readonly written: readonly WrittenAction[];
  /** A notice for each person whose account nothing noted. */
  readonly unknown: readonly Notice[];
}

/** The live state tells how much of it is there. */
export function writtenOf(plan: Plan, { actions }: RunHistory): Written {
  const created = new Map<string, AccountId>();
  const written: WrittenAction[] = [];
  const unknown = new Map<string, Notice>();
  for (const action of plan.actions) {
    const own = actions.get(action.id);
    if (own === undefined) continue;
    const made = madeAccount(own);
    if (made !== undefined) created.set(action.person, made);
    if (!mayBeWritten(own)) continue;
    const account = action.account ?? created.get(action.person);
    if (account === undefined) {
      unknown.set(action.person, notKnown(action));
      continue;
    }
    const token = own.attempts.findLast(({ response }) => response?.token !== undefined)?.response?.token;
    written.push({ action, account, ...(token !== undefined && { token }) });
  }
  return { written, unknown: [...unknown.values()] };
}

const notKnown = (action: Action): Notice =>
  note('account-not-known', { action: actionName(action), person: action.person });
