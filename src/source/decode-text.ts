/** Texts of other programs: UTF-8, UTF-16 where a mark says so, and whatever a flag names. Nothing is guessed from the bytes. */
import type { Encoding } from '../model/encodings.ts';

/** Why bytes are no text of the encoding. */
export interface NotDecoded {
  /** Continues "cannot read NAME: ". */
  readonly why: string;
  readonly hint: string;
  /** Of the first bad byte, from 1; columns in UTF-16 units. */
  readonly line: number;
  readonly column: number;
}

const marks: ReadonlyArray<readonly [Encoding, readonly number[]]> = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

const saveAs = 'save it as UTF-8, or say what it is with --encoding';

/** @param named - comes before the mark at the beginning of the file, which never becomes a part of the text */
export function decodeText(bytes: Uint8Array, named?: Encoding): string | NotDecoded {
  const [encoding, mark] = marks.find(([, first]) => first.every((byte, i) => bytes[i] === byte)) ?? ['utf-8', []];
  const used = named ?? encoding;
  const content = used === encoding ? bytes.subarray(mark.length) : bytes;
  const text = tryDecode(content, used);
  if (text === undefined) return firstBad(content, used);
  const nul = text.indexOf('\0');
  if (nul === -1) return text;
  const why = 'it holds characters with the code 0, as UTF-16 does that is read as something else';
  return { why, hint: saveAs, ...placeAt(text.slice(0, nul)) };
}

function tryDecode(bytes: Uint8Array, encoding: Encoding, stream = false): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes, { stream });
  } catch {
    return undefined;
  }
}

/** The longest beginning that is a text ends before the first bad byte. */
function firstBad(bytes: Uint8Array, encoding: Encoding): NotDecoded {
  let good = 0;
  let bad = bytes.length;
  while (good + 1 < bad) {
    const middle = (good + bad) >> 1;
    if (tryDecode(bytes.subarray(0, middle), encoding, true) === undefined) bad = middle;
    else good = middle;
  }
  const before = tryDecode(bytes.subarray(0, good), encoding, true) ?? '';
  // The text of what is good leaves out a character that was only begun.
  const byte = bytes[encoding.startsWith('utf-16') ? before.length * 2 : Buffer.byteLength(before)];
  const what = byte === undefined ? 'it ends' : `the byte 0x${byte.toString(16).padStart(2, '0')} stands`;
  return { why: `${what} where no ${encoding.toUpperCase()} can`, hint: saveAs, ...placeAt(before) };
}

function placeAt(before: string): { readonly line: number; readonly column: number } {
  const lines = before.split(/\r\n?|\n/);
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}
