import type { Settings } from '../config/settings.ts';
import { type EntryToWrite, type WrittenFile, writtenFile } from '../desired/write-users-file.ts';
import { InsufficientVisibilityError } from '../live/errors.ts';
import { listUsers } from '../live/list-users.ts';
import { askEachWith, readOwnedKinds } from '../live/read-owned.ts';
import { readPeople } from '../live/read-people.ts';
import { matchPeople } from '../match/match-people.ts';
import { byText, compareText } from '../model/compare.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { UserEntry } from '../model/generated/users-file.ts';
import { type LiveByKind, type OwnedThings, ownedBy } from '../model/kinds.ts';
import type { LiveReader } from '../model/live-reader.ts';
import type { LiveUser } from '../model/live-state.ts';
import { refuse } from '../model/messages/problems.ts';
import { InputError, type Problem } from '../model/problem.ts';
import { recordFlaws } from '../model/record-rules.ts';
import type { ImportRules, MembershipsWritten } from '../model/resource-definition.ts';
import type { Policy } from '../model/settings.ts';
import { everyUser, problemsOfEntries } from '../model/unusable.ts';
import { reservedUsernames, temporaryUsernamePrefix } from '../model/user-rules.ts';
import { undeclaredOf } from '../plan/not-declared.ts';
import { kinds } from '../resources/index.ts';
import type { Server } from './connect.ts';
import { findAccounts } from './find-accounts.ts';
import { loadDesired, usersFilesOf } from './load.ts';
import type { AppPorts, ConnectionOptions, InputOptions } from './ports.ts';
import { againstDefaults, type Stated, underDefaults } from './stated-defaults.ts';
import { withServerAfter } from './with-server.ts';

/** The users file, and whom it holds. */
export interface Imported extends WrittenFile {
  readonly people: number;
  /** Accounts that no entry can stand for, each with the reason. */
  readonly leftOut: readonly string[];
  /** Of the accounts that were named: those that an entry seems to stand for already, each with its place. */
  readonly declared: readonly string[];
  /** Of entries that cannot be used: what they may mean is not called undeclared. */
  readonly problems: readonly Problem[];
}

export interface ImportOptions extends InputOptions, ConnectionOptions {
  /** Only these accounts, by username, e-mail or id. */
  readonly users?: readonly string[];
  /** Only active accounts that no entry stands for. */
  readonly undeclared?: boolean;
  /** Of teams and channels; default `teams`. */
  readonly memberships?: MembershipsWritten;
}

/** Live state as one users file, such that a plan right after it has no actions. Reads only; holds no secret. */
export async function importUsers(options: ImportOptions, given: AppPorts): Promise<Imported> {
  if (options.users !== undefined && options.undeclared === true) throw twoSelections();
  return await withServerAfter(
    options,
    given,
    (settings) => loadForSelection(options, settings, given),
    async (server, desired) => {
      const { settings, reader, ports } = server;
      const { caller } = await reader.facts([]);
      if (!caller.permissions.has('manage_system')) throw new InsufficientVisibilityError(caller.username);
      const { users, problems } = await chooseUsers(options, server, desired);
      const { allowRoles, leaverTokens } = settings.policy;
      const rules = {
        allowRoles: new Set(allowRoles),
        roles: await rolesThere(reader, users),
        leaverTokens,
        memberships: options.memberships ?? 'teams',
        stated: desired === undefined ? {} : underDefaults(desired),
      };
      const isAll = options.users === undefined && options.undeclared !== true;
      const isNamed = desired !== undefined && options.users !== undefined;
      const found = isNamed ? { declared: declaredAlready(users, desired), problems: [] } : { declared: [], problems };
      return toUsersFile(users, await readThings(reader, users, rules, ports), rules, isAll, found);
    },
  );
}

const twoSelections = (): InputError => new InputError([refuse('two-selections', {})]);

/** Who is declared says who is not; accounts that are named need no users file. */
async function loadForSelection(
  options: ImportOptions,
  settings: Settings,
  ports: AppPorts,
): Promise<DesiredState | undefined> {
  if (options.undeclared === true) return await loadDesired(settings, options, ports);
  if (options.users === undefined || (await usersFilesOf(settings)).length === 0) return undefined;
  return await loadDesired(settings, options, ports);
}

async function chooseUsers(
  { users: names }: ImportOptions,
  { settings, reader, ports }: Server,
  desired: DesiredState | undefined,
): Promise<{ readonly users: readonly LiveUser[]; readonly problems: readonly Problem[] }> {
  if (names !== undefined) return { users: await namedUsers(names, reader), problems: [] };
  if (desired === undefined) return { users: [...(await listUsers(reader, ports.emit)).values()], problems: [] };
  const policy: Policy = { ...settings.policy, undeclaredUsers: 'report' };
  const live = await readPeople(reader, desired, 'everybody', ports.emit);
  // Whom an entry means that cannot be used is not clear: what it may mean is not called undeclared.
  const { people, unusable, doubts } = matchPeople(desired, live.users, live.coverage.refusedEmails);
  const users = undeclaredOf({ live, people, doubts, policy }, []).flatMap(({ id }) => live.users.get(id) ?? []);
  return { users, problems: problemsOfEntries(unusable) };
}

/** @throws {InputError} with every name that is no account's, or that of an account that no entry can stand for */
async function namedUsers(names: readonly string[], reader: LiveReader): Promise<readonly LiveUser[]> {
  const found = await findAccounts(reader, names);
  const problems: Problem[] = [];
  const users = new Set<LiveUser>();
  for (const [name, user] of found) {
    const why = user === undefined ? undefined : obstacleTo(user);
    if (user === undefined) problems.push(refuse('no-such-account', { is: 'import', name }));
    else if (why !== undefined) problems.push(refuse('no-entry-possible', { name, why }));
    else users.add(user);
  }
  if (problems.length > 0) throw new InputError(problems);
  return uniqueById(users);
}

const uniqueById = (users: Iterable<LiveUser>): readonly LiveUser[] => [
  ...new Map([...users].map((user) => [user.id, user])).values(),
];

/** What the people own; no entry stands for the others. */
async function readThings(
  reader: LiveReader,
  users: readonly LiveUser[],
  rules: Pick<ImportRules, 'memberships'>,
  { emit }: AppPorts,
): Promise<OwnedThings> {
  const people = users.filter(({ isBot, isRemote }) => !isBot && !isRemote);
  const { owned } = await readOwnedKinds(reader.owned, async (_kind, one) => ({
    known: await one.readForEntries(people, rules, askEachWith(emit)),
    shown: new Map(),
  }));
  return owned;
}

function declaredAlready(users: readonly LiveUser[], desired: DesiredState): readonly string[] {
  return users.flatMap(({ id, values: { username, email } }) => {
    const entry = everyUser(desired).find(
      (one) =>
        one.id === id ||
        one.username === username ||
        one.previousUsernames.includes(username) ||
        (email !== '' && one.values.email === email),
    );
    if (entry === undefined) return [];
    const { file, line } = desired.locate(entry);
    return [`${username}: ${file}:${line}`];
  });
}

/** Of the roles that people have: those that the server still has. Others stay on accounts when they are deleted. */
export async function rolesThere(reader: LiveReader, users: readonly LiveUser[]): Promise<ReadonlySet<string>> {
  const named = new Set(users.flatMap(({ values }) => values.roles));
  return (await reader.roles([...named].toSorted())).roles;
}

/** Pure: accounts and what they own as a users file. */
export function toUsersFile(
  users: readonly LiveUser[],
  owned: OwnedThings,
  rules: Omit<ImportRules, 'defaults'> & { readonly stated?: Stated },
  isAll = true,
  found: Pick<Imported, 'declared' | 'problems'> = { declared: [], problems: [] },
): Imported {
  const people = users
    .filter(({ isBot, isRemote }) => !isBot && !isRemote)
    .toSorted(byText(({ values }) => values.username));
  const unwritable: string[] = [];
  const writable = people.filter((one) => {
    const why = obstacleTo(one);
    if (why !== undefined) unwritable.push(`${one.values.username}: ${why}`);
    return why === undefined;
  });
  const defaults = isAll ? commonDefaults(writable) : undefined;
  const given = { ...rules, defaults: defaults ?? {} };
  const entries = {
    *[Symbol.iterator]() {
      for (const one of writable) yield toEntry(one, ownedBy(one.id, owned), given);
    },
  };
  const file = { ...(defaults !== undefined && { defaults }), onCreate: { roles: ['system_user'] }, users: entries };
  return Object.assign(writtenFile(file), { ...found, people: writable.length, leftOut: unwritable });
}

/** Why no entry can stand for an account. */
export function obstacleTo({ isBot, isRemote, values }: LiveUser): string | undefined {
  const { username, email } = values;
  if (isBot) return 'it is a bot, and muster manages people';
  if (isRemote) return 'it belongs to another server';
  if (reservedUsernames.has(username)) return 'the server keeps this name for itself';
  if (username.startsWith(temporaryUsernamePrefix)) return 'the name is one that muster gives for a moment';
  if (email === '') return 'the account has no e-mail';
  const flaw = recordFlaws(values).find(({ attribute }) => attribute === 'username');
  return flaw === undefined ? undefined : `the server calls ${flaw.what}, and refuses every change of it`;
}

/** Locales that an entry may state. */
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

const without = (fields: Partial<UserEntry>, names: readonly string[]): Partial<UserEntry> =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

/** Every kind writes its part; what one of them withholds is left out. */
function toEntry(
  account: LiveUser,
  live: Partial<LiveByKind>,
  { stated = {}, ...rules }: ImportRules & { readonly stated?: Stated },
): EntryToWrite {
  const pieces = kinds.map((kind) => kind.toEntry(account, live, rules));
  const withheld = pieces.flatMap((piece) => piece.withheld);
  const { username } = account.values;
  const entry: UserEntry = { username, ...againstDefaults(account.values, stated) };
  for (const { fields } of pieces) Object.assign(entry, withheld.length === 0 ? fields : without(fields, withheld));
  const remarks = pieces.flatMap((piece) => piece.remarks);
  return remarks.length === 0 ? { entry } : { entry, remark: remarks.join('; ') };
}
