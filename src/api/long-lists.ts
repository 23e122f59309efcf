import { Buffer } from 'node:buffer';
import type { Decoder } from './decode.ts';

/** Below this the engine throws a text away as soon as it is done with; a longer one stays until all garbage is looked for. */
const usualPieceBytes = 64 * 1024;

/**
 * Between two objects of a list. Where it stands in a text, the piece before it ends within that text, and where it stands in an
 * inner list, the piece before it lacks the end of that list: neither is JSON.
 */
const seam = Buffer.from('},{"');

/**
 * Reads a list of objects in JSON piece by piece, so that neither its text nor what JSON.parse makes of it is ever there whole.
 * A piece from seam to seam is read as a list of its own; where each of them is one, so is the whole, with the same items.
 *
 * @param body - in UTF-8
 * @param pieceBytes - how long a piece is at least, but for the last one
 * @returns `undefined` where anything is wrong or unusual: it is to be read as a whole then, which tells what
 */
export function readInPieces<Item>(
  body: Uint8Array,
  decodeItem: Decoder<Item>,
  pieceBytes: number = usualPieceBytes,
): readonly Item[] | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const items: Item[] = [];
  let start = 0;
  let isLast = false;
  try {
    while (!isLast) {
      const found = bytes.indexOf(seam, start + pieceBytes);
      isLast = found === -1;
      const end = isLast ? bytes.length : found + 1;
      const text = `${start === 0 ? '' : '['}${bytes.toString('utf8', start, end)}${isLast ? '' : ']'}`;
      const list: unknown = JSON.parse(text);
      if (!Array.isArray(list)) return undefined;
      for (const item of list) items.push(decodeItem(item));
      // Past the comma.
      start = end + 1;
    }
  } catch {
    return undefined;
  }
  return items;
}
