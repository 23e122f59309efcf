import { actionName } from '../model/action-name.ts';
import { MusterError } from '../model/muster-error.ts';
import type { Action } from '../model/plan.ts';

/** A plan would change the access of the account whose token muster uses. */
export class CallerOutOfReachError extends MusterError {
  override readonly name = 'CallerOutOfReachError';
  readonly code = 'CALLER_OUT_OF_REACH';
  readonly blame = 'user';

  constructor(action: Action) {
    super(`${actionName(action)} would change the access of the caller itself`, {
      hint: 'make a new plan, with the token of another system administrator',
    });
  }
}

/** A previous process sent a call for this action, and was stopped before it recorded the response. */
export class ResponseNotRecordedError extends MusterError {
  override readonly name = 'ResponseNotRecordedError';
  readonly code = 'RESPONSE_NOT_RECORDED';
  readonly blame = 'server';

  constructor(action: Action) {
    super(`outcome of ${actionName(action)} unknown: muster was stopped before the response came`, {
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
