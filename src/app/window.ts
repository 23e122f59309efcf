/** What earlier runs used of the budgets, from journals and server, and what this one uses. */
import type { ReadClient, WriteClient } from '../api/index.ts';
import { listRuns } from '../journal/runs.ts';
import type { TrustedStore } from '../journal/trust.ts';
import type { Budgets } from '../model/approval.ts';
import type { EarlierProgress } from '../model/earlier-progress.ts';
import type { ServerFacts } from '../model/live-state.ts';
import { say } from '../model/messages/message.ts';
import { warning } from '../model/messages/warning-rows.ts';
import { MusterError } from '../model/muster-error.ts';
import type { BudgetName, Plan } from '../model/plan.ts';
import type { Policy } from '../model/settings.ts';
import { systemCodeOf } from '../model/system-error.ts';
import type { AccountId } from '../model/user-values.ts';
import { countsOf, recordKeyOf, type UseCounts, type UseRecord, type WindowUse } from '../model/window-use.ts';
import {
  correctUse,
  giveBackUse,
  type Lease,
  raiseUse,
  readUseRecords,
  recordUse,
  useSince,
  WindowNotRecordedError,
} from '../resources/index.ts';
import {
  countsInWindow,
  noPastRuns,
  type PastRun,
  type PastRuns,
  plannedUse,
  runsOfWindow,
  standingUse,
  windowUse,
  writtenUse,
} from '../runs/window.ts';
import type { AppPorts } from './ports.ts';
import { historyOf, readRunPlan } from './run-histories.ts';
import type { RunState, StateView } from './run-state.ts';

/** @param state - of a server; `undefined`: there is none */
export async function readPastRuns(state: StateView | undefined, nowMs: number): Promise<PastRuns> {
  return state === undefined ? noPastRuns : pastRunsIn(state.store, nowMs);
}

/** The runs of the window, and those that they take back. */
async function pastRunsIn(store: TrustedStore, nowMs: number): Promise<PastRuns> {
  const runs = new Map<string, PastRun>();
  let isBroken = false;
  const open = [...runsOfWindow(await listRuns(store), nowMs)];
  const seen = new Set(open);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const found = await readPastRun(store, name);
    if (found === 'broken') isBroken = true;
    if (found === 'broken' || found === undefined) continue;
    runs.set(name, found);
    const { undoes } = found.history.started;
    if (undoes !== undefined && !seen.has(undoes)) open.push(undoes);
    if (undoes !== undefined) seen.add(undoes);
  }
  return { runs: [...runs.values()], isComplete: runs.size > 0 && !isBroken };
}

async function readPastRun(store: TrustedStore, name: string): Promise<PastRun | 'broken' | undefined> {
  try {
    const history = await historyOf(store, name);
    if (history === undefined) return undefined;
    return { history, plan: await readRunPlan(store, history.started) };
  } catch (error) {
    // The next apply says what is wrong with it, or why it is not believed.
    if (error instanceof MusterError) return 'broken';
    throw error;
  }
}

export interface WindowReading {
  readonly client: ReadClient;
  readonly caller: AccountId;
  readonly past: PastRuns | undefined;
  readonly nowMs: number;
  /** The run that goes on: its journal says what it did, and the new plan what is left. */
  readonly resumes?: string | undefined;
}

/** What counts in the budgets before a plan. */
export async function readWindow({
  client,
  caller,
  past = noPastRuns,
  nowMs,
  resumes,
}: WindowReading): Promise<WindowUse> {
  const records = await readUseRecords(client, caller).catch((error: unknown): readonly UseRecord[] | undefined => {
    if (!(error instanceof MusterError)) throw error;
    return undefined;
  });
  const own = resumes === undefined ? undefined : recordKeyOf(resumes);
  return windowUse({ past, records: records?.filter(({ key }) => key !== own), nowMs });
}

/** Between plan and first write another machine's run used budgets that this plan counts in. Nothing was written. */
export class WindowMovedError extends MusterError {
  override readonly name = 'WindowMovedError';

  constructor(budget: BudgetName, count: number) {
    super(say('WINDOW_MOVED', { count, budget }));
  }
}

interface RunToRecord {
  readonly run: string;
  readonly plan: Plan;
  readonly facts: ServerFacts;
  readonly client: WriteClient;
  readonly state: Pick<RunState, 'store'>;
}

interface RunToBegin extends RunToRecord {
  readonly undoes: string | undefined;
  /** What counted when the plan was made. */
  readonly window?: WindowUse | undefined;
}

/**
 * Says on the server what a run is about to use, before its first write.
 *
 * @throws {WindowMovedError} where another run was quicker
 * @throws {WindowNotRecordedError} where that fails and the policy asks for it
 */
export async function recordBeginning(
  { run, plan, facts, client, state, undoes, window }: RunToBegin,
  { budgets, window: wanted }: Policy,
  lease: Lease,
  { clock, emit }: Pick<AppPorts, 'clock' | 'emit'>,
): Promise<void> {
  const past = undoes === undefined ? noPastRuns : await pastRunsIn(state.store, clock.now());
  if (!isCounted(undoes, past)) return;
  const counts = countsOf(plannedUse(plan));
  if (lease.notes !== undefined && window?.seen !== undefined)
    refuseMoved(useSince(lease.notes, window.seen), counts, budgets);
  try {
    await recordUse(client, facts.caller.id, { run, counts, nowMs: clock.now() }, lease.notes);
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    if (wanted === 'require') throw new WindowNotRecordedError(error);
    emit(warning('use-not-recorded', { why: error.message }));
  }
}

/** What an approval lifts does not count, whatever others did. */
function refuseMoved(moved: UseCounts, counts: UseCounts, budgets: Budgets): void {
  for (const [name, count] of moved)
    if (count > 0 && counts.has(name) && budgets[name] !== undefined) throw new WindowMovedError(name, count);
}

interface RunToEnd extends RunToRecord {
  /** Where the run was resumed. */
  readonly previous?: EarlierProgress;
}

/** Says on the server what a run used, and what it gave back. What the run did stands, whatever becomes of this. */
export async function recordEnd(todo: RunToEnd, { clock, emit }: Pick<AppPorts, 'clock' | 'emit'>): Promise<void> {
  try {
    await recordWhatWasUsed(todo, clock.now());
  } catch (error) {
    if (!(error instanceof MusterError || (error instanceof Error && 'code' in error))) throw error;
    const why = error instanceof MusterError ? error.message : systemCodeOf(error);
    emit(warning('use-not-corrected', { why }));
  }
}

async function recordWhatWasUsed(
  { run, plan, facts, client, state: { store }, previous }: RunToEnd,
  nowMs: number,
): Promise<void> {
  const history = await historyOf(store, run);
  if (history === undefined) return;
  const { undoes } = history.started;
  const past = undoes === undefined ? noPastRuns : await pastRunsIn(store, nowMs);
  const caller = facts.caller.id;
  if (isCounted(undoes, past)) {
    const counts = countsOf(writtenUse({ history, plan }));
    // What an earlier process of the run recorded is never lowered by a journal that may have lost its end.
    if (previous !== undefined && previous.done.size + previous.uncertain.size > 0)
      await raiseUse(client, caller, { run, counts, nowMs });
    else if (!isSame(counts, countsOf(plannedUse(plan)))) await correctUse(client, caller, { run, counts, nowMs });
    return;
  }
  const undone = past.runs.find((one) => one.history.started.run === undoes);
  if (undone === undefined) return;
  const others = past.runs.filter((one) => one.history.started.run !== run);
  const before = countsOf(standingUse(undone, others, nowMs));
  const after = countsOf(standingUse(undone, past.runs, nowMs));
  const given = new Map([...before].map(([name, count]) => [name, count - (after.get(name) ?? 0)]));
  if ([...given.values()].some((count) => count > 0))
    await giveBackUse(client, caller, { run: undone.history.started.run, counts: given });
}

function isCounted(undoes: string | undefined, { runs }: PastRuns): boolean {
  const undoneBy = new Map(runs.map(({ history: { started } }) => [started.run, started.undoes]));
  return countsInWindow(undoes, (name) => undoneBy.get(name));
}

const isSame = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean =>
  a.size === b.size && [...a].every(([name, count]) => b.get(name) === count);
