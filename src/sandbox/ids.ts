import { randomInt } from 'node:crypto';

/** Base32 in the order that the server uses: no `l`, `v`, `0` or `2`. */
const alphabet = 'ybndrfg8ejkmcpqxot1uwisza345h769';

/** Where ids and secrets come from: numbers in [0, 1). */
export type Randomness = () => number;

/** `randomInt` draws many bytes at a time; one draw for each character of an id would cost more than a whole request. */
export const cryptoRandomness: Randomness = () => randomInt(2 ** 32) / 2 ** 32;

/** A repeatable source for tests, from a whole number. */
export function seededRandomness(seed: number): Randomness {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An id, session token or secret: 26 characters, or 64 for the links in mails. */
export function newId(random: Randomness, length = 26): string {
  let id = '';
  for (let index = 0; index < length; index++) id += alphabet.charAt(Math.floor(random() * alphabet.length));
  return id;
}

/** What the server takes for an id: 26 letters or digits, in any case. */
export const isId = (text: string): boolean => /^[A-Za-z0-9]{26}$/.test(text);

export function shuffled<T>(items: readonly T[], random: Randomness): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const [a, b] = [result[last], result[other]];
    if (a !== undefined && b !== undefined) [result[last], result[other]] = [b, a];
  }
  return result;
}
