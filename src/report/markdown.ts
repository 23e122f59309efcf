import { printable } from './printable.ts';

const maxData = 200;

/**
 * The one place where text from outside becomes Markdown: always a code span, whose fence is longer than any run of
 * backticks in it, so that no link, image, mention, HTML or table cell can begin inside.
 */
export function code(text: string): string {
  const shown = printable(text);
  const cut = shown.length > maxData ? `${shown.slice(0, maxData)}…` : shown;
  const runs = cut.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  const content = cut === '' ? ' ' : cut.replaceAll('|', '\\|');
  const pad =
    content.startsWith('`') ||
    content.endsWith('`') ||
    (content.startsWith(' ') && content.endsWith(' ') && content.trim() !== '')
      ? ' '
      : '';
  return `${fence}${pad}${content}${pad}${fence}`;
}
