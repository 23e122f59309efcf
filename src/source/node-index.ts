import { EVENT_ID, type Event, getScalarValue } from 'js-yaml';

/** Keys and item numbers from the root of a document. */
export type SourcePath = ReadonlyArray<string | number>;

interface Found {
  /** Offset of the key, of the item, or of the root. */
  readonly keyOffset: number;
  /** Index of the value's event. */
  readonly event: number;
}

/** Finds parts of a document in its list of events. Lists are indexed when they are first entered. */
export class NodeIndex {
  readonly #text: string;
  readonly #events: readonly Event[];
  readonly #items = new Map<number, readonly number[]>();
  readonly #targets = new Map<number, number>();

  constructor(text: string, events: readonly Event[]) {
    this.#text = text;
    this.#events = events;
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
    return event?.type === EVENT_ID.MAPPING ? this.#entry(parent, String(step)) : undefined;
  }

  #entry(mapping: number, key: string): Found | undefined {
    let merge: Found | undefined;
    for (let at = mapping + 1; !this.#isEnd(at); ) {
      const keyEvent = this.#events[at];
      const value = this.#after(at);
      if (keyEvent?.type === EVENT_ID.SCALAR) {
        const name = getScalarValue(this.#text, keyEvent);
        if (name === key) return { keyOffset: keyEvent.valueStart, event: value };
        if (name === '<<') merge ??= this.#inherited(this.#target(value), key);
      }
      at = this.#after(value);
    }
    return merge;
  }

  /** What a merge key brings: from a map, or from the first of a list of maps that has the key. */
  #inherited(source: number, key: string): Found | undefined {
    const type = this.#events[source]?.type;
    if (type === EVENT_ID.MAPPING) return this.#entry(source, key);
    if (type !== EVENT_ID.SEQUENCE) return undefined;
    for (const item of this.#itemsOf(source)) {
      const found = this.#inherited(this.#target(item), key);
      if (found !== undefined) return found;
    }
    return undefined;
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
    let depth = 0;
    for (let i = at; i < this.#events.length; i++) {
      const type = this.#events[i]?.type;
      if (type === EVENT_ID.SEQUENCE || type === EVENT_ID.MAPPING) depth++;
      else if (type === EVENT_ID.POP) depth--;
      if (depth === 0) return i + 1;
    }
    return this.#events.length;
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

/** Offset at which a node begins; 0 where it has no place of its own. */
export function startOf(event: Event | undefined): number {
  if (event === undefined || !('anchorStart' in event)) return 0;
  if ('start' in event) return event.start;
  const start = 'valueStart' in event ? event.valueStart : event.anchorStart - 1;
  return Math.max(0, start);
}
