import { count } from './count.ts';
import { say } from './messages/message.ts';
import { type ProblemText, refuse } from './messages/problems.ts';
import { MusterError } from './muster-error.ts';

/** A place in a file; line and column count from 1, columns in UTF-16 units. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Something wrong with what a person wrote: where, what was found, what to write instead. */
export interface Problem extends ProblemText {
  readonly at?: SourcePosition;
  /** The source line, cut to a readable length, never a secret. */
  readonly excerpt?: string;
  /** A second place, such as the other one of two duplicates. */
  readonly also?: SourcePosition;
  /** How many problems this one stands for, where it is not one itself. */
  readonly standsFor?: number;
}

/** A problem before anyone says where it stands. */
export type Unplaced = Omit<Problem, 'at' | 'excerpt'>;

/** As many as a person goes through before the next try; the rest is counted, in every format. */
const maxProblems = 50;

/** Input was refused: the problems that were found, at once, the first 50 and a last one that counts the others. Nothing was written. */
export class InputError extends MusterError {
  override readonly name = 'InputError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const [one] = problems;
    const first = one === undefined ? '' : oneLine(one);
    super(
      say(
        'INPUT_REFUSED',
        problems.length === 1
          ? { is: 'one', problem: first }
          : { is: 'several', problems: count(countProblems(problems), 'problem'), first },
      ),
    );
    this.problems = firstProblems(problems);
  }
}

/** For where there is room for one line: a log, a notice, a row of a table. */
const oneLine = ({ at, message }: Problem): string =>
  at === undefined ? message : `${at.file}:${at.line}:${at.column}: ${message}`;

/** How many problems a list tells of. */
export function countProblems(problems: readonly Problem[]): number {
  let total = 0;
  for (const { standsFor = 1 } of problems) total += standsFor;
  return total;
}

/** So many that a person can go through them, and one that counts the rest. */
export function firstProblems(problems: readonly Problem[]): readonly Problem[] {
  const single = problems.filter(({ standsFor }) => standsFor === undefined);
  const shown = single.slice(0, maxProblems);
  const more = countProblems(problems) - shown.length;
  return more === 0 ? shown : [...shown, moreProblems(more)];
}

/** Stands for problems that are counted and not shown. */
export const moreProblems = (number: number): Problem => ({
  ...refuse('more-problems', { problems: count(number, 'more problem') }),
  standsFor: number,
});
