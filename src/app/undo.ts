import { journalName, listRuns, readPlanText } from '../journal/runs.ts';
import { readOwned } from '../live/read-owned.ts';
import { readPeople } from '../live/read-people.ts';
import { matchPeople } from '../match/match-people.ts';
import type { LiveUser, ServerFacts } from '../model/live-state.ts';
import type { Plan } from '../model/plan.ts';
import { InputError } from '../model/problem.ts';
import type { AccountId } from '../model/user-values.ts';
import type { WrittenAction } from '../model/written-action.ts';
import { makePlan } from '../plan/make-plan.ts';
import { parsePlanFile } from '../plan/plan-file.ts';
import type { PlanSelection, Selected } from '../plan/selection.ts';
import { undoGoal } from '../plan/undo.ts';
import { kinds, readServerKey } from '../resources/index.ts';
import type { RunHistory } from '../runs/replay.ts';
import { writtenOf } from '../runs/written.ts';
import { type Applied, type CarryOutOptions, carryOut } from './carry-out.ts';
import type { Server } from './connect.ts';
import type { OlderPlan } from './plan.ts';
import type { AppPorts, ConnectionOptions, InputOptions } from './ports.ts';
import { historyOf, newestHistory } from './run-histories.ts';
import { type RunState, withRunState } from './run-state.ts';
import { settleFormerRun } from './settle-run.ts';
import { withServer } from './with-server.ts';

export interface UndoOptions extends Pick<InputOptions, 'config'>, ConnectionOptions, CarryOutOptions {
  /** Absolute; where the run is recorded. */
  readonly stateDir?: string;
  /** Name of the run, or its number; by default the newest. */
  readonly run?: string;
}

/**
 * Takes a run back: plans the inverse of what it wrote, under the rails of every plan and within budgets of just what the run did,
 * shows it, asks, and carries it out as a run of its own.
 */
export function undo(options: UndoOptions, given: AppPorts): Promise<Applied> {
  return withServer(options, given, async (server) => {
    const { settings, client, ports } = server;
    const serverKey = await readServerKey(client.readOnly());
    return await withRunState({ stateDir: options.stateDir, serverKey }, ports, async (state) => {
      await settleFormerRun(state, client, ports);
      const history = await findRun(state, options.run);
      const { plan, facts } = await planUndo(history, state, server);
      const undoes = history.started.run;
      return await carryOut({ plan, facts, settings, client, state, undoes }, options, ports);
    });
  });
}

async function findRun({ store }: RunState, wanted: string | undefined): Promise<RunHistory> {
  const found = wanted === undefined ? await newestHistory(store) : await namedHistory(store, wanted);
  if (found !== undefined) return found;
  throw new InputError([
    {
      code: 'no-such-run',
      message: wanted === undefined ? 'there is no run to take back' : `there is no run ${wanted}`,
      hint: 'muster journal list shows the runs that are recorded here; --state-dir names another place',
    },
  ]);
}

async function namedHistory(store: RunState['store'], wanted: string): Promise<RunHistory | undefined> {
  const name = (await listRuns(store)).find((one) => one === wanted || isNumbered(one, wanted));
  return name === undefined ? undefined : historyOf(store, name);
}

const isNumbered = (run: string, wanted: string): boolean =>
  /^[0-9]+$/.test(wanted) && Number(run.split('-')[0]) === Number(wanted);

/** @param older - a plan of the same undo, of which this one may carry out what it contains, too */
export async function planUndo(
  history: RunHistory,
  { store }: Pick<RunState, 'store'>,
  { settings, reader, ports }: Server,
  older?: OlderPlan,
): Promise<PlannedUndo> {
  const { run } = history.started;
  const { written, unknown } = writtenOf(parsePlanFile(await readPlanText(store, run)), history);
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
  const people = await readPeople(reader, goal.desired, policy, ports.emit);
  const matching = matchPeople(goal.desired, people.users);
  const live = await readOwned(reader, people, matching.people, goal.kinds, policy, ports.emit);
  const result = makePlan({
    desired: goal.desired,
    matching,
    live,
    policy,
    kinds: goal.kinds,
    toolVersion: ports.toolVersion,
    notices: [...goal.notices, ...unknown],
    undoes: run,
    ...(older !== undefined && { selection: selectionOf(older) }),
  });
  if ('problems' in result) throw new InputError(result.problems);
  const { plan, selected } = result;
  return { plan, facts: live.facts, ...(selected !== undefined && { selected }) };
}

const selectionOf = ({ actions, created, uncertain }: OlderPlan): PlanSelection => ({
  actions,
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
