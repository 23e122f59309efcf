// Generated from schemas/ by `npm run generate`. Do not edit.

/**
 * Who had which role, token, membership and state at a moment, as far as it is proven.
 */
export interface AccessReport {
  readonly format: 'muster-access/1';
  /**
   * The moment that was asked about; ISO 8601 in UTC.
   */
  readonly at: string;
  /**
   * muster and its version.
   */
  readonly tool: string;
  readonly server: {
    readonly url: string;
    readonly key: string;
  };
  readonly rests_on: {
    /**
     * Recorded readings that were believed.
     */
    readonly observations: number;
    readonly first?: string;
    readonly last?: string;
    /**
     * Journals that were believed.
     */
    readonly runs: number;
  };
  /**
   * complete: a proven reading of everybody at this moment or later; accounts that were deleted for good before it are in no list.
   */
  readonly population: 'complete' | 'unknown';
  readonly counts: {
    /**
     * Accounts that existed, or may have.
     */
    readonly accounts: number;
    /**
     * Kinds on accounts, as in parts.
     */
    readonly known: number;
    readonly partly: number;
    readonly unknown: number;
    /**
     * Accounts that were made later.
     */
    readonly not_yet: number;
  };
  readonly accounts: readonly AccountAccess[];
  /**
   * The users files as the branch had them.
   */
  readonly files: readonly FileThen[];
}
export interface AccountAccess {
  readonly id: string;
  /**
   * As the nearest reading showed it.
   */
  readonly username: string;
  readonly parts: readonly AccessPart[];
  readonly declared?: DeclaredThen;
}
export interface AccessPart {
  readonly kind: string;
  /**
   * partly: there may have been more than the grants here. unknown: nothing proves what there was.
   */
  readonly state: 'known' | 'partly' | 'unknown';
  /**
   * Of the span for which it is proven.
   */
  readonly from?: string;
  readonly to?: string;
  readonly grants: readonly AccessGrant[];
  readonly before?: AccessMark;
  readonly after?: AccessMark;
}
export interface AccessGrant {
  readonly key: string;
  readonly text: string;
  /**
   * off: switched off. there: it existed, and whether it worked is not known.
   */
  readonly state: 'held' | 'off' | 'there';
}
/**
 * What is the nearest that anyone saw or did.
 */
export interface AccessMark {
  readonly at: string;
  readonly text: string;
  readonly run?: string;
}
/**
 * What the users files said of the person: a wish, and no proof of what there was.
 */
export interface DeclaredThen {
  readonly file: string;
  readonly line: number;
  readonly commit: string;
  readonly active?: boolean;
  readonly roles?: readonly string[];
  readonly tokens?: readonly string[];
  /**
   * Teams, and channels as team/channel, that it was to be in.
   */
  readonly teams?: readonly string[];
}
export interface FileThen {
  readonly file: string;
  readonly state: 'committed' | 'not committed' | 'not verifiable';
  readonly why?: string;
  readonly commit?: string;
  readonly author?: string;
  /**
   * As the commit says, when it was committed.
   */
  readonly date?: string;
  readonly signature?: 'verified' | 'unsigned' | 'not verifiable';
}
