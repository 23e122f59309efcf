import type { ReadClient, WriteClient } from '../../api/index.ts';
import { dayMs } from '../../model/duration.ts';
import { longestLifetimeMs } from '../../model/plan-lifetime.ts';
import type { AccountId } from '../../model/user-values.ts';
import { noteOf, readNotes } from './own-notes.ts';

const prefix = 'plan_';
/** No plan that was used longer ago is taken; a day for clocks that differ. */
const keepMs = longestLifetimeMs + dayMs;
/** As many as the server deletes in one call. */
const maxDeletes = 100;

/** Whether a plan was noted as used, by whatever runner, in the caller's own preferences on the server. */
export async function isPlanNotedOnServer(client: ReadClient, caller: AccountId, digest: string): Promise<boolean> {
  return (await readNotes(client, caller)).some(({ name }) => name === nameOf(digest));
}

/**
 * Notes in the caller's own preferences on the server that a plan is being used, so that a second runner sees it. Notes of
 * plans that have long expired are taken away.
 *
 * @param nowMs - milliseconds since the epoch
 * @returns `false` when it was noted before
 */
export async function notePlanUseOnServer(
  client: WriteClient,
  caller: AccountId,
  digest: string,
  nowMs: number,
): Promise<boolean> {
  const notes = await readNotes(client, caller);
  if (notes.some(({ name }) => name === nameOf(digest))) return false;
  await client.preferences.set(caller, [noteOf(caller, nameOf(digest), new Date(nowMs).toISOString())]);
  const old = notes
    .filter(({ name, value }) => name.startsWith(prefix) && nowMs - Date.parse(value) > keepMs)
    .slice(0, maxDeletes);
  if (old.length > 0) await client.preferences.delete(caller, old);
  return true;
}

/** Names of preferences are short, and words; 24 hex digits are as good as the whole. */
const nameOf = (digest: string): string => `${prefix}${digest.replace('sha256:', '').slice(0, 24)}`;
