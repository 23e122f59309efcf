/** A row of a review: which grant it is about, and the digest of what was frozen. */
import { digestOf } from '../../model/canonical-json.ts';
import type { ReviewRow } from '../../model/generated/review-file.ts';
import type { AccountId } from '../../model/user-values.ts';

/** The same for the same grant in every review, whatever the account is called by then. */
export const rowId = (account: AccountId, key: string): string =>
  digestOf([account, key]).slice('sha256:'.length, 'sha256:'.length + 16);

/** Of everything that reviewers do not write. */
export const frozenDigest = ({ id, person, grant, facts }: ReviewRow): string => digestOf({ id, person, grant, facts });
