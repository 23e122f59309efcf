import { ApiNotFoundError, type WriteClient } from '../../api/index.ts';
import type { AccountId } from '../../model/user-values.ts';

const category = 'muster';

/**
 * Notes in the caller's own preferences on the server that a plan is being used, so that a second runner sees it.
 *
 * @returns `false` when it was noted before
 */
export async function notePlanUseOnServer(
  client: WriteClient,
  caller: AccountId,
  digest: string,
  at: string,
): Promise<boolean> {
  // Names of preferences are short, and words; 24 hex digits are as good as the whole.
  const name = `plan_${digest.replace('sha256:', '').slice(0, 24)}`;
  const noted = await notesOf(client, caller);
  if (noted.some((preference) => preference.name === name)) return false;
  await client.preferences.set(caller, [{ user_id: caller, category, name, value: at }]);
  return true;
}

/** By category, since the server answers the same 400 for a single one that is not there as for anything that fails. */
async function notesOf(client: WriteClient, caller: AccountId): Promise<ReadonlyArray<{ readonly name: string }>> {
  try {
    return await client.preferences.ofCategory(caller, category);
  } catch (error) {
    if (error instanceof ApiNotFoundError) return [];
    throw error;
  }
}
