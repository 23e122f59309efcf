/** The runs of one server: how they are named, found, begun and resumed. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../model/clock.ts';
import type { JournalKey, Signature } from '../model/journal-key.ts';
import type { PreviousRun, RunRecords, StartedRecord } from '../model/journal-record.ts';
import { JournalBrokenError, JournalTamperedError, journalWriteError } from './errors.ts';
import { Journal } from './journal.ts';
import type { JournalFile, JournalStore, KeyedStore } from './journal-store.ts';
import { type JournalContent, readRecords } from './records.ts';

/** A run as its file tells it. */
export interface FoundRun {
  readonly run: string;
  /** The hash of its last line. */
  readonly head: string;
  readonly records: RunRecords;
  /** Absent: there was no key to check it with. */
  readonly signature?: Signature;
}

/** A store to read from, whether or not there is a key to check signatures with. */
type ReadStore = Pick<JournalStore, 'list' | 'read'> & { readonly key?: JournalKey };

/** `000012-20261124T093000Z-1f2e3d4c`: sorts by the order in which runs began, whatever their clocks said. */
const runPattern = /^run-(([0-9]{6})-[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8})\.jsonl$/;

export const journalName = (run: string): string => `run-${run}.jsonl`;
export const planName = (run: string): string => `run-${run}.plan.json`;

/** Names of all runs, the oldest first. */
export async function listRuns(store: Pick<JournalStore, 'list'>): Promise<readonly string[]> {
  return (await store.list()).flatMap((name) => runPattern.exec(name)?.[1] ?? []);
}

/**
 * The newest run that was begun.
 *
 * @param isMeant - which runs count; by default all
 * @throws {UnusableJournalError} when a journal is not as it was written
 */
export async function newestRun(
  store: ReadStore,
  isMeant: (found: FoundRun) => boolean = () => true,
): Promise<FoundRun | undefined> {
  for (const run of (await listRuns(store)).toReversed()) {
    const found = await readRun(store, run);
    if (found !== undefined && isMeant(found)) return found;
  }
  return undefined;
}

/** @returns `undefined` for a run that was never begun: its first line never became whole */
export async function readRun(store: ReadStore, run: string): Promise<FoundRun | undefined> {
  const { records, head, signature } = await readContent(store, run);
  const [started, ...later] = records;
  if (started?.type !== 'started') return undefined;
  return { run, head, records: [started, ...later], ...(signature !== undefined && { signature }) };
}

async function readContent(store: ReadStore, run: string): Promise<JournalContent> {
  const name = journalName(run);
  const content = readRecords((await store.read(name)) ?? new Uint8Array(), name, store.key?.signerOf(run));
  const [started] = content.records;
  if (started?.type === 'started' && started.run !== run) {
    throw new JournalTamperedError({ is: 'other-run', file: name, run: started.run });
  }
  return content;
}

/** The text of the plan that a run carries out; the caller checks its digest. */
export async function readPlanText(store: Pick<JournalStore, 'read'>, run: string): Promise<string> {
  const bytes = await store.read(planName(run));
  if (bytes === undefined) {
    throw new JournalBrokenError({ is: 'plan-missing', run, file: planName(run) });
  }
  return new TextDecoder().decode(bytes);
}

export type Beginning = Omit<StartedRecord, 'type' | 'version' | 'at' | 'run' | 'previous'> & {
  /** Text of the plan file. */
  readonly planText: string;
};

/** A name for the next run. */
export async function nextRunName(store: JournalStore, nowMs: number): Promise<string> {
  const last = (await store.list()).flatMap((name) => runPattern.exec(name)?.[2] ?? []).at(-1) ?? '0';
  const stamp = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${String(Number(last) + 1).padStart(6, '0')}-${stamp}-${randomBytes(4).toString('hex')}`;
}

/**
 * Takes a name before the run shows itself to others by it, so that the run after a crash knows that it was from
 * here.
 *
 * @throws {JournalWriteError} when there is no room for it
 */
export async function reserveRun(store: JournalStore, run: string): Promise<void> {
  const file = await writing(() => store.openForAppend(journalName(run)));
  await file.close();
}

/**
 * Begins the journal of a run: its plan beside it first, then its first line, both durable.
 *
 * @throws {UnusableJournalError} when the journal of the run before is not as it was written
 * @throws {JournalWriteError} when there is no room for it
 */
export async function beginRun(
  store: KeyedStore,
  clock: Clock,
  run: string,
  { planText, ...beginning }: Beginning,
): Promise<Journal> {
  const newest = await newestRun(store);
  const previous: PreviousRun | undefined = newest && { run: newest.run, head: newest.head };
  const file = await writing(async () => {
    await store.writeWhole(planName(run), new TextEncoder().encode(planText));
    return store.openForAppend(journalName(run));
  });
  return closedOnFailure(file, async () => {
    const journal = new Journal(run, file, clock, store.key);
    journal.note({ type: 'started', version: 1, run, ...beginning, ...(previous !== undefined && { previous }) });
    await journal.flush();
    return journal;
  });
}

/**
 * Opens the journal of a run again; a torn end is cut off first.
 *
 * @throws {UnusableJournalError} when it is not as it was written
 * @throws {JournalWriteError} when it cannot be written
 */
export async function reopenRun(store: KeyedStore, clock: Clock, run: string): Promise<Journal> {
  const { head, wholeBytes, lacksNewline } = await readContent(store, run);
  const file = await writing(() => store.openForAppend(journalName(run)));
  return closedOnFailure(file, async () => {
    await writing(async () => {
      await file.truncate(wholeBytes);
      if (!lacksNewline) return;
      await file.append(new TextEncoder().encode('\n'));
      await file.sync();
    });
    return new Journal(run, file, clock, store.key, head);
  });
}

async function writing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw journalWriteError('not-begun', error);
  }
}

async function closedOnFailure<Result>(file: JournalFile, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  }
}
