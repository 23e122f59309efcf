import type { Stats } from 'node:fs';
import { lstat, mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { makeFile, readRegularFile } from '../disk/durable-files.ts';
import { say, type WhatOfError } from '../model/messages/message.ts';
import { MusterError } from '../model/muster-error.ts';
import type { Owners } from '../model/pipeline.ts';
import { systemCodeOf } from '../model/system-error.ts';

/** The folder for what muster remembers is not usable, or not safe. */
export class StateDirError extends MusterError {
  override readonly name = 'StateDirError';

  constructor(what: WhatOfError<'STATE_DIR'>, options?: ErrorOptions) {
    super(say('STATE_DIR', what), options);
  }
}

/**
 * Where muster remembers things about one server between runs. Correctness holds with an empty one.
 *
 * @param named - absolute; without it `$XDG_STATE_HOME/muster`, else `~/.local/state/muster`
 * @param serverKey - tells the server from every other
 */
export function stateDirOf(named: string | undefined, serverKey: string, env: NodeJS.ProcessEnv): string {
  return join(stateHomeOf(named, env), serverKey.replace(/[^A-Za-z0-9]/g, '_'));
}

/** Where the folders of all servers lie. */
export function stateHomeOf(named: string | undefined, env: NodeJS.ProcessEnv): string {
  return named ?? join(stateHome(env), 'muster');
}

/** As the XDG base directories have it: what is empty or relative counts as not set. */
function stateHome({ XDG_STATE_HOME: named = '', HOME: home = '' }: NodeJS.ProcessEnv): string {
  return isAbsolute(named) ? named : join(isAbsolute(home) ? home : homeOfSystem(), '.local', 'state');
}

/** A container may run as a user that its system does not know. */
function homeOfSystem(): string {
  try {
    return homedir();
  } catch (error) {
    throw new StateDirError({ is: 'no-home' }, { cause: error });
  }
}

/**
 * Makes the folder, its owner's alone.
 *
 * @param owners - who may own the folders above
 * @throws {StateDirError} inside a repository that does not ignore it, where others could write or exchange it, or where
 * it cannot be made
 */
export async function ensureStateDir(dir: string, owners: Owners = 'caller'): Promise<void> {
  await refuseRepository(dir);
  await makeDir(dir);
  await refuseUnsafePath(dir, owners);
}

/**
 * Whether the folder is there. Creates nothing: for commands that only read.
 *
 * @throws {StateDirError} where it cannot be looked at, is a link, or others could write or exchange it
 */
export async function isStateDirThere(dir: string, owners: Owners = 'caller'): Promise<boolean> {
  try {
    await lstat(dir);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw cannot('cannot-look', dir, error);
  }
  await refuseUnsafePath(dir, owners);
  return true;
}

/**
 * What lies in a folder that is there, in order.
 *
 * @throws {StateDirError} where the system does not say
 */
export async function namesIn(dir: string): Promise<readonly string[]> {
  try {
    return (await readdir(dir)).toSorted();
  } catch (error) {
    throw cannot('cannot-list', dir, error);
  }
}

async function refuseUnsafePath(dir: string, owners: Owners): Promise<void> {
  try {
    refuseUnsafe(dir, await lstat(dir));
    // Who may exchange a folder above may bring another one, by the path that was written and by where that leads.
    for (const path of new Set([...foldersAbove(dir), ...foldersAbove(await realpath(dir))]))
      refuseUnsafeParent(path, await lstat(path), owners);
  } catch (error) {
    if (error instanceof MusterError) throw error;
    throw cannot('cannot-look', dir, error);
  }
}

function refuseUnsafe(dir: string, found: Stats): void {
  if (!found.isDirectory()) throw new StateDirError({ is: 'no-folder', path: dir });
  if (process.getuid !== undefined && found.uid !== process.getuid())
    throw new StateDirError({ is: 'other-owner', path: dir });
  if ((found.mode & 0o022) !== 0) throw new StateDirError({ is: 'others-may-write', path: dir });
}

/** A link says nothing by its mode; in a folder with a sticky bit everybody can exchange only what is their own. */
function refuseUnsafeParent(path: string, found: Stats, owners: Owners): void {
  const me = process.getuid?.();
  if (owners === 'caller' && me !== undefined && found.uid !== me && found.uid !== 0)
    throw new StateDirError({ is: 'other-owner-above', path });
  const isOpen = (found.mode & 0o002) !== 0 && (found.mode & 0o1000) === 0;
  if (isOpen && !found.isSymbolicLink()) throw new StateDirError({ is: 'everybody-may-write-above', path });
}

/** All but the folder itself, the nearest first. */
function foldersAbove(dir: string): readonly string[] {
  const above = dirname(dir);
  return above === dir ? [] : [above, ...foldersAbove(above)];
}

/** Step by step: asked for all at once, Node tries for ever in folders of the kernel, such as /proc. */
async function makeDir(dir: string): Promise<void> {
  const missing: string[] = [];
  try {
    for (const path of [dir, ...foldersAbove(dir)]) {
      if (await isThere(path)) break;
      missing.unshift(path);
    }
    for (const path of missing) await makeOne(path);
  } catch (error) {
    throw cannot('cannot-make', dir, error);
  }
}

/** Follows links: one that leads nowhere is not there, and cannot be made. */
async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    // Another run may be as fast.
    if (systemCodeOf(error) !== 'EEXIST') throw error;
  }
}

function cannot(is: 'cannot-make' | 'cannot-look' | 'cannot-list', path: string, cause: unknown): StateDirError {
  return new StateDirError({ is, path, why: systemCodeOf(cause) }, { cause });
}

/** A work tree whose `.gitignore` beside the folder, or inside it, ignores everything is fine; anything else is a commit away. */
async function refuseRepository(dir: string): Promise<void> {
  for (let part = dir; ; part = dirname(part)) {
    if ((await ignoredIn(part)).split('\n').some((line) => line.trim() === '*')) return;
    if ((await stat(join(part, '.git')).catch(() => undefined)) !== undefined) {
      throw new StateDirError({ is: 'in-repository', path: dir, repository: part });
    }
    if (part === dirname(part)) return;
  }
}

/** As git does, which reads no `.gitignore` through a link; it may be one that a pull request brings. */
async function ignoredIn(folder: string): Promise<string> {
  const read = await readRegularFile(join(folder, '.gitignore'), 1024 * 1024).catch(() => '');
  return typeof read === 'string' ? '' : new TextDecoder().decode(read);
}

/**
 * Notes that a plan is being used. A plan is used once.
 *
 * @returns `false` when it was noted before
 */
export async function notePlanUse(dir: string, digest: string, at: string): Promise<boolean> {
  try {
    await makeFile(noteOf(dir, digest), `${at}\n`);
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Whether a plan was noted as used here. */
export async function isPlanNoted(dir: string, digest: string): Promise<boolean> {
  return (await stat(noteOf(dir, digest)).catch(() => undefined)) !== undefined;
}

const noteOf = (dir: string, digest: string): string => join(dir, `plan-${digest.replace('sha256:', '')}.used`);
