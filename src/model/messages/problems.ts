import { accountProblems } from './account-problems.ts';
import { commandProblems } from './command-problems.ts';
import { configProblems } from './config-problems.ts';
import { peopleProblems } from './people-problems.ts';
import type { ProblemRow } from './problem-row.ts';
import { reviewProblems } from './review-problems.ts';
import { fill, type Text, type Values, type WhatOf } from './text.ts';
import { textProblems } from './text-problems.ts';
import { valueProblems } from './value-problems.ts';

type ProblemTable = typeof textProblems &
  typeof valueProblems &
  typeof peopleProblems &
  typeof accountProblems &
  typeof configProblems &
  typeof reviewProblems &
  typeof commandProblems;

/** Stable, in small letters: part of the public surface. */
export type ProblemCode = keyof ProblemTable;

/** What has to be said with the code of a problem. */
export type WhatOfProblem<Code extends ProblemCode> = WhatOf<ProblemTable[Code]>;

/** Everything that can be wrong with what a person wrote, in the order of the documentation. */
export const problemRows: Readonly<Record<ProblemCode, ProblemRow>> = {
  ...textProblems,
  ...valueProblems,
  ...peopleProblems,
  ...accountProblems,
  ...configProblems,
  ...reviewProblems,
  ...commandProblems,
};

/** A function, so that a program can load the table when it is asked for. */
export const everyProblemRow = (): typeof problemRows => problemRows;

/** Held by what {@link refuse} made, and by nothing else: a problem says nothing that is not in the register. */
declare const isOfRegister: unique symbol;

/** A code with its text and what to do, filled in. */
export interface ProblemText {
  readonly code: ProblemCode;
  readonly message: string;
  readonly hint?: string;
  readonly [isOfRegister]: true;
}

/** What is said instead of a text that may repeat what no one should see. */
const notShown: Readonly<Record<'here' | 'elsewhere', Text>> = {
  here: { text: '{kind} (not shown: this may be no file of ours)' },
  elsewhere: {
    text: '{kind} (not shown: this may be no file of ours)',
    todo: 'name the file itself, not a link to it, to see more',
  },
};

/** Of a problem in a file of which nothing is repeated, only its kind. */
export function notQuoted(code: ProblemCode, where: keyof typeof notShown): ProblemText;
export function notQuoted(code: ProblemCode, where: keyof typeof notShown): Omit<ProblemText, typeof isOfRegister> {
  return filled(code, notShown[where], { kind: code.replaceAll('-', ' ') });
}

/** Fills the row of a code, or the one of its texts that `what.is` names. */
export function refuse<Code extends ProblemCode>(code: Code, what: WhatOfProblem<Code>): ProblemText;
export function refuse(code: ProblemCode, what: Values): Omit<ProblemText, typeof isOfRegister> {
  const row = problemRows[code];
  return filled(code, ('texts' in row ? row.texts[what['is'] ?? ''] : row) ?? { text: code }, what);
}

const filled = (code: ProblemCode, { text, todo }: Text, what: Values): Omit<ProblemText, typeof isOfRegister> => ({
  code,
  message: fill(text, what),
  ...(todo !== undefined && { hint: fill(todo, what) }),
});
