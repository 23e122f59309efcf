/** Tables as RFC 4180 describes them, each cell with its place. Cells are texts and nothing else: no formula is ever one. */
import { refuse } from '../model/messages/problems.ts';
import type { Problem } from '../model/problem.ts';
import type { SourceText } from './source-text.ts';

export interface Cell {
  readonly text: string;
  /** Of its first character, or of its opening quote. */
  readonly offset: number;
}

export type Row = readonly Cell[];

export interface Table {
  readonly rows: readonly Row[];
  readonly problems: readonly Problem[];
}

export const separators = [',', ';', '\t'] as const;

/** The line with which Excel says what separates the cells: it belongs to no table. */
const stated = /^sep=([,;\t])(?:\r\n?|\n|$)/i;

/** The one that the file states, else of the separators the one that the first line has most of, outside of quotes. */
export function separatorOf(text: string): string {
  const [, own] = stated.exec(text) ?? [];
  if (own !== undefined) return own;
  const [first = ''] = text.replace(/"[^"]*"/g, '').split(/[\r\n]/, 1);
  const counts = separators.map((one) => [one, first.split(one).length] as const);
  return counts.toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? ',';
}

/** Rows without their empty lines. What is no cell is a problem, and its row is left out. */
export function readCsv(source: SourceText, separator: string): Table {
  const { text } = source;
  const rows: Row[] = [];
  const problems: Problem[] = [];
  const plain = new RegExp(`[^${separator === '\t' ? '\\t' : separator}"\\r\\n]*`, 'y');
  const quoted = /"((?:[^"]|"")*)("?)/y;
  const match = (pattern: RegExp, at: number): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  let at = stated.exec(text)?.[0].length ?? 0;
  while (at < text.length) {
    const row: Cell[] = [];
    let flaw: Problem | undefined;
    for (;;) {
      const found = match(text[at] === '"' ? quoted : plain, at);
      const [whole = '', inner, closing] = found ?? [];
      row.push({ text: inner === undefined ? whole : inner.replaceAll('""', '"'), offset: at });
      if (closing === '') flaw ??= source.problem(at, refuse('csv-quote-open', {}));
      at += whole.length;
      const rest = /[^\r\n]*/y;
      const isEnd = at >= text.length || text[at] === '\r' || text[at] === '\n';
      if (!isEnd && text[at] !== separator) {
        flaw ??= source.problem(at, refuse('csv-quote', {}));
        at += match(rest, at)?.[0].length ?? 0;
        break;
      }
      if (isEnd) break;
      at++;
    }
    at += match(/\r\n?|\n|/y, at)?.[0].length ?? 0;
    if (flaw !== undefined) problems.push(flaw);
    else if (row.length > 1 || row[0]?.text.trim() !== '') rows.push(row);
  }
  return { rows, problems };
}
