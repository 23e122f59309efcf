// Generated from schemas/ by `npm run generate`. Do not edit.

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/**
 * What an audit found, with the proof that it looked at everything.
 */
export interface AuditReport {
  readonly format: 'muster-audit/1';
  readonly completeness: Completeness;
  readonly summary: AuditSummary;
  /**
   * Every rule, those that are off too.
   */
  readonly rules: readonly AppliedRule[];
  /**
   * The most serious first.
   */
  readonly findings: readonly Finding[];
  /**
   * Every waiver of the files, and what it did.
   */
  readonly waivers: readonly AppliedWaiver[];
}
export interface Completeness {
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
  readonly reads: readonly ReadStatement[];
  readonly requests: number;
}
export interface ReadStatement {
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
export interface AuditSummary {
  readonly accounts: number;
  readonly active: number;
  readonly inactive: number;
  readonly bots: number;
  readonly remote: number;
  readonly admins: number;
  readonly declared: number;
  readonly undeclared: number;
  readonly tokens: number;
  /**
   * Those that no waiver accepts.
   */
  readonly findings: {
    readonly critical: number;
    readonly high: number;
    readonly medium: number;
    readonly low: number;
    readonly info: number;
  };
  readonly waived: number;
  /**
   * Every account in one of them.
   */
  readonly by_state: {
    readonly people_active: number;
    readonly people_inactive: number;
    readonly bots_active: number;
    readonly bots_inactive: number;
    readonly remote: number;
  };
  /**
   * Active people by the way they sign in, most first.
   */
  readonly by_sign_in: readonly Tally[];
  /**
   * Active accounts by role, most first; who has several roles counts for each.
   */
  readonly by_role: readonly Tally[];
  /**
   * Every token in one of them.
   */
  readonly tokens_by_age: {
    /**
     * At most 30 days.
     */
    readonly within_month: number;
    /**
     * At most 90 days.
     */
    readonly within_quarter: number;
    /**
     * At most 365 days.
     */
    readonly within_year: number;
    readonly older: number;
    /**
     * Tokens that muster did not make: the server does not say when they were made.
     */
    readonly unknown: number;
  };
}
export interface Tally {
  readonly name: string;
  readonly count: number;
}
export interface AppliedRule {
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly on: boolean;
  readonly days?: number;
  readonly found: number;
  /**
   * What it would have needed to read.
   */
  readonly unread?: string;
  readonly controls: readonly Control[];
}
export interface Control {
  readonly framework: string;
  readonly id: string;
  readonly title: string;
}
export interface Finding {
  /**
   * The same for the same fault in every report.
   */
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  /**
   * The username of the account, or of the entry where there is no account; absent: it is about the server.
   */
  readonly person?: string;
  /**
   * The id of the account.
   */
  readonly account?: string;
  /**
   * The id of the token, bot, webhook or command; of an incoming webhook only its beginning, since who knows the id can post.
   */
  readonly thing?: string;
  readonly text: string;
  /**
   * What to do.
   */
  readonly advice: string;
  readonly evidence: readonly Evidence[];
  readonly at?: {
    readonly file: string;
    readonly line: number;
    readonly column: number;
  };
  readonly waived?: {
    readonly by: string;
    readonly reason: string;
    readonly expires: string;
  };
}
export interface Evidence {
  /**
   * Which read of the completeness statement showed it.
   */
  readonly read: string;
  readonly fact: string;
}
export interface AppliedWaiver {
  readonly rule: string;
  readonly users: readonly string[];
  readonly reason: string;
  readonly by: string;
  readonly expires: string;
  readonly state: 'valid' | 'expired' | 'too-far-ahead' | 'self' | 'not-proven';
  /**
   * How many findings it accepts.
   */
  readonly waives: number;
  readonly authorship?: Authorship;
}
/**
 * What git tells of the commits that brought the lines, compared with the person who is named; the worst of them.
 */
export interface Authorship {
  /**
   * signed: by a key of that person. merged: by that person, in a commit that a trusted key of the forge signed. author: by that person as the commit says, which nothing proves.
   */
  readonly status: 'signed' | 'merged' | 'author' | 'another-author' | 'not-committed' | 'not-verifiable';
  readonly commit?: string;
  /**
   * As the commit says.
   */
  readonly author?: string;
  readonly why?: string;
}
