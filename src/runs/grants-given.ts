/** Who gave what an account has, as far as journals tell. Pure. */
import type { GrantedBy } from '../model/generated/review-file.ts';
import type { Action, Plan } from '../model/plan.ts';
import type { GrantsOfChange, MadeChange } from '../model/review.ts';
import type { AccountId } from '../model/user-values.ts';
import { type ActionHistory, isDone, madeAccount, type RunHistory } from './replay.ts';

export interface ToldRun {
  readonly plan: Plan;
  readonly history: RunHistory;
}

export type GivenBy = (account: AccountId, key: string) => GrantedBy | undefined;

/**
 * @param runs - the oldest first: what a later run took and gave again counts from then on
 * @param grantsOf - asks the kinds
 */
export function grantsGiven(runs: Iterable<ToldRun>, grantsOf: (made: MadeChange) => GrantsOfChange): GivenBy {
  const given = new Map<string, GrantedBy>();
  for (const { plan, history } of runs) {
    const created = new Map<string, AccountId>();
    for (const action of plan.actions) {
      const own = history.actions.get(action.id);
      if (own === undefined) continue;
      const made = madeAccount(own);
      if (made !== undefined) created.set(action.person, made);
      const account = action.account ?? created.get(action.person);
      if (account === undefined || !isDone(own)) continue;
      const token = tokenOf(action, own);
      for (const change of action.changes) {
        const grants = grantsOf({ change, ...(token !== undefined && { token }) });
        for (const key of grants.taken) given.delete(keyOf(account, key));
        for (const key of grants.given) given.set(keyOf(account, key), grantedBy(own, history));
      }
    }
  }
  return (account, key) => given.get(keyOf(account, key));
}

const keyOf = (account: AccountId, key: string): string => `${account} ${key}`;

/** The one that the call made, or that it is about. */
function tokenOf({ call }: Action, { attempts }: ActionHistory): string | undefined {
  const made = attempts.findLast(({ response }) => response?.token !== undefined)?.response?.token;
  return made ?? ('token' in call ? call.token : undefined);
}

function grantedBy({ attempts }: ActionHistory, { started }: RunHistory): GrantedBy {
  const last = attempts.at(-1);
  const atMs = last?.respondedMs ?? last?.atMs ?? Date.parse(started.at);
  const { username, origin, run } = started;
  return {
    at: new Date(atMs).toISOString(),
    run,
    ...(username !== undefined && { by: username }),
    ...(origin?.commit !== undefined && { commit: origin.commit }),
  };
}
