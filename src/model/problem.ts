import { MusterError } from './muster-error.ts';

/** A place in a file; line and column count from 1, columns in UTF-16 units. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Something wrong with what a person wrote: where, what was found, what to write instead. */
export interface Problem {
  /** Stable, kebab-case. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly at?: SourcePosition;
  /** The source line, cut to a readable length, never a secret. */
  readonly excerpt?: string;
  /** A second place, such as the other one of two duplicates. */
  readonly also?: SourcePosition;
}

/** Input was refused: every problem that was found, at once. Nothing was written. */
export class InputError extends MusterError {
  override readonly name = 'InputError';
  readonly code = 'INPUT_REFUSED';
  readonly blame = 'user';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.length === 1 && problems[0] ? problems[0].message : `${problems.length} problems in the input`);
    this.problems = problems;
  }
}
