import { accessOf } from '../../model/change-classes.ts';
import { teamOf } from '../../model/memberships.ts';
import type { Change } from '../../model/plan.ts';
import type { Need } from '../../model/resource-definition.ts';
import { placeIn } from './definition-change.ts';

/** What a change of a membership needs of the others of the same person. */
export function membershipNeeds(change: Change, other: Change): Need | undefined {
  if (accessOf(change) === 'gives' && other.class === 'activate') return { because: 'the account stays inactive' };
  if (change.part_of === 'leave' && other.class === 'deactivate') return { because: 'the account stays active' };
  const isOfBefore = accessOf(change) === 'takes' && change.part_of === 'return';
  if (other.class === 'team-join' && !isOfBefore && change !== other && teamOf(placeIn(change)) === placeIn(other))
    return { because: 'the person is not in the team' };
  if (other.class === 'channel-join' && change.class === 'channel-admin' && placeIn(change) === placeIn(other))
    return { because: 'the person is not in the channel' };
  // The server takes a guest who has left their last channel out of the team.
  if (change.part_of === 'guest-move' && other.class === 'channel-join' && isSameTeam(change, other))
    return { because: 'the guest would be left without a channel' };
  return undefined;
}

const isSameTeam = (one: Change, other: Change): boolean => teamOf(placeIn(one)) === teamOf(placeIn(other));
