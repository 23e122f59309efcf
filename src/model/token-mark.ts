import { dayMs } from './duration.ts';
import { ProgrammingError } from './muster-error.ts';
import { isRealDay } from './written-moment.ts';

/**
 * The mark by which muster knows its own tokens again. It stands in the description, which the server never lets
 * anybody change: `<name>@<generation> muster:<date>:<op>`, at most 100 bytes. Everything else is foreign.
 */
export interface TokenMark {
  readonly name: string;
  readonly generation: number;
  /** The UTC day on which the token was made, `YYYY-MM-DD`. */
  readonly date: string;
  /** Ten characters that no other attempt has. */
  readonly op: string;
}

const pattern = /^([a-z0-9][a-z0-9._-]{0,63})@([1-9][0-9]{0,4}) muster:([0-9]{4}-[0-9]{2}-[0-9]{2}):([a-z0-9]{10})$/;

export function formatMark({ name, generation, date, op }: TokenMark): string {
  const text = `${name}@${generation} muster:${date}:${op}`;
  if (parseMark(text) === undefined) throw new ProgrammingError({ is: 'no-token-mark', found: text });
  return text;
}

export function parseMark(description: string): TokenMark | undefined {
  const [, name, generation, date, op] = pattern.exec(description) ?? [];
  if (name === undefined || generation === undefined || date === undefined || op === undefined) return undefined;
  // Anybody may write a description: a day that is none must not get as far as arithmetic.
  if (!isRealDay(date)) return undefined;
  return { name, generation: Number(generation), date, op };
}

/** Whether a description is the mark of this generation; what only begins like one was not made by muster. */
export function isMarkOf({ name, generation }: Pick<TokenMark, 'name' | 'generation'>, description: string): boolean {
  const mark = parseMark(description);
  return mark?.name === name && mark.generation === generation;
}

/**
 * When the overlap of a rotation ends, counted from the end of the day that the new token's mark names, so that it is
 * never shorter than declared.
 *
 * @param date - the UTC day of the new token, `YYYY-MM-DD`
 * @returns milliseconds since the epoch
 */
export function overlapEndMs(date: string, overlapMs: number): number {
  return Date.parse(`${date}T00:00:00Z`) + dayMs + overlapMs;
}
