/** Everything that is true of a class of changes. Rails, order, budgets, undo and reports read it here. */
import type { ApprovalEntry } from './generated/approvals-file.ts';
import type { PolicyFile } from './generated/config-file.ts';
import type { Kind } from './kinds.ts';
import type { BudgetName, Change, ChangeClass } from './plan.ts';

/** Which kind finds and makes which changes. A new kind adds its line here. */
export interface ClassesByKind {
  readonly user:
    | 'create'
    | 'activate'
    | 'deactivate'
    | 'admin-gain'
    | 'admin-loss'
    | 'guest'
    | 'role-grant'
    | 'role-revoke'
    | 'auth'
    | 'mfa'
    | 'email'
    | 'rename'
    | 'update';
  readonly token: 'token-create' | 'token-enable' | 'token-disable' | 'token-revoke';
  readonly membership:
    | 'team-join'
    | 'team-leave'
    | 'team-admin-gain'
    | 'team-admin-loss'
    | 'channel-join'
    | 'channel-leave'
    | 'channel-admin';
}

/** Classes that approvals and budgets can name: their schemas list them again. */
type ClassInEverySchema = Extract<ApprovalEntry['class'], keyof NonNullable<PolicyFile['budgets']>>;

/** The kind of a class; `never`, and so a compile error below, for a class that no kind or not every schema lists. */
type KindOf<C extends ChangeClass> = C extends ClassInEverySchema
  ? { [K in Kind]: C extends ClassesByKind[K] ? K : never }[Kind]
  : never;

/** How many people, or things of a kind, one plan may change. */
export interface Budget {
  /** 0 to 1, of the people, or things, that the class could concern. */
  readonly maxShare: number;
  /** Always allowed. */
  readonly floor: number;
  /** Never more; absent: the share decides. */
  readonly cap?: number;
}

export interface BudgetRow {
  /** `message`: what the server posts in channels. */
  readonly counts: Kind | 'message';
  /** A share is one of what is there (active people, live tokens), or of what entries declare. */
  readonly of: 'live' | 'declared';
  readonly byDefault?: Budget;
  /** `place`: each team has the whole budget for itself; absent: it is one for all. */
  readonly each?: 'place';
  /** People whose account was made in the same 24 hours do not count: the budget of creates counts them. */
  readonly sparesNewPeople?: true;
  /** What an inactive account loses before it comes back does not count: the budget of activations counts it. */
  readonly sparesReturners?: true;
}

export interface ChangeClassRow {
  /** The kind that finds such a change and makes its action. */
  readonly kind: Kind;
  /** What the server asks of the caller (API reference §4 to §10). `manage_system` is asked for in any case. */
  readonly permission: string;
  /** The same for the direction that takes, where a class has two directions. */
  readonly permissionToTake?: string;
  /**
   * What it does to what a person can reach: `gives` and `takes` speak for themselves, `both` is one or the other by its
   * direction, `sign-in` changes how the person gets in, `none` leaves access alone.
   */
  readonly access: 'gives' | 'takes' | 'both' | 'sign-in' | 'none';
  /** Of a class with two directions: the value after a change that takes. */
  readonly takesAs?: string;
  /** What it does to the ability to administer of an account that has it, or can get it; `may-lose`: unknown before a sign-in. */
  readonly administration: 'gain' | 'loss' | 'may-lose' | 'none';
  /** Never changed on the caller's own account: it decides over their access, or the server asks for their password. */
  readonly isRefusedToCaller: boolean;
  /** The class of the change that takes it back; absent: it cannot be taken back. */
  readonly inverse?: ChangeClass;
  /** Whether it helps to take over the account of an administrator, be it by what signs in or by who is meant. */
  readonly touchesAdministrators: boolean;
  /** Such a change gives the account another name of this kind, which no two accounts share; absent: none. */
  readonly names?: 'username' | 'email';
  /** All such changes of a person are made by one call. */
  readonly isPatched?: true;
  /** The person needs a seat of the server for it, or leaves theirs; absent: neither. */
  readonly seat?: 'takes' | 'frees';
  /** What is counted, and how many of them one plan may change by default; absent: no limit. */
  readonly budget: BudgetRow;
  /** Messages that the server posts in channels for one such change; absent: none. */
  readonly posts?: number;
  /** `before → after`, or a shorter form. */
  readonly shown: 'difference' | 'new-person' | 'gained' | 'lost' | 'new-thing' | 'gone';
  /** How it looks: what comes, what goes, what a reviewer must not miss, and the rest. */
  readonly tone: 'comes' | 'goes' | 'grave' | 'plain';
  /** Reviewers see the riskiest first; 1 is the riskiest. */
  readonly risk: number;
}

/** One row per class, in the order in which reports list them. */
export const changeClassRows: { readonly [C in ChangeClass]: ChangeClassRow & { readonly kind: KindOf<C> } } = {
  create: {
    kind: 'user',
    permission: 'manage_system',
    access: 'gives',
    administration: 'none',
    isRefusedToCaller: false,
    inverse: 'deactivate',
    touchesAdministrators: false,
    seat: 'takes',
    budget: { counts: 'user', of: 'declared', byDefault: { maxShare: 0.1, floor: 50 } },
    shown: 'new-person',
    tone: 'comes',
    risk: 13,
  },
  activate: {
    kind: 'user',
    permission: 'sysconsole_write_user_management_users',
    access: 'gives',
    administration: 'gain',
    isRefusedToCaller: true,
    inverse: 'deactivate',
    touchesAdministrators: false,
    seat: 'takes',
    budget: { counts: 'user', of: 'live', byDefault: { maxShare: 0, floor: 5, cap: 5 } },
    shown: 'difference',
    tone: 'comes',
    risk: 5,
  },
  deactivate: {
    kind: 'user',
    permission: 'sysconsole_write_user_management_users',
    access: 'takes',
    administration: 'loss',
    isRefusedToCaller: true,
    inverse: 'activate',
    touchesAdministrators: false,
    seat: 'frees',
    budget: { counts: 'user', of: 'live', byDefault: { maxShare: 0.05, floor: 2, cap: 25 } },
    shown: 'difference',
    tone: 'goes',
    risk: 1,
  },
  'admin-gain': {
    kind: 'user',
    permission: 'manage_roles',
    access: 'gives',
    administration: 'gain',
    isRefusedToCaller: true,
    inverse: 'admin-loss',
    touchesAdministrators: false,
    budget: { counts: 'user', of: 'live', byDefault: { maxShare: 0, floor: 2, cap: 2 } },
    shown: 'gained',
    tone: 'grave',
    risk: 3,
  },
  'admin-loss': {
    kind: 'user',
    permission: 'manage_roles',
    access: 'takes',
    administration: 'loss',
    isRefusedToCaller: true,
    inverse: 'admin-gain',
    touchesAdministrators: false,
    budget: { counts: 'user', of: 'live', byDefault: { maxShare: 0, floor: 1, cap: 1 } },
    shown: 'lost',
    tone: 'grave',
    risk: 2,
  },
  guest: {
    kind: 'user',
    permission: 'promote_guest',
    permissionToTake: 'demote_to_guest',
    access: 'both',
    takesAs: 'guest',
    administration: 'loss',
    isRefusedToCaller: true,
    touchesAdministrators: false,
    budget: { counts: 'user', of: 'live', byDefault: { maxShare: 0.1, floor: 5 }, sparesNewPeople: true },
    shown: 'difference',
    tone: 'plain',
    risk: 10,
  },
  'role-grant': {
    kind: 'user',
    permission: 'manage_roles',
    access: 'gives',
    administration: 'none',
    isRefusedToCaller: true,
    inverse: 'role-revoke',
    touchesAdministrators: false,
    budget: { counts: 'user', of: 'live' },
    shown: 'gained',
    tone: 'plain',
    risk: 9,
  },
  'role-revoke': {
    kind: 'user',
    permission: 'manage_roles',
    access: 'takes',
    administration: 'none',
    isRefusedToCaller: true,
    inverse: 'role-grant',
    touchesAdministrators: false,
    budget: { counts: 'user', of: 'live' },
    shown: 'lost',
    tone: 'goes',
    risk: 8,
  },
  auth: {
    kind: 'user',
    permission: 'manage_system',
    access: 'sign-in',
    administration: 'may-lose',
    isRefusedToCaller: true,
    touchesAdministrators: true,
    budget: { counts: 'user', of: 'live', byDefault: { maxShare: 0.1, floor: 2 } },
    shown: 'difference',
    tone: 'grave',
    risk: 4,
  },
  mfa: {
    kind: 'user',
    permission: 'edit_other_users',
    access: 'sign-in',
    administration: 'none',
    isRefusedToCaller: true,
    touchesAdministrators: true,
    budget: { counts: 'user', of: 'live', byDefault: { maxShare: 0.1, floor: 2 } },
    shown: 'difference',
    tone: 'grave',
    risk: 4,
  },
  email: {
    kind: 'user',
    permission: 'edit_other_users',
    access: 'none',
    administration: 'none',
    // Only together with the caller's own password.
    isRefusedToCaller: true,
    inverse: 'email',
    touchesAdministrators: true,
    names: 'email',
    isPatched: true,
    budget: { counts: 'user', of: 'live', byDefault: { maxShare: 0.1, floor: 2, cap: 50 } },
    shown: 'difference',
    tone: 'plain',
    risk: 11,
  },
  rename: {
    kind: 'user',
    permission: 'edit_other_users',
    access: 'none',
    administration: 'none',
    isRefusedToCaller: false,
    inverse: 'rename',
    touchesAdministrators: true,
    names: 'username',
    isPatched: true,
    budget: { counts: 'user', of: 'live', byDefault: { maxShare: 0.1, floor: 2, cap: 50 } },
    shown: 'difference',
    tone: 'plain',
    risk: 12,
  },
  update: {
    kind: 'user',
    permission: 'edit_other_users',
    access: 'none',
    administration: 'none',
    isRefusedToCaller: false,
    inverse: 'update',
    touchesAdministrators: false,
    isPatched: true,
    budget: { counts: 'user', of: 'live' },
    shown: 'difference',
    tone: 'plain',
    risk: 16,
  },
  'token-create': {
    kind: 'token',
    permission: 'create_user_access_token',
    access: 'gives',
    administration: 'none',
    isRefusedToCaller: true,
    inverse: 'token-revoke',
    touchesAdministrators: true,
    budget: { counts: 'token', of: 'declared', byDefault: { maxShare: 0.1, floor: 10 } },
    shown: 'new-thing',
    tone: 'comes',
    risk: 14,
  },
  'token-enable': {
    kind: 'token',
    permission: 'create_user_access_token',
    access: 'gives',
    administration: 'none',
    isRefusedToCaller: true,
    inverse: 'token-disable',
    touchesAdministrators: true,
    budget: { counts: 'token', of: 'live' },
    shown: 'difference',
    tone: 'plain',
    risk: 15,
  },
  'token-disable': {
    kind: 'token',
    permission: 'revoke_user_access_token',
    access: 'takes',
    administration: 'none',
    isRefusedToCaller: true,
    inverse: 'token-enable',
    touchesAdministrators: false,
    budget: { counts: 'token', of: 'live' },
    shown: 'difference',
    tone: 'goes',
    risk: 7,
  },
  'token-revoke': {
    kind: 'token',
    permission: 'revoke_user_access_token',
    access: 'takes',
    administration: 'none',
    isRefusedToCaller: true,
    touchesAdministrators: false,
    budget: { counts: 'token', of: 'live', byDefault: { maxShare: 0.1, floor: 5 } },
    shown: 'gone',
    tone: 'goes',
    risk: 6,
  },
  'team-join': {
    kind: 'membership',
    permission: 'add_user_to_team',
    access: 'gives',
    administration: 'none',
    isRefusedToCaller: false,
    inverse: 'team-leave',
    touchesAdministrators: false,
    budget: { counts: 'user', of: 'declared', byDefault: { maxShare: 0.1, floor: 50 }, sparesNewPeople: true },
    posts: 2,
    shown: 'gained',
    tone: 'comes',
    risk: 20,
  },
  'team-leave': {
    kind: 'membership',
    permission: 'remove_user_from_team',
    access: 'takes',
    administration: 'none',
    isRefusedToCaller: true,
    inverse: 'team-join',
    touchesAdministrators: false,
    budget: {
      counts: 'user',
      of: 'live',
      byDefault: { maxShare: 0.05, floor: 5, cap: 100 },
      sparesReturners: true,
    },
    posts: 1,
    shown: 'lost',
    tone: 'goes',
    risk: 17,
  },
  'team-admin-gain': {
    kind: 'membership',
    permission: 'manage_team_roles',
    access: 'gives',
    administration: 'none',
    isRefusedToCaller: true,
    inverse: 'team-admin-loss',
    touchesAdministrators: false,
    budget: { counts: 'user', of: 'live', byDefault: { maxShare: 0.1, floor: 3 } },
    shown: 'difference',
    tone: 'grave',
    risk: 18,
  },
  'team-admin-loss': {
    kind: 'membership',
    permission: 'manage_team_roles',
    access: 'takes',
    administration: 'none',
    isRefusedToCaller: true,
    inverse: 'team-admin-gain',
    touchesAdministrators: false,
    budget: {
      counts: 'membership',
      of: 'live',
      byDefault: { maxShare: 0, floor: 1, cap: 1 },
      each: 'place',
      sparesReturners: true,
    },
    shown: 'difference',
    tone: 'goes',
    risk: 19,
  },
  'channel-join': {
    kind: 'membership',
    permission: 'manage_private_channel_members',
    access: 'gives',
    administration: 'none',
    isRefusedToCaller: false,
    inverse: 'channel-leave',
    touchesAdministrators: false,
    budget: { counts: 'user', of: 'declared', byDefault: { maxShare: 0.1, floor: 50 }, sparesNewPeople: true },
    posts: 1,
    shown: 'gained',
    tone: 'comes',
    risk: 23,
  },
  'channel-leave': {
    kind: 'membership',
    permission: 'manage_private_channel_members',
    access: 'takes',
    administration: 'none',
    isRefusedToCaller: true,
    inverse: 'channel-join',
    touchesAdministrators: false,
    budget: {
      counts: 'user',
      of: 'live',
      byDefault: { maxShare: 0.05, floor: 5, cap: 100 },
      sparesReturners: true,
    },
    posts: 1,
    shown: 'lost',
    tone: 'goes',
    risk: 21,
  },
  'channel-admin': {
    kind: 'membership',
    permission: 'manage_channel_roles',
    access: 'both',
    takesAs: 'member',
    administration: 'none',
    isRefusedToCaller: true,
    inverse: 'channel-admin',
    touchesAdministrators: false,
    budget: { counts: 'user', of: 'live' },
    shown: 'difference',
    tone: 'plain',
    risk: 22,
  },
};

const isChangeClass = (name: string): name is ChangeClass => Object.hasOwn(changeClassRows, name);

/** Every class, in the order in which reports list them. */
export const changeClasses: readonly ChangeClass[] = Object.keys(changeClassRows).filter(isChangeClass);

/** Budgets that are none of a class. */
const otherBudgets: Readonly<Record<Exclude<BudgetName, ChangeClass>, BudgetRow>> = {
  // Administrators' accounts are touched only by approval.
  'admin-touch': { counts: 'user', of: 'live', byDefault: { maxShare: 0, floor: 0, cap: 0 } },
  // Of what the server posts because of changes, no matter whom they concern.
  messages: { counts: 'message', of: 'live', byDefault: { maxShare: 0, floor: 500, cap: 500 } },
};

/** Every budget: one per class, one for what touches administrators, and one for messages; the gravest first. */
export const budgetNames: readonly BudgetName[] = [
  'admin-touch',
  ...changeClasses.toSorted((a, b) => changeClassRows[a].risk - changeClassRows[b].risk),
  'messages',
];

const isClassBudget = (name: BudgetName): name is ChangeClass => isChangeClass(name);

export const budgetRowOf = (name: BudgetName): BudgetRow =>
  isClassBudget(name) ? changeClassRows[name].budget : otherBudgets[name];

/**
 * The budgets that a change counts in: that of its class, and that of what it does to administration. Taking access away
 * from an administrator who leaves is counted as leaving alone, so that no budget of administrators holds it up.
 */
export function budgetsOfChange(change: Change): readonly BudgetName[] {
  const { posts = 0, budget } = rowOf(change);
  const isSpared = budget.sparesReturners === true && change.part_of === 'return';
  return [...(isSpared ? [] : budgetsOfConcern(change)), ...(posts === 0 ? [] : (['messages'] as const))];
}

function budgetsOfConcern({ class: name, concerns_admin: concern }: Change): readonly BudgetName[] {
  switch (concern) {
    case 'gain':
      return name === 'admin-gain' ? [name] : [name, 'admin-gain'];
    case 'loss':
      return name === 'admin-loss' || name === 'deactivate' ? [name] : [name, 'admin-loss'];
    case 'touch':
      return [name, 'admin-touch'];
    default:
      return [name];
  }
}

export const rowOf = ({ class: name }: Pick<Change, 'class'>): ChangeClassRow => changeClassRows[name];

/** A change of one kind. */
export type ChangeOf<K extends Kind> = Change & { readonly class: ClassesByKind[K] };

/** Whether a change is one of this kind's. */
export function isChangeOf<K extends Kind>(kind: K, change: Change): change is ChangeOf<K> {
  return changeClassRows[change.class].kind === kind;
}

/** Of a class with two directions: whether this one takes something away from the person. */
const takesOfBoth = (change: Change): boolean => {
  const { takesAs } = rowOf(change);
  return takesAs !== undefined && change.after === takesAs;
};

/** What a change does to what the person can reach; a class with two directions is settled here. */
export function accessOf(change: Change): 'gives' | 'takes' | 'sign-in' | 'none' {
  const { access } = rowOf(change);
  if (access !== 'both') return access;
  return takesOfBoth(change) ? 'takes' : 'gives';
}

/** What the server asks of the caller for this change. */
export function permissionFor(change: Change): string {
  const { permission, permissionToTake } = rowOf(change);
  return permissionToTake !== undefined && takesOfBoth(change) ? permissionToTake : permission;
}

/** What a change does to an account's ability to administer. */
export function administrationOf(change: Change): ChangeClassRow['administration'] {
  const { access, administration } = rowOf(change);
  return access === 'both' && !takesOfBoth(change) ? 'none' : administration;
}
