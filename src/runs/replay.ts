/** What a journal says of its run: a pure reading of its lines. */
import type { EndedRecord, RunRecords, StartedRecord } from '../model/journal-record.ts';
import type { RecordedOutcome, RecordedResponse } from '../model/run-journal.ts';
import type { AccountId } from '../model/user-values.ts';

/** One call of an action. */
export interface AttemptHistory {
  readonly atMs: number;
  readonly attempt: number;
  readonly account?: AccountId;
  readonly mark?: string;
  /** Absent: the process ended before the response was recorded. */
  readonly response?: RecordedResponse;
  /** When the response was recorded, or that it is lost; milliseconds since the epoch. */
  readonly respondedMs?: number;
  /** Whether a later process waited until the call was over. */
  readonly isOver?: true;
}

export interface ActionHistory {
  readonly attempts: readonly AttemptHistory[];
  /** Absent: the process ended before the action did. */
  readonly outcome?: RecordedOutcome;
}

/** A token that may be there without its secret being anywhere. */
export interface OpenToken {
  readonly action: string;
  readonly account: AccountId;
  readonly mark: string;
  /** When the call was about to be made; milliseconds since the epoch. */
  readonly atMs: number;
}

export interface RunHistory {
  readonly started: StartedRecord;
  readonly actions: ReadonlyMap<string, ActionHistory>;
  readonly openTokens: readonly OpenToken[];
  /** When the last line was noted; milliseconds since the epoch. */
  readonly lastMs: number;
  /** The last word of the run; absent: its process was ended from outside. */
  readonly ended?: EndedRecord;
}

export function replay(records: RunRecords): RunHistory {
  const [started] = records;
  const actions = new Map<string, { attempts: AttemptHistory[]; outcome?: RecordedOutcome }>();
  const openTokens = new Map<string, OpenToken>();
  let ended: EndedRecord | undefined;
  const historyOf = (action: string): { attempts: AttemptHistory[]; outcome?: RecordedOutcome } => {
    const found = actions.get(action) ?? { attempts: [] };
    actions.set(action, found);
    return found;
  };
  const callsAreOver = (): void => {
    for (const { attempts } of actions.values())
      for (const [i, attempt] of attempts.entries()) attempts[i] = { ...attempt, isOver: true };
  };
  for (const record of records) {
    switch (record.type) {
      case 'started':
        break;
      case 'resumed':
        ended = undefined;
        callsAreOver();
        break;
      case 'intent': {
        const { action, attempt, account, mark } = record;
        const atMs = Date.parse(record.at);
        const history = historyOf(action);
        delete history.outcome;
        history.attempts.push({
          atMs,
          attempt,
          ...(account !== undefined && { account }),
          ...(mark !== undefined && { mark }),
        });
        if (mark !== undefined && account !== undefined) openTokens.set(mark, { action, account, mark, atMs });
        break;
      }
      case 'response': {
        const history = historyOf(record.action);
        const last = history.attempts.pop();
        if (last === undefined) break;
        history.attempts.push({ ...last, response: record, respondedMs: Date.parse(record.at) });
        // Refused, too: whatever was made on the way was taken away again before that was said.
        if (last.mark !== undefined && record.result !== 'unknown') openTokens.delete(last.mark);
        break;
      }
      case 'outcome':
        historyOf(record.action).outcome = record;
        break;
      case 'not-verified':
        historyOf(record.action).outcome = {
          action: record.action,
          status: 'failed',
          written: 'yes',
          code: record.code,
        };
        break;
      case 'swept': {
        const left = new Set(record.left);
        for (const [mark, { action }] of openTokens) if (!left.has(action)) openTokens.delete(mark);
        break;
      }
      case 'ended':
        ended = record;
        if (record.how === 'abandoned') callsAreOver();
        break;
    }
  }
  const lastMs = Date.parse(records.at(-1)?.at ?? started.at);
  return { started, actions, openTokens: [...openTokens.values()], lastMs, ...(ended !== undefined && { ended }) };
}

/** The account that an action made, or was found to have made, as far as anything noted it. */
export function madeAccount({ attempts, outcome }: ActionHistory): AccountId | undefined {
  return attempts.findLast(({ response }) => response?.account !== undefined)?.response?.account ?? outcome?.account;
}

/** Written is done, also where the process ended between the two lines: everything is read back in the end. */
export function isDone({ attempts, outcome }: ActionHistory): boolean {
  return outcome === undefined ? attempts.at(-1)?.response?.result === 'written' : outcome.status === 'done';
}

/** A call that was not refused was written, or may have been: its answer may be lost, or never noted. */
export function mayBeWritten({ attempts }: ActionHistory): boolean {
  return attempts.some(({ response }) => response?.result !== 'refused');
}

/** Whether a run may be resumed: it did not finish. */
export function isOpen({ ended }: RunHistory): boolean {
  return ended === undefined || ended.how === 'interrupted' || ended.how === 'stopped';
}
