/** Every fault at every call that writes, before it is carried out and after: some runs later all is as if nothing had happened. */
import { expect, test } from 'vitest';
import { faultCells } from './support/fault-cells.ts';

test.each(faultCells.map((cell) => [cell.operation, cell.shows, cell.fault, cell.side, cell] as const))(
  '%s: %s: %s, %s the commit',
  async (_operation, _shows, _fault, _side, cell) => {
    expect(await cell.try()).toEqual({ violations: [], hasStruck: [true] });
  },
);
