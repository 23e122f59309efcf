/** Small worlds for the pure rooms: a server with two administrators, people, entries, and a plan from all of them. */

import { matchPeople, transitionOf } from '../../src/match/match-people.ts';
import type { CreateOptions, DesiredState, DesiredToken, DesiredUser, Origin } from '../../src/model/desired-state.ts';
import type { LiveState, LiveToken, LiveUser, ServerFacts } from '../../src/model/live-state.ts';
import {
  isChannelPlace,
  type LiveChannel,
  type LiveMemberships,
  type LivePlaces,
  type LiveTeam,
  type PlaceRole,
  teamOf,
} from '../../src/model/memberships.ts';
import type { Action, ChangeClass, Plan } from '../../src/model/plan.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { Match, Person, PlanContext } from '../../src/model/resource-definition.ts';
import type { Policy } from '../../src/model/settings.ts';
import { formatMark, type TokenMark } from '../../src/model/token-mark.ts';
import { problemsOfEntries } from '../../src/model/unusable.ts';
import { impliedRoles, sortRoles } from '../../src/model/user-rules.ts';
import type { AccountId, UserValues } from '../../src/model/user-values.ts';
import { handsOffOf } from '../../src/plan/hands-off.ts';
import { makePlan, type PlanInput, type PlanResult } from '../../src/plan/make-plan.ts';
import type { PreviouslyDeclared } from '../../src/plan/not-declared.ts';
import { membership } from '../../src/resources/membership/definition.ts';
import { token } from '../../src/resources/token/definition.ts';
import { user } from '../../src/resources/user/definition.ts';

/** The moment of every desired state that does not say another: 2026-06-15, noon, UTC. */
export const moment: number = Date.parse('2026-06-15T12:00:00Z');

export interface AccountOptions extends Partial<UserValues> {
  readonly id?: AccountId;
  readonly isBot?: boolean;
  readonly isRemote?: boolean;
}

/** An active member with e-mail login whose id is `id-<username>`. */
export function account(username: string, options: AccountOptions = {}): LiveUser {
  const { id = `id-${username}`, isBot = false, isRemote = false, ...values } = options;
  return {
    id,
    isBot,
    isRemote,
    values: {
      username,
      email: `${username}@example.com`,
      first_name: '',
      last_name: '',
      nickname: '',
      position: '',
      locale: 'en',
      timezone: {},
      notify_props: {},
      props: {},
      active: true,
      auth: { service: 'email' },
      mfa: 'off',
      ...values,
      roles: sortRoles(values.roles ?? ['system_user']),
    },
  };
}

export const admin = (username: string, options: AccountOptions = {}): LiveUser =>
  account(username, { roles: ['system_user', 'system_admin'], ...options });

export const createOptions: CreateOptions = { welcomeEmail: false, emailVerified: true };

/** What of an entry is no value. */
export type EntryOptions = Partial<Omit<DesiredUser, 'username' | 'values'>>;

/** An entry that manages the username and what it names, nothing else. */
export function entry(username: string, values: Partial<UserValues> = {}, options: EntryOptions = {}): DesiredUser {
  return {
    username,
    previousUsernames: [],
    adopt: false,
    onCreate: createOptions,
    ...options,
    values: { username, ...values, ...(values.roles !== undefined && { roles: impliedRoles(values.roles) }) },
  };
}

export function wantedToken(name: string, options: Partial<DesiredToken> = {}): DesiredToken {
  return { name, generation: 1, overlapMs: 0, enabled: true, ...options };
}

let tokens = 0;

/** A token that muster did not make, unless `description` says otherwise. */
export function liveToken(owner: LiveUser | string, options: Partial<LiveToken> = {}): LiveToken {
  tokens += 1;
  const userId = typeof owner === 'string' ? `id-${owner}` : owner.id;
  return { id: `token-${tokens}`, userId, description: 'made by hand', enabled: true, ...options };
}

export function markedToken(
  owner: LiveUser | string,
  mark: Pick<TokenMark, 'name' | 'generation'> & Partial<TokenMark>,
  options: Partial<LiveToken> = {},
): LiveToken {
  return liveToken(owner, {
    description: formatMark({ date: '2026-06-01', op: 'abcdefghij', ...mark }),
    ...options,
  });
}

export const allPermissions: ReadonlySet<string> = new Set([
  'manage_system',
  'manage_roles',
  'edit_other_users',
  'promote_guest',
  'demote_to_guest',
  'sysconsole_write_user_management_users',
  'create_user_access_token',
  'revoke_user_access_token',
  'add_user_to_team',
  'remove_user_from_team',
  'manage_team_roles',
  'manage_private_channel_members',
  'manage_channel_roles',
]);

export const root: LiveUser = admin('root');
export const spare: LiveUser = admin('spare');

export const defaultPolicy: Policy = {
  undeclaredUsers: 'report',
  foreignTokens: 'report',
  invite: 'none',
  leaverTokens: 'disable',
  leaverMemberships: 'keep',
  returnerMemberships: 'report',
  exactPlaces: [],
  protect: [],
  minAdmins: 1,
  timeZone: 'UTC',
  allowRoles: [],
  authServiceOff: 'block',
  window: 'report',
  approvers: [],
  approvalSignature: 'report',
  trustedMergeKeys: [],
  budgets: {},
};

/** Facts of a server where everything is switched on and `root` calls. */
export function factsOf(accounts: readonly LiveUser[], facts: Partial<ServerFacts> = {}): ServerFacts {
  return {
    url: 'https://chat.example.com',
    key: 'server-key',
    version: '11.6.0',
    caller: { id: root.id, username: 'root', permissions: allPermissions },
    admins: accounts.filter(({ values }) => values.active && values.roles.includes('system_admin')),
    isLicensed: true,
    hasGuests: true,
    hasCustomPermissions: true,
    hasUserAccessTokens: true,
    requiresEmailVerification: false,
    sendsMail: true,
    signInServices: new Set(['email', 'ldap', 'saml', 'gitlab', 'google', 'office365', 'openid']),
    providerAttributes: { ldap: new Set(), saml: new Set() },
    availableLocales: new Set(['en', 'de', 'fr']),
    seats: { used: accounts.filter(({ values, isBot, isRemote }) => values.active && !isBot && !isRemote).length },
    roles: new Set([
      'system_user',
      'system_admin',
      'system_guest',
      'system_manager',
      'system_post_all',
      'system_user_access_token',
    ]),
    administrativeRoles: new Set(['system_admin', 'system_manager']),
    ...facts,
  };
}

export function locate(desired: DesiredUser, part: string = 'username'): Origin {
  return { file: 'users.yaml', line: desired.username.length, column: part.length, from: 'entry' };
}

export function desiredState(users: readonly DesiredUser[], options: Partial<DesiredState> = {}): DesiredState {
  return { users, unusable: [], files: ['users.yaml'], momentMs: moment, digest: 'sha256:0', locate, ...options };
}

export interface World {
  readonly entries?: readonly DesiredUser[];
  readonly accounts?: readonly LiveUser[];
  /** Who is there beside `accounts`; two administrators where nothing is said. */
  readonly others?: readonly LiveUser[];
  readonly tokens?: readonly LiveToken[];
  /** Of accounts, by their ids: what they are in which place, such as `core/ops`. */
  readonly memberships?: Readonly<Record<AccountId, Readonly<Record<string, PlaceRole>>>>;
  /** The teams and channels of the server, by place, with what differs from an ordinary one. */
  readonly places?: Readonly<Record<string, Partial<LiveTeam & LiveChannel>>>;
  readonly maxPerTeam?: number;
  readonly facts?: Partial<ServerFacts>;
  readonly policy?: Partial<Policy>;
  readonly desired?: Partial<DesiredState>;
  readonly listed?: boolean;
  readonly previouslyDeclared?: readonly PreviouslyDeclared[];
}

/** Everything was asked: of every account the tokens are known. */
export function liveState({ accounts = [], others = [root, spare], tokens: all = [], ...world }: World): LiveState {
  const users = new Map([...others, ...accounts].map((one) => [one.id, one]));
  return {
    facts: factsOf([...users.values()], world.facts),
    users,
    owned: {
      token: new Map([...users.keys()].map((id) => [id, all.filter(({ userId }) => userId === id)])),
      membership: new Map([...users.keys()].map((id) => [id, membershipsOf(id, world)])),
    },
    common: { membership: placesOf(world, users) },
    coverage: {
      emails: new Set(),
      ids: new Set(),
      listed: world.listed ?? true,
      hasActivePeople: world.listed ?? true,
      requests: 0,
    },
  };
}

export function membershipsOf(id: AccountId, { memberships = {}, places = {} }: World): LiveMemberships {
  const own = Object.entries(memberships[id] ?? {});
  return {
    asked: 'all',
    members: own.map(([place, role]) => ({
      place,
      isAdmin: role === 'admin',
      ...(places[place]?.isPrivate === true && { isPrivate: true }),
    })),
  };
}

/** Ids are `id-<place>`; who is counted and who administers is what `memberships` says of active accounts. */
function placesOf(
  { places = {}, memberships = {}, maxPerTeam }: World,
  users: ReadonlyMap<AccountId, LiveUser>,
): LivePlaces {
  const activeIn = (place: string): readonly (readonly [AccountId, PlaceRole])[] =>
    Object.entries(memberships).flatMap(([id, own]) => {
      const role = own[place];
      return role !== undefined && users.get(id)?.values.active === true ? [[id, role] as const] : [];
    });
  const common = { isArchived: false, isGroupSynced: false, hasPolicy: false };
  const all = Object.entries(places);
  const teams = all.filter(([place]) => !isChannelPlace(place));
  const channels = all.filter(([place]) => isChannelPlace(place));
  return {
    teams: new Map(
      teams.map(([name, options]) => [
        name,
        {
          id: `id-${name}`,
          name,
          allowedDomains: [],
          activeMembers: activeIn(name).length,
          admins: new Set(activeIn(name).flatMap(([id, role]) => (role === 'admin' ? [id] : []))),
          ...common,
          ...options,
        },
      ]),
    ),
    channels: new Map(
      channels.map(([place, options]) => [
        place,
        {
          id: `id-${place}`,
          name: place.slice(place.indexOf('/') + 1),
          team: teamOf(place),
          isPrivate: false,
          activeMembers: activeIn(place).length,
          ...common,
          ...options,
        },
      ]),
    ),
    ...(maxPerTeam !== undefined && { maxPerTeam }),
  };
}

export function contextOf(world: World): PlanContext {
  return {
    common: liveState(world).common ?? {},
    desired: desiredState(world.entries ?? [], world.desired),
    facts: liveState(world).facts,
    policy: { ...defaultPolicy, ...world.policy },
  };
}

/** An entry beside its account, as planning sees them. */
export function personOf(desired: DesiredUser, live: LiveUser | undefined, world: World = {}): Person {
  const match = matchOf(desired, live);
  const handsOff = handsOffOf(match, contextOf(world));
  const own = (world.tokens ?? []).filter(({ userId }) => userId === live?.id);
  return {
    desired,
    live: live === undefined ? {} : { user: live, token: own, membership: membershipsOf(live.id, world) },
    ...(handsOff !== undefined && { handsOff }),
    transition: match.transition,
  };
}

/** An entry with the account that it means. */
export function matchOf(desired: DesiredUser, live?: LiveUser): Match {
  const transition = transitionOf(desired, live);
  const hits = live === undefined ? [] : [live];
  return { desired, by: [], hits, transition, ...(live !== undefined && { account: live }) };
}

/** The plan of everybody whose entry can be used; `unusable` names the others. */
export function planBeside(world: World, more: Partial<PlanInput> = {}): PlanResult {
  const { desired, policy } = contextOf(world);
  const { previouslyDeclared = [] } = world;
  const kinds = [user, token, membership];
  const live = liveState(world);
  const matching = matchPeople(desired, live.users);
  return makePlan({ desired, matching, live, policy, kinds, toolVersion: '0.1.0', previouslyDeclared, ...more });
}

/** @returns what is wrong, where an entry cannot be used */
export function tryPlan(world: World, more: Partial<PlanInput> = {}): Plan | readonly Problem[] {
  const { plan, matching } = planBeside(world, more);
  return matching.unusable.length === 0 ? plan : problemsOfEntries(matching.unusable);
}

export function planOf(world: World, more: Partial<PlanInput> = {}): Plan {
  const result = tryPlan(world, more);
  if ('actions' in result) return result;
  throw new Error(`no plan: ${result.map(({ message }) => message).join('; ')}`);
}

export function problemsOf(world: World): readonly Problem[] {
  const result = tryPlan(world);
  return 'actions' in result ? [] : result;
}

/** The plan of a world in which one entry stands beside one account of the same name. */
export function planFor(entered: DesiredUser, live?: LiveUser, world: Omit<World, 'entries' | 'accounts'> = {}): Plan {
  return planOf({ entries: [entered], accounts: live === undefined ? [] : [live], ...world });
}

/** Ids of all changes that the actions make, in the order of the actions. */
export function changesOf({ actions }: Plan): readonly string[] {
  return actions.flatMap(({ changes }) => changes.map(({ id }) => id));
}

export function classesOf({ actions }: Plan): readonly ChangeClass[] {
  return actions.flatMap(({ changes }) => changes.map((change) => change.class));
}

export function operationsOf({ actions }: Plan): readonly string[] {
  return actions.map(({ call }) => call.operation);
}

/** `<change id>: <code>` of each change that is held. */
export function heldOf({ held }: Plan): readonly string[] {
  return held.map(({ change, code }) => `${change.id}: ${code}`);
}

/** `<change id>: <rail>` of each change that is blocked. */
export function blockedOf({ blocked }: Plan): readonly string[] {
  return blocked.map(({ change, rail }) => `${change.id}: ${rail}`);
}

/** The action that makes a change; its call and edges are what tests look at. */
export function actionOf(plan: Plan, changeId: string): Action {
  const found = plan.actions.find(({ changes }) => changes.some(({ id }) => id === changeId));
  if (found === undefined) throw new Error(`no action makes ${changeId}, only ${changesOf(plan).join(', ')}`);
  return found;
}
