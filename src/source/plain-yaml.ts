/**
 * A quick reader for the plain part of YAML that users files are written in: maps and lists by indentation, lists and maps in
 * brackets on one line, plain and quoted texts on one line, comments. It reads only what it is sure of. An item of a list that
 * is anything else is given to another reader, and so is the whole text where that is not enough.
 */
import { BareMap, forbiddenKeys } from './bare-map.ts';
import { resolvePlainScalar } from './plain-scalar.ts';

export interface PlainLimits {
  /** Of lists and maps within each other. */
  readonly maxDepth: number;
  readonly maxScalarLength: number;
  readonly maxKeyLength: number;
  /** Each takes some memory, which a small file could exhaust. */
  readonly maxValues: number;
}

/**
 * Reads an item of a list, dash and indentation included, that is not plain.
 *
 * @param depth - of the list within the text
 * @returns `undefined` where it cannot be read on its own
 */
export type ItemReader = (item: string, depth: number) => { readonly value: unknown } | undefined;

/** @returns what the text holds; `undefined` where it is not plain, valid or not */
export function readPlainYaml(text: string, limits: PlainLimits, readItem: ItemReader): BareMap | undefined {
  try {
    return new PlainReader(text, limits, readItem).read();
  } catch (error) {
    if (error === notPlain) return undefined;
    throw error;
  }
}

/** Thrown often, so without a stack of its own. */
const notPlain = new Error('not plain');

const code = (sign: string): number => sign.charCodeAt(0);
const tab = code('\t');
const newline = code('\n');
const carriageReturn = code('\r');
const space = code(' ');
const hash = code('#');
const colon = code(':');
const comma = code(',');
const dash = code('-');
const quote = code("'");
const doubleQuote = code('"');
const backslash = code('\\');
const openList = code('[');
const closeList = code(']');
const openMap = code('{');
const closeMap = code('}');

/** By code: signs that mean something in brackets. */
const isFlowSign = (sign: number): boolean =>
  sign === comma || sign === openList || sign === closeList || sign === openMap || sign === closeMap;

const isDigit = (sign: number): boolean => sign >= 48 && sign <= 57;
const isLetter = (sign: number): boolean => (sign >= 97 && sign <= 122) || (sign >= 65 && sign <= 90) || sign === 95;
/** Letters beyond ASCII, without blanks and signs that are not printed. */
const isOtherLetter = (sign: number): boolean =>
  (sign > 0xa0 && sign < 0x1680) || (sign > 0x1680 && sign < 0x2000) || (sign >= 0x3040 && sign < 0xd800);

/** What a text without quotes may begin with: no sign of YAML's own. */
const mayBegin = (sign: number): boolean =>
  isLetter(sign) || isDigit(sign) || sign === 46 || sign === 47 || sign === 43 || sign === 40 || isOtherLetter(sign);

const isInKey = (sign: number): boolean => isLetter(sign) || isDigit(sign) || sign === dash || sign === 46;
const mayStand = (sign: number): boolean => (sign >= space && sign < 0x7f) || isOtherLetter(sign);

/** A value as it was written and read, how many values it counts for, and how deep it stood. */
interface Known {
  readonly text: string;
  readonly value: unknown;
  readonly values: number;
  readonly depth: number;
}

/** Longer texts are seldom the same. */
const longestKnown = 40;
/** After so many values of a key that each differ from the last, such as usernames, only some are kept to be compared. */
const mostUnlike = 32;
const triedAgain = 16;

class PlainReader {
  readonly #text: string;
  readonly #limits: PlainLimits;
  readonly #readItem: ItemReader;
  #at = 0;
  /** Spaces before the next line that holds something; -1 at the end of the text. */
  #indent = -1;
  #lineStart = 0;
  #depth = 0;
  #values = 0;
  /** Keys in the order in which they came last: most items of a list name the same ones. */
  readonly #keys: string[] = [];
  /** What stood after each of these keys last, where that was short and plain: what many items share is kept once. */
  readonly #lastValues: Array<Known | undefined> = [];
  /** How many values of each key came that were not the same. */
  readonly #unlike: number[] = [];
  #nextKey = 0;

  constructor(text: string, limits: PlainLimits, readItem: ItemReader) {
    this.#text = text;
    this.#limits = limits;
    this.#readItem = readItem;
  }

  read(): BareMap {
    if (/^---[ ]*\r?\n/.test(this.#text)) this.#at = this.#text.indexOf('\n') + 1;
    this.#toNextLine();
    if (this.#indent !== 0 || this.#isDash()) throw notPlain;
    const value = this.#map(0);
    if (!this.#isAtEnd()) throw notPlain;
    return value;
  }

  #isAtEnd(): boolean {
    return this.#indent === -1;
  }

  /** From the start of a line to the first line that holds something. */
  #toNextLine(): void {
    const text = this.#text;
    for (;;) {
      this.#lineStart = this.#at;
      while (text.charCodeAt(this.#at) === space) this.#at++;
      if (this.#at >= text.length) {
        this.#indent = -1;
        return;
      }
      const sign = text.charCodeAt(this.#at);
      if (sign !== hash && sign !== newline && sign !== carriageReturn) {
        this.#indent = this.#at - this.#lineStart;
        return;
      }
      this.#endLine();
    }
  }

  /** From after a value past the end of its line; only a comment may stand in between. */
  #endLine(): void {
    const text = this.#text;
    const start = this.#at;
    while (text.charCodeAt(this.#at) === space) this.#at++;
    if (
      text.charCodeAt(this.#at) === hash &&
      (this.#at > start || text.charCodeAt(start - 1) === space || start === this.#lineStart)
    )
      this.#skipComment();
    const isWindows = text.charCodeAt(this.#at) === carriageReturn;
    if (isWindows) this.#at++;
    if (this.#at >= text.length && !isWindows) return;
    if (text.charCodeAt(this.#at) !== newline) throw notPlain;
    this.#at++;
  }

  #skipComment(): void {
    for (; this.#at < this.#text.length; this.#at++) {
      const sign = this.#text.charCodeAt(this.#at);
      if (sign === newline || sign === carriageReturn) return;
      if (sign !== tab && !mayStand(sign)) throw notPlain;
    }
  }

  #isDash(): boolean {
    return this.#text.charCodeAt(this.#at) === dash && this.#endsWord(this.#text.charCodeAt(this.#at + 1));
  }

  #endsWord(sign: number): boolean {
    return sign === space || sign === newline || sign === carriageReturn || Number.isNaN(sign);
  }

  #enter(): void {
    this.#depth++;
    if (this.#depth > this.#limits.maxDepth) throw notPlain;
    this.#count();
  }

  #count(): void {
    this.#values++;
    if (this.#values > this.#limits.maxValues) throw notPlain;
  }

  #map(indent: number): BareMap {
    this.#enter();
    const map = new BareMap();
    do {
      const key = this.#key();
      if (key === undefined || map[key] !== undefined) throw notPlain;
      map[key] = this.#valueOf(indent);
    } while (this.#indent === indent && !this.#isDash());
    // A line further in would go on with a text that stands above it.
    if (this.#indent > indent) throw notPlain;
    this.#depth--;
    return map;
  }

  /** The key that stands here, if one does, with its colon. */
  #key(): string | undefined {
    const text = this.#text;
    const start = this.#at;
    const expected = this.#keys[this.#nextKey];
    if (expected !== undefined && text.startsWith(expected, start)) {
      const end = start + expected.length;
      if (text.charCodeAt(end) === colon && this.#endsWord(text.charCodeAt(end + 1))) {
        this.#at = end + 1;
        this.#nextKey++;
        return expected;
      }
    }
    if (!isLetter(text.charCodeAt(start))) return undefined;
    let end = start + 1;
    while (isInKey(text.charCodeAt(end))) end++;
    if (text.charCodeAt(end) !== colon || !this.#endsWord(text.charCodeAt(end + 1))) return undefined;
    const key = text.slice(start, end);
    if (key.length > this.#limits.maxKeyLength || forbiddenKeys.has(key)) throw notPlain;
    this.#at = end + 1;
    this.#remember(key);
    return key;
  }

  #remember(key: string): void {
    const known = this.#keys.indexOf(key);
    if (known !== -1) this.#nextKey = known + 1;
    else if (this.#keys.length < 64) {
      this.#keys.splice(this.#nextKey, 0, key);
      this.#lastValues.splice(this.#nextKey, 0, undefined);
      this.#unlike.splice(this.#nextKey, 0, 0);
      this.#nextKey++;
    }
  }

  /** What comes after the colon of a key at `indent`, up to the next line that holds something. */
  #valueOf(indent: number): unknown {
    const text = this.#text;
    while (text.charCodeAt(this.#at) === space) this.#at++;
    const sign = text.charCodeAt(this.#at);
    const isHere = sign !== newline && sign !== carriageReturn && sign !== hash && !Number.isNaN(sign);
    if (isHere) {
      const value = this.#knownOrInLine();
      this.#endLine();
      this.#toNextLine();
      return value;
    }
    this.#endLine();
    this.#toNextLine();
    if (this.#indent > indent) return this.#isDash() ? this.#list(this.#indent) : this.#map(this.#indent);
    // A list may stand as far out as the key that it belongs to.
    if (this.#indent === indent && this.#isDash()) return this.#list(indent);
    throw notPlain;
  }

  /** A value in this line; the same as after the last key of this name where its text is. */
  #knownOrInLine(): unknown {
    const place = this.#nextKey - 1;
    const known = this.#lastValues[place];
    const start = this.#at;
    if (
      known !== undefined &&
      known.depth === this.#depth &&
      this.#text.startsWith(known.text, start) &&
      this.#text.charCodeAt(start + known.text.length) === newline
    ) {
      this.#at = start + known.text.length;
      this.#values += known.values;
      if (this.#values > this.#limits.maxValues) throw notPlain;
      this.#unlike[place] = 0;
      return known.value;
    }
    const before = this.#values;
    const value = this.#inLine();
    if (this.#at - start <= longestKnown && this.#isToKeep(place)) {
      const text = this.#text.slice(start, this.#at);
      this.#lastValues[place] = { text, value, values: this.#values - before, depth: this.#depth };
    }
    return value;
  }

  #isToKeep(place: number): boolean {
    if (place < 0 || this.#keys[place] === undefined) return false;
    const unlike = (this.#unlike[place] ?? 0) + 1;
    this.#unlike[place] = unlike;
    return unlike < mostUnlike || unlike % triedAgain === 0;
  }

  #list(indent: number): unknown[] {
    this.#enter();
    const items: unknown[] = [];
    do items.push(this.#itemOrOther(indent));
    while (this.#indent === indent && this.#isDash());
    if (this.#indent > indent) throw notPlain;
    this.#depth--;
    return items.slice();
  }

  #itemOrOther(indent: number): unknown {
    const { lineStart, depth } = { lineStart: this.#lineStart, depth: this.#depth };
    try {
      const item = this.#item(indent);
      if (this.#indent <= indent) return item;
      throw notPlain;
    } catch (error) {
      // An item within a line of another one has no lines of its own.
      if (error !== notPlain || this.#text.slice(lineStart, lineStart + indent).trim() !== '') throw error;
      this.#depth = depth;
      return this.#other(lineStart, indent);
    }
  }

  /** What stands after a dash. */
  #item(indent: number): unknown {
    const text = this.#text;
    this.#nextKey = 0;
    this.#at++;
    while (text.charCodeAt(this.#at) === space) this.#at++;
    const sign = text.charCodeAt(this.#at);
    if (sign === newline || sign === carriageReturn || sign === hash || Number.isNaN(sign)) {
      this.#endLine();
      this.#toNextLine();
      if (this.#indent <= indent) throw notPlain;
      return this.#isDash() ? this.#list(this.#indent) : this.#map(this.#indent);
    }
    const column = this.#at - this.#lineStart;
    if (this.#isDash()) return this.#list(column);
    if (this.#isAtKey()) return this.#map(column);
    const value = this.#inLine();
    this.#endLine();
    this.#toNextLine();
    return value;
  }

  #isAtKey(): boolean {
    const { at, next } = { at: this.#at, next: this.#nextKey };
    const isKey = this.#key() !== undefined;
    this.#at = at;
    this.#nextKey = next;
    return isKey;
  }

  /** An item that is not plain, up to the next line that stands no further in than its dash. */
  #other(start: number, indent: number): unknown {
    const text = this.#text;
    this.#at = start;
    do {
      const end = text.indexOf('\n', this.#at);
      this.#at = end === -1 ? text.length : end + 1;
      this.#lineStart = this.#at;
      while (text.charCodeAt(this.#at) === space) this.#at++;
    } while (this.#at < text.length && this.#isWithin(indent));
    const read = this.#readItem(text.slice(start, this.#lineStart), this.#depth);
    if (read === undefined) throw notPlain;
    this.#at = this.#lineStart;
    this.#toNextLine();
    return read.value;
  }

  #isWithin(indent: number): boolean {
    const sign = this.#text.charCodeAt(this.#at);
    return this.#at - this.#lineStart > indent || sign === newline || sign === carriageReturn || sign === hash;
  }

  /** A value that begins and ends in this line. */
  #inLine(isInBrackets = false): unknown {
    this.#count();
    const sign = this.#text.charCodeAt(this.#at);
    if (sign === doubleQuote) return this.#doubleQuoted();
    if (sign === quote) return this.#quoted();
    if (sign === openList) return this.#flowList();
    if (sign === openMap) return this.#flowMap();
    return this.#plain(isInBrackets);
  }

  #plain(isInBrackets: boolean): unknown {
    const text = this.#text;
    const start = this.#at;
    if (!mayBegin(text.charCodeAt(start))) throw notPlain;
    let end = start;
    for (let at = start; ; at++) {
      const sign = text.charCodeAt(at);
      if (sign === space) {
        if (text.charCodeAt(at + 1) === hash) break;
        continue;
      }
      if (sign === newline || sign === carriageReturn || Number.isNaN(sign)) break;
      if (isInBrackets && isFlowSign(sign)) break;
      if (!mayStand(sign)) throw notPlain;
      if (sign === colon) {
        const next = text.charCodeAt(at + 1);
        if (this.#endsWord(next) || (isInBrackets && isFlowSign(next))) throw notPlain;
      }
      end = at + 1;
    }
    this.#at = end;
    if (end - start > this.#limits.maxScalarLength) throw notPlain;
    const value = resolvePlainScalar(text.slice(start, end));
    if (value === null) throw notPlain;
    return value;
  }

  #doubleQuoted(): string {
    const text = this.#text;
    const start = this.#at + 1;
    let at = start;
    for (; ; at++) {
      const sign = text.charCodeAt(at);
      if (sign === doubleQuote) break;
      if (sign === backslash || !mayStand(sign)) throw notPlain;
    }
    return this.#upTo(start, at);
  }

  #quoted(): string {
    const text = this.#text;
    const start = this.#at + 1;
    let hasQuotes = false;
    let at = start;
    for (; ; at++) {
      const sign = text.charCodeAt(at);
      if (sign === quote) {
        if (text.charCodeAt(at + 1) !== quote) break;
        hasQuotes = true;
        at++;
      } else if (!mayStand(sign)) throw notPlain;
    }
    const value = this.#upTo(start, at);
    return hasQuotes ? value.replaceAll("''", "'") : value;
  }

  /** A text in quotes that ends before `end`. */
  #upTo(start: number, end: number): string {
    if (end - start > this.#limits.maxScalarLength) throw notPlain;
    this.#at = end + 1;
    return this.#text.slice(start, end);
  }

  #flowList(): unknown[] {
    this.#enter();
    const items: unknown[] = [];
    this.#at++;
    this.#skipSpaces();
    if (this.#text.charCodeAt(this.#at) !== closeList) {
      do items.push(this.#inLine(true));
      while (this.#goesOn(closeList));
    }
    this.#at++;
    this.#depth--;
    // A list that grew has room for many more items.
    return items.slice();
  }

  #flowMap(): BareMap {
    this.#enter();
    const map = new BareMap();
    this.#at++;
    this.#skipSpaces();
    if (this.#text.charCodeAt(this.#at) !== closeMap) {
      do {
        const key = this.#key();
        if (key === undefined || map[key] !== undefined) throw notPlain;
        this.#skipSpaces();
        map[key] = this.#inLine(true);
      } while (this.#goesOn(closeMap));
    }
    this.#at++;
    this.#depth--;
    return map;
  }

  /** After an item in brackets: whether another one comes. */
  #goesOn(close: number): boolean {
    this.#skipSpaces();
    const sign = this.#text.charCodeAt(this.#at);
    if (sign === close) return false;
    if (sign !== comma) throw notPlain;
    this.#at++;
    this.#skipSpaces();
    return true;
  }

  #skipSpaces(): void {
    while (this.#text.charCodeAt(this.#at) === space) this.#at++;
  }
}
