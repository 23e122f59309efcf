/** git without a shell, hooks, prompts, pagers, replacements or network, whatever a repository says of itself. */
import { execFile } from 'node:child_process';
import { isAbsolute } from 'node:path';
import { systemCodeOf } from '../model/system-error.ts';
import { unusableBase } from './base-files.ts';
import { workTreeOf } from './find-config.ts';

const timeoutMs = 20_000;

export interface GitOutput {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** @param maxBytes - of what git may say */
export type Git = (args: readonly string[], maxBytes?: number) => Promise<GitOutput>;

/** The repository that a folder lies in. */
export interface WorkTree {
  /** Absolute. */
  readonly root: string;
  readonly git: Git;
}

/**
 * Git never looks for the repository itself: in a folder below the root it would take what a pull request put there for one.
 *
 * @param name - what it is about, for messages
 */
export async function openWorkTree(dir: string, env: NodeJS.ProcessEnv, name: string): Promise<WorkTree | undefined> {
  const root = await workTreeOf(dir);
  if (root === undefined) return undefined;
  return { root, git: (args, maxBytes = 64 * 1024) => runGit(args, { cwd: root, env, name, maxBytes }) };
}

interface GitSurroundings {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** What it is about, for messages. */
  readonly name: string;
  readonly maxBytes: number;
}

/**
 * Whatever a repository's own config says, nothing is run and nothing is fetched. A folder that a pull request filled with
 * the files of a bare repository is none, and two refs of one name are told of.
 */
const safeConfig: readonly string[] = [
  'core.hooksPath=/dev/null',
  'protocol.allow=never',
  'core.fsmonitor=false',
  'safe.bareRepository=explicit',
  'core.warnAmbiguousRefs=true',
  // What a file beside the commits says of their parents and dates.
  'core.commitGraph=false',
];

/**
 * @returns what git said, also where it ended with another code than 0
 * @throws {InputError} when git cannot be run, takes too long, or says more than `maxBytes`
 */
async function runGit(args: readonly string[], { cwd, env, name, maxBytes }: GitSurroundings): Promise<GitOutput> {
  const ended = await execGit(args, { cwd, env: gitEnvironment(env), maxBytes, timeoutMs });
  if (ended instanceof Error) throw whyNotRun(ended, name);
  return ended;
}

export interface GitProcess {
  readonly cwd: string;
  /** All of it: see {@link gitEnvironment}. */
  readonly env: NodeJS.ProcessEnv;
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** Settings after the safe ones, which they may lift. */
  readonly settings?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** @returns what git said, also where it ended with another code than 0; or why it could not be run to its end */
export function execGit(
  args: readonly string[],
  { cwd, env, maxBytes, timeoutMs: timeout, settings = [], signal }: GitProcess,
): Promise<GitOutput | (Error & { readonly killed?: boolean | undefined })> {
  const all = [...safeConfig, ...settings].flatMap((setting) => ['-c', setting]);
  const options = { cwd, env, maxBuffer: maxBytes, timeout, encoding: 'buffer', killSignal: 'SIGKILL' } as const;
  return new Promise((done) => {
    execFile(
      'git',
      [...all, '--no-pager', '--no-replace-objects', ...args],
      { ...options, ...(signal !== undefined && { signal }) },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code;
        if (typeof code === 'number') done({ code, stdout, stderr: stderr.toString('utf8').slice(0, 4096) });
        else if (error !== null) done(error);
      },
    );
  });
}

function whyNotRun(error: { readonly killed?: boolean | undefined }, name: string): Error {
  const code = systemCodeOf(error);
  if (code === 'ENOENT') return unusableBase({ is: 'no-git', name });
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return unusableBase({ is: 'git-says-too-much', name });
  return error.killed === true
    ? unusableBase({ is: 'git-too-slow', name, seconds: timeoutMs / 1000 })
    : unusableBase({ is: 'git-not-run', name, why: code });
}

/** Nothing of muster's own, and nothing that says where git looks or what it runs. */
export function gitEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = ['HOME', 'XDG_CONFIG_HOME', 'TMPDIR'].flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    // A folder of the work tree could hold a git of its own.
    PATH: (env['PATH'] ?? process.env['PATH'] ?? '').split(':').filter(isAbsolute).join(':'),
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    // Other parents of commits, by a file of the repository.
    GIT_GRAFT_FILE: '/dev/null',
    GIT_NO_LAZY_FETCH: '1',
  };
}
