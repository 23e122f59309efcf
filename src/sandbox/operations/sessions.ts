import { isActive, isGuest, type SessionRow, type TokenRow, type UserRow } from '../rows.ts';
import type { World } from '../world.ts';

const hourMs = 3_600_000;
const tokenSessionHours = 100 * 365 * 24;
const maxSessionsPerUser = 500;

/** What is asked of a new session beside whose it is. */
export interface SessionOptions {
  readonly token?: string;
  readonly hours: number;
  /** The session ends here, if that is earlier; 0: never. */
  readonly until?: number;
  readonly deviceId?: string;
  readonly props?: Readonly<Record<string, string>>;
}

export function openSession(world: World, user: UserRow, options: SessionOptions): SessionRow {
  dropOldest(world, user.id);
  const now = world.now();
  const session: SessionRow = {
    id: world.newId(),
    token: options.token ?? world.newId(),
    user_id: user.id,
    create_at: now,
    expires_at: Math.min(now + options.hours * hourMs, options.until || Infinity),
    last_activity_at: now,
    device_id: options.deviceId ?? '',
    is_oauth: false,
    props: { is_guest: String(isGuest(user)), ...options.props },
  };
  world.store.sessions.put(session);
  return session;
}

/** At most 500 sessions a person: the least recently active go first. */
function dropOldest({ store: { sessions } }: World, userId: string): void {
  const mine = sessions.ofUser(userId).toSorted((a, b) => a.last_activity_at - b.last_activity_at);
  for (const session of mine.slice(0, Math.max(0, mine.length - maxSessionsPerUser + 1))) sessions.remove(session.id);
}

/** The session of a personal access token; the token itself is the session's secret. */
export function openTokenSession(world: World, user: UserRow, token: TokenRow): SessionRow {
  return openSession(world, user, {
    token: token.token,
    hours: tokenSessionHours,
    until: token.expires_at,
    props: {
      type: 'UserAccessToken',
      user_access_token_id: token.id,
      ...(world.isBot(user.id) ? { is_bot: 'true' } : {}),
    },
  });
}

/** Whose a secret is: an open session, or a personal access token that opens one at its first use. */
export function findSession(world: World, secret: string): SessionRow | undefined {
  const open = world.store.sessions.bySecret(secret);
  const token = world.store.tokens.bySecret(secret);
  if (token === undefined) return open !== undefined && open.expires_at > world.now() ? open : undefined;
  const user = world.user(token.user_id);
  if (user === undefined || !mayOpen(world, token, user)) return undefined;
  return open ?? openTokenSession(world, user, token);
}

function mayOpen(world: World, token: TokenRow, user: UserRow): boolean {
  const isSwitchedOn = world.config['ServiceSettings.EnableUserAccessTokens'] || world.isBot(user.id);
  const isExpired = token.expires_at !== 0 && token.expires_at <= world.now();
  return token.is_active && isSwitchedOn && isActive(user) && !isExpired;
}

export function revokeSessionsOf(world: World, userId: string, keep?: string): void {
  for (const session of world.store.sessions.ofUser(userId)) {
    if (session.id !== keep) world.store.sessions.remove(session.id);
  }
}

/** A token that is disabled or revoked loses its session at once. */
export function revokeTokenSession(world: World, token: TokenRow): void {
  const session = world.store.sessions.bySecret(token.token);
  if (session !== undefined) world.store.sessions.remove(session.id);
}
