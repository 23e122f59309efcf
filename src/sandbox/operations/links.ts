import type { LinkRow } from '../rows.ts';
import type { World } from '../world.ts';

const goodForMs = 24 * 3_600_000;

/** Makes the secret of a link in a mail. */
export function newLink(world: World, kind: LinkRow['kind'], userId: string, email: string): string {
  const token = world.newId(64);
  world.store.links.set(token, { token, kind, user_id: userId, email, create_at: world.now() });
  return token;
}

export function findLink(world: World, kind: LinkRow['kind'], token: string): LinkRow | undefined {
  const link = world.store.links.get(token);
  return link?.kind === kind ? link : undefined;
}

export const isLinkExpired = (world: World, link: LinkRow): boolean => world.now() > link.create_at + goodForMs;
