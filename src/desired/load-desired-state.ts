import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { digestOf } from '../model/canonical-json.ts';
import type { DesiredState, DesiredUser, EntryPart, Origin } from '../model/desired-state.ts';
import type { UsersFile } from '../model/generated/users-file.ts';
import { usersSchema } from '../model/generated/users-file-schema.ts';
import { InputError, type Problem } from '../model/problem.ts';
import type { Policy, SecretSettings } from '../model/settings.ts';
import { checkSchema } from '../source/check-schema.ts';
import type { SourcePath } from '../source/node-index.ts';
import { readYaml, type SourceDocument } from '../source/read-yaml.ts';
import { buildUser } from './build-user.ts';
import { checkPeople, type PlacedUser } from './check-people.ts';
import { findFiles } from './find-files.ts';

export interface LoadOptions {
  /** Paths and globs, relative to `base`. */
  readonly files: readonly string[];
  /** Absolute folder. */
  readonly base: string;
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
  const { files, problems: missing } = await findFiles(options.files, options.base);
  const problems: Problem[] = [...missing];
  const loaded: LoadedFile[] = [];
  for (const file of files) {
    const { value, problems: found } = await loadFile(file, displayName(file, options.base));
    problems.push(...found);
    if (value !== undefined) loaded.push(value);
  }
  const placed = loaded.flatMap((file) => placeUsers(file, options));
  problems.push(...checkPeople(placed, rulesOf(options)));
  if (problems.length === 0 && placed.length === 0) problems.push(nobody(loaded));
  if (problems.length > 0) throw new InputError(sortProblems(problems));
  return toDesiredState(placed, loaded, options);
}

function displayName(file: string, base: string): string {
  const name = relative(base, file);
  return name.startsWith('..') ? file : name;
}

async function loadFile(path: string, name: string): Promise<{ value?: LoadedFile; problems: readonly Problem[] }> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    const why =
      error instanceof TypeError ? 'it is not UTF-8 text' : error instanceof Error ? error.message : String(error);
    return {
      problems: [
        { code: 'file-unreadable', message: `cannot read ${name}: ${why}`, at: { file: name, line: 1, column: 1 } },
      ],
    };
  }
  const { document, problems } = readYaml(name, text);
  if (document === undefined) return { problems };
  const refused = checkSchema(document, usersSchema);
  if (problems.length + refused.length > 0) return { problems: [...problems, ...refused] };
  // The schema has just said so.
  return { value: { name, document, content: document.value as UsersFile }, problems: [] };
}

function placeUsers({ document, content }: LoadedFile, options: LoadOptions): readonly PlacedUser[] {
  const context = {
    defaults: content.defaults ?? {},
    onCreate: content.on_create ?? {},
    momentMs: options.momentMs,
    timeZone: options.policy.timeZone,
  };
  return content.users.map((entry, i) => {
    const pathTo = (part: string): SourcePath => ['users', i, ...partPath(entry, part)];
    return {
      entry,
      user: buildUser(entry, context),
      problem: (part, problem) => document.source.problem(document.offsetOf(pathTo(part)), problem),
      position: (part) => document.source.position(document.offsetOf(pathTo(part))),
    };
  });
}

/** `tokens.NAME` leads to that token's place in the list. */
function partPath(entry: UsersFile['users'][number], part: string): SourcePath {
  if (!part.startsWith('tokens.')) return [part];
  const name = part.slice('tokens.'.length);
  const index = (entry.tokens ?? []).findLastIndex((token) => token.name === name);
  return index === -1 ? ['tokens'] : ['tokens', index];
}

function rulesOf({ policy, secrets }: LoadOptions): Parameters<typeof checkPeople>[1] {
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

function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  const key = ({ at }: Problem): [string, number, number] => [at?.file ?? '', at?.line ?? 0, at?.column ?? 0];
  return [...problems].sort((a, b) => {
    const [fileA, lineA, columnA] = key(a);
    const [fileB, lineB, columnB] = key(b);
    return fileA === fileB ? lineA - lineB || columnA - columnB : fileA < fileB ? -1 : 1;
  });
}

function toDesiredState(
  placed: readonly PlacedUser[],
  loaded: readonly LoadedFile[],
  options: LoadOptions,
): DesiredState {
  const users = placed.map(({ user }) => user).sort((a, b) => (a.username < b.username ? -1 : 1));
  const places = new Map(placed.map((person) => [person.user, person]));
  return {
    users,
    files: loaded.map(({ name }) => name),
    momentMs: options.momentMs,
    digest: digestOf({ users, moment: options.momentMs }),
    locate: (user, part) => locate(places.get(user), part),
  };
}

function locate(person: PlacedUser | undefined, part: EntryPart | undefined): Origin {
  if (person === undefined) throw new TypeError('not an entry of this desired state');
  const root = part === undefined ? 'username' : part.startsWith('tokens.') ? 'tokens' : part;
  const isActive = root === 'active';
  const named = Object.keys(person.entry);
  if (isActive) {
    const field = (['active', 'ends', 'starts'] as const).find((name) => named.includes(name));
    if (field !== undefined) return { ...person.position(field as EntryPart), from: 'entry' };
  }
  if (part !== undefined && named.includes(root)) return { ...person.position(part), from: 'entry' };
  return { ...person.position('username'), from: part !== undefined && isDefault(person, root) ? 'defaults' : 'entry' };
}

function isDefault(person: PlacedUser, root: string): boolean {
  return root in person.user.values && !(root in person.entry);
}
