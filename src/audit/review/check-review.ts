/** Whether a review may be closed: every row decided, by someone else, in time, with a reason where one is needed, and nothing frozen touched. Pure. */
import { digestOf } from '../../model/canonical-json.ts';
import type { ReviewRow } from '../../model/generated/review-file.ts';
import type { FrozenRow } from '../../model/generated/review-manifest.ts';
import { type Approver, identityOf, isKnownAs } from '../../model/identity.ts';
import type { Problem } from '../../model/problem.ts';
import type { LoadedReview, PlacedReviewFile } from '../../model/review.ts';
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
type RowProblem = Omit<Problem, 'at' | 'excerpt'> & { readonly field?: keyof ReviewRow };

const restore = 'take the frozen lines back from git: only decision, by, on and reason are yours';

const twice: RowProblem = {
  code: 'review-row-twice',
  message: 'the same grant stands here a second time',
  hint: 'delete one of the two rows',
  field: 'id',
};

/** Finds an edit that was not made to fit again; for the others there is `--digest`. */
function manifestFlaws({ manifest: { digest, ...content }, at }: LoadedReview): readonly Problem[] {
  if (digestOf(content) === digest) return [];
  return [
    {
      code: 'review-manifest-edited',
      message: 'the manifest is not as muster wrote it',
      hint: 'take it back from git, as it was when the review was opened',
      at,
    },
  ];
}

function frozenFlaw(row: ReviewRow, owner: string, frozen: FrozenRow | undefined): RowProblem | undefined {
  const { person, grant } = row;
  if (frozen === undefined) {
    return {
      code: 'review-row-added',
      message: `${grant} of ${person} was not there when the review was opened`,
      hint: 'delete the row, or open a new review',
      field: 'id',
    };
  }
  if (frozen.owner !== owner) {
    return {
      code: 'review-row-moved',
      message: `${grant} of ${person} belongs to ${frozen.owner}, and stands in the file of ${owner}`,
      hint: restore,
      field: 'id',
    };
  }
  if (frozen.digest === frozenDigest(row)) return undefined;
  return {
    code: 'review-row-edited',
    message: `the frozen facts of ${frozen.grant} of ${frozen.person} were edited`,
    hint: restore,
    field: 'facts',
  };
}

function missingRows({ manifest, files }: LoadedReview, seen: ReadonlyMap<string, number>): readonly Problem[] {
  const byOwner = new Map(files.map((file) => [file.content.owner, file]));
  return manifest.rows
    .filter(({ id }) => !seen.has(id))
    .flatMap(({ owner, person, grant }) => {
      const problem = {
        code: 'review-row-missing',
        message: `the row for ${grant} of ${person} is missing`,
        hint: restore,
      };
      return byOwner.get(owner)?.problem(problem) ?? [];
    });
}

function decisionFlaws(
  row: ReviewRow,
  file: PlacedReviewFile,
  days: ReviewDays,
  approvers: readonly Approver[],
): readonly RowProblem[] {
  const { decision, grant, person, reason = '', facts } = row;
  if (decision === '') {
    return [
      {
        code: 'review-undecided',
        message: `${grant} of ${person} is not decided`,
        hint: 'write decision: keep or revoke',
        field: 'decision',
      },
    ];
  }
  const { by, on } = decidedBy(row, file.content);
  const found: RowProblem[] = [];
  if (by === '') {
    found.push({
      code: 'review-by-missing',
      message: `no one is named who decided ${grant} of ${person}`,
      hint: 'write by: with your username or e-mail, in the row or at the top',
      field: 'by',
    });
  } else if (isThemselves(by, row, approvers)) {
    found.push({
      code: 'review-self',
      message: `${person} decided about their own ${grant}`,
      hint: 'let another person decide, and write by: into the row',
      field: 'by',
    });
  }
  if (on === '') {
    found.push({
      code: 'review-on-missing',
      message: `no day is named on which ${grant} of ${person} was decided`,
      hint: `write on: with a day such as ${days.today}, in the row or at the top`,
      field: 'on',
    });
  } else if (!isRealDay(on) || on < days.opened || on > days.today) {
    found.push({
      code: 'review-date',
      message: `${grant} of ${person} cannot have been decided on ${on}`,
      hint: `write a day from ${days.opened}, when the review was opened, to ${days.today}`,
      field: 'on',
    });
  }
  if (facts.privileged && reason.trim() === '') {
    found.push({
      code: 'review-reason-missing',
      message: `${grant} of ${person} is privileged, and its decision has no reason`,
      hint: 'write reason: with a few words',
      field: 'reason',
    });
  }
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

function isRealDay(day: string): boolean {
  const ms = Date.parse(day);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(day);
}
