import { MusterError } from '../model/muster-error.ts';

/** A place for secrets is not as safe, or not as usable, as it has to be. Nothing was written to it. */
export class SecretPlaceError extends MusterError {
  override readonly name = 'SecretPlaceError';
  readonly code = 'SECRET_PLACE';
  readonly blame = 'user';
}

/** A secret could not be read from its source. */
export class SecretSourceError extends MusterError {
  override readonly name = 'SecretSourceError';
  readonly code = 'SECRET_SOURCE';
  readonly blame = 'user';
}

/** A new secret did not arrive in its sink. */
export class SinkError extends MusterError {
  override readonly name = 'SinkError';
  readonly code = 'SINK_FAILED';
  readonly blame = 'user';
}

/** There is no token to talk to the server with, or it lies where it must not. */
export class CallerTokenError extends MusterError {
  override readonly name = 'CallerTokenError';
  readonly code = 'CALLER_TOKEN';
  readonly blame = 'user';
}
