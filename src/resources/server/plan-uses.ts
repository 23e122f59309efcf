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
  // Names of preferences are short; 24 hex digits are as good as the whole.
  const name = `plan.${digest.replace('sha256:', '').slice(0, 24)}`;
  try {
    await client.preferences.get(caller, category, name);
    return false;
  } catch (error) {
    if (!(error instanceof ApiNotFoundError)) throw error;
  }
  await client.preferences.set(caller, [{ user_id: caller, category, name, value: at }]);
  return true;
}
