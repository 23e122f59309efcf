/** What was done of a plan, in the words of the executor that resumes it. */
import type { EarlierProgress } from '../model/earlier-progress.ts';
import type { FinishedAction } from '../model/outcome.ts';
import type { Action, Plan } from '../model/plan.ts';
import type { AccountId } from '../model/user-values.ts';
import { type ActionHistory, isDone, madeAccount, mayBeWritten, type RunHistory } from './replay.ts';

export function progressOf(plan: Plan, { actions }: RunHistory): EarlierProgress {
  const done = new Map<string, FinishedAction>();
  const uncertain = new Set<string>();
  const created = new Map<string, AccountId>();
  for (const action of plan.actions) {
    const history = actions.get(action.id);
    if (history === undefined) continue;
    const account = madeAccount(history);
    if (account !== undefined) created.set(action.person, account);
    if (isDone(history)) done.set(action.id, doneBefore(action, history));
    else if (mayBeWritten(history)) uncertain.add(action.id);
  }
  return { done, uncertain, created };
}

function doneBefore(action: Action, { attempts, outcome }: ActionHistory): FinishedAction {
  const startedMs = attempts[0]?.atMs ?? 0;
  return {
    action,
    outcome: { status: 'done', as: outcome?.as ?? 'written', notes: [] },
    attempts: attempts.map(({ atMs, response }) => ({
      startedMs: atMs,
      endedMs: atMs,
      result: response?.result ?? 'unknown',
      ...(response?.code !== undefined && { code: response.code }),
    })),
    startedMs,
    endedMs: attempts.at(-1)?.atMs ?? startedMs,
  };
}
