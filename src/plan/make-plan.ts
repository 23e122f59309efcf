import { digestOf } from '../model/canonical-json.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { LiveState, LiveUser } from '../model/live-state.ts';
import type { Action, Change, Notice, Plan, PlanSummary, UndeclaredAccount } from '../model/plan.ts';
import { changeClasses } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import type { Findings, Person, PlanContext, ResourceDefinition, Transition } from '../model/resource-definition.ts';
import type { Policy } from '../model/settings.ts';
import { isAdmin } from '../model/user-rules.ts';
import { handsOffOf } from './hands-off.ts';
import { type Match, matchPeople } from './identity.ts';
import { orderActions, type PersonDraft } from './order.ts';
import type { PersonChange, Sorted } from './person-change.ts';
import { blockTakenNames, followPrerequisites, holdCycles, type Need, needsOf } from './prerequisites.ts';
import { applyRails } from './rails/index.ts';
import { areSeatsTight } from './rails/seats.ts';
import { serviceNotices } from './service-notices.ts';
import { unknownRoles } from './unknown-roles.ts';

export interface PlanInput {
  readonly desired: DesiredState;
  readonly live: LiveState;
  readonly policy: Policy;
  readonly kinds: readonly ResourceDefinition[];
  readonly toolVersion: string;
}

export type PlanResult = { readonly plan: Plan } | { readonly problems: readonly Problem[] };

/**
 * From the two states to the plan: match, diff, hold, rails, actions, order. A pure function: the same input gives
 * the same bytes, and the order of the input never shows.
 *
 * @returns the plan, or the problems of the input that only show beside the live state
 */
export function makePlan({ desired, live, policy, kinds, toolVersion }: PlanInput): PlanResult {
  const context: PlanContext = { desired, facts: live.facts, policy };
  const { matches, problems: mismatches } = matchPeople(desired, live.users);
  const roleProblems = unknownRoles(context);
  if (mismatches.length + roleProblems.length > 0) return { problems: [...mismatches, ...roleProblems] };

  const people = matches.map((match) => toPerson(match, live, context));
  const found = people.map((person) => ({ person, findings: diffPerson(person, kinds, context) }));
  const problems = found.flatMap(({ findings }) => findings.problems);
  if (problems.length > 0) return { problems };

  const { sorted, needs } = sortChanges(found, live, context);
  const actions = makeActions(people, sorted, needs, kinds, context);
  return { plan: assemble({ desired, live, policy, toolVersion, matches, found, sorted, actions, context }) };
}

function toPerson(match: Match, live: LiveState, context: PlanContext): Person {
  const handsOff = handsOffOf(match, context);
  const tokens = match.live === undefined ? undefined : live.tokens.get(match.live.id);
  return {
    desired: match.desired,
    ...(match.live !== undefined && { live: match.live }),
    ...(tokens !== undefined && { liveTokens: tokens }),
    ...(handsOff !== undefined && { handsOff }),
    transition: transitionOf(match),
  };
}

/** What the plan means for a person's ability to sign in. An inactive account that the entry does not speak of stays so. */
export function transitionOf({ desired, live }: Match): Transition {
  if (live === undefined) return desired.values.active === false ? 'stays-away' : 'joins';
  const wanted = desired.values.active ?? live.values.active;
  if (live.values.active) return wanted ? 'stays' : 'leaves';
  return wanted ? 'returns' : 'stays-away';
}

function diffPerson(person: Person, kinds: readonly ResourceDefinition[], context: PlanContext): Findings {
  const all = kinds.map((kind) => kind.diff(person, context));
  return {
    changes: all.flatMap(({ changes }) => changes),
    held: all.flatMap(({ held }) => held),
    scheduled: all.flatMap(({ scheduled }) => scheduled),
    notices: all.flatMap(({ notices }) => notices),
    problems: all.flatMap(({ problems }) => problems),
  };
}

interface Found {
  readonly person: Person;
  readonly findings: Findings;
}

function sortChanges(
  found: readonly Found[],
  live: LiveState,
  context: PlanContext,
): { sorted: Sorted; needs: readonly Need[] } {
  const passed: PersonChange[] = found.flatMap(({ person, findings }) =>
    findings.changes.map((change) => ({ person, change })),
  );
  const heldBack: PersonChange[] = found.flatMap(({ person, findings }) =>
    findings.held.map(({ change }) => ({ person, change })),
  );
  const held = found.flatMap(({ findings }) => findings.held);
  const needs = needsOf(passed, heldBack, live.users);
  const start = blockTakenNames(holdCycles({ passed, held, blocked: [] }, needs), live.users);
  return { sorted: applyRails(followPrerequisites(start, needs), needs, context), needs };
}

function makeActions(
  people: readonly Person[],
  sorted: Sorted,
  needs: readonly Need[],
  kinds: readonly ResourceDefinition[],
  context: PlanContext,
): readonly Action[] {
  const passed = new Map<Person, Change[]>();
  for (const { person, change } of sorted.passed) passed.set(person, [...(passed.get(person) ?? []), change]);
  const drafts: PersonDraft[] = people.flatMap((person) => {
    const changes = passed.get(person) ?? [];
    if (changes.length === 0) return [];
    return kinds
      .flatMap((kind) => kind.actions(person, changes, context))
      .map((draft) => ({ username: person.desired.username, draft }));
  });
  return orderActions(drafts, needs, areSeatsTight(sorted.passed, context.facts));
}

interface Parts {
  readonly desired: DesiredState;
  readonly live: LiveState;
  readonly policy: Policy;
  readonly toolVersion: string;
  readonly matches: readonly Match[];
  readonly found: readonly Found[];
  readonly sorted: Sorted;
  readonly actions: readonly Action[];
  readonly context: PlanContext;
}

function assemble(parts: Parts): Plan {
  const { desired, live, toolVersion, found, sorted, actions } = parts;
  const { facts } = live;
  const scheduled = found.flatMap(({ findings }) => findings.scheduled);
  const content: Omit<Plan, 'digest'> = {
    format: 'muster-plan',
    version: 1,
    tool: { name: 'mattermuster', version: toolVersion },
    server: { url: facts.url, key: facts.key, version: facts.version, caller: facts.caller.username },
    desired: { digest: desired.digest, moment: new Date(desired.momentMs).toISOString(), files: desired.files },
    summary: summarize(parts, scheduled.length),
    actions,
    held: byChange(sorted.held),
    blocked: byChange(sorted.blocked),
    scheduled: byChange(scheduled),
    notices: noticesOf(parts),
    undeclared: undeclaredOf(parts),
  };
  return { ...content, digest: digestOf(content) };
}

function byChange<T extends { readonly change: Change }>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => (a.change.id < b.change.id ? -1 : a.change.id > b.change.id ? 1 : 0));
}

function summarize({ desired, live, matches, found, sorted, actions }: Parts, scheduled: number): PlanSummary {
  const changes = actions.flatMap((action) => action.changes);
  const counts = changeClasses
    .map((name) => [name, changes.filter((change) => change.class === name).length] as const)
    .filter(([, count]) => count > 0);
  const isAsWanted = ({ person, findings }: Found): boolean =>
    person.live !== undefined && findings.changes.length + findings.held.length === 0;
  return {
    declared: desired.users.length,
    matched: matches.filter((match) => match.live !== undefined).length,
    unchanged: found.filter(isAsWanted).length,
    people: new Set(actions.map(({ person }) => person)).size,
    actions: actions.length,
    changes: Object.fromEntries(counts),
    held: sorted.held.length,
    blocked: sorted.blocked.length,
    scheduled,
    mails: live.facts.sendsMail ? actions.reduce((sum, { mails }) => sum + mails, 0) : 0,
  };
}

function noticesOf({ found, sorted, context }: Parts): readonly Notice[] {
  const notices = [...found.flatMap(({ findings }) => findings.notices), ...serviceNotices(sorted.passed, context)];
  const key = ({ code, person }: Notice): string => `${person ?? ''} ${code}`;
  return notices.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

/** Accounts that were seen and that no entry stands for: concluded from presence, never from absence. */
function undeclaredOf({ live, matches, policy }: Parts): readonly UndeclaredAccount[] {
  if (policy.undeclaredUsers === 'ignore' || !live.coverage.listed) return [];
  const declared = new Set(matches.map((match) => match.live?.id));
  const isUndeclared = (user: LiveUser): boolean =>
    !declared.has(user.id) && user.values.active && !user.isBot && !user.isRemote;
  return [...live.users.values()]
    .filter(isUndeclared)
    .map(({ id, values }) => ({ id, username: values.username, admin: isAdmin(values.roles) }))
    .sort((a, b) => (a.username < b.username ? -1 : 1));
}
