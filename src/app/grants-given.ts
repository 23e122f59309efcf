import { listRuns } from '../journal/runs.ts';
import { type TrustedStore, unlessNotBelieved } from '../journal/trust.ts';
import { kinds } from '../resources/index.ts';
import { type GivenBy, grantsGiven, type ToldRun } from '../runs/grants-given.ts';
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
  return grantsGiven(runs, (made) => {
    const own = kinds.map((kind) => kind.grantsOf(made));
    return { given: own.flatMap(({ given }) => given), taken: own.flatMap(({ taken }) => taken) };
  });
}

async function toldRuns(store: TrustedStore): Promise<readonly ToldRun[]> {
  const runs: ToldRun[] = [];
  for (const run of await listRuns(store)) {
    const told = await unlessNotBelieved(store.trust, `what run ${run} gave is not told`, async () => {
      const history = await historyOf(store, run);
      return history && { history, plan: await readRunPlan(store, history.started) };
    });
    if (told !== undefined) runs.push(told);
  }
  return runs;
}
