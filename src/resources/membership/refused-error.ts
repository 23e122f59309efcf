import { say, type WhatOfError } from '../../model/messages/message.ts';
import { MusterError } from '../../model/muster-error.ts';

/** The server added others of the same request, and not this person. */
export class NotAddedError extends MusterError {
  override readonly name = 'NotAddedError';

  constructor(what: WhatOfError<'NOT_ADDED'>) {
    super(say('NOT_ADDED', what));
  }
}
