import { tokenExpirySince } from '../versions.ts';
import type { World } from '../world.ts';
import { revokeTokenSession } from './sessions.ts';

const hourMs = 3_600_000;

/**
 * Servers that know an expiry delete what has expired, with its session, in a job of every hour. Here the job is made up
 * for when the next request comes; it does not run while tokens are switched off.
 */
export function deleteExpiredTokens(world: World): void {
  if (!world.has(tokenExpirySince)) return;
  const hours = Math.floor((world.now() - world.installedAt) / hourMs);
  if (hours <= world.hoursServed) return;
  world.hoursServed = hours;
  if (!world.config['ServiceSettings.EnableUserAccessTokens']) return;
  const ranAt = world.installedAt + hours * hourMs;
  for (const token of world.store.tokens.all()) {
    if (token.expires_at === 0 || token.expires_at > ranAt) continue;
    revokeTokenSession(world, token);
    world.store.tokens.remove(token.id);
  }
}
