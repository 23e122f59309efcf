import type { FormerProgress } from '../apply/apply-plan.ts';
import type { Settings } from '../config/settings.ts';
import { type ActionHistory, isDone, isOpen, madeAccount } from '../journal/replay.ts';
import { type FoundRun, newestRun, readPlanText, reopenRun } from '../journal/runs.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { ServerFacts } from '../model/live-state.ts';
import { MusterError } from '../model/muster-error.ts';
import type { ActionResult } from '../model/outcome.ts';
import type { Action, Plan } from '../model/plan.ts';
import type { AccountId } from '../model/user-values.ts';
import { PlanFileRefusedError, parsePlanFile, refuseUnfitPlan } from '../plan/plan-file.ts';
import { createLiveReader, readServerKey } from '../resources/index.ts';
import { type Applied, type CarryOutOptions, execute, openSecrets, type PlanToApply, withLease } from './carry-out.ts';
import { connect } from './connect.ts';
import { loadDesired, loadSettings } from './load.ts';
import type { AppPorts, ConnectionOptions, InputOptions } from './ports.ts';
import { rememberByReading } from './remember.ts';
import { withRunState } from './run-state.ts';
import { clearUp, countsOf, isUnsettled } from './settle-run.ts';

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
export async function resume(options: ResumeOptions, ports: AppPorts): Promise<Applied | undefined> {
  const settings = await loadSettings(options, ports);
  const { client, requests } = await connect(settings, options, ports);
  try {
    const serverKey = await readServerKey(client.readOnly());
    return await withRunState({ stateDir: options.stateDir, serverKey }, ports, async (state) => {
      const former = await newestRun(state.store);
      if (former === undefined || !(isOpen(former.history) || isUnsettled(former.history, ports.clock.now())))
        return undefined;
      const facts = await createLiveReader(client.readOnly(), requests).facts([]);
      // A plan that takes a run back was not made from files.
      const isOfFiles = former.history.started.undoes === undefined;
      const desiredOf = (plan: Plan): Promise<DesiredState> =>
        loadDesired(settings, { ...options, atMs: Date.parse(plan.desired.moment) }, ports);
      const desiredDigest = async (plan: Plan): Promise<string> =>
        isOfFiles ? (await desiredOf(plan)).digest : plan.desired.digest;
      const applied = await resumeRun(former, { facts, settings, client, state, desiredDigest }, options, ports);
      if (applied !== undefined && isOfFiles) {
        const { plan } = applied;
        const declared = { plan, desired: await desiredOf(plan), settings, client: client.readOnly(), requests };
        await rememberByReading(applied, declared, state, ports);
      }
      return applied;
    });
  } finally {
    await client.close();
  }
}

export interface RunToResume extends Omit<PlanToApply, 'plan' | 'begin' | 'undoes'> {
  readonly facts: ServerFacts;
  readonly settings: Settings;
  /** Digest of the files as they are now, as of the plan's own moment. */
  readonly desiredDigest: (plan: Plan) => Promise<string>;
}

/** Clears up first, whatever becomes of the rest. */
export async function resumeRun(
  former: FoundRun,
  todo: RunToResume,
  options: CarryOutOptions,
  ports: AppPorts,
): Promise<Applied | undefined> {
  const { state, client, facts } = todo;
  await clearUp(former, client, ports);
  const journal = await reopenRun(state.store, ports.clock, former.run);
  let isHandedOver = false;
  try {
    journal.swept([]);
    await journal.flush();
    const { history } = former;
    if (!isOpen(history)) return undefined;
    const plan = await readHeldPlan(former, todo, ports).catch(async (error: unknown) => {
      if (history.ended === undefined) await journal.close('abandoned', countsOf(history));
      throw error;
    });
    const progress = progressOf(plan, history.actions);
    const left = plan.actions.filter(({ id }) => !progress.done.has(id));
    const secrets = await openSecrets(todo, left, ports);
    if (left.length > 0 && !(await options.confirm(plan, left.length))) return { plan, declined: true };
    return await withLease({ client, facts, state }, former.run, ports, async (lease) => {
      journal.note({ type: 'resumed', tool: ports.toolVersion });
      await journal.flush();
      isHandedOver = true;
      return await execute({ ...todo, plan, secrets, journal, lease, former: progress }, options, ports);
    });
  } finally {
    if (!isHandedOver) await journal.release();
  }
}

/** @throws {ResumeRefusedError} when the plan does not hold any more */
async function readHeldPlan(
  former: FoundRun,
  { state, facts, desiredDigest }: RunToResume,
  ports: AppPorts,
): Promise<Plan> {
  const { started } = former.history;
  try {
    const plan = parsePlanFile(await readPlanText(state.store, former.run));
    if (plan.digest !== started.plan) throw new PlanFileRefusedError('it is not the plan that the run began with');
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

/** What the journal says was done, in the words of the executor. */
export function progressOf(plan: Plan, actions: ReadonlyMap<string, ActionHistory>): FormerProgress {
  const done = new Map<string, ActionResult>();
  const uncertain = new Set<string>();
  const created = new Map<string, AccountId>();
  for (const action of plan.actions) {
    const history = actions.get(action.id);
    if (history === undefined) continue;
    const account = madeAccount(history);
    if (account !== undefined) created.set(action.person, account);
    if (isDone(history)) done.set(action.id, doneBefore(action, history));
    else if (history.attempts.some(({ answer }) => answer?.result !== 'refused')) uncertain.add(action.id);
  }
  return { done, uncertain, created };
}

function doneBefore(action: Action, { attempts, ending }: ActionHistory): ActionResult {
  const startedMs = attempts[0]?.atMs ?? 0;
  return {
    action,
    outcome: { status: 'done', as: ending?.as ?? 'written', notes: [] },
    attempts: attempts.map(({ atMs, answer }) => ({
      startedMs: atMs,
      endedMs: atMs,
      result: answer?.result ?? 'unknown',
      ...(answer?.code !== undefined && { code: answer.code }),
    })),
    startedMs,
    endedMs: attempts.at(-1)?.atMs ?? startedMs,
  };
}
