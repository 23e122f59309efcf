import type { ExitName } from '../exit-codes.ts';
import type { Text } from './text.ts';

/** Who can fix it: the person at the keyboard, the server's side, or us. */
export type Blame = 'user' | 'server' | 'bug';

interface ErrorFacts {
  /** What a run ends with that such an error stops. */
  readonly exit: ExitName;
  readonly blame: Blame;
  /** When it happens: a plain sentence for the documentation. */
  readonly when: string;
}

/** An error code that has one text. */
export interface PlainErrorRow extends ErrorFacts, Text {}

/** An error code that says several things, each of them a text with a name. */
export interface VariedErrorRow extends ErrorFacts {
  readonly texts: Readonly<Record<string, Text>>;
  /** What to do where the text does not say it; shown at the end of a run, not with an action. */
  readonly todo?: string;
}

/** What is true of an error code. */
export type ErrorRow = PlainErrorRow | VariedErrorRow;
