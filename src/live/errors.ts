import { say } from '../model/messages/message.ts';
import { MusterError } from '../model/muster-error.ts';

/** The token is shown only part of the data: names, e-mails and sign-in services are hidden from it. */
export class InsufficientVisibilityError extends MusterError {
  override readonly name = 'InsufficientVisibilityError';

  constructor(username: string) {
    super(say('INSUFFICIENT_VISIBILITY', { username }));
  }
}

/** A listing was not proven complete, so nothing may be concluded from it. */
export class ReadNotCompleteError extends MusterError {
  override readonly name = 'ReadNotCompleteError';

  constructor(readings: readonly string[]) {
    super(say('READ_NOT_COMPLETE', { tries: readings.length, readings: readings.join('; ') }));
  }
}
