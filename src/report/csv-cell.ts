import { printable } from './printable.ts';

/**
 * The one place where text from outside becomes a cell. A spreadsheet takes what begins with one of these signs for a formula,
 * so an apostrophe comes first: at the start, and after whatever a spreadsheet of another country takes for the start of a cell.
 */
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = printable(value).replace(/(^|[;,|"'])(\s*)(?=[=+\-@＝＋－＠])/gu, "$1$2'");
  return /[",;']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
