/** Active people that no entry stands for: concluded from presence, never from absence. No action ever comes of them. */

import { byText } from '../model/compare.ts';
import type { LivePeople, LiveUser } from '../model/live-state.ts';
import type { PreviouslyDeclaredAccount, UndeclaredAccount } from '../model/plan.ts';
import { protectRules } from '../model/protect-rules.ts';
import type { Match } from '../model/resource-definition.ts';
import type { Policy } from '../model/settings.ts';
import type { Doubts } from '../model/unusable.ts';
import { isAdmin } from '../model/user-rules.ts';

/** An account that an earlier apply knew as declared, as the server shows it now. */
export interface PreviouslyDeclared {
  readonly account: LiveUser;
  /** The day, such as `2026-06-15`. */
  readonly lastDeclared: string;
}

/** Whom entries stand for, and who is there. */
export interface Standing {
  readonly live: LivePeople;
  readonly people: readonly Match[];
  /** Which accounts entries that cannot be used may mean: perhaps an entry stands for them. */
  readonly doubts: Doubts;
  readonly policy: Policy;
  readonly previouslyDeclared?: readonly PreviouslyDeclared[];
}

/** Of the accounts previously declared: those that lost their entry, and are still active. */
export function previouslyDeclaredOf(standing: Standing): readonly PreviouslyDeclaredAccount[] {
  const { previouslyDeclared = [] } = standing;
  if (previouslyDeclared.length === 0) return [];
  const isStanding = withoutEntry(standing);
  return previouslyDeclared
    .filter(({ account }) => isStanding(account))
    .map(({ account: { id, values }, lastDeclared }) => ({
      id,
      username: values.username,
      last_declared: lastDeclared,
      admin: isAdmin(values.roles),
    }))
    .toSorted(byUsername);
}

/** @param previously - named on their own, and not a second time */
export function undeclaredOf(
  whom: Standing,
  previously: readonly PreviouslyDeclaredAccount[],
): readonly UndeclaredAccount[] {
  const { live, policy } = whom;
  if (policy.undeclaredUsers === 'ignore' || !live.coverage.hasActivePeople) return [];
  const isStanding = withoutEntry(whom);
  const named = new Set(previously.map(({ id }) => id));
  const standing: LiveUser[] = [];
  for (const user of live.users.values()) if (isStanding(user) && !named.has(user.id)) standing.push(user);
  return standing
    .map(({ id, values }) => ({ id, username: values.username, admin: isAdmin(values.roles) }))
    .toSorted(byUsername);
}

/** Tells an active person that no entry stands for, and that is within muster's reach. */
function withoutEntry({ people, doubts, policy }: Standing): (user: LiveUser) => boolean {
  const declared = new Set(people.map(({ account }) => account?.id));
  const isProtected = protectRules(policy.protect);
  return (user) => {
    const { id, values, isBot, isRemote } = user;
    if (!values.active || isBot || isRemote || declared.has(id)) return false;
    return !isProtected({ id, usernames: [values.username] }) && doubts.about(user).length === 0;
  };
}

const byUsername = byText(({ username }: { readonly username: string }) => username);
