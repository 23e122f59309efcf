/** Every fault at every call that writes, before it is carried out and after: some runs later all is as if nothing had happened. */
import { describe, expect, test } from 'vitest';
import { callRows, isCallOf, worldOf } from './support/call-rows.ts';
import { Episode } from './support/episode.ts';
import { type FaultRow, faultRows } from './support/fault-rows.ts';
import { violationsOf } from './support/fault-rules.ts';
import { type FaultTale, type FaultWorld, runThrough } from './support/fault-run.ts';
import type { Side } from './support/strikes.ts';

const sides: readonly Side[] = ['before', 'after'];

describe.each(callRows.map((row) => [row.operation, row.shows, row] as const))(
  '%s: %s',
  (_operation, _shows, callRow) => {
    const worldFor = ({ isLong }: FaultRow): FaultWorld => ({
      ...worldOf(callRow, isLong === true),
      policy: { min_admins: 2, undeclared_users: 'ignore' },
    });
    const undisturbed = new Map<FaultRow['isLong'], Promise<FaultTale>>();
    const undisturbedFor = (row: FaultRow): Promise<FaultTale> => {
      const tale = undisturbed.get(row.isLong) ?? runThrough(worldFor(row), () => []);
      undisturbed.set(row.isLong, tale);
      return tale;
    };

    test.each(faultRows.flatMap((row) => sides.map((side) => [row.name, side, row] as const)))(
      '%s, %s the commit',
      async (_name, side, row) => {
        const expected = { undisturbed: await undisturbedFor(row), isDeceived: row.deceives ?? false };
        const episodes: Episode[] = [];

        const tale = await runThrough(worldFor(row), (idOf) => {
          episodes.push(new Episode(row, side, ({ passage }) => isCallOf(callRow, passage, idOf)));
          return episodes;
        });

        expect(violationsOf(tale, expected)).toEqual([]);
        expect(episodes.map(({ hits }) => hits >= row.strikes.length)).toEqual([true]);
      },
    );
  },
);
