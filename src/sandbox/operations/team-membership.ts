import { Refusal } from '../errors.ts';
import { type MemberState, newcomer } from '../members.ts';
import { isActive, isGuest, type TeamRow, type UserRow } from '../rows.ts';
import { isAcceptedDomain } from '../rules/check-user.ts';
import type { World } from '../world.ts';
import { defaultChannelNames, firstChannelOf } from './places.ts';

/**
 * Makes a person a member, in the server's order: domains, seats, row, default channels. A present member is told
 * again and otherwise left alone, though only after their domain was looked at. Whether the account is active, and
 * whether the team is archived, is not asked.
 *
 * @param by - who adds; undefined: the messages stand in the name of the person
 */
export function joinTeam(world: World, team: TeamRow, user: UserRow, by: string | undefined): MemberState {
  checkDomains(world, team, user);
  const before = world.store.teamMembers.get(team.id, user.id);
  if (before?.delete_at === 0) {
    world.tell('added_to_team', team.id, user.id);
    return before;
  }
  if (world.pluginRefuses.has(user.username)) throw new Refusal('app.team.join_user_to_team.rejected_by_plugin');
  checkSeats(world, team, before !== undefined);
  const isAdmin = team.email !== '' && team.email === user.email;
  const state = newcomer(isGuest(user), isAdmin);
  world.store.teamMembers.put(team.id, user.id, state);
  touch(world, user);
  if (!isGuest(user)) joinDefaultChannels(world, team, user, { by, isAdmin });
  world.tell('added_to_team', team.id, user.id);
  return state;
}

function checkDomains(world: World, team: TeamRow, user: UserRow): void {
  if (world.isBot(user.id)) return;
  const lists = isGuest(user)
    ? [world.config['GuestAccountsSettings.RestrictCreationToDomains']]
    : [world.config['TeamSettings.RestrictCreationToDomains'], team.allowed_domains];
  if (!lists.every((domains) => isAcceptedDomain(user.email, domains)))
    throw new Refusal('api.team.join_user_to_team.allowed_domains.app_error');
}

/** The seats of a team, counted over members with an active account. */
function checkSeats(world: World, team: TeamRow, isRejoin: boolean): void {
  const seats = world.config['TeamSettings.MaxUsersPerTeam'];
  if (world.store.teamMembers.countPresent(team.id) < seats || countActive(world, team.id) < seats) return;
  throw new Refusal(
    isRejoin
      ? 'app.team.join_user_to_team.max_accounts.app_error'
      : 'app.team.join_user_to_team.save_member.max_accounts.app_error',
  );
}

export function countActive(world: World, teamId: string): number {
  let count = 0;
  for (const [userId, { delete_at }] of world.store.teamMembers.of(teamId)) {
    const user = world.user(userId);
    if (delete_at === 0 && user !== undefined && isActive(user)) count++;
  }
  return count;
}

/** How a person comes into the default channels: on whose word, and whether as their admin, as who owns the address of the team does. */
interface Arrival {
  readonly by?: string | undefined;
  readonly isAdmin?: boolean;
}

/** Public ones alone; what is missing or archived is passed over without a word. */
export function joinDefaultChannels(
  world: World,
  team: TeamRow,
  user: UserRow,
  { by, isAdmin = false }: Arrival = {},
): void {
  for (const [index, name] of defaultChannelNames(world).entries()) {
    const channel = world.store.channels.byName(team.id, name);
    if (channel?.type !== 'O' || channel.delete_at !== 0) continue;
    if (world.store.channelMembers.get(channel.id, user.id) !== undefined) continue;
    world.store.channelMembers.put(channel.id, user.id, newcomer(isGuest(user), isAdmin));
    const place = index === 0 ? 'team' : 'channel';
    if (by !== undefined) world.post(channel.id, by, `system_add_to_${place}`, user.id);
    else world.post(channel.id, user.id, `system_join_${place}`);
  }
}

/**
 * Takes a person out of a team and out of all its channels, archived ones too. The row stays, flags and all; doing it
 * again moves its moment and posts once more.
 */
export function leaveTeam(world: World, team: TeamRow, user: UserRow, by: string): void {
  const { store } = world;
  const state = store.teamMembers.get(team.id, user.id);
  if (state === undefined) throw new Refusal('api.team.remove_user_from_team.missing.app_error');
  for (const channel of store.channels.ofTeam(team.id)) store.channelMembers.remove(channel.id, user.id);
  const place = firstChannelOf(world, team);
  if (place !== undefined) {
    if (by === user.id) world.post(place.id, user.id, 'system_leave_team');
    else world.post(place.id, by, 'system_remove_from_team', user.id);
  }
  store.teamMembers.put(team.id, user.id, { ...state, delete_at: world.now() });
  touch(world, user);
  world.tell('leave_team', team.id, user.id);
}

/** Joining and leaving a team counts as a change of the account. */
function touch(world: World, user: UserRow): void {
  const found = world.user(user.id);
  if (found !== undefined) world.store.people.put({ ...found, update_at: world.now() });
}
