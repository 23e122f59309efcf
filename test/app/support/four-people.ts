/** Four people who came long ago, and the entries that say what is there of them. */
import type { UserEntry } from '../../../src/model/generated/users-file.ts';
import type { SeedUser } from '../../../src/sandbox/index.ts';

export const minute = 60_000;
export const hour: number = 60 * minute;

/** When the first of them came; the others follow, an hour each. */
export const long: number = Date.parse('2026-01-01T00:00:00Z');

export const people: ReadonlyArray<SeedUser & { readonly username: string }> = ['ada', 'bob', 'cy', 'dan'].map(
  (username, i) => ({ username, create_at: long + i * hour, update_at: long + i * hour }),
);

export const entries: readonly UserEntry[] = people.map(({ username }) => ({
  username,
  email: `${username}@example.com`,
  nickname: '',
}));
