/**
 * Files that are no YAML of ours at all: exported as a table, left in the middle of a merge.
 * The one place that recognises them. Nothing of such a file is repeated.
 */
import { type ProblemText, refuse } from '../model/messages/problems.ts';
import type { Problem } from '../model/problem.ts';

/** What a text is, where it is another sort of file; asked only of texts that are not what was expected. */
export function otherSort(text: string, position: (offset: number) => Problem['at']): Problem | undefined {
  for (const { find, problem } of sorts) {
    const offset = find(text);
    const at = offset === undefined ? undefined : position(offset);
    if (at !== undefined) return { ...problem, at };
  }
  return undefined;
}

interface Sort {
  readonly problem: ProblemText;
  /** Where the text shows that it is one of these. */
  readonly find: (text: string) => number | undefined;
}

const sorts: readonly Sort[] = [
  {
    problem: refuse('merge-conflict', {}),
    find: (text) => /^<{7}(?: |$)/m.exec(text)?.index ?? /^>{7}(?: |$)/m.exec(text)?.index,
  },
  {
    problem: refuse('json-lines', {}),
    find: (text) => (isJsonLines(firstLines(text)) ? 0 : undefined),
  },
  {
    problem: refuse('table', {}),
    find: (text) => (isTable(firstLines(text)) ? 0 : undefined),
  },
];

const maxLineLength = 10_000;

/** The first two lines that hold something, as far as they are looked at. */
function firstLines(text: string): readonly string[] {
  const lines: string[] = [];
  for (const [line] of text.matchAll(/[^\r\n\ufeff]+/g)) {
    if (line.trim() !== '') lines.push(line.slice(0, maxLineLength));
    if (lines.length === 2) break;
  }
  return lines;
}

const isJsonLines = ([first = '', second = '']: readonly string[]): boolean =>
  isJsonObject(first) && second.startsWith('{');

function isJsonObject(line: string): boolean {
  if (!line.startsWith('{')) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** A heading of plain words, and as many values in the line after it. */
function isTable([first = '', second]: readonly string[]): boolean {
  return [',', ';', '\t'].some((separator) => {
    const heading = first.split(separator);
    const isHeading = heading.length > 1 && heading.every((word) => /^\s*"?[\w .-]+"?\s*$/.test(word));
    return isHeading && (second === undefined || second.split(separator).length >= heading.length);
  });
}
