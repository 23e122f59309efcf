/**
 * What it takes to bring people back to where they were before a run: entries that want what each action found, as far
 * as it has not changed since. A pure function; rails, order and actions come from the planner as for every plan.
 */
import { viewOf } from '../model/account-view.ts';
import type { Budgets } from '../model/approval.ts';
import { callRowOf } from '../model/calls.ts';
import { digestOf } from '../model/canonical-json.ts';
import { budgetRowOf, budgetsOfChange, rowOf } from '../model/change-classes.ts';
import { byText } from '../model/compare.ts';
import type { DesiredState, DesiredUser } from '../model/desired-state.ts';
import { groupBy } from '../model/group-by.ts';
import type { StartedRecord } from '../model/journal-record.ts';
import type { LiveUser } from '../model/live-state.ts';
import type { BudgetName, Change, Notice, Plan, PlanValue } from '../model/plan.ts';
import type { ResourceDefinition } from '../model/resource-definition.ts';
import { attributeOfField, gatherAttributes, isSameValue, isUserAttribute } from '../model/user-attributes.ts';
import { sortRoles } from '../model/user-rules.ts';
import type { AccountId, UserValues } from '../model/user-values.ts';
import type { WrittenAction } from '../model/written-action.ts';
import {
  cannotBeUndone,
  changedSince,
  gone,
  keyStays,
  notDeleted,
  rolesAreGone,
  staysTaken,
  willBeRedone,
} from './undo-notices.ts';

export interface UndoInput {
  readonly run: string;
  /** Name of the file that tells of the run. */
  readonly file: string;
  readonly momentMs: number;
  /** In the order of the plan. */
  readonly written: readonly WrittenAction[];
  /** The accounts as they are now. */
  readonly users: ReadonlyMap<AccountId, LiveUser>;
  /** Those of the roles of before and of now that the server has. */
  readonly roles: ReadonlySet<string>;
  readonly kinds: readonly ResourceDefinition[];
}

/** What a plan says of the run that it takes back. */
export interface UndoneRun {
  readonly run: string;
  /** Moment, ISO 8601. */
  readonly started: string;
  /** How many actions it wrote, or may have written. */
  readonly actions: number;
  /** Username of the account whose token it used. */
  readonly caller: string;
}

export function undoneRun(
  { run, at: started }: Pick<StartedRecord, 'run' | 'at'>,
  plan: Plan,
  written: readonly WrittenAction[],
): UndoneRun {
  return { run, started, actions: written.length, caller: plan.server.caller };
}

export interface UndoGoal {
  readonly desired: DesiredState;
  /** The kinds as they plan towards what was there before the run. */
  readonly kinds: readonly ResourceDefinition[];
  /** As much as the run itself did, class by class, and no more. */
  readonly budgets: Budgets;
  readonly notices: readonly Notice[];
}

export function undoGoal({ run, file, momentMs, written, users, roles, kinds }: UndoInput): UndoGoal {
  const notices: Notice[] = [willBeRedone];
  const goals = new Map<LiveUser, PersonGoal>();
  const byAccount = groupBy(written, ({ account }) => account);
  for (const [account, own] of byAccount) {
    const live = users.get(account);
    if (live === undefined) notices.push(gone(account, own[0]?.action.person ?? 'the person'));
    else goals.set(live, goalOf(own, live, roles));
  }
  const leaving = new Set([...goals].flatMap(([{ id }, { values }]) => (values.active === false ? [id] : [])));
  const undone = kinds.map((kind) => kind.undo(byAccount, leaving));
  for (const [live, { notices: own, taken, isNew }] of goals) {
    const things = isNew ? [] : undone.flatMap(({ notGivenBack }) => notGivenBack.get(live.id) ?? []);
    const left = [...(taken.length === 0 ? [] : [`roles (${taken.join(', ')})`]), ...things];
    notices.push(...own, ...(left.length === 0 ? [] : [staysTaken(live.values.username, left)]));
  }
  const people = [...goals]
    .map(([live, { values }]) => entryFor(live, values))
    .toSorted(byText(({ username }) => username));
  const desired: DesiredState = {
    users: people,
    unusable: [],
    files: [file],
    momentMs,
    digest: digestOf({ undoes: run, users: people, momentMs }),
    locate: () => ({ file, line: 1, column: 1, from: 'entry' }),
  };
  return { desired, kinds: undone.map(({ definition }) => definition), budgets: budgetsOf(written), notices };
}

interface PersonGoal {
  readonly values: Partial<UserValues>;
  /** Roles that the run took, and that an account which leaves again does not get back. */
  readonly taken: readonly string[];
  readonly isNew: boolean;
  readonly notices: readonly Notice[];
}

function goalOf(own: readonly WrittenAction[], live: LiveUser, known: ReadonlySet<string>): PersonGoal {
  const person = live.values.username;
  const isNew = own.some(({ action: { call } }) => callRowOf(call).look === 'for-new-account');
  if (isNew) return { values: { active: false }, taken: [], isNew, notices: [notDeleted(person)] };
  const reversible = own.filter(({ action }) => action.reversible);
  const steps = stepsOf(reversible.flatMap(({ action }) => action.changes));
  const notices = own.filter(({ action }) => !action.reversible).map(({ action }) => cannotBeUndone(person, action));
  const view = viewOf(live);
  const fields = new Map<string, PlanValue>();
  for (const [field, { before, after }] of steps) {
    const now = view.get(field);
    if (isSameValue(field, now, before)) continue;
    if (!isSameValue(field, now, after)) notices.push(changedSince(person, field));
    else if (before === undefined) notices.push(keyStays(person, field));
    else fields.set(field, before);
  }
  const values = gatherAttributes(fields);
  const goal = rolesGoal(
    reversible.flatMap(({ action }) => action.changes),
    live.values.roles,
    values.active,
  );
  const { roles, dead, taken } = mayBeGiven(goal, live, known, values.active === false);
  return {
    values: { ...values, ...(roles !== undefined && { roles }) },
    taken,
    isNew,
    notices: [...notices, ...(dead.length > 0 ? [rolesAreGone(person, dead)] : [])],
  };
}

interface RolesToGive {
  /** Absent: they stay as they are. */
  readonly roles: readonly string[] | undefined;
  /** The server does not have them any more. */
  readonly dead: readonly string[];
  readonly taken: readonly string[];
}

/** Leaves out what the server cannot give, and what an account that leaves again should not have. */
function mayBeGiven(
  roles: readonly string[] | undefined,
  { values: { roles: now } }: LiveUser,
  known: ReadonlySet<string>,
  leaves: boolean,
): RolesToGive {
  const dead = roles?.filter((role) => !known.has(role)) ?? [];
  // It would be theirs for a moment, and again when they come back.
  const taken = roles?.filter((role) => leaves && known.has(role) && !now.includes(role)) ?? [];
  return { roles: roles?.filter((role) => !dead.includes(role) && !taken.includes(role)), dead, taken };
}

interface Step {
  readonly before: PlanValue | undefined;
  readonly after: PlanValue | undefined;
}

/** Per field of the account the first value and the last, however many actions lie between. Roles are taken back one by one. */
function stepsOf(changes: readonly Change[]): ReadonlyMap<string, Step> {
  const steps = new Map<string, Step>();
  for (const { attribute, before, after } of changes) {
    if (attribute === 'roles' || !isUserAttribute(attributeOfField(attribute))) continue;
    const previous = steps.get(attribute);
    steps.set(attribute, { before: previous === undefined ? before : previous.before, after });
  }
  return steps;
}

/**
 * Roles are a set: what was given is taken, what was taken is given, and what came since stays.
 *
 * @returns `undefined` where the run left them as they are now
 */
function rolesGoal(
  changes: readonly Change[],
  now: readonly string[],
  active: boolean | undefined,
): readonly string[] | undefined {
  const own = changes.filter(({ attribute }) => attribute === 'roles');
  if (own.length === 0 && active !== true) return undefined;
  const roles = new Set(now);
  for (const { before, after } of own) {
    if (typeof after === 'string') roles.delete(after);
    else if (typeof before === 'string') roles.add(before);
  }
  if (!roles.has('system_guest')) roles.add('system_user');
  const goal = sortRoles([...roles]);
  // A person who comes back by an undo has the roles of before: they are named, so that nothing else decides.
  return active === true || goal.join(' ') !== sortRoles(now).join(' ') ? goal : undefined;
}

function entryFor(live: LiveUser, values: Partial<UserValues>): DesiredUser {
  const username = values.username ?? live.values.username;
  return {
    username,
    id: live.id,
    previousUsernames: [],
    adopt: true,
    values: { ...values, username },
    onCreate: { welcomeEmail: false, emailVerified: true },
  };
}

function budgetsOf(written: readonly WrittenAction[]): Budgets {
  const counts = new Map<BudgetName, Set<string>>();
  for (const { action, account } of written) {
    for (const change of action.changes) {
      for (const name of budgetsOfInverse(change)) {
        const counted = counts.get(name) ?? new Set();
        counts.set(name, counted.add(budgetRowOf(name).counts === 'user' ? account : change.id));
      }
    }
  }
  return Object.fromEntries([...counts].map(([name, { size }]) => [name, { maxShare: 0, floor: size, cap: size }]));
}

/** What taking a change back counts in: the inverse class, and the opposite of what it did to administration. */
function budgetsOfInverse(change: Change): readonly BudgetName[] {
  const { inverse } = rowOf(change);
  if (inverse === undefined) return [];
  const { concerns_admin: concern, ...rest } = change;
  const back = concern === 'gain' ? 'loss' : concern === 'loss' ? 'gain' : concern;
  return budgetsOfChange({ ...rest, class: inverse, ...(back !== undefined && { concerns_admin: back }) });
}
