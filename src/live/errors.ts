import { MusterError } from '../model/muster-error.ts';

/** The token is shown only part of the data: names, e-mails and sign-in services are hidden from it. */
export class InsufficientVisibilityError extends MusterError {
  override readonly name = 'InsufficientVisibilityError';
  readonly code = 'INSUFFICIENT_VISIBILITY';
  readonly blame = 'user';

  constructor(username: string) {
    super(`the caller ${username} is no system administrator: the server hides from it what a plan needs`, {
      hint: 'use the token of an account with the role system_admin',
    });
  }
}

/** A listing was not proven complete, so nothing may be concluded from it. */
export class ReadNotCompleteError extends MusterError {
  override readonly name = 'ReadNotCompleteError';
  readonly code = 'READ_NOT_COMPLETE';
  readonly blame = 'server';

  constructor(readings: readonly string[]) {
    super(`the list of users could not be read completely in ${readings.length} tries: ${readings.join('; ')}`, {
      hint: 'many accounts may be changing right now: try again later',
    });
  }
}
