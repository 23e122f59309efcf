/** How many writes a stale view can reach back. */
const longest = 1000;

/** The last writes to a table. What was planted at the start is as old as the hills, and no part of it. */
export class Past<Change> {
  #changes: Change[] = [];

  note(change: Change): void {
    this.#changes.push(change);
    if (this.#changes.length > 2 * longest) this.#changes = this.#changes.slice(-longest);
  }

  /** The newest first; fewer where there were not so many. */
  last(writes: number): readonly Change[] {
    return this.#changes.slice(Math.max(0, this.#changes.length - writes)).toReversed();
  }

  forget(): void {
    this.#changes = [];
  }
}
