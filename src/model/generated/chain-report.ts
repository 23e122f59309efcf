// Generated from schemas/ by `npm run generate`. Do not edit.

/**
 * How people got or lost their access, step by step, as far as it is proven.
 */
export interface ChainReport {
  readonly format: 'muster-chain/1';
  readonly about: 'onboarding' | 'offboarding';
  /**
   * muster and its version.
   */
  readonly tool: string;
  readonly server: {
    readonly url: string;
    readonly key: string;
  };
  /**
   * When the server was read; ISO 8601 in UTC.
   */
  readonly moment: string;
  /**
   * policy.audit.leaver_hours.
   */
  readonly leaver_hours: number;
  readonly sample?: ChainSample;
  readonly people: readonly PersonChain[];
  /**
   * People whose access ended too late, or should have ended by now.
   */
  readonly late: number;
  /**
   * How serious the rule late-leaver is.
   */
  readonly late_severity: 'critical' | 'high' | 'medium' | 'low' | 'info';
}
export interface ChainSample {
  /**
   * Who belongs to the population.
   */
  readonly of: string;
  readonly population: number;
  readonly drawn: number;
  readonly seed: string;
  /**
   * How to draw the same people again.
   */
  readonly how: string;
}
export interface PersonChain {
  readonly person: string;
  readonly account: string;
  readonly steps: readonly ChainStep[];
  readonly loss?: AccessLoss;
  readonly server_lines: ServerLines;
}
export interface ChainStep {
  readonly step: 'declared' | 'approved' | 'planned' | 'applied' | 'read-back' | 'server';
  readonly state: 'proven' | 'unknown';
  readonly text: string;
  readonly at?: string;
  readonly by?: string;
  readonly file?: string;
  readonly line?: number;
  readonly commit?: string;
  readonly signature?: 'verified' | 'unsigned' | 'not verifiable';
  readonly run?: string;
  readonly job?: string;
  readonly url?: string;
}
export interface AccessLoss {
  /**
   * open: still there, and the hours are not over.
   */
  readonly verdict: 'in-time' | 'late' | 'open' | 'not-due' | 'unknown';
  readonly text: string;
  /**
   * When access should have ended.
   */
  readonly ended?: string;
  readonly ended_by?: 'ends' | 'left-on';
  /**
   * Access was lost at this moment, or between it and to.
   */
  readonly from?: string;
  readonly to?: string;
}
/**
 * What the server itself logged of the account, the newest first.
 */
export interface ServerLines {
  readonly lines: readonly ServerLine[];
  /**
   * Whether the server has older lines.
   */
  readonly left_out: boolean;
  /**
   * Why the server told none.
   */
  readonly missing?: string;
}
export interface ServerLine {
  readonly at: string;
  readonly action: string;
  readonly info: string;
}
