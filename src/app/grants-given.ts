import { listRuns } from '../journal/runs.ts';
import { type TrustedStore, unlessNotBelieved } from '../journal/trust.ts';
import { refuseGaps } from '../journal/verify-runs.ts';
import type { GrantsOfChange, MadeChange } from '../model/review.ts';
import { kinds } from '../resources/index.ts';
import type { ToldRun } from '../runs/grant-deeds.ts';
import { type GivenBy, grantsGiven } from '../runs/grants-given.ts';
import type { ServerPorts } from './ports.ts';
import { historyOf, readRunPlan } from './run-histories.ts';
import { lookAtState, type StateOfServer } from './run-state.ts';

/**
 * Who gave what accounts have, as the journals of a server tell.
 *
 * @throws {JournalTamperedError} when a journal was edited
 * @throws {JournalBrokenError} when one cannot be read
 */
export async function readGrantsGiven(place: StateOfServer, ports: ServerPorts): Promise<GivenBy> {
  const state = await lookAtState(place, ports);
  const runs = state === undefined ? [] : await toldRuns(state.store);
  return grantsGiven(runs, grantsOfAll);
}

/** What a change gave and took, of whichever kind it is. */
export function grantsOfAll(made: MadeChange): GrantsOfChange {
  const own = kinds.map((kind) => kind.grantsOf(made));
  return { given: own.flatMap(({ given }) => given), taken: own.flatMap(({ taken }) => taken) };
}

/**
 * Runs that are believed, the oldest first; those before the oldest may have been put away.
 *
 * @throws {JournalTamperedError} when a journal was edited, or is missing among the others
 * @throws {JournalBrokenError} when one cannot be read
 */
export async function toldRuns(store: TrustedStore): Promise<readonly ToldRun[]> {
  await refuseGaps(store);
  const runs: ToldRun[] = [];
  for (const run of await listRuns(store)) {
    const told = await unlessNotBelieved(store.trust, 'deeds-not-told', async () => {
      const history = await historyOf(store, run);
      return history && { history, plan: await readRunPlan(store, history.started) };
    });
    if (told !== undefined) runs.push(told);
  }
  return runs;
}
