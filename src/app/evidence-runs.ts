/** Journals of a period for a pack: as they were written, or none at all. */
import { JournalBrokenError, JournalTamperedError } from '../journal/errors.ts';
import { folderStore } from '../journal/journal-store.ts';
import { journalName, planName } from '../journal/runs.ts';
import type { RunInPack } from '../model/generated/evidence-file.ts';
import type { RunSummary } from '../model/run-summary.ts';
import { type CheckedRun, checkRuns } from './journals.ts';
import type { ServerPorts } from './ports.ts';
import { lookAtState, type StateOfServer } from './run-state.ts';

/** Milliseconds since the epoch, both included. */
export interface Period {
  readonly sinceMs?: number;
  readonly untilMs?: number;
}

export interface PackedRuns {
  readonly runs: readonly RunInPack[];
  /** By their paths in the pack. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Every run that was under way at some moment of the period.
 *
 * @throws {JournalTamperedError} when any journal of this server is not as it was written, whatever its time
 * @throws {JournalBrokenError} when one cannot be read
 */
export async function packRuns(place: StateOfServer, period: Period, ports: ServerPorts): Promise<PackedRuns> {
  const state = await lookAtState(place, ports);
  if (state === undefined) return { runs: [], files: new Map() };
  const checked = await checkRuns(state.dir, ({ key }) => ports.journalKeyFor(key));
  refuseFlaws(checked.map(({ summary }) => summary));
  const store = folderStore(state.dir);
  const files = new Map<string, Uint8Array>();
  const runs = checked.flatMap((run) => (isWithin(run, period) ? toPacked(run.summary) : []));
  for (const { run } of runs) {
    for (const name of [journalName(run), planName(run)]) {
      const bytes = await store.read(name);
      if (bytes !== undefined) files.set(`journal/${name}`, bytes);
    }
  }
  return { runs, files };
}

function refuseFlaws(runs: readonly RunSummary[]): void {
  const broken = runs.filter(({ flaws }) => flaws.length > 0);
  const worst = broken.find(({ tampered }) => tampered) ?? broken[0];
  if (worst === undefined) return;
  const [flaw = worst.file] = worst.flaws;
  throw worst.tampered
    ? new JournalTamperedError({ is: 'of-evidence', flaw })
    : new JournalBrokenError({ is: 'of-evidence', flaw });
}

function isWithin({ records }: CheckedRun, { sinceMs = 0, untilMs = Number.POSITIVE_INFINITY }: Period): boolean {
  const [first, last] = [records?.[0], records?.at(-1)];
  if (first === undefined || last === undefined) return false;
  return Date.parse(first.at) <= untilMs && Date.parse(last.at) >= sinceMs;
}

function toPacked({
  run,
  file,
  started,
  how,
  by,
  actions,
  done,
  failed,
  head,
  signature,
}: RunSummary): readonly RunInPack[] {
  // Both are there where there are records.
  if (started === undefined || head === undefined) return [];
  const facts = {
    run,
    file: `journal/${file}`,
    plan: `journal/${planName(run)}`,
    started,
    how,
    actions,
    done,
    failed,
    head,
  };
  return [{ ...facts, ...(by !== undefined && { by }), ...(signature !== undefined && { signature }) }];
}
