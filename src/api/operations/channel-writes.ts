import {
  BadArgument,
  flagArgument,
  idArgument,
  knownKeys,
  listArgument,
  oneOfArgument,
  roleArgument,
  textArgument,
} from '../arguments.ts';
import { decodeOk } from '../decode.ts';
import { decodeChannel, decodeChannelMember, decodeChannelMembers } from '../decode-teams.ts';
import type { Disagreement, Write } from '../operation.ts';
import type { Channel, ChannelMember, ChannelPatch, NewChannel } from '../wire.ts';
import { ofAskedPeople } from './asked.ts';

export interface ChannelWrites {
  /** Creates a channel of a team. The caller becomes its member and its admin; the name of an archived channel is taken. */
  readonly create: Write<[channel: NewChannel], Channel>;
  /**
   * Changes the given fields of a channel. `group_constrained: true` makes the server remove everybody whom no linked
   * group holds.
   */
  readonly patch: Write<[channelId: string, patch: ChannelPatch], Channel>;
  /** Archives a channel and deletes its webhooks for good. Its memberships stay. A second call is refused. */
  readonly archive: Write<[channelId: string], void>;
  /** Brings an archived channel back. A live one is refused. */
  readonly restore: Write<[channelId: string], Channel>;
  /** Adds one person of the team, with an active account. A person who is a member already is no error. */
  readonly addMember: Write<[channelId: string, userId: string], ChannelMember>;
  /**
   * Adds 1 to 1,000 people, one after the other, and answers who of them are in now. The server does not say why the
   * others are not. It goes on after the caller gave up. Give the call a long `timeoutMs`.
   */
  readonly addMembers: Write<[channelId: string, userIds: readonly string[]], readonly ChannelMember[]>;
  /** Removes a person from a channel. Answers 404 for a person who is no member. A guest's last channel takes the team along. */
  readonly removeMember: Write<[channelId: string, userId: string], void>;
  /** Makes a member an admin of the channel, or takes that away. */
  readonly setMemberAdmin: Write<[channelId: string, userId: string, isAdmin: boolean], void>;
  /** Replaces the roles of a member, with those beyond the usual ones. Prefer {@link ChannelWrites.setMemberAdmin}. */
  readonly setMemberRoles: Write<[channelId: string, userId: string, roles: readonly string[]], void>;
}

const manageMembers = 'manage_public_channel_members or manage_private_channel_members';
const manageProperties = 'manage_public_channel_properties or manage_private_channel_properties';

const createKeys: ReadonlySet<string> = new Set(['team_id', 'name', 'display_name', 'type', 'header', 'purpose']);
const patchKeys: ReadonlySet<string> = new Set(['name', 'display_name', 'header', 'purpose', 'group_constrained']);

const onChannel = (channel: Channel, [channelId]: readonly [string, ...unknown[]]): Disagreement | undefined =>
  channel.id === channelId ? undefined : 'other-channel';

export const channelWrites: ChannelWrites = {
  create: {
    access: 'write',
    repeat: 'look-first',
    method: 'POST',
    path: '/channels',
    permission: 'create_public_channel or create_private_channel',
    body(channel) {
      const known = knownKeys(channel, 'channel', createKeys);
      idArgument(known.team_id, 'channel.team_id');
      textArgument(known.name, 'channel.name');
      textArgument(known.display_name, 'channel.display_name');
      oneOfArgument(known.type, 'channel.type', ['O', 'P']);
      return known;
    },
    decode: decodeChannel,
    disagrees: (created, [channel]) => (created.team_id === channel.team_id ? undefined : 'other-channel'),
  },
  patch: {
    access: 'write',
    repeat: 'safe',
    method: 'PUT',
    path: '/channels/{channel_id}/patch',
    permission: manageProperties,
    body(patch) {
      const known = knownKeys(patch, 'patch', patchKeys);
      if (Object.values(known).every((value) => value === undefined)) throw new BadArgument({ is: 'empty-patch' });
      return known;
    },
    decode: decodeChannel,
    disagrees: onChannel,
  },
  archive: {
    access: 'write',
    repeat: 'look-first',
    method: 'DELETE',
    path: '/channels/{channel_id}',
    permission: 'delete_public_channel or delete_private_channel',
    decode: decodeOk,
  },
  restore: {
    access: 'write',
    repeat: 'look-first',
    method: 'POST',
    path: '/channels/{channel_id}/restore',
    permission: 'manage_team',
    decode: decodeChannel,
    disagrees: onChannel,
  },
  addMember: {
    access: 'write',
    repeat: 'look-first',
    method: 'POST',
    path: '/channels/{channel_id}/members',
    permission: manageMembers,
    body: (userId) => ({ user_id: idArgument(userId, 'userId') }),
    decode: decodeChannelMember,
    disagrees: (row, [channelId, userId]) =>
      row.channel_id === channelId && row.user_id === userId ? undefined : 'other-membership',
  },
  addMembers: {
    access: 'write',
    repeat: 'look-first',
    method: 'POST',
    path: '/channels/{channel_id}/members',
    permission: manageMembers,
    body: (userIds) => ({ user_ids: [...new Set(listArgument(userIds, 'userIds', idArgument, 1000))] }),
    decode: decodeChannelMembers,
    disagrees: (rows, [channelId, userIds]) =>
      rows.every((row) => row.channel_id === channelId) ? ofAskedPeople(rows, userIds) : 'other-channel',
  },
  removeMember: {
    access: 'write',
    repeat: 'look-first',
    method: 'DELETE',
    path: '/channels/{channel_id}/members/{user_id}',
    permission: `oneself, or ${manageMembers}`,
    decode: decodeOk,
  },
  setMemberAdmin: {
    access: 'write',
    repeat: 'safe',
    method: 'PUT',
    path: '/channels/{channel_id}/members/{user_id}/schemeRoles',
    permission: 'manage_channel_roles',
    body: (isAdmin) => ({ scheme_user: true, scheme_admin: flagArgument(isAdmin, 'isAdmin') }),
    decode: decodeOk,
  },
  setMemberRoles: {
    access: 'write',
    repeat: 'safe',
    method: 'PUT',
    path: '/channels/{channel_id}/members/{user_id}/roles',
    permission: 'manage_channel_roles',
    body: (roles) => ({ roles: listArgument(roles, 'roles', roleArgument).join(' ') }),
    decode: decodeOk,
  },
};
