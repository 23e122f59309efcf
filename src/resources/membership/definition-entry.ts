/** What an entry says of teams and channels, for `explain`. */
import { byText } from '../../model/compare.ts';
import type { DesiredUser } from '../../model/desired-state.ts';
import type { ChannelEntry, TeamEntry } from '../../model/generated/users-file.ts';
import type { LiveByKind } from '../../model/kinds.ts';
import type { LiveUser } from '../../model/live-state.ts';
import {
  type DesiredChannel,
  type DesiredTeam,
  defaultChannel,
  isChannelPlace,
  type LiveMembership,
  type PlaceRole,
  teamOf,
} from '../../model/memberships.ts';
import { type Description, type EntryPiece, noPiece } from '../../model/resource-definition.ts';
import { isGuest } from '../../model/user-rules.ts';
import { partOf, wantedPlaces } from './definition-wanted.ts';

export function describeMemberships(desired: DesiredUser): Description {
  return {
    managed: wantedPlaces(desired).map(({ place, member, role }) => ({
      name: partOf(place),
      wanted: member ? (role ?? 'member, as it is') : 'no member',
    })),
    unmanaged: desired.teams === undefined ? ['teams'] : [],
  };
}

/** What a team and a channel may be called in a file. */
const writableTeam = /^[a-z0-9][a-z0-9-]{0,62}[a-z0-9]$/;
const writableChannel = /^[a-z0-9][a-z0-9_-]{0,127}$/;

/** As many as a file takes of one entry, and of one team. */
const most = { teams: 250, channels: 500 } as const;

/** Teams by name, and channels where they were read. The role of a member is left open, that of an admin is written. */
export function toMembershipEntry(account: LiveUser, { membership }: Partial<LiveByKind>): EntryPiece {
  if (membership === undefined || membership.members.length === 0) return noPiece;
  const members = membership.members.toSorted(byText(({ place }) => place));
  const teams: TeamEntry[] = [];
  const withoutChannel: string[] = [];
  const unwritable: string[] = [];
  for (const { place, isAdmin } of members) {
    if (isChannelPlace(place)) continue;
    const channels = channelsOf(place, members);
    if (!writableTeam.test(place)) unwritable.push(place);
    else if (isGuest(account.values.roles) && channels.length === 0) withoutChannel.push(place);
    else if (channels.length > most.channels) unwritable.push(place);
    else teams.push(toTeamEntry({ name: place, member: true, ...asRole(isAdmin), channels }));
  }
  const remarks = [
    ...(withoutChannel.length === 0 ? [] : [`guest without a channel, not managed here: ${withoutChannel.join(', ')}`]),
    ...(unwritable.length === 0 ? [] : [`teams not managed here: ${unwritable.join(', ')}`]),
    ...(teams.length > most.teams ? [`in ${teams.length} teams: not managed here`] : []),
  ];
  const isWritten = teams.length > 0 && teams.length <= most.teams;
  return { fields: isWritten ? { teams } : {}, withheld: [], remarks };
}

/** Everyone in a team is in its default channel: no line says so. */
const channelsOf = (team: string, members: readonly LiveMembership[]): readonly DesiredChannel[] =>
  members
    .filter(({ place }) => isChannelPlace(place) && teamOf(place) === team)
    .map(({ place, isAdmin }) => ({ name: place.slice(team.length + 1), member: true, ...asRole(isAdmin) }))
    .filter(({ name, role }) => writableChannel.test(name) && (name !== defaultChannel || role !== undefined));

const asRole = (isAdmin: boolean): Pick<DesiredChannel, 'role'> => (isAdmin ? { role: 'admin' } : {});

/** A team as an entry says it: by its name alone where there is no more to say. */
export function toTeamEntry({ name: team, channels, ...wanted }: DesiredTeam): TeamEntry {
  const more = { ...saidOf(wanted), ...(channels.length > 0 && { channels: channels.map(toChannelEntry) }) };
  return Object.keys(more).length === 0 ? team : { team, ...more };
}

function toChannelEntry({ name: channel, ...wanted }: DesiredChannel): ChannelEntry {
  const more = saidOf(wanted);
  return Object.keys(more).length === 0 ? channel : { channel, ...more };
}

const saidOf = ({
  member,
  role,
}: Pick<DesiredChannel, 'member' | 'role'>): { readonly member?: false; readonly role?: PlaceRole } => ({
  ...(!member && { member: false }),
  ...(role !== undefined && { role }),
});
