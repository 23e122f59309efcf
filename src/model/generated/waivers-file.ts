// Generated from schemas/ by `npm run generate`. Do not edit.

/**
 * Findings of an audit that a named person accepts until a day. A waiver changes nothing on the server, and a waived finding stays in the report.
 */
export interface WaiversFile {
  /**
   * The version of this file format.
   */
  readonly version: 1;
  readonly waivers: readonly WaiverEntry[];
}
export interface WaiverEntry {
  /**
   * The rule whose findings are accepted.
   */
  readonly rule:
    | 'drift'
    | 'unusable-entry'
    | 'undeclared-account'
    | 'undeclared-admin'
    | 'admin-without-mfa'
    | 'too-few-admins'
    | 'disabled-admin'
    | 'admin-bot'
    | 'leaver-token'
    | 'late-leaver'
    | 'leaver-session'
    | 'leaver-bot'
    | 'leaver-webhook'
    | 'leaver-command'
    | 'foreign-token'
    | 'old-generation-token'
    | 'ended-token'
    | 'ending-token'
    | 'old-token'
    | 'unused-token'
    | 'no-team'
    | 'guest-without-channel'
    | 'leaver-channel'
    | 'leaver-place-admin'
    | 'dormant-account'
    | 'email-sign-in'
    | 'expiring-person'
    | 'duplicate-person'
    | 'service-account';
  /**
   * Usernames of the accounts that the findings are about.
   *
   * @minItems 1
   */
  readonly users: readonly string[];
  /**
   * Why; shown in the report.
   */
  readonly reason: string;
  /**
   * Who accepts it; shown in the report.
   */
  readonly by: string;
  /**
   * The last day on which it counts, in policy.time_zone; at most 366 days ahead.
   */
  readonly expires: string;
}
