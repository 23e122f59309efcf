import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { WriteClient } from '../api/index.ts';
import { applyPlan } from '../apply/apply-plan.ts';
import type { Settings } from '../config/settings.ts';
import { JournalWriteError } from '../journal/errors.ts';
import type { Journal } from '../journal/journal.ts';
import { beginRun, journalName, nextRunName, readRun, reserveRun } from '../journal/runs.ts';
import { canAdminister } from '../model/admin-rules.ts';
import { deliveryOfCall } from '../model/calls.ts';
import type { EarlierProgress } from '../model/earlier-progress.ts';
import type { ServerFacts } from '../model/live-state.ts';
import { warning } from '../model/messages/warning-rows.ts';
import { MusterError } from '../model/muster-error.ts';
import type { FinishedAction, RunResult } from '../model/outcome.ts';
import type { Action, Plan } from '../model/plan.ts';
import { rereadAfterMs } from '../model/replica-lag.ts';
import type { Before } from '../model/run-event.ts';
import type { RunOrigin } from '../model/run-origin.ts';
import type { ReadKind } from '../model/seen-people.ts';
import type { AccountId } from '../model/user-values.ts';
import type { WindowUse } from '../model/window-use.ts';
import { planFileText } from '../plan/plan-file.ts';
import type { SettledAction } from '../plan/selection.ts';
import { createActionRunner, type Lease, takeLease } from '../resources/index.ts';
import { replay } from '../runs/replay.ts';
import { settleMs } from '../runs/unsettled.ts';
import { credentialNames } from '../secrets/caller-token.ts';
import { createSecretStore, type SecretStore } from '../secrets/secret-store.ts';
import { closing } from './closing.ts';
import type { AppPorts } from './ports.ts';
import { runsKnownToBeOver } from './run-histories.ts';
import type { RunState } from './run-state.ts';
import { stamped } from './stamped.ts';
import { recordBeginning, recordEnd } from './window.ts';

/** How a run is carried out; from flags. */
export interface CarryOutOptions {
  /**
   * Asked with the plan in hand, before the first write; `false` ends the run with nothing written.
   *
   * @param resumed - where the plan is what is left of a run, how that stands
   */
  readonly confirm: (plan: Plan, resumed?: Resumed) => Promise<boolean>;
  /** Whether everybody else is served where entries cannot be used; by default nothing is written then. */
  readonly skipUnusable?: boolean;
  /** Whether no person is to see the plan before: then nothing counts as shown by it. */
  readonly isUnattended?: boolean;
  readonly signal?: AbortSignal;
  /** People served at the same time, 4 by default. */
  readonly concurrency?: number;
  /** From this moment on nothing new is started; milliseconds since the epoch. */
  readonly deadlineMs?: number;
  /** When failures stop the run: at the first, when they are `many` (the default), or never. */
  readonly stopAt?: 'first' | 'many' | 'never';
}

/** A run that is resumed. */
export interface Resumed extends Before {
  readonly run: string;
}

export interface ApplyResult {
  readonly plan: Plan;
  /** Absent: there was nothing to do, or the plan was declined. */
  readonly result?: RunResult;
  readonly declined: boolean;
  /** Nothing was written: entries cannot be used, and the user did not ask for the rest. */
  readonly refused?: 'unusable';
  /** Where the run is recorded. */
  readonly journal?: JournalReference;
  /** How the server was read for the plan, where a warm read was asked for. */
  readonly read?: ReadKind;
}

export interface JournalReference {
  readonly run: string;
  /** Path of the file. */
  readonly file: string;
  /** The hash of its last line: a copy of it proves later that nothing was taken away. */
  readonly head: string;
}

/** A plan with what it is carried out by. */
export interface PlanToApply {
  readonly plan: Plan;
  readonly facts: ServerFacts;
  readonly settings: Settings;
  readonly client: WriteClient;
  readonly state: RunState;
  /** Called once, right before the first write. */
  readonly begin?: () => Promise<void>;
  /** What the journal says of where the run comes from. */
  readonly origin: RunOrigin;
  /** The run that this plan takes back. */
  readonly undoes?: string;
  /** What counted in the budgets when the plan was made; absent: what others did since is not looked for. */
  readonly window?: WindowUse;
  /** By default what the settings say. */
  readonly secrets?: SecretStore;
  /** Actions of a selection that are not carried out, each with the reason. */
  readonly settled?: readonly SettledAction[];
}

/** Prepares, asks, begins a run, carries it out. Nothing is written to the server before the answer is yes. */
export async function carryOut(todo: PlanToApply, options: CarryOutOptions, given: AppPorts): Promise<ApplyResult> {
  const { plan, facts, settings, client, state, begin, undoes, window, origin, settled = [] } = todo;
  const results = resultsOf(settled, given.clock.now());
  if (plan.actions.length === 0) return nothingToSend(plan, results);
  if (isRefused(plan, options)) return { plan, declined: false, refused: 'unusable' };
  const secrets = await openSecrets(todo, plan.actions, given);
  if (!(await options.confirm(plan))) return { plan, declined: true };
  const run = await nextRunName(state.store, given.clock.now());
  await reserveRun(state.store, run);
  const ports = stamped(given, { run });
  return await withLease(todo, run, ports, async (lease) => {
    const journal = await beginRun(state.store, ports.clock, run, {
      planText: planFileText(plan),
      tool: ports.toolVersion,
      server: { key: facts.key, url: facts.url },
      caller: facts.caller.id,
      username: facts.caller.username,
      origin,
      plan: plan.digest ?? '',
      actions: plan.actions.length,
      ...(undoes !== undefined && { undoes }),
      ...(options.isUnattended === true && { unattended: true }),
    });
    const beginRecorded = async (): Promise<void> => {
      await recordBeginning({ run, plan, facts, client, state, undoes, window }, settings.policy, lease, ports);
      await begin?.();
    };
    await beginOrAbandon(beginRecorded, journal, plan.actions.length);
    const previous = { done: new Map(), uncertain: new Set<string>(), created: new Map(), settled: results };
    return await execute({ ...todo, secrets, journal, lease, previous }, options, ports);
  });
}

export const isRefused = ({ unusable }: Plan, { skipUnusable }: CarryOutOptions): boolean =>
  unusable !== undefined && skipUnusable !== true;

/** What became of a selection of which nothing is left to send. */
function nothingToSend(plan: Plan, results: readonly FinishedAction[]): ApplyResult {
  if (results.length === 0) return { plan, declined: false };
  return { plan, declined: false, result: { results, created: new Map(), interrupted: false } };
}

/** Actions that are not carried out, in the words of the executor. */
export function resultsOf(settled: readonly SettledAction[], nowMs: number): readonly FinishedAction[] {
  return settled.map((one) => ({ ...one, attempts: [], startedMs: nowMs, endedMs: nowMs }));
}

/** Once there is room for the journal, and not before: a plan that is used up for nothing would have to be made again. */
async function beginOrAbandon(begin: () => Promise<void>, journal: Journal, actions: number): Promise<void> {
  try {
    await begin();
  } catch (error) {
    await journal.close('abandoned', { done: 0, failed: 0, stale: 0, skipped: actions }).catch(() => undefined);
    await journal.release();
    throw error;
  }
}

/** Every sink that will take a secret, and every source that will give one, is tried before the first write. */
export async function openSecrets(
  { settings, secrets }: Pick<PlanToApply, 'settings' | 'secrets'>,
  actions: readonly Action[],
  ports: Pick<AppPorts, 'env'>,
): Promise<SecretStore> {
  const store = secrets ?? createSecretStore(settings.secrets, ports.env);
  const sinks = new Set<string | undefined>();
  const sources = new Set<string>();
  for (const { call } of actions) {
    const delivery = deliveryOfCall(call);
    if (delivery !== undefined) sinks.add(delivery.sink);
    if ('password' in call && call.password !== undefined && 'source' in call.password)
      sources.add(call.password.source);
  }
  await store.prepare(sinks, sources);
  return store;
}

export const noLease: Lease = { renew: () => Promise.resolve(), release: () => Promise.resolve() };

/** @throws {LeaseHeldError} when another machine's run has it */
export async function withLease<Result>(
  held: Pick<PlanToApply, 'client' | 'facts' | 'state'>,
  run: string,
  ports: Pick<AppPorts, 'clock' | 'emit' | 'letFinish'>,
  work: (lease: Lease) => Promise<Result>,
): Promise<Result> {
  const { letFinish = (write) => write() } = ports;
  // An interrupt lets all of this finish: no action begins after it, and what was begun is noted.
  return await letFinish(() => holdLease(held, run, ports, work));
}

async function holdLease<Result>(
  { client, facts, state }: Pick<PlanToApply, 'client' | 'facts' | 'state'>,
  run: string,
  { clock, emit }: Pick<AppPorts, 'clock' | 'emit'>,
  work: (lease: Lease) => Promise<Result>,
): Promise<Result> {
  // This process holds the state directory, so its previous runs are over, whatever their leases say.
  const own = await runsKnownToBeOver(state.store);
  const isDead = (other: string): boolean => own.has(other);
  const lease = await takeLease(client, facts.caller.id, { run, host: hostname(), isDead }, clock).catch(
    (error: unknown): Lease => {
      if (!(error instanceof MusterError) || error.code === 'LOCKED') throw error;
      // A courtesy to other machines: what keeps accounts safe is that every action compares before it writes.
      emit(warning('no-lease', { why: error.message }));
      return noLease;
    },
  );
  try {
    return await work(lease);
  } finally {
    // It ends by itself; what the run did counts, not its note.
    await lease.release(await isEndNoted(state.store, run)).catch(() => undefined);
  }
}

/** Whether nothing is open of a run: its journal on the disk says how it ended, or it was never begun. */
async function isEndNoted(store: RunState['store'], run: string): Promise<boolean> {
  try {
    const found = await readRun(store, run);
    return found === undefined || replay(found.records).ended !== undefined;
  } catch {
    return false;
  }
}

/** A run whose journal is open. */
export interface OpenRun extends Omit<PlanToApply, 'begin' | 'undoes' | 'window' | 'origin'> {
  readonly secrets: SecretStore;
  readonly journal: Journal;
  readonly lease: Lease;
  readonly previous?: EarlierProgress;
  /** The plan that the journal is about, where only what is left of it is carried out. */
  readonly whole?: Plan;
}

/** Carries the plan out and closes the journal with what came of it. */
export function execute(open: OpenRun, options: CarryOutOptions, ports: AppPorts): Promise<ApplyResult> {
  const { plan, state, journal } = open;
  return closing(
    async () => {
      const result = await runPlan(open, options, ports);
      await closeJournal(journal, result);
      await recordEnd({ ...open, plan: open.whole ?? plan, run: journal.run }, ports);
      const file = join(state.dir, journalName(journal.run));
      return { plan, declined: false, result, journal: { run: journal.run, file, head: journal.head } };
    },
    () => journal.release(),
  );
}

function runPlan(
  { plan, facts, settings, client, state, secrets, journal, lease, previous }: OpenRun,
  options: CarryOutOptions,
  ports: AppPorts,
): Promise<RunResult> {
  const waitUntilSettled = async (): Promise<boolean> => {
    ports.emit({ type: 'waiting', because: 'what became of a call whose response was lost', ms: settleMs });
    try {
      await ports.clock.sleep(settleMs, options.signal);
      return true;
    } catch (error) {
      if (options.signal?.aborted === true) return false;
      throw error;
    }
  };
  return applyPlan(plan, {
    runner: createActionRunner(client, secrets, { waitUntilSettled, pause: () => ports.clock.sleep(rereadAfterMs) }),
    clock: ports.clock,
    emit: ports.emit,
    journal,
    ...(previous !== undefined && { previous }),
    ...(options.signal !== undefined && { signal: options.signal }),
    ...(options.deadlineMs !== undefined && { deadlineMs: options.deadlineMs }),
    stopRule: { at: options.stopAt ?? 'many' },
    whyCutOff: () => (client.isRefused ? tokenRefused(settings) : undefined),
    waitUntilSettled,
    keepAlive: () => keepAlive(state, lease),
    concurrency: options.concurrency ?? 4,
    runKey: `${journal.run}/${randomBytes(8).toString('hex')}`,
    callerId: facts.caller.id,
    minAdmins: settings.policy.minAdmins,
    signInServices: facts.signInServices,
    administered: administrators(facts),
  });
}

const tokenRefused = ({ name }: Settings): string =>
  `the server refused the token: set a new one in ${credentialNames(name).token}, then resume`;

const administrators = ({ admins, signInServices }: ServerFacts): ReadonlySet<AccountId> =>
  new Set(admins.filter((admin) => canAdminister(admin, signInServices)).map(({ id }) => id));

/** Shows others that the run lives. Not being able to is no reason to stop halfway. */
async function keepAlive({ lock }: RunState, lease: Lease): Promise<void> {
  await lock.renew();
  await lease.renew().catch(() => undefined);
}

async function closeJournal(journal: Journal, { results, interrupted, stopped }: RunResult): Promise<void> {
  const of = (status: string): number => results.filter(({ outcome }) => outcome.status === status).length;
  const how = interrupted ? 'interrupted' : stopped === undefined ? 'complete' : 'stopped';
  const counts = { done: of('done'), failed: of('failed'), stale: of('stale'), skipped: of('skipped') };
  await journal.close(how, counts).catch((error: unknown) => {
    // The run stopped for this very reason, and says so.
    if (!(error instanceof JournalWriteError)) throw error;
  });
}
