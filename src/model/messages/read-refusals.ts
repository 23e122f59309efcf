/** Why a file is not read: the part of a message after "cannot read NAME:", and what to do. */
import { fill, type Text, type Values, type ValuesOf } from './text.ts';

const rows = {
  replaced: { text: 'it was replaced while it was opened', todo: 'try again' },
  'not-allowed': { text: '{code}', todo: 'let muster read it' },
  system: { text: '{code}', todo: 'check the path' },
  'no-file': { text: 'it is {what}, expected a regular file', todo: 'name a file that holds the text itself' },
  outside: {
    text: 'its real path lies outside {folder}',
    todo: 'keep the file itself in that folder; only a flag can name one elsewhere',
  },
  'too-large': {
    text: 'it is larger than {mebibytes} MiB',
    todo: 'split it, or check whether it is the right file',
  },
  'utf-16': { text: 'it is UTF-16 text, expected UTF-8', todo: 'save it as UTF-8' },
  'nul-utf-8': {
    text: 'it holds characters with the code 0, as UTF-16 does that is read as something else',
    todo: 'save it as UTF-8; if it is Latin-1: iconv -f LATIN1 -t UTF-8',
  },
  'nul-named': {
    text: 'it holds characters with the code 0, as UTF-16 does that is read as something else',
    todo: 'save it as UTF-8, or say what it is with --encoding',
  },
  'bad-utf-8': {
    text: '{what} where no {encoding} can',
    todo: 'save it as UTF-8; if it is Latin-1: iconv -f LATIN1 -t UTF-8',
  },
  'bad-named': {
    text: '{what} where no {encoding} can',
    todo: 'save it as UTF-8, or say what it is with --encoding (Excel: windows-1252)',
  },
} as const;

type RefusalName = keyof typeof rows;

/** Says why a file is not read. */
export function whyNotRead<Name extends RefusalName>(
  name: Name,
  what: ValuesOf<(typeof rows)[Name]>,
): { readonly why: string; readonly hint: string };
export function whyNotRead(name: RefusalName, what: Values): { readonly why: string; readonly hint: string } {
  const { text, todo }: Required<Text> = rows[name];
  return { why: fill(text, what), hint: fill(todo, what) };
}
