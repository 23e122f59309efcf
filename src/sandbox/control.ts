import type { SandboxConfig } from './config.ts';
import { type LicenceOption, makeLicence } from './licence.ts';
import { type MembershipState, membershipStates } from './membership-states.ts';
import { openSession, revokeSessionsOf, revokeTokenSession } from './operations/sessions.ts';
import { deleteForGood, setActive } from './operations/set-active.ts';
import { newToken } from './routes/tokens.ts';
import { type ChannelRow, isActive, type TeamRow, type TokenRow, type UserRow } from './rows.ts';
import { hashPassword } from './rules/passwords.ts';
import { codeAt } from './rules/totp.ts';
import { plant, type SeedToken, type SeedUser } from './seed.ts';
import {
  channelOf,
  plantChannel,
  plantMemberships,
  plantTeam,
  type SeedChannel,
  type SeedMembership,
  type SeedTeam,
  teamOf,
} from './seed-places.ts';
import { type PersonState, personState } from './snapshot.ts';
import type { World } from './world.ts';

/** Changes the server's database and config directly, unseen by the API. */
export interface SandboxControl {
  /** Puts an account in place; returns its id. */
  createUser(user: SeedUser): string;
  /** Changes any field of an account, by id or username, past every rule. `password` is given in clear. */
  updateUser(user: string, changes: Partial<Omit<UserRow, 'id'>>): void;
  deleteUser(user: string): void;
  /** An account by id or username; undefined when there is none. */
  user(user: string): PersonState | undefined;
  /** @returns the token's id, and its secret */
  createToken(user: string, token: SeedToken | string): { readonly id: string; readonly secret: string };
  /** The tokens of an account, without secrets. */
  tokens(user: string): readonly Omit<TokenRow, 'token'>[];
  setTokenActive(tokenId: string, active: boolean): void;
  removeToken(tokenId: string): void;
  /** Logs a user in; returns the session's secret. */
  openSession(user: string): string;
  revokeSessions(user: string): void;
  /** The one-time code that the person's authenticator shows now. */
  mfaCode(user: string): string;
  setConfig(changes: Partial<SandboxConfig>): void;
  setLicence(licence: LicenceOption): void;
  addGroup(name: string): void;
  /** Puts a team with its channels in place; returns its id. */
  createTeam(team: string | SeedTeam): string;
  /** Puts a channel in place; returns its id. */
  createChannel(team: string, channel: string | SeedChannel): string;
  /** A team by name. */
  team(name: string): TeamRow;
  /** A channel as `team/channel`. */
  channel(name: string): ChannelRow;
  /** Changes any field of a team, or of a channel as `team/channel`, past every rule. */
  updateTeam(name: string, changes: Partial<Omit<TeamRow, 'id' | 'name'>>): void;
  updateChannel(name: string, changes: Partial<Omit<ChannelRow, 'id' | 'team_id' | 'name'>>): void;
  /** Puts a person into a team and channels, past every rule and without a message. */
  setMembership(user: string, membership: string | SeedMembership): void;
  /** Takes a person out of a team as if they had left, or out of a channel as `team/channel`, without a message. */
  endMembership(user: string, place: string): void;
  /** The memberships of a person, those of teams that they left, too; by place. */
  memberships(user: string): readonly MembershipState[];
  /** From now on a plugin keeps these usernames out of teams and channels. */
  refuseByPlugin(usernames: readonly string[]): void;
  /** Adds terms of service that people can accept; returns their id. */
  addTerms(): string;
  /** Marks the server busy: search answers 503. */
  setBusy(isBusy: boolean): void;
  /** Stops listening and drops every connection; new ones are refused. */
  goDown(): Promise<void>;
  /** Listens again, on the same port. */
  comeUp(): Promise<void>;
}

/** An account or token that a test names and that is not there. */
export class UnknownInSandboxError extends Error {
  override readonly name = 'UnknownInSandboxError';
}

export type ListenControl = Pick<SandboxControl, 'goDown' | 'comeUp'>;

export function makeControl(world: World, listening: ListenControl): SandboxControl {
  const { store } = world;
  const find = (name: string): UserRow | undefined => store.people.byId(name) ?? store.people.byUsername(name);
  const user = (name: string): UserRow => {
    const found = find(name);
    if (found === undefined) throw new UnknownInSandboxError(`no account ${name}`);
    return found;
  };
  const token = (id: string): TokenRow => {
    const found = store.tokens.get(id);
    if (found === undefined) throw new UnknownInSandboxError(`no token ${id}`);
    return found;
  };
  return {
    ...listening,
    ...placesControl(world, user),
    createUser: (seed) => {
      const planted = plant(world, seed);
      plantMemberships(world, planted, seed.teams ?? []);
      return planted.id;
    },
    updateUser: (name, changes) => store.people.put({ ...user(name), ...hashed(world, changes) }),
    deleteUser: (name) => deleteForGood(world, user(name)),
    user: (name) => {
      const found = find(name);
      return found === undefined ? undefined : structuredClone(personState(world, found));
    },
    createToken: (name, wanted) => {
      const seed = typeof wanted === 'string' ? { description: wanted } : wanted;
      const row = newToken(world, user(name).id, seed.description, seed.expires_at);
      if (seed.active === false) store.tokens.put({ ...row, is_active: false });
      return { id: row.id, secret: row.token };
    },
    tokens: (name) => store.tokens.ofUser(user(name).id).map(({ token: _secret, ...rest }) => rest),
    setTokenActive: (id, active) => {
      store.tokens.put({ ...token(id), is_active: active });
      if (!active) revokeTokenSession(world, token(id));
    },
    removeToken: (id) => {
      revokeTokenSession(world, token(id));
      store.tokens.remove(id);
    },
    openSession: (name) => openSession(world, user(name), { hours: 720, props: { csrf: world.newId() } }).token,
    revokeSessions: (name) => revokeSessionsOf(world, user(name).id),
    mfaCode: (name) => codeAt(user(name).mfa_secret, world.now()),
    setConfig: (changes) => setConfig(world, changes),
    setLicence: (licence) => {
      world.licence = makeLicence(licence);
    },
    addGroup: (name) => void store.groups.add(name),
    addTerms: () => {
      const id = world.newId();
      store.terms.add(id);
      return id;
    },
    setBusy: (isBusy) => {
      world.isBusy = isBusy;
    },
  };
}

type PlacesControl = Pick<
  SandboxControl,
  | 'createTeam'
  | 'createChannel'
  | 'team'
  | 'channel'
  | 'updateTeam'
  | 'updateChannel'
  | 'setMembership'
  | 'endMembership'
  | 'memberships'
  | 'refuseByPlugin'
>;

function placesControl(world: World, user: (name: string) => UserRow): PlacesControl {
  const { store } = world;
  const channel = (name: string): ChannelRow => {
    const [team = '', own = ''] = name.split('/');
    return channelOf(world, teamOf(world, team), own);
  };
  return {
    createTeam: (seed) => plantTeam(world, seed),
    createChannel: (team, seed) => plantChannel(world, team, seed),
    team: (name) => teamOf(world, name),
    channel,
    updateTeam: (name, changes) => {
      const team = teamOf(world, name);
      store.teams.set(team.id, { ...team, ...changes });
    },
    updateChannel: (name, changes) => store.channels.put({ ...channel(name), ...changes }),
    setMembership: (name, membership) => plantMemberships(world, user(name), [membership]),
    endMembership: (name, place) => {
      const { id } = user(name);
      if (place.includes('/')) store.channelMembers.remove(channel(place).id, id);
      else endTeam(world, teamOf(world, place).id, id);
    },
    memberships: (name) => membershipStates(world, user(name).id),
    refuseByPlugin: (usernames) => {
      world.pluginRefuses = new Set(usernames);
    },
  };
}

function endTeam(world: World, teamId: string, userId: string): void {
  const { store } = world;
  const state = store.teamMembers.get(teamId, userId);
  if (state === undefined) return;
  for (const { id } of store.channels.ofTeam(teamId)) store.channelMembers.remove(id, userId);
  store.teamMembers.put(teamId, userId, { ...state, delete_at: world.now() });
}

function hashed(world: World, changes: Partial<Omit<UserRow, 'id'>>): Partial<UserRow> {
  const { password } = changes;
  if (password === undefined || password === '') return changes;
  return { ...changes, password: hashPassword(password, world.newId()) };
}

/** Switching guests off deactivates everybody who is a guest and nothing else. */
function setConfig(world: World, changes: Partial<SandboxConfig>): void {
  const hadGuests = world.config['GuestAccountsSettings.Enable'];
  world.config = { ...world.config, ...changes };
  if (!hadGuests || world.config['GuestAccountsSettings.Enable']) return;
  for (const user of world.store.people.all()) {
    if (user.roles === 'system_guest' && isActive(user)) setActive(world, user, false);
  }
}
