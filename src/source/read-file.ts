/**
 * The one place that reads a file that another person may have put there: users files, config, approvals, seeds, plans,
 * authorities. What is checked is checked on the open descriptor, so that nothing can be exchanged in between.
 */
import { close, constants, fstat, open, read, type Stats } from 'node:fs';
import { readlink, realpath, stat } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { whyNotRead } from '../model/messages/read-refusals.ts';
import { systemCodeOf } from '../model/system-error.ts';
import { decodeUtf8 } from './decode-utf8.ts';

/**
 * Where a file may lie: its real path below a folder, whatever links lead to it; or wherever a flag says, seen from
 * the working directory.
 */
export type FilePlace = { readonly below: string } | { readonly namedFrom: string };

export interface FileToRead {
  /** Absolute. */
  readonly path: string;
  readonly place: FilePlace;
  readonly maxBytes: number;
  /** How its bytes become a text; as UTF-8 where nothing is said. */
  readonly decode?: (bytes: Uint8Array) => string | FileRefusal;
}

export interface ReadFile {
  readonly text: string;
  /**
   * Whether the real path lies where the name says. A link that leads elsewhere may lead to a secret: nothing of such
   * a file is ever quoted.
   */
  readonly isInPlace: boolean;
  /** Of the open file. */
  readonly owner: number;
  readonly mode: number;
}

/** Why a file is not read. */
export interface FileRefusal {
  /** Continues "cannot read NAME: ". */
  readonly why: string;
  readonly hint: string;
  /** There is no such file. */
  readonly isMissing?: true;
  /** Where in the file, if it is one place. */
  readonly line?: number;
  readonly column?: number;
}

const mebibyte = 1024 * 1024;

/** In bytes, by what a file is. */
export const fileLimits: Readonly<
  Record<'users' | 'table' | 'bulk' | 'config' | 'approvals' | 'review' | 'seed' | 'plan' | 'authorities', number>
> = {
  users: 64 * mebibyte,
  table: 64 * mebibyte,
  // Its other lines are all messages of the server.
  bulk: 256 * mebibyte,
  config: mebibyte,
  approvals: mebibyte,
  review: 64 * mebibyte,
  seed: 64 * mebibyte,
  plan: 256 * mebibyte,
  authorities: 16 * mebibyte,
};

// By descriptor, not by `node:fs/promises`, whose modules take a short run longer to load than the files to read.
const [openFile, factsOf, readBytes, closeFile] = [
  promisify(open),
  promisify(fstat),
  promisify(read),
  promisify(close),
];

/** A ConfigMap is exchanged as a whole while it is mounted: the next try sees the new one. */
const maxTries = 3;

/** Reads a regular file as UTF-8, at most `maxBytes` of it, from where it may lie. Never waits for a pipe or a device. */
export async function readTextFile(wanted: FileToRead): Promise<ReadFile | FileRefusal> {
  try {
    for (let tries = 1; tries <= maxTries; tries++) {
      const found = await tryToRead(wanted);
      if (found !== undefined) return found;
    }
    return whyNotRead('replaced', {});
  } catch (error) {
    return notOpened(systemCodeOf(error));
  }
}

export const isRefusal = (result: ReadFile | FileRefusal): result is FileRefusal => 'why' in result;

/** Nothing where the file was replaced between two looks at it. */
async function tryToRead({
  path,
  place,
  maxBytes,
  decode = decodeUtf8,
}: FileToRead): Promise<ReadFile | FileRefusal | undefined> {
  // Opening a device can do something by itself, so it is looked at first.
  const before = refuseOther(await stat(path));
  if (before !== undefined) return before;
  const descriptor = await openFile(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const facts = await factsOf(descriptor);
    const other = refuseOther(facts);
    if (other !== undefined) return other;
    const real = await realPathOf(descriptor, path, facts);
    if (real === undefined) return undefined;
    const folder = 'below' in place ? place.below : liesBelow(path, place.namedFrom) ? place.namedFrom : dirname(path);
    const isInPlace = liesBelow(real, await realpath(folder));
    if (!isInPlace && 'below' in place) return whyNotRead('outside', { folder });
    const bytes = facts.size > maxBytes ? undefined : await readAtMost(descriptor, facts.size, maxBytes);
    if (bytes === undefined) return whyNotRead('too-large', { mebibytes: maxBytes / mebibyte });
    const text = decode(bytes);
    if (typeof text !== 'string') return text;
    return { text, isInPlace, owner: facts.uid, mode: facts.mode };
  } finally {
    await closeFile(descriptor);
  }
}

/** Whether a path is a folder or lies below it; both absolute. */
export function liesBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !/^(?:[A-Za-z]:)?[\\/]/.test(way);
}

function refuseOther(facts: Stats): FileRefusal | undefined {
  if (facts.isFile()) return undefined;
  const what = facts.isDirectory()
    ? 'a folder'
    : facts.isFIFO()
      ? 'a pipe'
      : facts.isSocket()
        ? 'a socket'
        : 'a device';
  return whyNotRead('no-file', { what });
}

const notOpened = (code: string): FileRefusal => ({
  ...whyNotRead(code === 'EACCES' || code === 'EPERM' ? 'not-allowed' : 'system', { code }),
  ...((code === 'ENOENT' || code === 'ENOTDIR') && { isMissing: true }),
});

/** The real path of an open file, without trust in its name: that may lead elsewhere by now. */
async function realPathOf(descriptor: number, path: string, facts: Stats): Promise<string | undefined> {
  const opened = await readlink(`/proc/self/fd/${descriptor}`).catch(() => '');
  if (opened.startsWith('/') && !opened.endsWith(' (deleted)')) return opened;
  const real = await realpath(path);
  const now = await stat(real);
  return now.dev === facts.dev && now.ino === facts.ino ? real : undefined;
}

/** Nothing where there is more: some files of the system say that they are empty. */
async function readAtMost(descriptor: number, size: number, maxBytes: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  // One byte more than there should be: a file that is as long as it says needs one room, and a second look to see its end.
  let room = Buffer.alloc(size + 1);
  for (;;) {
    const { bytesRead } = await readBytes(descriptor, room, 0, room.length, null);
    if (bytesRead === 0) return parts.length === 1 ? parts[0] : Buffer.concat(parts, length);
    length += bytesRead;
    if (length > maxBytes) return undefined;
    parts.push(room.subarray(0, bytesRead));
    room = bytesRead < room.length ? room.subarray(bytesRead) : Buffer.alloc(mebibyte);
  }
}
