import { Past } from './past.ts';
import type { UserRow } from './rows.ts';

/** What the reading handlers ask of the table of accounts; a stale view answers the same questions. */
export interface PeopleView {
  byId(id: string): UserRow | undefined;
  byUsername(username: string): UserRow | undefined;
  byEmail(email: string): UserRow | undefined;
  /** Everybody by username, in the order of code points. */
  sorted(): Iterable<UserRow>;
}

interface Change {
  readonly id: string;
  /** The row as it was; undefined = there was none. */
  readonly before: UserRow | undefined;
}

/**
 * The table of accounts: indexed by id, username, email and auth data, with a list in order that survives plain
 * updates, so that 100,000 people can be listed, looked up and written without sorting again.
 */
export class People implements PeopleView {
  readonly #byId = new Map<string, UserRow>();
  readonly #idByUsername = new Map<string, string>();
  readonly #idByEmail = new Map<string, string>();
  readonly #idByAuthData = new Map<string, string>();
  #usernames: string[] | undefined;
  readonly past: Past<Change> = new Past();

  get size(): number {
    return this.#byId.size;
  }

  byId(id: string): UserRow | undefined {
    return this.#byId.get(id);
  }

  byUsername(username: string): UserRow | undefined {
    return this.#row(this.#idByUsername.get(username));
  }

  byEmail(email: string): UserRow | undefined {
    return this.#row(this.#idByEmail.get(email));
  }

  byAuthData(authData: string): UserRow | undefined {
    return this.#row(this.#idByAuthData.get(authData));
  }

  all(): IterableIterator<UserRow> {
    return this.#byId.values();
  }

  *sorted(): Iterable<UserRow> {
    for (const username of this.#order()) {
      const user = this.byUsername(username);
      if (user !== undefined) yield user;
    }
  }

  /** One slice of the list, without walking over what comes before. */
  slice(start: number, end: number): UserRow[] {
    return this.#order()
      .slice(start, end)
      .flatMap((username) => this.byUsername(username) ?? []);
  }

  put(user: UserRow): void {
    const before = this.#byId.get(user.id);
    this.past.note({ id: user.id, before });
    if (before !== undefined) this.#unindex(before);
    this.#byId.set(user.id, user);
    this.#idByUsername.set(user.username, user.id);
    this.#idByEmail.set(user.email, user.id);
    if (user.auth_data !== null) this.#idByAuthData.set(user.auth_data, user.id);
    if (before?.username !== user.username) this.#reorder(before?.username, user.username);
  }

  remove(id: string): void {
    const before = this.#byId.get(id);
    if (before === undefined) return;
    this.past.note({ id, before });
    this.#unindex(before);
    this.#byId.delete(id);
    this.#reorder(before.username, undefined);
  }

  /** The table as it was before the last `writes` writes to it since the start. */
  asOf(writes: number): PeopleView {
    const rows = new Map(this.#byId);
    for (const { id, before } of this.past.last(writes)) {
      if (before === undefined) rows.delete(id);
      else rows.set(id, before);
    }
    return frozenView(rows);
  }

  #row(id: string | undefined): UserRow | undefined {
    return id === undefined ? undefined : this.#byId.get(id);
  }

  #unindex(user: UserRow): void {
    this.#idByUsername.delete(user.username);
    this.#idByEmail.delete(user.email);
    if (user.auth_data !== null) this.#idByAuthData.delete(user.auth_data);
  }

  #order(): readonly string[] {
    this.#usernames ??= [...this.#idByUsername.keys()].toSorted();
    return this.#usernames;
  }

  #reorder(gone: string | undefined, come: string | undefined): void {
    const list = this.#usernames;
    if (list === undefined) return;
    if (gone !== undefined) list.splice(placeOf(list, gone), 1);
    if (come !== undefined) list.splice(placeOf(list, come), 0, come);
  }
}

/** Where a name stands, or would stand, in a sorted list. */
function placeOf(list: readonly string[], name: string): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] ?? '') < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

function frozenView(rows: ReadonlyMap<string, UserRow>): PeopleView {
  const sorted = [...rows.values()].toSorted((a, b) => (a.username < b.username ? -1 : 1));
  const byUsername = new Map(sorted.map((user) => [user.username, user]));
  const byEmail = new Map(sorted.map((user) => [user.email, user]));
  return {
    byId: (id) => rows.get(id),
    byUsername: (username) => byUsername.get(username),
    byEmail: (email) => byEmail.get(email),
    sorted: () => sorted,
  };
}
