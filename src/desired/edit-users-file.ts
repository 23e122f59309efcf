/**
 * Edits of entries in a users file that a person wrote: the text is cut and filled at the places that change, and stays as it
 * is everywhere else, with its comments, order and spelling. What comes of it is read again and compared with what was
 * meant; where an anchor, an alias or a merge would let an edit reach further, it is refused.
 */
import {
  Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { canonicalJson } from '../model/canonical-json.ts';
import type { UserEntry } from '../model/generated/users-file.ts';
import type { EntryEdit } from '../model/review.ts';
import { normalizeUsername } from '../model/user-rules.ts';
import { writeEntries } from './write-users-file.ts';

export interface EditedEntry {
  readonly username: string;
  readonly edits: readonly EntryEdit[];
}

export interface UsersFileEdit {
  readonly entries: readonly EditedEntry[];
  /** Entries to write at the end. */
  readonly added: readonly UserEntry[];
}

export interface EditedFile {
  readonly text: string;
  /** By username: why its edits were not made, to go on after "the entry cannot be edited: ". */
  readonly refused: ReadonlyMap<string, string>;
}

/** Text in place of what stands between two offsets. */
interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** @param text - of a users file that was loaded without a problem in the entries that are edited */
export function editUsersFile(text: string, { entries, added }: UsersFileEdit): EditedFile {
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  const file = new EditableFile(text.slice(mark.length));
  const refused = new Map<string, string>();
  const made: EditedEntry[] = [];
  const splices: Splice[] = [];
  for (const entry of entries) {
    const own = file.spliceEntry(entry);
    if (typeof own === 'string') refused.set(entry.username, own);
    else {
      made.push(entry);
      splices.push(...own);
    }
  }
  const appended = added.length === 0 ? [] : file.append(added);
  const isAppended = typeof appended !== 'string';
  if (isAppended) splices.push(...appended);
  else for (const { username } of added) refused.set(normalizeUsername(username), appended);
  const edited = spliced(file.text, splices);
  if (!isAsMeant(file, edited, made, isAppended ? added : [])) {
    const why = 'its text is written in a way that muster does not edit';
    const everyone = [...entries, ...added].map(({ username }) => normalizeUsername(username));
    return { text, refused: new Map(everyone.map((username) => [username, why])) };
  }
  return { text: `${mark}${edited}`, refused };
}

class EditableFile {
  readonly text: string;
  readonly #users: YAMLSeq | undefined;
  readonly #byName = new Map<string, { readonly map: YAMLMap; readonly index: number }>();
  readonly #eol: string;

  constructor(text: string) {
    this.text = text;
    this.#eol = /\r?\n/.exec(text)?.[0] ?? '\n';
    const list = parseDocument(text).get('users', true);
    this.#users = isSeq(list) ? list : undefined;
    for (const [index, map] of (this.#users?.items ?? []).entries()) {
      const name = isMap(map) ? map.get('username') : undefined;
      if (isMap(map) && typeof name === 'string') this.#byName.set(normalizeUsername(name), { map, index });
    }
  }

  indexOf(username: string): number | undefined {
    return this.#byName.get(username)?.index;
  }

  /** What an entry's edits change in the text, or why they cannot be made. */
  spliceEntry({ username, edits }: EditedEntry): readonly Splice[] | string {
    const map = this.#byName.get(username)?.map;
    if (map === undefined) return 'it is an alias, or comes from a merge';
    if (map.anchor !== undefined) return 'it has an anchor, so that other entries would change, too';
    const splices: Splice[] = [];
    for (const edit of edits) {
      const own = this.#spliceField(map, edit);
      if (typeof own === 'string') return own;
      splices.push(...own);
    }
    return splices;
  }

  #spliceField(map: YAMLMap, { field, drop, value }: EntryEdit): readonly Splice[] | string {
    const pair = map.items.find(({ key }) => isScalar(key) && key.value === field);
    if (pair === undefined)
      return drop === undefined ? this.#insert(map, field, value) : `${field} comes from a merge or an alias`;
    const { value: node } = pair;
    if (!isNode(node) || isAlias(node)) return `${field} is an alias`;
    if (hasAnchor(node)) return `${field} has an anchor or an alias`;
    if (drop === undefined) return this.#replace(pair, node, value);
    return isSeq(node) ? this.#drop(pair, node, drop, value) : `${field} is no list`;
  }

  #insert(map: YAMLMap, field: string, value: EntryEdit['value']): readonly Splice[] | string {
    const first = map.items[0];
    const name = map.items.find(({ key }) => isScalar(key) && key.value === 'username');
    if (first === undefined || name === undefined || !isNode(first.key) || !isNode(name.value))
      return 'it has no username';
    const line = `${field}: ${flowText(value)}`;
    const end = endOf(name.value);
    if (map.flow === true) return [{ start: end, end, text: `, ${line}` }];
    const begin = first.key.range?.[0] ?? 0;
    const indent = ' '.repeat(begin - this.#lineStart(begin));
    return [this.#lineAfter(end, `${indent}${line}`)];
  }

  #replace({ key }: Pair, node: Node, value: EntryEdit['value']): readonly Splice[] {
    if (!isCollection(node) || node.flow === true)
      return [{ start: node.range?.[0] ?? 0, end: endOf(node), text: flowText(value) }];
    // A block begins on a line below: the value goes behind the colon.
    const colon = this.text.indexOf(':', isNode(key) ? (key.range?.[1] ?? 0) : 0);
    return [{ start: colon + 1, end: endOf(node), text: ` ${flowText(value)}` }];
  }

  #drop(pair: Pair, list: YAMLSeq, names: readonly string[], ifEmpty: EntryEdit['value']): readonly Splice[] | string {
    const items = list.items.filter(isNode);
    const goes = items.map((item) => names.includes(String(nameOf(item))));
    if (goes.filter(Boolean).length < new Set(names).size) return 'an item that goes is not written in it';
    if (goes.every(Boolean)) return this.#replace(pair, list, ifEmpty);
    return list.flow === true ? cutFlow(items, goes) : this.#cutLines(items, goes);
  }

  #cutLines(items: readonly Node[], goes: readonly boolean[]): readonly Splice[] {
    return items
      .filter((_, i) => goes[i])
      .map((item) => ({ start: this.#lineStart(this.#dashOf(item)), end: this.#lineEnd(endOf(item)), text: '' }));
  }

  append(added: readonly UserEntry[]): readonly Splice[] | string {
    const last = this.#users?.items.at(-1);
    if (this.#users === undefined || this.#users.flow === true || !isNode(last))
      return 'the list of users is not written with one entry below the other';
    const dash = this.#dashOf(last);
    const indent = ' '.repeat(dash - this.#lineStart(dash));
    const lines = writeEntries(added.map((entry) => ({ entry })))
      .trimEnd()
      .split('\n')
      .map((line) => (line === '' ? '' : `${indent}${line.slice(2)}`));
    return [this.#lineAfter(endOf(last), lines.join(this.#eol))];
  }

  #dashOf(item: Node): number {
    return this.text.lastIndexOf('-', (item.range?.[0] ?? 0) - 1);
  }

  #lineStart(offset: number): number {
    return this.text.lastIndexOf('\n', offset - 1) + 1;
  }

  /** Behind the end of the line. */
  #lineEnd(offset: number): number {
    const end = this.text.indexOf('\n', offset);
    return end === -1 ? this.text.length : end + 1;
  }

  #lineAfter(offset: number, line: string): Splice {
    const at = this.#lineEnd(offset);
    const isTorn = at === this.text.length && !this.text.endsWith('\n');
    return { start: at, end: at, text: isTorn ? `${this.#eol}${line}` : `${line}${this.#eol}` };
  }
}

/** Behind the last character of a node. */
function endOf(node: Node): number {
  if (isCollection(node) && node.flow !== true) {
    const last = node.items.at(-1);
    const inner = isPair(last) ? (isNode(last.value) ? last.value : last.key) : last;
    if (isNode(inner)) return endOf(inner);
  }
  return node.range?.[1] ?? 0;
}

/** An item goes up to the next one; the last ones go from the end of the one that stays before them. */
function cutFlow(items: readonly Node[], goes: readonly boolean[]): readonly Splice[] {
  const lastKept = goes.lastIndexOf(false);
  const cuts = items.flatMap((item, i) => {
    const next = items[i + 1];
    return goes[i] === true && i < lastKept && next !== undefined
      ? [{ start: item.range?.[0] ?? 0, end: next.range?.[0] ?? 0, text: '' }]
      : [];
  });
  const [kept, end] = [items[lastKept], items.at(-1)];
  return kept === undefined || end === undefined || kept === end
    ? cuts
    : [...cuts, { start: endOf(kept), end: endOf(end), text: '' }];
}

const nameOf = (item: Node): unknown => (isMap(item) ? item.get('name') : isScalar(item) ? item.value : undefined);

function hasAnchor(node: Node): boolean {
  if (isAlias(node)) return true;
  if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined) return true;
  return (
    isCollection(node) &&
    node.items.some((item) =>
      isPair(item) ? isNode(item.value) && hasAnchor(item.value) : isNode(item) && hasAnchor(item),
    )
  );
}

/** A value on one line. */
function flowText(value: EntryEdit['value']): string {
  const document = new Document(value, { compat: 'yaml-1.1' });
  if (isCollection(document.contents)) document.contents.flow = true;
  return document.toString({ lineWidth: 0, flowCollectionPadding: false }).trimEnd();
}

function spliced(text: string, splices: readonly Splice[]): string {
  let [rest, at] = ['', text.length];
  // From the end on; of two at one place the one that came first stands first.
  for (const { start, end, text: own } of splices.toSorted((one, other) => one.start - other.start).toReversed()) {
    rest = `${own}${text.slice(end, at)}${rest}`;
    at = start;
  }
  return `${text.slice(0, at)}${rest}`;
}

type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Whether the new text says what the old one said, with the edits, and nothing else. */
function isAsMeant(
  file: EditableFile,
  edited: string,
  entries: readonly EditedEntry[],
  added: readonly UserEntry[],
): boolean {
  const [before, after] = [file.text, edited].map((text) => parseDocument(text));
  if (before === undefined || after === undefined || after.errors.length > 0) return false;
  const was: unknown = before.toJS({ maxAliasCount: -1 });
  if (!isPlain(was)) return false;
  const edits = new Map(entries.map(({ username, edits: own }) => [file.indexOf(username), own]));
  const users = listOf(was['users']).map((entry, i) => (isPlain(entry) ? withEdits(entry, edits.get(i) ?? []) : entry));
  const meant = { ...was, users: [...users, ...added] };
  return canonicalJson(meant) === canonicalJson(after.toJS({ maxAliasCount: -1 }));
}

const withEdits = (entry: Plain, edits: readonly EntryEdit[]): Plain =>
  edits.reduce<Plain>((so, { field, drop, value }) => ({ ...so, [field]: fieldAfter(so[field], drop, value) }), entry);

function fieldAfter(before: unknown, drop: readonly string[] | undefined, value: EntryEdit['value']): unknown {
  if (drop === undefined) return value;
  const left = listOf(before).filter((item) => !drop.includes(String(isPlain(item) ? item['name'] : item)));
  return left.length === 0 ? value : left;
}
