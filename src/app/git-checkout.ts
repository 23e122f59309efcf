/**
 * A work tree of one branch, made by git's own program. Nothing of the repository is run: no hook, no filter, no submodule; and
 * nothing of the user's own git settings counts, so that muster.yaml alone says where from. Links are written as plain files.
 */
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gitSchemeOf } from '../config/git-address.ts';
import { execGit, type GitOutput, gitEnvironment } from '../config/run-git.ts';
import { writeWholeFile } from '../disk/durable-files.ts';
import { say, type WhatOfError } from '../model/messages/message.ts';
import { MusterError } from '../model/muster-error.ts';
import { publicKeyOf } from '../model/public-keys.ts';
import type { GitSource } from '../model/reconcile-settings.ts';
import { systemCodeOf } from '../model/system-error.ts';
import { signatureOf } from './commit-signature.ts';

/** The branch could not be read. */
export class GitPullError extends MusterError {
  override readonly name = 'GitPullError';
  /** Whether the repository was read, and has no such branch. */
  readonly isBranchMissing: boolean;

  constructor(what: WhatOfError<'GIT_PULL'>, options?: ErrorOptions) {
    super(say('GIT_PULL', what), options);
    this.isBranchMissing = what.is === 'no-branch';
  }
}

/** The branch was read, and what it holds does not count. */
export class GitRefusedError extends MusterError {
  override readonly name = 'GitRefusedError';

  constructor(what: WhatOfError<'GIT_REFUSED'>) {
    super(say('GIT_REFUSED', what));
  }
}

export interface CheckoutPlace {
  /** Absolute: muster's own alone. */
  readonly dir: string;
  /** Absolute; by default `.git` in it. */
  readonly gitDir?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Gives git the token, where there is one. */
  readonly credential?: Readonly<Record<string, string>>;
  /** The commit of this branch that was read last. */
  readonly before?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

const fetchMs = 120_000;
const localMs = 60_000;
const maxBytes = 1024 * 1024;
const fetched = 'refs/muster/fetched';

/**
 * Brings the newest commit of the branch into the folder: whole, as it is committed.
 *
 * @returns the commit
 * @throws {GitPullError} when it cannot be had
 * @throws {GitRefusedError} when it may not count
 */
export async function pullBranch(source: GitSource, place: CheckoutPlace): Promise<string> {
  const { dir, before } = place;
  const git = gitIn(place);
  await prepareFolder(place, git);
  await fetchBranch(source, place);
  const commit = textOf(await git(['rev-parse', '--verify', `${fetched}^{commit}`]));
  if (before !== undefined && before !== commit && !source.followsRewrites) {
    const { code } = await git(['merge-base', '--is-ancestor', before, commit], [0, 1, 128]);
    if (code !== 0)
      throw new GitRefusedError({ is: 'rewritten', branch: source.branch, now: short(commit), before: short(before) });
  }
  if (source.signedBy.length > 0) await refuseUnsigned(commit, source.signedBy, git, place.env);
  await git(['checkout', '--quiet', '--force', '--detach', commit]);
  await git(['clean', '-ffdxq']);
  await refuseNoFolder(join(dir, source.path), commit, source.path);
  return commit;
}

const short = (commit: string): string => commit.slice(0, 12);

/** @param codes - with which git may end; by default 0 alone */
export type LocalGit = (
  args: readonly string[],
  codes?: readonly number[],
  more?: Readonly<Record<string, string>>,
) => Promise<GitOutput>;

/** Nothing of the repository, of its attributes, or of the user counts. */
const settings: readonly string[] = [
  'core.symlinks=false',
  'core.autocrlf=false',
  'core.attributesFile=/dev/null',
  'core.askPass=',
  'credential.helper=',
  'submodule.recurse=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'fetch.fsckObjects=true',
  'http.followRedirects=false',
  'advice.detachedHead=false',
];

const gitDirOf = ({ dir, gitDir }: CheckoutPlace): string => gitDir ?? join(dir, '.git');

const surroundings = (place: CheckoutPlace): NodeJS.ProcessEnv => ({
  ...gitEnvironment(place.env),
  // Git looks for no repository: a folder above may lie in one.
  GIT_DIR: gitDirOf(place),
  GIT_WORK_TREE: place.dir,
  ...keptOf(place.env),
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
  GIT_LFS_SKIP_SMUDGE: '1',
  ...place.credential,
});

/** How to get out of here: the proxy, its authorities, the agent of ssh. */
const kept = ['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy', 'GIT_SSL_CAINFO', 'SSH_AUTH_SOCK'];
const keptOf = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(kept.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));

/** Git in a checkout of muster's own, without the credential. */
export function gitIn(place: CheckoutPlace): LocalGit {
  const { dir, signal } = place;
  const { credential: _, ...local } = place;
  const env = surroundings(local);
  return async (args, codes = [0], more = {}) => {
    const ended = await execGit(args, {
      cwd: dir,
      env: { ...env, ...more },
      maxBytes,
      timeoutMs: localMs,
      settings,
      signal,
    });
    signal?.throwIfAborted();
    if (ended instanceof Error) throw notRun(ended, dir);
    if (!codes.includes(ended.code))
      throw new GitPullError({
        is: 'not-checked-out',
        path: dir,
        why: `git ${args[0] ?? ''} ended with ${ended.code}`,
      });
    return ended;
  };
}

function notRun(error: Error & { readonly killed?: boolean | undefined }, path: string): GitPullError {
  if (systemCodeOf(error) === 'ENOENT') return new GitPullError({ is: 'no-git' }, { cause: error });
  const why = error.killed === true ? `git took more than ${localMs / 1000} s` : systemCodeOf(error);
  return new GitPullError({ is: 'not-checked-out', path, why }, { cause: error });
}

const textOf = ({ stdout }: GitOutput): string => stdout.toString('utf8').trim();

/** Left by a git that was killed. No other process works here: the lock of the place is held. */
const leftLocks = ['index.lock', 'HEAD.lock', 'config.lock', 'packed-refs.lock', 'shallow.lock', `${fetched}.lock`];

/** No attribute of the repository counts: not for ends of lines, and not for filters. */
const noAttributes = '* -text -ident -filter !working-tree-encoding !eol !export-subst\n';

/** Makes the folder, with a repository that nothing was fetched into yet. */
export async function prepareFolder(place: CheckoutPlace, git: LocalGit): Promise<void> {
  const { dir } = place;
  const gitDir = gitDirOf(place);
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    for (const name of leftLocks) await rm(join(gitDir, name), { force: true });
    await git(['init', '--quiet', '--template=']);
    await mkdir(join(gitDir, 'info'), { recursive: true });
    await writeWholeFile(join(gitDir, 'info'), 'attributes', noAttributes);
  } catch (error) {
    if (error instanceof MusterError) throw error;
    throw new GitPullError({ is: 'not-checked-out', path: dir, why: systemCodeOf(error) }, { cause: error });
  }
}

async function fetchBranch({ url, branch }: GitSource, place: CheckoutPlace): Promise<void> {
  await fetchRef({ url, ref: `refs/heads/${branch}`, as: fetched, name: branch }, place);
}

export interface RefToFetch {
  readonly url: string;
  /** Whole, such as `refs/heads/main`. */
  readonly ref: string;
  /** What it is called here. */
  readonly as: string;
  /** For messages. */
  readonly name: string;
}

/** @throws {GitPullError} when it cannot be had */
export async function fetchRef({ url, ref, as, name: branch }: RefToFetch, place: CheckoutPlace): Promise<void> {
  const options = ['--quiet', '--no-tags', '--force', '--no-recurse-submodules', '--no-write-fetch-head'];
  const ended = await talkTo(url, ['fetch', ...options, '--', url, `+${ref}:${as}`], branch, place);
  if (ended.code !== 0) throw whyNotFetched(ended, url, branch);
}

/**
 * Git with another repository, with the credential where there is one.
 *
 * @throws {GitPullError} when git cannot be run, or takes too long
 */
export async function talkTo(
  url: string,
  args: readonly string[],
  branch: string,
  place: CheckoutPlace,
): Promise<GitOutput> {
  const { dir, signal } = place;
  const ended = await execGit(args, {
    cwd: dir,
    env: surroundings(place),
    maxBytes,
    timeoutMs: fetchMs,
    // Its own way is the only one.
    settings: [...settings, `protocol.${gitSchemeOf(url) ?? 'https'}.allow=always`],
    signal,
  });
  signal?.throwIfAborted();
  if (!(ended instanceof Error)) return ended;
  if (ended.killed === true) throw new GitPullError({ is: 'slow', branch, url, seconds: String(fetchMs / 1000) });
  throw notRun(ended, dir);
}

/** What git, ssh and the other side say is never shown: it is anybody's. */
function whyNotFetched({ code, stderr }: GitOutput, url: string, branch: string): GitPullError {
  if (/couldn't find remote ref/.test(stderr)) return new GitPullError({ is: 'no-branch', url, branch });
  if (
    /Authentication failed|could not read (?:Username|Password)|Permission denied|returned error: 40[134]|not found|does not appear to be a git repository|Host key verification failed|dubious ownership/i.test(
      stderr,
    )
  )
    return new GitPullError({ is: 'not-allowed', url });
  if (/Could not resolve|Failed to connect|Connection (?:refused|timed out|reset)|unable to access/i.test(stderr))
    return new GitPullError({ is: 'unreachable', url });
  if (/fsck|bad object|corrupt/i.test(stderr)) return new GitPullError({ is: 'bad-objects', url });
  return new GitPullError({ is: 'failed', url, branch, code: String(code) });
}

/** A commit stands for its files and for all that came before. */
async function refuseUnsigned(
  commit: string,
  signedBy: readonly string[],
  git: LocalGit,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { stdout } = await git(['cat-file', 'commit', commit]);
  const keys = signedBy.flatMap((text) => publicKeyOf(text) ?? []);
  const signature = await signatureOf(stdout, keys, env);
  if (signature.state === 'verified') return;
  const why = signature.state === 'unsigned' ? 'it has no signature' : (signature.why ?? 'it cannot be checked');
  throw new GitRefusedError({ is: 'not-signed', commit: short(commit), why });
}

async function refuseNoFolder(dir: string, commit: string, path: string): Promise<void> {
  const found = await stat(dir).catch(() => undefined);
  if (found?.isDirectory() !== true) throw new GitRefusedError({ is: 'no-folder', commit: short(commit), path });
}
