/** What earlier runs used of the budgets: budgets count over the last 24 hours, so that many small runs cannot do what one may not. */
import { createHash } from 'node:crypto';
import { budgetRowOf, rowOf } from './change-classes.ts';
import { dayMs } from './duration.ts';
import { teamOf } from './memberships.ts';
import type { BudgetName, Change } from './plan.ts';
import type { AccountId } from './user-values.ts';

/** How long a change counts. */
export const windowMs: number = dayMs;

/** Budgets with what counts in them: accounts of people (usernames, where no account is known), and ids of things. */
export type CountedKeys = ReadonlyMap<BudgetName, ReadonlySet<string>>;

export type UseCounts = ReadonlyMap<BudgetName, number>;

/** What counts in the budgets before the plan that is being made. */
export interface WindowUse {
  /** What the journals tell, one by one. */
  readonly used: CountedKeys;
  /** How many the server tells of together with the journals; absent where the journals know as many. */
  readonly recorded: UseCounts;
  /** When the oldest of a budget stop counting; milliseconds since the epoch. */
  readonly freesMs: ReadonlyMap<BudgetName, number>;
  /** `unknown`: neither journals nor server could be read, so that the plan is counted alone. */
  readonly state: 'known' | 'unknown';
  /** Accounts that the runs made which the journals tell of; absent: none. */
  readonly created?: ReadonlySet<AccountId>;
  /** Keys of the records that the server had; absent: they were not read. */
  readonly seen?: ReadonlySet<string>;
}

export const noUse: WindowUse = { used: new Map(), recorded: new Map(), freesMs: new Map(), state: 'known' };

/** What a run used, as the server keeps it: counts, and no names. */
export interface UseRecord {
  /** Which run it is of; see {@link recordKeyOf}. */
  readonly key: string;
  /** Milliseconds since the epoch; infinite where it is unknown. */
  readonly atMs: number;
  readonly counts: UseCounts;
}

/** What a count stands for that cannot be read: more than any budget has left. */
export const unreadableCount = 1_000_000;

/** 24 hex digits that name a run without its name. */
export const recordKeyOf = (run: string): string => createHash('sha256').update(run).digest('hex').slice(0, 24);

export const countsOf = (keys: CountedKeys): UseCounts =>
  new Map([...keys].flatMap(([name, { size }]) => (size > 0 ? [[name, size] as const] : [])));

/** A change that counts, as far as its account, or the thing that it made, is known. */
export interface Counted {
  readonly change: Change;
  readonly account: AccountId | undefined;
  readonly thing?: string | undefined;
}

/** People count once in a budget; a thing that is made once more is another one, and so is each message. */
export function countedKeys(name: BudgetName, { change, account, thing }: Counted): readonly string[] {
  const { counts, each } = budgetRowOf(name);
  if (counts === 'message') return Array.from({ length: rowOf(change).posts ?? 0 }, (_, i) => `${change.id} ${i + 1}`);
  const who = account ?? change.person;
  if (each === 'place') return [`${placeOfChange(change)} ${who}`];
  return [counts === 'user' ? who : (thing ?? change.id)];
}

/** The team that a change of a membership is about. */
export const placeOfChange = ({ attribute }: Change): string => teamOf(attribute.slice(attribute.indexOf('.') + 1));

/** Of a budget that each team has for itself: the team that a key counts for. */
export const placeOfKey = (key: string): string => key.slice(0, key.indexOf(' '));
