// Generated from schemas/ by `npm run generate`. Do not edit.

export type Moment = string;
export type ContestedClass =
  | 'create'
  | 'update'
  | 'email'
  | 'rename'
  | 'role-grant'
  | 'role-revoke'
  | 'admin-gain'
  | 'admin-loss'
  | 'guest'
  | 'activate'
  | 'deactivate'
  | 'auth'
  | 'mfa'
  | 'token-create'
  | 'token-enable'
  | 'token-disable'
  | 'token-revoke'
  | 'team-join'
  | 'team-leave'
  | 'team-admin-gain'
  | 'team-admin-loss'
  | 'channel-join'
  | 'channel-leave'
  | 'channel-admin';
export type DriftClass =
  | 'create'
  | 'update'
  | 'email'
  | 'rename'
  | 'role-grant'
  | 'role-revoke'
  | 'admin-gain'
  | 'admin-loss'
  | 'guest'
  | 'activate'
  | 'deactivate'
  | 'auth'
  | 'mfa'
  | 'token-create'
  | 'token-enable'
  | 'token-disable'
  | 'token-revoke'
  | 'team-join'
  | 'team-leave'
  | 'team-admin-gain'
  | 'team-admin-loss'
  | 'channel-join'
  | 'channel-leave'
  | 'channel-admin';

/**
 * What muster reconcile knows of one server between its cycles. Holds no secret.
 */
export interface ReconcileState {
  readonly format: 'muster-reconcile';
  readonly version: 1;
  /**
   * Its name: its address, where it has no other.
   */
  readonly server: string;
  readonly mode: 'observe' | 'enforce';
  /**
   * How long the process may be silent at most while all is well.
   */
  readonly interval_ms: number;
  /**
   * When the process last showed that it works.
   */
  readonly beat: string;
  /**
   * How many cycles began.
   */
  readonly cycles: number;
  /**
   * When the server was last read completely.
   */
  readonly looked?: string;
  readonly read?: LastRead;
  /**
   * When a cycle last ended well.
   */
  readonly succeeded?: string;
  /**
   * When the next cycle begins.
   */
  readonly next?: string;
  readonly branch?: SeenBranch;
  readonly pause?: Pause;
  readonly window?: WindowState;
  readonly trouble?: Trouble;
  readonly quarantine?: ServerQuarantine;
  readonly classes: readonly ClassQuarantine[];
  readonly contested: readonly Contested[];
  /**
   * When drift was reported; absent: none was that is still there.
   */
  readonly drift_told?: string;
  readonly drift: readonly DriftCount[];
  /**
   * Entries that cannot be used.
   */
  readonly unusable?: number;
  readonly last?: LastCycle;
  /**
   * The last cycles that carried out a plan, the newest first.
   *
   * @maxItems 10
   */
  readonly recent?: readonly LastCycle[];
}
/**
 * How the server was read then; absent: nothing tells.
 */
export interface LastRead {
  /**
   * full: everything was read. warm: what may have changed since a full read.
   */
  readonly is: 'full' | 'warm';
  /**
   * When the last full read began.
   */
  readonly full: string;
}
/**
 * The commit that was read last, of a repository that muster pulls; absent: the files of the machine count.
 */
export interface SeenBranch {
  readonly url: string;
  readonly branch: string;
  readonly commit: string;
}
/**
 * Why nothing is read or written; absent: it is not paused.
 */
export interface Pause {
  readonly reason: string;
  readonly by: string;
  readonly until: Moment;
}
/**
 * Whether muster may write now; absent: at any time.
 */
export interface WindowState {
  readonly open: boolean;
  readonly until?: Moment;
}
/**
 * Why the last cycle did not end well; absent: it did.
 */
export interface Trouble {
  readonly code: string;
  readonly text: string;
  /**
   * Cycles in a row.
   */
  readonly count: number;
  readonly since: Moment;
}
/**
 * Why the server is read seldom, and not written to; absent: it is not.
 */
export interface ServerQuarantine {
  readonly why: 'unreadable' | 'credential' | 'stop-rule';
  readonly since: Moment;
  readonly tries: number;
}
/**
 * A budget that stopped its class of changes: they wait for an approval, or for the next try.
 */
export interface ClassQuarantine {
  readonly budget:
    | 'create'
    | 'update'
    | 'email'
    | 'rename'
    | 'role-grant'
    | 'role-revoke'
    | 'admin-gain'
    | 'admin-loss'
    | 'admin-touch'
    | 'guest'
    | 'activate'
    | 'deactivate'
    | 'auth'
    | 'mfa'
    | 'token-create'
    | 'token-enable'
    | 'token-disable'
    | 'token-revoke'
    | 'team-join'
    | 'team-leave'
    | 'team-admin-gain'
    | 'team-admin-loss'
    | 'channel-join'
    | 'channel-leave'
    | 'channel-admin'
    | 'messages';
  readonly reason: string;
  readonly since: Moment;
  readonly tries: number;
  readonly retry: Moment;
}
/**
 * A change that muster made and that was found changed back.
 */
export interface Contested {
  /**
   * Names the change.
   */
  readonly key: string;
  /**
   * Names what it changes.
   */
  readonly place: string;
  readonly person: string;
  readonly class: ContestedClass;
  readonly attribute?: string;
  /**
   * When muster wrote it.
   */
  readonly written: readonly Moment[];
  /**
   * When it was found changed back.
   */
  readonly found: readonly Moment[];
  /**
   * When it was reported.
   */
  readonly told?: string;
}
/**
 * How many changes of a class the last cycle left, by why they were left.
 */
export interface DriftCount {
  readonly class: DriftClass;
  readonly planned: number;
  readonly blocked: number;
  readonly held: number;
}
/**
 * The last cycle that read the server.
 */
export interface LastCycle {
  readonly at: Moment;
  readonly mode: 'observe' | 'enforce';
  readonly took_ms: number;
  readonly run?: string;
  readonly done: number;
  readonly failed: number;
  readonly stale: number;
  readonly skipped: number;
}
