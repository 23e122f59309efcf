import { say, type WhatOfError } from '../../model/messages/message.ts';
import { MusterError } from '../../model/muster-error.ts';

/** What muster keeps between jobs cannot be read or written. */
export class CiStateError extends MusterError {
  override readonly name = 'CiStateError';

  constructor(what: WhatOfError<'CI_STATE'>, options?: ErrorOptions) {
    super(say('CI_STATE', what), options);
  }
}

/** Another job has claimed what is kept between jobs. */
export class StateClaimedError extends MusterError {
  override readonly name = 'StateClaimedError';

  constructor(branch: string, until: string) {
    super(say('STATE_CLAIMED', { branch, until }));
  }
}
