// Generated from schemas/ by `npm run generate`. Do not edit.

/**
 * What an access review froze when it was opened: the proof that no account is missing, and a digest of every row.
 */
export interface ReviewManifest {
  readonly format: 'muster-review/1';
  /**
   * The name of the review.
   */
  readonly review: string;
  /**
   * ISO 8601 in UTC.
   */
  readonly opened: string;
  /**
   * The users files.
   */
  readonly files: readonly string[];
  /**
   * The review that this one is compared with.
   */
  readonly previous?: string;
  readonly completeness: ReviewCompleteness;
  readonly population: {
    /**
     * Every account of the server.
     */
    readonly accounts: number;
    /**
     * Rows of all files together.
     */
    readonly grants: number;
    /**
     * Accounts, tokens and roles that give no access now, and so have no row.
     */
    readonly without_access: number;
  };
  readonly owners: readonly ReviewOwner[];
  readonly rows: readonly FrozenRow[];
  /**
   * Of everything else here.
   */
  readonly digest: string;
}
export interface ReviewCompleteness {
  /**
   * muster and its version.
   */
  readonly tool: string;
  readonly run_by: {
    readonly id: string;
    readonly username: string;
  };
  readonly server: {
    readonly url: string;
    readonly key: string;
    readonly version: string;
  };
  /**
   * When the first read was made, ISO 8601 in UTC.
   */
  readonly began: string;
  /**
   * When the last read was answered.
   */
  readonly ended: string;
  /**
   * As of when starts and ends were read.
   */
  readonly moment: string;
  /**
   * The users files.
   */
  readonly files: readonly string[];
  readonly reads: readonly ReviewReadStatement[];
  readonly requests: number;
}
export interface ReviewReadStatement {
  /**
   * Such as accounts, tokens, sessions.
   */
  readonly what: string;
  /**
   * The calls that were made.
   */
  readonly by: string;
  readonly found: number;
  /**
   * What the server counted before; absent: the server has no count of this.
   */
  readonly before?: number;
  /**
   * What the server counted after.
   */
  readonly after?: number;
  /**
   * Why it could not be read; rules that need it found nothing.
   */
  readonly missing?: string;
}
export interface ReviewOwner {
  readonly owner: string;
  /**
   * Beside this file.
   */
  readonly file: string;
  readonly rows: number;
}
export interface FrozenRow {
  readonly id: string;
  readonly owner: string;
  readonly person: string;
  readonly grant: string;
  /**
   * Of the row without what reviewers write.
   */
  readonly digest: string;
}
