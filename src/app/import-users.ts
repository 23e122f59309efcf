import { type EntryToWrite, writeUsersFile } from '../desired/write-users-file.ts';
import { NotEnoughSightError } from '../live/errors.ts';
import { listUsers } from '../live/list-users.ts';
import { readEach } from '../live/read-each.ts';
import type { UserEntry, UsersFile } from '../model/generated/users-file.ts';
import type { LiveReader } from '../model/live-reader.ts';
import type { LiveToken, LiveUser } from '../model/live-state.ts';
import type { Policy } from '../model/settings.ts';
import { parseMarker } from '../model/token-marker.ts';
import { impliedRoles, isGuest, reservedUsernames, temporaryUsernamePrefix } from '../model/user-rules.ts';
import type { AccountId } from '../model/user-values.ts';
import { createLiveReader } from '../resources/index.ts';
import { connect } from './connect.ts';
import { loadSettings } from './load.ts';
import type { AppPorts, ConnectionOptions, InputOptions } from './ports.ts';

export interface Imported {
  /** The users file. */
  readonly text: string;
  readonly people: number;
  /** Accounts that no entry can stand for, each with the reason. */
  readonly leftOut: readonly string[];
}

/** Live state as one users file, such that a plan right after it has no actions. Reads only; holds no secret. */
export async function importUsers(options: InputOptions & ConnectionOptions, ports: AppPorts): Promise<Imported> {
  const settings = await loadSettings(options, ports);
  const { client, requests } = await connect(settings, options, ports);
  try {
    const reader = createLiveReader(client.readOnly(), requests);
    const { caller } = await reader.facts([]);
    if (!caller.permissions.has('manage_system')) throw new NotEnoughSightError(caller.username);
    const users = [...(await listUsers(reader, ports.emit)).values()];
    const tokens = await tokensByOwner(reader);
    const { allowRoles, leaverTokens } = settings.policy;
    const roles = await rolesThere(reader, users);
    return toUsersFile(users, tokens, { allowRoles: new Set(allowRoles), roles, leaverTokens });
  } finally {
    await client.close();
  }
}

/** Of the roles that people have: those that the server still has. Others stay on accounts when they are deleted. */
async function rolesThere(reader: LiveReader, users: readonly LiveUser[]): Promise<ReadonlySet<string>> {
  const named = new Set(users.flatMap(({ values }) => values.roles));
  return (await reader.facts([...named].toSorted())).roles;
}

/** The pages only name the owners; what each of them has is asked for by a search, which is complete. */
async function tokensByOwner(reader: LiveReader): Promise<ReadonlyMap<AccountId, readonly LiveToken[]>> {
  const owners = new Set<AccountId>();
  for await (const page of reader.tokenPages()) for (const { userId } of page) owners.add(userId);
  const tokens = await readEach([...owners], async (id) => [id, await reader.tokensOf(id)] as const);
  return new Map(tokens);
}

/** What a users file may say on this server, and what it would mean. */
export interface ImportRules {
  /** Roles beside those that begin with `system_`. */
  readonly allowRoles: ReadonlySet<string>;
  /** Roles that the server has. */
  readonly roles: ReadonlySet<string>;
  readonly leaverTokens: Policy['leaverTokens'];
}

/** Pure: accounts and their tokens as a users file. */
export function toUsersFile(
  users: readonly LiveUser[],
  tokens: ReadonlyMap<AccountId, readonly LiveToken[]>,
  rules: ImportRules,
): Imported {
  const people = users
    .filter(({ isBot, isRemote }) => !isBot && !isRemote)
    .toSorted((a, b) => (a.values.username < b.values.username ? -1 : 1));
  const unwritable = people.flatMap((one) => {
    const why = obstacleTo(one);
    return why === undefined ? [] : [`${one.values.username}: ${why}`];
  });
  const writable = people.filter((one) => obstacleTo(one) === undefined);
  const defaults = commonDefaults(writable);
  const entries = writable.map((one) => toEntry(one, tokens.get(one.id) ?? [], defaults, rules));
  return {
    text: writeUsersFile({
      ...(defaults !== undefined && { defaults }),
      onCreate: { roles: ['system_user'] },
      users: entries,
    }),
    people: entries.length,
    leftOut: unwritable,
  };
}

/** Why no entry can stand for an account. */
function obstacleTo({ values: { username, email } }: LiveUser): string | undefined {
  if (reservedUsernames.has(username)) return 'the server keeps this name for itself';
  if (username.startsWith(temporaryUsernamePrefix)) return 'the name is one that muster gives for a moment';
  return email === '' ? 'the account has no e-mail' : undefined;
}

const writableLocale = /^([a-z]{2,3}(-[A-Z]{2})?)?$/;

/** The language that most people have, if it saves lines. */
function commonDefaults(people: readonly LiveUser[]): UsersFile['defaults'] | undefined {
  const counts = new Map<string, number>();
  for (const { values } of people) counts.set(values.locale, (counts.get(values.locale) ?? 0) + 1);
  // A default brings the field under management for everybody, so everybody's must be one that can be written.
  if ([...counts.keys()].some((locale) => !writableLocale.test(locale))) return undefined;
  const [common] = [...counts].toSorted(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  return common === undefined || common[0] === '' ? undefined : { locale: common[0] };
}

function toEntry(
  { values }: LiveUser,
  tokens: readonly LiveToken[],
  defaults: UsersFile['defaults'] | undefined,
  rules: ImportRules,
): EntryToWrite {
  const remarks: string[] = [];
  const text = (name: 'first_name' | 'last_name' | 'nickname' | 'position'): Partial<UserEntry> =>
    values[name] === '' ? {} : { [name]: values[name] };
  const entry: UserEntry = {
    username: values.username,
    email: values.email,
    ...text('first_name'),
    ...text('last_name'),
    ...text('nickname'),
    ...text('position'),
    ...(defaults !== undefined && values.locale !== defaults.locale && { locale: values.locale }),
    ...rolesOf(values.roles, rules, remarks),
    ...activeOf(values.active, tokens, rules, remarks),
    ...authOf(values.auth, remarks),
    ...tokensOf(values.active, tokens, remarks),
  };
  return remarks.length === 0 ? { entry } : { entry, remark: remarks.join('; ') };
}

function rolesOf(
  roles: readonly string[],
  { allowRoles, roles: there }: ImportRules,
  remarks: string[],
): Partial<UserEntry> {
  const isWritable =
    roles.length > 0 &&
    roles.every((role) => (role.startsWith('system_') || allowRoles.has(role)) && there.has(role)) &&
    !(isGuest(roles) && (roles.includes('system_user') || roles.includes('system_admin'))) &&
    impliedRoles(roles).length === roles.length;
  if (isWritable) return { roles: [...roles] };
  remarks.push(
    roles.length === 0 ? 'has no roles at all: not managed here' : `roles not managed here: ${roles.join(' ')}`,
  );
  return {};
}

/** An inactive account with tokens is left alone where declaring it inactive would change them. */
function activeOf(
  active: boolean,
  tokens: readonly LiveToken[],
  { leaverTokens }: ImportRules,
  remarks: string[],
): Partial<UserEntry> {
  const concerned = tokens.filter(({ enabled }) => leaverTokens === 'revoke' || enabled).length;
  if (active || concerned === 0 || leaverTokens === 'keep') return { active };
  remarks.push(
    leaverTokens === 'revoke'
      ? `inactive, with ${concerned} ${concerned === 1 ? 'token' : 'tokens'}: write active: false to have them revoked`
      : `inactive, with ${concerned} live ${concerned === 1 ? 'token' : 'tokens'}: write active: false to have them disabled`,
  );
  return {};
}

function authOf(auth: LiveUser['values']['auth'], remarks: string[]): Partial<UserEntry> {
  switch (auth.service) {
    case 'email':
      return { auth: { service: 'email' } };
    case 'ldap':
    case 'saml':
    case 'gitlab':
    case 'google':
    case 'office365':
    case 'openid':
      return { auth: auth.data === undefined ? { service: auth.service } : { service: auth.service, data: auth.data } };
    default:
      remarks.push(`signs in by ${auth.service}: not managed here`);
      return {};
  }
}

/** Tokens with muster's mark, where the file can say exactly what is there; all of them or none. */
function tokensOf(active: boolean, tokens: readonly LiveToken[], remarks: string[]): Partial<UserEntry> {
  const marked = tokens.flatMap(({ description, enabled }) => {
    const marker = parseMarker(description);
    return marker === undefined ? [] : [{ marker, enabled }];
  });
  if (marked.length === 0 || !active) return {};
  const names = new Set(marked.map(({ marker }) => marker.name));
  if (names.size < marked.length) {
    remarks.push('tokens not managed here: one of them is in the middle of a rotation');
    return {};
  }
  return {
    tokens: marked
      .toSorted((a, b) => (a.marker.name < b.marker.name ? -1 : 1))
      .map(({ marker, enabled }) => ({
        name: marker.name,
        ...(marker.generation > 1 && { generation: marker.generation }),
        ...(!enabled && { enabled: false }),
      })),
  };
}
