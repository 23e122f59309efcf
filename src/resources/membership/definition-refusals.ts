/** What protects those who are left in a team or channel, and whether there is room for those who come. Pure. */
import { count } from '../../model/count.ts';
import { groupBy } from '../../model/group-by.ts';
import { type LivePlaces, teamOf } from '../../model/memberships.ts';
import { block } from '../../model/messages/blocked-rows.ts';
import type { Change } from '../../model/plan.ts';
import type { ChangeOfPerson, PlanContext, Refusal } from '../../model/resource-definition.ts';
import { placeIn } from './definition-change.ts';

export function refusalsOfMemberships(
  changes: readonly ChangeOfPerson[],
  { common }: PlanContext,
): ReadonlyMap<Change, Refusal> {
  const places = common?.membership ?? { teams: new Map(), channels: new Map() };
  return new Map([
    ...refuseWhere(changes, takesTeamAdmin, teamIn, (team, own) => lastAdmin(team, own, places)),
    ...refuseWhere(changes, leavesChannel, placeIn, (channel, own) => lastMember(channel, own, places)),
    ...refuseWhere(changes, joinsTeam, placeIn, (team, own) => noRoom(team, own, places)),
  ]);
}

const teamIn = (change: Change): string => teamOf(placeIn(change));

const takesTeamAdmin = ({ class: name, before }: Change): boolean =>
  name === 'team-admin-loss' || (name === 'team-leave' && before === 'admin');
const leavesChannel = ({ class: name }: Change): boolean => name === 'channel-leave';
const joinsTeam = ({ class: name }: Change): boolean => name === 'team-join';

/** All changes of a sort in one place, or none of them. */
function refuseWhere(
  changes: readonly ChangeOfPerson[],
  isMeant: (change: Change) => boolean,
  placeFor: (change: Change) => string,
  rule: (place: string, own: readonly ChangeOfPerson[]) => Refusal | undefined,
): readonly (readonly [Change, Refusal])[] {
  const meant = changes.filter(({ change }) => isMeant(change));
  return [...groupBy(meant, ({ change }) => placeFor(change))].flatMap(([place, own]) => {
    const refusal = rule(place, own);
    return refusal === undefined ? [] : own.map(({ change }) => [change, refusal] as const);
  });
}

/** Who is deactivated first administers and reads nothing by then, member or not. */
const isActive = ({ person: { live }, change }: ChangeOfPerson): boolean =>
  live.user?.values.active === true && change.part_of !== 'leave';

/** The server has no such guard. Gains of the same plan do not count: they may fail. */
function lastAdmin(team: string, own: readonly ChangeOfPerson[], { teams }: LivePlaces): Refusal | undefined {
  const losing = own.filter(isActive);
  if (losing.length === 0) return undefined;
  const admins = teams.get(team)?.admins;
  const gone = new Set(losing.map(({ person }) => person.live.user?.id));
  if (admins !== undefined && [...admins].some((id) => !gone.has(id))) return undefined;
  return block('last-team-admin', { is: admins === undefined ? 'not-known' : 'none', team });
}

/** No one could add a person to it any more but a system administrator. */
function lastMember(place: string, own: readonly ChangeOfPerson[], { channels }: LivePlaces): Refusal | undefined {
  const channel = channels.get(place);
  const leaving = own.filter(isActive);
  if (channel?.isPrivate !== true || leaving.length === 0) return undefined;
  const { activeMembers } = channel;
  if (activeMembers !== undefined && activeMembers > leaving.length) return undefined;
  return block('last-member', { is: activeMembers === undefined ? 'not-known' : 'none', channel: place });
}

/** Who leaves in the same plan makes no room yet: the order of teams is free. */
function noRoom(name: string, own: readonly ChangeOfPerson[], places: LivePlaces): Refusal | undefined {
  const { maxPerTeam } = places;
  const activeMembers = places.teams.get(name)?.activeMembers;
  if (maxPerTeam === undefined || activeMembers === undefined) return undefined;
  const free = Math.max(0, maxPerTeam - activeMembers);
  if (own.length <= free) return undefined;
  const joining = count(own.length, 'person joins', 'people join');
  return block('team-seats', { joining, team: name, free, limit: maxPerTeam });
}
