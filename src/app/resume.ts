import type { Settings } from '../config/settings.ts';
import { reopenRun } from '../journal/runs.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { ServerFacts } from '../model/live-state.ts';
import { MusterError } from '../model/muster-error.ts';
import type { Plan } from '../model/plan.ts';
import { PlanFileRefusedError, refuseUnfitPlan } from '../plan/plan-file.ts';
import { readServerKey } from '../resources/index.ts';
import { progressOf } from '../runs/progress.ts';
import { isOpen, type RunHistory } from '../runs/replay.ts';
import { countsOf } from '../runs/summary.ts';
import { isUnsettled } from '../runs/unsettled.ts';
import { type Applied, type CarryOutOptions, execute, openSecrets, type PlanToApply, withLease } from './carry-out.ts';
import { closing } from './closing.ts';
import type { Server } from './connect.ts';
import { loadDesired } from './load.ts';
import type { AppPorts, ConnectionOptions, InputOptions } from './ports.ts';
import { rememberByReading } from './remember.ts';
import { newestHistory, readRunPlan } from './run-histories.ts';
import { type RunState, withRunState } from './run-state.ts';
import { clearUp } from './settle-run.ts';
import { stamped } from './stamped.ts';
import { withServer } from './with-server.ts';

export interface ResumeOptions extends InputOptions, ConnectionOptions, CarryOutOptions {
  /** Absolute; where the run is recorded. */
  readonly stateDir?: string;
}

/** What the run left open is cleared up, and it cannot be gone on with: a new plan tells what is left. */
export class ResumeRefusedError extends MusterError {
  override readonly name = 'ResumeRefusedError';
  readonly code = 'RESUME_REFUSED';
  readonly blame = 'user';

  constructor(why: string, cause?: unknown) {
    super(`the former run is settled, and cannot be gone on with: ${why}`, {
      hint: 'run muster apply: it plans again',
      cause,
    });
  }
}

/**
 * Goes on with the newest run that did not come to its end: clears up what it left open, then does what is left of its plan,
 * if that plan still holds.
 *
 * @returns `undefined` when the newest run came to its end, or there was none
 * @throws {ResumeRefusedError} when what was open is cleared up, and the plan does not hold any more
 */
export function resume(options: ResumeOptions, given: AppPorts): Promise<Applied | undefined> {
  return withServer(options, given, async (server) => {
    const serverKey = await readServerKey(server.client.readOnly());
    return await withRunState({ stateDir: options.stateDir, serverKey }, server.ports, (state) =>
      resumeNewest(server, state, options),
    );
  });
}

async function resumeNewest(
  { settings, client, reader, ports }: Server,
  state: RunState,
  options: ResumeOptions,
): Promise<Applied | undefined> {
  const newest = await newestHistory(state.store);
  if (newest === undefined || !(isOpen(newest) || isUnsettled(newest, ports.clock.now()))) return undefined;
  const facts = await reader.facts([]);
  // A plan that takes a run back was not made from files.
  const isOfFiles = newest.started.undoes === undefined;
  const desiredOf = (plan: Plan): Promise<DesiredState> =>
    loadDesired(settings, { ...options, atMs: Date.parse(plan.desired.moment) }, ports);
  const desiredDigest = async (plan: Plan): Promise<string> =>
    isOfFiles ? (await desiredOf(plan)).digest : plan.desired.digest;
  const applied = await resumeRun(newest, { facts, settings, client, state, desiredDigest }, options, ports);
  if (applied !== undefined && isOfFiles) {
    const { plan } = applied;
    await rememberByReading(applied, { plan, desired: await desiredOf(plan), settings, reader }, state, ports);
  }
  return applied;
}

export interface RunToResume extends Omit<PlanToApply, 'plan' | 'begin' | 'undoes'> {
  readonly facts: ServerFacts;
  readonly settings: Settings;
  /** Digest of the files as they are now, as of the plan's own moment. */
  readonly desiredDigest: (plan: Plan) => Promise<string>;
}

/** Cleans up first, whatever becomes of the rest. */
export async function resumeRun(
  history: RunHistory,
  todo: RunToResume,
  options: CarryOutOptions,
  given: AppPorts,
): Promise<Applied | undefined> {
  const { state, client, facts } = todo;
  const { run } = history.started;
  const ports = stamped(given, { run });
  await clearUp(history, client, ports);
  const journal = await reopenRun(state.store, ports.clock, run);
  let isHandedOver = false;
  const work = async (): Promise<Applied | undefined> => {
    journal.swept([]);
    await journal.flush();
    if (!isOpen(history)) return undefined;
    const plan = await readHeldPlan(history, todo, ports).catch(async (error: unknown) => {
      if (history.ended === undefined) await journal.close('abandoned', countsOf(history));
      throw error;
    });
    const progress = progressOf(plan, history);
    const left = plan.actions.filter(({ id }) => !progress.done.has(id));
    const secrets = await openSecrets(todo, left, ports);
    if (left.length > 0 && !(await options.confirm(plan, left.length))) return { plan, declined: true };
    return await withLease({ client, facts, state }, run, ports, async (lease) => {
      journal.note({ type: 'resumed', tool: ports.toolVersion });
      await journal.flush();
      isHandedOver = true;
      return await execute({ ...todo, plan, secrets, journal, lease, former: progress }, options, ports);
    });
  };
  return closing(work, async () => {
    if (!isHandedOver) await journal.release();
  });
}

/** @throws {ResumeRefusedError} when the plan does not hold any more */
async function readHeldPlan(
  { started }: RunHistory,
  { state, facts, desiredDigest }: RunToResume,
  ports: AppPorts,
): Promise<Plan> {
  try {
    const plan = await readRunPlan(state.store, started);
    refuseUnfitPlan(plan, {
      nowMs: ports.clock.now(),
      serverKey: facts.key,
      serverUrl: facts.url,
      toolVersion: ports.toolVersion,
      desiredDigest: await desiredDigest(plan),
    });
    if (facts.caller.id !== started.caller)
      throw new PlanFileRefusedError('it was made with the token of another account');
    return plan;
  } catch (error) {
    if (!(error instanceof PlanFileRefusedError)) throw error;
    throw new ResumeRefusedError(error.message, error);
  }
}
