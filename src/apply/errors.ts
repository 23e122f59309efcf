import { actionName } from '../model/action-name.ts';
import { say } from '../model/messages/message.ts';
import { MusterError } from '../model/muster-error.ts';
import type { Action } from '../model/plan.ts';

/** A plan would change the access of the account whose token muster uses. */
export class CallerOutOfReachError extends MusterError {
  override readonly name = 'CallerOutOfReachError';

  constructor(action: Action) {
    super(say('CALLER_OUT_OF_REACH', { action: actionName(action) }));
  }
}

/** A previous process sent a call for this action, and was stopped before it recorded the response. */
export class ResponseNotRecordedError extends MusterError {
  override readonly name = 'ResponseNotRecordedError';

  constructor(action: Action) {
    super(say('RESPONSE_NOT_RECORDED', { action: actionName(action) }));
  }
}

/** Something failed that muster does not know: the cause says what. */
export class UnexpectedError extends MusterError {
  override readonly name = 'UnexpectedError';

  constructor(cause: unknown) {
    super(say('UNEXPECTED', { what: cause instanceof Error ? cause.message : String(cause) }), { cause });
  }
}
