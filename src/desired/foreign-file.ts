/** Files of other programs as desired state: entries as a users file would hold them, each value with its place. */

import type { SourcePath } from '../source/node-index.ts';
import type { SourceDocument } from '../source/source-document.ts';
import type { SourceText } from '../source/source-text.ts';

/** A person as another file has them. */
export interface ForeignEntry {
  /** As it would stand in a users file, and not checked yet. */
  readonly entry: object;
  /** Where the person begins. */
  readonly offset: number;
  /** Where a field of the entry stands, such as `email` or `auth.data`; `undefined` where it does not. */
  readonly offsetOf: (field: string) => number | undefined;
}

/** So that the checks of users files find their way through another file. */
export function documentOf(source: SourceText, entries: readonly ForeignEntry[]): SourceDocument {
  const offsetOf = ([, i, ...parts]: SourcePath): number => {
    const one = typeof i === 'number' ? entries[i] : undefined;
    const [field = '', part] = parts;
    return one?.offsetOf(`${field}.${part}`) ?? one?.offsetOf(String(field)) ?? one?.offset ?? 0;
  };
  return {
    source,
    value: { version: 1, users: entries.map(({ entry }) => entry) },
    isLeftOut: () => false,
    isIncomplete: () => false,
    textsAt: () => [],
    partOf: () => [],
    rootKeys: () => undefined,
    offsetOf,
    valueAt: (path) => ({ offset: offsetOf(path), text: '' }),
  };
}
