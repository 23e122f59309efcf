/** What an entry wants, place by place: each team, and after it its channels. */
import type { DesiredUser, EntryPart } from '../../model/desired-state.ts';
import { channelPlace, type DesiredTeam, isChannelPlace, type PlaceRole, teamOf } from '../../model/memberships.ts';
import type { Match, Transition } from '../../model/resource-definition.ts';
import { isGuest } from '../../model/user-rules.ts';

export interface WantedPlace {
  /** `core`, or `core/ops`. */
  readonly place: string;
  readonly team: string;
  /** Without its team; absent: the place is the team. */
  readonly channel?: string;
  readonly member: boolean;
  readonly role?: PlaceRole;
}

const nowhere: readonly never[] = [];

/** By the teams of an entry: many entries have the same, and each is asked for several times. */
const known = new WeakMap<readonly DesiredTeam[], readonly WantedPlace[]>();

export function wantedPlaces({ teams = nowhere }: Pick<DesiredUser, 'teams'>): readonly WantedPlace[] {
  if (teams.length === 0) return nowhere;
  const before = known.get(teams);
  if (before !== undefined) return before;
  const places = placesOf(teams);
  known.set(teams, places);
  return places;
}

const placesOf = (teams: readonly DesiredTeam[]): readonly WantedPlace[] =>
  teams.flatMap(({ name: team, channels, ...wanted }) => [
    { place: team, team, ...standingOf(wanted) },
    ...channels.map(({ name: channel, ...own }) => ({
      place: channelPlace(team, channel),
      team,
      channel,
      ...standingOf(own),
    })),
  ]);

const standingOf = ({ member, role }: Pick<WantedPlace, 'member' | 'role'>): Pick<WantedPlace, 'member' | 'role'> => ({
  member,
  ...(role !== undefined && { role }),
});

/** Who has no account that works once the plan is made joins nothing. */
const joins: Readonly<Record<Transition, boolean>> = {
  joins: true,
  returns: true,
  stays: true,
  leaves: false,
  'stays-away': false,
};

/** What of an entry concerns this person now: who is away, or leaves, can still be taken out of a place. */
export function wantedNow({ desired, transition }: Pick<Match, 'desired' | 'transition'>): readonly WantedPlace[] {
  const wanted = wantedPlaces(desired);
  return joins[transition] ? wanted : wanted.filter(({ member }) => !member);
}

/** A place that no entry names. */
export function toWantedPlace(place: string): WantedPlace {
  const team = teamOf(place);
  return { place, team, member: false, ...(isChannelPlace(place) && { channel: place.slice(team.length + 1) }) };
}

export const partOf = (place: string): EntryPart => `teams.${place}`;

/** Whether the person is a guest once the plan is carried out. A new account has its first roles by then. */
export const isGuestThen = ({ values, onCreate }: DesiredUser, rolesNow?: readonly string[]): boolean =>
  isGuest(values.roles ?? rolesNow ?? onCreate.roles ?? []);
