import type { JournalKey, Signature } from '../model/journal-key.ts';
import type { RunRecords, StartedRecord } from '../model/journal-record.ts';
import { JournalTamperedError, UnusableJournalError } from './errors.ts';
import type { JournalStore } from './journal-store.ts';
import { journalName, listRuns, readPlanText, readRun } from './runs.ts';

/** What verifying found out about one run. */
export interface VerifiedRun {
  readonly run: string;
  /** Name of the file. */
  readonly file: string;
  /** The hash of its last line. */
  readonly head?: string;
  /** Absent: never begun, or broken. */
  readonly records?: RunRecords;
  readonly flaws: readonly string[];
  /** Whether one of them shows that it was changed. */
  readonly tampered: boolean;
  /** Absent: there was no key to check it with. */
  readonly signature?: Signature;
}

/** What the runs of a server were signed with, by what a journal says of the server; `undefined`: it is not known. */
export type KeyFor = (server: RunServer) => JournalKey | undefined;

/** Its key, and where it was reached. */
export type RunServer = StartedRecord['server'];

/**
 * Checks every journal of a store, line by line, and that each run follows the one before it.
 *
 * @param digestOfPlan - the digest of a plan file's text; throws when the text is no plan file
 * @param keyFor - what the runs of a server were signed with; where it is not known signatures are not checked
 */
export async function verifyRuns(
  store: JournalStore,
  digestOfPlan: (text: string) => string,
  keyFor?: KeyFor,
): Promise<readonly VerifiedRun[]> {
  const verified: VerifiedRun[] = [];
  let before: Before = { empty: new Set() };
  for (const run of await listRuns(store)) {
    const found = await verifyRun(store, run, before, { digestOfPlan, keyFor });
    verified.push(found);
    // A run that was never begun left no trace that the next one could point to.
    const isEmpty = found.records === undefined && found.flaws.length === 0;
    before = isEmpty ? { ...before, empty: new Set([...before.empty, run]) } : { ...before, previous: found };
  }
  return verified;
}

/**
 * For reports that say what runs did, and what no run did: a journal that was taken out from among the others would make them wrong.
 *
 * @throws {JournalTamperedError} when a run does not follow the one before it
 * @throws {UnusableJournalError} when a journal is not as it was written
 */
export async function refuseGaps(store: Pick<JournalStore, 'list' | 'read'>): Promise<void> {
  let previous: Pick<VerifiedRun, 'run' | 'file' | 'head'> | undefined;
  const empty = new Set<string>();
  for (const run of await listRuns(store)) {
    const found = await readRun(store, run);
    if (found === undefined) {
      empty.add(run);
      continue;
    }
    const file = journalName(run);
    const [flaw] = followsFlaws(found.records[0], { ...(previous !== undefined && { previous }), empty }, file);
    if (flaw !== undefined) throw new JournalTamperedError({ is: 'gap', flaw });
    previous = { run, file, head: found.head };
  }
}

/** What came before a run. */
interface Before {
  readonly previous?: Pick<VerifiedRun, 'run' | 'file' | 'head'>;
  /** Runs whose journals hold nothing. */
  readonly empty: ReadonlySet<string>;
}

interface Means {
  readonly digestOfPlan: (text: string) => string;
  readonly keyFor: KeyFor | undefined;
}

const readOnly = (store: JournalStore): Pick<JournalStore, 'list' | 'read'> => ({
  list: () => store.list(),
  read: (name) => store.read(name),
});

async function verifyRun(
  store: JournalStore,
  run: string,
  before: Before,
  { digestOfPlan, keyFor }: Means,
): Promise<VerifiedRun> {
  const file = journalName(run);
  try {
    const found = await readRun(store, run);
    if (found === undefined) return { run, file, flaws: [], tampered: false };
    const { head, records } = found;
    const [started] = records;
    const key = keyFor?.(started.server);
    const signature = key && (await readRun({ ...readOnly(store), key }, run))?.signature;
    const flaws = [
      ...followsFlaws(started, before, file),
      ...planFlaws(started, await readPlanText(store, run), file, digestOfPlan),
      ...(signature === 'wrong'
        ? [`${file}: signed with the token in the environment, and the signature does not fit`]
        : []),
    ];
    // Each of them proves a change: muster wrote these lines whole.
    const tampered = flaws.length > 0;
    return { run, file, head, records, flaws, tampered, ...(signature !== undefined && { signature }) };
  } catch (error) {
    if (!(error instanceof UnusableJournalError)) throw error;
    return { run, file, flaws: [error.message], tampered: error instanceof JournalTamperedError };
  }
}

function followsFlaws(
  { previous: named }: StartedRecord,
  { previous, empty }: Before,
  file: string,
): readonly string[] {
  if (named !== undefined && empty.has(named.run))
    return [`${file}, line 1: follows the run ${named.run}, but ${journalName(named.run)} is empty`];
  // Runs before the oldest one may have been put away.
  if (previous === undefined) return [];
  if (named?.run !== previous.run)
    return [`${file}, line 1: follows the run ${named?.run ?? 'none'}, but the run before it here is ${previous.run}`];
  if (previous.head !== undefined && named.head !== previous.head)
    return [`${previous.file}: its head was ${named.head} when the next run began, and is ${previous.head} now`];
  return [];
}

function planFlaws(
  started: StartedRecord,
  text: string,
  file: string,
  digestOfPlan: (text: string) => string,
): readonly string[] {
  try {
    return digestOfPlan(text) === started.plan ? [] : [`${file}: its plan is not the one that it began with`];
  } catch {
    return [`${file}: its plan is not as it was written`];
  }
}
