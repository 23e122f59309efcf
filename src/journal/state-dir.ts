import type { Stats } from 'node:fs';
import { lstat, mkdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { makeFile } from '../disk/durable-files.ts';
import { MusterError } from '../model/muster-error.ts';
import { systemCodeOf } from '../model/system-error.ts';

/** The folder for what muster remembers is not usable, or not safe. */
export class StateDirError extends MusterError {
  override readonly name = 'StateDirError';
  readonly code = 'STATE_DIR';
  readonly blame = 'user';
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
  return isAbsolute(named) ? named : join(isAbsolute(home) ? home : homedir(), '.local', 'state');
}

/**
 * Makes the folder, its owner's alone.
 *
 * @throws {StateDirError} inside a repository that does not ignore it, or where others could write
 */
export async function ensureStateDir(dir: string): Promise<void> {
  await refuseRepository(dir);
  await makeDir(dir);
  refuseUnsafe(dir, await lstat(dir));
}

/**
 * Whether the folder is there. Makes nothing: for whoever only reads.
 *
 * @throws {StateDirError} where it cannot be looked at, is a link, or others could write
 */
export async function isStateDirThere(dir: string): Promise<boolean> {
  let found: Stats;
  try {
    found = await lstat(dir);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw new StateDirError(`the state directory ${dir} cannot be looked at (${code})`, {
      hint: 'choose another with --state-dir',
      cause: error,
    });
  }
  refuseUnsafe(dir, found);
  return true;
}

function refuseUnsafe(dir: string, found: Stats): void {
  if (!found.isDirectory())
    throw new StateDirError(`${dir} is not a folder`, { hint: 'choose another with --state-dir' });
  if (process.getuid !== undefined && found.uid !== process.getuid())
    throw new StateDirError(`${dir} belongs to somebody else`, { hint: 'choose another with --state-dir' });
  if ((found.mode & 0o022) !== 0) throw new StateDirError(`others may write into ${dir}`, { hint: `chmod 700 ${dir}` });
}

async function makeDir(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
  } catch (error) {
    const why = systemCodeOf(error);
    throw new StateDirError(`the state directory ${dir} cannot be made (${why})`, {
      hint: 'choose another with --state-dir',
      cause: error,
    });
  }
}

/** A work tree whose `.gitignore` beside the folder, or inside it, ignores everything is fine; anything else is a commit away. */
async function refuseRepository(dir: string): Promise<void> {
  for (let part = dir; ; part = dirname(part)) {
    const ignored = await readFile(join(part, '.gitignore'), 'utf8').catch(() => '');
    if (ignored.split('\n').some((line) => line.trim() === '*')) return;
    if ((await stat(join(part, '.git')).catch(() => undefined)) !== undefined) {
      throw new StateDirError(`the state directory ${dir} lies in the repository ${part}`, {
        hint: 'choose one outside with --state-dir, or put a .gitignore with * into it',
      });
    }
    if (part === dirname(part)) return;
  }
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
