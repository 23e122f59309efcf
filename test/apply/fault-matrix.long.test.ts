/** Every fault at every call that writes, before it is carried out and after: some runs later all is as if nothing had happened. */
import { expect, test } from 'vitest';
import { seedsOf } from '../support/seeds.ts';
import { faultCells } from './support/fault-cells.ts';

const { count: all } = seedsOf(1);
/** Every third cell, a number without a part in common with those of the faults; all of them with `PROPERTY_RUNS_FACTOR=3`. */
const cells = all >= 3 ? faultCells : faultCells.filter((_, i) => i % 3 === 1);

test.each(cells.map((cell) => [cell.operation, cell.shows, cell.fault, cell.side, cell] as const))(
  '%s: %s: %s, %s the commit',
  async (_operation, _shows, _fault, _side, cell) => {
    expect(await cell.try()).toEqual({ violations: [], hasStruck: [true] });
  },
);
