import { MusterError } from '../model/muster-error.ts';
import type { Action } from '../model/plan.ts';

/** A plan would change the access of the account whose token muster uses. */
export class CallerOutOfReachError extends MusterError {
  override readonly name = 'CallerOutOfReachError';
  readonly code = 'CALLER_OUT_OF_REACH';
  readonly blame = 'user';

  constructor({ call, person }: Action) {
    super(`${call.operation} of ${person} would change the access of the caller itself`, {
      hint: 'make a new plan, with the token of another system administrator',
    });
  }
}

/** A former process made a call of this action, and ended before it noted the answer. */
export class AnswerNotNotedError extends MusterError {
  override readonly name = 'AnswerNotNotedError';
  readonly code = 'ANSWER_NOT_NOTED';
  readonly blame = 'server';

  constructor({ call, person }: Action) {
    super(`what became of ${call.operation} of ${person} is not known: muster was ended before the answer came`, {
      hint: 'plan again to see what is left',
    });
  }
}

/** Something failed that muster does not know: the cause says what. */
export class UnexpectedError extends MusterError {
  override readonly name = 'UnexpectedError';
  readonly code = 'UNEXPECTED';
  readonly blame = 'bug';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), {
      cause,
      hint: 'please report it; plan again to see what was done',
    });
  }
}
