import type { Blame } from './messages/error-row.ts';
import type { ErrorCode } from './messages/errors.ts';
import { type Message, say, type WhatOfError } from './messages/message.ts';

export type { Blame } from './messages/error-row.ts';

/**
 * The root of every error that muster throws. Its words stand in the register, `model/messages/`.
 *
 * Tests, retries and exit codes go by `code`, never by message text. A message says what failed, on which
 * resource, what was found and what was expected. It never holds a secret.
 */
export abstract class MusterError extends Error {
  /** Stable, in capitals: part of the public surface. */
  readonly code: ErrorCode;
  readonly blame: Blame;
  /** What to do next, one sentence in lower case without a full stop. */
  readonly hint: string | undefined;

  constructor({ code, blame, text, todo }: Message, options: ErrorOptions = {}) {
    super(text, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.blame = blame;
    this.hint = todo;
  }
}

/** A caller that is a program gave what the types rule out, or muster itself did. */
export class ProgrammingError extends MusterError {
  override readonly name = 'ProgrammingError';

  constructor(what: WhatOfError<'PROGRAMMING_ERROR'>) {
    super(say('PROGRAMMING_ERROR', what));
  }
}
