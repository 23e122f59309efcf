/**
 * Files that are no YAML of ours at all: saved in another encoding, exported as a table, left in the middle of a merge.
 * The one place that recognises them. Nothing of such a file is repeated.
 */
import { type ProblemText, refuse } from '../model/messages/problems.ts';
import { whyNotRead } from '../model/messages/read-refusals.ts';
import type { Problem } from '../model/problem.ts';
import { decodeText, type NotDecoded } from './decode-text.ts';

/** The text of a file, or what it is instead of UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | NotDecoded {
  if (isUtf16(bytes)) return { ...whyNotRead('utf-16', {}), line: 1, column: 1 };
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return decodeText(bytes, 'utf-8', 'utf-8');
  }
}

/** By its mark, or since every other byte of its first letters is zero. */
function isUtf16([first = 1, second = 1, third = 1, fourth = 1]: Uint8Array): boolean {
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const isLittle = second === 0 && fourth === 0 && first !== 0 && third !== 0;
  const isBig = first === 0 && third === 0 && second !== 0 && fourth !== 0;
  return isMarked || isLittle || isBig;
}

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
