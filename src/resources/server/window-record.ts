/**
 * What each run used of the budgets, in the caller's own preferences on the server, so that budgets hold where no journal
 * lies: a record per run, with counts and no names. Who can write there can only add to what counts, or take away what
 * the journals tell as well.
 */
import type { Preference, ReadClient, WriteClient } from '../../api/index.ts';
import { budgetNames } from '../../model/change-classes.ts';
import { byText } from '../../model/compare.ts';
import { say } from '../../model/messages/message.ts';
import { MusterError } from '../../model/muster-error.ts';
import type { BudgetName } from '../../model/plan.ts';
import type { AccountId } from '../../model/user-values.ts';
import { recordKeyOf, type UseCounts, type UseRecord, unreadableCount, windowMs } from '../../model/window-use.ts';
import { noteOf, readNotes } from './own-notes.ts';

const prefix = 'use_';
/** So many are read, a run every 90 seconds; what is beyond counts as unreadable. */
const maxRecords = 1000;
const maxValueLength = 1000;
/** As many as the server sets, or deletes, in one call. */
const maxPerCall = 100;

/** The run cannot be recorded on the server, and policy.window asks for it. Nothing was written. */
export class WindowNotRecordedError extends MusterError {
  override readonly name = 'WindowNotRecordedError';

  constructor(cause: MusterError) {
    super(say('WINDOW_NOT_RECORDED', {}), { cause });
  }
}

/**
 * Every record that may count.
 *
 * @throws {ApiError} where the server does not show them
 */
export async function readUseRecords(client: ReadClient, caller: AccountId): Promise<readonly UseRecord[]> {
  return recordsIn(await readNotes(client, caller));
}

/** @param notes - the caller's preferences of muster's category */
function recordsIn(notes: readonly Preference[]): readonly UseRecord[] {
  const own = notes.filter(({ name }) => name.startsWith(prefix)).toSorted(byText(({ name }) => name));
  const records = own.slice(0, maxRecords).map(recordIn);
  return own.length > maxRecords ? [...records, unreadable('')] : records;
}

export interface RunUse {
  readonly run: string;
  readonly counts: UseCounts;
  readonly nowMs: number;
}

/**
 * Records what a run is about to use, and tidies up: what is too old goes, what cannot be read counts for 24 hours more.
 *
 * @param notes - the caller's preferences of muster's category, where they were just read
 */
export async function recordUse(
  client: WriteClient,
  caller: AccountId,
  use: RunUse,
  notes?: readonly Preference[],
): Promise<void> {
  const found = notes ?? (await readNotes(client, caller));
  const { redated, gone } = tidied(found, use.nowMs);
  const own = { key: recordKeyOf(use.run), atMs: use.nowMs, counts: use.counts };
  const all = [...(use.counts.size > 0 ? [own] : []), ...redated].slice(0, maxPerCall);
  if (all.length > 0) await client.preferences.set(caller, all.map(toPreference(caller)));
  if (gone.length > 0) await client.preferences.delete(caller, gone.slice(0, maxPerCall));
}

/**
 * What other runs recorded since a plan was made.
 *
 * @param seen - keys of the records that were there then
 */
export function useSince(notes: readonly Preference[], seen: ReadonlySet<string>): UseCounts {
  const sum = new Map<BudgetName, number>();
  for (const { key, counts } of recordsIn(notes))
    if (!seen.has(key)) for (const [name, count] of counts) sum.set(name, (sum.get(name) ?? 0) + count);
  return sum;
}

/** Says what a run used in place of what it was about to use. */
export async function correctUse(
  client: WriteClient,
  caller: AccountId,
  { run, counts, nowMs }: RunUse,
): Promise<void> {
  const preference = toPreference(caller)({ key: recordKeyOf(run), atMs: nowMs, counts });
  if (counts.size > 0) await client.preferences.set(caller, [preference]);
  else await client.preferences.delete(caller, [preference]);
}

/** Says that a run used at least so much. */
export async function raiseUse(client: WriteClient, caller: AccountId, use: RunUse): Promise<void> {
  const key = recordKeyOf(use.run);
  const before = (await readUseRecords(client, caller)).find((one) => one.key === key)?.counts ?? new Map();
  const raised = new Map(before);
  for (const [name, count] of use.counts) raised.set(name, Math.max(count, before.get(name) ?? 0));
  await correctUse(client, caller, { ...use, counts: raised });
}

/** Takes from the record of a run what was taken back of it. */
export async function giveBackUse(
  client: WriteClient,
  caller: AccountId,
  { run, counts }: Pick<RunUse, 'run' | 'counts'>,
): Promise<void> {
  const key = recordKeyOf(run);
  const record = (await readUseRecords(client, caller)).find((one) => one.key === key);
  if (record === undefined || !Number.isFinite(record.atMs)) return;
  const left = [...record.counts].map(([name, count]) => [name, count - (counts.get(name) ?? 0)] as const);
  await correctUse(client, caller, {
    run,
    counts: new Map(left.filter(([, count]) => count > 0)),
    nowMs: record.atMs,
  });
}

/** What has to be written anew, and what can go. */
function tidied(
  notes: readonly Preference[],
  nowMs: number,
): { readonly redated: readonly UseRecord[]; readonly gone: readonly Preference[] } {
  const own = notes.filter(({ name }) => name.startsWith(prefix));
  const records = own.map(recordIn);
  // A moment that no clock told would count for ever.
  const redated = records
    .filter(({ atMs }) => atMs > nowMs + windowMs)
    .map((record) => ({ ...record, atMs: Number.isFinite(record.atMs) ? nowMs + windowMs : nowMs }));
  return { redated, gone: own.filter((_, i) => (records[i]?.atMs ?? nowMs) <= nowMs - windowMs) };
}

const toPreference =
  (caller: AccountId) =>
  ({ key, atMs, counts }: UseRecord): Preference => {
    const content = { at: new Date(atMs).toISOString(), counts: Object.fromEntries(counts) };
    return noteOf(caller, `${prefix}${key}`, JSON.stringify(content));
  };

/** What cannot be read counts as more than any budget has left, now and until it can be read. */
const unreadable = (key: string): UseRecord => ({
  key,
  atMs: Number.POSITIVE_INFINITY,
  counts: new Map(budgetNames.map((name) => [name, unreadableCount])),
});

function recordIn({ name, value }: Preference): UseRecord {
  const key = name.slice(prefix.length);
  const content = value.length > maxValueLength ? undefined : objectIn(value);
  const at = content?.get('at');
  const counts = content?.get('counts');
  const atMs = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  if (Number.isNaN(atMs) || typeof counts !== 'object' || counts === null || Array.isArray(counts))
    return unreadable(key);
  return { key, atMs, counts: countsIn(new Map<string, unknown>(Object.entries(counts))) };
}

function objectIn(text: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === 'object' && content !== null ? new Map(Object.entries(content)) : undefined;
  } catch {
    return undefined;
  }
}

/** Budgets that this version does not know limit nothing here. */
function countsIn(fields: ReadonlyMap<string, unknown>): UseCounts {
  return new Map(
    budgetNames.flatMap((name) => {
      const count = fields.get(name);
      return count === undefined ? [] : [[name, isCount(count) ? count : unreadableCount] as const];
    }),
  );
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= unreadableCount;
