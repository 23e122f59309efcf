/** What `muster reconcile` does, and when. */

/** `observe`: report drift and write nothing. `enforce`: apply what the rails let pass. */
export type ReconcileMode = 'observe' | 'enforce';

export interface ReconcileSettings {
  readonly mode: ReconcileMode;
  readonly schedule: Schedule;
  /** How much later than its time a cycle may begin. */
  readonly jitterMs: number;
  readonly windows: readonly Window[];
  /** How long a full read counts, after which only changes are read; 0: each read is a full one. */
  readonly fullReadMs: number;
  readonly suspend?: Suspend;
  /** Absent: files of this machine. */
  readonly git?: GitSource;
  readonly notices: readonly NoticeChannel[];
}

/** A webhook that is told what changes. */
export interface NoticeChannel {
  /** The source of its address. */
  readonly to: string;
  readonly format: 'mattermost' | 'json';
  /** Without names of people. */
  readonly redact: boolean;
}

/** A branch of a repository that muster pulls by itself. */
export interface GitSource {
  /** Holds no password. */
  readonly url: string;
  readonly branch: string;
  /** Folder in the repository; empty: its root. */
  readonly path: string;
  /** Public keys of SSH; empty: no signature is asked for. */
  readonly signedBy: readonly string[];
  readonly followsRewrites: boolean;
  readonly user: string;
  /** The source of the token that goes with an https url. */
  readonly token?: string;
}

/** When cycles begin. */
export type Schedule =
  | { readonly everyMs: number }
  | {
      readonly cron: string;
      /** IANA name. */
      readonly timeZone: string;
    };

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** From Sunday on, as dates count them. */
export const weekdays: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** When muster may write (`allow`), or may not (`deny`). */
export interface Window {
  readonly rule: 'allow' | 'deny';
  /** Those on which it begins. */
  readonly days: ReadonlySet<Weekday>;
  /** Minutes after midnight, on a clock in the zone. */
  readonly fromMinute: number;
  /** No later than `fromMinute`: on the next day. */
  readonly toMinute: number;
  /** IANA name. */
  readonly timeZone: string;
}

export interface Suspend {
  readonly reason: string;
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly untilMs: number;
}
