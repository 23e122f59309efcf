import { createHash } from 'node:crypto';
import { compareText } from './compare.ts';

/** JSON with keys in one order and no spaces: equal values give equal text. `undefined` properties are left out. */
export function canonicalJson(value: unknown): string {
  // What is in order, or a copy that is, is three times as fast to write for the engine as it is for us piece by piece.
  return JSON.stringify(inOrder(value)) ?? 'null';
}

/** The value itself where its keys are in order at every depth, as they are of nearly everything that is made here; else a copy. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return partsInOrder(value);
  if (!isObject(value)) return value;
  let isSorted = true;
  let changed: Map<string, unknown> | undefined;
  let before: string | undefined;
  for (const name in value) {
    if (before !== undefined && before > name) isSorted = false;
    before = name;
    const own = value[name];
    // A text or a number is in order.
    const part = typeof own === 'object' ? inOrder(own) : own;
    if (part !== own) (changed ??= new Map<string, unknown>()).set(name, part);
  }
  if (isSorted && changed === undefined) return value;
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value).toSorted(compareText)) {
    const part = changed?.get(name) ?? value[name];
    // An assignment to this name would change what the copy is, not what it has.
    if (name === '__proto__') Object.defineProperty(copy, name, { value: part, enumerable: true });
    else copy[name] = part;
  }
  return copy;
}

/** The list itself where each part is in order, as nearly everything is that is made here; else a copy. */
function partsInOrder(parts: readonly unknown[]): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let i = 0; i < parts.length; i++) {
    const own = parts[i];
    // A text or a number is in order.
    const part = typeof own === 'object' ? inOrder(own) : own;
    if (part === own) continue;
    copy ??= [...parts];
    copy[i] = part;
  }
  return copy ?? parts;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** `sha256:` and 64 hex digits, of the canonical JSON. */
export function digestOf(value: unknown): string {
  const hash = new TextHash();
  addTo(hash, value);
  return hash.digest();
}

/** The same of a text as it is, and not as JSON. */
export function digestOfText(text: string): string {
  const hash = new TextHash();
  hash.add(text);
  return hash.digest();
}

/** Takes texts as their bytes, in a room that is used again: the bytes of a large text are many. */
class TextHash {
  readonly #hash = createHash('sha256');
  readonly #encoder = new TextEncoder();
  #room = new Uint8Array(1024);

  /** @param cut - how many signs of ASCII are left out at either end */
  add(text: string, cut = 0): void {
    // A room for it would be three times as large.
    if (text.length > longestInRoom) {
      this.#hash.update(text.slice(cut, text.length - cut));
      return;
    }
    const most = text.length * mostBytesOfSign;
    if (this.#room.length < most) this.#room = new Uint8Array(most);
    const { written } = this.#encoder.encodeInto(text, this.#room);
    this.#hash.update(this.#room.subarray(cut, written - cut));
  }

  digest(): string {
    return `sha256:${this.#hash.digest('hex')}`;
  }
}

const mostBytesOfSign = 3;
const longestInRoom = 1024 * 1024;

/** The canonical JSON in pieces, so that a long list in a map is never one text. */
function addTo(hash: TextHash, value: unknown): void {
  if (!isObject(value) || Array.isArray(value)) return hash.add(canonicalJson(value));
  let sign = '{';
  for (const name of Object.keys(value).toSorted()) {
    const part = value[name];
    if (part === undefined) continue;
    hash.add(`${sign}${JSON.stringify(name)}:`);
    if (Array.isArray(part)) addListTo(hash, part);
    else hash.add(canonicalJson(part));
    sign = ',';
  }
  hash.add(sign === '{' ? '{}' : '}');
}

const itemsInPiece = 100;

function addListTo(hash: TextHash, items: readonly unknown[]): void {
  hash.add('[');
  for (let from = 0; from < items.length; from += itemsInPiece) {
    if (from > 0) hash.add(',');
    // Without the brackets of the piece.
    hash.add(canonicalJson(items.slice(from, from + itemsInPiece)), 1);
  }
  hash.add(']');
}
