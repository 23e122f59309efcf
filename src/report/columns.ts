import stringWidth from 'string-width';

/** A cell with how it looks beside how wide it is. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** Measuring is dear: plain letters and our arrow need none, and the exact width of a very long text does not show. */
export const widthOf = (text: string): number =>
  text.length > 1000 || /^[ -~→]*$/.test(text) ? text.length : stringWidth(text);

/**
 * Lines of cells, each column as wide as its widest cell up to a limit; wider cells push their own line alone.
 *
 * @param width - of the terminal: a cell that ends beyond it begins a line of its own
 */
export function alignColumns(
  rows: ReadonlyArray<readonly Cell[]>,
  indent: string,
  maxWidth = 60,
  width: number = Number.POSITIVE_INFINITY,
): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) {
      const own = widthOf(cell.text);
      if (own <= maxWidth) widths[i] = Math.max(widths[i] ?? 0, own);
    }
  }
  return rows.map((row) => layOut(row, widths, indent, width));
}

const plainText = (text: string): string => text;

function layOut(row: readonly Cell[], widths: readonly number[], indent: string, width: number): string {
  const lines: string[] = [];
  let line = indent;
  let column = indent.length;
  let gap = 0;
  for (const [i, { text, paint }] of row.entries()) {
    const own = widthOf(text);
    if (own === 0 && i === row.length - 1) continue;
    if (i > 0 && column + gap + own > width && (own <= width - indent.length - 4 || width - column - gap < 20)) {
      lines.push(line.trimEnd());
      line = `${indent}    `;
      column = line.length;
      gap = 0;
    }
    const paintOne = paint ?? plainText;
    const [first = '', ...more] = wrapWords(text, Math.max(20, width - column - gap));
    line += ' '.repeat(gap) + paintOne(first);
    column += gap + own;
    for (const next of more) {
      lines.push(line.trimEnd());
      line = `${indent}      ${paintOne(next)}`;
      column = indent.length + 6 + widthOf(next);
    }
    gap = Math.max(0, (widths[i] ?? 0) - own) + 2;
  }
  return [...lines, line.trimEnd()].join('\n');
}

/** Text in lines of at most `width` columns, broken at spaces; a longer word stands alone. Without a width it is one line. */
export function wrapWords(text: string, width: number): readonly string[] {
  if (widthOf(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
