import type { Completeness } from '../../model/generated/audit-report.ts';
import type { ReviewClosed } from '../../model/generated/review-closed.ts';
import type { ReviewVerification } from '../../model/review.ts';
import type { FreezeInput } from './freeze.ts';
import { heldKeys } from './removals.ts';

/** Whether each revoked grant is gone. An account that is not among all that the server has is gone with its grants. */
export function verifyRemovals(
  { review, revoked, closed }: ReviewClosed,
  input: Pick<FreezeInput, 'kinds' | 'context' | 'subjects'>,
  completeness: Completeness,
): ReviewVerification {
  const subjects = new Map(input.subjects.map((subject) => [subject.account.id, subject]));
  const grants = revoked.map((grant) => {
    const subject = subjects.get(grant.account);
    const isThere = subject !== undefined && heldKeys(subject, input).includes(grant.key);
    return { ...grant, is: isThere ? ('still-there' as const) : ('gone' as const) };
  });
  const stillThere = grants.filter(({ is }) => is === 'still-there').length;
  return {
    format: 'muster-review-verified/1',
    review,
    closed,
    completeness,
    counts: { revoked: grants.length, gone: grants.length - stillThere, still_there: stillThere },
    grants,
  };
}
