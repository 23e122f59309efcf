/**
 * Most entries are words, lists of words and a few booleans: these are made into text here, in a thousandth of the memory that
 * a writer of YAML takes. What comes out is what that writer writes, sign for sign; whatever may need quotes is left to it.
 */
import type { UserEntry } from '../model/generated/users-file.ts';

/** Begins with a letter, has no sign that YAML gives a meaning anywhere, and ends in none that is not seen. */
const plainText = /^\p{L}(?:[\p{L}\p{M}\p{N} ._@+/()&'-]*[\p{L}\p{M}\p{N}._@+/()&'-])?$/u;

/** What is no text to the rules of YAML 1.2 or 1.1, in any case. */
const otherThanText: ReadonlySet<string> = new Set(['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null']);

const longestOfThose = 5;

/** A number to the rules of YAML 1.1, which ask for no digit before the letter. */
const bareExponent = /^e[-+]?\d+$/i;

/** One line of words with one space between them. */
const plainRemark = /^[!-~]+(?: [!-~]+)*$/;

/** Lists of words that stand on one line. */
const listsOfWords: ReadonlySet<string> = new Set(['roles', 'previous_usernames', 'teams']);

/** An entry as it stands in the list of a users file, with its last line end; `undefined`: the writer of YAML has to write it. */
export function plainEntry(entry: UserEntry, remark: string | undefined): string | undefined {
  if (remark !== undefined && !plainRemark.test(remark)) return undefined;
  // Joined, not added up: a text that is added up holds every piece of itself.
  const lines = remark === undefined ? [] : [`  # ${remark}`];
  let lead = '  - ';
  for (const [name, value] of Object.entries(entry)) {
    if (value === undefined) continue;
    const written = plainValue(name, value);
    if (written === undefined) return undefined;
    lines.push(`${lead}${name}: ${written}`);
    lead = '    ';
  }
  if (lead === '  - ') return undefined;
  lines.push('');
  return lines.join('\n');
}

function plainValue(name: string, value: unknown): string | undefined {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return word(value);
  if (Array.isArray(value)) return listsOfWords.has(name) ? list(value) : undefined;
  if (name !== 'auth' || typeof value !== 'object' || value === null) return undefined;
  const parts: string[] = [];
  for (const [key, part] of Object.entries(value)) {
    const written = typeof part === 'string' ? word(part) : undefined;
    if (written === undefined) return undefined;
    parts.push(`${key}: ${written}`);
  }
  return parts.length === 0 ? undefined : `{ ${parts.join(', ')} }`;
}

function list(items: readonly unknown[]): string | undefined {
  const words: string[] = [];
  for (const item of items) {
    const written = typeof item === 'string' ? word(item) : undefined;
    if (written === undefined) return undefined;
    words.push(written);
  }
  return words.length === 0 ? undefined : `[ ${words.join(', ')} ]`;
}

function word(text: string): string | undefined {
  if (text === '') return '""';
  if (!plainText.test(text)) return undefined;
  const isOther = text.length <= longestOfThose && otherThanText.has(text.toLowerCase());
  return isOther || bareExponent.test(text) ? undefined : text;
}
