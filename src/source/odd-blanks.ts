/** Characters that look like a space, or like nothing, and are neither a space nor a tab to YAML. */

import { type ProblemText, refuse } from '../model/messages/problems.ts';

const names: Readonly<Record<string, string>> = {
  '\u00a0': 'no-break space',
  '\u1680': 'ogham space',
  '\u2002': 'en space',
  '\u2003': 'em space',
  '\u2007': 'figure space',
  '\u2009': 'thin space',
  '\u200b': 'zero-width space',
  '\u202f': 'narrow no-break space',
  '\u3000': 'ideographic space',
  '\ufeff': 'byte order mark',
};

const odd = '\\u00a0\\u1680\\u2000-\\u200b\\u202f\\u205f\\u3000\\ufeff';
const everyOddBlank = new RegExp(`[${odd}]`, 'g');
/** Where YAML wants a space: in the indentation, after a dash, after the colon of a key. */
const oddSeparator = new RegExp(`^[ \\t-]*[${odd}]|^[ \\t-]*["']?[\\w.-]+["']?:[ \\t]*[${odd}]`);

const codeOf = (char: string): string => (char.codePointAt(0) ?? 0).toString(16).padStart(4, '0');

/** A text in quotes, with what looks like a space and is none as its code. */
export const quote = (text: string): string =>
  JSON.stringify(text).replace(everyOddBlank, (char) => `\\u${codeOf(char)}`);

/** A line to show, where such characters can be told from spaces. Keeps its length, so that columns stay true. */
export const showBlanks = (line: string): string => line.replace(everyOddBlank, '␣');

/** Such a character that a line has where YAML wants a space. */
export function findOddSeparator(line: string): { readonly column: number; readonly name: string } | undefined {
  const found = oddSeparator.exec(line)?.[0];
  return found === undefined ? undefined : { column: found.length - 1, name: nameOf(found.at(-1) ?? '') };
}

/** Where a key has such a character, which may be a part of the indentation that was meant. */
export function findOddBlank(text: string): { readonly column: number; readonly name: string } | undefined {
  const column = text.search(everyOddBlank);
  return column === -1 ? undefined : { column, name: nameOf(text.charAt(column)) };
}

const nameOf = (char: string): string => `${names[char] ?? 'space of another sort'} (U+${codeOf(char).toUpperCase()})`;

/** What is wrong, in words that repeat nothing of the file. */
export const oddBlankProblem = (name: string): ProblemText => refuse('odd-blank', { name });
