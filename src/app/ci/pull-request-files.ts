/**
 * What a plan of a pull request is made from: muster.yaml, approvals and history of the branch that it goes to, and the users
 * files as they would be after the merge. Of the pull request itself nothing is run, and nothing else is read.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
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
  return { base, baseCommit, merged, commit, changed: listed.stdout.toString('utf8').split('\0').filter(isNamed) };
}

const isNamed = (path: string): boolean => path !== '';
const textOf = ({ stdout }: { readonly stdout: Buffer }): string => stdout.toString('utf8').trim();
