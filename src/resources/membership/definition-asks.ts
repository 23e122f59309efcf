/** Of which teams and channels a plan has to know what. */
import type { Ask, Match } from '../../model/resource-definition.ts';
import type { Policy } from '../../model/settings.ts';
import { isConcernedBeyond } from './definition-beyond.ts';
import { type WantedPlace, wantedNow, wantedPlaces } from './definition-wanted.ts';

/** Of a channel its team matters, too: who is not in it can be in none of its channels. */
export function asksOf(match: Match): readonly Ask[] {
  const wanted = wantedOf(match);
  if (wanted.length === 0) return none;
  return wanted.map(({ place, member, role, channel }) => ({
    name: place,
    mayTake: match.account !== undefined && (!member || role === 'member'),
    // Who leaves a team leaves its channels.
    ...(!member && channel === undefined && { within: true as const }),
  }));
}

const none: readonly Ask[] = [];

/** What a date will do stands in the plan from today on. */
const wantedOf = (match: Match): readonly WantedPlace[] =>
  match.desired.dates === undefined ? wantedNow(match) : wantedPlaces(match.desired);

/** Of people who come back it matters what they were, also where the entry does not say so; of leavers, if they leave it all. */
export function readsOf(match: Match, policy: Policy): 'everything' | 'if-any' | 'needed' | 'nothing' {
  if (match.account === undefined) return 'nothing';
  const { transition, later, desired } = match;
  const isConcerned =
    isConcernedBeyond({ transition, desired }, policy) ||
    later?.has('returns') === true ||
    (later?.has('leaves') === true && policy.leaverMemberships === 'leave');
  // Of who is away most have left everything before.
  if (isConcerned) return transition === 'stays-away' && later?.has('returns') !== true ? 'if-any' : 'everything';
  return wantedOf(match).length > 0 ? 'needed' : 'nothing';
}
