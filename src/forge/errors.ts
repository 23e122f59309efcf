import { say, type WhatOfError } from '../model/messages/message.ts';
import { MusterError } from '../model/muster-error.ts';

/** The forge does not answer as it should. */
export class ForgeFailedError extends MusterError {
  override readonly name = 'ForgeFailedError';

  constructor(what: WhatOfError<'FORGE_FAILED'>) {
    super(say('FORGE_FAILED', what));
  }
}

/** The token of the job may not do what is asked for, or there is none. */
export class ForgeRefusedError extends MusterError {
  override readonly name = 'ForgeRefusedError';

  constructor(what: WhatOfError<'FORGE_REFUSED'>) {
    super(say('FORGE_REFUSED', what));
  }
}
