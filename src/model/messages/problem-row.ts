import { fill, type Text, type Values } from './text.ts';

interface ProblemFacts {
  /** When it happens: a plain sentence for the documentation. */
  readonly when: string;
}

/** What is true of a problem: a code with one text, or with several, each with a name. All of them end with the exit code of wrong input. */
export type ProblemRow = ProblemFacts & (Text | { readonly texts: Readonly<Record<string, Text>> });

/**
 * Fills the text of a row, or the one of its texts that `what.is` names, and says what to do.
 *
 * @param row - its own `todo` is that of texts which say none
 */
export function textOfRow(
  code: string,
  row: ProblemRow & { readonly todo?: string },
  what: Values,
): { readonly text: string; readonly hint?: string } {
  const { text, todo = row.todo } = ('texts' in row ? row.texts[what['is'] ?? ''] : row) ?? { text: code };
  return { text: fill(text, what), ...(todo !== undefined && { hint: fill(todo, what) }) };
}
