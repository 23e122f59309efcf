import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE, YAMLException } from 'js-yaml';
import type { Problem } from '../model/problem.ts';
import { NodeIndex, type SourcePath } from './node-index.ts';
import { resolvePlainScalar } from './plain-scalar.ts';
import { SourceText } from './source-text.ts';

/** Users files are flat; deeper nesting than this is an attack or a mistake. */
const maxDepth = 16;
const maxFileLength = 64 * 1024 * 1024;
const maxScalarLength = 64 * 1024;
/** What aliases and merge keys may expand to, beside ten times what the file itself holds. */
const freeExpansion = 10_000;

const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** A file as a plain value, with the way back from each part of it to the source. */
export interface SourceDocument {
  readonly source: SourceText;
  /** Objects have no prototype. Parts that are problems are left out. */
  readonly value: unknown;
  /** Whether a key was left out because its value is a problem that is reported already. */
  isLeftOut(object: object, key: string): boolean;
  /** Offset of the key or item at a path; of the nearest part that exists, where it does not. */
  offsetOf(path: SourcePath): number;
  /** Offset and source text of the value at a path. */
  valueAt(path: SourcePath): { readonly offset: number; readonly text: string };
}

/**
 * Reads YAML safely: bounded depth, size and expansion; no tags, no duplicate or prototype keys, no null.
 *
 * Everything that is wrong comes back as problems, all at once but for syntax errors, which end a file's reading.
 */
export function readYaml(file: string, text: string): { document?: SourceDocument; problems: readonly Problem[] } {
  const source = new SourceText(file, text);
  if (text.length > maxFileLength) {
    return {
      problems: [
        source.problem(0, { code: 'file-too-large', message: `the file is larger than ${maxFileLength} characters` }),
      ],
    };
  }
  let events: Event[];
  try {
    events = parseEvents(text, { maxDepth });
  } catch (error) {
    return { problems: [syntaxProblem(source, error)] };
  }
  return new Builder(source, events).build();
}

function syntaxProblem(source: SourceText, error: unknown): Problem {
  if (!(error instanceof YAMLException)) throw error;
  const offset = error.mark?.position ?? 0;
  if (error.reason.includes('maxDepth')) {
    return source.problem(offset, { code: 'yaml-too-deep', message: `nested deeper than ${maxDepth} levels` });
  }
  return source.problem(offset, {
    code: 'yaml-syntax',
    message: `not valid YAML: ${error.reason}`,
    hint: 'mend this line; a text with ": " or " #" in it needs quotes',
  });
}

interface Built {
  readonly value: unknown;
  /** Number of nodes, aliases expanded. */
  readonly size: number;
}

const nothing: Built = { value: undefined, size: 1 };

/** Walks the flat list of events once and builds plain values. */
class Builder {
  readonly #source: SourceText;
  readonly #events: readonly Event[];
  readonly #problems: Problem[] = [];
  readonly #anchors = new Map<string, Built>();
  readonly #leftOut = new WeakMap<object, Set<string>>();
  #next = 0;
  #expanded = 0;
  #isTooLarge = false;

  constructor(source: SourceText, events: readonly Event[]) {
    this.#source = source;
    this.#events = events;
  }

  build(): { document?: SourceDocument; problems: readonly Problem[] } {
    const documents = this.#events.filter((event) => event.type === EVENT_ID.DOCUMENT).length;
    if (documents > 1) {
      this.#problem(this.#source.text.lastIndexOf('\n---') + 1, {
        code: 'yaml-documents',
        message: `${documents} documents in one file, where one is expected`,
        hint: 'split the file, or delete the line ---',
      });
    }
    this.#next = 1;
    const first = this.#events[1];
    const isEmpty =
      first === undefined ||
      first.type === EVENT_ID.POP ||
      (first.type === EVENT_ID.SCALAR && first.style === SCALAR_STYLE.PLAIN && first.valueStart === first.valueEnd);
    if (isEmpty) {
      this.#problem(0, {
        code: 'empty-file',
        message: 'the file is empty',
        hint: 'an empty file is not "nobody": write what you want, or take the file out',
      });
      return { problems: this.#problems };
    }
    const { value } = this.#node();
    if (value === undefined || this.#isTooLarge) return { problems: this.#problems };
    return { document: this.#document(value), problems: this.#problems };
  }

  #document(value: unknown): SourceDocument {
    const source = this.#source;
    const leftOut = this.#leftOut;
    // The events of a large file take much more room than its values: they are parsed again when a place is asked for.
    let index: NodeIndex | undefined;
    const nodes = (): NodeIndex => {
      index ??= new NodeIndex(source.text, parseEvents(source.text, { maxDepth }));
      return index;
    };
    return {
      source,
      value,
      isLeftOut: (object, key) => leftOut.get(object)?.has(key) ?? false,
      offsetOf: (path) => nodes().offsetOf(path),
      valueAt: (path) => nodes().valueAt(path),
    };
  }

  #node(): Built {
    const event = this.#events[this.#next++];
    if (event === undefined) return nothing;
    switch (event.type) {
      case EVENT_ID.SCALAR:
        return this.#anchored(event, this.#scalar(event));
      case EVENT_ID.SEQUENCE:
        return this.#anchored(event, this.#sequence(event));
      case EVENT_ID.MAPPING:
        return this.#anchored(event, this.#mapping(event));
      case EVENT_ID.ALIAS:
        return this.#alias(event);
      default:
        return nothing;
    }
  }

  #scalar(event: Extract<Event, { type: typeof EVENT_ID.SCALAR }>): Built {
    this.#refuseTag(event);
    if (event.valueEnd - event.valueStart > maxScalarLength) {
      this.#problem(event.valueStart, {
        code: 'text-too-long',
        message: `a text longer than ${maxScalarLength} characters`,
      });
      return nothing;
    }
    const text = getScalarValue(this.#source.text, event);
    if (event.style !== SCALAR_STYLE.PLAIN) return { value: text, size: 1 };
    const value = resolvePlainScalar(text);
    if (value !== null) return { value, size: 1 };
    this.#problem(event.valueStart, {
      code: 'null-value',
      message: 'no value here (null)',
      hint: 'write "" to clear the field, or delete the line to stop managing it',
    });
    return nothing;
  }

  #sequence(event: Extract<Event, { type: typeof EVENT_ID.SEQUENCE }>): Built {
    this.#refuseTag(event);
    const value: unknown[] = [];
    let size = 1;
    while (!this.#isAtEnd()) {
      const item = this.#node();
      size += item.size;
      if (item.value !== undefined) value.push(item.value);
      else value.push(leftOutItem);
    }
    this.#next++;
    return { value, size };
  }

  #mapping(event: Extract<Event, { type: typeof EVENT_ID.MAPPING }>): Built {
    this.#refuseTag(event);
    const value: Record<string, unknown> = Object.create(null);
    const places = new Map<string, number>();
    const merged: Array<Record<string, unknown>> = [];
    let size = 1;
    while (!this.#isAtEnd()) {
      const key = this.#key();
      const item = this.#node();
      size += item.size + 1;
      if (key === undefined) continue;
      if (key.isMerge) {
        merged.push(...this.#mergeSources(key.offset, item.value));
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
    }
    return { value, size };
  }

  #key(): { name: string; offset: number; isMerge: boolean } | undefined {
    const event = this.#events[this.#next];
    if (event?.type !== EVENT_ID.SCALAR) {
      const offset = event !== undefined && 'start' in event ? event.start : 0;
      this.#problem(offset, { code: 'yaml-key', message: 'a key that is not a plain text' });
      this.#node();
      return undefined;
    }
    this.#next++;
    this.#refuseTag(event);
    const name = getScalarValue(this.#source.text, event);
    return { name, offset: event.valueStart, isMerge: name === '<<' && event.style === SCALAR_STYLE.PLAIN };
  }

  #mayStand(key: { name: string; offset: number }, places: ReadonlyMap<string, number>): boolean {
    if (forbiddenKeys.has(key.name)) {
      this.#problem(key.offset, { code: 'forbidden-key', message: `the key ${key.name} is not allowed` });
      return false;
    }
    const former = places.get(key.name);
    if (former === undefined) return true;
    const problem = this.#source.problem(key.offset, {
      code: 'duplicate-key',
      message: `${key.name} stands twice`,
      hint: 'keep one of the two lines',
    });
    this.#problems.push({ ...problem, also: this.#source.position(former) });
    return false;
  }

  #mergeSources(offset: number, value: unknown): Array<Record<string, unknown>> {
    const sources: unknown[] = Array.isArray(value) ? value : [value];
    const maps: Array<Record<string, unknown>> = [];
    for (const source of sources) {
      if (isRecord(source)) maps.push(source);
      else this.#problem(offset, { code: 'yaml-merge', message: 'the merge key << takes a map or a list of maps' });
    }
    return maps;
  }

  #alias(event: Extract<Event, { type: typeof EVENT_ID.ALIAS }>): Built {
    const name = this.#source.text.slice(event.anchorStart, event.anchorEnd);
    const target = this.#anchors.get(name);
    if (target === undefined) {
      this.#problem(event.anchorStart, { code: 'yaml-alias', message: `*${name} has no anchor &${name} before it` });
      return nothing;
    }
    this.#expanded += target.size;
    if (!this.#isTooLarge && this.#expanded > freeExpansion + 10 * this.#events.length) {
      this.#isTooLarge = true;
      this.#problem(event.anchorStart, {
        code: 'yaml-expansion',
        message: 'aliases and merge keys expand to far more than the file holds',
        hint: 'write the values out',
      });
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
    this.#problem(event.tagStart, {
      code: 'yaml-tag',
      message: `the tag ${tag} is not allowed`,
      hint: 'delete the tag; tags are never needed here',
    });
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

  #problem(offset: number, problem: Omit<Problem, 'at' | 'excerpt'>): void {
    this.#problems.push(this.#source.problem(offset, problem));
  }
}

/** Keeps the numbering of a list whose item is a problem that is reported already. */
export const leftOutItem: unique symbol = Symbol('left out');

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
