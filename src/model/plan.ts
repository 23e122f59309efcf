/** The plan is data: its types come from `schemas/plan.schema.json`. */
export type {
  Action,
  AdminConcern,
  BlockedChange,
  BudgetName,
  Call,
  CallFields,
  Change,
  ChangeClass,
  ChangePart,
  ChangeTokenCall,
  CreateTokenCall,
  CreateUserCall,
  Dependency,
  HeldChange,
  MailKind,
  NewPerson,
  Notice,
  OwedRoles,
  PasswordOrigin,
  PatchUserCall,
  Plan,
  PlanBound,
  PlanMails,
  PlanMessages,
  PlanSummary,
  PlanValue,
  Precondition,
  PreviouslyDeclaredAccount,
  Reason,
  RefusedApproval,
  RotationSchedule,
  ScheduledChange,
  SettingDifference,
  SettingsComparison,
  UndeclaredAccount,
  UnusableEntry,
} from './generated/plan-file.ts';

import type { Action, PlanValue } from './generated/plan-file.ts';

/**
 * When an action runs among the actions of one person. Activation comes late, so that a returner never comes back
 * with old roles, tokens or memberships; deactivation comes last, so that nothing revives what it ended. Fields that a provider owns
 * are written after the person has left it, and before the person joins it.
 */
export const phases = [
  'create',
  'disable-tokens',
  'leave-provider',
  'step-aside',
  'patch',
  'join-provider',
  'guest',
  'roles',
  'mfa',
  'leave-before-return',
  'activate',
  'join-teams',
  'join-channels',
  'place-roles',
  'leave-channels',
  'leave-teams',
  'tokens',
  'retire-tokens',
  'deactivate',
  'leave-after',
] as const;
export type Phase = (typeof phases)[number];

/** An action before it has an id and a place in the order; whether it can be taken back, and its mails, are facts of its call. */
export interface ActionDraft extends Omit<Action, 'id' | 'after' | 'person' | 'reversible' | 'mails'> {
  readonly phase: Phase;
}

/** Whether a value is a map, such as `auth` or the fields of a create. */
export function isPlanMap(
  value: PlanValue | undefined,
): value is Exclude<PlanValue, string | boolean | number | readonly string[]> {
  return typeof value === 'object' && !Array.isArray(value);
}
