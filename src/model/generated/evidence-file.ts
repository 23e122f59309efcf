// Generated from schemas/ by `npm run generate`. Do not edit.

/**
 * What an evidence pack holds (evidence.json). muster writes it.
 */
export interface EvidenceFile {
  readonly format: 'muster-evidence/1';
  /**
   * The version of muster that made it.
   */
  readonly tool: string;
  /**
   * When it was made.
   */
  readonly made: string;
  readonly server: {
    readonly url: string;
    /**
     * Tells the server from every other, whatever its address.
     */
    readonly key: string;
    readonly version: string;
  };
  /**
   * Which runs and reviews are in the pack; without either end all of that side.
   */
  readonly period: {
    readonly since?: string;
    readonly until?: string;
  };
  /**
   * Whether the server's answers show e-mail addresses.
   */
  readonly emails: 'show' | 'hide';
  /**
   * The server's answers that the report read, a file for each call of the API.
   */
  readonly answers: readonly AnswersInPack[];
  /**
   * Runs of the period: each journal as it was written, and the plan that it carried out.
   */
  readonly runs: readonly RunInPack[];
  /**
   * Reviews that were closed in the period.
   */
  readonly reviews: readonly ReviewInPack[];
}
export interface AnswersInPack {
  readonly file: string;
  readonly calls: number;
}
export interface RunInPack {
  readonly run: string;
  readonly file: string;
  readonly plan: string;
  readonly started: string;
  /**
   * How it ended.
   */
  readonly how: string;
  /**
   * The account whose token it used.
   */
  readonly by?: string;
  readonly actions: number;
  readonly done: number;
  readonly failed: number;
  /**
   * The hash of its last line.
   */
  readonly head: string;
  /**
   * Whether the caller's token signed its lines.
   */
  readonly signature?: 'fits' | 'wrong' | 'another key' | 'none';
}
export interface ReviewInPack {
  readonly review: string;
  readonly folder: string;
  readonly closed: string;
  readonly rows: number;
  readonly revoked: number;
  /**
   * Revoked grants that the report found gone.
   */
  readonly gone: number;
  readonly still_there: number;
}
