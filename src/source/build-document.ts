/** The one walk over the events of a file that makes its value, and finds everything that is wrong in it. */
import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from 'js-yaml';
import { isRecord } from '../model/is-record.ts';
import { type ProblemText, refuse } from '../model/messages/problems.ts';
import { moreProblems, type Problem, type Unplaced } from '../model/problem.ts';
import { BareMap, forbiddenKeys } from './bare-map.ts';
import { indexOf, type SourcePath, startOf } from './node-index.ts';
import { resolvePlainScalar } from './plain-scalar.ts';
import { isSecretName } from './secret-words.ts';
import { documentOf, isLeftOutItem, type SourceDocument } from './source-document.ts';
import type { SourceText } from './source-text.ts';
import { maxKeyLength, maxScalarLength } from './yaml-limits.ts';

/** Many more than are shown; the others are counted. */
const maxKeptProblems = 1000;
/** Of what a message repeats from the file. */
const maxShown = 60;
/** What aliases and merge keys may expand to, beside ten times what the file itself holds. */
const freeExpansion = 10_000;

interface Key {
  readonly name: string;
  readonly offset: number;
  readonly isMerge: boolean;
}

interface Built {
  readonly value: unknown;
  /** Number of nodes, aliases expanded. */
  readonly size: number;
}

const nothing: Built = { value: undefined, size: 1 };

type ScalarEvent = Extract<Event, { type: typeof EVENT_ID.SCALAR }>;

/** Walks the flat list of events once and builds plain values. */
export class DocumentBuilder {
  readonly #source: SourceText;
  readonly #events: readonly Event[];
  readonly #cleared: ReadonlySet<string>;
  readonly #problems: Problem[] = [];
  /** Which value is being built. */
  readonly #path: Array<string | number> = [];
  readonly #parts = new Map<Problem, SourcePath>();
  readonly #anchors = new Map<string, Built>();
  readonly #leftOut = new WeakMap<object, Set<string>>();
  #next = 0;
  /** Where the last node with a place ended, or began if it is a list or a map. */
  #reached = 0;
  #expanded = 0;
  /** How many of the open nodes are values of fields that hold secrets. */
  #secretDepth = 0;
  #isTooLarge = false;
  #unkept = 0;
  /** Whether no dash is left that has nothing after it, so that it need not be looked for again. */
  #hasNoLonelyDash = false;

  /** @param cleared - fields that an empty text clears; `NAME.*`: every field of that map */
  constructor(source: SourceText, events: readonly Event[], cleared: ReadonlySet<string>) {
    this.#source = source;
    this.#events = events;
    this.#cleared = cleared;
  }

  build(): { document?: SourceDocument; problems: readonly Problem[] } {
    const result = this.#build();
    return this.#unkept === 0 ? result : { ...result, problems: [...result.problems, moreProblems(this.#unkept)] };
  }

  #build(): { document?: SourceDocument; problems: readonly Problem[] } {
    this.#next = 1;
    const first = this.#events[1];
    const isEmpty =
      first === undefined ||
      first.type === EVENT_ID.POP ||
      (first.type === EVENT_ID.SCALAR && first.style === SCALAR_STYLE.PLAIN && first.valueStart === first.valueEnd);
    if (isEmpty) {
      this.#problem(0, refuse('empty-file', {}));
      this.#refuseMoreDocuments();
      return { problems: this.#problems };
    }
    const { value } = this.#node();
    this.#refuseMoreDocuments();
    if (value === undefined || this.#isTooLarge) return { problems: this.#problems };
    return { document: documentOf(this.#source, value, indexOf, this.#leftOut, this.#parts), problems: this.#problems };
  }

  #refuseMoreDocuments(): void {
    const documents = this.#events.filter((event) => event.type === EVENT_ID.DOCUMENT).length;
    if (documents < 2) return;
    const separator = /^(?:---|\.\.\.)(?=\s|$)/gm;
    separator.lastIndex = this.#reached;
    // The first document of an empty file begins with a separator of its own.
    if (this.#reached === 0) separator.exec(this.#source.text);
    const offset = separator.exec(this.#source.text)?.index ?? this.#reached;
    this.#problem(offset, refuse('yaml-documents', { documents }));
  }

  /** @param keyOffset - where the key stands whose value this is; absent for items of lists */
  #node(keyOffset?: number): Built {
    const event = this.#events[this.#next++];
    if (event === undefined) return nothing;
    switch (event.type) {
      case EVENT_ID.SCALAR:
        return this.#anchored(event, this.#scalar(event, keyOffset));
      case EVENT_ID.SEQUENCE:
        return this.#anchored(event, this.#sequence(event));
      case EVENT_ID.MAPPING:
        return this.#anchored(event, this.#mapping(event));
      case EVENT_ID.ALIAS:
        return this.#alias(event);
      case EVENT_ID.DOCUMENT:
      case EVENT_ID.POP:
        return nothing;
    }
  }

  #scalar(event: ScalarEvent, keyOffset: number | undefined): Built {
    this.#refuseTag(event);
    const { valueStart, valueEnd } = event;
    if (valueStart >= 0) this.#reached = valueEnd;
    if (this.#secretDepth > 0 && valueStart >= 0) this.#source.hide(valueStart, valueEnd);
    if (valueEnd - valueStart > maxScalarLength) {
      this.#problem(valueStart, refuse('text-too-long', { max: maxScalarLength }));
      return nothing;
    }
    const text = getScalarValue(this.#source.text, event);
    if (event.style === SCALAR_STYLE.DOUBLE_QUOTED && /[\0\p{Surrogate}]/u.test(text)) {
      this.#problem(valueStart, refuse('unusable-character', {}));
      return nothing;
    }
    if (event.style !== SCALAR_STYLE.PLAIN) return { value: text, size: 1 };
    const value = resolvePlainScalar(text);
    if (value !== null) return { value, size: 1 };
    this.#problem(valueStart >= 0 ? valueStart : (keyOffset ?? this.#emptyItem(event)), this.#nullValue(text));
    return nothing;
  }

  /** Advises only what would not be refused next. */
  #nullValue(text: string): ProblemText {
    const name = this.#path.at(-1);
    const parent = this.#path.at(-2);
    if (typeof name === 'number') return refuse('null-value', { is: 'item' });
    if (this.#path.length === 1) return refuse('null-value', { is: 'top' });
    const isCleared = this.#cleared.has(String(name)) || this.#cleared.has(`${parent}.*`);
    if (!/^n/i.test(text)) return refuse('null-value', { is: isCleared ? 'cleared' : 'managed' });
    return refuse('null-value', { is: isCleared ? 'word-cleared' : 'word-managed', word: text });
  }

  /** Where the dash stands that has nothing after it. */
  #emptyItem({ tagStart, anchorStart }: ScalarEvent): number {
    const start = Math.max(tagStart, anchorStart);
    if (start >= 0) return start;
    if (this.#hasNoLonelyDash) return this.#reached;
    const lonelyDash = /(?<!\S)-(?=[ \t]*(?:#.*)?$)/gm;
    lonelyDash.lastIndex = this.#reached;
    const found = lonelyDash.exec(this.#source.text)?.index;
    if (found === undefined) {
      this.#hasNoLonelyDash = true;
      return this.#reached;
    }
    this.#reached = found + 1;
    return found;
  }

  #sequence(event: Extract<Event, { type: typeof EVENT_ID.SEQUENCE }>): Built {
    this.#refuseTag(event);
    this.#reached = event.start;
    const value: unknown[] = [];
    let size = 1;
    while (!this.#isAtEnd()) {
      this.#path.push(value.length);
      const item = this.#node();
      this.#path.pop();
      size += item.size;
      // Each its own, so that two of them are not the same item twice.
      value.push(item.value ?? Symbol('left out'));
    }
    this.#next++;
    return { value, size };
  }

  #mapping(event: Extract<Event, { type: typeof EVENT_ID.MAPPING }>): Built {
    this.#refuseTag(event);
    this.#reached = event.start;
    const value = new BareMap();
    const places = new Map<string, number>();
    const merged: Array<Record<string, unknown>> = [];
    let size = 1;
    while (!this.#isAtEnd()) {
      const key = this.#key();
      const item = this.#valueOf(key);
      size += item.size + 1;
      if (key === undefined) continue;
      if (key.isMerge) {
        if (item.value !== undefined) this.#addMergeSources(merged, key.offset, item.value);
        continue;
      }
      if (!this.#mayStand(key, places)) continue;
      places.set(key.name, key.offset);
      if (item.value === undefined) this.#leaveOut(value, key.name);
      else value[key.name] = item.value;
    }
    this.#next++;
    for (const other of merged) {
      for (const [name, inherited] of Object.entries(other))
        if (!places.has(name) && !(name in value)) value[name] = inherited;
      for (const name of this.#leftOut.get(other) ?? []) if (!(name in value)) this.#leaveOut(value, name);
    }
    return { value, size };
  }

  #valueOf(key: Key | undefined): Built {
    const isSecret = key !== undefined && isSecretName(key.name);
    if (isSecret) this.#secretDepth++;
    this.#path.push(key?.name ?? '');
    const built = this.#node(key?.offset);
    this.#path.pop();
    if (isSecret) this.#secretDepth--;
    return built;
  }

  #key(): Key | undefined {
    const event = this.#events[this.#next];
    if (event?.type !== EVENT_ID.SCALAR || event.valueStart < 0) {
      this.#problem(Math.max(startOf(event), this.#reached), refuse('yaml-key', { is: 'no-text' }));
      this.#node();
      return undefined;
    }
    this.#next++;
    this.#refuseTag(event);
    if (event.valueEnd - event.valueStart > maxKeyLength) {
      this.#problem(event.valueStart, refuse('yaml-key', { is: 'too-long', max: maxKeyLength }));
      return undefined;
    }
    this.#reached = Math.max(this.#reached, event.valueEnd);
    const name = getScalarValue(this.#source.text, event);
    return { name, offset: event.valueStart, isMerge: name === '<<' && event.style === SCALAR_STYLE.PLAIN };
  }

  #mayStand(key: { name: string; offset: number }, places: ReadonlyMap<string, number>): boolean {
    if (forbiddenKeys.has(key.name)) {
      this.#problem(key.offset, refuse('forbidden-key', { name: key.name }));
      return false;
    }
    const previous = places.get(key.name);
    if (previous === undefined) return true;
    this.#problem(key.offset, {
      ...refuse('duplicate-key', { name: shorten(key.name) }),
      also: this.#source.position(previous),
    });
    return false;
  }

  #addMergeSources(maps: Array<Record<string, unknown>>, offset: number, value: unknown): void {
    const sources: unknown[] = Array.isArray(value) ? value : [value];
    for (const source of sources) {
      if (isRecord(source)) maps.push(source);
      else if (!isLeftOutItem(source)) this.#problem(offset, refuse('yaml-merge', {}));
    }
  }

  #alias(event: Extract<Event, { type: typeof EVENT_ID.ALIAS }>): Built {
    const name = this.#source.text.slice(event.anchorStart, event.anchorEnd);
    this.#reached = event.anchorEnd;
    const target = this.#anchors.get(name);
    if (target === undefined) {
      this.#problem(
        event.anchorStart - 1,
        refuse('yaml-alias', this.#secretDepth > 0 ? { is: 'not-shown' } : { is: 'named', name: shorten(name) }),
      );
      return nothing;
    }
    this.#expanded += target.size;
    if (!this.#isTooLarge && this.#expanded > freeExpansion + 10 * this.#events.length) {
      this.#problem(event.anchorStart - 1, refuse('yaml-expansion', {}));
      this.#isTooLarge = true;
    }
    // Past the cap nothing is expanded any more; the document is refused as a whole.
    return this.#isTooLarge ? nothing : target;
  }

  #anchored(event: { readonly anchorStart: number; readonly anchorEnd: number }, built: Built): Built {
    if (event.anchorStart >= 0) this.#anchors.set(this.#source.text.slice(event.anchorStart, event.anchorEnd), built);
    return built;
  }

  #refuseTag(event: { readonly tagStart: number; readonly tagEnd: number }): void {
    if (event.tagStart < 0) return;
    const tag = this.#source.text.slice(event.tagStart, event.tagEnd);
    this.#problem(
      event.tagStart,
      refuse('yaml-tag', this.#secretDepth > 0 ? { is: 'not-shown' } : { is: 'named', tag: shorten(tag) }),
    );
  }

  #isAtEnd(): boolean {
    const event = this.#events[this.#next];
    return event === undefined || event.type === EVENT_ID.POP;
  }

  #leaveOut(object: object, key: string): void {
    const keys = this.#leftOut.get(object) ?? new Set();
    keys.add(key);
    this.#leftOut.set(object, keys);
  }

  #problem(offset: number, problem: Unplaced): void {
    // Of a file that is refused as a whole, what comes after is not looked at.
    if (this.#isTooLarge) return;
    if (this.#problems.length >= maxKeptProblems) {
      this.#unkept++;
      return;
    }
    const placed = this.#source.problem(offset, problem);
    this.#problems.push(placed);
    this.#parts.set(placed, [...this.#path]);
  }
}

const shorten = (text: string): string => (text.length > maxShown ? `${text.slice(0, maxShown)}…` : text);
