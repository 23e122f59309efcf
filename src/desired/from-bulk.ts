/** The file of Mattermost's bulk export as desired state. (Source: server/channels/app/imports/import_types.go.) */
import { isRecord } from '../model/is-record.ts';
import { refuse } from '../model/messages/problems.ts';
import type { Problem } from '../model/problem.ts';
import { isNestedTooDeep } from '../source/json-depth.ts';
import { SourceText } from '../source/source-text.ts';
import type { ForeignEntry } from './foreign-file.ts';
import type { Converted } from './from-csv.ts';

type Fields = Record<string, unknown>;

/** Texts that a user line has under the same name; an empty one says nothing. */
const texts = ['username', 'email', 'nickname', 'first_name', 'last_name', 'position', 'locale'] as const;

/** What the bulk loader calls otherwise than the server itself. */
const notifyNames: ReadonlyMap<string, string> = new Map([
  ['mobile', 'push'],
  ['mobile_push_status', 'push_status'],
]);

const handled: ReadonlySet<string> = new Set([
  ...texts,
  'auth_service',
  'auth_data',
  'roles',
  'delete_at',
  'notify_props',
]);

/** @param name - the file, as problems name it */
export function fromBulk(name: string, text: string): Converted {
  // Problems come without the line: it may hold a password.
  const source = new SourceText(name, text, false);
  const problems: Problem[] = [];
  const entries: ForeignEntry[] = [];
  const others = new Map<string, number>();
  const count = (what: string): unknown => others.set(what, (others.get(what) ?? 0) + 1);
  let isFirst = true;
  for (const { 0: line, index: offset } of text.matchAll(/[^\r\n]+/g)) {
    if (line.trim() === '') continue;
    const value = parse(line);
    const type = isRecord(value) ? value['type'] : undefined;
    if (isFirst && !(isRecord(value) && type === 'version' && value['version'] === 1)) {
      return { source, entries: [], problems: [source.problem(offset, refuse('not-a-bulk-file', {}))], leftOut: [] };
    }
    isFirst = false;
    if (!isRecord(value) || typeof type !== 'string')
      problems.push(source.problem(offset, refuse('bulk-line', { is: 'no-object' })));
    else if (type !== 'user') {
      if (type !== 'version') count(`lines of type ${type}`);
    } else if (!isRecord(value['user'])) problems.push(source.problem(offset, refuse('bulk-line', { is: 'no-user' })));
    else {
      const { user } = value;
      for (const [field, found] of Object.entries(Object(user)))
        if (!handled.has(field) && found !== null && found !== undefined) count(field);
      if (typeof Object(user).username === 'string')
        entries.push(entryOf(source, Object(user), { line, offset }, problems));
      else problems.push(source.problem(offset, refuse('missing-field', { is: 'user-line' })));
    }
  }
  if (isFirst) problems.push(source.problem(0, refuse('not-a-bulk-file', {})));
  return { source, entries, problems, leftOut: [...others].map(leftOutText) };
}

/** @returns `undefined` for what is no JSON, or nested deeper than any export */
function parse(line: string): unknown {
  try {
    const value: unknown = isNestedTooDeep(line) ? undefined : JSON.parse(line);
    return value;
  } catch {
    return undefined;
  }
}

function leftOutText([what, times]: readonly [string, number]): string {
  if (what === 'password') return `password (${times}): secrets never stand in a users file; see initial_password`;
  return `${what} (${times})`;
}

interface Place {
  readonly line: string;
  readonly offset: number;
}

function entryOf(source: SourceText, user: Fields, place: Place, problems: Problem[]): ForeignEntry {
  const offsetOf = (field: string): number | undefined => offsetIn(place, bulkNameOf(field));
  const wrong = (field: string, expected: string): undefined => {
    const flaw = refuse('wrong-type', { is: 'user-line', field, expected });
    problems.push(source.problem(offsetIn(place, field) ?? place.offset, flaw));
    return undefined;
  };
  const textOf = (field: string): string | undefined => {
    const value = user[field];
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' ? value : wrong(field, 'a text');
  };
  const filled = texts.flatMap((field) => {
    const value = textOf(field);
    return value === undefined || value === '' ? [] : [[field, value] as const];
  });
  const roles = (textOf('roles') ?? '').split(/\s+/).filter((role) => role !== '');
  const deletedAt = user['delete_at'] ?? undefined;
  if (deletedAt !== undefined && typeof deletedAt !== 'number') wrong('delete_at', 'a number');
  const notify = notifyOf(user['notify_props'], wrong);
  const auth = authOf(textOf('auth_service'), textOf('auth_data'));
  return {
    entry: {
      ...Object.fromEntries(filled),
      ...(roles.length > 0 && { roles }),
      ...(typeof deletedAt === 'number' && { active: deletedAt === 0 }),
      ...(auth !== undefined && { auth }),
      ...(Object.keys(notify).length > 0 && { notify_props: notify }),
    },
    offset: place.offset,
    offsetOf,
  };
}

/** An empty service is a password kept by Mattermost; whether it is one that users files know, their schema says. */
function authOf(service: string | undefined, data: string | undefined): object | undefined {
  if (service === undefined) return undefined;
  if (service === '') return { service: 'email' };
  return { service, ...(data !== undefined && data !== '' && { data }) };
}

function notifyOf(found: unknown, wrong: (field: string, expected: string) => undefined): Record<string, string> {
  if (found === undefined || found === null) return {};
  if (!isRecord(found)) {
    wrong('notify_props', 'a map');
    return {};
  }
  return Object.fromEntries(
    Object.entries(found).flatMap(([key, value]) => {
      if (value === null || value === '') return [];
      if (typeof value !== 'string') wrong('notify_props', 'a map of texts');
      return typeof value === 'string' ? [[notifyNames.get(key) ?? key, value]] : [];
    }),
  );
}

const bulkNames: Readonly<Record<string, string>> = {
  'auth.service': 'auth_service',
  'auth.data': 'auth_data',
  auth: 'auth_service',
  active: 'delete_at',
};

const bulkNameOf = (field: string): string => bulkNames[field] ?? field;

/** Where a key of the user object stands in its line. */
function offsetIn({ line, offset }: Place, name: string): number | undefined {
  const start = line.indexOf('"user"', line.indexOf('"user"') + 1);
  const at = line.indexOf(`"${name}":`, Math.max(0, start));
  return at === -1 ? undefined : offset + at;
}
