import { type EntryToWrite, writeUsersFile } from '../desired/write-users-file.ts';
import { NotEnoughSightError } from '../live/errors.ts';
import { inLanes } from '../live/in-lanes.ts';
import { listUsers } from '../live/list-users.ts';
import type { UserEntry, UsersFile } from '../model/generated/users-file.ts';
import type { LiveReader } from '../model/live-reader.ts';
import type { LiveToken, LiveUser } from '../model/live-state.ts';
import { impliedRoles, isGuest, reservedUsernames } from '../model/user-rules.ts';
import type { AccountId } from '../model/user-values.ts';
import { createLiveReader, parseMarker } from '../resources/index.ts';
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
    const users = await listUsers(reader, ports.emit);
    const tokens = await tokensByOwner(reader);
    return toUsersFile([...users.values()], tokens, new Set(settings.policy.allowRoles));
  } finally {
    await client.close();
  }
}

/** The pages only name the owners; what each of them has is asked for by a search, which is complete. */
async function tokensByOwner(reader: LiveReader): Promise<ReadonlyMap<AccountId, readonly LiveToken[]>> {
  const owners = new Set<AccountId>();
  for await (const page of reader.tokenPages()) for (const { userId } of page) owners.add(userId);
  const tokens = await inLanes([...owners], 4, async (id) => [id, await reader.tokensOf(id)] as const);
  return new Map(tokens);
}

/** Pure: accounts and their tokens as a users file. */
export function toUsersFile(
  users: readonly LiveUser[],
  tokens: ReadonlyMap<AccountId, readonly LiveToken[]>,
  allowRoles: ReadonlySet<string>,
): Imported {
  const people = users
    .filter(({ isBot, isRemote }) => !isBot && !isRemote)
    .toSorted((a, b) => (a.values.username < b.values.username ? -1 : 1));
  const unwritable = people.filter(({ values }) => reservedUsernames.has(values.username) || values.email === '');
  const writable = people.filter((one) => !unwritable.includes(one));
  const defaults = commonDefaults(writable);
  const entries = writable.map((one) => toEntry(one, tokens.get(one.id) ?? [], defaults, allowRoles));
  return {
    text: writeUsersFile({
      ...(defaults !== undefined && { defaults }),
      onCreate: { roles: ['system_user'] },
      users: entries,
    }),
    people: entries.length,
    leftOut: unwritable.map(
      ({ values }) => `${values.username}: the server keeps this name, or the account has no e-mail`,
    ),
  };
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
  allowRoles: ReadonlySet<string>,
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
    ...rolesOf(values.roles, allowRoles, remarks),
    ...activeOf(values.active, tokens, remarks),
    ...authOf(values.auth, remarks),
    ...tokensOf(values.active, tokens, remarks),
  };
  return remarks.length === 0 ? { entry } : { entry, remark: remarks.join('; ') };
}

function rolesOf(roles: readonly string[], allowRoles: ReadonlySet<string>, remarks: string[]): Partial<UserEntry> {
  const isWritable =
    roles.length > 0 &&
    roles.every((role) => role.startsWith('system_') || allowRoles.has(role)) &&
    !(isGuest(roles) && (roles.includes('system_user') || roles.includes('system_admin'))) &&
    impliedRoles(roles).length === roles.length;
  if (isWritable) return { roles: [...roles] };
  remarks.push(
    roles.length === 0 ? 'has no roles at all: not managed here' : `roles not managed here: ${roles.join(' ')}`,
  );
  return {};
}

/** An inactive account with tokens that still live is left alone, since declaring it inactive would disable them. */
function activeOf(active: boolean, tokens: readonly LiveToken[], remarks: string[]): Partial<UserEntry> {
  const live = tokens.filter(({ enabled }) => enabled).length;
  if (active || live === 0) return { active };
  remarks.push(
    `inactive, with ${live} live ${live === 1 ? 'token' : 'tokens'}: write active: false to have them disabled`,
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
