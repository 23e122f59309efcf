/** Every fault at every call that writes, before it is carried out and after: some runs later all is as if nothing had happened. */
import { expect, test } from 'vitest';
import { seedsOf } from '../support/seeds.ts';
import { faultCells } from './support/fault-cells.ts';

const { count: all } = seedsOf(1);
/** Every fifth cell, a number without a part in common with those of calls, faults and sides; all of them with `PROPERTY_RUNS_FACTOR=5`. */
const cells = all >= 5 ? faultCells : faultCells.filter((_, i) => i % 5 === 1);

test.each(cells.map((cell) => [cell.operation, cell.shows, cell.fault, cell.side, cell] as const))(
  '%s: %s: %s, %s the commit',
  async (_operation, _shows, _fault, _side, cell) => {
    expect(await cell.try()).toEqual({ violations: [], hasStruck: [true] });
  },
);
