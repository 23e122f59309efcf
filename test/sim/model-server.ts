/**
 * A Mattermost in memory: rows, and what each call makes of them, with the refusals of the real one as far as an apply can
 * meet them (API reference §3 to §10). One call is one transaction; time and the network are elsewhere.
 */
import type { NewUser, Preference, Token, User, UserPatch } from '../../src/api/index.ts';
import type { LiveUser, ServerFacts } from '../../src/model/live-state.ts';
import { ModelPlaces, type PlacesSeed } from './model-places.ts';

/** The server says no. */
export class Refused extends Error {
  readonly status: number;
  readonly id: string;

  constructor(status: number, id: string, message: string = id) {
    super(message);
    this.status = status;
    this.id = id;
  }
}

export interface TokenRow extends Token {
  readonly secretText: string;
}

export interface ServerSeed {
  readonly users: readonly User[];
  readonly tokens: readonly TokenRow[];
  /** Whose token muster has. */
  readonly callerId: string;
  readonly facts: Omit<ServerFacts, 'admins' | 'caller' | 'url'>;
  /** Absent: there is no team. */
  readonly places?: PlacesSeed;
  /** What is written into preferences is never seen again, so that no lease holds. */
  readonly forgetsPreferences?: boolean;
}

/** Rows as they were up to a moment, in milliseconds since the epoch. */
interface Past extends Pick<ServerSeed, 'users' | 'tokens'> {
  readonly placesThen: ModelPlaces;
  readonly untilMs: number;
}

const oauthServices: ReadonlySet<string> = new Set(['gitlab', 'google', 'office365', 'openid']);
const defaultNotifyProps = { desktop: 'mention', email: 'true', channel: 'true', mention_keys: '' };
const defaultTimezone = { useAutomaticTimezone: 'true', automaticTimezone: '', manualTimezone: '' };

export const rolesOf = ({ roles }: User): readonly string[] => roles.split(' ').filter((role) => role !== '');
export const isActive = ({ delete_at }: User): boolean => delete_at === 0;
const isGuest = (user: User): boolean => rolesOf(user).includes('system_guest');
const isHuman = ({ is_bot, remote_id }: User): boolean => !is_bot && remote_id === '';
const preferenceKey = ({ user_id, category, name }: Preference): string => `${user_id}/${category}/${name}`;
const noUser = (status = 404): Refused => new Refused(status, 'app.user.missing_account.const');
const noToken = (): Refused => new Refused(404, 'app.user_access_token.get_by_user.app_error');
const providerOwns = (): Refused =>
  new Refused(409, 'api.user.patch_user.login_provider_attribute_set.app_error', 'the login provider owns this field');

const noPlaces: PlacesSeed = { places: {}, members: {} };

export class ModelServer {
  readonly users: Map<string, User>;
  readonly tokens: Map<string, TokenRow>;
  readonly preferences: Map<string, Preference> = new Map();
  readonly callerId: string;
  readonly facts: ServerSeed['facts'];
  readonly places: ModelPlaces;
  /** Accounts whose way to sign in was changed: nobody knows whether they get in. */
  readonly moved: Set<string> = new Set();
  readonly #forgetsPreferences: boolean;
  /** What a replica may still show, the oldest first. */
  readonly #past: Past[] = [];
  #made = 0;

  constructor(
    { users, tokens, callerId, facts, places, forgetsPreferences = false }: ServerSeed,
    placesThen?: ModelPlaces,
  ) {
    this.places = placesThen ?? new ModelPlaces(places ?? noPlaces);
    this.users = new Map(users.map((user) => [user.id, user]));
    this.tokens = new Map(tokens.map((token) => [token.id, token]));
    this.callerId = callerId;
    this.facts = facts;
    this.#forgetsPreferences = forgetsPreferences;
  }

  user(id: string): User {
    const user = this.users.get(id);
    if (user === undefined) throw noUser();
    return user;
  }

  find(isWanted: (user: User) => boolean): User | undefined {
    for (const user of this.users.values()) if (isWanted(user)) return user;
    return undefined;
  }

  filter(isWanted: (user: User) => boolean): readonly User[] {
    return [...this.users.values()].filter(isWanted);
  }

  tokensOf(userId: string): readonly TokenRow[] {
    return [...this.tokens.values()].filter(({ user_id }) => user_id === userId);
  }

  /** Keeps what is there until now for replicas that lag behind; called before each write. */
  remember(nowMs: number): void {
    this.#past.push({
      untilMs: nowMs,
      users: [...this.users.values()],
      tokens: [...this.tokens.values()],
      placesThen: this.places.copy(),
    });
  }

  /** The server as it was, to be read only. */
  asOf(atMs: number): ModelServer {
    const past = this.#past.find(({ untilMs }) => untilMs > atMs);
    if (past === undefined) return this;
    return new ModelServer({ ...past, callerId: this.callerId, facts: this.facts }, past.placesThen);
  }

  /** Who signs in with a secret. */
  ownerOf(secretText: string): User {
    const token = [...this.tokens.values()].find((row) => row.secretText === secretText);
    const owner = token?.is_active === true ? this.users.get(token.user_id) : undefined;
    if (owner === undefined || !isActive(owner)) throw new Refused(401, 'api.context.session_expired.app_error');
    return owner;
  }

  /** People who are active, with `system_admin`, and a sign-in service that is on. */
  get admins(): readonly User[] {
    return this.filter(
      (user) => isActive(user) && isHuman(user) && rolesOf(user).includes('system_admin') && this.#canSignIn(user),
    );
  }

  get activePeople(): number {
    return this.filter((user) => isActive(user) && isHuman(user)).length;
  }

  create(body: NewUser, nowMs: number): User {
    this.#requireSeat();
    const username = (body.username ?? '').toLowerCase();
    const email = body.email.trim().toLowerCase();
    if ((body.auth_service ?? '') === '' && body.password === undefined)
      throw new Refused(400, 'model.user.is_valid.pwd_min_length.app_error');
    this.#requireFree('', username, email);
    if (body.auth_data !== undefined && this.find(({ auth_data }) => auth_data === body.auth_data) !== undefined)
      throw new Refused(500, 'app.user.save.app_error');
    const user: User = {
      ...emptyUser,
      id: this.#newId('user'),
      create_at: nowMs,
      update_at: nowMs,
      username,
      email,
      auth_data: body.auth_data,
      auth_service: body.auth_service ?? '',
      email_verified: body.email_verified ?? false,
      nickname: body.nickname ?? '',
      first_name: body.first_name ?? '',
      last_name: body.last_name ?? '',
      position: body.position ?? '',
      roles: 'system_user',
      props: body.props ?? {},
      notify_props: Object.keys(body.notify_props ?? {}).length === 0 ? defaultNotifyProps : body.notify_props,
      locale: this.facts.availableLocales.has(body.locale ?? '') ? (body.locale ?? '') : 'en',
      timezone: body.timezone ?? defaultTimezone,
    };
    if (!isStatus(user.props?.['customStatus'] ?? ''))
      throw new Refused(400, 'model.user.is_valid.invalidProperty.app_error');
    this.users.set(user.id, user);
    return user;
  }

  patch(id: string, patch: UserPatch, nowMs: number): User {
    const before = this.user(id);
    const { password: _, ...fields } = patch;
    const wanted: User = {
      ...before,
      ...fields,
      username: (fields.username ?? before.username).toLowerCase(),
      email: (fields.email ?? before.email).trim().toLowerCase(),
    };
    this.#checkOwners(before, wanted);
    const keepsEmail = oauthServices.has(before.auth_service) || this.facts.requiresEmailVerification;
    const after = { ...wanted, email: keepsEmail ? before.email : wanted.email, update_at: nowMs };
    this.#requireFree(id, after.username, after.email);
    this.users.set(id, after);
    return after;
  }

  setRoles(id: string, roles: readonly string[], nowMs: number): void {
    const user = this.users.get(id);
    if (user === undefined) throw noUser(400);
    if (roles.some((role) => !this.facts.roles.has(role)))
      throw new Refused(400, 'app.role.check_roles_exist.role_not_found');
    const losesAdmin = rolesOf(user).includes('system_admin') && !roles.includes('system_admin');
    const active = this.filter((one) => isActive(one) && isHuman(one) && rolesOf(one).includes('system_admin'));
    if (losesAdmin && active.length <= 1) throw new Refused(400, 'app.user.update.lastAdmin.app_error');
    this.users.set(id, { ...user, roles: roles.join(' '), update_at: nowMs });
  }

  promote(id: string, nowMs: number): void {
    const user = this.user(id);
    if (!isGuest(user)) throw new Refused(501, 'api.user.promote_guest_to_user.no_guest.app_error');
    const roles = rolesOf(user).map((role) => (role === 'system_guest' ? 'system_user' : role));
    this.users.set(id, { ...user, roles: roles.join(' '), update_at: nowMs });
  }

  demote(id: string, nowMs: number): void {
    if (!this.facts.hasGuests) throw new Refused(501, 'api.team.demote_user_to_guest.disabled.error');
    const user = this.user(id);
    if (isGuest(user)) throw new Refused(501, 'api.user.demote_user_to_guest.already_guest.app_error');
    this.users.set(id, { ...user, roles: 'system_guest', update_at: nowMs });
  }

  setActive(id: string, active: boolean, nowMs: number): void {
    const user = this.user(id);
    if (active && isGuest(user) && !this.facts.hasGuests)
      throw new Refused(401, 'api.user.update_active.cannot_enable_guest_when_guest_feature_is_disabled.app_error');
    if (user.auth_service === 'ldap')
      throw new Refused(403, 'api.user.update_active.cannot_modify_status_when_user_is_managed_by_ldap.app_error');
    if (active) this.#requireSeat();
    this.users.set(id, { ...user, delete_at: active ? 0 : nowMs, update_at: nowMs });
  }

  setAuth(id: string, auth: { readonly service: string; readonly data: string }, nowMs: number): void {
    const user = this.users.get(id);
    if (user === undefined) return;
    if (this.find((one) => one.id !== id && one.auth_data === auth.data) !== undefined)
      throw new Refused(400, 'app.user.update_auth_data.email_exists.app_error');
    this.moved.add(id);
    this.users.set(id, { ...user, auth_service: auth.service, auth_data: auth.data, update_at: nowMs });
  }

  setPassword(id: string, nowMs: number): void {
    const user = this.user(id);
    this.moved.add(id);
    this.users.set(id, { ...user, auth_service: '', auth_data: undefined, update_at: nowMs });
  }

  disableMfa(id: string, nowMs: number): void {
    this.users.set(id, { ...this.user(id), mfa_active: false, update_at: nowMs });
  }

  /** Nobody learns by the answer whether there is such a person. */
  sendReset(email: string): void {
    const user = this.find((one) => one.email === email);
    if (user !== undefined && user.auth_service !== '')
      throw new Refused(400, 'api.user.send_password_reset.sso.app_error');
  }

  createToken(userId: string, description: string): TokenRow {
    this.user(userId);
    if (!this.facts.hasUserAccessTokens) throw new Refused(501, 'app.user_access_token.disabled');
    const token: TokenRow = {
      id: this.#newId('token'),
      user_id: userId,
      description,
      is_active: true,
      expires_at: undefined,
      secretText: this.#newId('secret'),
    };
    this.tokens.set(token.id, token);
    return token;
  }

  /** @returns why a person cannot be added */
  whyNotAdded(id: string, account: string, isTeam: boolean): Refused | undefined {
    const user = this.users.get(account);
    if (user === undefined) return noUser();
    if (isTeam) return undefined;
    if (!this.places.isIn(this.places.teamOfChannel(id), account))
      return new Refused(404, 'app.team.get_member.missing.app_error');
    return isActive(user) ? undefined : new Refused(403, 'app.channel.add_member.deleted_user.app_error');
  }

  addTo(id: string, account: string, isTeam: boolean): void {
    const refused = this.whyNotAdded(id, account, isTeam);
    if (refused !== undefined) throw refused;
    this.places.add(id, account);
  }

  setPreference(row: Preference): void {
    if (!this.#forgetsPreferences) this.preferences.set(preferenceKey(row), row);
  }

  deletePreference(row: Preference): void {
    this.preferences.delete(preferenceKey(row));
  }

  token(id: string): TokenRow {
    const token = this.tokens.get(id);
    if (token === undefined) throw noToken();
    return token;
  }

  enableToken(id: string, isEnabled: boolean): void {
    this.tokens.set(id, { ...this.token(id), is_active: isEnabled });
  }

  revokeToken(id: string): void {
    this.token(id);
    this.tokens.delete(id);
  }

  #checkOwners(before: User, wanted: User): void {
    const { auth_service: service } = before;
    if (service !== '' && wanted.username !== before.username) throw providerOwns();
    const changesName = wanted.first_name !== before.first_name || wanted.last_name !== before.last_name;
    if (oauthServices.has(service) && changesName) throw providerOwns();
    if (service === 'ldap' && wanted.email !== before.email) throw new Refused(400, 'app.user.update.find.app_error');
    if (service !== 'ldap' && service !== 'saml') return;
    const mapped = this.facts.providerAttributes[service];
    for (const field of ['first_name', 'last_name', 'nickname', 'position'] as const)
      if (mapped.has(field) && wanted[field] !== before[field]) throw providerOwns();
  }

  #requireFree(id: string, username: string, email: string): void {
    for (const other of this.users.values()) {
      if (other.id === id) continue;
      if (other.username === username) throw new Refused(400, 'app.user.save.username_exists.app_error');
      if (other.email === email) throw new Refused(400, 'app.user.save.email_exists.app_error');
    }
  }

  #requireSeat(): void {
    const { limit } = this.facts.seats;
    if (limit !== undefined && limit > 0 && this.activePeople >= limit)
      throw new Refused(400, 'api.user.create_user.user_limits.exceeded');
  }

  #canSignIn({ auth_service }: User): boolean {
    return this.facts.signInServices.has(auth_service === '' ? 'email' : auth_service);
  }

  /** 26 letters and digits, as the server makes them. */
  #newId(kind: string): string {
    this.#made += 1;
    return `${kind}${this.#made}`.padEnd(26, 'x');
  }
}

/** Empty, or JSON of which something comes. */
function isStatus(text: string): boolean {
  try {
    return text === '' || JSON.parse(text) !== null;
  } catch {
    return false;
  }
}

const emptyUser: User = {
  id: '',
  create_at: 1,
  update_at: 1,
  delete_at: 0,
  username: '',
  auth_data: undefined,
  auth_service: '',
  email: '',
  email_verified: undefined,
  nickname: '',
  first_name: '',
  last_name: '',
  position: '',
  roles: 'system_user',
  allow_marketing: undefined,
  props: {},
  notify_props: {},
  last_password_update: undefined,
  last_picture_update: undefined,
  failed_attempts: undefined,
  locale: 'en',
  timezone: {},
  mfa_active: false,
  remote_id: '',
  last_activity_at: undefined,
  is_bot: false,
  bot_description: undefined,
  terms_of_service_id: undefined,
  terms_of_service_create_at: undefined,
};

/** The row of an account as the states of the tests build it. */
export function toRow({ id, isBot, isRemote, values }: LiveUser): User {
  const { active, roles, auth, mfa, ...texts } = values;
  return {
    ...emptyUser,
    ...texts,
    id,
    roles: roles.join(' '),
    delete_at: active ? 0 : 1,
    auth_service: auth.service === 'email' ? '' : auth.service,
    auth_data: auth.data,
    mfa_active: mfa === 'on',
    is_bot: isBot,
    remote_id: isRemote ? 'far' : '',
  };
}
