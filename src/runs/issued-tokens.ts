/** The tokens that a run made: a pure reading of its journal beside its plan. */
import { type IssuedToken } from '../model/issued-tokens.ts';
import { isDone, madeAccount } from './replay.ts';
import type { PastRun } from './window.ts';

export function issuedIn({ plan, history: { actions } }: PastRun): readonly IssuedToken[] {
  const made = new Map(
    plan.actions.flatMap(({ id, person }) => {
      const history = actions.get(id);
      const account = history && madeAccount(history);
      return account === undefined ? [] : [[person, account] as const];
    }),
  );
  return plan.actions.flatMap(({ id, person, changes, account = made.get(person) }) => {
    const history = actions.get(id);
    if (history === undefined || !isDone(history)) return [];
    const token = history.attempts.findLast(({ response }) => response?.token !== undefined)?.response?.token;
    const terms = changes[0]?.terms;
    return account === undefined || token === undefined || terms === undefined ? [] : [{ account, token, terms }];
  });
}
