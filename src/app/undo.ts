import { journalName, listRuns } from '../journal/runs.ts';
import { readOwned } from '../live/read-owned.ts';
import { readPeople } from '../live/read-people.ts';
import { everyMatch, matchPeople } from '../match/match-people.ts';
import type { DesiredState } from '../model/desired-state.ts';
import { groupBy } from '../model/group-by.ts';
import type { LiveUser, ServerFacts } from '../model/live-state.ts';
import { type ProblemText, refuse } from '../model/messages/problems.ts';
import type { ChangeClass, Plan } from '../model/plan.ts';
import { InputError } from '../model/problem.ts';
import { isRunCalled, runNumberOf } from '../model/run-name.ts';
import { suggestNames } from '../model/suggest.ts';
import { normalizeUsername } from '../model/user-rules.ts';
import type { AccountId } from '../model/user-values.ts';
import type { WrittenAction } from '../model/written-action.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Narrowing } from '../plan/narrow.ts';
import { PlanFileRefusedError, refuseUnfitPlan } from '../plan/plan-file.ts';
import type { PlanSelection, Selected } from '../plan/selection.ts';
import { undoGoal, undoneRun } from '../plan/undo.ts';
import { kinds, readServerKey } from '../resources/index.ts';
import type { RunHistory } from '../runs/replay.ts';
import { tookAllBack } from '../runs/taken-back.ts';
import { writtenOf } from '../runs/written.ts';
import { type ApplyResult, type CarryOutOptions, carryOut } from './carry-out.ts';
import type { Server } from './connect.ts';
import type { OlderPlan } from './plan.ts';
import type { AppPorts, ConnectionOptions, InputOptions } from './ports.ts';
import { historyOf, readRunPlan } from './run-histories.ts';
import { runOriginOf } from './run-origin.ts';
import { lookAtState, type RunState, type StateView, withRunState } from './run-state.ts';
import { settlePreviousRun } from './settle-run.ts';
import { withServer } from './with-server.ts';

export interface UndoOptions extends Pick<InputOptions, 'config'>, ConnectionOptions, CarryOutOptions {
  /** Absolute; where the run is recorded. */
  readonly stateDir?: string;
  /** Name of the run, or its number; by default the newest that takes back no other and was not taken back. */
  readonly run?: string;
  /** Usernames to which it is limited: those of now, or as they were before or after the run. */
  readonly users?: readonly string[];
  /** Classes of changes to which it is limited. */
  readonly classes?: readonly ChangeClass[];
  /** A plan of this undo, as `undo --out` wrote it: only what it contains is carried out. */
  readonly older?: Plan;
}

/**
 * Takes a run back: plans the inverse of what it wrote, under the rails of every plan and within budgets of just what the run did,
 * shows it, asks, and carries it out as a run of its own.
 */
export function undo(options: UndoOptions, given: AppPorts): Promise<ApplyResult> {
  return withServer(options, given, async (server) => {
    const { settings, client, ports } = server;
    const serverKey = await readServerKey(client.readOnly());
    return await withRunState({ stateDir: options.stateDir, serverKey }, ports, async (state) => {
      await settlePreviousRun(state, client, ports);
      const { older } = options;
      const history = await findRun(state, older?.undoes ?? options.run);
      const selection = older === undefined ? undefined : { plan: older, actions: older.actions };
      if (older !== undefined) await refuseUnfit(older, server);
      const { plan, facts, selected } = await planUndo(history, state, server, selection, options);
      const undoes = history.started.run;
      const settled = selected?.settled ?? [];
      const origin = await runOriginOf(settings.configDir, ports.env);
      return await carryOut({ plan, facts, settings, client, state, undoes, settled, origin }, options, ports);
    });
  });
}

/** What an undo would do; reads only. */
export function planOfUndo(options: Omit<UndoOptions, 'confirm'>, given: AppPorts): Promise<Plan> {
  return withServer(options, given, async (server) => {
    const serverKey = await readServerKey(server.client.readOnly());
    const state = await lookAtState({ stateDir: options.stateDir, serverKey }, server.ports);
    if (state === undefined) throw noSuchRun(options.run);
    return (await planUndo(await findRun(state, options.run), state, server, undefined, options)).plan;
  });
}

/** @throws {PlanFileRefusedError} when a plan of an undo is of another time, server or version, or takes nothing back */
async function refuseUnfit(older: Plan, { reader, ports }: Server): Promise<void> {
  if (older.undoes === undefined) throw new PlanFileRefusedError({ is: 'not-of-undo' });
  const { key, url } = await reader.facts([]);
  refuseUnfitPlan(older, {
    nowMs: ports.clock.now(),
    serverKey: key,
    serverUrl: url,
    toolVersion: ports.toolVersion,
  });
}

async function findRun({ store }: StateView, wanted: string | undefined): Promise<RunHistory> {
  const found = wanted === undefined ? await newestToTakeBack(store) : await namedHistory(store, wanted);
  if (found !== undefined) return found;
  throw noSuchRun(wanted);
}

/** A run that was taken back in part is still to be taken back; an undo that was taken back took nothing back. */
async function newestToTakeBack(store: RunState['store']): Promise<RunHistory | undefined> {
  const takenBack = new Set<string>();
  for (const run of (await listRuns(store)).toReversed()) {
    const history = takenBack.has(run) ? undefined : await historyOf(store, run);
    if (history === undefined) continue;
    const { started } = history;
    if (started.undoes === undefined) return history;
    if (tookAllBack(await readRunPlan(store, started), history)) takenBack.add(started.undoes);
  }
  return undefined;
}

function noSuchRun(wanted: string | undefined): InputError {
  return new InputError([refuse('no-such-run', wanted === undefined ? { is: 'none' } : { is: 'undo', run: wanted })]);
}

async function namedHistory(store: RunState['store'], wanted: string): Promise<RunHistory | undefined> {
  const name = (await listRuns(store)).find((one) => isRunCalled(wanted, one));
  return name === undefined ? undefined : historyOf(store, name);
}

type Limits = Pick<UndoOptions, 'users' | 'classes'>;

/** @param older - a plan of the same undo, of which this one may carry out what it contains, too */
export async function planUndo(
  history: RunHistory,
  { store }: Pick<RunState, 'store'>,
  { settings, reader, ports }: Server,
  older?: Omit<OlderPlan, 'isKnown'>,
  limits: Limits = {},
): Promise<PlannedUndo> {
  const { run } = history.started;
  const undonePlan = await readRunPlan(store, history.started);
  const { written, unknown } = writtenOf(undonePlan, history);
  const ids = [...new Set(written.map(({ account }) => account))];
  const users = new Map((await reader.usersByIds(ids)).map((user) => [user.id, user]));
  const { roles } = await reader.roles(rolesThatMayBeWanted(written, users));
  const goal = undoGoal({
    run,
    file: journalName(run),
    momentMs: Math.floor(ports.clock.now()),
    written,
    users,
    roles,
    kinds,
  });
  const policy = { ...settings.policy, budgets: goal.budgets, undeclaredUsers: 'ignore' as const };
  const people = await readPeople(reader, goal.desired, 'no one else', ports.emit);
  const matching = matchPeople(goal.desired, people.users, people.coverage.refusedEmails);
  const live = await readOwned(reader, people, everyMatch(matching), goal.kinds, policy, ports.emit);
  const result = makePlan({
    desired: goal.desired,
    matching,
    live,
    policy,
    kinds: goal.kinds,
    toolVersion: ports.toolVersion,
    notices: [...goal.notices, ...unknown],
    undone: undoneRun(history.started, undonePlan, written),
    ...(isLimited(limits) && { narrowing: narrowingOf(limits, { run, desired: goal.desired, written, users }) }),
    ...(older !== undefined && { selection: selectionOf(older) }),
  });
  const { plan, selected } = result;
  return { plan, facts: live.facts, ...(selected !== undefined && { selected }) };
}

const isLimited = ({ users, classes }: Limits): boolean => users !== undefined || classes !== undefined;

interface TakenBack {
  readonly run: string;
  readonly desired: DesiredState;
  readonly written: readonly WrittenAction[];
  readonly users: ReadonlyMap<AccountId, LiveUser>;
}

/** @throws {InputError} when the run changed no person of a name */
function narrowingOf({ users: names, classes }: Limits, back: TakenBack): Narrowing {
  const entries = new Map<string, string>();
  const written = groupBy(back.written, ({ account }) => account);
  for (const { id = '', username } of back.desired.users) {
    const during = written.get(id)?.map(({ action }) => action.person) ?? [];
    for (const name of [username, back.users.get(id)?.values.username ?? username, ...during])
      if (!entries.has(name) || name === username) entries.set(name, username);
  }
  const wanted = names?.map(normalizeUsername);
  const unknown = wanted?.filter((name) => !entries.has(name)) ?? [];
  if (unknown.length > 0) throw new InputError(unknown.map((name) => notChanged(name, back.run, entries.keys())));
  return {
    ...(wanted !== undefined && { users: new Set(wanted.map((name) => entries.get(name) ?? name)) }),
    ...(classes !== undefined && { classes: new Set(classes) }),
  };
}

function notChanged(name: string, run: string, known: Iterable<string>): ProblemText {
  const near = suggestNames(name, known);
  const what = { run: runNumberOf(run), name };
  return near.length === 0
    ? refuse('not-in-run', { is: 'none', ...what })
    : refuse('not-in-run', { is: 'near', ...what, near: near.join(' or ') });
}

const selectionOf = ({
  plan: { narrowed },
  actions,
  created,
  uncertain,
}: Omit<OlderPlan, 'isKnown'>): PlanSelection => ({
  actions,
  ...(narrowed?.users !== undefined && { concerned: new Set(narrowed.users) }),
  ...(created !== undefined && { created }),
  ...(uncertain !== undefined && { uncertain }),
});

export interface PlannedUndo {
  readonly plan: Plan;
  readonly facts: ServerFacts;
  /** What became of each action of an older plan of the same undo. */
  readonly selected?: Selected;
}

function rolesThatMayBeWanted(
  written: readonly WrittenAction[],
  users: ReadonlyMap<AccountId, LiveUser>,
): readonly string[] {
  const taken = written.flatMap(({ action }) =>
    action.changes.flatMap(({ attribute, before }) =>
      attribute === 'roles' && typeof before === 'string' ? [before] : [],
    ),
  );
  return [...new Set([...taken, ...[...users.values()].flatMap(({ values }) => values.roles)])].toSorted();
}
