/** Texts of other programs: UTF-8, UTF-16 where a mark says so, and whatever a flag names. Nothing is guessed from the bytes. */
import type { Encoding } from '../model/encodings.ts';
import { whyNotRead } from '../model/messages/read-refusals.ts';

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

/** Whether a flag could name another encoding. */
type Expected = 'utf-8' | 'named';

/** @param named - comes before the mark at the beginning of the file, which never becomes a part of the text */
export function decodeText(bytes: Uint8Array, named?: Encoding, expected: Expected = 'named'): string | NotDecoded {
  const [encoding, mark] = marks.find(([, first]) => first.every((byte, i) => bytes[i] === byte)) ?? ['utf-8', []];
  const used = named ?? encoding;
  const content = used === encoding ? bytes.subarray(mark.length) : bytes;
  const text = tryDecode(content, used);
  if (text === undefined) return firstBad(content, used, expected);
  const nul = text.indexOf('\0');
  if (nul === -1) return text;
  return { ...whyNotRead(`nul-${expected}`, {}), ...placeAt(text.slice(0, nul)) };
}

/** Of the bytes 0x80 to 0x9f, as browsers read them; five are no character. Node's own decoder makes control characters of all. */
const windows1252 = '€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ';

function decodeWindows(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replaceAll(/[\u0080-\u009f]/g, (char) => windows1252.charAt(char.charCodeAt(0) - 0x80));
  return text.includes('\ufffd') ? undefined : text;
}

function tryDecode(bytes: Uint8Array, encoding: Encoding, stream = false): string | undefined {
  if (encoding === 'windows-1252' || encoding === 'latin1') return decodeWindows(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes, { stream });
  } catch {
    return undefined;
  }
}

/** The longest beginning that is a text ends before the first bad byte. */
function firstBad(bytes: Uint8Array, encoding: Encoding, expected: Expected): NotDecoded {
  let good = 0;
  let bad = bytes.length;
  while (good + 1 < bad) {
    const middle = (good + bad) >> 1;
    if (tryDecode(bytes.subarray(0, middle), encoding, true) === undefined) bad = middle;
    else good = middle;
  }
  const before = tryDecode(bytes.subarray(0, good), encoding, true) ?? '';
  // The text of what is good leaves out a character that was only begun.
  const byte =
    bytes[encoding === 'utf-8' ? Buffer.byteLength(before) : before.length * (encoding.startsWith('utf-16') ? 2 : 1)];
  const what = byte === undefined ? 'it ends' : `the byte 0x${byte.toString(16).padStart(2, '0')} stands`;
  return { ...whyNotRead(`bad-${expected}`, { what, encoding: encoding.toUpperCase() }), ...placeAt(before) };
}

function placeAt(before: string): { readonly line: number; readonly column: number } {
  const lines = before.split(/\r\n?|\n/);
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}
