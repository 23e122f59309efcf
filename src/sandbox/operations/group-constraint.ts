import { Refusal } from '../errors.ts';
import type { Members } from '../members.ts';
import type { World } from '../world.ts';

// A place that is bound to groups holds the people of its linked groups. Linking needs a licence that the sandbox does
// not play, so no person is in such a group, and bots alone are left.

/** @throws {Refusal} for the whole call, when one of these people is in no linked group */
export function refuseUnbound(world: World, userIds: readonly string[], kind: 'team' | 'channel'): void {
  if (userIds.some((id) => !world.isBot(id))) throw new Refusal(`api.${kind}.add_members.user_denied`);
}

/** What the server does in the background when a place is bound: whom no group holds goes, the admin included. */
export function removeUnbound(world: World, members: Members, placeId: string): void {
  for (const [userId, state] of members.of(placeId)) {
    if (world.isBot(userId) || state.delete_at !== 0) continue;
    if (members === world.store.channelMembers) members.remove(placeId, userId);
    else leaveSilently(world, placeId, userId);
  }
}

function leaveSilently(world: World, teamId: string, userId: string): void {
  const { store } = world;
  const state = store.teamMembers.get(teamId, userId);
  if (state === undefined) return;
  for (const channel of store.channels.ofTeam(teamId)) store.channelMembers.remove(channel.id, userId);
  store.teamMembers.put(teamId, userId, { ...state, delete_at: world.now() });
}
