/** The cells of the fault matrix: every fault at every call that writes, before it is carried out and after. */
import type { Call } from '../../../src/model/plan.ts';
import { type CallRow, callRows, isCallOf, worldOf } from './call-rows.ts';
import { Episode } from './episode.ts';
import { type FaultRow, faultRows } from './fault-rows.ts';
import { violationsOf } from './fault-rules.ts';
import { type FaultTale, type FaultWorld, runThrough } from './fault-run.ts';
import type { Side } from './strikes.ts';

export interface FaultCell {
  readonly operation: Call['operation'];
  /** What of the executor only this call shows. */
  readonly shows: string;
  readonly fault: string;
  readonly side: Side;
  /** Runs until nothing is left to do. */
  try(): Promise<CellEnd>;
}

export interface CellEnd {
  /** Rules that were broken. */
  readonly violations: readonly string[];
  /** For each fault whether it struck as often as it is meant to. */
  readonly hasStruck: readonly boolean[];
}

const sides: readonly Side[] = ['before', 'after'];

export const faultCells: readonly FaultCell[] = callRows.flatMap((callRow) => {
  const undisturbed = undisturbedOf(callRow);
  return faultRows.flatMap((row) =>
    sides.map((side) => ({
      operation: callRow.operation,
      shows: callRow.shows,
      fault: row.name,
      side,
      try: async () => tryCell(callRow, row, side, await undisturbed(row)),
    })),
  );
});

const worldFor = (callRow: CallRow, { isLong }: FaultRow): FaultWorld => ({
  ...worldOf(callRow, isLong === true),
  policy: { min_admins: 2, undeclared_users: 'ignore', ...callRow.policy },
});

/** How it goes without a fault; worked out once for each length of world. */
function undisturbedOf(callRow: CallRow): (row: FaultRow) => Promise<FaultTale> {
  const known = new Map<FaultRow['isLong'], Promise<FaultTale>>();
  return (row) => {
    const tale = known.get(row.isLong) ?? runThrough(worldFor(callRow, row), () => []);
    known.set(row.isLong, tale);
    return tale;
  };
}

async function tryCell(callRow: CallRow, row: FaultRow, side: Side, undisturbed: FaultTale): Promise<CellEnd> {
  const episodes: Episode[] = [];
  const tale = await runThrough(worldFor(callRow, row), (idOf) => {
    episodes.push(new Episode(row, side, ({ passage }) => isCallOf(callRow, passage, idOf)));
    return episodes;
  });
  return {
    violations: violationsOf(tale, { undisturbed, isDeceived: row.deceives ?? false }),
    hasStruck: episodes.map(({ hits }) => hits >= row.strikes.length),
  };
}
