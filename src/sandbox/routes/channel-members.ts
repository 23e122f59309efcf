import type { Call } from '../call.ts';
import { forbidden, invalidBody, noUser, Refusal } from '../errors.ts';
import { isId } from '../ids.ts';
import type { MemberState, Membership } from '../members.ts';
import { joinChannel, leaveChannel } from '../operations/channel-membership.ts';
import { refuseUnbound } from '../operations/group-constraint.ts';
import { withRoles, withSchemeRoles } from '../operations/member-roles.ts';
import { pageOf, readListPage } from '../paging.ts';
import { json, ok, type Reply } from '../reply.ts';
import { del, get, post, put, type Route } from '../route.ts';
import type { ChannelRow } from '../rows.ts';
import { readStrings } from '../user-input.ts';
import { viewChannelMember } from '../view-places.ts';
import { channelPath, pathChannel, permittedChannel } from './channels.ts';

const membersPath = `${channelPath}/members`;
const memberPath = `${membersPath}/:user_id{[A-Za-z0-9]+}`;

/** Members of channels (memberships §2, §4). */
export const channelMemberRoutes: readonly Route[] = [
  get(membersPath, listMembers),
  post(membersPath, addMembers),
  post(`${membersPath}/ids`, membersByIds),
  get(memberPath, getMember),
  del(memberPath, removeMember),
  put(`${memberPath}/schemeRoles`, (call) => changeRoles(call, withSchemeRoles)),
  put(`${memberPath}/roles`, (call) => changeRoles(call, withRoles)),
];

const viewIn =
  (call: Call, channel: ChannelRow) =>
  (membership: Membership): unknown =>
    viewChannelMember(channel.id, membership, call.callerId);

/** In no order at all: a row that changes goes to the end, and pages repeat and skip. A page of 0 is everybody. */
function listMembers(call: Call): Reply {
  const channel = permittedChannel(call, 'read_channel');
  const rows = [...call.channelMembers.of(channel.id)];
  const page = readListPage(call.query);
  const shown = page.perPage === 0 ? rows : pageOf(rows, page, forbidden());
  return json(shown.map(viewIn(call, channel)));
}

function membersByIds(call: Call): Reply {
  const ids = call.decode(readStrings, new Refusal('api.payload.parse.error'));
  if (ids.length === 0) throw invalidBody('user_ids');
  const channel = permittedChannel(call, 'read_channel');
  const rows = call.world.shuffled([...new Set(ids)]).flatMap((userId): readonly Membership[] => {
    const state = call.channelMembers.get(channel.id, userId);
    return state === undefined ? [] : [[userId, state]];
  });
  return json(rows.map(viewIn(call, channel)));
}

function stateOf({ world }: Call, channel: ChannelRow, userId: string): MemberState {
  const state = world.store.channelMembers.get(channel.id, userId);
  if (state === undefined) throw new Refusal('app.channel.get_member.missing.app_error');
  return state;
}

/** From the primary database. */
function getMember(call: Call): Reply {
  const userId = call.pathId();
  const channel = permittedChannel(call, 'read_channel');
  return json(viewIn(call, channel)([userId, stateOf(call, channel, userId)]));
}

const maxIds = 1000;

/** Whom the body names; `user_ids` wins over `user_id`. @throws {Refusal} for one that is no id, and no one is added */
function readIds(call: Call): readonly string[] {
  const { user_ids: list, user_id: single } = call.values;
  if (!Array.isArray(list)) {
    if (typeof single !== 'string' || !isId(single)) throw invalidBody('user_id or user_ids');
    return [single];
  }
  if (list.length > maxIds) throw invalidBody('user_ids');
  const ids: readonly unknown[] = list;
  return ids.map((id) => {
    if (typeof id === 'string' && isId(id)) return id;
    throw invalidBody('user_id in user_ids');
  });
}

/**
 * One after the other: who cannot be added is left out of the answer, and only when no one could be, the last reason
 * is told. Archived channels take people.
 */
function addMembers(call: Call): Reply {
  const { world } = call;
  call.pathId('channel_id');
  const ids = readIds(call);
  const channel = pathChannel(call);
  if (channel.type === 'D' || channel.type === 'G') throw new Refusal('api.channel.add_user_to_channel.type.app_error');
  const isPrivate = channel.type === 'P';
  if (isPrivate && !call.mayInChannel(channel, 'manage_private_channel_members')) throw forbidden();
  if (channel.group_constrained === true) refuseUnbound(world, ids, 'channel');
  const added: Membership[] = [];
  let last: Refusal | undefined;
  for (const userId of ids) {
    try {
      added.push([userId, add(call, channel, userId)]);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      last = error;
    }
  }
  if (added.length === 0 && last !== undefined) throw last;
  const shown = added.map(viewIn(call, channel));
  const isOne = added.length === 1 && added[0]?.[0] === call.values['user_id'];
  // No one asked for, no one added: Go writes a list that was never made as null.
  return json(isOne ? shown[0] : shown.length === 0 ? null : shown, { status: 201 });
}

function add(call: Call, channel: ChannelRow, userId: string): MemberState {
  const { world } = call;
  const present = world.store.channelMembers.get(channel.id, userId);
  const isSelf = userId === call.callerId;
  if (channel.type === 'O' && !(isSelf && present !== undefined)) {
    const mayAdd = isSelf
      ? call.mayInTeam(channel.team_id, 'join_public_channels')
      : call.mayInChannel(channel, 'manage_public_channel_members');
    if (!mayAdd) throw forbidden();
  }
  if (present !== undefined) return present;
  const user = world.user(userId);
  if (user === undefined) throw noUser();
  return joinChannel(world, channel, user, call.callerId);
}

function removeMember(call: Call): Reply {
  const { world } = call;
  const userId = call.pathId();
  const channel = pathChannel(call);
  const user = world.user(userId);
  if (user === undefined) throw noUser();
  if (channel.type === 'D' || channel.type === 'G')
    throw new Refusal('api.channel.remove_channel_member.type.app_error');
  const isSelf = userId === call.callerId;
  if (channel.group_constrained === true && !isSelf && !world.isBot(userId))
    throw new Refusal('api.channel.remove_member.group_constrained.app_error');
  const kind = channel.type === 'O' ? 'public' : 'private';
  if (!isSelf && !call.mayInChannel(channel, `manage_${kind}_channel_members`)) throw forbidden();
  leaveChannel(world, channel, user, call.callerId);
  return ok;
}

function changeRoles(call: Call, change: typeof withRoles): Reply {
  const userId = call.pathId();
  const read = change(call, 'channel');
  const channel = permittedChannel(call, 'manage_channel_roles');
  call.world.store.channelMembers.put(channel.id, userId, read(stateOf(call, channel, userId)));
  return ok;
}
