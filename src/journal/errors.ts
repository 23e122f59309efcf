import { say, type WhatOfError } from '../model/messages/message.ts';
import { MusterError } from '../model/muster-error.ts';

/** A journal is of no use: it is broken, or was tampered with. */
export abstract class UnusableJournalError extends MusterError {}

/** A journal cannot be read, or not by this version. */
export class JournalBrokenError extends UnusableJournalError {
  override readonly name = 'JournalBrokenError';

  constructor(what: WhatOfError<'JOURNAL_BROKEN'>, options?: ErrorOptions) {
    super(say('JOURNAL_BROKEN', what), options);
  }
}

/** A journal can be read, and is not as it was written: a line was edited, removed or moved, or its plan is another. */
export class JournalTamperedError extends UnusableJournalError {
  override readonly name = 'JournalTamperedError';

  constructor(what: WhatOfError<'JOURNAL_TAMPERED'>, options?: ErrorOptions) {
    super(say('JOURNAL_TAMPERED', what), options);
  }
}

/** Something in the state directory is intact, but nothing shows that muster wrote it. */
export abstract class NotBelievedError extends MusterError {}

/** A signature of this token does not fit what it stands beside. */
export class StateTamperedError extends NotBelievedError {
  override readonly name = 'StateTamperedError';

  constructor(what: WhatOfError<'STATE_TAMPERED'>, options?: ErrorOptions) {
    super(say('STATE_TAMPERED', what), options);
  }
}

/** There is no signature, or one of another token. */
export class StateNotSignedError extends NotBelievedError {
  override readonly name = 'StateNotSignedError';
  readonly is: WhatOfError<'STATE_NOT_SIGNED'>['is'];

  constructor(what: WhatOfError<'STATE_NOT_SIGNED'>, options?: ErrorOptions) {
    super(say('STATE_NOT_SIGNED', what), options);
    this.is = what.is;
  }
}

/** A journal has no end, and the server knows nothing of a run that was cut short. */
export class StateEndMissingError extends NotBelievedError {
  override readonly name = 'StateEndMissingError';

  constructor(what: WhatOfError<'STATE_END_MISSING'>, options?: ErrorOptions) {
    super(say('STATE_END_MISSING', what), options);
  }
}

/** The journal cannot be written, so no call may be made any more. */
export class JournalWriteError extends MusterError {
  override readonly name = 'JournalWriteError';

  constructor(what: WhatOfError<'JOURNAL_WRITE'>, options?: ErrorOptions) {
    super(say('JOURNAL_WRITE', what), options);
  }
}

/** @param cause - what the disk said */
export function journalWriteError(is: WhatOfError<'JOURNAL_WRITE'>['is'], cause: unknown): JournalWriteError {
  const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
  return new JournalWriteError({ is, why }, { cause });
}

/** Another run works on this server. */
export class LockedError extends MusterError {
  override readonly name = 'LockedError';

  constructor(what: WhatOfError<'LOCKED'>, options?: ErrorOptions) {
    super(say('LOCKED', what), options);
  }
}
