/** The one place where two values stand on both sides of an arrow. */

/** Blocks of the scripts that are written from right to left. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** A letter without width that is read from left to right. */
const leftToRight = '\u200e';

/**
 * What was before, and what comes after it. A screen shows a text from right to left as far as such letters go, and over an arrow in
 * between: the second value would stand before the first one. The sign before the arrow ends that, and `printable` lets it through here
 * alone.
 */
export function fromTo(before: string, after: string): string {
  const sign = rightToLeft.test(before) || rightToLeft.test(after) ? leftToRight : '';
  return `${before}${sign} → ${after}`;
}
