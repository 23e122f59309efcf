/** The read-back: what was written is looked at once more, in bulk, and told apart from what the server made of it. */
import type { ActionRunner } from '../model/action-runner.ts';
import type { LiveToken, LiveUser } from '../model/live-state.ts';
import { MusterError } from '../model/muster-error.ts';
import type { ActionResult, Outcome } from '../model/outcome.ts';
import type { Action } from '../model/plan.ts';
import { maxReadings } from '../model/replica-lag.ts';
import { isMarkOf } from '../model/token-marker.ts';
import type { AccountId } from '../model/user-values.ts';
import { type AccountView, fieldsWritten, viewOf } from './account-view.ts';
import { show } from './check-precondition.ts';
import { NotVerifiedError } from './errors.ts';

/**
 * Compares every action that was written with a fresh read; those that do not show are failed, and so are those that
 * could not be read back: what was done is never lost with the read after it.
 */
export async function verifyResults(
  results: readonly ActionResult[],
  created: ReadonlyMap<string, AccountId>,
  runner: ActionRunner,
  pause: () => Promise<void>,
): Promise<readonly ActionResult[]> {
  const accountOf = (action: Action): AccountId | undefined => action.account ?? created.get(action.person);
  let open = results.filter(({ outcome }) => outcome.status === 'done' && outcome.as === 'written');
  const flaws = new Map<ActionResult, MusterError>();
  for (let reading = 0; reading < maxReadings && open.length > 0; reading++) {
    if (reading > 0) await pause();
    const expected = expectationsOf(results, accountOf);
    const witness = await readWitness(open, accountOf, runner);
    flaws.clear();
    if (witness instanceof MusterError) {
      for (const result of open) flaws.set(result, witness);
      continue;
    }
    for (const result of open) {
      const account = accountOf(result.action);
      const flaw =
        account === undefined ? undefined : flawOf(result.action, expected.get(account), witness, account, runner);
      if (flaw !== undefined) flaws.set(result, flaw);
    }
    open = [...flaws.keys()];
  }
  return results.map((result) => {
    const flaw = flaws.get(result);
    const outcome: Outcome = flaw === undefined ? result.outcome : { status: 'failed', error: flaw, written: 'yes' };
    return { ...result, outcome };
  });
}

/** What each account must be after everything that was done to it: a later action may overwrite an earlier one. */
function expectationsOf(
  results: readonly ActionResult[],
  accountOf: (action: Action) => AccountId | undefined,
): ReadonlyMap<AccountId, AccountView> {
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

interface Witness {
  readonly people: ReadonlyMap<AccountId, LiveUser>;
  readonly tokens: ReadonlyMap<AccountId, readonly LiveToken[]>;
}

/** @returns the error where the server did not answer */
async function readWitness(
  open: readonly ActionResult[],
  accountOf: (action: Action) => AccountId | undefined,
  runner: ActionRunner,
): Promise<Witness | MusterError> {
  try {
    return await readAll(open, accountOf, runner);
  } catch (error) {
    if (error instanceof MusterError) return error;
    throw error;
  }
}

async function readAll(
  open: readonly ActionResult[],
  accountOf: (action: Action) => AccountId | undefined,
  runner: ActionRunner,
): Promise<Witness> {
  const ids = new Set<AccountId>();
  const tokens = new Map<AccountId, readonly LiveToken[]>();
  for (const { action } of open) {
    const account = accountOf(action);
    if (account === undefined) continue;
    if (!isTokenAction(action)) ids.add(account);
    else if (!tokens.has(account)) tokens.set(account, await runner.readTokens(account));
  }
  const people = ids.size === 0 ? new Map<AccountId, LiveUser>() : await runner.readPeople([...ids]);
  return { people, tokens };
}

const isTokenAction = ({ call }: Action): boolean => call.operation.endsWith('-token');

function flawOf(
  action: Action,
  expected: AccountView | undefined,
  witness: Witness,
  account: AccountId,
  runner: ActionRunner,
): NotVerifiedError | undefined {
  if (isTokenAction(action)) return tokenFlaw(action, witness.tokens.get(account) ?? []);
  const live = witness.people.get(account);
  if (live === undefined) return new NotVerifiedError('the account', 'there', 'no such account');
  const view = viewOf(live);
  for (const field of fieldsWritten(action, expected ?? new Map()).keys()) {
    const wanted = expected?.get(field);
    if (live.values.auth.isHidden === true && field === 'auth') continue;
    if (!runner.isSame(field, view.get(field), wanted))
      return new NotVerifiedError(field, show(wanted), show(view.get(field)));
  }
  return undefined;
}

function tokenFlaw({ call }: Action, tokens: readonly LiveToken[]): NotVerifiedError | undefined {
  switch (call.operation) {
    case 'create-token': {
      return tokens.some(({ description }) => isMarkOf(call, description))
        ? undefined
        : new NotVerifiedError('the token', `${call.name}@${call.generation}`, 'no such token');
    }
    case 'enable-token':
    case 'disable-token': {
      const wanted = call.operation === 'enable-token';
      const live = tokens.find(({ id }) => id === call.token);
      if (live?.enabled === wanted) return undefined;
      return new NotVerifiedError(
        `token ${call.token}`,
        wanted ? 'enabled' : 'disabled',
        live === undefined ? 'no such token' : 'the opposite',
      );
    }
    case 'revoke-token':
      return tokens.some(({ id }) => id === call.token)
        ? new NotVerifiedError(`token ${call.token}`, 'revoked', 'it is still there')
        : undefined;
    default:
      return undefined;
  }
}
