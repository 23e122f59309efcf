import { idArgument, listArgument } from '../arguments.ts';
import {
  decodeChannel,
  decodeChannelCounts,
  decodeChannelMember,
  decodeChannelMembers,
  decodeChannelStats,
  decodeChannels,
} from '../decode-teams.ts';
import type { PageQuery, Pages, Read } from '../operation.ts';
import { offsetPages } from '../pages.ts';
import type { Channel, ChannelMember, ChannelStats } from '../wire.ts';
import { ofAskedPeople } from './asked.ts';
import { selfOrEdit } from './permissions.ts';

export type ChannelFilters = {
  /** Archived channels, too. */
  readonly includeDeleted?: boolean;
};

export interface ChannelReads {
  /** Reads one page of the public and private channels of all teams. */
  readonly list: Read<[], readonly Channel[], ChannelFilters & PageQuery>;
  /** Reads the channels of all teams page by page. Pages can shift where channels have equal display names. */
  readonly pages: Pages<[], Channel, ChannelFilters>;
  /** Reads one channel by id, also an archived one. */
  readonly get: Read<[channelId: string], Channel>;
  /** Reads one channel of a team by name. Archived ones are found only with `includeDeleted`. */
  readonly getByName: Read<[teamId: string, name: string], Channel, ChannelFilters>;
  /** Reads one page of the public channels of a team. */
  readonly publicOf: Read<[teamId: string], readonly Channel[], PageQuery>;
  /** Reads the public channels of a team page by page. */
  readonly publicPages: Pages<[teamId: string], Channel>;
  /** Reads one page of the private channels of a team. */
  readonly privateOf: Read<[teamId: string], readonly Channel[], PageQuery>;
  /** Reads the private channels of a team page by page. */
  readonly privatePages: Pages<[teamId: string], Channel>;
  /** Reads one page of the archived channels of a team, the private ones for system admins alone. */
  readonly archivedOf: Read<[teamId: string], readonly Channel[], PageQuery>;
  /** Reads the archived channels of a team page by page. */
  readonly archivedPages: Pages<[teamId: string], Channel>;
  /** Reads one page of the members of a channel, inactive accounts too. Pages have no order and can repeat or skip people. */
  readonly members: Read<[channelId: string], readonly ChannelMember[], PageQuery>;
  /**
   * Reads the members of a channel page by page. The pages have no order: while others write they repeat and skip people.
   * `users.pages({ inChannel })` has one.
   */
  readonly memberPages: Pages<[channelId: string], ChannelMember>;
  /** Reads who of these people are members, in no order: others are left out. At most 10,000 a call. */
  readonly membersByIds: Read<[channelId: string, userIds: readonly string[]], readonly ChannelMember[]>;
  /** Reads one membership, from the primary database. Answers 404 when there is none. */
  readonly getMember: Read<[channelId: string, userId: string], ChannelMember>;
  /** Reads all channels of a person, direct ones too. Answers 404 instead of an empty list. */
  readonly ofUser: Read<[userId: string], readonly Channel[], ChannelFilters>;
  /** Reads the channels of a person in a team, direct ones too. */
  readonly ofUserInTeam: Read<[userId: string, teamId: string], readonly Channel[], ChannelFilters>;
  /** Reads all channel memberships of a person, direct ones too. */
  readonly membershipsOf: Read<[userId: string], readonly ChannelMember[]>;
  /** Reads the channel memberships of a person in a team, direct ones too. */
  readonly membershipsInTeam: Read<[userId: string, teamId: string], readonly ChannelMember[]>;
  /** Counts the members of a channel that have an active account: fewer than its listing can hold. */
  readonly stats: Read<[channelId: string], ChannelStats>;
  /** Counts the members of channels that have an active account, by channel id. At most 10,000 a call. */
  readonly memberCounts: Read<[channelIds: readonly string[]], ReadonlyMap<string, number>>;
}

const readChannel = 'read_channel';
const readConsole = 'sysconsole_read_user_management_channels';
const pageNames = { page: 'page', perPage: 'per_page' } as const;

const list: Read<[], readonly Channel[], ChannelFilters & PageQuery> = {
  access: 'read',
  method: 'GET',
  path: '/channels',
  permission: readConsole,
  query: { includeDeleted: 'include_deleted', ...pageNames },
  decode: decodeChannels,
};

function ofTeam(path: `/${string}`, permission: string): Read<[teamId: string], readonly Channel[], PageQuery> {
  return {
    access: 'read',
    method: 'GET',
    path,
    permission,
    query: pageNames,
    decode: decodeChannels,
    disagrees: (channels, [teamId]) =>
      channels.every((channel) => channel.team_id === teamId) ? undefined : 'other-team',
  };
}

const publicOf = ofTeam('/teams/{team_id}/channels', 'list_team_channels');
const privateOf = ofTeam('/teams/{team_id}/channels/private', 'manage_system');
const archivedOf = ofTeam('/teams/{team_id}/channels/deleted', 'list_team_channels; private channels: manage_system');

const members: Read<[channelId: string], readonly ChannelMember[], PageQuery> = {
  access: 'read',
  method: 'GET',
  path: '/channels/{channel_id}/members',
  permission: readChannel,
  query: pageNames,
  decode: decodeChannelMembers,
  disagrees: (rows, [channelId]) => (rows.every((row) => row.channel_id === channelId) ? undefined : 'other-channel'),
};

export const channelReads: ChannelReads = {
  list,
  pages: offsetPages(list),
  get: {
    access: 'read',
    method: 'GET',
    path: '/channels/{channel_id}',
    permission: readChannel,
    decode: decodeChannel,
    disagrees: (channel, [channelId]) => (channel.id === channelId ? undefined : 'other-channel'),
  },
  getByName: {
    access: 'read',
    method: 'GET',
    path: '/teams/{team_id}/channels/name/{channel_name}',
    permission: `${readChannel}; for a private channel of others manage_team`,
    query: { includeDeleted: 'include_deleted' },
    decode: decodeChannel,
    disagrees: (channel, [teamId, name]) =>
      channel.team_id === teamId && channel.name === name ? undefined : 'other-channel',
  },
  publicOf,
  publicPages: offsetPages(publicOf),
  privateOf,
  privatePages: offsetPages(privateOf),
  archivedOf,
  archivedPages: offsetPages(archivedOf),
  members,
  memberPages: offsetPages(members),
  membersByIds: {
    access: 'read',
    method: 'POST',
    path: '/channels/{channel_id}/members/ids',
    permission: readChannel,
    body: (userIds) => listArgument(userIds, 'userIds', idArgument, 10_000),
    decode: decodeChannelMembers,
    disagrees: (rows, [channelId, userIds]) =>
      rows.every((row) => row.channel_id === channelId) ? ofAskedPeople(rows, userIds) : 'other-channel',
  },
  getMember: {
    access: 'read',
    method: 'GET',
    path: '/channels/{channel_id}/members/{user_id}',
    permission: readChannel,
    decode: decodeChannelMember,
    disagrees: (row, [channelId, userId]) =>
      row.channel_id === channelId && (userId === 'me' || row.user_id === userId) ? undefined : 'other-membership',
  },
  ofUser: {
    access: 'read',
    method: 'GET',
    path: '/users/{user_id}/channels',
    permission: selfOrEdit,
    query: { includeDeleted: 'include_deleted' },
    decode: decodeChannels,
  },
  ofUserInTeam: {
    access: 'read',
    method: 'GET',
    path: '/users/{user_id}/teams/{team_id}/channels',
    permission: `view_team, and: ${selfOrEdit}`,
    query: { includeDeleted: 'include_deleted' },
    decode: decodeChannels,
    disagrees: (channels, [, teamId]) =>
      channels.every(({ team_id }) => team_id === teamId || team_id === '') ? undefined : 'other-team',
  },
  membershipsOf: {
    access: 'read',
    method: 'GET',
    path: '/users/{user_id}/channel_members?page=-1',
    permission: selfOrEdit,
    answers: 'json-lines',
    decode: decodeChannelMembers,
    disagrees: (rows, [userId]) =>
      userId === 'me' || rows.every((row) => row.user_id === userId) ? undefined : 'other-membership',
  },
  membershipsInTeam: {
    access: 'read',
    method: 'GET',
    path: '/users/{user_id}/teams/{team_id}/channels/members',
    permission: 'view_team, and: oneself, or manage_system',
    decode: decodeChannelMembers,
    disagrees: (rows, [userId]) =>
      userId === 'me' || rows.every((row) => row.user_id === userId) ? undefined : 'other-membership',
  },
  stats: {
    access: 'read',
    method: 'GET',
    path: '/channels/{channel_id}/stats',
    permission: readChannel,
    decode: decodeChannelStats,
    disagrees: (stats, [channelId]) => (stats.channel_id === channelId ? undefined : 'other-channel'),
  },
  memberCounts: {
    access: 'read',
    method: 'POST',
    path: '/channels/stats/member_count',
    permission: 'list_team_channels',
    body: (channelIds) => listArgument(channelIds, 'channelIds', idArgument, 10_000),
    decode: decodeChannelCounts,
    disagrees(counts, [channelIds]) {
      const asked = new Set(channelIds);
      return [...counts.keys()].every((channelId) => asked.has(channelId)) ? undefined : 'other-channel';
    },
  },
};
