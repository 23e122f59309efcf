/** Roles of `on_create` that a run did not come to give to an account that it made. */

import { isGuest } from '../model/user-rules.ts';
import type { AccountId } from '../model/user-values.ts';
import type { Match } from './identity.ts';

/**
 * Only the run that makes an account compares such roles, so that nothing of them shows in the files or on the server
 * once it has ended. Without this they would be dropped.
 */
export interface OwedRoles {
  /** The entry's username. */
  readonly person: string;
  /** Absent: nobody noted what became of the create; an account of that name is what it made. */
  readonly account?: AccountId;
  /** As they were to be. */
  readonly roles: readonly string[];
  readonly run: string;
}

/** What is owed to a person whose entry does not say which roles they have. */
export function owedTo({ desired, live }: Match, owed: readonly OwedRoles[]): OwedRoles | undefined {
  if (live === undefined || desired.values.roles !== undefined || !live.values.active) return undefined;
  const found = owed.filter(({ account, person }) =>
    account === undefined ? person === desired.username : account === live.id,
  );
  // A guest is made one first, and given other roles then.
  const one = found.findLast(({ roles }) => roles.length > 1) ?? found.at(-1);
  // Somebody has decided otherwise since.
  return one !== undefined && isGuest(live.values.roles) && !isGuest(one.roles) ? undefined : one;
}
