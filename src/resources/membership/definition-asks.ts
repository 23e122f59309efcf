/** Of which teams and channels a plan has to know what. */
import type { Ask, Match } from '../../model/resource-definition.ts';
import { wantedNow, wantedPlaces } from './definition-wanted.ts';

/** Of a channel its team matters, too: who is not in it can be in none of its channels. */
export function asksOf(match: Match): readonly Ask[] {
  // What a date will do stands in the plan from today on.
  const wanted = match.desired.dates === undefined ? wantedNow(match) : wantedPlaces(match.desired);
  return wanted.map(({ place, member, role, channel }) => ({
    name: place,
    mayTake: match.account !== undefined && (!member || role === 'member'),
    // Who leaves a team leaves its channels.
    ...(!member && channel === undefined && { within: true as const }),
  }));
}
