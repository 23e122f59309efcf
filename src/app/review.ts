/** Access reviews: what the commands of a review share, its state, and the proof that it was carried out. */
import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkReview, type ReviewDays } from '../audit/review/check-review.ts';
import { statusOf } from '../audit/review/count.ts';
import { verifyRemovals } from '../audit/review/verify.ts';
import { listReviews, loadReview, type ReadReview, type ReviewPlace } from '../config/load-review.ts';
import type { Settings } from '../config/settings.ts';
import { digestOf } from '../model/canonical-json.ts';
import { compareText } from '../model/compare.ts';
import type { ReviewClosed } from '../model/generated/review-closed.ts';
import { refuse } from '../model/messages/problems.ts';
import { InputError, type Problem } from '../model/problem.ts';
import type { LoadedReview, ReviewStatus, ReviewVerification } from '../model/review.ts';
import { kinds } from '../resources/index.ts';
import { liesBelow } from '../source/read-file.ts';
import { sortProblems } from '../source/sort-problems.ts';
import { readPopulation } from './audit.ts';
import { loadDesired, loadSettings } from './load.ts';
import type { AppPorts, ConnectionOptions, InputOptions } from './ports.ts';
import { dayOf, shownPath } from './read-approvals.ts';
import { judgeDecisions } from './review-authors.ts';
import { withServerAfter } from './with-server.ts';

export interface ReviewOptions extends InputOptions, ConnectionOptions {
  readonly name: string;
}

/** @throws {InputError} when the name cannot be a folder's */
export function reviewPlace(name: string, { review, configDir }: Settings, { workingDir }: AppPorts): ReviewPlace {
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(name)) {
    throw new InputError([refuse('review-name', { name: JSON.stringify(name.slice(0, 80)) })]);
  }
  const dir = join(review.dir, name);
  return { name, dir, shown: shownPath(dir, workingDir), below: configDir };
}

/**
 * Before files are written there: a link could lead anywhere.
 *
 * @throws {InputError} when the folder of the review, or the one above, lies outside of the folder of muster.yaml
 */
export async function refuseLinkedFolder({ dir, below, shown }: ReviewPlace): Promise<void> {
  const root = await realpath(below);
  for (const folder of [dirname(dir), dir]) {
    const real = await realpath(folder).catch(() => undefined);
    if (real === undefined || liesBelow(real, root)) continue;
    throw new InputError([refuse('review-elsewhere', { path: shown })]);
  }
}

/** Every review of the folder that was closed, the newest first. */
export async function closedReviews(settings: Settings, ports: AppPorts): Promise<readonly LoadedReview[]> {
  const found: LoadedReview[] = [];
  const problems: Problem[] = [];
  for (const name of await listReviews(settings.review.dir)) {
    const read = await loadReview(reviewPlace(name, settings, ports));
    if (read.review.closed === undefined) continue;
    problems.push(...read.problems);
    found.push(read.review);
  }
  if (problems.length > 0) throw new InputError(sortProblems(problems));
  return found.toSorted((one, other) => compareText(other.closed?.closed ?? '', one.closed?.closed ?? ''));
}

function daysOf({ manifest }: LoadedReview, { policy }: Settings, nowMs: number): ReviewDays {
  return {
    opened: dayOf(Date.parse(manifest.opened), policy.timeZone),
    today: dayOf(nowMs, policy.timeZone),
  };
}

/** Everything that is wrong with a review, in the order of its files. */
export function problemsOf({ review, problems }: ReadReview, settings: Settings, nowMs: number): readonly Problem[] {
  const { approvers } = settings.policy;
  return sortProblems([...problems, ...checkReview(review, daysOf(review, settings, nowMs), approvers)]);
}

/** Of all rows with their decisions. */
export const decidedDigest = ({ files }: LoadedReview): string => digestOf(files.map(({ content }) => content));

/** How far a review is. Needs no server. */
export async function reviewStatus(options: ReviewOptions, ports: AppPorts): Promise<ReviewStatus> {
  const settings = await loadSettings(options, ports);
  const { review, problems } = await loadReview(reviewPlace(options.name, settings, ports));
  const judged = await judgeDecisions(review, settings, ports);
  const status = statusOf(review, daysOf(review, settings, ports.clock.now()), settings.policy.approvers);
  const { counts, problems: unproven } = judged;
  const flaws = sortProblems([...problems, ...status.flaws, ...(review.closed === undefined ? unproven : [])]);
  return { ...status, ...(counts !== undefined && { authorship: counts }), flaws };
}

/**
 * Reads the server, and says of each revoked grant whether it is gone.
 *
 * @throws {InputError} when the review is not closed, or was changed since
 * @throws {ReadNotCompleteError} when it could not be proven that no account is missing
 */
export function verifyReview(options: ReviewOptions, ports: AppPorts): Promise<ReviewVerification> {
  const load = async (settings: Settings) => ({
    closed: (await loadClosed(reviewPlace(options.name, settings, ports))).closed,
    desired: await loadDesired(settings, options, ports),
  });
  return withServerAfter(options, ports, load, async (server, { closed, desired }) => {
    const { population, context, completeness } = await readPopulation(
      server,
      desired,
      closed.revoked.map(({ account }) => account),
    );
    return verifyRemovals(closed, { kinds, context, subjects: population.subjects }, completeness);
  });
}

/** A closed review that is as it was closed. */
export interface IntactReview {
  readonly review: LoadedReview;
  readonly closed: ReviewClosed;
}

/** @throws {InputError} when the review is not closed, or was changed since */
export async function loadClosed(place: ReviewPlace): Promise<IntactReview> {
  const { review, problems } = await loadReview(place);
  const { closed, manifest } = review;
  if (closed === undefined) {
    throw new InputError([{ ...refuse('review-not-closed', { name: place.name }), at: review.at }]);
  }
  const { digest, ...content } = closed;
  const isAsClosed =
    problems.length === 0 &&
    digest === digestOf(content) &&
    closed.manifest === manifest.digest &&
    closed.decided === decidedDigest(review);
  if (!isAsClosed) throw new InputError([...problems, changedSince(review)]);
  return { review, closed };
}

const changedSince = ({ name, at }: LoadedReview): Problem => ({
  ...refuse('review-changed', { name }),
  at,
});
