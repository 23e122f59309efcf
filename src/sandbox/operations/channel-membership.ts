import { Refusal } from '../errors.ts';
import { type MemberState, newcomer } from '../members.ts';
import { type ChannelRow, isActive, isGuest, type UserRow } from '../rows.ts';
import type { World } from '../world.ts';
import { firstChannel } from './places.ts';
import { leaveTeam } from './team-membership.ts';

/** Makes a person a member of a channel of their team. Whether the channel is archived is not asked. */
export function joinChannel(world: World, channel: ChannelRow, user: UserRow, by: string): MemberState {
  if (!isActive(user)) throw new Refusal('app.channel.add_member.deleted_user.app_error');
  const inTeam = world.store.teamMembers.get(channel.team_id, user.id);
  if (inTeam === undefined) throw new Refusal('app.team.get_member.missing.app_error');
  if (inTeam.delete_at !== 0) throw new Refusal('api.channel.add_user.to.channel.failed.deleted.app_error');
  // Policies of public channels only advise.
  if (channel.policy_enforced && channel.type === 'P') throw new Refusal('api.channel.add_user.to.channel.rejected');
  if (world.pluginRefuses.has(user.username)) throw new Refusal('app.channel.add_user.to.channel.rejected_by_plugin');
  const state = newcomer(isGuest(user));
  world.store.channelMembers.put(channel.id, user.id, state);
  if (by === user.id) world.post(channel.id, user.id, 'system_join_channel');
  else world.post(channel.id, by, 'system_add_to_channel', user.id);
  return state;
}

/** Takes a person out of a channel; a guest who was in no other one of the team leaves that, too. */
export function leaveChannel(world: World, channel: ChannelRow, user: UserRow, by: string): void {
  const { store } = world;
  if (channel.name === firstChannel && !isGuest(user)) throw new Refusal('api.channel.remove.default.app_error');
  if (store.channelMembers.get(channel.id, user.id) === undefined)
    throw new Refusal('app.channel.get_member.missing.app_error');
  store.channelMembers.remove(channel.id, user.id);
  if (by === user.id) world.post(channel.id, user.id, 'system_leave_channel');
  else world.post(channel.id, by, 'system_remove_from_channel', user.id);
  const team = store.teams.get(channel.team_id);
  if (!isGuest(user) || team === undefined) return;
  const hasOther = store.channels.ofTeam(team.id).some(({ id }) => store.channelMembers.get(id, user.id) !== undefined);
  if (!hasOther) leaveTeam(world, team, user, by);
}
