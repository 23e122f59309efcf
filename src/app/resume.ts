import { reopenRun } from '../journal/runs.ts';
import { callRowOf } from '../model/calls.ts';
import { say } from '../model/messages/message.ts';
import { MusterError } from '../model/muster-error.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Action, Plan } from '../model/plan.ts';
import type { RecordedOutcome } from '../model/run-journal.ts';
import type { AccountId } from '../model/user-values.ts';
import { PlanFileRefusedError, refuseUnfitPlan } from '../plan/plan-file.ts';
import { type Lease, readServerKey } from '../resources/index.ts';
import { progressOf } from '../runs/progress.ts';
import { isOpen, type RunHistory } from '../runs/replay.ts';
import { countsOf, endCountsOf } from '../runs/summary.ts';
import { isUnsettled } from '../runs/unsettled.ts';
import {
  type ApplyResult,
  type CarryOutOptions,
  execute,
  isRefused,
  noLease,
  openSecrets,
  type PlanToApply,
  resultsOf,
  withLease,
} from './carry-out.ts';
import { closing } from './closing.ts';
import type { Server } from './connect.ts';
import { loadDesired } from './load.ts';
import { type OlderPlan, type Planned, planWith } from './plan.ts';
import type { AppPorts, ConnectionOptions, InputOptions } from './ports.ts';
import { rememberPlanned } from './remember.ts';
import { historyOf, newestHistory, readRunPlan } from './run-histories.ts';
import { runOriginOf } from './run-origin.ts';
import { type RunState, withRunState } from './run-state.ts';
import { cleanUp, forgetOpenRun } from './settle-run.ts';
import { stamped } from './stamped.ts';
import { planUndo } from './undo.ts';
import { withServer } from './with-server.ts';

export interface ResumeOptions extends InputOptions, ConnectionOptions, CarryOutOptions {
  /** Absolute; where the run is recorded. */
  readonly stateDir?: string;
}

/** What the run left open is cleaned up, but it cannot be resumed: a new plan tells what is left. */
export class ResumeRefusedError extends MusterError {
  override readonly name = 'ResumeRefusedError';

  constructor(why: string, cause?: unknown) {
    super(say('RESUME_REFUSED', { why }), { cause });
  }
}

/**
 * Resumes the newest run that did not finish: cleans up what it left open, plans again, and does what is left of the run's
 * own plan where the new plan contains it, too.
 *
 * @returns `undefined` when the newest run finished, or there was none
 * @throws {ResumeRefusedError} when what was open is cleaned up, and the run's plan is too old, or not what it began with
 */
export function resume(options: ResumeOptions, given: AppPorts): Promise<ApplyResult | undefined> {
  return withServer(options, given, async (server) => {
    const serverKey = await readServerKey(server.client.readOnly());
    return await withRunState({ stateDir: options.stateDir, serverKey }, server.ports, (state) =>
      resumeNewest(server, state, options),
    );
  });
}

async function resumeNewest(server: Server, state: RunState, options: ResumeOptions): Promise<ApplyResult | undefined> {
  const { client, reader, settings, ports } = server;
  const newest = await newestHistory(state.store);
  if (newest === undefined || !(isOpen(newest) || isUnsettled(newest, ports.clock.now()))) return undefined;
  const facts = await reader.facts([]);
  const planAgain = (older: OlderPlan): Promise<PlannedAgain> => planAgainFor(newest, older, server, state, options);
  const origin = await runOriginOf(settings.configDir, ports.env);
  const todo = { facts, settings, client, state, planAgain, origin };
  const resumed = await resumeRun(newest, todo, options, ports);
  if (resumed?.planned !== undefined) await rememberPlanned(resumed.applied, resumed.planned, state, ports);
  return resumed?.applied;
}

/** A plan that takes a run back is made again from that run; every other one from the files. */
async function planAgainFor(
  { started }: RunHistory,
  older: OlderPlan,
  server: Server,
  state: RunState,
  options: ResumeOptions,
): Promise<PlannedAgain> {
  const { client, settings, requests, ports } = server;
  if (started.undoes !== undefined) {
    const undone = await historyOf(state.store, started.undoes);
    if (undone === undefined) throw new PlanFileRefusedError({ is: 'run-gone', run: started.undoes });
    return planUndo(undone, state, server, older);
  }
  const desired = await loadDesired(settings, options, ports);
  const narrow = options.stateDir === undefined ? {} : { stateDir: options.stateDir };
  const narrowed = { settings, desired, options: narrow, client: client.readOnly(), requests, older };
  return planWith({ ...narrowed, isToApply: true }, ports);
}

/** A fresh plan of what is left of an older one. */
export type PlannedAgain = Pick<Planned, 'plan' | 'selected'> & Partial<Planned>;

export interface RunToResume extends Omit<PlanToApply, 'plan' | 'begin' | 'undoes'> {
  readonly planAgain: (older: OlderPlan) => Promise<PlannedAgain>;
}

/** What a resumed run did, and what it was planned from where that was made from files. */
export interface ResumedRun {
  readonly applied: ApplyResult;
  readonly planned?: Planned;
}

/** Cleans up first, whatever becomes of the rest. */
export async function resumeRun(
  history: RunHistory,
  todo: RunToResume,
  options: CarryOutOptions,
  given: AppPorts,
): Promise<ResumedRun | undefined> {
  const { state, client, facts } = todo;
  const { run } = history.started;
  const ports = stamped(given, { run });
  await cleanUp(history, client, ports);
  const journal = await reopenRun(state.store, ports.clock, run);
  let isHandedOver = false;
  const goOn = async (): Promise<ResumedRun | undefined> => {
    journal.swept([]);
    await journal.flush();
    if (!isOpen(history)) return undefined;
    const older = await readHeldPlan(history, todo, ports).catch(async (error: unknown) => {
      if (history.ended === undefined) {
        await journal.close('abandoned', endCountsOf(history));
        await forgetOpenRun(client, history);
      }
      throw error;
    });
    const before = progressOf(older, history);
    const actions = older.actions.filter(({ id }) => !before.done.has(id));
    const { created, uncertain } = before;
    const planned = await todo.planAgain({ plan: older, actions, isKnown: true, created, uncertain, run });
    const left = underOldIds(planned);
    const settled = resultsOf(planned.selected?.settled ?? [], ports.clock.now());
    const standing = { ...countsOf(history), settled: settled.length };
    if (left.actions.length > 0 && isRefused(left, options))
      return { applied: { plan: left, declined: false, refused: 'unusable' } };
    const secrets = await openSecrets(todo, left.actions, ports);
    if (left.actions.length > 0 && !(await options.confirm(left, { run, ...standing })))
      return { applied: { plan: left, declined: true } };
    const work = async (lease: Lease): Promise<ResumedRun> => {
      journal.note({ type: 'resumed', tool: ports.toolVersion, origin: todo.origin });
      const made = planned.selected?.created ?? new Map();
      for (const { action, outcome } of settled) journal.ended(recordedOutcome(action, outcome, made));
      await journal.flush();
      isHandedOver = true;
      const previous = { ...before, settled, before: standing };
      const applied = await execute(
        { ...todo, plan: left, whole: older, secrets, journal, lease, previous },
        options,
        ports,
      );
      // The run is one: what was done before belongs to it.
      return { applied: { ...applied, plan: withUnusableOf(left, older) }, ...(isPlanned(planned) && { planned }) };
    };
    // What only has to be recorded takes no lease.
    if (left.actions.length > 0) return await withLease({ client, facts, state }, run, ports, work);
    const ended = await work(noLease);
    await forgetOpenRun(client, history);
    return ended;
  };
  return closing(goOn, async () => {
    if (!isHandedOver) await journal.release();
  });
}

/** Which entries cannot be used is what the fresh plan says. */
function withUnusableOf({ unusable, summary: fresh }: Plan, older: Plan): Plan {
  const { unusable: _, summary, ...rest } = older;
  const { unusable: _count, unusable_elsewhere: _others, ...sums } = summary;
  return {
    ...rest,
    summary: { ...sums, ...(fresh.unusable !== undefined && { unusable: fresh.unusable }) },
    ...(unusable !== undefined && { unusable }),
  };
}

const isPlanned = (planned: PlannedAgain): planned is Planned => planned.matching !== undefined;

/** The fresh actions under the ids by which the journal knows them; what comes first is as the fresh plan says. */
function underOldIds({ plan, selected }: PlannedAgain): Plan {
  const idOf = (id: string): string => selected?.chosen.get(id)?.id ?? id;
  const actions = plan.actions.map((action) => ({
    ...action,
    id: idOf(action.id),
    after: action.after.map((one) => ({ ...one, action: idOf(one.action) })),
  }));
  return { ...plan, actions };
}

function recordedOutcome(
  { id, person, call }: Action,
  outcome: Outcome,
  made: ReadonlyMap<string, AccountId>,
): RecordedOutcome {
  const account = callRowOf(call).look === 'for-new-account' ? made.get(person) : undefined;
  return {
    action: id,
    status: outcome.status,
    ...(account !== undefined && { account }),
    ...(outcome.status === 'done' && { as: outcome.as }),
  };
}

/** @throws {ResumeRefusedError} when the plan is too old, or not the one that the run began with */
async function readHeldPlan({ started }: RunHistory, { state, facts }: RunToResume, ports: AppPorts): Promise<Plan> {
  try {
    const plan = await readRunPlan(state.store, started);
    refuseUnfitPlan(plan, {
      nowMs: ports.clock.now(),
      serverKey: facts.key,
      serverUrl: facts.url,
      toolVersion: ports.toolVersion,
    });
    if (facts.caller.id !== started.caller) throw new PlanFileRefusedError({ is: 'other-caller' });
    return plan;
  } catch (error) {
    if (!(error instanceof PlanFileRefusedError)) throw error;
    throw new ResumeRefusedError(error.message, error);
  }
}
