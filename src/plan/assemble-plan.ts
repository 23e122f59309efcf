import type { SetAside } from '../match/match-people.ts';
import type { BorneName } from '../model/borne-names.ts';
import { digestOf } from '../model/canonical-json.ts';
import { changeClasses } from '../model/change-classes.ts';
import { byText } from '../model/compare.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { OwedByRun } from '../model/first-roles.ts';
import { groupBy } from '../model/group-by.ts';
import type { LiveState } from '../model/live-state.ts';
import type {
  Action,
  Change,
  Notice,
  Plan,
  PlanBound,
  PlanSummary,
  ScheduledChange,
  SettingsComparison,
} from '../model/plan.ts';
import type { Findings, Match, Person, ResourceDefinition } from '../model/resource-definition.ts';
import type { Policy } from '../model/settings.ts';
import type { Doubts } from '../model/unusable.ts';
import { administratorsNames } from './administrators-names.ts';
import { leftOwing } from './first-roles.ts';
import { countMails, countMessages, mailsOfActions, messagesOfActions, newPeopleOf } from './mails.ts';
import type { Narrowing } from './narrow.ts';
import { type PreviouslyDeclared, previouslyDeclaredOf, undeclaredOf } from './not-declared.ts';
import type { Sorted } from './person-change.ts';
import type { UsedApproval } from './rails/budgets.ts';
import { listScheduled } from './scheduled.ts';
import { botNotices, inviteNotices, oneWayNotices, serviceNotices } from './service-notices.ts';
import type { UndoneRun } from './undo.ts';
import { concerning, stillOwed, toPlan } from './unusable.ts';

/** A person with everything that was found out about them. */
export interface Found {
  readonly person: Person;
  readonly findings: Findings;
}

/** What a plan is put together from. */
export interface PlanParts {
  readonly desired: DesiredState;
  readonly live: LiveState;
  readonly policy: Policy;
  readonly toolVersion: string;
  readonly bound?: PlanBound;
  readonly undone?: UndoneRun;
  readonly narrowing?: Narrowing;
  readonly previouslyDeclared?: readonly PreviouslyDeclared[];
  readonly notices?: readonly Notice[];
  readonly borne?: readonly BorneName[];
  readonly compared?: SettingsComparison;
  readonly people: readonly Match[];
  /** Entries that cannot be used, all of them. */
  readonly unusable: readonly SetAside[];
  readonly doubts: Doubts;
  /** People whose unusable entries count; by default those whom the plan is limited to. */
  readonly concerned?: ReadonlySet<string>;
  readonly owedRoles?: readonly OwedByRun[];
  readonly kinds: readonly ResourceDefinition[];
  readonly found: readonly Found[];
  /** What entries that cannot be used will do once they can. */
  readonly onceUsable: readonly ScheduledChange[];
  readonly sorted: Sorted;
  readonly actions: readonly Action[];
  readonly approvals: readonly UsedApproval[];
  /** Changes that the narrowing left out. */
  readonly leftOut: number;
}

/** The plan as data: sorted, with its totals and its digest. */
export function assemblePlan(parts: PlanParts): Plan {
  const { desired, live, toolVersion, found, sorted, actions, approvals } = parts;
  const { facts } = live;
  const { listed: scheduled, later } = listScheduled(
    [...found.flatMap(({ findings }) => findings.scheduled), ...parts.onceUsable],
    desired.momentMs,
  );
  const previously = previouslyDeclaredOf(parts);
  const owed = [...leftOwing(found, sorted.passed), ...stillOwed(parts.unusable, parts.owedRoles ?? [])];
  const newPeople = newPeopleOf(actions, facts);
  const mails = mailsOfActions(actions, facts);
  const messages = messagesOfActions(actions);
  const unusable = concerning(parts.unusable, parts.concerned, parts.people);
  const content: Omit<Plan, 'digest'> = {
    format: 'muster-plan',
    version: 1,
    tool: { name: 'mattermuster', version: toolVersion },
    server: { url: facts.url, key: facts.key, version: facts.version, caller: facts.caller.username },
    desired: { ...asOf(desired.digest, desired.momentMs), files: desired.files },
    ...undonePart(parts),
    ...(parts.bound !== undefined && { bound: parts.bound }),
    ...(parts.compared !== undefined && { compared: parts.compared }),
    ...narrowedPart(parts),
    ...(approvals.length > 0 && { approvals: approvals.map(toPlanApproval) }),
    summary: summarize(parts, {
      unusable: unusable.length,
      scheduled: scheduled.length,
      later,
      mails: countMails(mails),
      messages: countMessages(messages),
    }),
    ...(unusable.length > 0 && { unusable: unusable.map(toPlan) }),
    actions,
    held: byChange(sorted.held),
    blocked: byChange(sorted.blocked),
    scheduled,
    notices: noticesOf(parts),
    undeclared: undeclaredOf(parts, previously),
    ...(previously.length > 0 && { previously_declared: previously }),
    ...(newPeople.length > 0 && { new_people: newPeople }),
    ...(mails.length > 0 && { mails }),
    ...(messages.length > 0 && { messages }),
    ...(owed.length > 0 && { owed_roles: owed }),
  };
  return { ...content, digest: digestOf(content) };
}

const asOf = (digest: string, momentMs: number): Pick<Plan['desired'], 'digest' | 'moment'> => ({
  digest,
  moment: new Date(momentMs).toISOString(),
});

/**
 * A plan as it is at another moment, where nothing that it was made from is another one.
 *
 * @param digest - of the desired state as of that moment
 */
export function planAsOf(plan: Plan, digest: string, momentMs: number): Plan {
  const { digest: _, ...before } = plan;
  const content = { ...before, desired: { ...before.desired, ...asOf(digest, momentMs) } };
  return { ...content, digest: digestOf(content) };
}

function undonePart({ undone }: PlanParts): Pick<Plan, 'undoes' | 'takes_back'> {
  if (undone === undefined) return {};
  const { run, started, actions, caller } = undone;
  return { undoes: run, takes_back: { started, actions, caller } };
}

function narrowedPart({ narrowing, leftOut }: PlanParts): Pick<Plan, 'narrowed'> {
  if (narrowing?.users === undefined && narrowing?.classes === undefined) return {};
  const { users, classes } = narrowing;
  return {
    narrowed: {
      ...(users !== undefined && { users: [...users].toSorted() }),
      ...(classes !== undefined && { classes: changeClasses.filter((name) => classes.has(name)) }),
      left_out: leftOut,
    },
  };
}

function toPlanApproval({ approval, lifted }: UsedApproval): NonNullable<Plan['approvals']>[number] {
  const { class: name, by, reason, expires, standing, authorship } = approval;
  return {
    class: name,
    by,
    reason,
    expires,
    lifted,
    ...(standing === 'pull-request' && { conditional: true }),
    ...(authorship !== undefined && { authorship }),
  };
}

function byChange<T extends { readonly change: Change }>(items: readonly T[]): readonly T[] {
  return items.toSorted(byText(({ change }) => change.id));
}

const isAsWanted = ({ person, findings }: Found): boolean =>
  person.live.user !== undefined && findings.changes.length + findings.held.length === 0;

function summarize(
  { desired, people, unusable: all, found, sorted, actions }: PlanParts,
  counted: Readonly<Record<'unusable' | 'scheduled' | 'later' | 'mails' | 'messages', number>>,
): PlanSummary {
  const { unusable, scheduled, later, mails, messages } = counted;
  const changes = actions.flatMap((action) => action.changes);
  const counts = changeClasses
    .map((name) => [name, changes.filter((change) => change.class === name).length] as const)
    .filter(([, count]) => count > 0);
  return {
    declared: desired.users.length + desired.unusable.filter(({ person }) => person !== undefined).length,
    matched: people.filter(({ account }) => account !== undefined).length,
    unchanged: found.filter(isAsWanted).length,
    people: new Set(actions.map(({ person }) => person)).size,
    actions: actions.length,
    changes: Object.fromEntries(counts),
    ...(unusable > 0 && { unusable }),
    ...(all.length > unusable && { unusable_elsewhere: all.length - unusable }),
    held: sorted.held.length,
    blocked: sorted.blocked.length,
    scheduled,
    ...(later > 0 && { scheduled_later: later }),
    mails,
    ...(messages > 0 && { messages }),
  };
}

const noChanges: readonly Change[] = [];

const keyOf = ({ code, person, text }: Notice): string => `${person ?? ''} ${code} ${text}`;

function noticesOf({
  found,
  sorted,
  live,
  policy,
  kinds,
  borne = [],
  notices: more = [],
}: PlanParts): readonly Notice[] {
  const people = found.map(({ person }) => person);
  const passed = groupBy(sorted.passed, ({ person }) => person);
  const madeTo = (person: Person): readonly Change[] => passed.get(person)?.map(({ change }) => change) ?? noChanges;
  const notices: Notice[] = [
    ...more,
    ...administratorsNames(found, live, borne),
    ...found.flatMap(({ findings }) => findings.notices),
    ...serviceNotices(sorted.passed, live.facts),
    ...oneWayNotices(sorted.passed, live.facts),
    ...botNotices(sorted.passed, live),
    ...inviteNotices(sorted.passed, live.facts, policy),
  ];
  for (const person of people) {
    const made = madeTo(person);
    for (const kind of kinds) notices.push(...kind.afterwards(person, made));
  }
  return notices.toSorted(byText(keyOf));
}
