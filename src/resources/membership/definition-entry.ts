/** What an entry says of teams and channels, for `explain`. */
import { byText } from '../../model/compare.ts';
import type { DesiredUser } from '../../model/desired-state.ts';
import type { ChannelEntry, TeamEntry } from '../../model/generated/users-file.ts';
import type { LiveByKind } from '../../model/kinds.ts';
import type { LiveUser } from '../../model/live-state.ts';
import { defaultChannel, isChannelPlace, type LiveMembership, teamOf } from '../../model/memberships.ts';
import type { Description, EntryPiece } from '../../model/resource-definition.ts';
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
  const members = (membership?.members ?? []).toSorted(byText(({ place }) => place));
  const teams: TeamEntry[] = [];
  const withoutChannel: string[] = [];
  const unwritable: string[] = [];
  for (const { place, isAdmin } of members) {
    if (isChannelPlace(place)) continue;
    const channels = channelsOf(place, members);
    if (!writableTeam.test(place)) unwritable.push(place);
    else if (isGuest(account.values.roles) && channels.length === 0) withoutChannel.push(place);
    else if (channels.length > most.channels) unwritable.push(place);
    else teams.push(teamEntry(place, isAdmin, channels));
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
const channelsOf = (team: string, members: readonly LiveMembership[]): readonly ChannelEntry[] =>
  members
    .filter(({ place }) => isChannelPlace(place) && teamOf(place) === team)
    .map(({ place, isAdmin }) => ({ name: place.slice(team.length + 1), isAdmin }))
    .filter(({ name, isAdmin }) => writableChannel.test(name) && (name !== defaultChannel || isAdmin))
    .map(({ name, isAdmin }) => (isAdmin ? { channel: name, role: 'admin' } : name));

const teamEntry = (team: string, isAdmin: boolean, channels: readonly ChannelEntry[]): TeamEntry =>
  isAdmin || channels.length > 0
    ? { team, ...(isAdmin && { role: 'admin' as const }), ...(channels.length > 0 && { channels: [...channels] }) }
    : team;
