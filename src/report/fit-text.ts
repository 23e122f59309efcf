import { widthOf } from './columns.ts';
import type { Layout } from './wrap.ts';

// oxlint-disable-next-line no-control-regex
const colours = /\u001b\[[\d;]*m/g;

/** A line of a file, or the mark below it: broken, it would show another place than the one that is meant. */
const excerpt = /^ {2}(?:\d+| +) \|/;

/** Room that a column needs to be read in; where it has less, what is left of a line begins further to the left. */
const leastRoom = 36;

/**
 * A finished report for a terminal: lines that are too long are broken at spaces, and what is left of them stands below
 * the last column that has room enough. A word that fits on no line, such as a path or a hash, stays in one piece.
 */
export function fitText(text: string, { width }: Pick<Layout, 'width'>): string {
  if (!Number.isFinite(width)) return text;
  return text
    .split('\n')
    .map((line) => fitLine(line, width))
    .join('\n');
}

function fitLine(line: string, width: number): string {
  const bare = line.replaceAll(colours, '');
  if (widthOf(bare) <= width || excerpt.test(bare)) return line;
  const hang = hangOf(bare, width);
  let fitted = '';
  let column = 0;
  for (const { 1: gap = '', 2: word = '', index } of line.matchAll(/( *)([^ ]+)/g)) {
    const own = bareWidth(word);
    const from = column + gap.length;
    // A cell that would be cut where there is hardly any room begins below.
    const needed = gap.length > 1 && width - from < leastRoom ? cellWidth(line.slice(index)) : own;
    if (column > hang && from + needed > width && own <= width - hang) {
      fitted += `\n${' '.repeat(hang)}${word}`;
      column = hang + own;
    } else {
      fitted += gap + word;
      column = from + own;
    }
  }
  return fitted;
}

const bareWidth = (text: string): number => widthOf(text.replaceAll(colours, ''));

/** Of what follows up to the next column. */
const cellWidth = (rest: string): number => bareWidth(/^ *(.*?)(?: {2}|$)/.exec(rest)?.[1] ?? '');

/** Where what is left of a line begins: below its last column with room, or a little further in than the line. */
function hangOf(bare: string, width: number): number {
  const starts = [...bare.matchAll(/(?<=\S {2,})\S/g)].map(({ index }) => widthOf(bare.slice(0, index)));
  const column = starts.findLast((start) => width - start >= leastRoom);
  return column ?? Math.min(bare.length - bare.trimStart().length + 2, Math.max(0, width - 20));
}
