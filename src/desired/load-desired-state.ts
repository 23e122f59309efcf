import { relative } from 'node:path';
import type { Bundle } from '../model/bundles.ts';
import { compareText } from '../model/compare.ts';
import type {
  BundleOrigin,
  DesiredState,
  DesiredUser,
  EntryPart,
  Origin,
  UnusableEntry,
} from '../model/desired-state.ts';
import type { UserEntry, UsersFile } from '../model/generated/users-file.ts';
import { type ProblemText, refuse } from '../model/messages/problems.ts';
import { ProgrammingError } from '../model/muster-error.ts';
import { InputError, type Problem, type SourcePosition } from '../model/problem.ts';
import { noReadings, readingsOf, type Said } from '../model/readings.ts';
import type { Policy, SecretSettings } from '../model/settings.ts';
import { asUnusable, inOrderOfPlaces, problemsOfEntries } from '../model/unusable.ts';
import { type DocumentText, type FileKind, holdToSchema, readDocument } from '../source/read-document.ts';
import { type FilePlace, fileLimits, isRefusal, readTextFile } from '../source/read-file.ts';
import { sortProblems } from '../source/sort-problems.ts';
import type { SourceDocument } from '../source/source-document.ts';
import type { SourceText } from '../source/source-text.ts';
import { validateUsersFile } from '../source/validators.ts';
import { SharedTeams } from './build-teams.ts';
import { type BuildContext, buildUser, createOptionsOf } from './build-user.ts';
import { checkPeople, type PeopleRules, type PlacedUser, refusedLocale, refusedRoles } from './check-people.ts';
import { desiredDigest, peopleDigest, type SourceOfPeople, sourcesDigest } from './desired-digest.ts';
import { type ExpandedEntry, expandEntry } from './expand-entry.ts';
import { findFiles } from './find-files.ts';
import { documentOf, type ForeignEntry } from './foreign-file.ts';
import { ItemIndex, rootOf } from './item-places.ts';
import {
  type BrokenEntry,
  type SharedPart,
  type SortedEntry,
  type SortedFile,
  sortFlawed,
  sortWhole,
} from './sort-entries.ts';

export interface LoadOptions {
  /** Paths and globs, relative to `base`. */
  readonly files: readonly string[];
  /** Absolute folder. */
  readonly base: string;
  /** Whether `files` come from a flag, which may name a file anywhere; else they stay below `base`. */
  readonly areNamedByFlag?: boolean;
  /** Where the nth of `files` stands, if they stand in a file. */
  readonly filesAt?: (nth: number) => SourcePosition;
  readonly policy: Policy;
  readonly secrets: SecretSettings;
  /** Milliseconds since the epoch, as of which `starts` and `ends` are read. */
  readonly momentMs: number;
  /** By name; absent: there are none. */
  readonly bundles?: ReadonlyMap<string, Bundle>;
  /** Told of each large file, before its entries are made. */
  readonly expectMuch?: () => void;
}

/** What decides over people, wherever they are declared. */
export type PeopleOptions = Pick<LoadOptions, 'policy' | 'secrets' | 'momentMs' | 'bundles'>;

interface CheckedFile extends SortedFile {
  readonly name: string;
  /** Why no account can be created from this file. */
  readonly onCreateProblems: readonly Problem[];
}

interface LoadedFile extends CheckedFile {
  readonly text: DocumentText;
}

/**
 * Reads users files into the desired state. An entry that cannot be used stops one person, and stands in `unusable`.
 *
 * @throws {InputError} when a file cannot be used as a whole, or no entry can, with every problem of every file, each with its place
 */
export async function loadDesiredState(options: LoadOptions): Promise<DesiredState> {
  const {
    places,
    files,
    problems: missing,
  } = await findFiles(options.files, options.base, options.areNamedByFlag, options.filesAt);
  const refused: (readonly Problem[])[] = [missing];
  const rules = rulesOf(options);
  const loaded: LoadedFile[] = [];
  for (const file of files) {
    const place = places.get(file) ?? { below: options.base };
    const { value, problems: found } = await loadFile(file, displayName(file, options.base), place, options.expectMuch);
    refused.push(found);
    if (value === undefined) continue;
    const onCreateProblems = [...value.parts.on_create, ...checkOnCreate(value, rules)];
    loaded.push({ ...checkDefaults(value), onCreateProblems });
  }
  const people = placePeople(loaded, options, rules);
  const problems = refused.flat();
  if (problems.length === 0 && people.length === 0 && loaded.every(({ broken }) => broken.length === 0))
    problems.push(noOneDeclared(loaded));
  const state = toDesiredState(people, loaded, options);
  // Where no person is left to plan for, everything is refused.
  if (problems.length > 0 || state.users.length === 0)
    throw new InputError(sortProblems([...problems, ...problemsOfEntries(state.unusable)]));
  return state;
}

/**
 * What `fromFiles` of the desired state would say of its sources, without a look at what they declare.
 *
 * @returns `undefined` where a file is missing, or cannot be read
 */
export async function digestSources({
  files: patterns,
  base,
  areNamedByFlag,
  bundles = new Map(),
}: Pick<LoadOptions, 'files' | 'base' | 'areNamedByFlag' | 'bundles'>): Promise<string | undefined> {
  const { places, files, problems } = await findFiles(patterns, base, areNamedByFlag);
  if (problems.length > 0) return undefined;
  const found: SourceOfPeople[] = [];
  for (const file of files) {
    const read = await readUsersFile(file, places.get(file) ?? { below: base });
    if (isRefusal(read)) return undefined;
    found.push({ name: displayName(file, base), text: read.text });
  }
  return sourcesDigest(found, bundles);
}

const readUsersFile = (path: string, place: FilePlace): ReturnType<typeof readTextFile> =>
  readTextFile({ path, place, maxBytes: fileLimits.users });

/** What the people of another kind of file come to as entries, or everything that is wrong with them, each with its place there. */
export function checkEntries(
  source: SourceText,
  entries: readonly ForeignEntry[],
  options: PeopleOptions,
): { readonly users?: UsersFile['users']; readonly problems: readonly Problem[] } {
  const document = documentOf(source, entries);
  const { content, problems: refused, flaws } = holdToSchema(document, usersKind);
  const sorted = content === undefined ? sortFlawed({ document, flaws }) : sortWhole(document, content);
  if (sorted === undefined) return { problems: refused };
  const placed = placePeople([{ name: source.file, ...sorted, onCreateProblems: [] }], options, rulesOf(options));
  const told = [...placed, ...sorted.broken.filter(({ entry }) => entry === undefined)];
  const problems = [...new Set(told.flatMap((one) => one.problems))];
  return content === undefined || problems.length > 0 ? { problems } : { users: content.users, problems: [] };
}

/** An entry of a users file that is read by itself, with the line on which it begins. */
export interface ReadEntry {
  readonly user: DesiredUser;
  /** As they are written. */
  readonly dates: Pick<UserEntry, 'starts' | 'ends'>;
  readonly file: string;
  /** Found when it is asked for: to know a place takes another reader. */
  readonly line: number;
  /** The line that decides whether the person is wanted active. */
  readonly activeLine: number;
  /** It names a bundle that is not known. */
  readonly lacksBundle: boolean;
}

/**
 * Who one users file declares, such as an older version of it. Entries that cannot be used are left out; what the others contradict among
 * themselves is not looked at.
 *
 * @returns `undefined` when it cannot be used as a whole
 */
export function entriesIn(name: string, text: string, options: PeopleOptions): readonly ReadEntry[] | undefined {
  const { sorted } = sortText({ name, text, isInPlace: true });
  if (sorted === undefined) return undefined;
  const { bundles = new Map() } = options;
  return placeUsers({ ...sorted, onCreateProblems: [] }, options)
    .filter(({ said }) => said === undefined)
    .map((placed) => {
      const { starts, ends, bundles: named = [] } = placed.entry;
      return {
        user: placed.user,
        dates: { ...(starts !== undefined && { starts }), ...(ends !== undefined && { ends }) },
        file: name,
        get line() {
          return placed.position('username').line;
        },
        get activeLine() {
          return placed.position(decidingField(placed)).line;
        },
        lacksBundle: named.some((bundle) => !bundles.has(bundle)),
      };
    });
}

function displayName(file: string, base: string): string {
  const name = relative(base, file);
  return name.startsWith('..') ? file : name;
}

const usersKind: FileKind<UsersFile> = {
  noun: 'people with version and users',
  keys: { version: true, defaults: true, on_create: true, users: true },
  cleared: new Set([
    'first_name',
    'last_name',
    'nickname',
    'position',
    'locale',
    'timezone.*',
    'notify_props.*',
    'props.*',
  ]),
  validate: validateUsersFile,
};

/** In characters: some 20,000 people. */
const large = 4 * 1024 * 1024;

async function loadFile(
  path: string,
  name: string,
  place: FilePlace,
  expectMuch?: () => void,
): Promise<{ value?: Omit<LoadedFile, 'onCreateProblems'>; problems: readonly Problem[] }> {
  const read = await readUsersFile(path, place);
  if (isRefusal(read)) {
    const at = { file: name, line: read.line ?? 1, column: read.column ?? 1 };
    const { why, hint: todo } = read;
    return { problems: [{ ...refuse('file-unreadable', { is: 'any', name, why, todo }), at }] };
  }
  const text = { name, text: read.text, isInPlace: read.isInPlace };
  if (text.text.length > large) expectMuch?.();
  const { sorted, problems } = sortText(text);
  return sorted === undefined ? { problems } : { value: { name, text, ...sorted }, problems };
}

/** What a users file holds, entry by entry; without `sorted` it cannot be used as a whole. */
function sortText(text: DocumentText): { readonly sorted?: SortedFile; readonly problems: readonly Problem[] } {
  const read = readDocument(text, usersKind);
  if (read.content !== undefined) return { sorted: sortWhole(read.document, read.content), problems: [] };
  const { problems, flawed } = read;
  const sorted = flawed === undefined ? undefined : sortFlawed(flawed);
  return sorted === undefined ? { problems } : { sorted, problems: [] };
}

/** An entry that is understood, or the part of it that is, with what speaks against it. */
class Placed implements PlacedUser {
  readonly entry: UserEntry;
  readonly user: DesiredUser;
  /** Of an entry that is not as the schema wants it. */
  readonly said: Said | undefined;
  readonly #document: SourceDocument;
  readonly #index: number;
  readonly #origins: ExpandedEntry['origins'];
  #items: ItemIndex | undefined;
  /** What was wrong in it before it was looked at beside others: many entries share the same list. */
  readonly #whole: readonly Problem[];
  #refused: Problem[] | undefined;

  constructor(
    document: SourceDocument,
    entry: UserEntry,
    user: DesiredUser,
    sorted: SortedEntry | BrokenEntry,
    { origins, flaws }: ExpandedEntry,
  ) {
    this.#document = document;
    this.entry = entry;
    this.user = user;
    this.#index = sorted.index;
    this.#origins = origins;
    this.#whole = sorted.problems;
    for (const { part, problem, also } of flaws)
      this.refuse({ ...this.problem(part, problem), ...(also !== undefined && { also }) });
    this.said = 'said' in sorted ? sorted.said : undefined;
  }

  get problems(): readonly Problem[] {
    return this.#refused ?? this.#whole;
  }

  refuse(problem: Problem): void {
    // A hundred thousand entries may clash with the same one.
    this.#refused ??= [...this.#whole];
    this.#refused.push(problem);
  }

  problem(part: string, problem: ProblemText): Problem {
    return this.#document.source.problem(this.#offsetOf(part), problem);
  }

  position(part: string): SourcePosition {
    return this.#document.source.position(this.#offsetOf(part));
  }

  defaultPosition(part: string): SourcePosition {
    return this.#document.source.position(this.#document.offsetOf(['defaults', part]));
  }

  /** The bundles that say something of a part. */
  bundlesOf(part: string): readonly BundleOrigin[] {
    return this.#origins.get(part) ?? [];
  }

  /** Whether the entry says it itself. */
  isWritten(part: string): boolean {
    return this.#itemIndex().isWritten(part);
  }

  #offsetOf(part: string): number {
    return this.#document.offsetOf(['users', this.#index, ...this.#itemIndex().pathOf(this.#written(part))]);
  }

  #itemIndex(): ItemIndex {
    this.#items ??= new ItemIndex(this.entry);
    return this.#items;
  }

  /** What a bundle says stands, in the entry, where that names it. */
  #written(part: string): string {
    const [first] = this.bundlesOf(part);
    return first === undefined || this.isWritten(part) ? part : `bundles.${first.bundle}`;
  }
}

function placePeople(files: readonly CheckedFile[], options: PeopleOptions, rules: PeopleRules): readonly Placed[] {
  const placed = files.flatMap((file) => placeUsers(file, options));
  const whole = placed.filter(({ said }) => said === undefined);
  const broken = whole.length === placed.length ? [] : placed.filter(({ said }) => said !== undefined);
  for (const { people, problem } of checkPeople(whole, broken, rules))
    for (const person of people) person.refuse(problem);
  return placed;
}

function placeUsers(file: Omit<CheckedFile, 'name'>, options: PeopleOptions): readonly Placed[] {
  const { document, defaults, onCreate, onCreateProblems, entries, broken } = file;
  const { momentMs, policy, bundles = new Map() } = options;
  const context: BuildContext = {
    defaults,
    onCreate: createOptionsOf(onCreate, onCreateProblems),
    momentMs,
    timeZone: policy.timeZone,
    teams: new SharedTeams(),
  };
  const placed: Placed[] = [];
  for (const list of [entries, broken]) {
    for (const one of list) {
      if (one.entry === undefined) continue;
      const expanded = expandEntry(one.entry, bundles);
      const { roles, origins } = expanded;
      const own = origins.size === 0 ? context : { ...context, bundleRoles: roles, bundlePlaces: placesOf(expanded) };
      const user = buildUser(expanded.entry, own);
      placed.push(new Placed(document, one.entry, user, one, expanded));
    }
  }
  return placed;
}

/** Teams and channels that bundles say something of. */
const placesOf = ({ origins }: ExpandedEntry): readonly string[] =>
  [...origins.keys()].filter((part) => part.startsWith('teams.')).map((part) => part.slice('teams.'.length));

function checkOnCreate({ document, onCreate }: SortedFile, rules: PeopleRules): readonly Problem[] {
  const roles = onCreate.roles ?? [];
  const refused = [
    ...refusedRoles(roles, 'a new account', rules),
    ...(roles.includes('system_admin') ? [refuse('admin-by-default', {})] : []),
  ];
  // A place is only asked for where something is wrong: it costs another look at the whole file.
  return refused.map((problem) => document.source.problem(document.offsetOf(['on_create', 'roles']), problem));
}

/** A default that the server would refuse concerns the entries that take it over. */
function checkDefaults<File extends SortedFile>(file: File): File {
  const { document, defaults, parts, entries } = file;
  const flaw = refusedLocale(defaults.locale ?? '', 'everybody by default');
  if (flaw === undefined) return file;
  const problem = document.source.problem(document.offsetOf(['defaults', 'locale']), flaw);
  return {
    ...file,
    parts: { ...parts, defaults: [...parts.defaults, problem] },
    entries: entries.map((one) =>
      one.entry.locale === undefined ? { ...one, problems: [...one.problems, problem] } : one,
    ),
  };
}

function rulesOf({ policy, secrets }: PeopleOptions): PeopleRules {
  return {
    timeZone: policy.timeZone,
    allowRoles: new Set(policy.allowRoles),
    sinks: new Set(Object.keys(secrets.sinks)),
    sources: new Set(Object.keys(secrets.sources)),
  };
}

function noOneDeclared(loaded: readonly LoadedFile[]): Problem {
  const first = loaded[0];
  const problem = refuse('no-one-declared', { is: 'files' });
  return first === undefined ? problem : first.document.source.problem(first.document.offsetOf(['users']), problem);
}

function toDesiredState(placed: readonly Placed[], loaded: readonly LoadedFile[], options: LoadOptions): DesiredState {
  const usable = placed.filter(({ problems }) => problems.length === 0);
  const users = usable.map(({ user }) => user).toSorted((a, b) => (a.username < b.username ? -1 : 1));
  const unusable = inOrderOfPlaces([
    ...placed.filter(({ problems }) => problems.length > 0).map(unusableEntry),
    ...loaded.flatMap((file) => [...notUnderstood(file), ...unusableParts(file)]),
  ]);
  const fileTexts = loaded.map(({ text }) => text);
  const places = new Places(placed, fileTexts, options);
  const { momentMs, bundles = new Map() } = options;
  // Made when they are asked for: to check files alone does not load what makes them.
  const people = once(() => peopleDigest(users));
  const digest = once(() => desiredDigest(people(), momentMs, doubts));
  const sources = once(() => sourcesDigest(fileTexts, bundles));
  const doubts = unusable.map(({ readings, at }) => ({
    at,
    ...Object.fromEntries(Object.entries(readings).map(([kind, texts]) => [kind, [...texts].toSorted(compareText)])),
  }));
  return {
    users,
    unusable,
    files: loaded.map(({ name }) => name),
    momentMs,
    get digest() {
      return digest();
    },
    fromFiles: {
      get people() {
        return people();
      },
      get sources() {
        return sources();
      },
      texts: fileTexts,
    },
    locate: (user, part) => locate(places.of(user), part),
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Where entries stand. Most runs never ask: the files are read once more then, rather than kept with everything in them. */
class Places {
  /** In the order in which the files have them. */
  readonly #users: readonly DesiredUser[];
  readonly #texts: readonly DocumentText[];
  readonly #options: PeopleOptions;
  #found: ReadonlyMap<DesiredUser, Placed> | undefined;

  constructor(placed: readonly Placed[], texts: readonly DocumentText[], options: PeopleOptions) {
    this.#users = placed.map(({ user }) => user);
    this.#texts = texts;
    this.#options = options;
  }

  of(user: DesiredUser): Placed | undefined {
    this.#found ??= this.#find();
    return this.#found.get(user);
  }

  #find(): ReadonlyMap<DesiredUser, Placed> {
    const files = this.#texts.flatMap((text) => sortText(text).sorted ?? []);
    const placed = files.flatMap((file) => placeUsers({ ...file, onCreateProblems: [] }, this.#options));
    return new Map(this.#users.flatMap((user, i) => (placed[i] === undefined ? [] : [[user, placed[i]]])));
  }
}

function unusableEntry(person: Placed): UnusableEntry {
  const { user, problems, said } = person;
  const entry = asUnusable(user, person.position('username'), problems);
  return said === undefined ? entry : { ...entry, readings: readingsOf(said) };
}

/** Of these entries not even a part is understood; their texts may mean an account all the same. */
function notUnderstood({ document, broken }: LoadedFile): readonly UnusableEntry[] {
  return broken
    .filter(({ entry }) => entry === undefined)
    .map(({ index, person, problems, said }) => ({
      ...(person !== undefined && { person }),
      // An empty item has no place of its own.
      at: problems[0]?.at ?? document.source.position(document.offsetOf(['users', index])),
      problems,
      readings: readingsOf(said),
    }));
}

/** A part that entries share is reported, even if no entry needs it now. */
function unusableParts({ document, parts, onCreateProblems }: LoadedFile): readonly UnusableEntry[] {
  const found: Readonly<Record<SharedPart, readonly Problem[]>> = {
    defaults: parts.defaults,
    on_create: onCreateProblems,
  };
  return Object.entries(found).flatMap(([part, problems]) =>
    problems.length === 0
      ? []
      : [{ at: document.source.position(document.offsetOf([part])), problems, readings: noReadings }],
  );
}

function locate(person: Placed | undefined, part: EntryPart = 'username'): Origin {
  if (person === undefined) throw new ProgrammingError({ is: 'other-entry' });
  const { entry, user } = person;
  const root = rootOf(part);
  const bundles = person.bundlesOf(part);
  if (bundles.length > 0)
    return { ...person.position(part), from: person.isWritten(part) ? 'entry' : 'bundle', bundles };
  if (root === 'active') return { ...person.position(decidingField(person)), from: 'entry' };
  if (root in entry) return { ...person.position(part), from: 'entry' };
  return root in user.values
    ? { ...person.defaultPosition(root), from: 'defaults' }
    : { ...person.position('username'), from: 'entry' };
}

/** Of `active`, `starts` and `ends`, the one that decided; the entry's name where none is written. */
function decidingField({ entry, user }: PlacedUser): 'active' | 'starts' | 'ends' | 'username' {
  if (user.window?.startsWith('start') === true) return 'starts';
  if (user.window !== undefined) return 'ends';
  return entry.active === undefined ? 'username' : 'active';
}
