/** The read-back: what was written is looked at once more, in bulk, and told apart from what the server made of it. */
import { type AccountView, fieldsWritten } from '../model/account-view.ts';
import type { ActionRunner, WrittenCall } from '../model/action-runner.ts';
import { MusterError } from '../model/muster-error.ts';
import type { FinishedAction, Outcome } from '../model/outcome.ts';
import type { Action } from '../model/plan.ts';
import { maxReadings } from '../model/replica-lag.ts';
import type { AccountId } from '../model/user-values.ts';

type AccountOf = (action: Action) => AccountId | undefined;

/**
 * Compares every action that was written with a fresh read; those that do not show are failed, and so are those that
 * could not be read back: what was done is never lost with the read after it.
 */
export async function verifyResults(
  results: readonly FinishedAction[],
  created: ReadonlyMap<string, AccountId>,
  runner: Pick<ActionRunner, 'verify'>,
  pause: () => Promise<void>,
): Promise<readonly FinishedAction[]> {
  const accountOf: AccountOf = (action) => action.account ?? created.get(action.person);
  let open = results.filter(({ outcome }) => outcome.status === 'done' && outcome.as === 'written');
  let flaws: ReadonlyMap<string, MusterError> = new Map();
  for (let reading = 0; reading < maxReadings && open.length > 0; reading++) {
    if (reading > 0) await pause();
    flaws = await readBack(writtenCalls(results, open, accountOf), runner);
    open = open.filter(({ action }) => flaws.has(action.id));
  }
  return results.map((result) => {
    const flaw = flaws.get(result.action.id);
    const outcome: Outcome = flaw === undefined ? result.outcome : { status: 'failed', error: flaw, written: 'yes' };
    return { ...result, outcome };
  });
}

/** @returns by the ids of actions, what does not show; the error of the read where the server did not answer */
async function readBack(
  written: readonly WrittenCall[],
  runner: Pick<ActionRunner, 'verify'>,
): Promise<ReadonlyMap<string, MusterError>> {
  try {
    return await runner.verify(written);
  } catch (error) {
    if (error instanceof MusterError) return new Map(written.map(({ action }) => [action.id, error]));
    throw error;
  }
}

function writtenCalls(
  results: readonly FinishedAction[],
  open: readonly FinishedAction[],
  accountOf: AccountOf,
): readonly WrittenCall[] {
  const expected = expectationsOf(results, accountOf);
  return open.flatMap(({ action }) => {
    const account = accountOf(action);
    return account === undefined ? [] : [{ action, account, expected: expected.get(account) ?? new Map() }];
  });
}

/** What each account must be after everything that was done to it: a later action may overwrite an earlier one. */
function expectationsOf(results: readonly FinishedAction[], accountOf: AccountOf): ReadonlyMap<AccountId, AccountView> {
  const expected = new Map<AccountId, AccountView>();
  for (const { action, outcome } of results) {
    const account = accountOf(action);
    if (account === undefined || outcome.status !== 'done') continue;
    // Each action knows only the fields that it was planned on; what was written before it holds over them.
    const before = new Map([...Object.entries(action.precondition.fields), ...(expected.get(account) ?? [])]);
    expected.set(account, new Map([...before, ...fieldsWritten(action, before)]));
  }
  return expected;
}
