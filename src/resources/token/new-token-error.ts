import { say, type WhatOfError } from '../../model/messages/message.ts';
import { MusterError } from '../../model/muster-error.ts';

/** A new token did not become what it should, and was revoked again. */
export class NewTokenError extends MusterError {
  override readonly name = 'NewTokenError';

  constructor(what: WhatOfError<'NEW_TOKEN'>, options?: ErrorOptions) {
    super(say('NEW_TOKEN', what), options);
  }
}
