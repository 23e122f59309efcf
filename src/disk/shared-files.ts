/** Files that others may read as well, such as those of a repository: whole, or as they were. */
import { chmod, mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { flushFolder } from './durable-files.ts';

/**
 * Makes a folder with files in it, whole or not at all.
 *
 * @throws with the code `EEXIST` when it is there already
 */
export async function makeFolderOf(dir: string, files: ReadonlyMap<string, string>): Promise<void> {
  const parent = dirname(dir);
  await mkdir(parent, { recursive: true });
  const draft = join(parent, `.${basename(dir)}.tmp`);
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft);
  try {
    for (const [name, text] of files) await writeFile(join(draft, name), text, { flag: 'wx' });
    await rename(draft, dir);
    await flushFolder(parent);
  } catch (error) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
}

/** Writes a file in place of the one that is there, with its mode; where a link leads to it, the link stays. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const real = await realpath(path);
  const { mode } = await stat(real);
  await putInPlaceOf(real, text, mode);
}

/**
 * Makes a file that is not there yet. Until it is whole, an empty one holds its place.
 *
 * @param text - as a whole or in pieces, each of which is made when those before it are written
 * @throws with the code `EEXIST` when it is there already
 */
export async function makeSharedFile(path: string, text: string | Iterable<string>): Promise<void> {
  await writeFile(path, '', { flag: 'wx' });
  try {
    await putInPlaceOf(path, text);
  } catch (error) {
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function putInPlaceOf(path: string, text: string | Iterable<string>, mode?: number): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.tmp`);
  try {
    await rm(draft, { force: true });
    await writeFile(draft, text, { flag: 'wx' });
    if (mode !== undefined) await chmod(draft, mode);
    await rename(draft, path);
    await flushFolder(dirname(path));
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
}
