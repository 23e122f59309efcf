import { say, type WhatOfError } from '../model/messages/message.ts';
import { MusterError } from '../model/muster-error.ts';

/** A place for secrets is not as safe, or not as usable, as it has to be. Nothing was written to it. */
export class SecretPlaceError extends MusterError {
  override readonly name = 'SecretPlaceError';

  constructor(what: WhatOfError<'SECRET_PLACE'>, options?: ErrorOptions) {
    super(say('SECRET_PLACE', what), options);
  }
}

/** A secret could not be read from its source. */
export class SecretSourceError extends MusterError {
  override readonly name = 'SecretSourceError';

  constructor(what: WhatOfError<'SECRET_SOURCE'>, options?: ErrorOptions) {
    super(say('SECRET_SOURCE', what), options);
  }
}

/** A new secret did not arrive in its sink. */
export class SinkError extends MusterError {
  override readonly name = 'SinkError';

  constructor(what: WhatOfError<'SINK_FAILED'>, options?: ErrorOptions) {
    super(say('SINK_FAILED', what), options);
  }
}

/** There is no token to talk to the server with, or it lies where it must not. */
export class CallerTokenError extends MusterError {
  override readonly name = 'CallerTokenError';

  constructor(what: WhatOfError<'CALLER_TOKEN'>, options?: ErrorOptions) {
    super(say('CALLER_TOKEN', what), options);
  }
}
