import type { Approver } from '../../model/identity.ts';
import type { LoadedReview, ReviewCounts, ReviewStatus } from '../../model/review.ts';
import { checkReview, type ReviewDays } from './check-review.ts';

/** How far a review is, file by file. */
export function statusOf(review: LoadedReview, days: ReviewDays, approvers: readonly Approver[]): ReviewStatus {
  const { name, manifest, files, closed } = review;
  const flaws = closed === undefined ? checkReview(review, days, approvers) : [];
  const own = files.map((file) => ({
    owner: file.content.owner,
    file: file.name,
    ...countsOf(file.content.rows),
    // What is not decided yet is counted already.
    flaws: flaws.filter(({ code, at }) => at?.file === file.name && code !== 'review-undecided').length,
  }));
  return {
    review: name,
    opened: manifest.opened,
    ...(closed !== undefined && { closed: closed.closed }),
    files: own,
    total: countsOf(files.flatMap(({ content }) => content.rows)),
    flaws: flaws.filter(({ code }) => code !== 'review-undecided'),
  };
}

function countsOf(rows: LoadedReview['files'][number]['content']['rows']): ReviewCounts {
  const count = (wanted: string): number => rows.filter(({ decision }) => decision === wanted).length;
  return {
    rows: rows.length,
    keep: count('keep'),
    revoke: count('revoke'),
    open: count(''),
    privileged: rows.filter(({ facts }) => facts.privileged).length,
  };
}
