/**
 * What the dates of entries will do later. A date in a file must not be a way around a review: what it will change stands
 * in every plan from the day on which it is written, with its class and its day.
 */

import { transitionOf } from '../match/match-people.ts';
import { rowOf } from '../model/change-classes.ts';
import { compareText } from '../model/compare.ts';
import type { DesiredUser } from '../model/desired-state.ts';
import { dayMs } from '../model/duration.ts';
import type { Change, ScheduledChange } from '../model/plan.ts';
import type { Findings, Person, PlanContext } from '../model/resource-definition.ts';

/** Dated changes of other kinds are listed when they are due within so many days; the rest is counted. */
const listedDays = 30;

interface Switch {
  readonly atMs: number;
  readonly active: boolean;
}

/** When dates of an entry will make the person active, or inactive, after a moment. */
function switchesAfter({ dates = {} }: DesiredUser, momentMs: number): readonly Switch[] {
  const { startsMs, endsMs } = dates;
  const all: readonly Switch[] = [
    ...(startsMs === undefined ? [] : [{ atMs: startsMs, active: true }]),
    ...(endsMs === undefined ? [] : [{ atMs: endsMs, active: false }]),
  ];
  return all.filter(({ atMs }) => atMs > momentMs).toSorted((a, b) => a.atMs - b.atMs);
}

/** Whether a person is wanted active since a date that has come: their entry alone changed nothing today. */
export function isDueByDate({ desired, transition }: Person, momentMs: number): boolean {
  const startsMs = desired.dates?.startsMs;
  return startsMs !== undefined && startsMs <= momentMs && (transition === 'joins' || transition === 'returns');
}

/**
 * What the dates of one person will change, as everything stands today.
 *
 * @param find - every difference of a person, kind by kind
 * @param now - what was found as of the plan's own moment
 */
export function scheduledByDate(
  person: Person,
  context: PlanContext,
  now: Findings,
  find: (person: Person, context: PlanContext) => Findings,
): readonly ScheduledChange[] {
  const { desired, live } = person;
  const known = new Set([...now.changes, ...now.scheduled.map(({ change }) => change)].map(({ id }) => id));
  const found: ScheduledChange[] = [];
  let isActive = live.user?.values.active === true;
  for (const { atMs, active } of switchesAfter(desired, context.desired.momentMs)) {
    const later = { ...desired, values: { ...desired.values, active } };
    const then: Person = { ...person, desired: later, transition: transitionOf(later, live.user) };
    const { changes } = find(then, asOf(context, desired, atMs));
    const due = new Date(atMs).toISOString();
    const dated = changes.length === 0 && !active && isActive ? [leaves(person, context)] : changes;
    for (const change of dated) {
      if (known.has(change.id)) continue;
      known.add(change.id);
      found.push({ change, due });
    }
    isActive = active;
  }
  return found;
}

/** The same files as of a later moment; places are found by the entry as it is now. */
function asOf(context: PlanContext, desired: DesiredUser, momentMs: number): PlanContext {
  const locate: PlanContext['desired']['locate'] = (_user, part) => context.desired.locate(desired, part);
  return { ...context, desired: { ...context.desired, momentMs, locate } };
}

/** A person whom an earlier date makes active, and a later one inactive again. */
function leaves({ desired }: Person, context: PlanContext): Change {
  const { file, line, column } = context.desired.locate(desired, 'active');
  return {
    id: `${desired.username}/active/until`,
    class: 'deactivate',
    person: desired.username,
    attribute: 'active',
    before: true,
    after: false,
    reason: { text: desired.window ?? 'declared', rule: 'window', file, line, column },
  };
}

/** What concerns administration, or anything that an account owns, is listed whatever its day. */
const isGrave = ({ change }: ScheduledChange): boolean =>
  change.concerns_admin !== undefined || rowOf(change).kind !== 'user';

/** The scheduled changes that a plan lists, the gravest first, and how many more there are. */
export function listScheduled(
  all: readonly ScheduledChange[],
  momentMs: number,
): { readonly listed: readonly ScheduledChange[]; readonly later: number } {
  const lastMs = momentMs + listedDays * dayMs;
  const listed = all.filter((one) => isGrave(one) || Date.parse(one.due) <= lastMs);
  return {
    listed: listed.toSorted(
      (a, b) =>
        Number(isGrave(b)) - Number(isGrave(a)) || compareText(a.due, b.due) || compareText(a.change.id, b.change.id),
    ),
    later: all.length - listed.length,
  };
}
