// Small hand-written decoders: what comes from outside is `unknown` until one of these has seen it. They keep the
// known keys, ignore the others, and cost nothing beyond the checks: a path is built only when something is wrong.
import { isRecord } from '../model/is-record.ts';
import { isId } from '../model/server-id.ts';

/** Turns an `unknown` into data, or throws a {@link Mismatch}. */
export type Decoder<Data> = (value: unknown) => Data;

export type Fields = Readonly<Record<string, unknown>>;

/** The answer is not what the operation expects. Says where and what kind of value was found, never the value. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch';
  readonly path: string;
  readonly expected: string;
  readonly found: string;

  constructor(path: string, expected: string, found: string) {
    super(`${path === '' ? 'the answer' : path}: expected ${expected}, found ${found}`);
    this.path = path;
    this.expected = expected;
    this.found = found;
  }
}

/** Names the kind of a value, for messages. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (value === '') return 'an empty text';
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'number') return 'a number';
  return typeof value === 'boolean' ? 'a boolean' : 'an object';
}

export function fields(value: unknown): Fields {
  if (isRecord(value)) return value;
  throw new Mismatch('', 'an object', kindOf(value));
}

export function id(from: Fields, key: string): string {
  const value = from[key];
  if (isId(value)) return value;
  throw new Mismatch(key, 'an id of 26 letters and digits', kindOf(value));
}

export function text(from: Fields, key: string): string {
  const value = from[key];
  if (typeof value === 'string') return value;
  throw new Mismatch(key, 'a text', kindOf(value));
}

/** Absent, null or a text. */
export function optionalText(from: Fields, key: string): string | undefined {
  const value = from[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new Mismatch(key, 'a text or nothing', kindOf(value));
}

/** A text that the server leaves out when it is empty. */
export function textOrEmpty(from: Fields, key: string): string {
  return optionalText(from, key) ?? '';
}

export function whole(from: Fields, key: string): number {
  const value = from[key];
  if (Number.isSafeInteger(value) && typeof value === 'number') return value;
  throw new Mismatch(key, 'a whole number', kindOf(value));
}

/** Absent, null or a whole number. */
export function optionalWhole(from: Fields, key: string): number | undefined {
  const value = from[key];
  return value === undefined || value === null ? undefined : whole(from, key);
}

/** A whole number that the server leaves out when it is 0. */
export function wholeOrZero(from: Fields, key: string): number {
  return optionalWhole(from, key) ?? 0;
}

const firstMs = Date.parse('0000-01-01T00:00:00Z');
const lastMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * A moment in milliseconds since the epoch, which is whatever number someone once stored: one before the year 0 or after the year
 * 9999, which no date can tell, is read as the nearest that it can.
 */
export function moment(from: Fields, key: string): number {
  return Math.min(Math.max(whole(from, key), firstMs), lastMs);
}

/** Absent, null or a moment. */
export function optionalMoment(from: Fields, key: string): number | undefined {
  return optionalWhole(from, key) === undefined ? undefined : moment(from, key);
}

/** A moment that the server leaves out when it is 0. */
export function momentOrZero(from: Fields, key: string): number {
  return optionalMoment(from, key) ?? 0;
}

/**
 * When something was deleted or deactivated, in milliseconds since the epoch; 0 for never. Every other number counts as
 * inactive, so one that is no moment is refused: an account must not be inactive by accident.
 */
export function deletionMoment(from: Fields, key: string): number {
  const value = moment(from, key);
  if (value >= 0) return value;
  throw new Mismatch(key, 'a moment or 0 for never', 'a number below 0');
}

/** Like {@link deletionMoment}; the server leaves it out when it is 0. */
export function deletionMomentOrZero(from: Fields, key: string): number {
  return optionalWhole(from, key) === undefined ? 0 : deletionMoment(from, key);
}

/** Absent or a boolean. */
export function optionalFlag(from: Fields, key: string): boolean | undefined {
  const value = from[key];
  if (value === undefined || typeof value === 'boolean') return value;
  throw new Mismatch(key, 'a boolean or nothing', kindOf(value));
}

/** A boolean that the server leaves out when it is false. */
export function flagOrFalse(from: Fields, key: string): boolean {
  return optionalFlag(from, key) ?? false;
}

function isStringMap(value: unknown): value is Readonly<Record<string, string>> {
  if (!isRecord(value)) return false;
  for (const key in value) if (typeof value[key] !== 'string') return false;
  return true;
}

/** Absent, null or a map of texts. */
export function optionalStringMap(from: Fields, key: string): Readonly<Record<string, string>> | undefined {
  const value = from[key];
  if (value === undefined || value === null) return undefined;
  if (isStringMap(value)) return value;
  throw new Mismatch(key, 'a map of texts', isRecord(value) ? 'a map with other values' : kindOf(value));
}

/** The list of texts under a key; `null` is an empty one. */
export function texts(from: Fields, key: string): readonly string[] {
  const value = from[key] ?? [];
  if (Array.isArray(value) && value.every((item): item is string => typeof item === 'string')) return value;
  throw new Mismatch(key, 'a list of texts', Array.isArray(value) ? 'a list with other values' : kindOf(value));
}

/** Adds a step to the path of a mismatch that was found further in; other errors pass unchanged. */
function within(step: string, problem: unknown): unknown {
  if (!(problem instanceof Mismatch)) return problem;
  const path = problem.path === '' || problem.path.startsWith('[') ? step + problem.path : `${step}.${problem.path}`;
  return new Mismatch(path, problem.expected, problem.found);
}

/** A decoder of lists; Go writes an empty list as `null` in some places, which `listOrNull` reads. */
export function list<Item>(decodeItem: Decoder<Item>): Decoder<readonly Item[]> {
  return (value) => {
    if (!Array.isArray(value)) throw new Mismatch('', 'a list', kindOf(value));
    const source: readonly unknown[] = value;
    const items: Item[] = [];
    for (let index = 0; index < source.length; index += 1) {
      try {
        items.push(decodeItem(source[index]));
      } catch (problem) {
        throw within(`[${index}]`, problem);
      }
    }
    return items;
  };
}

/** Like {@link list}; `null` and nothing are empty lists. */
export function listOrNull<Item>(decodeItem: Decoder<Item>): Decoder<readonly Item[]> {
  const decode = list(decodeItem);
  return (value) => (value === null || value === undefined ? [] : decode(value));
}

/** Decodes what stands under a key. */
export function under<Data>(from: Fields, key: string, decodeValue: Decoder<Data>): Data {
  try {
    return decodeValue(from[key]);
  } catch (problem) {
    throw within(key, problem);
  }
}

/** The `{"status":"OK"}` of writes that answer nothing else. */
export const decodeOk: Decoder<void> = (value) => {
  if (isRecord(value) && typeof value['status'] === 'string' && value['status'].toUpperCase() === 'OK') return;
  throw new Mismatch('status', 'OK', isRecord(value) ? kindOf(value['status']) : kindOf(value));
};

/** A map of texts, whatever its keys. */
export const decodeStringMap: Decoder<Readonly<Record<string, string>>> = (value) => {
  if (isStringMap(value)) return value;
  throw new Mismatch('', 'a map of texts', isRecord(value) ? 'a map with other values' : kindOf(value));
};
