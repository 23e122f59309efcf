import { wrapWords } from './columns.ts';
import type { Colour, Paint } from './paint.ts';
import type { Layout } from './wrap.ts';

/** The title of a section, and what it is about. */
export function heading(text: string, about: string, colour: Colour, paint: Paint, { width }: Layout): string {
  const [first = '', ...more] = wrapWords(about, Math.max(20, width - text.length - 2));
  const title = `${paint('bold', paint(colour, text))}  ${paint('dim', first)}`;
  return [title, ...more.map((line) => `${' '.repeat(text.length + 2)}${paint('dim', line)}`)].join('\n');
}
