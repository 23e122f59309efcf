/** A folder of many files for their owner alone: whole and durable, or not there. */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { flushFolder, makeFile } from './durable-files.ts';

/** @returns whether nothing is there, or a folder with nothing in it */
export async function isFreeFolder(dir: string): Promise<boolean> {
  try {
    return (await readdir(dir)).length === 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return true;
    throw error;
  }
}

/**
 * Makes it as a draft beside, flushes it, and moves it into place.
 *
 * @param dir - not there, or empty
 * @param files - by their paths in it, with slashes
 * @throws with the code `ENOTEMPTY` or `EEXIST` when something is there by then
 */
export async function makePrivateFolder(dir: string, files: ReadonlyMap<string, Uint8Array | string>): Promise<void> {
  const parent = dirname(dir);
  // Two processes may make the same folder: each has a draft of its own.
  const draft = join(parent, `.${basename(dir)}.${process.pid}.tmp`);
  await rm(draft, { recursive: true, force: true });
  try {
    const folders = new Set([draft, ...[...files.keys()].flatMap((path) => foldersOf(draft, path))]);
    for (const folder of folders) await mkdir(folder, { mode: 0o700 });
    for (const [path, content] of files) await makeFile(join(draft, path), content);
    for (const folder of folders) await flushFolder(folder);
    await rename(draft, dir);
    await flushFolder(parent);
  } catch (error) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
}

/** The outer ones first. */
function foldersOf(root: string, path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => join(root, ...parts.slice(0, i + 1)));
}
