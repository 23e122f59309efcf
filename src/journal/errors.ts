import { MusterError } from '../model/muster-error.ts';

/** A journal cannot be read, or not by this version. */
export class JournalBrokenError extends MusterError {
  override readonly name: string = 'JournalBrokenError';
  readonly code: string = 'JOURNAL_BROKEN';
  readonly blame = 'user';
}

/** A journal can be read, and is not as it was written: a line was edited, removed or moved, or its plan is another. */
export class JournalTamperedError extends JournalBrokenError {
  override readonly name: string = 'JournalTamperedError';
  override readonly code: string = 'JOURNAL_TAMPERED';
}

/** Something in the state directory is intact, but nothing shows that muster wrote it. */
export abstract class NotBelievedError extends MusterError {
  readonly blame = 'user';
}

/** A signature of this token does not fit what it stands beside. */
export class StateTamperedError extends NotBelievedError {
  override readonly name = 'StateTamperedError';
  readonly code = 'STATE_TAMPERED';
}

/** There is no signature, or one of another token. */
export class StateNotSignedError extends NotBelievedError {
  override readonly name = 'StateNotSignedError';
  readonly code = 'STATE_NOT_SIGNED';
}

/** A journal has no end, and the server knows nothing of a run that was cut short. */
export class StateEndMissingError extends NotBelievedError {
  override readonly name = 'StateEndMissingError';
  readonly code = 'STATE_END_MISSING';
}

/** The journal cannot be written, so no call may be made any more. */
export class JournalWriteError extends MusterError {
  override readonly name = 'JournalWriteError';
  readonly code = 'JOURNAL_WRITE';
  readonly blame = 'user';
}

/** @param cause - what the disk said */
export function journalWriteError(cause: unknown, whatToDo: string): JournalWriteError {
  const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
  return new JournalWriteError(`the journal of this run cannot be written (${why})`, { hint: whatToDo, cause });
}

/** Another run works on this server. */
export class LockedError extends MusterError {
  override readonly name = 'LockedError';
  readonly code = 'LOCKED';
  readonly blame = 'user';
}
