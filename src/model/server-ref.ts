/** The server that something is about. */
export interface ServerRef {
  readonly url: string;
  /** What the settings call it, where they name several. */
  readonly name?: string;
}
