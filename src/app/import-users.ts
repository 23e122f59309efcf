import { type EntryToWrite, writeUsersFile } from '../desired/write-users-file.ts';
import { NotEnoughSightError } from '../live/errors.ts';
import { listUsers } from '../live/list-users.ts';
import { askEachWith, readOwnedKinds } from '../live/read-owned.ts';
import { byText, compareText } from '../model/compare.ts';
import type { UserEntry } from '../model/generated/users-file.ts';
import { type LiveByKind, type OwnedThings, ownedBy } from '../model/kinds.ts';
import type { LiveReader } from '../model/live-reader.ts';
import type { LiveUser } from '../model/live-state.ts';
import type { ImportRules } from '../model/resource-definition.ts';
import { reservedUsernames, temporaryUsernamePrefix } from '../model/user-rules.ts';
import { kinds } from '../resources/index.ts';
import type { AppPorts, ConnectionOptions, InputOptions } from './ports.ts';
import { withServer } from './with-server.ts';

export interface Imported {
  /** The users file. */
  readonly text: string;
  readonly people: number;
  /** Accounts that no entry can stand for, each with the reason. */
  readonly leftOut: readonly string[];
}

/** Live state as one users file, such that a plan right after it has no actions. Reads only; holds no secret. */
export function importUsers(options: InputOptions & ConnectionOptions, given: AppPorts): Promise<Imported> {
  return withServer(options, given, async ({ settings, reader, ports }) => {
    const { caller } = await reader.facts([]);
    if (!caller.permissions.has('manage_system')) throw new NotEnoughSightError(caller.username);
    const users = [...(await listUsers(reader, ports.emit)).values()];
    const askEach = askEachWith(ports.emit);
    const owned = await readOwnedKinds(reader.owned, (_kind, one) => one.readAll(askEach));
    const { allowRoles, leaverTokens } = settings.policy;
    const roles = await rolesThere(reader, users);
    return toUsersFile(users, owned, { allowRoles: new Set(allowRoles), roles, leaverTokens });
  });
}

/** Of the roles that people have: those that the server still has. Others stay on accounts when they are deleted. */
async function rolesThere(reader: LiveReader, users: readonly LiveUser[]): Promise<ReadonlySet<string>> {
  const named = new Set(users.flatMap(({ values }) => values.roles));
  return (await reader.roles([...named].toSorted())).roles;
}

/** Pure: accounts and what they own as a users file. */
export function toUsersFile(
  users: readonly LiveUser[],
  owned: OwnedThings,
  rules: Omit<ImportRules, 'defaults'>,
): Imported {
  const people = users
    .filter(({ isBot, isRemote }) => !isBot && !isRemote)
    .toSorted(byText(({ values }) => values.username));
  const unwritable = people.flatMap((one) => {
    const why = obstacleTo(one);
    return why === undefined ? [] : [`${one.values.username}: ${why}`];
  });
  const writable = people.filter((one) => obstacleTo(one) === undefined);
  const defaults = commonDefaults(writable);
  const entries = writable.map((one) => toEntry(one, ownedBy(one.id, owned), { ...rules, defaults: defaults ?? {} }));
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

/** An address that the server would not take again is left to whoever knows the right one. */
const writableLocale = /^([a-z]{2,3}(-[A-Z]{2})?)?$/;

/** The language that most people have, if it saves lines. */
function commonDefaults(people: readonly LiveUser[]): { readonly locale: string } | undefined {
  const counts = new Map<string, number>();
  for (const { values } of people) counts.set(values.locale, (counts.get(values.locale) ?? 0) + 1);
  // A default brings the field under management for everybody, so everybody's must be one that can be written.
  if ([...counts.keys()].some((locale) => !writableLocale.test(locale))) return undefined;
  const [common] = [...counts].toSorted(([a, one], [b, other]) => other - one || compareText(a, b));
  return common === undefined || common[0] === '' ? undefined : { locale: common[0] };
}

/** Every kind writes its part; what one of them withholds is left out. */
function toEntry(account: LiveUser, live: Partial<LiveByKind>, rules: ImportRules): EntryToWrite {
  const pieces = kinds.map((kind) => kind.toEntry(account, live, rules));
  const withheld = new Set<string>(pieces.flatMap((piece) => piece.withheld));
  const fields = pieces.flatMap((piece) => Object.entries(piece.fields)).filter(([name]) => !withheld.has(name));
  const { username } = account.values;
  const entry: UserEntry = { username, ...Object.fromEntries(fields) };
  const remarks = pieces.flatMap((piece) => piece.remarks);
  return remarks.length === 0 ? { entry } : { entry, remark: remarks.join('; ') };
}
