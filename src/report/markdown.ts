import { printable } from './printable.ts';

const maxData = 200;

/**
 * The one place where text from outside becomes Markdown: always a code span, whose fence is longer than any run of
 * backticks in it, so that no link, image, mention, HTML or table cell can begin inside.
 */
export function code(text: string): string {
  // A fence of hundreds would take the room of others.
  const cut = shorten(printable(text).replaceAll(/`{4,}/g, '```…'));
  const runs = cut.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  // Parsers disagree about a pipe after a backslash, so there is none.
  const content = cut === '' ? ' ' : cut.replaceAll('\\|', '\\\\u{7c}').replaceAll('|', '\\|');
  const pad =
    content.startsWith('`') ||
    content.endsWith('`') ||
    (content.startsWith(' ') && content.endsWith(' ') && content.trim() !== '')
      ? ' '
      : '';
  return `${fence}${pad}${content}${pad}${fence}`;
}

function shorten(text: string): string {
  if (text.length <= maxData) return text;
  // Never through the middle of a character.
  return `${text.slice(0, maxData).replace(/[\ud800-\udbff]$/, '')}…`;
}
