/** Entries that cannot be used, and which accounts each of them may mean. */
import type { DesiredState, DesiredUser, UnusableEntry } from './desired-state.ts';
import type { LiveUser } from './live-things.ts';
import type { Problem } from './problem.ts';
import { type Readings, readingsOf } from './readings.ts';

/** An entry that is understood, and that something speaks against all the same. */
export function asUnusable(
  user: DesiredUser,
  { file, line, column }: UnusableEntry['at'],
  problems: readonly Problem[],
): UnusableEntry {
  return { person: user.username, at: { file, line, column }, problems, readings: readingsOfUser(user), user };
}

export function readingsOfUser({ username, previousUsernames, id, values }: DesiredUser): Readings {
  const { email, auth } = values;
  const names = [username, ...previousUsernames, id, email].filter((text) => text !== undefined);
  return readingsOf({ names, data: auth?.data === undefined ? [] : [auth.data] });
}

/** By file and line, as a person goes through them. */
export function inOrderOfPlaces<Entry extends UnusableEntry>(entries: readonly Entry[]): readonly Entry[] {
  return entries.toSorted(
    ({ at: a }, { at: b }) =>
      (a.file === b.file ? 0 : a.file < b.file ? -1 : 1) || a.line - b.line || a.column - b.column,
  );
}

/** Every problem of these entries once: two of them may share it. */
export const problemsOfEntries = (entries: readonly UnusableEntry[]): readonly Problem[] => [
  ...new Set(entries.flatMap(({ problems }) => problems)),
];

/** All entries of a desired state that are understood, those that cannot be used among them. */
export const everyUser = ({ users, unusable }: DesiredState): readonly DesiredUser[] => [
  ...users,
  ...unusable.flatMap(({ user }) => user ?? []),
];

/** Tells which entries may mean an account, or want a name. Built once for many questions. */
export class Doubts {
  readonly #byKey = new Map<string, UnusableEntry[]>();

  constructor(entries: readonly UnusableEntry[]) {
    for (const entry of entries) {
      const { usernames, ids, emails, authData } = entry.readings;
      for (const name of usernames) this.#add(`username ${name}`, entry);
      for (const id of ids) this.#add(`id ${id}`, entry);
      for (const email of emails) this.#add(`email ${email}`, entry);
      for (const data of authData) this.#add(`auth ${data}`, entry);
    }
  }

  #add(key: string, entry: UnusableEntry): void {
    const known = this.#byKey.get(key);
    if (known === undefined) this.#byKey.set(key, [entry]);
    else known.push(entry);
  }

  /** The entries that may mean this account. */
  about({ id, values: { username, email, auth } }: LiveUser): readonly UnusableEntry[] {
    if (this.#byKey.size === 0) return [];
    const keys = [
      `username ${username}`,
      `id ${id}`,
      `email ${email}`,
      ...(auth.data === undefined ? [] : [`auth ${auth.data}`]),
    ];
    return [...new Set(keys.flatMap((key) => this.#byKey.get(key) ?? []))];
  }

  /** The first entry that wants this name, too. */
  wanting(kind: 'username' | 'email' | 'auth', text: string): UnusableEntry | undefined {
    return this.#byKey.get(`${kind} ${text}`)?.[0];
  }
}
