import type { SandboxConfig } from './config.ts';
import type { LicenceOption } from './licence.ts';
import { newToken } from './routes/tokens.ts';
import type { BotRow, IntegrationRow, StringMap, UserRow } from './rows.ts';
import { defaultNotifyProps, defaultTimezone } from './rules/normalize.ts';
import { hashPassword } from './rules/passwords.ts';
import { channelOf, type SeedMembership, type SeedTeam } from './seed-places.ts';
import { SeedRefusedError } from './seed-refused.ts';
import type { World } from './world.ts';

/** A person, bot or remote account as a seed describes it. Everything but the username may be left out. */
export interface SeedUser {
  readonly id?: string;
  readonly username: string;
  /** Default `<username>@example.com`. */
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly password?: string;
  readonly first_name?: string;
  readonly last_name?: string;
  readonly nickname?: string;
  readonly position?: string;
  readonly locale?: string;
  readonly timezone?: StringMap | null;
  readonly props?: StringMap;
  readonly notify_props?: StringMap;
  readonly allow_marketing?: boolean;
  /** Words, or one text that is stored as it is. Default `system_user`. */
  readonly roles?: string | readonly string[];
  /** Default true. */
  readonly active?: boolean;
  readonly auth_service?: string;
  readonly auth_data?: string;
  readonly tokens?: readonly SeedToken[];
  /** The teams and channels that the person is in. */
  readonly teams?: readonly (string | SeedMembership)[];
  readonly is_bot?: boolean;
  /** Username of a bot's owner; default the seeded administrator. */
  readonly owner?: string;
  readonly bot_description?: string;
  readonly remote_id?: string;
  readonly mfa_active?: boolean;
  readonly failed_attempts?: number;
  readonly create_at?: number;
  readonly update_at?: number;
  readonly last_login?: number;
}

export interface SeedToken {
  readonly description: string;
  /** Default true. */
  readonly active?: boolean;
  /** Milliseconds; kept for servers that know an expiry. */
  readonly expires_at?: number;
}

/** A webhook or slash command that a person made. */
export interface SeedIntegration {
  readonly kind: IntegrationRow['kind'];
  readonly name: string;
  /** Username of who made it. */
  readonly creator: string;
  /** Name of a team; default the first one. */
  readonly team?: string;
  /** Name of a channel there, whose archiving deletes the webhook. */
  readonly channel?: string;
}

/** A population as plain data, so that it can stand in a JSON or YAML file. */
export interface SandboxSeed {
  /** The first administrator; `false` for a server without any user yet. */
  readonly admin?: Partial<SeedUser> | false;
  readonly users?: readonly SeedUser[];
  readonly config?: Partial<SandboxConfig>;
  readonly licence?: LicenceOption;
  /** Teams with their channels, each by name alone or with more; integrations and memberships need them. */
  readonly teams?: readonly (string | SeedTeam)[];
  readonly integrations?: readonly SeedIntegration[];
  /** Names of user groups. */
  readonly groups?: readonly string[];
}

export const defaultAdmin: SeedUser = {
  username: 'sandbox-admin',
  email: 'sandbox-admin@example.com',
  password: 'sandbox-admin-password',
  email_verified: true,
  roles: 'system_admin system_user',
};

/**
 * Puts an account straight into the tables: no limit, no rule and no mail, as if it had been there for long. Its teams
 * need `plantMemberships`, once they are there.
 *
 * @throws {SeedRefusedError} when its id, username, email or auth data is taken
 */
export function plant(world: World, seed: SeedUser): UserRow {
  const user = rowOf(world, seed);
  checkFree(world, user);
  world.store.people.put(user);
  if (seed.is_bot === true) world.store.bots.set(user.id, botOf(world, seed, user));
  for (const token of seed.tokens ?? []) {
    const row = newToken(world, user.id, token.description, token.expires_at);
    if (token.active === false) world.store.tokens.put({ ...row, is_active: false });
  }
  return user;
}

function rowOf(world: World, seed: SeedUser): UserRow {
  const now = world.now();
  const createdAt = seed.create_at ?? now;
  const updatedAt = seed.update_at ?? createdAt;
  return {
    id: seed.id ?? world.newId(),
    create_at: createdAt,
    update_at: updatedAt,
    delete_at: seed.active === false ? updatedAt : 0,
    username: seed.username,
    password: seed.password === undefined ? '' : hashPassword(seed.password, world.newId()),
    auth_data: seed.auth_data ?? null,
    auth_service: seed.auth_service ?? '',
    email: seed.email ?? `${seed.username}@${seed.is_bot === true ? 'localhost' : 'example.com'}`,
    email_verified: seed.email_verified ?? false,
    nickname: seed.nickname ?? '',
    first_name: seed.first_name ?? '',
    last_name: seed.last_name ?? '',
    position: seed.position ?? '',
    roles: typeof seed.roles === 'object' ? seed.roles.join(' ') : (seed.roles ?? 'system_user'),
    allow_marketing: seed.allow_marketing ?? false,
    props: seed.props ?? {},
    notify_props: seed.notify_props ?? defaultNotifyProps,
    last_password_update: createdAt,
    last_picture_update: 0,
    failed_attempts: seed.failed_attempts ?? 0,
    locale: seed.locale ?? 'en',
    timezone: seed.timezone === undefined ? defaultTimezone : seed.timezone,
    mfa_active: seed.mfa_active ?? false,
    mfa_secret: '',
    mfa_used_steps: [],
    remote_id: seed.is_bot === true ? null : (seed.remote_id ?? ''),
    last_login: seed.last_login ?? 0,
  };
}

function checkFree({ store: { people } }: World, user: UserRow): void {
  const clash =
    (people.byId(user.id) && `id ${user.id}`) ??
    (people.byUsername(user.username) && `username ${user.username}`) ??
    (people.byEmail(user.email) && `email ${user.email}`) ??
    (user.auth_data !== null && people.byAuthData(user.auth_data) && `auth data of ${user.username}`);
  if (clash !== undefined && clash !== false) throw new SeedRefusedError(`the seed gives twice: ${clash}`);
}

function botOf(world: World, seed: SeedUser, user: UserRow): BotRow {
  const owner = seed.owner === undefined ? firstPerson(world) : world.store.people.byUsername(seed.owner);
  if (owner === undefined) {
    throw new SeedRefusedError(`bot ${seed.username}: its owner ${seed.owner ?? '(an administrator)'} must come first`);
  }
  return {
    user_id: user.id,
    description: seed.bot_description ?? '',
    owner_id: owner.id,
    last_icon_update: 0,
    create_at: user.create_at,
    update_at: user.update_at,
    delete_at: user.delete_at,
  };
}

/** @throws {SeedRefusedError} when its creator or team is not there */
export function plantIntegration(world: World, { kind, name, creator, team, channel }: SeedIntegration): void {
  const { people, teams, integrations } = world.store;
  const maker = people.byUsername(creator);
  const place = [...teams.values()].find((one) => team === undefined || one.name === team);
  if (maker === undefined || place === undefined)
    throw new SeedRefusedError(`${kind} ${name}: its creator and its team must be in the seed`);
  const id = world.newId();
  const [token, create_at] = [world.newId(), world.now()];
  const channel_id = channel === undefined ? '' : channelOf(world, place, channel).id;
  integrations.set(id, { id, kind, create_at, creator_id: maker.id, team_id: place.id, channel_id, name, token });
}

function firstPerson(world: World): UserRow | undefined {
  for (const user of world.store.people.all()) if (!world.isBot(user.id)) return user;
  return undefined;
}
