// Generated from schemas/ by `npm run generate`. Do not edit.

/**
 * One reviewer's part of an access review: a row per grant. Write decision, by, on and reason; everything else is frozen.
 */
export interface ReviewFile {
  /**
   * The version of this file format.
   */
  readonly version: 1;
  /**
   * The name of the review.
   */
  readonly review: string;
  /**
   * Who reviews these rows, as policy.review.owners names them.
   */
  readonly owner: string;
  /**
   * Who decided every row that has no by of its own: username or e-mail.
   */
  readonly by?: string;
  /**
   * When every row that has no on of its own was decided.
   */
  readonly on?: string;
  /**
   * The grants; what changed since the last review comes first.
   */
  readonly rows: readonly ReviewRow[];
}
export interface ReviewRow {
  /**
   * The same for the same grant in every review.
   */
  readonly id: string;
  /**
   * The username.
   */
  readonly person: string;
  /**
   * What the account has, such as role system_admin.
   */
  readonly grant: string;
  readonly facts: ReviewFacts;
  /**
   * keep or revoke.
   */
  readonly decision: '' | 'keep' | 'revoke';
  /**
   * Who decided: username or e-mail; never the person of the row.
   */
  readonly by?: string;
  /**
   * When it was decided, in policy.time_zone.
   */
  readonly on?: string;
  /**
   * Why; needed for a privileged grant.
   */
  readonly reason?: string;
}
/**
 * What was true when the review was opened.
 */
export interface ReviewFacts {
  /**
   * The id of the account.
   */
  readonly account: string;
  /**
   * What the grant is, such as role:system_admin.
   */
  readonly key: string;
  readonly email: string;
  /**
   * First and last name.
   */
  readonly name?: string;
  /**
   * Whether the account can sign in.
   */
  readonly active: boolean;
  /**
   * Whether an entry stands for the account.
   */
  readonly declared: boolean;
  /**
   * Administration, and what acts for an administrator.
   */
  readonly privileged: boolean;
  /**
   * Since the last review; revoked-before: it was to be revoked, and is there all the same. Absent: there is no earlier review.
   */
  readonly change?: 'new' | 'changed' | 'revoked-before' | 'same';
  readonly since?: GrantedBy;
  /**
   * The last day on which the account was used; absent: never, or not known.
   */
  readonly last_activity?: string;
  readonly last_decision?: EarlierDecision;
}
/**
 * The run of muster that gave it last; absent: no journal tells.
 */
export interface GrantedBy {
  /**
   * ISO 8601 in UTC.
   */
  readonly at: string;
  readonly run: string;
  /**
   * The username of the account that ran it.
   */
  readonly by?: string;
  /**
   * The commit whose files it applied.
   */
  readonly commit?: string;
}
/**
 * The last decision about the same grant.
 */
export interface EarlierDecision {
  readonly decision: 'keep' | 'revoke';
  readonly by: string;
  readonly on: string;
  readonly review: string;
}
