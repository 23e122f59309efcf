import type { EndedRecord } from '../model/journal-record.ts';
import type { RunCounts, RunSummary } from '../model/run-summary.ts';
import { isDone, type RunHistory } from './replay.ts';

/**
 * How the actions of a run ended, as far as they did: whatever shows figures of a run takes them from here. A call that
 * was written counts as done, also where the process ended before it noted that. Before a run has an end, what nothing was
 * noted of is left, not skipped.
 */
export function countsOf({ actions, started, ended }: RunHistory): RunCounts {
  const all = [...actions.values()];
  const done = all.filter(isDone).length;
  const of = (status: string): number => all.filter(({ outcome }) => outcome?.status === status).length;
  const [failed, stale] = [of('failed'), of('stale')];
  const skipped = ended === undefined ? of('skipped') : started.actions - done - failed - stale;
  return { actions: started.actions, done, left: started.actions - done, failed, stale, skipped };
}

/** What a journal says of its run in the end: everything without an end of its own was skipped. */
export function endCountsOf(history: RunHistory): Omit<EndedRecord, 'type' | 'at' | 'how'> {
  const { actions, done, failed, stale } = countsOf(history);
  return { done, failed, stale, skipped: actions - done - failed - stale };
}

/** What is known of a run without reading what it says. */
type RunFile = Pick<RunSummary, 'run' | 'file' | 'head' | 'flaws' | 'tampered' | 'signature'>;

/** @param history - `undefined`: never begun, or not readable */
export function summaryOf({ head, ...file }: RunFile, history: RunHistory | undefined): RunSummary {
  if (history === undefined) {
    const nothing: RunCounts = { actions: 0, done: 0, left: 0, failed: 0, stale: 0, skipped: 0 };
    return { ...file, how: file.flaws.length === 0 ? 'never begun' : 'unreadable', ...nothing };
  }
  const { started, ended } = history;
  return {
    ...file,
    started: started.at,
    how: ended?.how ?? 'open',
    ...countsOf(history),
    ...(started.username !== undefined && { by: started.username }),
    ...(started.undoes !== undefined && { undoes: started.undoes }),
    ...(head !== undefined && { head }),
  };
}
