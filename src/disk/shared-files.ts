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
  const draft = join(dirname(real), `.${basename(real)}.tmp`);
  try {
    await rm(draft, { force: true });
    await writeFile(draft, text, { flag: 'wx' });
    await chmod(draft, mode);
    await rename(draft, real);
    await flushFolder(dirname(real));
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Makes a file that is not there yet. */
export async function makeSharedFile(path: string, text: string): Promise<void> {
  await writeFile(path, text, { flag: 'wx' });
}
