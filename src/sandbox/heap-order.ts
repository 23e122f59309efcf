/**
 * The order in which PostgreSQL shows the rows of a table that is read without ORDER BY: that of its storage. It stays as it
 * is until a row changes. A changed row is a new one at a place that is free, which may be before the old one, or else at the end.
 */
export class HeapOrder {
  readonly #places: (string | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #placeOf = new Map<string, number>();

  *keys(): Generator<string> {
    for (const key of this.#places) if (key !== undefined) yield key;
  }

  /** Of a new row, and of one that changed. */
  put(key: string): void {
    const place = this.#free.pop() ?? this.#places.length;
    this.remove(key);
    this.#places[place] = key;
    this.#placeOf.set(key, place);
  }

  remove(key: string): void {
    const place = this.#placeOf.get(key);
    if (place === undefined) return;
    this.#placeOf.delete(key);
    this.#places[place] = undefined;
    this.#free.push(place);
  }
}
