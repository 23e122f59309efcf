/** Tokens that muster did not make, where `policy.foreign_tokens` is `report`: it says who has some, and does nothing. */

import { count } from '../../model/count.ts';
import type { SeenThings } from '../../model/kinds.ts';
import type { LiveToken, LiveUser } from '../../model/live-state.ts';
import { note } from '../../model/messages/notice-rows.ts';
import type { Change, Notice } from '../../model/plan.ts';
import type { Person, PlanContext } from '../../model/resource-definition.ts';
import { parseMark } from '../../model/token-mark.ts';
import { isAdmin } from '../../model/user-rules.ts';
import { changeId } from './definition-actions.ts';

export const isForeign = ({ description }: LiveToken): boolean => parseMark(description) === undefined;

/**
 * Of a declared person. A search knows all of their tokens, a listing only some: enough to say what is there.
 *
 * @param changes - what the plan does to tokens of this person: those need no notice
 */
export function reportForeign(person: Person, changes: readonly Change[], context: PlanContext): readonly Notice[] {
  const { user, token: all = person.seen?.token ?? [] } = person.live;
  if (context.policy.foreignTokens !== 'report' || user === undefined || all.length === 0) return [];
  const handled = new Set(changes.map(({ id }) => id));
  const isHandled = (token: LiveToken): boolean =>
    handled.has(changeId(person, 'token-disable', token)) || handled.has(changeId(person, 'token-revoke', token));
  // A disabled token of a person who is away stays dead after a return.
  const isAway = person.transition === 'leaves' || person.transition === 'stays-away';
  const foreign = all.filter((token) => isForeign(token) && !isHandled(token) && (token.enabled || !isAway));
  return noticesAbout({ ...user, username: person.desired.username, tokens: foreign.length }, context);
}

/** Of administrators that no entry stands for; or that are unknown, where the caller may not list tokens. */
export function foreignOfUndeclared(
  { token: seen }: SeenThings,
  admins: readonly LiveUser[],
  context: PlanContext,
): readonly Notice[] {
  if (seen === undefined) return [];
  if (seen === 'refused') return [notListed];
  return admins.flatMap((admin) => {
    const tokens = (seen.get(admin.id) ?? []).filter(isForeign).length;
    return noticesAbout({ ...admin, username: admin.values.username, tokens }, context);
  });
}

const notListed: Notice = note('foreign-tokens-not-listed', {});

interface Holder extends Pick<LiveUser, 'id' | 'values'> {
  readonly username: string;
  readonly tokens: number;
}

function noticesAbout({ id, values, username, tokens }: Holder, { facts }: PlanContext): readonly Notice[] {
  // One of the caller's is the token that muster itself uses: nothing tells which.
  const isCaller = id === facts.caller.id;
  if (tokens <= (isCaller ? 1 : 0)) return [];
  const isAdministrator = values.active && isAdmin(values.roles);
  const what = { tokens: count(tokens, 'token') };
  const text = isAdministrator
    ? note('foreign-tokens', { is: isCaller ? 'own-administrator' : 'administrator', ...what })
    : note('foreign-tokens', { is: isCaller ? 'own-person' : 'person', ...what });
  return [{ ...text, person: username }];
}
