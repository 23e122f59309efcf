import { html, raw } from 'hono/html';
import { printable } from './printable.ts';

/** HTML that is ours, with everything from outside in it escaped. */
export type Markup = ReturnType<typeof raw>;

export type MarkupPart = string | number | Markup | readonly MarkupPart[];

/**
 * The one place where text from outside becomes HTML: a text is escaped, and what could reorder a line or be invisible is shown
 * as its code. Only parts that this function made stay as they are.
 */
export function markup(strings: TemplateStringsArray, ...parts: readonly MarkupPart[]): Markup {
  const made = html(strings, ...parts.map(shown));
  // Only where a part were a promise.
  if (made instanceof Promise) throw new TypeError('markup cannot wait');
  return made;
}

/** Texts of ours alone, such as a script: as they stand. */
export const ours: (text: string) => Markup = raw;

function shown(part: MarkupPart): MarkupPart {
  // What was made already is an object, though its type is that of a text.
  if (typeof part === 'string') return printable(part);
  return isList(part) ? part.map(shown) : part;
}

const isList = (part: MarkupPart): part is readonly MarkupPart[] => Array.isArray(part);
