import type { Text } from './text.ts';

interface ProblemFacts {
  /** When it happens: a plain sentence for the documentation. */
  readonly when: string;
}

/** What is true of a problem: a code with one text, or with several, each with a name. All of them end with the exit code of wrong input. */
export type ProblemRow = ProblemFacts & (Text | { readonly texts: Readonly<Record<string, Text>> });
