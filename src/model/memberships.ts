/** Teams and channels, and who is in them. A channel is named with its team: `core/ops`. */
import type { AccountId } from './user-values.ts';

export interface DesiredChannel {
  /** Without its team. */
  readonly name: string;
  /** `false`: the person leaves it. */
  readonly member: boolean;
  /** Absent: as it is; a new member does not administer. */
  readonly role?: PlaceRole;
}

export interface DesiredTeam extends DesiredChannel {
  readonly channels: readonly DesiredChannel[];
}

export type PlaceRole = 'member' | 'admin';

/** What a person is in a team or channel. */
export type Standing = 'none' | PlaceRole;

export interface LiveTeam {
  readonly id: string;
  readonly name: string;
  readonly isArchived: boolean;
  /** Groups of a directory decide who is in it. */
  readonly isGroupSynced: boolean;
  /** An access policy decides who may be in it. */
  readonly hasPolicy: boolean;
  /** Of the e-mails of members; an empty list: any. */
  readonly allowedDomains: readonly string[];
  /** Active members; absent: not asked. */
  readonly activeMembers?: number;
  /** Active members who administer it; absent: not asked. */
  readonly admins?: ReadonlySet<string>;
}

export interface LiveChannel {
  readonly id: string;
  /** Without its team. */
  readonly name: string;
  readonly team: string;
  readonly isPrivate: boolean;
  readonly isArchived: boolean;
  readonly isGroupSynced: boolean;
  /** An access policy decides who may be in it. */
  readonly hasPolicy: boolean;
  /** Active members; absent: not asked. */
  readonly activeMembers?: number;
}

/** The teams and channels that a plan speaks of. A name that was asked for and is missing is none of the server's. */
export interface LivePlaces {
  readonly teams: ReadonlyMap<string, LiveTeam>;
  /** By team and channel: `core/ops`. */
  readonly channels: ReadonlyMap<string, LiveChannel>;
  /** How many active members a team may have; absent: the server does not say. */
  readonly maxPerTeam?: number;
  /** By place, every active account in it, and whether it administers; only of places of which that was asked. */
  readonly inside?: ReadonlyMap<string, ReadonlyMap<AccountId, boolean>>;
  /** By account, the channels of guests who may have to leave one of them; absent: of no one. */
  readonly guestChannels?: ReadonlyMap<AccountId, readonly string[]>;
  /** Channels, without their teams, that the server adds everyone to who joins a team; absent: not asked. */
  readonly joinedWithTeam?: ReadonlySet<string>;
}

/** What an account is in one place. */
export interface LiveMembership {
  /** `core`, or `core/ops`. */
  readonly place: string;
  readonly isAdmin: boolean;
  /** A private channel; absent: it is none, or that was not asked. */
  readonly isPrivate?: true;
}

/** What an account is in the places that were asked about, or in all. */
export interface LiveMemberships {
  /** Places of which an absence is known, too. */
  readonly asked: ReadonlySet<string> | 'all';
  readonly members: readonly LiveMembership[];
}

export const channelPlace = (team: string, channel: string): string => `${team}/${channel}`;

/** The team of a place. */
export function teamOf(place: string): string {
  const slash = place.indexOf('/');
  return slash === -1 ? place : place.slice(0, slash);
}

export const isChannelPlace = (place: string): boolean => place.includes('/');

/** Everyone in a team is in it, and stays. */
export const defaultChannel = 'town-square';

/** Whether everyone who joins the team is in the channel by that, private ones never. */
export function isJoinedWithTeam(place: string, { joinedWithTeam, channels }: LivePlaces): boolean {
  const name = place.slice(teamOf(place).length + 1);
  return isChannelPlace(place) && joinedWithTeam?.has(name) === true && channels.get(place)?.isPrivate !== true;
}

/** What an account is in a place; `undefined`: that was not asked. */
export function standingIn({ asked, members }: LiveMemberships, place: string): Standing | undefined {
  const found = members.find((one) => one.place === place);
  if (found !== undefined) return found.isAdmin ? 'admin' : 'member';
  return asked === 'all' || asked.has(place) ? 'none' : undefined;
}
