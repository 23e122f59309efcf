import { relative } from 'node:path';
import type { ReadClient } from '../api/index.ts';
import type { Settings } from '../config/settings.ts';
import { type Whom, whomToKnow } from '../live/choose-reads.ts';
import { readOwned } from '../live/read-owned.ts';
import { readPeople } from '../live/read-people.ts';
import { everyMatch, type Matching, matchPeople } from '../match/match-people.ts';
import type { Approval } from '../model/approval.ts';
import { deliveryOfCall } from '../model/calls.ts';
import { canonicalJson, digestOf } from '../model/canonical-json.ts';
import { byText } from '../model/compare.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { LiveReader } from '../model/live-reader.ts';
import type { LiveState } from '../model/live-state.ts';
import { type ProblemText, refuse } from '../model/messages/problems.ts';
import type { Action, Plan, PlanBound } from '../model/plan.ts';
import { InputError } from '../model/problem.ts';
import type { ReadKind } from '../model/seen-people.ts';
import type { Policy } from '../model/settings.ts';
import { shownIn } from '../model/shown.ts';
import { suggestNames } from '../model/suggest.ts';
import { normalizeUsername } from '../model/user-rules.ts';
import type { AccountId } from '../model/user-values.ts';
import type { WindowUse } from '../model/window-use.ts';
import { makePlan, type PlanResult } from '../plan/make-plan.ts';
import type { Narrowing } from '../plan/narrow.ts';
import type { PreviouslyDeclared } from '../plan/not-declared.ts';
import type { PlanSelection, Selected } from '../plan/selection.ts';
import { createLiveReader, kinds } from '../resources/index.ts';
import { comparisonWith } from './compare-base.ts';
import type { Server } from './connect.ts';
import { findPreviouslyDeclared } from './declared-memory.ts';
import { declaredNames } from './declared-names.ts';
import { type FilesOrPlan, filesOrPlan } from './files-or-plan.ts';
import { loadDesired } from './load.ts';
import {
  approvalsOf,
  deliveryOf,
  type LocalInputs,
  type PlanOptions,
  type Recall,
  recallFrom,
  recallNothing,
} from './plan-inputs.ts';
import { type AppPorts, inStep, type ServerPorts } from './ports.ts';
import { type HowRead, readWarmly } from './read-warmly.ts';
import { recordIfAsked } from './record-observation.ts';
import { lookAtState } from './run-state.ts';
import { warnOfOpenRun } from './settle-run.ts';
import { keepIfQuiet } from './standing-plan.ts';
import { readWindow } from './window.ts';
import { withServerAfter } from './with-server.ts';

export type { PlanOptions } from './plan-inputs.ts';

/** A plan with what it was made from. */
export interface Planned {
  readonly plan: Plan;
  readonly desired: DesiredState;
  readonly live: LiveState;
  readonly settings: Settings;
  readonly matching: Matching;
  /** Accounts that an earlier apply knew as declared, and that no entry means any more: active or not, as they were seen. */
  readonly previouslyDeclared: readonly PreviouslyDeclared[];
  /** What became of each action of an older plan. */
  readonly selected?: Selected;
  /** What counted in the budgets before this plan. */
  readonly window: WindowUse;
  /** How the server was read, where a warm read was asked for. */
  readonly read?: ReadKind;
}

/** Loads, reads and plans. Everything after loading goes through a client that has no method that writes. */
export function plan(options: PlanOptions, given: AppPorts): Promise<Planned> {
  const load = (settings: Settings): Promise<DesiredState> => loadDesired(settings, options, given);
  return withServerAfter(options, given, load, (server, desired) => planOn(server, desired, options));
}

/** A plan without what it was made from. */
export type PlanAlone = Pick<Planned, 'plan' | 'read'>;

/**
 * The same for those who want the plan alone. Where a warm read is asked for and nothing has changed since a plan that found nothing to do,
 * that plan is the one of now: then neither files are worked out nor people compared.
 */
export function planAlone(options: PlanOptions, given: AppPorts): Promise<PlanAlone> {
  const load = (settings: Settings): Promise<FilesOrPlan> => filesOrPlan(settings, options, given);
  return withServerAfter(options, given, load, async (server, files) => {
    const stands = await files.standing(server, false);
    if (stands === undefined) return await planOn(server, await files.desired(), options);
    await warnOfOpenRunOn(stands.plan.server.key, options, server.ports);
    return stands;
  });
}

async function planOn(
  { settings, client, requests, ports }: Server,
  desired: DesiredState,
  options: PlanOptions,
): Promise<Planned> {
  const input: PlanWith = { settings, desired, options, client: client.readOnly(), requests };
  const planned = await inStep(ports, 'plan', () => planWith(input, ports));
  await warnOfOpenRunOn(planned.live.facts.key, options, ports);
  return planned;
}

async function warnOfOpenRunOn(serverKey: string, { stateDir }: PlanOptions, ports: ServerPorts): Promise<void> {
  await warnOfOpenRun(await lookAtState({ stateDir, serverKey }, ports), ports);
}

/** An older plan of which the fresh one may carry out what it contains, too. */
export interface OlderPlan {
  readonly plan: Plan;
  /** Its actions that are left. */
  readonly actions: readonly Action[];
  /** Whether it is what a person saw, or a believed journal has: a plan file may be anybody's, and shows nothing by itself. */
  readonly isKnown: boolean;
  readonly created?: ReadonlyMap<string, AccountId>;
  /** Ids of actions that may have been carried out: nothing noted what became of a call. */
  readonly uncertain?: ReadonlySet<string>;
  /** The run that resumes it: what that run recorded before counts once. */
  readonly run?: string;
}

export interface PlanWith {
  readonly older?: OlderPlan;
  readonly settings: Settings;
  readonly desired: DesiredState;
  readonly options: PlanOptions;
  readonly client: ReadClient;
  readonly requests: Server['requests'];
  /** Who has to be known; by default as policy and options have it. */
  readonly whom?: Whom;
  /** Whether the plan is carried out right away, rather than looked at. */
  readonly isToApply?: boolean;
}

export async function planWith(input: PlanWith, ports: ServerPorts): Promise<Planned> {
  const { desired, settings, options } = input;
  const beganMs = ports.clock.now();
  const recall = recallFrom(options.stateDir, ports);
  const compareWith = (reader?: LiveReader): ReturnType<typeof compare> => compare(input, ports, recall, reader);
  const compared: Comparison & HowRead =
    options.warm === undefined ? await compareWith() : await readWarmly(input, ports, compareWith);
  if (compared.readsAgain !== undefined) await keepIfQuiet(input, compared, ports);
  const { live, previouslyDeclared, window, result, read } = compared;
  const by = input.isToApply === true ? 'apply' : 'plan';
  await recordIfAsked(options, { by, live, beganMs, asksEachOwner: false }, ports);
  const { plan: made, matching, selected } = result;
  return {
    plan: made,
    desired,
    live,
    settings,
    matching,
    previouslyDeclared,
    window,
    ...(selected !== undefined && { selected }),
    ...(read !== undefined && { read }),
  };
}

/** What the comparison of the two states found. */
export interface Comparison {
  /** What it was read through: it asks nothing twice. */
  readonly reader: LiveReader;
  readonly live: LiveState;
  readonly previouslyDeclared: readonly PreviouslyDeclared[];
  /** What counted in the budgets before this plan. */
  readonly window: WindowUse;
  readonly result: PlanResult;
  /** What this machine brought. */
  readonly local: LocalInputs;
}

/** Where the reading is kept, it has to be of everybody. */
const whomOf = ({ record = false }: PlanOptions, policy: Policy): Whom => (record ? 'everybody' : whomToKnow(policy));

/** @param reader - what it is read through; by default everything is asked of the server */
export async function compare(
  input: PlanWith,
  ports: AppPorts,
  recall: Recall = recallNothing,
  reader: LiveReader = createLiveReader(input.client, input.requests),
): Promise<Comparison> {
  const { settings, desired, options, client, older } = input;
  const { policy } = settings;
  const compared = await comparisonWith(settings, desired);
  const narrowing = narrowingOf(options, desired);
  const approvals = await approvalsOf(input, desired.momentMs, ports);
  const people = await readPeople(reader, desired, input.whom ?? whomOf(options, policy), ports.emit);
  const matching = matchPeople(desired, people.users, people.coverage.refusedEmails);
  const remembered = await recall(people.facts.key);
  const { declared: memory, owedRoles, shown, borne, past, issuedIn } = remembered;
  const bound = boundOf(settings, approvals);
  const seen = older?.isKnown === true ? [...shown, ...shownIn(older.plan)] : shown;
  const caller = people.facts.caller.id;
  const window = await readWindow({ client, caller, past, nowMs: ports.clock.now(), resumes: older?.run });
  const { timeZone } = policy;
  const lookout = { memory, people: matching.people, live: people, reader, timeZone, emit: ports.emit };
  const previouslyDeclared = await findPreviouslyDeclared(lookout);
  const decided = new Set(older?.plan.actions.flatMap(({ account }) => account ?? []));
  const live = await readOwned(reader, people, everyMatch(matching), kinds, policy, ports.emit, decided);
  const { toolVersion } = ports;
  const delivery = deliveryOf(input, ports);
  const result = makePlan({
    desired,
    matching,
    live,
    policy,
    kinds,
    toolVersion,
    bound,
    approvals: older === undefined || older.plan.bound?.approvals === bound.approvals ? approvals : [],
    shown: { keys: new Set(seen), isAskedFor: options.isAskedFor === true },
    delivery,
    ...(older !== undefined && { selection: selectionOf(older, bound) }),
    narrowing,
    previouslyDeclared,
    borne,
    owedRoles,
    window,
    ...(issuedIn !== undefined && { issued: await issuedIn(live) }),
    ...(compared !== undefined && { compared }),
    ...(options.withheld !== undefined && { withheld: options.withheld }),
  });
  const local = { approvals, delivery, remembered, window };
  return { reader, live, previouslyDeclared, window, result, local };
}

/** What a plan was made under, so that its file shows when that is another thing by now. */
function boundOf({ policy, secrets, configDir }: Settings, approvals: readonly Approval[]): PlanBound {
  const { sources, dir, ...rest } = secrets;
  // Another checkout of the same repository lies elsewhere, and means the same.
  const sinks = { ...rest, dir: relative(configDir, dir) };
  const listed = approvals.map(({ class: name, by, reason, expires, users, changes }) => {
    return { name, by, reason, expires, users: [...(users ?? [])], changes };
  });
  return {
    policy: digestOf(policy),
    sinks: digestOf(sinks),
    sources: digestOf(sources),
    // Their order is not the same beside a base, and says nothing.
    approvals: digestOf(listed.toSorted(byText(canonicalJson))),
  };
}

/** Where a secret would now go elsewhere, or come from elsewhere, than when the plan was made, it does not move. */
function selectionOf({ plan: older, actions, created, uncertain }: OlderPlan, bound: PlanBound): PlanSelection {
  const whyNot = ({ call }: Action): string | undefined => {
    if (deliveryOfCall(call) !== undefined && older.bound?.sinks !== bound.sinks)
      return 'the sinks of muster.yaml have changed since the plan was made';
    const needsSource = 'password' in call && call.password !== undefined && 'source' in call.password;
    return needsSource && older.bound?.sources !== bound.sources
      ? 'the sources of muster.yaml have changed since the plan was made'
      : undefined;
  };
  const stopped = new Set([...older.blocked, ...older.held].map(({ change }) => change.id));
  const { users } = older.narrowed ?? {};
  return {
    actions,
    ...(users !== undefined && { concerned: new Set(users) }),
    refuse: whyNot,
    stopped,
    ...(created !== undefined && { created }),
    ...(uncertain !== undefined && { uncertain }),
  };
}

/** @throws {InputError} when no one has a name: a mistyped limit would pass for "nothing to do" */
function narrowingOf({ users, classes }: PlanOptions, desired: DesiredState): Narrowing {
  return {
    ...(users !== undefined && { users: new Set(namesAmong(users, desired)) }),
    ...(classes !== undefined && { classes: new Set(classes) }),
  };
}

/** @throws {InputError} when no entry has one of the names */
function namesAmong(users: readonly string[], desired: DesiredState): readonly string[] {
  const known = declaredNames(desired);
  const names = users.map(normalizeUsername);
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0) throw new InputError(unknown.map((name) => noSuchEntry(name, known)));
  return names;
}

function noSuchEntry(name: string, known: Iterable<string>): ProblemText {
  const near = suggestNames(name, known);
  return near.length === 0
    ? refuse('no-such-entry', { is: 'none', name })
    : refuse('no-such-entry', { is: 'near', name, near: near.join(' or ') });
}
