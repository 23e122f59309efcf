import { whyNotRead } from '../model/messages/read-refusals.ts';
import { decodeText, type NotDecoded } from './decode-text.ts';

/** The text of a file, or what it is instead of UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | NotDecoded {
  if (isUtf16(bytes)) return { ...whyNotRead('utf-16', {}), line: 1, column: 1 };
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return decodeText(bytes, 'utf-8', 'utf-8');
  }
}

/** By its mark, or since every other byte of its first letters is zero. */
function isUtf16([first = 1, second = 1, third = 1, fourth = 1]: Uint8Array): boolean {
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const isLittle = second === 0 && fourth === 0 && first !== 0 && third !== 0;
  const isBig = first === 0 && third === 0 && second !== 0 && fourth !== 0;
  return isMarked || isLittle || isBig;
}
