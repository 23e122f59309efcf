import type { MemberState } from '../members.ts';
import type { ChannelRow, TeamRow, UserRow } from '../rows.ts';
import type { World } from '../world.ts';

/** The channel that everybody of a team is in. */
export const firstChannel = 'town-square';

/** The names of the channels that a member joins with the team. */
export function defaultChannelNames(world: World): readonly string[] {
  const named = world.config['TeamSettings.ExperimentalDefaultChannels'];
  return [...new Set([firstChannel, ...(named.length === 0 ? ['off-topic'] : named)])];
}

/** The roles that a membership amounts to, in the order of the wire: explicit ones first, then the flags. */
export function rolesOf(kind: 'team' | 'channel', state: MemberState): readonly string[] {
  return [
    ...state.explicit_roles.split(' ').filter((name) => name !== ''),
    ...(state.scheme_guest ? [`${kind}_guest`] : []),
    ...(state.scheme_user ? [`${kind}_user`] : []),
    ...(state.scheme_admin ? [`${kind}_admin`] : []),
  ];
}

const grant = (world: World, roles: readonly string[], permission: string): boolean =>
  roles.some((name) => world.role(name)?.permissions.includes(permission) === true);

/** Whether a person may do something in a team: by their own roles, or by those of a membership that they did not leave. */
export function grantsInTeam(world: World, user: UserRow, teamId: string, permission: string): boolean {
  if (world.grants(user, permission)) return true;
  const state = world.store.teamMembers.get(teamId, user.id);
  return state?.delete_at === 0 && grant(world, rolesOf('team', state), permission);
}

/** The same in a channel: its members, then what the team grants. */
export function grantsInChannel(world: World, user: UserRow, channel: ChannelRow, permission: string): boolean {
  const state = world.store.channelMembers.get(channel.id, user.id);
  if (state !== undefined && grant(world, rolesOf('channel', state), permission)) return true;
  return grantsInTeam(world, user, channel.team_id, permission);
}

/** Where a team's members meet; undefined when that channel is gone. */
export const firstChannelOf = (world: World, team: TeamRow): ChannelRow | undefined =>
  world.store.channels.byName(team.id, firstChannel);
