/** Sections of a comment, cut to its length. */

/** What GitHub and others take as a comment. */
export const maxComment = 65_536;

/** What is only a part of a comment. */
export interface CommentPart {
  /** In place of its own, such as `#### eu`. */
  readonly heading?: string;
  /** How long it may be. */
  readonly room?: number;
}

export interface Section {
  readonly title: string;
  readonly isOpen: boolean;
  readonly head: readonly string[];
  readonly rows: readonly Row[];
}

/** A text, or one that stands for several. */
export type Row = string | { readonly text: string; readonly counts: number };

const textOf = (row: Row): string => (typeof row === 'string' ? row : row.text);
const countOf = (rows: readonly Row[]): number =>
  rows.reduce((sum, row) => sum + (typeof row === 'string' ? 1 : row.counts), 0);

/**
 * A comment that is never longer than one may be: where rows do not fit, each section says how many it leaves out.
 *
 * @param sections - those without rows are left out
 */
export function fitComment(
  head: string,
  sections: readonly Section[],
  foot: string,
  maxLength: number = maxComment,
): string {
  const shown = sections.filter(({ rows }) => rows.length > 0);
  let room = maxLength - head.length - foot.length;
  const parts: string[] = [];
  for (const [i, section] of shown.entries()) {
    // What an earlier section leaves of its share, the later ones may use.
    const part = sectionText(section, Math.floor(room / (shown.length - i)));
    parts.push(part);
    room -= part.length;
  }
  return `${head}${parts.join('')}${foot}`;
}

function sectionText({ title, isOpen, head, rows }: Section, room: number): string {
  const open = `<details${isOpen ? ' open' : ''}><summary>${title}</summary>\n\n${head.join('\n')}\n`;
  const close = '\n</details>\n\n';
  const fits = takeWhileFitting(rows, room - open.length - close.length - 80);
  const folded = countOf(rows) - countOf(fits);
  const note = folded === 0 ? '' : `\n… and ${folded} more of ${countOf(rows)}, left out to fit a comment\n`;
  return `${open}${fits.map((row) => `${textOf(row)}\n`).join('')}${note}${close}`;
}

function takeWhileFitting(rows: readonly Row[], room: number): readonly Row[] {
  let used = 0;
  const fits: Row[] = [];
  for (const row of rows) {
    used += textOf(row).length + 1;
    if (used > room) break;
    fits.push(row);
  }
  return fits;
}
