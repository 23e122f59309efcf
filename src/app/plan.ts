import { relative } from 'node:path';
import type { ReadClient } from '../api/index.ts';
import { approvalKey, believeBaseAlone, standingsOf } from '../config/compare-approvals.ts';
import type { Settings } from '../config/settings.ts';
import { type Whom, whomToKnow } from '../live/choose-reads.ts';
import { readOwned } from '../live/read-owned.ts';
import { readPeople } from '../live/read-people.ts';
import { everyMatch, type Matching, matchPeople } from '../match/match-people.ts';
import type { Approval } from '../model/approval.ts';
import { deliveryOfCall } from '../model/calls.ts';
import { canonicalJson, digestOf } from '../model/canonical-json.ts';
import { byText } from '../model/compare.ts';
import type { DeclaredMemory } from '../model/declared-memory.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { OwedByRun } from '../model/first-roles.ts';
import type { IssuedTokens } from '../model/issued-tokens.ts';
import type { LiveReader } from '../model/live-reader.ts';
import type { LiveState } from '../model/live-state.ts';
import { type ProblemText, refuse } from '../model/messages/problems.ts';
import { isInPipeline } from '../model/pipeline.ts';
import type { Action, ChangeClass, Plan, PlanBound } from '../model/plan.ts';
import { InputError } from '../model/problem.ts';
import type { Delivery } from '../model/resource-definition.ts';
import type { ReadKind } from '../model/seen-people.ts';
import type { Policy } from '../model/settings.ts';
import { shownIn } from '../model/shown.ts';
import { suggestNames } from '../model/suggest.ts';
import { normalizeUsername } from '../model/user-rules.ts';
import type { AccountId } from '../model/user-values.ts';
import type { WindowUse } from '../model/window-use.ts';
import type { Withheld } from '../model/withheld.ts';
import { makePlan, type PlanResult } from '../plan/make-plan.ts';
import type { Narrowing } from '../plan/narrow.ts';
import type { PreviouslyDeclared } from '../plan/not-declared.ts';
import type { PlanSelection, Selected } from '../plan/selection.ts';
import { createLiveReader, kinds } from '../resources/index.ts';
import type { PastRuns } from '../runs/window.ts';
import { attested } from './authorship.ts';
import { insteadOf } from './bundles.ts';
import type { Server } from './connect.ts';
import { findPreviouslyDeclared, recallDeclaredIn } from './declared-memory.ts';
import { declaredNames } from './declared-names.ts';
import { type EarlierPlans, readEarlierPlans } from './earlier-plans.ts';
import { readIssued } from './issued-tokens.ts';
import { loadDesired } from './load.ts';
import { readOwedRoles } from './owed-roles.ts';
import {
  type AppPorts,
  type ConnectionOptions,
  type InputOptions,
  inStep,
  type ServerPorts,
  type UsersFrom,
} from './ports.ts';
import { readApprovals } from './read-approvals.ts';
import { readWarmly, type WarmOptions } from './read-warmly.ts';
import { type RecordOptions, recordIfAsked } from './record-observation.ts';
import { lookAtState } from './run-state.ts';
import { warnOfOpenRun } from './settle-run.ts';
import { readPastRuns, readWindow } from './window.ts';
import { withServerAfter } from './with-server.ts';

export interface PlanOptions extends InputOptions, ConnectionOptions, RecordOptions {
  /** Usernames to which the plan is limited, after the rails have seen everything. */
  readonly users?: readonly string[];
  /** Classes to which the plan is limited, likewise. */
  readonly classes?: readonly ChangeClass[];
  /** Absolute; where muster remembers things about servers. A plan only looks there. */
  readonly stateDir?: string;
  /** A person looks at the plan and decides before anything is written. */
  readonly isAskedFor?: boolean;
  /** What earlier cycles of muster reconcile leave to others. */
  readonly withheld?: Withheld;
  /** Read only what has changed since the last full read, where that is as exact, and keep what full reads see; by default everything is read. */
  readonly warm?: WarmOptions;
}

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
  return withServerAfter(options, given, load, async ({ settings, client, requests, ports }, desired) => {
    const input: PlanWith = { settings, desired, options, client: client.readOnly(), requests };
    const planned = await inStep(ports, 'plan', () => planWith(input, ports));
    const place = { stateDir: options.stateDir, serverKey: planned.live.facts.key };
    await warnOfOpenRun(await lookAtState(place, ports), ports);
    return planned;
  });
}

/** An older plan of which the fresh one may carry out what it contains, too. */
export interface OlderPlan {
  readonly plan: Plan;
  /** Its actions that are left. */
  readonly actions: readonly Action[];
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
  const compared: Awaited<ReturnType<typeof compare>> & { readonly read?: ReadKind } =
    options.warm === undefined ? await compareWith() : await readWarmly(input, ports, compareWith);
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

/** What earlier runs left in the state directory. */
interface Remembered extends EarlierPlans {
  /** Who was declared before. */
  readonly declared: DeclaredMemory;
  readonly owedRoles: readonly OwedByRun[];
  /** The runs of the last 24 hours. */
  readonly past?: PastRuns;
  /** Tokens of administrators that applied plans made. */
  readonly issuedIn?: (live: LiveState) => Promise<IssuedTokens>;
}

/** By the key of the server. */
export type Recall = (serverKey: string) => Promise<Remembered>;

/**
 * @param stateDir - absolute; without it the one in the state home
 * @param readDeclared - who was declared before
 */
export function recallFrom(
  stateDir: string | undefined,
  ports: ServerPorts,
  readDeclared: typeof recallDeclaredIn = recallDeclaredIn,
): Recall {
  return async (serverKey) => {
    const state = await lookAtState({ stateDir, serverKey }, ports);
    return {
      declared: await readDeclared(state),
      owedRoles: await readOwedRoles(state, ports),
      ...(await readEarlierPlans(state)),
      past: await readPastRuns(state, ports.clock.now()),
      issuedIn: (live) => readIssued(state, live),
    };
  };
}

const recallNothing: Recall = () => Promise.resolve({ declared: new Map(), owedRoles: [], shown: [], borne: [] });

/** What the comparison of the two states found. */
export interface Comparison {
  /** What it was read through: it asks nothing twice. */
  readonly reader: LiveReader;
  readonly live: LiveState;
  readonly previouslyDeclared: readonly PreviouslyDeclared[];
  /** What counted in the budgets before this plan. */
  readonly window: WindowUse;
  readonly result: PlanResult;
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
  const { policy, compared } = settings;
  const narrowing = narrowingOf(options, desired);
  const approvals = await approvalsOf(input, ports);
  const people = await readPeople(reader, desired, input.whom ?? whomOf(options, policy), ports.emit);
  const matching = matchPeople(desired, people.users, people.coverage.refusedEmails);
  const { declared: memory, owedRoles, shown, borne, past, issuedIn } = await recall(people.facts.key);
  const bound = boundOf(settings, approvals);
  const seen = older === undefined ? shown : [...shown, ...shownIn(older.plan)];
  const caller = people.facts.caller.id;
  const window = await readWindow({ client, caller, past, nowMs: ports.clock.now(), resumes: older?.run });
  const { timeZone } = policy;
  const lookout = { memory, people: matching.people, live: people, reader, timeZone, emit: ports.emit };
  const previouslyDeclared = await findPreviouslyDeclared(lookout);
  const decided = new Set(older?.plan.actions.flatMap(({ account }) => account ?? []));
  const live = await readOwned(reader, people, everyMatch(matching), kinds, policy, ports.emit, decided);
  const { toolVersion } = ports;
  const result = makePlan({
    desired,
    matching,
    live,
    policy,
    kinds,
    toolVersion,
    bound,
    approvals: older === undefined || older.plan.bound?.approvals === bound.approvals ? approvals : [],
    shown: { keys: new Set(seen), isAskedFor: options.isAskedFor === true && older === undefined },
    delivery: deliveryOf(input, ports),
    ...(older !== undefined && { selection: selectionOf(older, bound) }),
    narrowing,
    previouslyDeclared,
    borne,
    owedRoles,
    window,
    ...(issuedIn !== undefined && { issued: await issuedIn(live) }),
    ...(compared !== undefined && { compared: compared.comparison }),
    ...(options.withheld !== undefined && { withheld: options.withheld }),
  });
  return { reader, live, previouslyDeclared, window, result };
}

/** Under `CI` what is written to this machine is gone after the job, unless a person looks on. */
function deliveryOf({ settings, isToApply, options }: PlanWith, { env }: AppPorts): Delivery {
  const { defaultSink, isDirExplicit = false, sinks, dir } = settings.secrets;
  const definitions: ReadonlyArray<readonly [string | undefined, unknown]> = [
    ...Object.entries(sinks),
    [undefined, relative(settings.configDir, dir)],
  ];
  return {
    places: new Map(definitions.map(([name, definition]) => [name, digestOf(definition)])),
    ...(defaultSink !== undefined && { defaultSink }),
    isFolderNamed: isDirExplicit,
    isMachineTemporary: isToApply === true && options.isAskedFor !== true && isInPipeline(env),
  };
}

/** On an apply, what the base does not hold lifts nothing; a plan shows what it would lift. */
async function approvalsOf(
  { settings, desired, isToApply, options }: PlanWith,
  ports: AppPorts,
): Promise<readonly Approval[]> {
  const read = await readApprovals(settings, desired.momentMs, ports);
  const merged = settings.approvals === undefined ? read : await attested(read, settings.approvals, settings, ports);
  const own = [...merged, ...(await approvalsToMerge(merged, settings, desired.momentMs, options.usersFrom, ports))];
  const inBase = settings.compared?.approvals;
  if (inBase === undefined) return own;
  const standing = standingsOf(own, inBase);
  return isToApply === true ? believeBaseAlone(standing) : standing;
}

/** Those of a pull request whose users files are planned: nothing proves yet who gave them. */
async function approvalsToMerge(
  merged: readonly Approval[],
  settings: Settings,
  momentMs: number,
  usersFrom: UsersFrom | undefined,
  ports: AppPorts,
): Promise<readonly Approval[]> {
  if (usersFrom === undefined || settings.approvals === undefined) return [];
  const approvals = insteadOf(settings.approvals, usersFrom);
  const place = { approvals, configDir: insteadOf(settings.configDir, usersFrom), policy: settings.policy };
  const known = new Set(merged.map(approvalKey));
  const added = (await readApprovals(place, momentMs, ports)).filter((one) => !known.has(approvalKey(one)));
  return added.length === 0 ? [] : await attested(added, approvals, place, ports);
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
  const known = declaredNames(desired);
  const names = users?.map(normalizeUsername);
  const unknown = names?.filter((name) => !known.has(name)) ?? [];
  if (unknown.length > 0) throw new InputError(unknown.map((name) => noSuchEntry(name, known)));
  return {
    ...(names !== undefined && { users: new Set(names) }),
    ...(classes !== undefined && { classes: new Set(classes) }),
  };
}

function noSuchEntry(name: string, known: Iterable<string>): ProblemText {
  const near = suggestNames(name, known);
  return near.length === 0
    ? refuse('no-such-entry', { is: 'none', name })
    : refuse('no-such-entry', { is: 'near', name, near: near.join(' or ') });
}
