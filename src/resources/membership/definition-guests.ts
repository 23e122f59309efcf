/** Guests see a team only through their channels: the server takes one who has left the last of them out of the team. */
import { isChannelPlace, type LivePlaces, teamOf } from '../../model/memberships.ts';
import { hold } from '../../model/messages/held-rows.ts';
import type { Change } from '../../model/plan.ts';
import type { Findings, Person } from '../../model/resource-definition.ts';
import { placeIn } from './definition-change.ts';
import { isGuestThen } from './definition-wanted.ts';

type Found = Pick<Findings, 'changes' | 'held'>;

/** Holds what would take a guest who stays out of a team that no one takes them out of: each apply would refuse it. */
export function keepGuestsInTeams(person: Person, found: Found, places: LivePlaces): Found {
  const { desired, live, transition } = person;
  if (transition !== 'stays' || !isGuestThen(desired, live.user?.values.roles)) return found;
  const { changes } = found;
  const leaves = changes.filter(({ class: name }) => name === 'channel-leave');
  if (leaves.length === 0) return found;
  const left = new Set(changes.filter(isLeave).map(placeIn));
  const known = [
    ...(live.membership?.members ?? []).map(({ place }) => place),
    ...(places.guestChannels?.get(live.user?.id ?? '') ?? []),
  ];
  const kept = known.filter((place) => isChannelPlace(place) && !left.has(place)).map(teamOf);
  const joined = changes.filter(({ class: name }) => name === 'channel-join').map((one) => teamOf(placeIn(one)));
  const staysIn = new Set([...kept, ...joined]);
  const isLast = (change: Change): boolean => {
    const team = teamOf(placeIn(change));
    return change.class === 'channel-leave' && !left.has(team) && !staysIn.has(team);
  };
  const held = changes
    .filter(isLast)
    .map((change) => ({ change, ...hold('last-channel-of-guest', 'the server', { team: teamOf(placeIn(change)) }) }));
  return { changes: changes.filter((change) => !isLast(change)), held: [...found.held, ...held] };
}

const isLeave = ({ class: name }: Change): boolean => name === 'channel-leave' || name === 'team-leave';
