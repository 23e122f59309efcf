import type { WriteClient } from '../api/index.ts';
import type { Settings } from '../config/settings.ts';
import { madeAccount } from '../journal/replay.ts';
import { type FoundRun, journalName, listRuns, newestRun, readPlanText, readRun } from '../journal/runs.ts';
import { readOwned } from '../live/read-owned.ts';
import { readPeople } from '../live/read-people.ts';
import { matchPeople } from '../match/match-people.ts';
import type { LiveUser, ServerFacts } from '../model/live-state.ts';
import type { Action, Notice, Plan } from '../model/plan.ts';
import { InputError } from '../model/problem.ts';
import type { WrittenAction } from '../model/resource-definition.ts';
import type { AccountId } from '../model/user-values.ts';
import { makePlan } from '../plan/make-plan.ts';
import { parsePlanFile } from '../plan/plan-file.ts';
import { undoGoal } from '../plan/undo.ts';
import { createLiveReader, kinds, readRoles, readServerKey } from '../resources/index.ts';
import { type Applied, type CarryOutOptions, carryOut } from './carry-out.ts';
import { connect } from './connect.ts';
import { loadSettings } from './load.ts';
import type { AppPorts, ConnectionOptions, InputOptions } from './ports.ts';
import { type RunState, withRunState } from './run-state.ts';
import { settleFormerRun } from './settle-run.ts';

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
export async function undo(options: UndoOptions, ports: AppPorts): Promise<Applied> {
  const settings = await loadSettings(options, ports);
  const { client, requests } = await connect(settings, options, ports);
  try {
    const serverKey = await readServerKey(client.readOnly());
    return await withRunState({ stateDir: options.stateDir, serverKey }, ports, async (state) => {
      await settleFormerRun(state, client, ports);
      const run = await findRun(state, options.run);
      const { plan, facts } = await planUndo(run, { state, settings, client, requests }, ports);
      return await carryOut({ plan, facts, settings, client, state, undoes: run.run }, options, ports);
    });
  } finally {
    await client.close();
  }
}

async function findRun({ store }: RunState, wanted: string | undefined): Promise<FoundRun> {
  const names = await listRuns(store);
  const name = wanted === undefined ? undefined : names.find((one) => one === wanted || isNumbered(one, wanted));
  const found =
    wanted === undefined ? await newestRun(store) : name === undefined ? undefined : await readRun(store, name);
  if (found !== undefined) return found;
  throw new InputError([
    {
      code: 'no-such-run',
      message: wanted === undefined ? 'there is no run to take back' : `there is no run ${wanted}`,
      hint: 'muster journal list shows the runs that are recorded here; --state-dir names another place',
    },
  ]);
}

const isNumbered = (run: string, wanted: string): boolean =>
  /^[0-9]+$/.test(wanted) && Number(run.split('-')[0]) === Number(wanted);

interface UndoWith {
  readonly state: RunState;
  readonly settings: Settings;
  readonly client: WriteClient;
  readonly requests: () => number;
}

async function planUndo(
  found: FoundRun,
  { state, settings, client, requests }: UndoWith,
  ports: AppPorts,
): Promise<{ readonly plan: Plan; readonly facts: ServerFacts }> {
  const { written, unknown } = writtenOf(found, parsePlanFile(await readPlanText(state.store, found.run)));
  const reader = createLiveReader(client.readOnly(), requests);
  const ids = [...new Set(written.map(({ account }) => account))];
  const users = new Map((await reader.usersByIds(ids)).map((user) => [user.id, user]));
  const roles = await readRoles(client.readOnly(), rolesThatMayBeWanted(written, users));
  const goal = undoGoal({
    run: found.run,
    file: journalName(found.run),
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
  });
  if ('problems' in result) throw new InputError(result.problems);
  return { plan: result.plan, facts: live.facts };
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

/** What the run wrote, and what it may have written: the live state tells how much of it is there. */
function writtenOf(
  { history }: FoundRun,
  plan: Plan,
): { readonly written: readonly WrittenAction[]; readonly unknown: readonly Notice[] } {
  const created = new Map<string, AccountId>();
  const written: WrittenAction[] = [];
  const unknown = new Map<string, Notice>();
  for (const action of plan.actions) {
    const own = history.actions.get(action.id);
    if (own === undefined) continue;
    const made = madeAccount(own);
    if (made !== undefined) created.set(action.person, made);
    if (!own.attempts.some(({ answer }) => answer?.result !== 'refused')) continue;
    const account = action.account ?? created.get(action.person);
    if (account === undefined) {
      unknown.set(action.person, notKnown(action));
      continue;
    }
    const token = own.attempts.findLast(({ answer }) => answer?.token !== undefined)?.answer?.token;
    written.push({ action, account, ...(token !== undefined && { token }) });
  }
  return { written, unknown: [...unknown.values()] };
}

function notKnown({ person, call }: Action): Notice {
  return {
    code: 'account-not-known',
    text: `${call.operation} of ${person} may have been written, and nothing noted which account it made: it is left as it is`,
    hint: `look whether ${person} is there`,
  };
}
