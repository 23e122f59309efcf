import { UnusableJournalError } from '../journal/errors.ts';
import { type TrustedStore, unlessNotBelieved } from '../journal/trust.ts';
import type { OwedByRun } from '../model/first-roles.ts';
import { warning } from '../model/messages/warning-rows.ts';
import { MusterError } from '../model/muster-error.ts';
import { owedRolesOf } from '../runs/owed-roles.ts';
import { newestHistory, readRunPlan } from './run-histories.ts';
import type { StateView } from './run-state.ts';

/**
 * What the newest run owes: roles of `on_create` that it could not assign, be it that it ended before, that the call
 * failed, or that its plan left them to a later one. Each plan takes them up, so the newest knows of all of them; but one that
 * takes a run back says nothing of what files want.
 *
 * @param state - of a server; `undefined`: there is none
 */
export async function readOwedRoles(state: StateView | undefined): Promise<readonly OwedByRun[]> {
  return state === undefined ? [] : await owedRolesIn(state.store);
}

export async function owedRolesIn(store: TrustedStore): Promise<readonly OwedByRun[]> {
  const newest = await unlessNotBelieved(store.trust, 'owed-roles-unknown', () =>
    newestHistory(store, ({ undoes }) => undoes === undefined).catch(unlessBroken),
  );
  if (newest === undefined) return [];
  try {
    return owedRolesOf(await readRunPlan(store, newest.started), newest);
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    store.trust.warn(warning('owed-roles-unknown', { why: error.message }));
    return [];
  }
}

/** Of a broken journal a plan tells on its own, and an apply refuses it. */
function unlessBroken(error: unknown): undefined {
  if (!(error instanceof UnusableJournalError)) throw error;
}
