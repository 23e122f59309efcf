import type { RunSummary } from '../model/run-summary.ts';
import type { RunHistory } from './replay.ts';

type RunCounts = Pick<RunSummary, 'done' | 'failed' | 'stale' | 'skipped'>;

/** How the actions of a run ended, as far as they did. */
export function countsOf({ actions, started }: RunHistory): RunCounts {
  const endings = [...actions.values()].map(({ ending }) => ending?.status);
  const of = (status: string): number => endings.filter((one) => one === status).length;
  const [done, failed, stale] = [of('done'), of('failed'), of('stale')];
  return { done, failed, stale, skipped: started.actions - done - failed - stale };
}

/** What is known of a run without reading what it says. */
type RunFile = Pick<RunSummary, 'run' | 'file' | 'head' | 'flaws' | 'tampered' | 'signature'>;

/** @param history - `undefined`: never begun, or not readable */
export function summaryOf({ head, ...file }: RunFile, history: RunHistory | undefined): RunSummary {
  if (history === undefined) {
    const nothing = { actions: 0, done: 0, failed: 0, stale: 0, skipped: 0 };
    return { ...file, how: file.flaws.length === 0 ? 'never begun' : 'unreadable', ...nothing };
  }
  const { started, ended } = history;
  return {
    ...file,
    started: started.at,
    how: ended?.how ?? 'open',
    actions: started.actions,
    ...countsOf(history),
    ...(started.undoes !== undefined && { undoes: started.undoes }),
    ...(head !== undefined && { head }),
  };
}
