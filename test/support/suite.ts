/**
 * What one test file does in each suite: `npm test` tries a share of its cells, and a file `<name>.long.test.ts` beside
 * it, which only imports it, tries them all.
 */
import { inject } from 'vitest';

export type Suite = 'short' | 'long';

declare module 'vitest' {
  interface ProvidedContext {
    /** The suite that runs (`vitest.config.ts`). */
    readonly suite: Suite;
  }
}

export const bySuite = <Value>(values: Readonly<Record<Suite, Value>>): Value => values[inject('suite')];

/** For `test.runIf`: a test that costs as much as a hundred others, beside cheaper ones in its file that look at the same rules. */
export const isLong: boolean = inject('suite') === 'long';

/**
 * Every nth of the cells in the short suite, and at least one of them; all in the long one.
 *
 * @param from - another one for each row of a matrix lets the rows together have every column
 */
export function share<Cell>(cells: readonly Cell[], every: number, from: number = 0): readonly Cell[] {
  const step = Math.min(every, cells.length);
  return bySuite({ short: cells.filter((_, i) => (i + from) % step === 0), long: cells });
}
