/** Who gave what an account has, as far as journals tell. Pure. */
import type { GrantedBy } from '../model/generated/review-file.ts';
import type { GrantsOfChange, MadeChange } from '../model/review.ts';
import type { AccountId } from '../model/user-values.ts';
import { grantDeeds, type ToldRun } from './grant-deeds.ts';
import type { ActionHistory, RunHistory } from './replay.ts';

export type GivenBy = (account: AccountId, key: string) => GrantedBy | undefined;

/**
 * @param runs - the oldest first: what a later run took and gave again counts from then on
 * @param grantsOf - asks the kinds
 */
export function grantsGiven(runs: Iterable<ToldRun>, grantsOf: (made: MadeChange) => GrantsOfChange): GivenBy {
  const given = new Map<string, GrantedBy>();
  for (const { account, key, what, action, run } of grantDeeds(runs, grantsOf)) {
    if (what === 'taken') given.delete(keyOf(account, key));
    else given.set(keyOf(account, key), grantedBy(action, run));
  }
  return (account, key) => given.get(keyOf(account, key));
}

const keyOf = (account: AccountId, key: string): string => `${account} ${key}`;

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
