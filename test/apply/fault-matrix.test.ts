/** A share of the fault matrix: every call, every fault and both sides of the commit have a part in it. */
import { expect, test } from 'vitest';
import { type FaultCell, faultCells } from './support/fault-cells.ts';

/** Coprime to the number of faults, so that each call meets others. */
const every = 15;
const sample = faultCells.filter((_, i) => i % every === 0);

test('the share has every call, every fault and both sides', () => {
  const has = (trait: keyof FaultCell): ReadonlySet<unknown> => new Set(sample.map((cell) => cell[trait]));
  const all = (trait: keyof FaultCell): ReadonlySet<unknown> => new Set(faultCells.map((cell) => cell[trait]));

  for (const trait of ['operation', 'fault', 'side'] as const) expect(has(trait)).toEqual(all(trait));
});

test.each(sample.map((cell) => [cell.operation, cell.shows, cell.fault, cell.side, cell] as const))(
  '%s: %s: %s, %s the commit',
  async (_operation, _shows, _fault, _side, cell) => {
    expect(await cell.try()).toEqual({ violations: [], hasStruck: [true] });
  },
);
