/** Who can fix it: the person at the keyboard, the server's side, or us. */
export type Blame = 'user' | 'server' | 'bug';

export interface MusterErrorOptions {
  /** What to do next, one sentence in lower case without a full stop. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * The root of every error that muster throws.
 *
 * Tests, retries and exit codes go by `code`, never by message text. A message says what failed, on which
 * resource, what was found and what was expected. It never holds a secret.
 */
export abstract class MusterError extends Error {
  /** Stable, in capitals: part of the public surface. */
  abstract readonly code: string;
  abstract readonly blame: Blame;
  readonly hint: string | undefined;

  constructor(message: string, options: MusterErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint;
  }
}

/** A caller that is a program gave what the types rule out, or muster itself did. */
export class ProgrammingError extends MusterError {
  override readonly name = 'ProgrammingError';
  readonly code = 'PROGRAMMING_ERROR';
  readonly blame = 'bug';
}
