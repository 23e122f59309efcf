/** Journals as they lie in a store, read as the histories of their runs. */
import type { JournalStore } from '../journal/journal-store.ts';
import { newestRun, readRun } from '../journal/runs.ts';
import type { StartedRecord } from '../model/journal-record.ts';
import { type RunHistory, replay } from '../runs/replay.ts';

/**
 * The newest run that was begun.
 *
 * @param isMeant - which runs count; by default all
 * @throws {JournalBrokenError} when a journal is not as it was written
 */
export async function newestHistory(
  store: JournalStore,
  isMeant?: (started: StartedRecord) => boolean,
): Promise<RunHistory | undefined> {
  const found = await newestRun(store, isMeant);
  return found && replay(found.records);
}

/** @returns `undefined` for a run that was never begun */
export async function historyOf(store: JournalStore, run: string): Promise<RunHistory | undefined> {
  const found = await readRun(store, run);
  return found && replay(found.records);
}
