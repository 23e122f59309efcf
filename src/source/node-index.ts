import { EVENT_ID, type Event, getScalarValue, parseEvents } from 'js-yaml';
import type { SourceText } from './source-text.ts';
import { maxDepth } from './yaml-limits.ts';

/** Keys and item numbers from the root of a document. */
export type SourcePath = ReadonlyArray<string | number>;

interface Found {
  /** Offset of the key, of the item, or of the root. */
  readonly keyOffset: number;
  /** Index of the value's event. */
  readonly event: number;
}

/** The texts below a key of a map; without a key those of a list or a text. */
export interface KeyedTexts {
  readonly key?: string;
  readonly texts: readonly string[];
}

/** Where the parts of a text stand that can be parsed. */
export const indexOf = (source: SourceText): NodeIndex =>
  new NodeIndex(source.text, parseEvents(source.text, { maxDepth }));

/** Finds parts of a document in its list of events. Lists and maps are indexed when they are first entered. */
export class NodeIndex {
  readonly #text: string;
  readonly #events: readonly Event[];
  /** For each node the index of the event after it. */
  readonly #ends: Uint32Array;
  readonly #items = new Map<number, readonly number[]>();
  readonly #entries = new Map<number, ReadonlyMap<string, Found>>();
  readonly #targets = new Map<number, number>();

  constructor(text: string, events: readonly Event[]) {
    this.#text = text;
    this.#events = events;
    this.#ends = endsOf(events);
    this.#resolveAliases();
  }

  offsetOf(path: SourcePath): number {
    return this.#find(path).keyOffset;
  }

  valueAt(path: SourcePath): { offset: number; text: string } {
    const { event: at } = this.#find(path);
    const value = this.#events[this.#target(at)];
    const text = value?.type === EVENT_ID.SCALAR ? this.#text.slice(value.valueStart, value.valueEnd) : '';
    return { offset: startOf(this.#events[at]), text };
  }

  /** The keys of the root as they are written, merge keys too; nothing where it is no map. */
  rootKeys(): ReadonlyArray<{ readonly name: string; readonly offset: number }> | undefined {
    const root = this.#target(1);
    if (this.#events[root]?.type !== EVENT_ID.MAPPING) return undefined;
    const keys: { name: string; offset: number }[] = [];
    for (let at = root + 1; !this.#isEnd(at); at = this.#after(this.#after(at))) {
      const key = this.#events[at];
      const name = key?.type === EVENT_ID.SCALAR ? getScalarValue(this.#text, key) : '';
      keys.push({ name, offset: startOf(key) });
    }
    return keys;
  }

  /** Of a map also what stands under a key that it has already, and what merge keys bring. */
  textsAt(path: SourcePath): readonly KeyedTexts[] {
    return this.#keyedTexts(this.#find(path).event);
  }

  #keyedTexts(event: number): readonly KeyedTexts[] {
    const node = this.#target(event);
    if (this.#events[node]?.type !== EVENT_ID.MAPPING) return [{ texts: this.#textsIn(node) }];
    const found: KeyedTexts[] = [];
    for (let at = node + 1; !this.#isEnd(at); ) {
      const key = this.#events[at];
      const value = this.#after(at);
      const name = key?.type === EVENT_ID.SCALAR ? getScalarValue(this.#text, key) : '';
      if (name === '<<') for (const source of this.#sourcesOf(value)) found.push(...this.#keyedTexts(source));
      else found.push({ key: name, texts: this.#textsIn(value) });
      at = this.#after(value);
    }
    return found;
  }

  /** The maps that a merge key names. */
  #sourcesOf(value: number): readonly number[] {
    const source = this.#target(value);
    return this.#events[source]?.type === EVENT_ID.SEQUENCE ? this.#itemsOf(source) : [source];
  }

  #textsIn(event: number): readonly string[] {
    const node = this.#target(event);
    const texts: string[] = [];
    const end = this.#after(node);
    for (let at = node; at < end; at++) {
      const inner = this.#events[at];
      if (inner?.type === EVENT_ID.SCALAR && inner.valueStart >= 0) texts.push(getScalarValue(this.#text, inner));
      else if (inner?.type === EVENT_ID.ALIAS && this.#target(at) !== at) texts.push(...this.#textsIn(at));
    }
    return texts;
  }

  #find(path: SourcePath): Found {
    let found: Found = { keyOffset: startOf(this.#events[1]), event: 1 };
    for (const step of path) {
      const next = this.#step(this.#target(found.event), step);
      if (next === undefined) return found;
      found = next;
    }
    return found;
  }

  #step(parent: number, step: string | number): Found | undefined {
    const event = this.#events[parent];
    if (event?.type === EVENT_ID.SEQUENCE && typeof step === 'number') {
      const item = this.#itemsOf(parent)[step];
      return item === undefined ? undefined : { keyOffset: startOf(this.#events[item]), event: item };
    }
    return event?.type === EVENT_ID.MAPPING ? this.#entriesOf(parent).get(String(step)) : undefined;
  }

  /** Own keys first, the first of a name, then what merge keys bring, the first that brings it. */
  #entriesOf(mapping: number): ReadonlyMap<string, Found> {
    const known = this.#entries.get(mapping);
    if (known !== undefined) return known;
    const entries = new Map<string, Found>();
    this.#entries.set(mapping, entries);
    const merged: number[] = [];
    for (let at = mapping + 1; !this.#isEnd(at); ) {
      const key = this.#events[at];
      const value = this.#after(at);
      if (key?.type === EVENT_ID.SCALAR) {
        const name = getScalarValue(this.#text, key);
        if (!entries.has(name)) entries.set(name, { keyOffset: key.valueStart, event: value });
        if (name === '<<') merged.push(this.#target(value));
      }
      at = this.#after(value);
    }
    for (const source of merged) this.#inherit(entries, source);
    return entries;
  }

  /** What a merge key brings: from a map, or from each of a list of maps. */
  #inherit(entries: Map<string, Found>, source: number): void {
    const type = this.#events[source]?.type;
    if (type === EVENT_ID.SEQUENCE)
      for (const item of this.#itemsOf(source)) this.#inherit(entries, this.#target(item));
    if (type !== EVENT_ID.MAPPING) return;
    for (const [name, found] of this.#entriesOf(source)) if (!entries.has(name)) entries.set(name, found);
  }

  /** The node that an alias stands for; any other node itself. */
  #target(event: number): number {
    return this.#targets.get(event) ?? event;
  }

  #itemsOf(sequence: number): readonly number[] {
    const known = this.#items.get(sequence);
    if (known !== undefined) return known;
    const items: number[] = [];
    for (let at = sequence + 1; !this.#isEnd(at); at = this.#after(at)) items.push(at);
    this.#items.set(sequence, items);
    return items;
  }

  #isEnd(at: number): boolean {
    const event = this.#events[at];
    return event === undefined || event.type === EVENT_ID.POP;
  }

  /** Index of the event after the node that begins at `at`. */
  #after(at: number): number {
    return this.#ends[at] ?? this.#events.length;
  }

  /** An anchor is known from the end of its node on, so that nothing ever contains itself. */
  #resolveAliases(): void {
    const anchors = new Map<string, number>();
    const open: Array<{ readonly at: number; readonly anchor: string | undefined }> = [];
    for (const [at, event] of this.#events.entries()) {
      const anchor =
        'anchorStart' in event && event.anchorStart >= 0
          ? this.#text.slice(event.anchorStart, event.anchorEnd)
          : undefined;
      if (event.type === EVENT_ID.ALIAS) this.#targets.set(at, anchors.get(anchor ?? '') ?? at);
      else if (event.type === EVENT_ID.SCALAR && anchor !== undefined) anchors.set(anchor, at);
      else if (event.type === EVENT_ID.POP) {
        const closed = open.pop();
        if (closed?.anchor !== undefined) anchors.set(closed.anchor, closed.at);
      } else if (event.type !== EVENT_ID.SCALAR) open.push({ at, anchor });
    }
  }
}

function endsOf(events: readonly Event[]): Uint32Array {
  const ends = new Uint32Array(events.length).fill(events.length);
  const open: number[] = [];
  for (const [at, { type }] of events.entries()) {
    if (type === EVENT_ID.SCALAR || type === EVENT_ID.ALIAS) ends[at] = at + 1;
    else if (type === EVENT_ID.POP) {
      const begun = open.pop();
      if (begun !== undefined) ends[begun] = at + 1;
    } else open.push(at);
  }
  return ends;
}

/** Offset at which a node begins; 0 where it has no place of its own. */
export function startOf(event: Event | undefined): number {
  if (event === undefined || !('anchorStart' in event)) return 0;
  if ('start' in event) return event.start;
  const start = 'valueStart' in event ? event.valueStart : event.anchorStart - 1;
  return Math.max(0, start);
}
