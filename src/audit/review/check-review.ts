/** Whether a review may be closed: every row decided, by someone else, in time, with a reason where one is needed, and nothing frozen touched. Pure. */

import { digestOf } from '../../model/canonical-json.ts';
import type { ReviewRow } from '../../model/generated/review-file.ts';
import type { FrozenRow } from '../../model/generated/review-manifest.ts';
import { type Approver, identityOf, isKnownAs } from '../../model/identity.ts';
import { type ProblemText, refuse } from '../../model/messages/problems.ts';
import type { Problem } from '../../model/problem.ts';
import type { LoadedReview, PlacedReviewFile } from '../../model/review.ts';
import { isRealDay } from '../../model/written-moment.ts';
import { frozenDigest } from './row.ts';

/** Days in which a decision may have been made, `YYYY-MM-DD`. */
export interface ReviewDays {
  readonly opened: string;
  readonly today: string;
}

/** Everything that is in the way of closing, in the order of the files. */
export function checkReview(
  review: LoadedReview,
  days: ReviewDays,
  approvers: readonly Approver[],
): readonly Problem[] {
  const seen = new Map<string, number>();
  const frozen = new Map(review.manifest.rows.map((row) => [row.id, row]));
  return [
    ...manifestFlaws(review),
    ...review.files.flatMap((file) =>
      file.content.rows.flatMap((row, i) => {
        const times = (seen.get(row.id) ?? 0) + 1;
        seen.set(row.id, times);
        const flaw = times > 1 ? twice : frozenFlaw(row, file.content.owner, frozen.get(row.id));
        const found = [...(flaw === undefined ? [] : [flaw]), ...decisionFlaws(row, file, days, approvers)];
        return found.map(({ field, ...problem }) => file.problem(problem, i, field));
      }),
    ),
    ...missingRows(review, seen),
  ];
}

/** A problem of a row, and the field that it is about. */
type RowProblem = ProblemText & { readonly field?: keyof ReviewRow };

const twice: RowProblem = {
  ...refuse('review-row-twice', {}),
  field: 'id',
};

/** Finds an edit that was not made to fit again; for the others there is `--digest`. */
function manifestFlaws({ manifest: { digest, ...content }, at }: LoadedReview): readonly Problem[] {
  if (digestOf(content) === digest) return [];
  return [{ ...refuse('review-manifest-edited', { is: 'inside' }), at }];
}

function frozenFlaw(row: ReviewRow, owner: string, frozen: FrozenRow | undefined): RowProblem | undefined {
  const { person, grant } = row;
  if (frozen === undefined) return { ...refuse('review-row-added', { grant, person }), field: 'id' };
  if (frozen.owner !== owner)
    return { ...refuse('review-row-moved', { grant, person, owner: frozen.owner, found: owner }), field: 'id' };
  if (frozen.digest === frozenDigest(row)) return undefined;
  return { ...refuse('review-row-edited', { grant: frozen.grant, person: frozen.person }), field: 'facts' };
}

function missingRows({ manifest, files }: LoadedReview, seen: ReadonlyMap<string, number>): readonly Problem[] {
  const byOwner = new Map(files.map((file) => [file.content.owner, file]));
  return manifest.rows
    .filter(({ id }) => !seen.has(id))
    .flatMap(
      ({ owner, person, grant }) => byOwner.get(owner)?.problem(refuse('review-row-missing', { grant, person })) ?? [],
    );
}

function decisionFlaws(
  row: ReviewRow,
  file: PlacedReviewFile,
  days: ReviewDays,
  approvers: readonly Approver[],
): readonly RowProblem[] {
  const { decision, grant, person, reason = '', facts } = row;
  const what = { grant, person };
  if (decision === '') return [{ ...refuse('review-undecided', what), field: 'decision' }];
  const { by, on } = decidedBy(row, file.content);
  const found: RowProblem[] = [];
  if (by === '') found.push({ ...refuse('review-by-missing', what), field: 'by' });
  else if (isThemselves(by, row, approvers)) found.push({ ...refuse('review-self', what), field: 'by' });
  if (on === '') found.push({ ...refuse('review-on-missing', { ...what, today: days.today }), field: 'on' });
  else if (!isRealDay(on) || on < days.opened || on > days.today)
    found.push({ ...refuse('review-date', { ...what, ...days, on }), field: 'on' });
  if (facts.privileged && reason.trim() === '')
    found.push({ ...refuse('review-reason-missing', what), field: 'reason' });
  return found;
}

/** What a row says, else what the top of its file says. */
export function decidedBy(
  row: Pick<ReviewRow, 'by' | 'on'>,
  file: Pick<PlacedReviewFile['content'], 'by' | 'on'>,
): { readonly by: string; readonly on: string } {
  return { by: firstWritten(row.by, file.by), on: firstWritten(row.on, file.on) };
}

const firstWritten = (...texts: readonly (string | undefined)[]): string =>
  texts.map((text) => text?.trim() ?? '').find((text) => text !== '') ?? '';

/** By username, e-mail, the name that the account shows, or what muster.yaml says of the approver. */
const isThemselves = (by: string, { person, facts }: ReviewRow, approvers: readonly Approver[]): boolean =>
  isKnownAs(identityOf(by, approvers), [person, facts.email, facts.name]);
