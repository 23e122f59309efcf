import { lstat, readdir, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { systemCodeOf } from '../model/system-error.ts';
import { isRefusal, readTextFile } from '../source/read-file.ts';
import { type BaseFiles, maxBaseFile, unusableBase } from './base-files.ts';
import { workTreeOf } from './find-config.ts';

/** Anything else is a git ref: a pull request could bring a folder that is called like one. */
export const isFolderName = (name: string): boolean => /^(?:\.{0,2}\/|\.{1,2}$)/.test(name);

/**
 * A folder that stands for the repository's root, such as another checkout; without a repository, for the working directory.
 *
 * @throws {InputError} when there is no such folder
 */
export async function openFolderBase(name: string, workingDir: string): Promise<BaseFiles> {
  const folder = resolve(workingDir, name);
  const facts = await stat(folder).catch(() => undefined);
  if (facts?.isDirectory() !== true) throw unusableBase({ is: 'no-such-folder', name });
  return {
    name,
    root: (await workTreeOf(workingDir)) ?? workingDir,
    show: (path) => join(name, path),
    read: (path, maxBytes = maxBaseFile) => readBelow(folder, path, { name, maxBytes }),
    list: (path) => listBelow(folder, path, name),
  };
}

interface HowToRead {
  readonly name: string;
  readonly maxBytes: number;
}

async function readBelow(folder: string, path: string, { name, maxBytes }: HowToRead): Promise<string | undefined> {
  const file = join(folder, path);
  // A link that leads nowhere is there: what it would lead to may be a lock.
  const isThere = (await lstat(file).catch(() => undefined)) !== undefined;
  if (!isThere) return undefined;
  const read = await readTextFile({ path: file, place: { below: folder }, maxBytes });
  if (isRefusal(read)) throw unusableBase({ is: 'file-unreadable', name, path, why: read.why, todo: read.hint });
  return read.text;
}

/** Links are named, and not followed. */
async function listBelow(root: string, path: string, name: string): Promise<readonly string[]> {
  const found: string[] = [];
  const folders = [join(root, path)];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const parent = folder;
    const entries = await readdir(parent, { withFileTypes: true }).catch((error: unknown) => {
      const code = systemCodeOf(error);
      if (code === 'ENOENT' || code === 'ENOTDIR') return [];
      throw unusableBase({ is: 'not-looked-up', name, path: relative(root, parent) });
    });
    for (const entry of entries) {
      const own = join(parent, entry.name);
      if (entry.isDirectory()) folders.push(own);
      else found.push(relative(root, own).split(sep).join('/'));
    }
  }
  return found;
}
