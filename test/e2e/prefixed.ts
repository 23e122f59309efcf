import { parse, stringify } from 'yaml';
import type { TeamEntry, UserEntry, UsersFile } from '../../src/model/generated/users-file.ts';

/** A users file whose people bear names, addresses and ids of this suite alone. */
export function prefixed(text: string, prefix: string): string {
  const file = parse(text) as UsersFile;
  return stringify({ ...file, users: file.users.map((entry) => prefixEntry(entry, prefix)) });
}

/** Names of teams have no dots, and end with a letter or digit. */
export const prefixedTeam = (name: string, prefix: string): string => `${prefix.replaceAll('.', '-')}${name}`;

function prefixTeam(team: TeamEntry, prefix: string): TeamEntry {
  return typeof team === 'string' ? prefixedTeam(team, prefix) : { ...team, team: prefixedTeam(team.team, prefix) };
}

function prefixEntry(entry: UserEntry, prefix: string): UserEntry {
  const { auth } = entry;
  return {
    ...entry,
    username: prefix + entry.username,
    ...(entry.previous_usernames !== undefined && {
      previous_usernames: entry.previous_usernames.map((name) => prefix + name),
    }),
    ...(entry.teams !== undefined && { teams: entry.teams.map((team) => prefixTeam(team, prefix)) }),
    ...(entry.email !== undefined && { email: prefix + entry.email }),
    ...(auth?.data !== undefined && { auth: { ...auth, data: prefix + auth.data } }),
  };
}
