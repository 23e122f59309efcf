import { relative } from 'node:path';
import { digestOf } from '../model/canonical-json.ts';
import type { DesiredState, EntryPart, Origin } from '../model/desired-state.ts';
import type { UsersFile } from '../model/generated/users-file.ts';
import { InputError, type Problem } from '../model/problem.ts';
import type { Policy, SecretSettings } from '../model/settings.ts';
import { type SourceDocument } from '../source/build-document.ts';
import { validateUsersFile } from '../source/generated/validate-users-file.ts';
import type { SourcePath } from '../source/node-index.ts';
import { type FileKind, readDocument } from '../source/read-document.ts';
import { type FilePlace, fileLimits, isRefusal, readTextFile } from '../source/read-file.ts';
import { sortProblems } from '../source/sort-problems.ts';
import { buildUser } from './build-user.ts';
import { checkPeople, type PeopleRules, type PlacedUser, refusedRoles } from './check-people.ts';
import { findFiles } from './find-files.ts';

export interface LoadOptions {
  /** Paths and globs, relative to `base`. */
  readonly files: readonly string[];
  /** Absolute folder. */
  readonly base: string;
  /** Whether `files` come from a flag, which may name a file anywhere; else they stay below `base`. */
  readonly areNamedByFlag?: boolean;
  readonly policy: Policy;
  readonly secrets: SecretSettings;
  /** Milliseconds since the epoch, as of which `starts` and `ends` are read. */
  readonly momentMs: number;
}

interface LoadedFile {
  readonly name: string;
  readonly document: SourceDocument;
  readonly content: UsersFile;
}

/**
 * Reads users files into the desired state.
 *
 * @throws {InputError} with every problem of every file: syntax, schema, rules and clashes, each with its place
 */
export async function loadDesiredState(options: LoadOptions): Promise<DesiredState> {
  const { places, files, problems: missing } = await findFiles(options.files, options.base, options.areNamedByFlag);
  const refused: (readonly Problem[])[] = [missing];
  const loaded: LoadedFile[] = [];
  for (const file of files) {
    const place = places.get(file) ?? { below: options.base };
    const { value, problems: found } = await loadFile(file, displayName(file, options.base), place);
    refused.push(found);
    if (value !== undefined) loaded.push(value);
  }
  const rules = rulesOf(options);
  const placed = loaded.flatMap((file) => placeUsers(file, options));
  refused.push(
    loaded.flatMap((file) => checkOnCreate(file, rules)),
    checkPeople(placed, rules),
  );
  const problems = refused.flat();
  if (problems.length === 0 && placed.length === 0) problems.push(nobody(loaded));
  if (problems.length > 0) throw new InputError(sortProblems(problems));
  return toDesiredState(placed, loaded, options);
}

function displayName(file: string, base: string): string {
  const name = relative(base, file);
  return name.startsWith('..') ? file : name;
}

const usersKind: FileKind<UsersFile> = {
  noun: 'people with version and users',
  keys: { version: true, defaults: true, on_create: true, users: true },
  validate: validateUsersFile,
};

async function loadFile(
  path: string,
  name: string,
  place: FilePlace,
): Promise<{ value?: LoadedFile; problems: readonly Problem[] }> {
  const read = await readTextFile({ path, place, maxBytes: fileLimits.users });
  if (isRefusal(read)) {
    const at = { file: name, line: 1, column: 1 };
    return {
      problems: [{ code: 'file-unreadable', message: `cannot read ${name}: ${read.why}`, hint: read.hint, at }],
    };
  }
  const { document, content, problems } = readDocument({ name, ...read }, usersKind);
  return content === undefined ? { problems } : { value: { name, document, content }, problems: [] };
}

function placeUsers({ document, content }: LoadedFile, options: LoadOptions): readonly PlacedUser[] {
  const context = {
    defaults: content.defaults ?? {},
    onCreate: content.on_create ?? {},
    momentMs: options.momentMs,
    timeZone: options.policy.timeZone,
  };
  return content.users.map((entry, i) => {
    const tokenIndexes = tokenIndexesOf(entry);
    const pathTo = (part: string): SourcePath => ['users', i, ...partPath(part, tokenIndexes)];
    return {
      entry,
      user: buildUser(entry, context),
      problem: (part, problem) => document.source.problem(document.offsetOf(pathTo(part)), problem),
      position: (part) => document.source.position(document.offsetOf(pathTo(part))),
      defaultPosition: (part) => document.source.position(document.offsetOf(['defaults', part])),
    };
  });
}

const unnamedAdmin = {
  code: 'admin-by-default',
  message: 'on_create would make every new account a system administrator',
  hint: 'name system_admin in the roles of the entries that need it',
};

function checkOnCreate({ document, content }: LoadedFile, rules: PeopleRules): readonly Problem[] {
  const roles = content.on_create?.roles ?? [];
  const refused = [
    ...refusedRoles(roles, 'a new account', rules),
    ...(roles.includes('system_admin') ? [unnamedAdmin] : []),
  ];
  // A place is only asked for where something is wrong: it costs another look at the whole file.
  return refused.map((problem) => document.source.problem(document.offsetOf(['on_create', 'roles']), problem));
}

/** `tokens.NAME` leads to that token's place in the list. */
function partPath(part: string, tokenIndexes: () => ReadonlyMap<string, number>): SourcePath {
  if (!part.startsWith('tokens.')) return [part];
  const index = tokenIndexes().get(part.slice('tokens.'.length));
  return index === undefined ? ['tokens'] : ['tokens', index];
}

/** The last token of each name; made once a place is asked for, since there may be many tokens with many problems. */
function tokenIndexesOf({ tokens = [] }: UsersFile['users'][number]): () => ReadonlyMap<string, number> {
  let indexes: ReadonlyMap<string, number> | undefined;
  return () => {
    indexes ??= new Map(tokens.map(({ name }, i) => [name, i]));
    return indexes;
  };
}

function rulesOf({ policy, secrets }: LoadOptions): PeopleRules {
  return {
    timeZone: policy.timeZone,
    allowRoles: new Set(policy.allowRoles),
    sinks: new Set(Object.keys(secrets.sinks)),
    sources: new Set(Object.keys(secrets.sources)),
  };
}

function nobody(loaded: readonly LoadedFile[]): Problem {
  const first = loaded[0];
  const problem = {
    code: 'nobody-declared',
    message: 'the files declare nobody',
    hint: 'an empty list is never a wish: name the people, or take the file out',
  };
  return first === undefined ? problem : first.document.source.problem(first.document.offsetOf(['users']), problem);
}

function toDesiredState(
  placed: readonly PlacedUser[],
  loaded: readonly LoadedFile[],
  options: LoadOptions,
): DesiredState {
  const users = placed.map(({ user }) => user).toSorted((a, b) => (a.username < b.username ? -1 : 1));
  const places = new Map(placed.map((person) => [person.user, person]));
  return {
    users,
    files: loaded.map(({ name }) => name),
    momentMs: options.momentMs,
    digest: digestOf({ users, moment: options.momentMs }),
    locate: (user, part) => locate(places.get(user), part),
  };
}

function locate(person: PlacedUser | undefined, part: EntryPart = 'username'): Origin {
  if (person === undefined) throw new TypeError('not an entry of this desired state');
  const { entry, user, position, defaultPosition } = person;
  const root = part.startsWith('tokens.') ? 'tokens' : part;
  if (root === 'active') return { ...position(decidingField(person)), from: 'entry' };
  if (root in entry) return { ...position(part), from: 'entry' };
  return root in user.values
    ? { ...defaultPosition(root), from: 'defaults' }
    : { ...position('username'), from: 'entry' };
}

/** Of `active`, `starts` and `ends`, the one that decided; the entry's name where none is written. */
function decidingField({ entry, user }: PlacedUser): 'active' | 'starts' | 'ends' | 'username' {
  if (user.window?.startsWith('start') === true) return 'starts';
  if (user.window !== undefined) return 'ends';
  return entry.active === undefined ? 'username' : 'active';
}
