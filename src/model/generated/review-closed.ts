// Generated from schemas/ by `npm run generate`. Do not edit.

/**
 * What an access review decided when it was closed, and how each revoked grant is taken away.
 */
export interface ReviewClosed {
  readonly format: 'muster-review-closed/1';
  readonly review: string;
  /**
   * ISO 8601 in UTC.
   */
  readonly closed: string;
  /**
   * muster and its version.
   */
  readonly tool: string;
  /**
   * The digest of the manifest.
   */
  readonly manifest: string;
  /**
   * The digest of all rows with their decisions.
   */
  readonly decided: string;
  readonly counts: {
    readonly rows: number;
    readonly keep: number;
    readonly revoke: number;
  };
  /**
   * Users files that were edited.
   */
  readonly edited: readonly string[];
  /**
   * How many decisions git proved, and how well; absent where it was not asked.
   */
  readonly authorship?: {
    readonly signed?: number;
    readonly merged?: number;
    readonly author?: number;
    readonly 'another-author'?: number;
    readonly 'not-committed'?: number;
    readonly 'not-verifiable'?: number;
  };
  readonly revoked: readonly RevokedGrant[];
  /**
   * Of everything else here.
   */
  readonly digest: string;
}
export interface RevokedGrant {
  readonly id: string;
  readonly account: string;
  readonly person: string;
  readonly key: string;
  readonly grant: string;
  readonly by: string;
  readonly on: string;
  readonly reason: string;
  /**
   * edited: the users file was; planned: the files say so already; gone: it was not there any more; by-hand: no users file can say it.
   */
  readonly how: 'edited' | 'planned' | 'gone' | 'by-hand';
  /**
   * What to do by hand.
   */
  readonly hint?: string;
}
