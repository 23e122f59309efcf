/**
 * A users file of which parts are not as the schema wants them: which entries can be used, and what the others may say. Pure.
 * What is wrong outside of entries, `defaults` and `on_create` concerns the file: nothing of it is used then.
 */
import type { Defaults, OnCreate, UserEntry, UsersFile } from '../model/generated/users-file.ts';
import { isRecord } from '../model/is-record.ts';
import type { Problem } from '../model/problem.ts';
import type { Said } from '../model/readings.ts';
import { suggest } from '../model/suggest.ts';
import { isUsername, normalizeUsername } from '../model/user-rules.ts';
import type { Flaw } from '../source/check-schema.ts';
import type { SourcePath } from '../source/node-index.ts';
import type { FlawedDocument } from '../source/read-document.ts';
import { isSecretName } from '../source/secret-words.ts';
import type { SourceDocument } from '../source/source-document.ts';
import { validateUsersFile } from '../source/validators.ts';

/** An entry that is as the schema wants it; of a broken one what is left without its flaws. */
export interface SortedEntry {
  /** In the list of the file. */
  readonly index: number;
  readonly entry: UserEntry;
  readonly problems: readonly Problem[];
}

/** An entry that is not as the schema wants it. */
export interface BrokenEntry extends Omit<SortedEntry, 'entry'> {
  readonly entry?: UserEntry;
  readonly person?: string;
  readonly said: Said;
}

export interface SortedFile {
  readonly document: SourceDocument;
  /** Without what cannot be used of them. */
  readonly defaults: Defaults;
  readonly onCreate: OnCreate;
  /** What is wrong with parts that are there for all entries. */
  readonly parts: Readonly<Record<SharedPart, readonly Problem[]>>;
  readonly entries: readonly SortedEntry[];
  readonly broken: readonly BrokenEntry[];
}

/** A part of a file that its entries share. */
export type SharedPart = 'defaults' | 'on_create';

export function sortWhole(document: SourceDocument, content: UsersFile): SortedFile {
  return {
    document,
    defaults: content.defaults ?? {},
    onCreate: content.on_create ?? {},
    parts: { defaults: [], on_create: [] },
    entries: content.users.map((entry, index) => ({ index, entry, problems: none })),
    broken: [],
  };
}

const none: readonly Problem[] = [];

/** @returns `undefined` where what is wrong concerns the file */
export function sortFlawed({ document, flaws }: FlawedDocument): SortedFile | undefined {
  const { value } = document;
  if (!isRecord(value) || flaws.some((flaw) => ownerOf(flaw) === undefined)) return undefined;
  const { users } = value;
  if (!Array.isArray(users)) return undefined;
  const items: readonly unknown[] = users;
  const byEntry = flawsByEntry(flaws, document, items);
  const defaults = sharedPart('defaults', value, flaws);
  const onCreate = sharedPart('on_create', value, flaws);
  const whole = items.flatMap((item, index) => (byEntry.has(index) ? [] : [{ item, index }]));
  const content: unknown = {
    version: value['version'],
    defaults: defaults.usable,
    on_create: onCreate.usable,
    users: whole.map(({ item }) => item),
  };
  if (!validateUsersFile(content)) return undefined;
  return {
    document,
    defaults: content.defaults ?? {},
    onCreate: content.on_create ?? {},
    parts: { defaults: problemsOf(defaults.flaws), on_create: problemsOf(onCreate.flaws) },
    entries: content.users.map((entry, i) => ({
      index: whole[i]?.index ?? 0,
      entry,
      problems: problemsOf(defaults.flaws.filter((flaw) => inherits(entry, flaw))),
    })),
    broken: [...byEntry].map(([index, own]) => brokenEntry(index, items[index], own, document)),
  };
}

const problemsOf = (flaws: readonly Flaw[]): readonly Problem[] => flaws.flatMap(({ problem }) => problem ?? []);

/** The entry, by its number, or the shared part that a flaw is in; neither: it concerns the file. */
function ownerOf({ path: [root, index] }: Flaw): number | SharedPart | undefined {
  if (root === 'users') return typeof index === 'number' ? index : undefined;
  return root === 'defaults' || root === 'on_create' ? root : undefined;
}

/** As many as are named of an entry that has none of its own. */
const maxInherited = 5;

/** What an entry takes over by an alias may be flawed in another one: the flaws of the file are its own, then. */
function flawsByEntry(
  flaws: readonly Flaw[],
  document: SourceDocument,
  items: readonly unknown[],
): ReadonlyMap<number, readonly Flaw[]> {
  const byEntry = new Map<number, Flaw[]>();
  for (const flaw of flaws) {
    const owner = ownerOf(flaw);
    if (typeof owner !== 'number') continue;
    const own = byEntry.get(owner);
    if (own === undefined) byEntry.set(owner, [flaw]);
    else own.push(flaw);
  }
  const first = flaws.filter(({ problem }) => problem !== undefined).slice(0, maxInherited);
  for (const [index, item] of items.entries()) {
    const isTold = byEntry.get(index)?.some(({ problem }) => problem !== undefined) === true;
    if (!isTold && (byEntry.has(index) || document.isIncomplete(item)))
      byEntry.set(index, [...(byEntry.get(index) ?? []), ...first]);
  }
  return byEntry;
}

interface Shared {
  readonly usable: unknown;
  readonly flaws: readonly Flaw[];
}

function sharedPart(name: SharedPart, file: Readonly<Record<string, unknown>>, flaws: readonly Flaw[]): Shared {
  const own = flaws.filter((flaw) => ownerOf(flaw) === name);
  const value = file[name] ?? {};
  if (own.length === 0) return { usable: value, flaws: [] };
  const spoilt = new Set(own.map(({ path: [, field] }) => field));
  // What a flaw of the whole map is about has no name that could be kept out.
  if (!isRecord(value) || spoilt.has(undefined)) return { usable: {}, flaws: own };
  return { usable: Object.fromEntries(Object.entries(value).filter(([field]) => !spoilt.has(field))), flaws: own };
}

/** Whether an entry would have a flawed default: maps are merged key by key, so naming one does not keep the others out. */
function inherits(entry: UserEntry, { path: [, field] }: Flaw): boolean {
  return !(field === 'locale' || field === 'position') || !(field in entry);
}

function brokenEntry(index: number, item: unknown, flaws: readonly Flaw[], document: SourceDocument): BrokenEntry {
  const spoilt = new Set(flaws.map(({ path }) => path[2]));
  const sound = isRecord(item) ? Object.entries(item).filter(([field]) => field in saysWho && !spoilt.has(field)) : [];
  const content: unknown = { version: 1, users: [Object.fromEntries(sound)] };
  const entry = validateUsersFile(content) ? content.users[0] : undefined;
  const said = saidIn(['users', index], document);
  const person = entry === undefined ? said.username : normalizeUsername(entry.username);
  return {
    index,
    problems: problemsOf(flaws),
    said,
    ...(entry !== undefined && { entry }),
    ...(person !== undefined && { person }),
  };
}

/** What the texts of each field may say about who the entry is. */
const saysWho: Readonly<Record<keyof UserEntry, 'name' | 'sign-in' | 'nothing'>> = {
  username: 'name',
  previous_usernames: 'name',
  id: 'name',
  email: 'name',
  auth: 'sign-in',
  adopt: 'nothing',
  first_name: 'nothing',
  last_name: 'nothing',
  nickname: 'nothing',
  position: 'nothing',
  locale: 'nothing',
  timezone: 'nothing',
  notify_props: 'nothing',
  props: 'nothing',
  roles: 'nothing',
  active: 'nothing',
  starts: 'nothing',
  ends: 'nothing',
  mfa: 'nothing',
  initial_password: 'nothing',
  tokens: 'nothing',
  teams: 'nothing',
  bundles: 'nothing',
};

const isField = (name: string): name is keyof UserEntry => Object.hasOwn(saysWho, name);
const fields = Object.keys(saysWho);

/** An unknown field may say anything, unless its name is a slip for one that says nothing. */
function meaningOf(key: string | undefined): (typeof saysWho)[keyof UserEntry] | 'anything' {
  if (key === undefined) return 'anything';
  const name = isField(key) ? key : suggest(key, fields, key.length > 5 ? 2 : 1);
  return name !== undefined && isField(name) ? saysWho[name] : 'anything';
}

function saidIn(path: SourcePath, document: SourceDocument): Said & { readonly username?: string } {
  const names: string[] = [];
  const data: string[] = [];
  let username: string | undefined;
  for (const { key, texts } of document.textsAt(path)) {
    if (key !== undefined && isSecretName(key)) continue;
    const meaning = meaningOf(key);
    // Under a key of its own a name may stand as that key.
    const words = meaning === 'anything' && key !== undefined && !isField(key) ? [key, ...texts] : texts;
    if (meaning === 'name' || meaning === 'anything') names.push(...words);
    if (meaning === 'sign-in' || meaning === 'anything') data.push(...words);
    if (key === 'username') username ??= texts.find(isUsername);
  }
  return { names, data, ...(username !== undefined && { username: normalizeUsername(username) }) };
}
