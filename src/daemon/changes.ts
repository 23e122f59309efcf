/** Whether the files were written since the last cycle, and no longer are being written. */

/** Told of files as they are now: another text, another state of them. */
export type Look = () => Promise<string>;

export class Changes {
  readonly #look: Look;
  #known = '';
  #seen = '';

  constructor(look: Look) {
    this.#look = look;
  }

  /** What is there now is what the next cycle reads. */
  async begin(): Promise<void> {
    this.#known = await this.#look();
    this.#seen = this.#known;
  }

  /** @returns whether two looks in a row saw the same, and it is something new */
  async haveSettled(): Promise<boolean> {
    const now = await this.#look();
    const haveSettled = now !== this.#known && now === this.#seen;
    this.#seen = now;
    return haveSettled;
  }
}
