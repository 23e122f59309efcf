// Generated from schemas/ by `npm run generate`. Do not edit.

/**
 * What a named person answers for although it exceeds a budget: named people or exactly one set of changes, for some days. Lifts budgets, never another rail.
 */
export interface ApprovalsFile {
  /**
   * The version of this file format.
   */
  readonly version: 1;
  readonly approvals: readonly ApprovalEntry[];
}
export interface ApprovalEntry {
  /**
   * The budget that is lifted: a class of changes, admin-touch, or messages.
   */
  readonly class:
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
  /**
   * Why; shown in the plan.
   */
  readonly reason: string;
  /**
   * Who answers for it; shown in the plan.
   */
  readonly by: string;
  /**
   * The last day on which it counts, in policy.time_zone; at most 14 days ahead.
   */
  readonly expires: string;
  /**
   * Usernames: every person whom a change of the class concerns must be listed.
   *
   * @minItems 1
   */
  readonly users?: readonly string[];
  /**
   * The digest that the plan shows: of exactly this set of changes.
   */
  readonly changes?: string;
}
