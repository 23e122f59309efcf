import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { refuse } from '../model/messages/problems.ts';
import { InputError } from '../model/problem.ts';
import type { ReadFile } from '../source/read-file.ts';

export const configName = 'muster.yaml';

/** What people call it who write `.yml`: its settings would not count, and no one would see it. */
const otherName = 'muster.yml';

export interface FoundConfig {
  readonly path: string;
  /** Whether it lies in a repository: who may change it there is the repository's matter. */
  readonly isInWorkTree: boolean;
}

/**
 * The first config from a folder upwards, no further than the root of the repository that the folder lies in.
 *
 * @throws {InputError} where one of another name lies on the way
 */
export async function findConfig(from: string): Promise<FoundConfig | undefined> {
  const root = await workTreeOf(from);
  for (let dir = from; ; dir = dirname(dir)) {
    const path = join(dir, configName);
    // A pipe or a device of that name is found, too, and refused when it is read.
    if (await isNoFolder(path)) return { path, isInWorkTree: root !== undefined };
    const other = join(dir, otherName);
    if (await isNoFolder(other)) throw new InputError([refuse('config-misnamed', { path: other, name: configName })]);
    if (dir === root || dirname(dir) === dir) return undefined;
  }
}

async function isNoFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && !found.isDirectory();
}

/** The nearest folder upwards that has a `.git`: a folder, or a file in a work tree or a submodule. */
export async function workTreeOf(from: string): Promise<string | undefined> {
  for (let dir = from; ; dir = dirname(dir)) {
    const git = await stat(join(dir, '.git')).catch(() => undefined);
    if (git !== undefined && !(await isOpenToAll(dir))) return dir;
    if (dirname(dir) === dir) return undefined;
  }
}

const sticky = 0o1000;
const writableByAll = 0o002;

/** Such as `/tmp`: a `.git` there may be anybody's, and does not make a repository of all that lies below. */
async function isOpenToAll(folder: string): Promise<boolean> {
  const { mode } = await stat(folder);
  return (mode & sticky) !== 0 && (mode & writableByAll) !== 0;
}

/** Why a file that was found outside of every repository may belong to another user. */
export type Distrust = { readonly is: 'other-owner'; readonly uid: number } | { readonly is: 'open-to-all' };

/** Whether a file that was found outside of every repository may belong to another user. */
export function whyNotTrusted(
  { isInWorkTree }: FoundConfig,
  { owner, mode }: Pick<ReadFile, 'owner' | 'mode'>,
): Distrust | undefined {
  const caller = process.getuid?.();
  if (isInWorkTree || caller === undefined) return undefined;
  if (owner !== caller && owner !== 0) return { is: 'other-owner', uid: owner };
  return (mode & writableByAll) !== 0 ? { is: 'open-to-all' } : undefined;
}
