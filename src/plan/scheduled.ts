/**
 * What the dates of entries will do later. A date in a file must not be a way around a review: what it will change stands
 * in every plan from the day on which it is written, with its class and its day.
 */

import { transitionOf } from '../match/match-people.ts';
import { rowOf } from '../model/change-classes.ts';
import { compareText } from '../model/compare.ts';
import { switchesAfter } from '../model/dated-switches.ts';
import type { DesiredUser } from '../model/desired-state.ts';
import { dayMs } from '../model/duration.ts';
import type { Change, ScheduledChange } from '../model/plan.ts';
import type { Findings, Person, PlanContext, ResourceDefinition } from '../model/resource-definition.ts';

/** Dated changes of other kinds are listed when they are due within so many days; the rest is counted. */
export const listedDays = 30;

/**
 * Whether an entry counts since a date that has come: it may have changed nothing today. That stays so once the person is there, or what
 * waited on the day would pass on the next one.
 */
export function isDueByDate({ desired: { dates } }: Person, momentMs: number): boolean {
  return dates?.startsMs !== undefined && dates.startsMs <= momentMs;
}

/** How a person is looked at as of a moment. */
export interface Foresight {
  readonly kinds: readonly ResourceDefinition[];
  readonly context: PlanContext;
  /** Every difference of a person, kind by kind. */
  readonly find: (person: Person, context: PlanContext) => Findings;
}

/**
 * What will change by date after a plan: what the dates of an entry do, and what follows from things that are made today.
 * Each date is looked at from wherever those before it may have left the person: no apply has to run between two of them.
 *
 * @param now - what was found as of the plan's own moment
 * @param passed - the changes of that which the plan makes
 */
export function scheduledAfter(
  person: Person,
  now: Findings,
  passed: readonly Change[],
  foresight: Foresight,
): readonly ScheduledChange[] {
  const isLater = person.desired.dates !== undefined || now.changes.some(isOwned);
  if (!isLater) return now.scheduled;
  const made = new Set(passed.map(keyOf));
  const open = now.changes.filter((change) => !made.has(keyOf(change)));
  const known = new Set(open.map(keyOf));
  const asPlanned = courseOf(person, passed, foresight).filter(({ change }) => !known.has(keyOf(change)));
  // What is stopped today may pass any day: then all goes on from there.
  const ifAllPass = open.length === 0 ? [] : courseOf(person, now.changes, foresight);
  // Or no apply comes before the day: then dates find the person as they are now.
  const due = new Set(now.changes.map(keyOf));
  const ifNonePasses = courseOf(person, [], foresight)
    .filter(({ change }) => !due.has(keyOf(change)))
    .map(ifNotApplied);
  const found = new Map<string, ScheduledChange>();
  for (const one of [...now.scheduled, ...asPlanned, ...ifAllPass, ...ifNonePasses]) {
    const key = keyOf(one.change);
    const earlier = found.get(key);
    if (earlier === undefined || one.due < earlier.due) found.set(key, one);
  }
  return [...found.values()];
}

/** Says that a dated change takes the place of what the plan does today, where no apply runs before its day. */
function ifNotApplied({ change, due }: ScheduledChange): ScheduledChange {
  const { reason } = change;
  return { change: { ...change, reason: { ...reason, text: `${reason.text}; only if no apply runs before` } }, due };
}

/** The same field may change more than once, each time in another way. */
const keyOf = ({ id, class: name }: Change): string => `${name} ${id}`;

/** A change of something that the account owns. */
const isOwned = (change: Change): boolean => rowOf(change).kind !== 'user';

/** What dates do to a person, from when these changes were made. */
function courseOf(
  person: Person,
  made: readonly Change[],
  { kinds, context, find }: Foresight,
): readonly ScheduledChange[] {
  const { desired } = person;
  const first = personAfter(person, made, context, kinds);
  const found = [...find(first, context).scheduled];
  let states: readonly Person[] = [first];
  for (const { atMs, active } of switchesAfter(desired, context.desired.momentMs)) {
    const later = { ...desired, values: { ...desired.values, active } };
    const as = asOf(context, desired, atMs);
    const due = new Date(atMs).toISOString();
    const applied = states.map((before) => {
      const dated: Person = { ...before, desired: later, transition: transitionOf(later, before.live.user) };
      const { changes, scheduled } = find(dated, as);
      const then = personAfter(dated, changes, as, kinds);
      found.push(...changes.map((change) => ({ change, due })), ...scheduled, ...find(then, as).scheduled);
      return then;
    });
    states = [...applied, ...states];
  }
  return found;
}

/** A person once changes are made; what is wanted of them stays the same. */
function personAfter(
  person: Person,
  changes: readonly Change[],
  context: PlanContext,
  kinds: readonly ResourceDefinition[],
): Person {
  const actions = kinds.flatMap((kind) => kind.actions(person, changes, context));
  const live = kinds.reduce((before: Person['live'], kind) => {
    const after = kind.foresee(actions, before, context);
    return after === undefined ? before : { ...before, [kind.kind]: after };
  }, person.live);
  const { owedRoles: _given, ...others } = person;
  return { ...others, live, transition: transitionOf(person.desired, live.user) };
}

/** The same files as of a later moment; places are found by the entry as it is now. */
function asOf(context: PlanContext, desired: DesiredUser, momentMs: number): PlanContext {
  const locate: PlanContext['desired']['locate'] = (_user, part) => context.desired.locate(desired, part);
  return { ...context, desired: { ...context.desired, momentMs, locate } };
}

/** What concerns administration, or anything that an account owns, is listed whatever its day. */
const isGrave = ({ change }: ScheduledChange): boolean => change.concerns_admin !== undefined || isOwned(change);

/** A list that does not fit is cut at its end: many joins of teams must not hide an administrator who comes by a date. */
function gravityOf(one: ScheduledChange): number {
  const { concerns_admin: concern } = one.change;
  if (concern === 'gain') return 3;
  if (concern !== undefined) return 2;
  return isGrave(one) ? 1 : 0;
}

/** The scheduled changes that a plan lists, the gravest first, and how many more there are. */
export function listScheduled(
  all: readonly ScheduledChange[],
  momentMs: number,
): { readonly listed: readonly ScheduledChange[]; readonly later: number } {
  const lastMs = momentMs + listedDays * dayMs;
  const listed = all.filter((one) => isGrave(one) || Date.parse(one.due) <= lastMs);
  return {
    listed: listed.toSorted(
      (a, b) => gravityOf(b) - gravityOf(a) || compareText(a.due, b.due) || compareText(a.change.id, b.change.id),
    ),
    later: all.length - listed.length,
  };
}
