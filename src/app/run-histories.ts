/**
 * Journals as they lie in a store, read as the histories of their runs. Whatever acts on a journal reads it here: what may
 * not be believed is refused.
 */
import { StateNotSignedError, StateTamperedError, UnusableJournalError } from '../journal/errors.ts';
import type { JournalStore } from '../journal/journal-store.ts';
import { type FoundRun, journalName, listRuns, newestRun, planName, readPlanText, readRun } from '../journal/runs.ts';
import { refuseUnlessBelieved, refuseUnlessLeftOpen, type TrustedStore, unlessNotBelieved } from '../journal/trust.ts';
import type { StartedRecord } from '../model/journal-record.ts';
import type { Plan } from '../model/plan.ts';
import { PlanFileRefusedError, parsePlanFile } from '../plan/plan-file.ts';
import { type RunHistory, replay } from '../runs/replay.ts';

/**
 * The newest run that was begun.
 *
 * @param isMeant - which runs count; by default all
 * @throws {UnusableJournalError} when a journal is not as it was written
 * @throws {NotBelievedError} when a journal must be signed with the caller's token, and is not
 */
export async function newestHistory(
  store: TrustedStore,
  isMeant: (started: StartedRecord) => boolean = () => true,
): Promise<RunHistory | undefined> {
  const found = await newestRun(store, (one) => {
    believe(store, one);
    return isMeant(one.records[0]);
  });
  return found && (await historyIn(store, found));
}

/**
 * @returns `undefined` for a run that was never begun
 * @throws {NotBelievedError} when its journal must be signed with the caller's token, and is not
 */
export async function historyOf(store: TrustedStore, run: string): Promise<RunHistory | undefined> {
  const found = await readRun(store, run);
  if (found === undefined) return undefined;
  believe(store, found);
  return historyIn(store, found);
}

function believe({ trust }: TrustedStore, { run, signature = 'none' }: FoundRun): void {
  refuseUnlessBelieved(trust, journalName(run), signature);
}

async function historyIn(store: TrustedStore, { records }: FoundRun): Promise<RunHistory> {
  const [started] = records;
  // Before anything rests on the journal: another plan beside it was put there on purpose.
  if (!store.trust.isOwn) await readRunPlan(store, started).catch(asNotBelieved(started));
  const history = replay(records);
  if (history.ended === undefined) await refuseUnlessLeftOpen(store, started.run, journalName(started.run));
  return history;
}

/**
 * Runs that are over, since this process holds the directory. Where only signatures count a name shows nothing; and there the
 * newest one is enough, since it began when no run before it had a lease any more.
 */
export async function runsKnownToBeOver(store: TrustedStore): Promise<ReadonlySet<string>> {
  if (store.trust.isOwn) return new Set(await listRuns(store));
  const newest = await unlessNotBelieved(store.trust, 'not-counted', () => newestHistory(store));
  return new Set(newest === undefined ? [] : [newest.started.run]);
}

/**
 * The plan that a run carries out: just the one that its journal names.
 *
 * @throws {PlanFileRefusedError} when the file beside the journal is another plan, or none
 * @throws {JournalBrokenError} when there is no such file
 */
export async function readRunPlan(
  store: Pick<JournalStore, 'read'>,
  { run, plan: digest }: Pick<StartedRecord, 'run' | 'plan'>,
): Promise<Plan> {
  const plan = parsePlanFile(await readPlanText(store, run));
  if (plan.digest !== digest) throw new PlanFileRefusedError({ is: 'other-plan' });
  return plan;
}

const asNotBelieved =
  ({ run }: StartedRecord) =>
  (error: unknown): never => {
    if (error instanceof PlanFileRefusedError)
      throw new StateTamperedError({ is: 'other-plan', file: planName(run) }, { cause: error });
    if (error instanceof UnusableJournalError)
      throw new StateNotSignedError({ is: 'unreadable', why: error.message }, { cause: error });
    throw error;
  };
