/** Which grants runs gave and took, as far as journals tell. Pure. */
import type { Action, Plan } from '../model/plan.ts';
import type { GrantsOfChange, MadeChange } from '../model/review.ts';
import type { AccountId } from '../model/user-values.ts';
import { type ActionHistory, isDone, madeAccount, type RunHistory } from './replay.ts';

export interface ToldRun {
  readonly plan: Plan;
  readonly history: RunHistory;
}

export interface GrantDeed {
  readonly account: AccountId;
  readonly key: string;
  readonly what: 'given' | 'taken';
  readonly action: ActionHistory;
  readonly run: RunHistory;
}

/**
 * In the order in which they were done.
 *
 * @param runs - the oldest first
 * @param grantsOf - asks the kinds
 */
export function* grantDeeds(
  runs: Iterable<ToldRun>,
  grantsOf: (made: MadeChange) => GrantsOfChange,
): Generator<GrantDeed> {
  for (const { plan, history: run } of runs) {
    const created = new Map<string, AccountId>();
    for (const planned of plan.actions) {
      const action = run.actions.get(planned.id);
      if (action === undefined) continue;
      const made = madeAccount(action);
      if (made !== undefined) created.set(planned.person, made);
      const account = planned.account ?? created.get(planned.person);
      if (account === undefined || !isDone(action)) continue;
      const token = tokenOf(planned, action);
      for (const change of planned.changes) {
        const grants = grantsOf({ change, ...(token !== undefined && { token }) });
        for (const key of grants.taken) yield { account, key, what: 'taken', action, run };
        for (const key of grants.given) yield { account, key, what: 'given', action, run };
      }
    }
  }
}

/** The one that the call made, or that it is about. */
function tokenOf({ call }: Action, { attempts }: ActionHistory): string | undefined {
  const made = attempts.findLast(({ response }) => response?.token !== undefined)?.response?.token;
  return made ?? ('token' in call ? call.token : undefined);
}
