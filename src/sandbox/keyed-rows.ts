import type { HeapOrder } from './heap-order.ts';

/** A table with a primary key and, where wanted, an index by a secret (one row) and by a user (many rows). */
export class KeyedRows<Row> {
  readonly #keyOf: (row: Row) => string;
  readonly #secretOf: ((row: Row) => string) | undefined;
  readonly #userOf: (row: Row) => string;
  readonly #heap: HeapOrder | undefined;
  readonly #rows = new Map<string, Row>();
  readonly #bySecret = new Map<string, string>();
  readonly #byUser = new Map<string, Set<string>>();

  constructor(
    keyOf: (row: Row) => string,
    index: { readonly secret?: (row: Row) => string; readonly user: (row: Row) => string },
    heap?: HeapOrder,
  ) {
    this.#heap = heap;
    this.#keyOf = keyOf;
    this.#secretOf = index.secret;
    this.#userOf = index.user;
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  bySecret(secret: string): Row | undefined {
    const key = this.#bySecret.get(secret);
    return key === undefined ? undefined : this.#rows.get(key);
  }

  /** In the order of their making. */
  ofUser(userId: string): Row[] {
    return [...(this.#byUser.get(userId) ?? [])].flatMap((key) => this.#rows.get(key) ?? []);
  }

  /** In the order of their making; in that of the heap where there is one. */
  *all(): Generator<Row> {
    for (const key of this.#heap?.keys() ?? this.#rows.keys()) {
      const row = this.#rows.get(key);
      if (row !== undefined) yield row;
    }
  }

  put(row: Row): void {
    const key = this.#keyOf(row);
    this.remove(key, true);
    this.#rows.set(key, row);
    this.#heap?.put(key);
    if (this.#secretOf !== undefined) this.#bySecret.set(this.#secretOf(row), key);
    const user = this.#userOf(row);
    const keys = this.#byUser.get(user);
    if (keys === undefined) this.#byUser.set(user, new Set([key]));
    else keys.add(key);
  }

  /** @param keepPlace - whether the row comes back at once, so that the order of its user's rows stays */
  remove(key: string, keepPlace = false): void {
    const row = this.#rows.get(key);
    if (row === undefined) return;
    if (this.#secretOf !== undefined) this.#bySecret.delete(this.#secretOf(row));
    if (keepPlace) return;
    this.#rows.delete(key);
    this.#heap?.remove(key);
    this.#byUser.get(this.#userOf(row))?.delete(key);
  }
}
