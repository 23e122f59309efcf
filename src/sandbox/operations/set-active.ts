import { Refusal } from '../errors.ts';
import type { UserRow } from '../rows.ts';
import { beforeUpdate } from '../rules/before-update.ts';
import { preferenceKey } from '../store.ts';
import type { World } from '../world.ts';
import { revokeSessionsOf } from './sessions.ts';

/**
 * Activates or deactivates, without asking whether it is so already: deactivating again moves `delete_at`, activating
 * an active account on a full server is refused (API §1, traps 8 and 9). Tokens stay as they are.
 */
export function setActive(world: World, user: UserRow, active: boolean): void {
  if (active && !world.hasFreeSeat()) {
    throw new Refusal(
      world.licence === undefined
        ? 'app.user.update_active.user_limit.exceeded'
        : 'app.user.update_active.license_user_limit.exceeded',
    );
  }
  const now = world.now();
  world.store.people.put({ ...beforeUpdate(user), delete_at: active ? 0 : now, update_at: now });
  if (active) return;
  revokeSessionsOf(world, user.id);
  if (world.config['ServiceSettings.DisableBotsWhenOwnerIsDeactivated']) disableBotsOf(world, user.id);
}

function disableBotsOf(world: World, ownerId: string): void {
  for (const bot of world.store.bots.values()) {
    const user = world.user(bot.user_id);
    if (bot.owner_id !== ownerId || bot.user_id === ownerId || user === undefined) continue;
    const now = world.now();
    world.store.bots.set(bot.user_id, { ...bot, delete_at: now, update_at: now });
    world.store.people.put({ ...user, delete_at: now, update_at: now });
    revokeSessionsOf(world, bot.user_id);
  }
}

/** Removes an account and all that hangs on it. */
export function deleteForGood(world: World, user: UserRow): void {
  const { store } = world;
  revokeSessionsOf(world, user.id);
  for (const token of store.tokens.ofUser(user.id)) store.tokens.remove(token.id);
  for (const preference of store.preferences.ofUser(user.id)) {
    store.preferences.remove(preferenceKey(preference));
  }
  for (const members of [store.teamMembers, store.channelMembers])
    for (const placeId of members.placesOf(user.id)) members.remove(placeId, user.id);
  store.bots.delete(user.id);
  store.pictures.delete(user.id);
  store.acceptedTerms.delete(user.id);
  store.people.remove(user.id);
}
