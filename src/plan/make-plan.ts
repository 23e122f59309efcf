import { type Matching, setAside } from '../match/match-people.ts';
import type { Approval } from '../model/approval.ts';
import type { BorneName } from '../model/borne-names.ts';
import type { DesiredState, DesiredUser } from '../model/desired-state.ts';
import type { OwedByRun } from '../model/first-roles.ts';
import { groupBy } from '../model/group-by.ts';
import type { IssuedTokens } from '../model/issued-tokens.ts';
import { ownedBy, seenOf } from '../model/kinds.ts';
import type { LiveState } from '../model/live-state.ts';
import type { Change, Notice, Plan, PlanBound, ScheduledChange, SettingsComparison } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import type {
  Delivery,
  Findings,
  Match,
  Person,
  PlanContext,
  ResourceDefinition,
} from '../model/resource-definition.ts';
import { noFindings } from '../model/resource-definition.ts';
import type { Policy } from '../model/settings.ts';
import type { Shown } from '../model/shown.ts';
import type { WindowUse } from '../model/window-use.ts';
import { nothingWithheld, type Withheld } from '../model/withheld.ts';
import { markAdministration } from './admin-concern.ts';
import { assemblePlan, type Found, type PlanParts } from './assemble-plan.ts';
import { markConditional } from './conditional.ts';
import { holdContested } from './contested.ts';
import { breakCycles, forgetStepsAside, holdCycles } from './cycles.ts';
import { owedTo } from './first-roles.ts';
import { handsOffOf } from './hands-off.ts';
import { makeActions } from './make-actions.ts';
import { type Narrowing, narrowChanges } from './narrow.ts';
import type { PreviouslyDeclared } from './not-declared.ts';
import type { PersonChange, Sorted } from './person-change.ts';
import { blockTakenNames, followPrerequisites, type Need, needsOf } from './prerequisites.ts';
import { budgetRail, type Population, populationOf, type UsedApproval, usedApprovals } from './rails/budgets.ts';
import { applyRails, possibleRails } from './rails/index.ts';
import { kindRails } from './rails/kinds.ts';
import { minAdmins } from './rails/min-admins.ts';
import { notShownRail } from './rails/not-shown.ts';
import { quarantineRail } from './rails/quarantine.ts';
import type { Rail } from './rails/rail.ts';
import { seats } from './rails/seats.ts';
import { windowRail, windowUnknown } from './rails/window.ts';
import { type Foresight, scheduledAfter } from './scheduled.ts';
import { type PlanSelection, planSelection, type Selected, type SelectionInput } from './selection.ts';
import { findStrangers } from './strangers.ts';
import type { UndoneRun } from './undo.ts';
import { unknownRoles } from './unknown-roles.ts';
import { holdWantedNames, mayBeNew, onCreateProblems } from './unusable.ts';
import { usableLater } from './usable-later.ts';

export interface PlanInput {
  readonly desired: DesiredState;
  /** Who the entries mean. */
  readonly matching: Matching;
  readonly live: LiveState;
  readonly policy: Policy;
  readonly kinds: readonly ResourceDefinition[];
  readonly toolVersion: string;
  /** Where secrets of new things go. */
  readonly delivery?: Delivery;
  /** Gains of administration that a plan has shown before; none by default. */
  readonly shown?: Shown;
  /** Tokens that applied plans made: a rotation on the same terms needs no approval; none by default. */
  readonly issued?: IssuedTokens;
  /** What earlier runs used of the budgets; nothing by default. */
  readonly window?: WindowUse;
  /** What lifts budgets; none by default. */
  readonly approvals?: readonly Approval[];
  /** What the plan is limited to, after the rails have seen everything. */
  readonly narrowing?: Narrowing;
  /** The actions of an older plan that may be carried out; what is counted is counted over them alone. */
  readonly selection?: PlanSelection;
  /** Digests of the rules that the plan is made under. */
  readonly bound?: PlanBound;
  /** The run that the plan takes back. */
  readonly undone?: UndoneRun;
  /** What else a reader of the plan must know. */
  readonly notices?: readonly Notice[];
  /** Accounts that an earlier apply knew as declared, as far as the server showed them. */
  readonly previouslyDeclared?: readonly PreviouslyDeclared[];
  /** Names that earlier plans took from administrators; none by default. */
  readonly borne?: readonly BorneName[];
  /** Roles that the run before could not assign to accounts that it made. */
  readonly owedRoles?: readonly OwedByRun[];
  /** What earlier cycles of muster reconcile leave to others; nothing by default. */
  readonly withheld?: Withheld;
  /** How the settings differ from those of the base. */
  readonly compared?: SettingsComparison;
}

export interface PlanResult {
  readonly plan: Plan;
  /** Who the entries mean, without those that the comparison has shown to be unusable. */
  readonly matching: Matching;
  /** Where the plan was limited to a selection, what became of each of its actions. */
  readonly selected?: Selected;
}

/**
 * From the two states to the plan: diff, hold, rails, actions, order. A pure function: the same input gives
 * the same bytes, and the order of the input never shows. Entries that cannot be used stop no other person.
 */
export function makePlan(input: PlanInput): PlanResult {
  const basis = basisOf(input);
  return input.selection === undefined ? wholePlan(input, basis) : selectedPlan(input, input.selection, basis);
}

/** What a plan is made from, whatever it is limited to. */
interface Basis {
  readonly matching: Matching;
  readonly context: PlanContext;
  readonly found: readonly Found[];
  readonly strangers: readonly Found[];
  /** Those with an entry, and strangers. */
  readonly people: readonly Person[];
  readonly foresight: Foresight;
  readonly onceUsable: readonly ScheduledChange[];
  readonly population: Population;
  readonly possible: Sorted;
  readonly needs: readonly Need[];
  /** What must not be done, with approvals or without. */
  readonly protecting: readonly Rail[];
  /** What counts, and may be approved. */
  readonly counting: readonly Rail[];
  /** The same with the approvals of the base alone. */
  readonly countingByBase: readonly Rail[];
}

function basisOf(input: PlanInput): Basis {
  const { kinds, live, policy } = input;
  const { matching, context, found } = findUsable(input);
  const declared = found.map(({ person }) => person);
  const strangers = findStrangers(live, matching, kinds, context);
  const foresight: Foresight = { kinds, context, find: (person, as) => findAll(person, as, kinds, input.issued) };
  const toLater = (match: Match, as: PlanContext): Person => toPerson(match, input, as);
  const population = populationOf(declared, kinds, policy);
  const ofBase = input.approvals?.filter(({ standing }) => standing !== 'pull-request') ?? [];
  return {
    matching,
    context,
    found,
    strangers,
    people: [...declared, ...strangers.map(({ person }) => person)],
    foresight,
    onceUsable: usableLater({ matching, live, foresight, toPerson: toLater }),
    population,
    ...possibleChanges([...found, ...strangers], input, context),
    protecting: [minAdmins, ...kindRails(kinds)],
    counting: railsOf(population, input),
    countingByBase: railsOf(population, { ...input, approvals: ofBase }),
  };
}

/** Of everything that is possible, as much as the rails let pass and the plan is limited to. */
function wholePlan(input: PlanInput, basis: Basis): PlanResult {
  const { kinds, narrowing = {} } = input;
  const { matching, context, found, strangers, possible, needs, protecting, counting } = basis;
  const uncounted = applyRails(possible, needs, context, protecting);
  const sorted = forgetStepsAside(applyRails(uncounted, needs, context, counting));
  // A person who would have made room may be left out, and then those who need the room are, too.
  const withoutRoom = (passed: readonly PersonChange[]): ReadonlySet<Change> =>
    new Set(seats.check(passed, context).keys());
  const narrowed = narrowChanges(sorted.passed, needs, narrowing, withoutRoom);
  const kept: Sorted = { ...sorted, passed: narrowed.passed };
  const passWithout = (): readonly PersonChange[] =>
    forgetStepsAside(applyRails(uncounted, needs, context, basis.countingByBase)).passed;
  const made = makeActions(basis.people, kept, needs, kinds, context);
  const plan = assemblePlan({
    ...input,
    ...matchedIn(basis),
    notices: [
      ...(input.notices ?? []),
      ...(input.window?.state === 'unknown' ? [windowUnknown] : []),
      ...undeclaredNotices(input, matching, context),
      ...strangers.flatMap(({ findings }) => findings.notices),
    ],
    ...(narrowing.users !== undefined && { concerned: narrowing.users }),
    found: withDates(found, sorted, basis.foresight),
    sorted: kept,
    actions: markConditional(made, input.approvals ?? [], passWithout),
    approvals: usedApprovalsOf(uncounted, basis.population, input),
    leftOut: narrowed.leftOut,
  });
  return { plan, matching };
}

/** Of an older plan, the actions that the plan of now contains, too; what is counted is counted over them alone. */
function selectedPlan(input: PlanInput, selection: PlanSelection, basis: Basis): PlanResult {
  const { kinds } = input;
  const { matching, context, people, possible, needs, protecting, counting } = basis;
  const { unusable } = matching;
  const select = (rails: readonly Rail[]): ReturnType<typeof planSelection> => {
    const planOf: SelectionInput['planOf'] = (passed) => {
      const whole = { ...possible, passed: narrowChanges(passed, needs, {}).passed };
      const uncounted = applyRails(whole, needs, context, protecting);
      const sorted = forgetStepsAside(applyRails(uncounted, needs, context, rails));
      return { uncounted, sorted, actions: makeActions(people, sorted, needs, kinds, context) };
    };
    return planSelection({ selection, possible, people, unusable, kinds, planOf });
  };
  const { uncounted, sorted, actions: made, selected } = select(counting);
  // What the older plan showed as stopped is judged in the whole of the new one.
  const whole = applyRails(possible, needs, context, [...protecting, ...counting]).blocked;
  const own: Sorted = { ...sorted, ...stoppedOf(selection, sorted, whole) };
  const plan = assemblePlan({
    ...input,
    ...matchedIn(basis),
    narrowing: input.narrowing ?? { users: new Set(selection.actions.map(({ person }) => person)) },
    ...(selection.concerned !== undefined && { concerned: selection.concerned }),
    found: withDates(basis.found, sorted, basis.foresight),
    sorted: own,
    actions: markConditional(made, input.approvals ?? [], () => select(basis.countingByBase).sorted.passed),
    approvals: usedApprovalsOf(uncounted, basis.population, input),
    leftOut: possible.passed.length - sorted.passed.length - own.blocked.length,
  });
  return { plan, matching, selected };
}

/** What a plan says of changes that are stopped, where it is limited to a selection: those that the older plan showed. */
function stoppedOf(
  { actions, stopped = new Set() }: PlanSelection,
  sorted: Sorted,
  inWhole: Sorted['blocked'],
): Pick<Sorted, 'held' | 'blocked'> {
  const ids = new Set([...actions.flatMap(({ changes }) => changes.map(({ id }) => id)), ...stopped]);
  const isSelected = ({ change }: { readonly change: Change }): boolean => ids.has(change.id);
  const listed = new Set(sorted.blocked.map(({ change }) => change));
  const others = inWhole.filter(({ change }) => stopped.has(change.id) && !listed.has(change));
  return { held: sorted.held.filter(isSelected), blocked: [...sorted.blocked.filter(isSelected), ...others] };
}

/** Who is meant, and who cannot be used. */
const matchedIn = ({
  matching: { people, unusable, doubts },
  onceUsable,
}: Basis): Pick<PlanParts, 'people' | 'unusable' | 'doubts' | 'onceUsable'> => ({
  people,
  unusable,
  doubts,
  onceUsable,
});

/** What kinds say of administrators that no entry stands for. */
function undeclaredNotices(
  { live, kinds }: PlanInput,
  { people, doubts }: Matching,
  context: PlanContext,
): readonly Notice[] {
  const undeclared = new Map(live.facts.admins.map((admin) => [admin.id, admin]));
  for (const { account } of people) if (account !== undefined) undeclared.delete(account.id);
  const admins = live.facts.admins.filter((admin) => undeclared.has(admin.id) && doubts.about(admin).length === 0);
  return kinds.flatMap((kind) => kind.undeclared(live.seen ?? {}, admins, context));
}

/** Every difference of the people whose entries can be used; whose cannot shows in part only beside what is there. */
function findUsable(input: PlanInput): { matching: Matching; context: PlanContext; found: readonly Found[] } {
  const { desired, live, policy, kinds, delivery } = input;
  let { matching } = input;
  for (;;) {
    const { people, unusable, doubts } = matching;
    const context: PlanContext = {
      desired,
      facts: live.facts,
      policy,
      doubts,
      mayJoin: unusable.filter(mayBeNew).length,
      ...(delivery !== undefined && { delivery }),
      ...(live.common !== undefined && { common: live.common }),
    };
    const problems = new Map<DesiredUser, readonly Problem[]>();
    const found = people.map((match): Found => {
      const person = toPerson(match, input, context);
      const findings = findAll(person, context, kinds, input.issued);
      const [ofRoles, ofCreate] = [unknownRoles(match, context), onCreateProblems(match)];
      if (ofRoles.length + ofCreate.length + findings.problems.length > 0)
        problems.set(match.desired, [...ofRoles, ...ofCreate, ...findings.problems]);
      return { person, findings };
    });
    if (problems.size === 0) return { matching, context, found };
    // Whom they may mean is left alone, which may be one of the others.
    matching = setAside(matching, problems, desired, live.users);
  }
}

function toPerson(match: Match, { live, owedRoles = [] }: PlanInput, context: PlanContext): Person {
  const { desired, account, transition } = match;
  const handsOff = handsOffOf(match, context);
  const owed = owedTo(match, owedRoles);
  return {
    desired,
    live: account === undefined ? {} : { user: account, ...ownedBy(account.id, live.owned) },
    ...(handsOff !== undefined && { handsOff }),
    ...(owed !== undefined && { owedRoles: owed }),
    ...(account !== undefined && live.seen !== undefined && { seen: seenOf(account.id, live.seen) }),
    transition,
  };
}

/** Every difference of a person, with what it has to do with administration. */
const findAll = (
  person: Person,
  context: PlanContext,
  kinds: readonly ResourceDefinition[],
  issued: IssuedTokens = new Set(),
): Findings => markAdministration(diffPerson(person, kinds, context), person, context, kinds, issued);

/** With what dates will change after what passed. */
function withDates(found: readonly Found[], { passed }: Sorted, foresight: Foresight): readonly Found[] {
  const own = groupBy(passed, ({ person }) => person);
  return found.map((one) => {
    const { person, findings } = one;
    const made = own.get(person)?.map(({ change }) => change) ?? [];
    const scheduled = scheduledAfter(person, findings, made, foresight);
    return scheduled === findings.scheduled ? one : { person, findings: { ...findings, scheduled } };
  });
}

function diffPerson(person: Person, kinds: readonly ResourceDefinition[], context: PlanContext): Findings {
  let only = noFindings;
  let all: Findings[] | undefined;
  for (const kind of kinds) {
    const findings = kind.diff(person, context);
    if (findings === noFindings) continue;
    if (only === noFindings) only = findings;
    else (all ??= [only]).push(findings);
  }
  if (all === undefined) return only;
  return {
    changes: all.flatMap(({ changes }) => changes),
    held: all.flatMap(({ held }) => held),
    scheduled: all.flatMap(({ scheduled }) => scheduled),
    notices: all.flatMap(({ notices }) => notices),
    problems: all.flatMap(({ problems }) => problems),
  };
}

/** What the server and the holders of names allow, whatever its amount; with what each change needs. */
function possibleChanges(
  found: readonly Found[],
  { live, kinds, withheld = nothingWithheld }: PlanInput,
  context: PlanContext,
): { possible: Sorted; needs: readonly Need[] } {
  // Of most people nothing differs.
  const differing = found.filter(({ findings: { changes: own, held } }) => own.length + held.length > 0);
  const changesOf = (pick: (findings: Findings) => readonly Change[]): PersonChange[] =>
    differing.flatMap(({ person, findings }) => pick(findings).map((change) => ({ person, change })));
  const changes = changesOf((findings) => findings.changes);
  const named = context.doubts === undefined ? { passed: changes, held: [] } : holdWantedNames(changes, context.doubts);
  const { passed, held: contested } = holdContested(named.passed, withheld);
  const wanted = [...named.held, ...contested];
  const held = [...differing.flatMap(({ findings }) => findings.held), ...wanted.map(({ verdict }) => verdict)];
  const heldChanges = changesOf((findings) => findings.held.map(({ change }) => change));
  const allNeeds = needsOf(passed, [...heldChanges, ...wanted], live.users, kinds);
  const { sorted, needs } = breakCycles({ passed, held, blocked: [] }, allNeeds);
  const start = followPrerequisites(blockTakenNames(holdCycles(sorted, needs), live.users), needs);
  return { possible: applyRails(start, needs, context, possibleRails(kinds)), needs };
}

/** The rails that count, in their order. */
function railsOf(
  population: Population,
  { policy, shown, window, withheld, approvals = [] }: PlanInput,
): readonly Rail[] {
  const budget = budgetRail(policy.budgets, approvals, population, window);
  return [
    windowRail(policy, window),
    notShownRail(approvals, shown),
    budget,
    quarantineRail(approvals, withheld),
    seats,
  ];
}

const usedApprovalsOf = (
  { passed }: Sorted,
  population: Population,
  { policy, window, approvals = [] }: PlanInput,
): readonly UsedApproval[] => usedApprovals(passed, policy.budgets, approvals, population, window);
