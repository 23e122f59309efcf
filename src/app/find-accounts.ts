import type { LiveReader } from '../model/live-reader.ts';
import type { LiveUser } from '../model/live-state.ts';
import { isId } from '../model/server-id.ts';
import { normalizeEmail, normalizeUsername } from '../model/user-rules.ts';

/**
 * The accounts that people name on the command line: by username, by e-mail, or by id.
 *
 * @returns in the order of the names; `undefined` where the server said that there is none
 */
export async function findAccounts(
  reader: LiveReader,
  names: readonly string[],
): Promise<ReadonlyMap<string, LiveUser | undefined>> {
  const usernames = [...new Set(names.filter((name) => !name.includes('@')).map(normalizeUsername))];
  const named = usernames.length === 0 ? [] : await reader.usersByNames(usernames.toSorted());
  const byName = new Map(named.map((user) => [user.values.username, user]));
  const found = new Map<string, LiveUser | undefined>();
  for (const name of names) {
    if (name.includes('@')) found.set(name, await reader.userByEmail(normalizeEmail(name)));
    else {
      const hit = byName.get(normalizeUsername(name));
      found.set(name, hit ?? (isId(name) ? (await reader.usersByIds([name]))[0] : undefined));
    }
  }
  return found;
}
