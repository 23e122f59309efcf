import type { Problem } from '../model/problem.ts';
import type { KeyedTexts, NodeIndex, SourcePath } from './node-index.ts';
import type { SourceText } from './source-text.ts';

/** A file as a plain value, with the way back from each part of it to the source. */
export interface SourceDocument {
  readonly source: SourceText;
  /** Objects have no prototype. Parts that are problems are left out. */
  readonly value: unknown;
  /** Whether a key was left out because its value is a problem that is reported already. */
  isLeftOut(object: object, key: string): boolean;
  /** Whether something was left out of a value, however deep. */
  isIncomplete(value: unknown): boolean;
  /** The keys of the root with their offsets; nothing where the root is no map. */
  rootKeys(): readonly RootKey[] | undefined;
  /** Offset of the key or item at a path; of the nearest part that exists, where it does not. */
  offsetOf(path: SourcePath): number;
  /** Offset and source text of the value at a path. */
  valueAt(path: SourcePath): { readonly offset: number; readonly text: string };
  /** Every text that stands in the value at a path, by the key of that map under which it stands; the keys are texts of their own. */
  textsAt(path: SourcePath): readonly KeyedTexts[];
  /** In which part of the document a problem of its YAML stands; the whole, where that is not known. */
  partOf(problem: Problem): SourcePath;
}

export interface RootKey {
  readonly name: string;
  readonly offset: number;
}

/**
 * A value with the way back to its source. What was left out of it, and where its problems stand, is nothing where it is whole.
 *
 * @param makeIndex - called when a place is asked for
 */
export function documentOf(
  source: SourceText,
  value: unknown,
  makeIndex: (source: SourceText) => NodeIndex,
  leftOut: WeakMap<object, ReadonlySet<string>> = new WeakMap(),
  parts: ReadonlyMap<Problem, SourcePath> = new Map(),
): SourceDocument {
  // The events of a large file take much more room than its values: they are parsed again when a place is asked for.
  let index: NodeIndex | undefined;
  const nodes = (): NodeIndex => {
    index ??= makeIndex(source);
    return index;
  };
  return {
    source,
    value,
    isLeftOut: (object, key) => leftOut.get(object)?.has(key) ?? false,
    isIncomplete: (part) => isIncomplete(part, leftOut),
    rootKeys: () => nodes().rootKeys(),
    offsetOf: (path) => nodes().offsetOf(path),
    valueAt: (path) => nodes().valueAt(path),
    textsAt: (path) => nodes().textsAt(path),
    partOf: (problem) => parts.get(problem) ?? [],
  };
}

function isIncomplete(value: unknown, leftOut: WeakMap<object, unknown>): boolean {
  if (isLeftOutItem(value)) return true;
  if (typeof value !== 'object' || value === null) return false;
  return leftOut.has(value) || Object.values(value).some((part) => isIncomplete(part, leftOut));
}

/** Whether an item only keeps the numbering of its list: it is a problem that is reported already. */
export const isLeftOutItem = (item: unknown): boolean => typeof item === 'symbol';
