import { newcomer } from './members.ts';
import { newTeam, storeChannel } from './operations/make-places.ts';
import { defaultChannelNames } from './operations/places.ts';
import { type ChannelRow, isGuest, type TeamRow, type UserRow } from './rows.ts';
import { SeedRefusedError } from './seed-refused.ts';
import type { World } from './world.ts';

/** A team as a seed describes it: its name, or more. Each has `town-square` and `off-topic`. */
export interface SeedTeam {
  readonly name: string;
  /** Default: the name. */
  readonly display_name?: string;
  /** Default `O`. */
  readonly type?: TeamRow['type'];
  readonly description?: string;
  /** The creator's; default that of the seeded administrator. */
  readonly email?: string;
  readonly allowed_domains?: string;
  readonly allow_open_invite?: boolean;
  readonly group_constrained?: boolean;
  readonly archived?: boolean;
  readonly channels?: readonly (string | SeedChannel)[];
}

/** A channel as a seed describes it: its name, or more. */
export interface SeedChannel {
  readonly name: string;
  readonly display_name?: string;
  /** Default `O`. */
  readonly type?: 'O' | 'P';
  readonly group_constrained?: boolean;
  readonly archived?: boolean;
  readonly shared?: boolean;
  /** A private channel with an access policy takes no one here. */
  readonly policy_enforced?: boolean;
}

/** A team of a person: its name, or more. Members are in its default channels, guests are in none. */
export interface SeedMembership {
  readonly team: string;
  /** Default `member`; guests are guests. */
  readonly role?: 'member' | 'admin';
  /** Further roles that no flag stands for. */
  readonly roles?: readonly string[];
  /** The person left; the row and its flags are still there. */
  readonly left?: boolean;
  readonly channels?: readonly (string | SeedChannelMembership)[];
  /** Default true. */
  readonly default_channels?: boolean;
}

export interface SeedChannelMembership {
  readonly channel: string;
  readonly role?: 'member' | 'admin';
}

/** @throws {SeedRefusedError} when its name is taken or none */
export function plantTeam(world: World, seed: string | SeedTeam): string {
  const wanted: SeedTeam = typeof seed === 'string' ? { name: seed } : seed;
  const { channels = [], archived = false, ...fields } = wanted;
  const team = refusedAs(`team ${fields.name}`, () =>
    newTeam(world, {
      email: firstAddress(world),
      display_name: fields.name,
      ...fields,
      ...archivedAt(world, archived),
    }),
  );
  for (const channel of channels) plantChannel(world, team.name, channel);
  return team.id;
}

/** @throws {SeedRefusedError} when its team is not there, or its name is taken or none */
export function plantChannel(world: World, teamName: string, seed: string | SeedChannel): string {
  const wanted: SeedChannel = typeof seed === 'string' ? { name: seed } : seed;
  const { archived = false, ...fields } = wanted;
  const team = teamOf(world, teamName);
  return refusedAs(`channel ${teamName}/${fields.name}`, () =>
    storeChannel(world, {
      team_id: team.id,
      display_name: fields.name,
      ...fields,
      ...archivedAt(world, archived),
    }),
  ).id;
}

const archivedAt = (world: World, archived: boolean): { readonly delete_at: number } => ({
  delete_at: archived ? world.now() : 0,
});

function refusedAs<T>(what: string, plant: () => T): T {
  try {
    return plant();
  } catch (cause) {
    throw new SeedRefusedError(`${what}: ${cause instanceof Error ? cause.message : 'no'}`, { cause });
  }
}

function firstAddress(world: World): string {
  for (const { id, email } of world.store.people.all()) if (!world.isBot(id)) return email;
  return '';
}

/** @throws {SeedRefusedError} when there is none of that name */
export function teamOf({ store }: World, name: string): TeamRow {
  for (const team of store.teams.values()) if (team.name === name) return team;
  throw new SeedRefusedError(`no team ${name} in the seed`);
}

/** @throws {SeedRefusedError} when there is none of that name */
export function channelOf(world: World, team: TeamRow, name: string): ChannelRow {
  const channel = world.store.channels.byName(team.id, name);
  if (channel === undefined) throw new SeedRefusedError(`no channel ${team.name}/${name} in the seed`);
  return channel;
}

/** Puts memberships straight into the tables: no limit, no rule and no message, as if they had been there for long. */
export function plantMemberships(world: World, user: UserRow, seeds: readonly (string | SeedMembership)[]): void {
  for (const seed of seeds) plantMembership(world, user, typeof seed === 'string' ? { team: seed } : seed);
}

function plantMembership(world: World, user: UserRow, seed: SeedMembership): void {
  const { store } = world;
  const { role = 'member', roles = [], left = false, channels = [], default_channels = true } = seed;
  const team = teamOf(world, seed.team);
  store.teamMembers.put(team.id, user.id, {
    ...newcomer(isGuest(user), role === 'admin'),
    explicit_roles: roles.join(' '),
    delete_at: left ? world.now() : 0,
  });
  if (left) return;
  const joinsDefaults = default_channels && !isGuest(user);
  for (const name of joinsDefaults ? defaultChannelNames(world) : []) {
    const channel = store.channels.byName(team.id, name);
    if (channel?.type === 'O') store.channelMembers.put(channel.id, user.id, newcomer(false));
  }
  for (const one of channels) {
    const wanted: SeedChannelMembership = typeof one === 'string' ? { channel: one } : one;
    const { channel, role: own = 'member' } = wanted;
    store.channelMembers.put(channelOf(world, team, channel).id, user.id, newcomer(isGuest(user), own === 'admin'));
  }
}
