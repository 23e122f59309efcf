/** What muster notes on a server: the caller's own preferences of its category. Each sort of note has a prefix of its own. */
import { ApiNotFoundError, type Preference, type ReadClient } from '../../api/index.ts';
import type { AccountId } from '../../model/user-values.ts';

const category = 'muster';

export function noteOf(caller: AccountId, name: string, value: string): Preference {
  return { user_id: caller, category, name, value };
}

/**
 * The notes of every sort. By category, since the server answers the same 400 for a single one that is not there as for anything
 * that fails.
 */
export async function readNotes(client: ReadClient, caller: AccountId): Promise<readonly Preference[]> {
  try {
    return await client.preferences.ofCategory(caller, category);
  } catch (error) {
    // So it says that there is none yet.
    if (error instanceof ApiNotFoundError) return [];
    throw error;
  }
}
