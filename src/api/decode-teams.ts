/** Answers about teams, channels and their members. Invite ids, which let people join a team, are left behind here. */
import { isRecord } from '../model/is-record.ts';
import {
  type Decoder,
  deletionMoment,
  fields,
  flagOrFalse,
  id,
  kindOf,
  list,
  listOrNull,
  Mismatch,
  momentOrZero,
  text,
  textOrEmpty,
  under,
  whole,
} from './decode.ts';
import type {
  AdditionError,
  Channel,
  ChannelMember,
  ChannelStats,
  Team,
  TeamAddition,
  TeamMember,
  TeamStats,
} from './wire.ts';

export const decodeTeam: Decoder<Team> = (value) => {
  const from = fields(value);
  return {
    id: id(from, 'id'),
    create_at: momentOrZero(from, 'create_at'),
    delete_at: deletionMoment(from, 'delete_at'),
    name: text(from, 'name'),
    display_name: textOrEmpty(from, 'display_name'),
    description: textOrEmpty(from, 'description'),
    type: text(from, 'type'),
    email: textOrEmpty(from, 'email'),
    allowed_domains: textOrEmpty(from, 'allowed_domains'),
    allow_open_invite: flagOrFalse(from, 'allow_open_invite'),
    group_constrained: nullableFlag(from['group_constrained'], 'group_constrained'),
    scheme_id: textOrEmpty(from, 'scheme_id'),
    policy_enforced: flagOrFalse(from, 'policy_enforced'),
  };
};
export const decodeTeams: Decoder<readonly Team[]> = listOrNull(decodeTeam);

/** `null` where it was never said. */
function nullableFlag(value: unknown, key: string): boolean {
  if (typeof value === 'boolean') return value;
  if (value === null || value === undefined) return false;
  throw new Mismatch(key, 'a boolean or nothing', kindOf(value));
}

/** A page of teams with the number of all. */
export const decodeTeamCount: Decoder<number> = (value) => whole(fields(value), 'total_count');

const memberFlags = (from: Parameters<typeof flagOrFalse>[0]): Pick<TeamMember, MemberFlag> => ({
  roles: text(from, 'roles'),
  explicit_roles: textOrEmpty(from, 'explicit_roles'),
  scheme_guest: flagOrFalse(from, 'scheme_guest'),
  scheme_user: flagOrFalse(from, 'scheme_user'),
  scheme_admin: flagOrFalse(from, 'scheme_admin'),
});
type MemberFlag = 'roles' | 'explicit_roles' | 'scheme_guest' | 'scheme_user' | 'scheme_admin';

export const decodeTeamMember: Decoder<TeamMember> = (value) => {
  const from = fields(value);
  return {
    team_id: id(from, 'team_id'),
    user_id: id(from, 'user_id'),
    ...memberFlags(from),
    delete_at: deletionMoment(from, 'delete_at'),
  };
};
export const decodeTeamMembers: Decoder<readonly TeamMember[]> = listOrNull(decodeTeamMember);

/** The names of errors, as they stand in every refusal of the server; anything else is not shown. */
const errorId = /^[a-z_]+(?:\.[a-z_]+)+$/;

const decodeAdditionError: Decoder<AdditionError> = (value) => {
  const from = fields(value);
  const { id: named } = from;
  return {
    id: typeof named === 'string' && named.length <= 128 && errorId.test(named) ? named : undefined,
    status: whole(from, 'status_code'),
  };
};

/** One row of a batch: a membership or an error, never both and never neither. */
const decodeTeamAddition: Decoder<TeamAddition> = (value) => {
  const from = fields(value);
  const user_id = id(from, 'user_id');
  const { member, error } = from;
  if (isRecord(error) && !isRecord(member))
    return { user_id, member: undefined, error: under(from, 'error', decodeAdditionError) };
  if (isRecord(member) && !isRecord(error))
    return { user_id, member: under(from, 'member', decodeTeamMember), error: undefined };
  throw new Mismatch('member', 'a member or an error', isRecord(member) ? 'both' : 'neither');
};
export const decodeTeamAdditions: Decoder<readonly TeamAddition[]> = list(decodeTeamAddition);

export const decodeTeamStats: Decoder<TeamStats> = (value) => {
  const from = fields(value);
  return {
    team_id: id(from, 'team_id'),
    total_member_count: whole(from, 'total_member_count'),
    active_member_count: whole(from, 'active_member_count'),
  };
};

export const decodeChannel: Decoder<Channel> = (value) => {
  const from = fields(value);
  return {
    id: id(from, 'id'),
    create_at: momentOrZero(from, 'create_at'),
    delete_at: deletionMoment(from, 'delete_at'),
    team_id: text(from, 'team_id'),
    type: text(from, 'type'),
    name: text(from, 'name'),
    display_name: textOrEmpty(from, 'display_name'),
    creator_id: textOrEmpty(from, 'creator_id'),
    group_constrained: nullableFlag(from['group_constrained'], 'group_constrained'),
    shared: nullableFlag(from['shared'], 'shared'),
    scheme_id: textOrEmpty(from, 'scheme_id'),
    policy_enforced: flagOrFalse(from, 'policy_enforced'),
  };
};
export const decodeChannels: Decoder<readonly Channel[]> = listOrNull(decodeChannel);

export const decodeChannelMember: Decoder<ChannelMember> = (value) => {
  const from = fields(value);
  return { channel_id: id(from, 'channel_id'), user_id: id(from, 'user_id'), ...memberFlags(from) };
};
export const decodeChannelMembers: Decoder<readonly ChannelMember[]> = listOrNull(decodeChannelMember);

export const decodeChannelStats: Decoder<ChannelStats> = (value) => {
  const from = fields(value);
  return {
    channel_id: id(from, 'channel_id'),
    member_count: whole(from, 'member_count'),
    guest_count: whole(from, 'guest_count'),
  };
};

/** Counts by channel id. */
export const decodeChannelCounts: Decoder<ReadonlyMap<string, number>> = (value) => {
  const from = fields(value);
  return new Map(Object.keys(from).map((channelId) => [channelId, whole(from, channelId)]));
};
