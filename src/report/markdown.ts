import { count } from '../model/count.ts';
import { printable } from './printable.ts';

const maxData = 200;
/** Values decide what a reviewer agrees to: they are cut later. */
const maxValue = 500;

/**
 * The one place where text from outside becomes Markdown: always a code span, whose fence is longer than any run of
 * backticks in it, so that no link, image, mention, HTML or table cell can begin inside.
 */
export const code = (text: string): string => span(text, maxData);

/** The value of a change, or a text that says why. */
export const value = (text: string): string => span(text, maxValue);

function span(text: string, max: number): string {
  // A fence of hundreds would take the room of others.
  const cut = shorten(printable(text).replaceAll(/`{4,}/g, '```…'), max);
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

/** A part may hide what matters: how much is left out is said. */
export function shorten(text: string, max: number = maxData): string {
  if (text.length <= max) return text;
  // Never through the middle of a character.
  const kept = text.slice(0, max).replace(/[\ud800-\udbff]$/, '');
  return `${kept}… and ${count(text.length - kept.length, 'more character')}`;
}

/** Whether a text is cut that is no value. */
export const isLong = (text: string): boolean => text.length > maxData;

/** So much stands around what differs. */
const around = 40;

/** Two values of which one is long: without what they have in common before the first difference, and after the last one. */
export function differing(before: string, after: string): readonly [before: string, after: string] {
  if (!isLong(before) && !isLong(after)) return [before, after];
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const part = (text: string): string => {
    const [from, to] = [Math.max(0, start - around), text.length - Math.max(0, end - around)];
    return `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`;
  };
  return [part(before), part(after)];
}
