import stringWidth from 'string-width';

/** A cell with how it looks beside how wide it is. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** Measuring is dear: plain letters and our arrow need none, and nobody sees how wide exactly a very long text is. */
const widthOf = (text: string): number =>
  text.length > 1000 || /^[ -~→]*$/.test(text) ? text.length : stringWidth(text);

/** Lines of cells, each column as wide as its widest cell up to a limit; wider cells push their own line alone. */
export function alignColumns(rows: ReadonlyArray<readonly Cell[]>, indent: string, maxWidth = 60): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) {
      const width = widthOf(cell.text);
      if (width <= maxWidth) widths[i] = Math.max(widths[i] ?? 0, width);
    }
  }
  return rows.map((row) => {
    const cells = row.map(({ text, paint }, i) => {
      const painted = paint === undefined ? text : paint(text);
      const isLast = i === row.length - 1;
      return isLast ? painted : painted + ' '.repeat(Math.max(0, (widths[i] ?? 0) - widthOf(text)));
    });
    return `${indent}${cells.join('  ')}`.trimEnd();
  });
}
