/**
 * A model of the server, strict where the server refuses, and an executor that runs a plan on it in any order which
 * the edges allow, with failures wherever they are wanted.
 */
import type { LiveToken, LiveUser, ServerFacts } from '../../src/model/live-state.ts';
import { type Action, isPlanMap, type Plan, type PlanValue } from '../../src/model/plan.ts';
import { formatMark } from '../../src/model/token-mark.ts';
import { isSameValue } from '../../src/model/user-attributes.ts';
import { isGuest, sortRoles } from '../../src/model/user-rules.ts';
import type { AccountId, UserValues } from '../../src/model/user-values.ts';
import type { World } from './build-states.ts';

const oauthServices: ReadonlySet<string> = new Set(['gitlab', 'google', 'office365', 'openid']);

/** Why the server would answer with an error; `undefined` when the call was done. */
type Refusal = string | undefined;

/** Accounts and tokens, and what each call makes of them (API reference §4 to §10). */
export class ModelServer {
  readonly users: Map<AccountId, LiveUser>;
  readonly tokens: Map<string, LiveToken>;
  readonly created: Map<string, AccountId> = new Map();
  /** By account and the id of the place, whether the person administers it. */
  readonly memberships: Map<AccountId, Map<string, boolean>>;
  readonly #facts: ServerFacts;
  readonly #date: string;

  constructor(
    users: Iterable<LiveUser>,
    tokens: Iterable<LiveToken>,
    facts: ServerFacts,
    momentMs: number,
    memberships: NonNullable<World['memberships']> = {},
  ) {
    this.memberships = new Map(
      Object.entries(memberships).map(([id, own]) => [
        id,
        new Map(Object.entries(own).map(([place, role]) => [`id-${place}`, role === 'admin'])),
      ]),
    );
    this.users = new Map([...users].map((one) => [one.id, one]));
    this.tokens = new Map([...tokens].map((one) => [one.id, one]));
    this.#facts = facts;
    this.#date = new Date(momentMs).toISOString().slice(0, 10);
  }

  get people(): readonly LiveUser[] {
    return [...this.users.values()].filter(({ isBot, isRemote, values }) => values.active && !isBot && !isRemote);
  }

  run(action: Action): Refusal {
    const { call } = action;
    if (call.operation === 'create-user') return this.#create(action);
    const live = this.users.get(action.account ?? this.created.get(action.person) ?? '');
    if (live === undefined) return 'no such account';
    const stale = this.#staleField(action, live);
    if (stale !== undefined) return `stale: ${stale}`;
    switch (call.operation) {
      case 'patch-user':
        return this.#patch(live, call.fields);
      case 'set-auth': {
        const { service, data } = call.auth;
        const holder = [...this.users.values()].find(({ id, values }) => id !== live.id && values.auth.data === data);
        return holder === undefined ? this.#set(live, { auth: { service, data } }) : `auth data of ${holder.id}`;
      }
      case 'set-password':
        return this.#set(live, { auth: { service: 'email' } });
      case 'disable-mfa':
        return this.#set(live, { mfa: 'off' });
      case 'promote-guest': {
        if (!isGuest(live.values.roles)) return 'is no guest';
        const roles = live.values.roles.map((role) => (role === 'system_guest' ? 'system_user' : role));
        return this.#set(live, { roles: sortRoles(roles) });
      }
      case 'demote-to-guest':
        if (!this.#facts.hasGuests) return 'no guests here';
        if (isGuest(live.values.roles)) return 'is a guest already';
        // No guest administers a team or channel.
        for (const place of this.#places(live).keys()) this.#places(live).set(place, false);
        return this.#set(live, { roles: ['system_guest'] });
      case 'set-roles':
        return this.#setRoles(live, call.roles);
      case 'activate':
        return this.#activate(live);
      case 'deactivate':
        return live.values.auth.service === 'ldap' ? 'managed by ldap' : this.#set(live, { active: false });
      case 'create-token': {
        const { name, generation } = call;
        const id = `new-${live.id}-${name}-${generation}`;
        const description = formatMark({ name, generation, date: this.#date, op: 'zzzzzzzzzz' });
        this.tokens.set(id, { id, userId: live.id, description, enabled: true });
        return undefined;
      }
      case 'enable-token':
      case 'disable-token':
      case 'revoke-token':
        return this.#changeToken(call.token, call.operation);
      case 'join-team':
        return this.#join(live, call.team);
      case 'join-channel':
        if (!live.values.active) return 'an inactive account joins no channel';
        return this.#places(live).has(call.team) ? this.#join(live, call.channel) : 'is not in the team';
      case 'leave-team':
        // With the team go its channels.
        for (const id of this.#places(live).keys())
          if (id === call.team || id.startsWith(`${call.team}/`)) this.#places(live).delete(id);
        return undefined;
      case 'leave-channel':
        return this.#leaveChannel(live, call.team, call.channel);
      case 'set-team-role':
        return this.#setPlaceRole(live, call.team, call.admin);
      case 'set-channel-role':
        return this.#setPlaceRole(live, call.channel, call.admin);
    }
  }

  /** What everybody is where, as a world says it. */
  get standings(): NonNullable<World['memberships']> {
    return Object.fromEntries(
      [...this.memberships].map(([id, own]) => [
        id,
        Object.fromEntries(
          [...own].map(([place, isAdmin]) => [place.slice('id-'.length), isAdmin ? 'admin' : 'member'] as const),
        ),
      ]),
    );
  }

  #places({ id }: LiveUser): Map<string, boolean> {
    const own = this.memberships.get(id) ?? new Map<string, boolean>();
    this.memberships.set(id, own);
    return own;
  }

  /** A guest who left their last channel of a team is taken out of the team. */
  #leaveChannel(live: LiveUser, team: string, channel: string): Refusal {
    const own = this.#places(live);
    if (!own.delete(channel)) return 'is not in the channel';
    const hasOther = [...own.keys()].some((id) => id.startsWith(`${team}/`));
    if (isGuest(live.values.roles) && !hasOther) own.delete(team);
    return undefined;
  }

  #join(live: LiveUser, place: string): Refusal {
    const own = this.#places(live);
    if (!own.has(place)) own.set(place, false);
    return undefined;
  }

  #setPlaceRole(live: LiveUser, place: string, isAdmin: boolean): Refusal {
    if (!this.#places(live).has(place)) return 'no member';
    if (isAdmin && isGuest(live.values.roles)) return 'a guest administers nothing';
    this.#places(live).set(place, isAdmin);
    return undefined;
  }

  #create(action: Action): Refusal {
    if (action.call.operation !== 'create-user') return 'no create';
    const { fields, auth } = action.call;
    const { username = '', email = '', ...rest } = fields;
    if (this.#hasNoSeat()) return 'no seat';
    const holder = [...this.users.values()].find(
      ({ values }) =>
        values.username === username ||
        values.email === email ||
        (auth !== undefined && values.auth.data === auth.data),
    );
    if (holder !== undefined) return `taken by ${holder.id}`;
    const id = `new-${username}`;
    const values: UserValues = {
      first_name: '',
      last_name: '',
      nickname: '',
      position: '',
      locale: 'en',
      timezone: {},
      notify_props: { desktop: 'mention' },
      props: {},
      ...rest,
      username,
      email,
      roles: ['system_user'],
      active: true,
      auth: auth ?? { service: 'email' },
      mfa: 'off',
    };
    this.users.set(id, { id, isBot: false, isRemote: false, values });
    this.created.set(action.person, id);
    return undefined;
  }

  #patch(live: LiveUser, fields: Partial<UserValues>): Refusal {
    const { service } = live.values.auth;
    const changes = (field: 'username' | 'first_name' | 'last_name' | 'nickname' | 'email'): boolean =>
      fields[field] !== undefined && fields[field] !== live.values[field];
    if (service !== 'email' && changes('username')) return 'the provider owns the username';
    if (oauthServices.has(service) && (changes('first_name') || changes('last_name')))
      return 'the provider owns the name';
    const mapped = service === 'ldap' || service === 'saml' ? this.#facts.providerAttributes[service] : new Set();
    if ((['first_name', 'nickname'] as const).some((field) => mapped.has(field) && changes(field)))
      return 'the provider fills the field in';
    if ((oauthServices.has(service) || service === 'ldap') && changes('email')) return 'the provider owns the e-mail';
    if (this.#facts.requiresEmailVerification && changes('email')) return 'e-mails need verification';
    const holder = [...this.users.values()].find(
      ({ id, values }) => id !== live.id && (values.username === fields.username || values.email === fields.email),
    );
    if (holder !== undefined) return `taken by ${holder.id}`;
    const maps = (['timezone', 'notify_props', 'props'] as const).filter((name) => fields[name] !== undefined);
    const merged = Object.fromEntries(maps.map((name) => [name, { ...live.values[name], ...fields[name] }]));
    return this.#set(live, { ...fields, ...merged });
  }

  #setRoles(live: LiveUser, roles: readonly string[]): Refusal {
    if (roles.length === 0) return 'every role would be gone';
    const losesAdmin = live.values.roles.includes('system_admin') && !roles.includes('system_admin');
    const admins = this.people.filter(({ values }) => values.roles.includes('system_admin'));
    if (losesAdmin && admins.length <= 1) return 'the last admin';
    return this.#set(live, { roles: sortRoles(roles) });
  }

  #activate(live: LiveUser): Refusal {
    if (live.values.auth.service === 'ldap') return 'managed by ldap';
    if (isGuest(live.values.roles) && !this.#facts.hasGuests) return 'no guests here';
    if (this.#hasNoSeat()) return 'no seat';
    return this.#set(live, { active: true });
  }

  #hasNoSeat(): boolean {
    return this.people.length >= (this.#facts.seats.limit ?? Number.POSITIVE_INFINITY);
  }

  #changeToken(id: string, operation: 'enable-token' | 'disable-token' | 'revoke-token'): Refusal {
    const token = this.tokens.get(id);
    if (token === undefined) return 'no such token';
    if (operation === 'revoke-token') this.tokens.delete(id);
    else this.tokens.set(id, { ...token, enabled: operation === 'enable-token' });
    return undefined;
  }

  #set(live: LiveUser, values: Partial<UserValues>): undefined {
    this.users.set(live.id, { ...live, values: { ...live.values, ...values } });
    return undefined;
  }

  /** The first field that is no longer what the plan saw. */
  #staleField({ precondition }: Action, { values }: LiveUser): string | undefined {
    return Object.entries(precondition.fields).find(
      ([field, expected]) => !isSameValue(field, fieldOf(values, field), expected),
    )?.[0];
  }
}

function fieldOf(values: UserValues, field: string): PlanValue | undefined {
  const [root = '', ...rest] = field.split('.');
  const value: PlanValue | undefined = Object.entries(values).find(([name]) => name === root)?.[1];
  if (rest.length === 0) return value;
  return isPlanMap(value) ? value[rest.join('.')] : undefined;
}

export interface CallResponse {
  readonly done: ReadonlySet<string>;
  /** `<action>: <why>` of what the server refused, failures that were wanted left out. */
  readonly refused: readonly string[];
  /** Actions that never got their turn: the edges are in a cycle. */
  readonly stuck: readonly string[];
}

export interface RunOptions {
  /** A number from 0 up to, not including, `below`. */
  readonly pick: (below: number) => number;
  readonly mayFail?: (action: Action) => boolean;
  /** Called after each action. */
  readonly watch?: (server: ModelServer, action: Action) => void;
}

/** Runs a plan in a random order that its edges allow. */
export function runPlan({ actions }: Plan, server: ModelServer, { pick, mayFail, watch }: RunOptions): CallResponse {
  const open = new Set(actions);
  const ended = new Set<string>();
  const done = new Set<string>();
  const refused: string[] = [];
  while (open.size > 0) {
    const ready = [...open].filter(({ after }) => after.every(({ action }) => ended.has(action)));
    const action = ready[ready.length === 0 ? 0 : pick(ready.length)];
    if (action === undefined) break;
    open.delete(action);
    ended.add(action.id);
    if (action.after.some((edge) => edge.need === 'success' && !done.has(edge.action))) continue;
    if (mayFail?.(action) === true) continue;
    const refusal = server.run(action);
    if (refusal === undefined) done.add(action.id);
    else refused.push(`${action.id} ${action.call.operation}: ${refusal}`);
    watch?.(server, action);
  }
  return { done, refused, stuck: [...open].map(({ id }) => id) };
}
