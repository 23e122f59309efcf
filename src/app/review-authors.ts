/** Who decided the rows of a review, by the commits that brought the decisions. */

import { decidedBy } from '../audit/review/check-review.ts';
import type { Settings } from '../config/settings.ts';
import { type Authorship, type AuthorshipStatus, authorshipRows, namedBy } from '../model/authorship.ts';
import type { ReviewRow } from '../model/generated/review-file.ts';
import { type ProblemText, refuse } from '../model/messages/problems.ts';
import type { Problem } from '../model/problem.ts';
import type { LoadedReview, PlacedReviewFile } from '../model/review.ts';
import { authorsFor } from './authorship.ts';
import type { AppPorts } from './ports.ts';

export interface JudgedDecisions {
  /** By status; absent: git is not asked. */
  readonly counts?: Partial<Readonly<Record<AuthorshipStatus, number>>> | undefined;
  /** Decisions that lack the proof that `policy.approvals.signature: require` asks for. */
  readonly problems: readonly Problem[];
}

/** Of every row that is decided. */
export async function judgeDecisions(
  { files }: LoadedReview,
  settings: Pick<Settings, 'policy' | 'configDir'>,
  ports: Pick<AppPorts, 'env'>,
): Promise<JudgedDecisions> {
  const { approvers, approvalSignature } = settings.policy;
  if (approvalSignature === 'off') return { problems: [] };
  const authors = authorsFor(settings, ports);
  const counts = new Map<AuthorshipStatus, number>();
  const problems: Problem[] = [];
  for (const file of files) {
    for (const [i, row] of file.content.rows.entries()) {
      const { by } = decidedBy(row, file.content);
      if (row.decision === '' || by === '') continue;
      const [named, whole] = [namedBy(by, approvers), file.linesOf(i)];
      const found = await authors.authorshipOf(file.path, decisionLines(row, i, file), named, whole);
      if (found === undefined) continue;
      counts.set(found.status, (counts.get(found.status) ?? 0) + 1);
      const isWanting = approvalSignature === 'require' && !authorshipRows[found.status].proves;
      if (isWanting) problems.push(file.problem(notProven(row, by, found), i, 'decision'));
    }
  }
  return { counts: Object.fromEntries(counts), problems };
}

const decisionFields = ['decision', 'by', 'on', 'reason'] as const;

/** What the row itself says, and what the top of the file says for it. */
function decisionLines(row: ReviewRow, i: number, file: PlacedReviewFile): readonly number[] {
  const own = decisionFields.filter((field) => (row[field] ?? '') !== '').map((field) => file.lineOf(i, field));
  const fromTop = (['by', 'on'] as const).filter(
    (field) => (row[field] ?? '') === '' && (file.content[field] ?? '') !== '',
  );
  return [...new Set([...own, ...fromTop.map((field) => file.lineOf(undefined, field))])];
}

function notProven({ grant, person }: ReviewRow, by: string, { status, why }: Authorship): ProblemText {
  const what = { by, grant, person, status: authorshipRows[status].text };
  return refuse('review-not-proven', why === undefined ? { is: 'plain', ...what } : { is: 'because', ...what, why });
}
