/**
 * What a plan of a pull request is made from: muster.yaml, approvals and history of the branch that it goes to, and the users
 * files as they would be after the merge. Of the pull request itself nothing is run, and nothing else is read.
 */
import { mkdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Settings } from '../../config/settings.ts';
import { pickFiles, usersFileName } from '../../desired/find-files.ts';
import type { PullRequest } from '../../model/forge.ts';
import { refuse } from '../../model/messages/problems.ts';
import { InputError } from '../../model/problem.ts';
import { type CheckoutPlace, fetchRef, gitIn, pullBranch } from '../git-checkout.ts';

export interface PullRequestFiles {
  /** Absolute: a checkout of the branch that it goes to. */
  readonly base: string;
  /** The newest commit of that branch. */
  readonly baseCommit: string;
  /** Absolute: what the branch would hold after the merge. */
  readonly merged: string;
  /** The newest commit of the pull request. */
  readonly commit: string;
  /** Paths that it changes, from the root. */
  readonly changed: readonly string[];
  /** Paths of links, from the root: in `merged` they are files that hold where the link leads. */
  readonly links: readonly string[];
}

export interface RepositoryPlace extends Pick<CheckoutPlace, 'env' | 'signal' | 'credential'> {
  readonly url: string;
}

const headRef = 'refs/muster/head';

/**
 * @param dir - absolute: private, and empty
 * @throws {GitPullError} when the repository cannot be read
 * @throws {InputError} when it cannot be merged
 */
export async function readPullRequest(
  { name, ref, target }: PullRequest,
  { url, ...given }: RepositoryPlace,
  dir: string,
): Promise<PullRequestFiles> {
  const [base, merged] = [join(dir, 'base'), join(dir, 'merged')];
  const place: CheckoutPlace = { ...given, dir: base };
  const source = { url, branch: target, path: '.', signedBy: [], followsRewrites: true, user: 'git' };
  const baseCommit = await pullBranch(source, place);
  await fetchRef({ url, ref: ref.startsWith('refs/') ? ref : `refs/heads/${ref}`, as: headRef, name }, place);
  const git = gitIn(place);
  // By its own name, so that people know it where the plan names it.
  await git(['update-ref', `refs/heads/${target}`, baseCommit]);
  const commit = textOf(await git(['rev-parse', '--verify', `${headRef}^{commit}`]));
  const made = await git(['merge-tree', '--write-tree', '--no-messages', baseCommit, commit], [0, 1]);
  if (made.code !== 0) throw new InputError([refuse('no-pull-request', { is: 'conflicts', target })]);
  const tree = textOf(made);
  await mkdir(merged, { mode: 0o700 });
  // With an index of its own: the checkout of the branch stays as it is.
  const index = { GIT_INDEX_FILE: join(dir, 'merged.index'), GIT_WORK_TREE: merged };
  await git(['read-tree', tree], [0], index);
  await git(['checkout-index', '--all', '--quiet', `--prefix=${merged}/`], [0], index);
  const listed = await git(['diff-tree', '-r', '-z', '--name-only', '--no-renames', baseCommit, tree]);
  // Where links could be links, a file in the place of one is of another type: no other path is listed, however many there are.
  const other = ['-c', 'core.symlinks=true', 'diff-files', '-z', '--name-only', '--diff-filter=T'];
  const links = namesIn(await git(other, [0], index));
  return { base, baseCommit, merged, commit, changed: namesIn(listed), links };
}

/**
 * Refuses links among the users files: a work tree of the branch would hold what each of them leads to, which is not what is planned
 * and reviewed.
 *
 * @param settings - of the branch that the pull request goes to
 */
export function refuseLinks(
  { base, links }: Pick<PullRequestFiles, 'base' | 'links'>,
  { files, configDir }: Pick<Settings, 'files' | 'configDir'>,
): void {
  const nameOf = (path: string): string => relative(configDir, join(base, path)).split(sep).join('/');
  const patterns = files.value.length === 0 ? [usersFileName] : files.value;
  const [path] = pickFiles(patterns, links.map(nameOf));
  if (path !== undefined) throw new InputError([refuse('no-pull-request', { is: 'link', path })]);
}

const namesIn = ({ stdout }: { readonly stdout: Buffer }): readonly string[] =>
  stdout
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '');
const textOf = ({ stdout }: { readonly stdout: Buffer }): string => stdout.toString('utf8').trim();
