import { parse, stringify } from 'yaml';
import type { UserEntry, UsersFile } from '../../src/model/generated/users-file.ts';

/** A users file whose people bear names, addresses and ids of this suite alone. */
export function prefixed(text: string, prefix: string): string {
  const file = parse(text) as UsersFile;
  return stringify({ ...file, users: file.users.map((entry) => prefixEntry(entry, prefix)) });
}

function prefixEntry(entry: UserEntry, prefix: string): UserEntry {
  const { auth } = entry;
  return {
    ...entry,
    username: prefix + entry.username,
    ...(entry.previous_usernames !== undefined && {
      previous_usernames: entry.previous_usernames.map((name) => prefix + name),
    }),
    ...(entry.email !== undefined && { email: prefix + entry.email }),
    ...(auth?.data !== undefined && { auth: { ...auth, data: prefix + auth.data } }),
  };
}
