import type { Call } from '../call.ts';
import { forbidden, invalidBody, Refusal } from '../errors.ts';
import { Fields } from '../go-json.ts';
import { isId } from '../ids.ts';
import { removeUnbound } from '../operations/group-constraint.ts';
import { newChannel } from '../operations/make-places.ts';
import { firstChannel } from '../operations/places.ts';
import { isTrue, pageOf, readListPage } from '../paging.ts';
import { json, ok, type Reply } from '../reply.ts';
import { del, get, post, put, type Route } from '../route.ts';
import { type ChannelRow, isActive } from '../rows.ts';
import { checkChannel, normalChannel } from '../rules/check-place.ts';
import { goTrim } from '../rules/normalize.ts';
import { readStrings } from '../user-input.ts';
import { viewChannel } from '../view-places.ts';
import { teamPath } from './teams.ts';

export const channelPath = '/channels/:channel_id{[A-Za-z0-9]+}';

/** Channels themselves (memberships §2, §4). */
export const channelRoutes: readonly Route[] = [
  get('/channels', listChannels, { permission: 'sysconsole_read_user_management_channels' }),
  post('/channels', createChannel),
  post('/channels/stats/member_count', memberCounts),
  get(`${teamPath}/channels`, (call) => listOfTeam(call, ({ type, delete_at }) => type === 'O' && delete_at === 0)),
  get(
    `${teamPath}/channels/private`,
    (call) => listOfTeam(call, ({ type, delete_at }) => type === 'P' && delete_at === 0),
    {
      permission: 'manage_system',
    },
  ),
  get(`${teamPath}/channels/deleted`, (call) => listOfTeam(call, (channel) => isShownArchived(call, channel))),
  get(`${teamPath}/channels/name/:channel_name{[A-Za-z0-9_-]+}`, channelByName),
  get(channelPath, (call) => json(viewChannel(readable(call, pathChannel(call))))),
  del(channelPath, archiveChannel),
  put(`${channelPath}/patch`, patchChannel),
  post(`${channelPath}/restore`, restoreChannel),
  get(`${channelPath}/stats`, channelStats),
];

/** The channel of the path. @throws {Refusal} 404 when there is none */
export function pathChannel(call: Call): ChannelRow {
  const channel = call.world.store.channels.get(call.pathId('channel_id'));
  if (channel === undefined) throw new Refusal('app.channel.get.existing.app_error');
  return channel;
}

/** The channel of the path for a call that asks for a permission first: an unknown channel gives none to anyone. */
export function permittedChannel(call: Call, permission: string): ChannelRow {
  const channel = call.world.store.channels.get(call.pathId('channel_id'));
  if (channel === undefined || !call.mayInChannel(channel, permission)) throw forbidden();
  return channel;
}

function readable(call: Call, channel: ChannelRow): ChannelRow {
  const isPublic = channel.type === 'O' && call.mayInTeam(channel.team_id, 'read_public_channel');
  if (!isPublic && !call.mayInChannel(channel, 'read_channel')) throw forbidden();
  return channel;
}

const byDisplayName = (call: Call, channels: readonly ChannelRow[]): readonly ChannelRow[] =>
  call.world
    .shuffled(channels)
    .toSorted((a, b) => (a.display_name < b.display_name ? -1 : a.display_name > b.display_name ? 1 : 0));

/** All of the server, with the face of their team; by display name and nothing else. */
function listChannels(call: Call): Reply {
  const { world, query } = call;
  const withArchived = isTrue(query.get('include_deleted'));
  const all = [...world.store.channels.all()].filter(
    ({ type, delete_at }) => (type === 'O' || type === 'P') && (withArchived || delete_at === 0),
  );
  const page = pageOf(byDisplayName(call, all), readListPage(query), forbidden()).map((channel) => {
    const team = world.store.teams.get(channel.team_id);
    return {
      ...viewChannel(channel),
      team_display_name: team?.display_name ?? '',
      team_name: team?.name ?? '',
      team_update_at: team?.update_at ?? 0,
    };
  });
  return json(isTrue(query.get('include_total_count')) ? { channels: page, total_count: all.length } : page);
}

function listOfTeam(call: Call, isShown: (channel: ChannelRow) => boolean): Reply {
  const teamId = call.pathId('team_id');
  if (!call.mayInTeam(teamId, 'list_team_channels')) throw forbidden();
  const shown = byDisplayName(call, call.world.store.channels.ofTeam(teamId).filter(isShown));
  return json(pageOf(shown, readListPage(call.query), forbidden()).map(viewChannel));
}

/** Private ones for their members and for administrators. */
function isShownArchived(call: Call, { id, type, delete_at }: ChannelRow): boolean {
  if (delete_at === 0) return false;
  return type === 'O' || call.isAdmin || call.channelMembers.get(id, call.callerId) !== undefined;
}

/** A private channel that the caller may not see is as good as none. */
function channelByName(call: Call): Reply {
  const none = new Refusal('app.channel.get_by_name.missing.app_error');
  const channel = call.world.store.channels.byName(call.pathId('team_id'), call.param('channel_name'));
  const isHidden = channel !== undefined && channel.delete_at !== 0 && !isTrue(call.query.get('include_deleted'));
  if (channel === undefined || isHidden) throw none;
  if (channel.type === 'O') return json(viewChannel(readable(call, channel)));
  const seesIt = call.mayInTeam(channel.team_id, 'manage_team') || call.mayInChannel(channel, 'read_channel');
  if (!seesIt) throw none;
  return json(viewChannel(channel));
}

function createChannel(call: Call): Reply {
  const { caller } = call;
  const input = call.decode((value) => {
    const fields = new Fields(value);
    const text = (name: string): string => fields.string(name) ?? '';
    return {
      team_id: text('team_id'),
      name: text('name'),
      display_name: text('display_name'),
      type: text('type'),
      header: text('header'),
      purpose: text('purpose'),
    };
  }, invalidBody('channel'));
  if (input.team_id === '') throw invalidBody('team_id');
  if (input.display_name === '') throw invalidBody('display_name');
  // What is of no type is found out by `checkChannel`.
  const { type } = input;
  if (type === 'O' && !call.mayInTeam(input.team_id, 'create_public_channel')) throw forbidden();
  if (type === 'P' && !call.mayInTeam(input.team_id, 'create_private_channel')) throw forbidden();
  if (type === 'D' || type === 'G') throw new Refusal('api.channel.create_channel.direct_channel.app_error');
  if (caller === undefined) throw forbidden();
  const wanted = { ...input, display_name: goTrim(input.display_name) };
  return json(viewChannel(newChannel(call.world, wanted, caller)), { status: 201 });
}

/** Changes that the channel is told of. */
const told = [
  ['display_name', 'system_displayname_change'],
  ['header', 'system_header_change'],
  ['purpose', 'system_purpose_change'],
] as const;

function patchChannel(call: Call): Reply {
  const { world } = call;
  call.pathId('channel_id');
  const patch = call.decode((value) => {
    const fields = new Fields(value);
    return {
      name: fields.string('name'),
      display_name: fields.string('display_name'),
      header: fields.string('header'),
      purpose: fields.string('purpose'),
      group_constrained: fields.boolean('group_constrained'),
    };
  }, invalidBody('channel'));
  const channel = pathChannel(call);
  const kind = channel.type === 'O' ? 'public' : 'private';
  if (!call.mayInChannel(channel, `manage_${kind}_channel_properties`)) throw forbidden();
  if (channel.name === firstChannel && patch.name !== undefined && patch.name !== channel.name)
    throw new Refusal('api.channel.update_channel.tried.app_error');
  const given = Object.fromEntries(
    Object.entries({
      ...patch,
      display_name: patch.display_name === undefined ? undefined : goTrim(patch.display_name),
    }).filter(([, value]) => value !== undefined),
  );
  if (channel.delete_at !== 0) throw new Refusal('app.channel.update.bad_id');
  const changed = normalChannel({ ...channel, ...given, update_at: world.now() });
  checkChannel(changed);
  const taken = world.store.channels.byName(channel.team_id, changed.name);
  if (taken !== undefined && taken.id !== channel.id)
    throw new Refusal('store.sql_channel.save_channel.exists.app_error');
  world.store.channels.put(changed);
  for (const [key, type] of told) if (changed[key] !== channel[key]) world.post(channel.id, call.callerId, type);
  if (patch.group_constrained === true) removeUnbound(world, world.store.channelMembers, channel.id);
  return json(viewChannel(changed));
}

/** Its incoming webhooks go for good; its members stay. */
function archiveChannel(call: Call): Reply {
  const { world } = call;
  const channel = pathChannel(call);
  const kind = channel.type === 'O' ? 'public' : 'private';
  if (!call.mayInChannel(channel, `delete_${kind}_channel`)) throw forbidden();
  if (channel.delete_at !== 0) throw new Refusal('api.channel.delete_channel.deleted.app_error');
  if (channel.name === firstChannel) throw new Refusal('api.channel.delete_channel.cannot.app_error');
  for (const one of world.store.integrations.values())
    if (one.channel_id === channel.id) world.store.integrations.delete(one.id);
  world.post(channel.id, call.callerId, 'system_channel_deleted');
  world.store.channels.put({ ...channel, delete_at: world.now(), update_at: world.now() });
  return ok;
}

function restoreChannel(call: Call): Reply {
  const { world } = call;
  const channel = pathChannel(call);
  if (!call.mayInTeam(channel.team_id, 'manage_team')) throw forbidden();
  if (channel.delete_at === 0) throw new Refusal('api.channel.restore_channel.restored.app_error');
  const restored = { ...channel, delete_at: 0, update_at: world.now() };
  world.store.channels.put(restored);
  world.post(channel.id, call.callerId, 'system_channel_restored');
  return json(viewChannel(restored));
}

/** Active accounts alone: a listing of the members can be longer. */
function countMembers({ world }: Call, channelId: string): { readonly all: number; readonly guests: number } {
  let [all, guests] = [0, 0];
  for (const [userId, state] of world.store.channelMembers.of(channelId)) {
    const user = world.user(userId);
    if (user === undefined || !isActive(user)) continue;
    all++;
    if (state.scheme_guest) guests++;
  }
  return { all, guests };
}

function channelStats(call: Call): Reply {
  const channel = permittedChannel(call, 'read_channel');
  const { all, guests } = countMembers(call, channel.id);
  return json({
    channel_id: channel.id,
    member_count: all,
    guest_count: guests,
    pinnedpost_count: 0,
    files_count: 0,
  });
}

/** Of an unknown channel: 0. */
function memberCounts(call: Call): Reply {
  const ids = call.decode(readStrings, new Refusal('api.payload.parse.error'));
  if (!ids.every(isId)) throw new Refusal('app.channel.get.existing.app_error');
  for (const id of ids) {
    const channel = call.world.store.channels.get(id);
    if (!call.isAdmin && (channel === undefined || !call.mayInTeam(channel.team_id, 'list_team_channels')))
      throw forbidden();
  }
  return json(Object.fromEntries(ids.toSorted().map((id) => [id, countMembers(call, id).all])));
}
