import type { Policy } from '../model/settings.ts';
import type { AccountId } from '../model/user-values.ts';
import type { Match } from './identity.ts';
import { transitionOf } from './make-plan.ts';

/**
 * Whose tokens a plan has to know: of people whose tokens are declared, of everybody who comes back or leaves, and,
 * for people who are away, whether something was left behind.
 */
export function tokenOwners(
  matches: readonly Match[],
  policy: Policy,
): { readonly needed: readonly AccountId[]; readonly leftovers: readonly AccountId[] } {
  const needed: AccountId[] = [];
  const leftovers: AccountId[] = [];
  for (const match of matches) {
    if (match.live === undefined) continue;
    const transition = transitionOf(match);
    const handlesForeign = policy.foreignTokens === 'disable' || policy.foreignTokens === 'revoke';
    if (transition === 'returns' || transition === 'leaves') needed.push(match.live.id);
    else if (transition === 'stays-away') {
      if (match.desired.values.active === false && policy.leaverTokens !== 'keep') leftovers.push(match.live.id);
    } else if (match.desired.tokens !== undefined || handlesForeign) needed.push(match.live.id);
  }
  return { needed, leftovers };
}
