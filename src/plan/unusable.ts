/** Entries that cannot be used, in the plan: what is left alone for them, and which of them a narrowed plan is concerned with. */

import type { SetAside } from '../match/match-people.ts';
import type { OwedByRun } from '../model/first-roles.ts';
import { hold } from '../model/messages/held-rows.ts';
import type { OwedRoles, Plan } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { haveSameReading } from '../model/readings.ts';
import type { HandsOff, Match } from '../model/resource-definition.ts';
import { type Doubts, readingsOfUser } from '../model/unusable.ts';
import { type HeldApart, holdSome, type PersonChange } from './person-change.ts';
import { namesTaken } from './prerequisites.ts';

export type UnusableInPlan = NonNullable<Plan['unusable']>[number];

const placeOf = ({ at }: Pick<SetAside, 'at'>): string => `${at.file}:${at.line}`;

/** Why muster keeps its hands off what an entry that cannot be used may mean. */
export function doubtAbout(entry: Pick<SetAside, 'at'>): HandsOff {
  return hold('unusable-entry', 'the files', { is: 'account', place: placeOf(entry) });
}

/** Holds back what takes a name that an entry which cannot be used may want: both would have it once that entry is fixed. */
export function holdWantedNames(changes: readonly PersonChange[], doubts: Doubts): HeldApart {
  return holdSome(changes, (change) => {
    const [wanted] = namesTaken(change).flatMap(({ kind, text }) => {
      const entry = doubts.wanting(kind, text);
      return entry === undefined ? [] : [{ text, entry }];
    });
    if (wanted === undefined) return undefined;
    return hold('unusable-entry', 'the files', { is: 'name', place: placeOf(wanted.entry), name: wanted.text });
  });
}

/** Whether an entry may be of a person who has no account yet, and will need a seat. */
export const mayBeNew = ({ person, accounts, user }: SetAside): boolean =>
  person !== undefined && accounts.length === 0 && user?.values.active !== false;

/** Why an entry cannot create the account that it lacks: what is wrong with `on_create` concerns new accounts only. */
export function onCreateProblems({ desired, account, transition }: Match): readonly Problem[] {
  return account === undefined && transition === 'joins' ? (desired.onCreate.problems ?? none) : none;
}

const none: readonly Problem[] = [];

/**
 * Of the entries that cannot be used: those that concern the people whom a plan is limited to. Each is one of theirs, or may mean
 * their account, or wants a name of theirs.
 */
export function concerning(
  unusable: readonly SetAside[],
  users: ReadonlySet<string> | undefined,
  people: readonly Match[],
): readonly SetAside[] {
  if (users === undefined) return unusable;
  const named = people.filter(({ desired }) => users.has(desired.username));
  const readings = named.map(({ desired }) => readingsOfUser(desired));
  const accounts = new Set(named.flatMap(({ hits }) => hits));
  return unusable.filter(
    (entry) =>
      [...users].some((name) => entry.readings.usernames.has(name)) ||
      entry.accounts.some((live) => accounts.has(live)) ||
      readings.some((one) => haveSameReading(one, entry.readings)),
  );
}

export function toPlan({ person, at, problems, accounts }: SetAside): UnusableInPlan {
  const alone = accounts.map(({ values }) => values.username).toSorted();
  return {
    ...(person !== undefined && { person }),
    ...at,
    problems: problems.map(({ code, message, hint, at: place }) => ({
      code,
      message,
      ...(hint !== undefined && { hint }),
      ...(place !== undefined && { file: place.file, line: place.line, column: place.column }),
    })),
    ...(alone.length > 0 && { left_alone: alone }),
  };
}

/** What is owed to people whose entries cannot be used stays owed. */
export function stillOwed(unusable: readonly SetAside[], owed: readonly OwedByRun[]): readonly OwedRoles[] {
  return owed.flatMap(({ person, account, roles }): readonly OwedRoles[] => {
    const live = unusable
      .flatMap(({ accounts }) => accounts)
      .find(({ id, values }) => (account === undefined ? values.username === person : id === account));
    return live === undefined ? [] : [{ person, account: live.id, roles }];
  });
}

/** Whether the entry of a person cannot be used, and where it stands. */
export function placeOfUnusable(unusable: readonly SetAside[], person: string): string | undefined {
  const entry = unusable.find((one) => one.person === person);
  return entry === undefined ? undefined : placeOf(entry);
}
