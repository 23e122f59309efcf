/**
 * What it takes to bring people back to where they were before a run: entries that want what each action found, as far
 * as nobody has changed it since. A pure function; rails, order and actions come from the planner as for every plan.
 */
import type { IsSame } from '../model/action-runner.ts';
import type { Budgets } from '../model/approval.ts';
import { digestOf } from '../model/canonical-json.ts';
import type { DesiredState, DesiredUser } from '../model/desired-state.ts';
import type { LiveUser } from '../model/live-state.ts';
import type { Action, Change, ChangeClass, Notice, PlanValue } from '../model/plan.ts';
import { sortRoles } from '../model/user-rules.ts';
import type { AccountId, StringMap, UserValues } from '../model/user-values.ts';
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

/** An action of a run that was written, or may have been. */
export interface WrittenAction {
  readonly action: Action;
  readonly account: AccountId;
  /** The token that it made. */
  readonly token?: string;
}

/** What a token must be again. */
export interface TokenGoal {
  readonly token: string;
  readonly wanted: 'revoked' | 'enabled' | 'disabled';
}

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
  readonly isSame: IsSame;
}

export interface UndoGoal {
  readonly desired: DesiredState;
  readonly tokens: ReadonlyMap<AccountId, readonly TokenGoal[]>;
  /** As much as the run itself did, class by class, and no more. */
  readonly budgets: Budgets;
  readonly notices: readonly Notice[];
}

export function undoGoal({ run, file, momentMs, written, users, roles, isSame }: UndoInput): UndoGoal {
  const entries: DesiredUser[] = [];
  const tokens = new Map<AccountId, readonly TokenGoal[]>();
  const notices: Notice[] = [willBeRedone];
  for (const [account, own] of byAccount(written)) {
    const live = users.get(account);
    if (live === undefined) {
      notices.push(gone(account, own[0]?.action.person ?? 'somebody'));
      continue;
    }
    const goal = goalOf(own, live, { roles, isSame });
    notices.push(...goal.notices);
    tokens.set(account, goal.tokens);
    entries.push(entryFor(live, goal.values));
  }
  const people = entries.toSorted((a, b) => (a.username < b.username ? -1 : 1));
  const desired: DesiredState = {
    users: people,
    files: [file],
    momentMs,
    digest: digestOf({ undoes: run, users: people, momentMs }),
    locate: () => ({ file, line: 1, column: 1, from: 'entry' }),
  };
  return { desired, tokens, budgets: budgetsOf(written), notices };
}

function byAccount(written: readonly WrittenAction[]): ReadonlyMap<AccountId, readonly WrittenAction[]> {
  const groups = new Map<AccountId, WrittenAction[]>();
  for (const one of written) {
    const own = groups.get(one.account);
    if (own === undefined) groups.set(one.account, [one]);
    else own.push(one);
  }
  return groups;
}

interface PersonGoal {
  readonly values: Partial<UserValues>;
  readonly tokens: readonly TokenGoal[];
  readonly notices: readonly Notice[];
}

function goalOf(
  own: readonly WrittenAction[],
  live: LiveUser,
  { roles: known, isSame }: Pick<UndoInput, 'roles' | 'isSame'>,
): PersonGoal {
  const person = live.values.username;
  const isNew = own.some(({ action }) => action.call.operation === 'create-user');
  const tokens = own.flatMap((one) => tokenGoal(one));
  if (isNew) return { values: { active: false }, tokens, notices: [notDeleted(person)] };
  const reversible = own.filter(({ action }) => action.reversible);
  const steps = stepsOf(reversible.flatMap(({ action }) => action.changes));
  const notices = own.filter(({ action }) => !action.reversible).map(({ action }) => cannotBeUndone(person, action));
  const values: Record<string, PlanValue> = {};
  for (const [attribute, { before, after }] of steps) {
    const now = valueOf(live.values, attribute);
    if (isSame(attribute, now, before)) continue;
    if (!isSame(attribute, now, after)) notices.push(changedSince(person, attribute));
    else if (before === undefined) notices.push(keyStays(person, attribute));
    else values[attribute] = before;
  }
  const { active } = values;
  const roles = rolesGoal(
    reversible.flatMap(({ action }) => action.changes),
    live.values.roles,
    active,
  );
  const access = mayBeGiven({ roles, tokens }, live, known, active === false);
  return {
    values: { ...nested(values), ...(access.roles !== undefined && { roles: access.roles }) },
    tokens: access.tokens,
    notices: [...notices, ...access.notices],
  };
}

interface Access {
  /** Absent: they stay as they are. */
  readonly roles: readonly string[] | undefined;
  readonly tokens: readonly TokenGoal[];
}

/** Leaves out what the server cannot give, and what nobody should have. */
function mayBeGiven(
  { roles, tokens }: Access,
  { values: { username, roles: now } }: LiveUser,
  known: ReadonlySet<string>,
  leaves: boolean,
): Access & { readonly notices: readonly Notice[] } {
  const dead = roles?.filter((role) => !known.has(role)) ?? [];
  // Who leaves again is given nothing: it would be theirs for a moment, and again when they come back.
  const taken = roles?.filter((role) => leaves && known.has(role) && !now.includes(role)) ?? [];
  const disabled = tokens.filter(({ wanted }) => leaves && wanted === 'enabled');
  return {
    roles: roles?.filter((role) => !dead.includes(role) && !taken.includes(role)),
    tokens: tokens.filter((goal) => !disabled.includes(goal)),
    notices: [
      ...(dead.length > 0 ? [rolesAreGone(username, dead)] : []),
      ...(taken.length + disabled.length > 0 ? [staysTaken(username, taken, disabled.length)] : []),
    ],
  };
}

interface Step {
  readonly before: PlanValue | undefined;
  readonly after: PlanValue | undefined;
}

/** Per field the first value and the last, however many actions lie between. Roles and tokens are none of it. */
function stepsOf(changes: readonly Change[]): ReadonlyMap<string, Step> {
  const steps = new Map<string, Step>();
  for (const { attribute, before, after } of changes) {
    if (attribute === 'roles' || attribute.startsWith('tokens.')) continue;
    const former = steps.get(attribute);
    steps.set(attribute, { before: former === undefined ? before : former.before, after });
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
  active: PlanValue | undefined,
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
  // Whoever comes back by an undo has the roles of before: they are named, so that nothing else decides.
  return active === true || goal.join(' ') !== sortRoles(now).join(' ') ? goal : undefined;
}

function valueOf(values: UserValues, attribute: string): PlanValue | undefined {
  const [root = '', ...rest] = attribute.split('.');
  const value: unknown = new Map<string, unknown>(Object.entries(values)).get(root);
  if (rest.length === 0) return typeof value === 'string' || typeof value === 'boolean' ? value : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const part: unknown = new Map<string, unknown>(Object.entries(value)).get(rest.join('.'));
  return typeof part === 'string' ? part : undefined;
}

const texts = ['username', 'email', 'first_name', 'last_name', 'nickname', 'position', 'locale'] as const;
const maps = ['timezone', 'notify_props', 'props'] as const;

function nested(flat: Readonly<Record<string, PlanValue>>): Partial<UserValues> {
  const { active } = flat;
  return {
    ...Object.fromEntries(texts.flatMap((name) => (typeof flat[name] === 'string' ? [[name, flat[name]]] : []))),
    ...Object.fromEntries(
      maps.flatMap((name) => {
        const map = keysOf(flat, name);
        return Object.keys(map).length === 0 ? [] : [[name, map]];
      }),
    ),
    ...(typeof active === 'boolean' && { active }),
  };
}

function keysOf(flat: Readonly<Record<string, PlanValue>>, map: string): StringMap {
  return Object.fromEntries(
    Object.entries(flat).flatMap(([name, value]) =>
      name.startsWith(`${map}.`) && typeof value === 'string' ? [[name.slice(map.length + 1), value]] : [],
    ),
  );
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

function tokenGoal({ action: { call }, token }: WrittenAction): readonly TokenGoal[] {
  switch (call.operation) {
    case 'create-token':
      return token === undefined ? [] : [{ token, wanted: 'revoked' }];
    case 'enable-token':
      return [{ token: call.token, wanted: 'disabled' }];
    case 'disable-token':
      return [{ token: call.token, wanted: 'enabled' }];
    default:
      return [];
  }
}

const inverse: Readonly<Partial<Record<ChangeClass, ChangeClass>>> = {
  create: 'deactivate',
  activate: 'deactivate',
  deactivate: 'activate',
  'admin-gain': 'admin-loss',
  'admin-loss': 'admin-gain',
  'role-grant': 'role-revoke',
  'role-revoke': 'role-grant',
  email: 'email',
  rename: 'rename',
  update: 'update',
  'token-create': 'token-revoke',
  'token-enable': 'token-disable',
  'token-disable': 'token-enable',
};

function budgetsOf(written: readonly WrittenAction[]): Budgets {
  const counts = new Map<ChangeClass, Set<string>>();
  for (const { action, account } of written) {
    for (const { class: name, id } of action.changes) {
      const own = inverse[name];
      if (own === undefined) continue;
      const counted = counts.get(own) ?? new Set();
      // People are counted, and of tokens each.
      counts.set(own, counted.add(own.startsWith('token-') ? id : account));
    }
  }
  return Object.fromEntries([...counts].map(([name, { size }]) => [name, { maxShare: 0, floor: size, cap: size }]));
}
