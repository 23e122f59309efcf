/** What a file may hold, whichever reader takes it. */

/** Users files are flat; deeper nesting than this is an attack or a mistake. */
export const maxDepth = 16;
export const maxScalarLength: number = 64 * 1024;
export const maxKeyLength = 256;
/** Each takes some hundred bytes of memory, which a small file could exhaust. */
export const maxValues = 6_000_000;
/** Each value needs one of these before it. */
const signs: ReadonlySet<number> = new Set(Array.from(',:-?[{', (sign) => sign.charCodeAt(0)));

/** How many values a text may hold at most. */
export function signsIn(text: string): number {
  // A shorter text cannot have so many that they are counted.
  if (text.length <= maxValues) return 0;
  let count = 0;
  for (let i = 0; i < text.length; i++) if (signs.has(text.charCodeAt(i))) count++;
  return count;
}
