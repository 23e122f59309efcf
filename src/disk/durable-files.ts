/** Files that are whole and durable, or not there; for their owner alone, and never through a link. */
import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Makes a file that is not there yet, for its owner alone, and flushes it. */
export async function makeFile(path: string, content: Uint8Array | string): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const file = await open(path, flags, 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Writes a file in place of what is there: as a draft beside it, flushed, moved into place, the folder flushed.
 *
 * @param draft - the draft's name. By default the same for each try, so that what a killed process left there goes with
 *   the next one; where two processes may write the same file at once, each needs its own
 */
export async function writeWholeFile(
  dir: string,
  name: string,
  content: Uint8Array | string,
  draft: string = `.${name}.tmp`,
): Promise<void> {
  const temporary = join(dir, draft);
  try {
    await rm(temporary, { force: true });
    await makeFile(temporary, content);
    await rename(temporary, join(dir, name));
    await flushFolder(dir);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/**
 * The same of what a run can do without and is signed, so that a torn one is none. Where another process writes it at this moment, too,
 * one of the two stands, or neither.
 */
export async function writeCache(dir: string, name: string, content: string): Promise<void> {
  try {
    await writeWholeFile(dir, name, content);
  } catch (error) {
    // The other one made the draft first, or has moved it.
    if (!isOf(error, 'EEXIST', 'ENOENT')) throw error;
  }
}

/**
 * Reads a file that another user may have put there: neither through a link, nor waiting for a pipe, nor without end.
 *
 * @param firstBytes - no more of it than these; by default all of it
 * @returns why there is nothing to read, if it is no regular file or larger than `maxBytes`
 * @throws what the system says of one that cannot be opened, such as ENOENT
 */
export async function readRegularFile(
  path: string,
  maxBytes: number,
  firstBytes?: number,
): Promise<Uint8Array | NotRead> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
  let file: FileHandle;
  try {
    file = await open(path, flags);
  } catch (error) {
    if (isLink(error)) return 'it is a link, and not a file';
    throw error;
  }
  try {
    const found = await file.stat();
    if (!found.isFile()) return 'it is not a file';
    if (found.size > maxBytes) return 'it is too large';
    if (firstBytes === undefined) return await file.readFile();
    const { bytesRead, buffer } = await file.read({ buffer: new Uint8Array(firstBytes), position: 0 });
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Continues "cannot be read: ". */
export type NotRead = 'it is a link, and not a file' | 'it is not a file' | 'it is too large';

const isLink = (error: unknown): boolean => isOf(error, 'ELOOP');

const isOf = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));

/** What was made or moved in a folder is lost with the power until the folder is flushed. */
export async function flushFolder(dir: string): Promise<void> {
  const folder = await open(dir, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
