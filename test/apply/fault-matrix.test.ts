/** Every fault at every call that writes, before it is carried out and after: some runs later all is as if nothing had happened. */
import { describe, expect, test } from 'vitest';
import { callRows, entriesOf, isCallOf, peopleOf } from './support/call-rows.ts';
import { Episode } from './support/episode.ts';
import { faultRows } from './support/fault-rows.ts';
import { violationsOf } from './support/fault-rules.ts';
import { type FaultWorld, runThrough } from './support/fault-run.ts';
import type { Side } from './support/strikes.ts';

const sides: readonly Side[] = ['before', 'after'];

describe.each(callRows.map((row) => [row.operation, row.shows, row] as const))(
  '%s: %s',
  (_operation, _shows, callRow) => {
    const policy = { min_admins: 2, undeclared_users: 'ignore' } as const;
    const world: FaultWorld = { people: peopleOf(callRow), entries: entriesOf(callRow), policy };
    let undisturbed: ReturnType<typeof runThrough> | undefined;

    test.each(faultRows.flatMap((row) => sides.map((side) => [row.name, side, row] as const)))(
      '%s, %s the commit',
      async (_name, side, row) => {
        undisturbed ??= runThrough(world, () => []);
        const episodes: Episode[] = [];

        const tale = await runThrough(world, (idOf) => {
          episodes.push(new Episode(row, side, ({ passage }) => isCallOf(callRow, passage, idOf)));
          return episodes;
        });

        expect(violationsOf(tale, { undisturbed: await undisturbed, isDeceived: row.deceives ?? false })).toEqual([]);
        expect(episodes.map(({ hits }) => hits >= row.strikes.length)).toEqual([true]);
      },
    );
  },
);
