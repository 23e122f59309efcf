import { Document, isCollection, isMap, isScalar, isSeq, visit, type YAMLMap } from 'yaml';
import type { UserEntry, UsersFile } from '../model/generated/users-file.ts';
import { hasUnseenSign, withCodes } from '../model/unseen-signs.ts';
import { plainEntry } from './plain-entry.ts';

/** An entry to write, with a remark for people who read the file. */
export interface EntryToWrite {
  readonly entry: UserEntry;
  readonly remark?: string;
}

export interface FileToWrite {
  readonly defaults?: UsersFile['defaults'];
  readonly onCreate?: UsersFile['on_create'];
  /** May be made one after the other, each time anew. */
  readonly users: Iterable<EntryToWrite>;
}

/** Fields that read best on one line. */
const onOneLine: ReadonlySet<string> = new Set(['roles', 'auth', 'previous_usernames', 'defaults', 'on_create']);

const heading =
  ' Who: the people of this server. A field that is not named is not managed; deleting an entry is not offboarding.';

/** A users file as a value. */
export function contentOf({ defaults, onCreate, users }: FileToWrite): UsersFile {
  return {
    version: 1,
    ...(defaults !== undefined && { defaults }),
    ...(onCreate !== undefined && { on_create: onCreate }),
    users: Array.from(users, ({ entry }) => entry),
  };
}

/** What the writer keeps of an entry takes far more room than its text. */
const entriesAtOnce = 200;

/** One file in the forms that are asked for; each is made when it is. */
export interface WrittenFile {
  readonly content: UsersFile;
  readonly text: string;
  /** The text in pieces, to be written one after the other: of many people it takes less room that is never there as a whole. */
  readonly pieces: Iterable<string>;
  /** What stands below `users:`, to append to another file. */
  readonly entries: string;
}

export function writtenFile(file: FileToWrite): WrittenFile {
  return {
    get content() {
      return contentOf(file);
    },
    get text() {
      return writeUsersFile(file);
    },
    pieces: { [Symbol.iterator]: () => writeInPieces(file) },
    get entries() {
      return entriesIn(this.text);
    },
  };
}

/** In characters: a piece is a call of the system where it is written. */
const usualPiece = 64 * 1024;

/**
 * A users file as text: stable order, one entry after the other, remarks as comments.
 *
 * @param atOnce - how many entries are made into text together; the text is the same
 */
export const writeUsersFile = (file: FileToWrite, atOnce?: number): string =>
  [...writeInPieces(file, undefined, atOnce)].join('');

/**
 * The same in pieces: one after the other they are the text, of which the rest, and the entries for it, need not be there yet.
 *
 * @param pieceLength - in characters, how long a piece is at least, but for the last one
 */
export function* writeInPieces(
  file: FileToWrite,
  pieceLength: number = usualPiece,
  atOnce?: number,
): Generator<string, void, undefined> {
  let parts: string[] = [];
  let length = 0;
  for (const part of partsOf(file, atOnce)) {
    parts.push(part);
    length += part.length;
    if (length < pieceLength) continue;
    yield parts.join('');
    [parts, length] = [[], 0];
  }
  if (length > 0) yield parts.join('');
}

function* partsOf(file: FileToWrite, atOnce: number = entriesAtOnce): Generator<string, void, undefined> {
  const { users, ...rest } = file;
  let isFirst = true;
  let together: EntryToWrite[] = [];
  const textOfThem = (): string => {
    const text = together.length === 0 ? '' : `\n${entriesIn(writeTogether({ users: together }))}`;
    together = [];
    return text;
  };
  for (const one of users) {
    if (isFirst) {
      isFirst = false;
      yield writeTogether({ ...rest, users: [one] });
      continue;
    }
    const plain = plainEntry(one.entry, one.remark);
    if (plain === undefined) together.push(one);
    else yield `${textOfThem()}\n${plain}`;
    if (together.length >= atOnce) yield textOfThem();
  }
  yield isFirst ? writeTogether(file) : textOfThem();
}

/** By the writer of YAML. */
export function writeTogether(file: FileToWrite): string {
  const users = [...file.users];
  const content = contentOf({ ...file, users });
  // Two people who have the same list have one each: a person who reads the file looks up nothing.
  // Other tools may read the file by the rules of YAML 1.1, to which `no` is a boolean unless it is quoted.
  const document = new Document(content, { compat: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, {
    // A plain << would be a merge key, blocks lose some of the blanks at line ends, and not every parser takes a raw tab.
    Scalar: (_key, scalar) => {
      if (scalar.value === '<<' || hasUnseenSign(String(scalar.value))) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  document.commentBefore = heading;
  if (isMap(document.contents)) putOnOneLine(document.contents);
  const list = document.get('users');
  for (const [i, item] of isSeq(list) ? list.items.entries() : []) {
    if (!isMap(item)) continue;
    putOnOneLine(item);
    item.spaceBefore = i > 0;
    const remark = users[i]?.remark;
    // It may repeat what a server said, so it is held to one line: what follows a line end would not be a comment.
    if (remark !== undefined) item.commentBefore = ` ${remark.replace(/[\p{C}\p{Z}]+/gu, ' ')}`;
  }
  // Remarks hold no unseen sign, and whatever value does stands in double quotes.
  return withCodes(document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Infinity }));
}

const listHeading = 'users:\n';

/** The entries alone, as they stand at the end of a users file. */
export const writeEntries = (users: readonly EntryToWrite[]): string => entriesIn(writeUsersFile({ users }));

/** Of a users file that was written: its entries; nothing where it has none. */
export function entriesIn(text: string): string {
  const at = text.indexOf(`\n${listHeading}`);
  return at === -1 ? '' : text.slice(at + 1 + listHeading.length);
}

function putOnOneLine(map: YAMLMap): void {
  for (const { key, value } of map.items) {
    if (!isScalar(key) || !isCollection(value)) continue;
    const name = String(key.value);
    if (onOneLine.has(name)) value.flow = true;
    // Names of teams stand on one line, and each team of which there is more to say on one of its own.
    else if (name === 'teams' && isSeq(value)) {
      const [maps, areNames] = [value.items.filter(isMap), value.items.every(isScalar)];
      if (areNames) value.flow = true;
      for (const team of maps) team.flow = true;
    }
  }
}
