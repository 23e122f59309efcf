import type { SourcePath } from './node-index.ts';
import type { SourceDocument } from './source-document.ts';

/**
 * The lines on which an item of a list stands, counted from 1, without those that say nothing. Where an alias or a merge may bring a
 * part of it from elsewhere: all lines of the file.
 *
 * @param path - of the list
 * @param count - how many items it has
 */
export function itemLines(document: SourceDocument, path: SourcePath, index: number, count: number): readonly number[] {
  const { source } = document;
  const all = source.lines();
  const lineOf = (item: number): number => source.position(document.offsetOf([...path, item])).line;
  const from = lineOf(index);
  const to = index + 1 < count ? Math.max(from, lineOf(index + 1) - 1) : all.length;
  const isOnItsOwn = !all.slice(from - 1, to).some((text) => /(^|[\s,[{:])\*[^\s]|<<\s*:/.test(text));
  const [first, last] = isOnItsOwn ? [from, to] : [1, all.length];
  return Array.from({ length: last - first + 1 }, (_, i) => first + i).filter(
    (line) => !isIdleLine(all[line - 1] ?? ''),
  );
}

/** Blank, or a comment. */
export const isIdleLine = (text: string): boolean => /^\s*(#.*)?$/.test(text);
