import { MusterError } from '../model/muster-error.ts';

/** A journal is not as it was written: a line was edited, removed, moved, or spoilt. */
export class JournalBrokenError extends MusterError {
  override readonly name = 'JournalBrokenError';
  readonly code = 'JOURNAL_BROKEN';
  readonly blame = 'user';
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
