/**
 * What entries that cannot be used today will do once a date of theirs has come: of a person who is wanted inactive by then, less
 * is in doubt. An entry must not get past a review by being of no use on that day. Nothing but a date, or a change by hand, makes an
 * entry usable: the plan leaves alone whatever account it may mean.
 */
import { type Matching, matchPeople } from '../match/match-people.ts';
import { switchesAfter } from '../model/dated-switches.ts';
import type { DesiredState, DesiredUser } from '../model/desired-state.ts';
import type { LiveState } from '../model/live-state.ts';
import type { ScheduledChange } from '../model/plan.ts';
import type { Match, Person, PlanContext } from '../model/resource-definition.ts';
import { type Foresight, scheduledAfter } from './scheduled.ts';

export interface UsableLaterInput {
  readonly matching: Matching;
  readonly live: LiveState;
  readonly foresight: Foresight;
  readonly toPerson: (match: Match, context: PlanContext) => Person;
}

/** What each of these people comes to, and when. */
export function usableLater({ matching, live, foresight, toPerson }: UsableLaterInput): readonly ScheduledChange[] {
  const { context } = foresight;
  const { desired } = context;
  const setAside = new Set(matching.unusable.flatMap(({ match }) => match?.desired ?? []));
  if (setAside.size === 0) return [];
  const moments = new Set(
    [...setAside].flatMap((user) => switchesAfter(user, desired.momentMs).map(({ atMs }) => atMs)),
  );
  const scheduled: ScheduledChange[] = [];
  for (const atMs of moments) {
    const { later, original } = asOf(desired, atMs);
    const as: PlanContext = { ...context, desired: later };
    for (const match of matchPeople(later, live.users, live.coverage.refusedEmails).people)
      if (setAside.has(original(match.desired)))
        scheduled.push(...changesOf(toPerson(match, as), { ...foresight, context: as }));
  }
  return firstOfEach(scheduled);
}

/** What is found of a person whose entry can be used from a moment on, as due at it; nothing where it cannot after all. */
function changesOf(person: Person, foresight: Foresight): ScheduledChange[] {
  const { context, find } = foresight;
  const findings = find(person, context);
  if (findings.problems.length > 0) return [];
  const due = new Date(context.desired.momentMs).toISOString();
  return [
    ...findings.changes.map((change) => ({ change, due })),
    ...scheduledAfter(person, findings, findings.changes, foresight),
  ].map(onceUsable);
}

function onceUsable({ change, due }: ScheduledChange): ScheduledChange {
  const { reason } = change;
  return { change: { ...change, reason: { ...reason, text: `${reason.text}; once the entry can be used` } }, due };
}

function firstOfEach(all: readonly ScheduledChange[]): readonly ScheduledChange[] {
  const first = new Map<string, ScheduledChange>();
  for (const one of all.toSorted((a, b) => Date.parse(a.due) - Date.parse(b.due))) {
    const key = `${one.change.class} ${one.change.id}`;
    if (!first.has(key)) first.set(key, one);
  }
  return [...first.values()];
}

/** The files as of a later moment; places are found by the entries as they are now. */
function asOf(
  desired: DesiredState,
  momentMs: number,
): { readonly later: DesiredState; readonly original: (user: DesiredUser) => DesiredUser } {
  const originals = new Map<DesiredUser, DesiredUser>();
  const original = (user: DesiredUser): DesiredUser => originals.get(user) ?? user;
  const users = desired.users.map((user) => {
    const last = switchesAfter(user, desired.momentMs).findLast(({ atMs }) => atMs <= momentMs);
    if (last === undefined) return user;
    const switched = { ...user, values: { ...user.values, active: last.active } };
    originals.set(switched, user);
    return switched;
  });
  return {
    later: { ...desired, users, momentMs, locate: (user, part) => desired.locate(original(user), part) },
    original,
  };
}
