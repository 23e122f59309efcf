/** One action from its precondition to its outcome: look, write, and after a lost answer look again. */
import type { ActionRunner, RunResult } from '../model/action-runner.ts';
import { canAdminister } from '../model/admin-rules.ts';
import type { Clock } from '../model/clock.ts';
import type { LiveUser } from '../model/live-state.ts';
import { MusterError } from '../model/muster-error.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Action } from '../model/plan.ts';
import type { AccountId } from '../model/user-values.ts';
import type { AccountView } from './account-view.ts';
import { checkPrecondition, checkToken, type Verdict } from './check-precondition.ts';
import { CallerOutOfReachError, UnexpectedError } from './errors.ts';
import type { PeopleCache } from './people-cache.ts';

/** How often an action is tried when its answer is lost. */
const maxTries = 3;

export interface RunContext {
  readonly runner: ActionRunner;
  readonly people: PeopleCache;
  readonly clock: Clock;
  /** Names this run; with action and try it makes every token's mark its own. */
  readonly runKey: string;
  readonly callerId: AccountId;
  readonly minAdmins: number;
  readonly signInServices: ReadonlySet<string>;
  /** Accounts that this run made, by the person's username. */
  readonly created: Map<string, AccountId>;
}

export async function runAction(action: Action, context: RunContext): Promise<Outcome> {
  try {
    return await tryAction(action, context);
  } catch (error) {
    if (error instanceof MusterError) return { status: 'failed', error, written: 'no' };
    return { status: 'failed', error: new UnexpectedError(error), written: 'unknown' };
  }
}

async function tryAction(action: Action, context: RunContext): Promise<Outcome> {
  const account = action.account ?? context.created.get(action.person);
  refuseCaller(action, account, context.callerId);
  for (let attempt = 1; ; attempt++) {
    const { verdict, view } = await look(action, account, context);
    if (verdict.go === 'stale') return { status: 'stale', expected: verdict.expected, found: verdict.found };
    if (verdict.go === 'already') return { status: 'done', as: attempt === 1 ? 'found' : 'written', notes: [] };
    const attemptKey = { nowMs: context.clock.now(), key: `${context.runKey}/${action.id}/${attempt}` };
    const result = await context.runner.run(action, account, attemptKey);
    const outcome = await settle(action, result, { account, view, context, isLast: attempt === maxTries });
    if (outcome !== undefined) return outcome;
  }
}

interface Tried {
  readonly account: AccountId | undefined;
  readonly view: AccountView | undefined;
  readonly context: RunContext;
  readonly isLast: boolean;
}

/** @returns `undefined` when the answer was lost and it is worth looking again */
async function settle(
  action: Action,
  result: RunResult,
  { account, view, context, isLast }: Tried,
): Promise<Outcome | undefined> {
  switch (result.status) {
    case 'written': {
      if (result.account !== undefined) {
        context.created.set(action.person, result.account);
        await context.people.add(result.account);
      } else if (account !== undefined && view !== undefined) context.people.written(account, action, view);
      return { status: 'done', as: 'written', notes: result.notes };
    }
    case 'refused':
      return { status: 'failed', error: result.error, written: 'no' };
    case 'unknown':
      return isLast ? { status: 'failed', error: result.error, written: 'unknown' } : undefined;
  }
}

const accessOperations: ReadonlySet<Action['call']['operation']> = new Set([
  'set-auth',
  'set-password',
  'demote-to-guest',
  'promote-guest',
  'set-roles',
  'activate',
  'deactivate',
  'create-token',
  'enable-token',
  'disable-token',
  'revoke-token',
]);

/** The plan never holds such an action; a plan that was made by other means could. */
function refuseCaller(action: Action, account: AccountId | undefined, callerId: AccountId): void {
  if (account === callerId && accessOperations.has(action.call.operation)) throw new CallerOutOfReachError(action);
}

interface Looked {
  readonly verdict: Verdict;
  readonly view?: AccountView;
}

async function look(action: Action, account: AccountId | undefined, context: RunContext): Promise<Looked> {
  if (action.call.operation === 'create-user') return { verdict: await lookForNew(action, context) };
  if (account === undefined) return { verdict: { go: 'stale', expected: 'an account', found: 'none' } };
  const { people, runner } = context;
  const view = await (needsFreshRead(action) ? people.freshView(account) : people.view(account));
  if (view === undefined)
    return { verdict: { go: 'stale', expected: `the account ${account}`, found: 'no such account' } };
  const verdict = checkPrecondition(action, view, runner.isSame);
  if (verdict.go !== 'write') return { verdict, view };
  if (action.precondition.token !== undefined)
    return { verdict: checkToken(action, await runner.readTokens(account)), view };
  if (action.lane === 'admin-loss') return { verdict: await recountAdmins(account, context), view };
  return { verdict, view };
}

function needsFreshRead({ call, lane }: Action): boolean {
  if (lane === 'admin-loss') return true;
  switch (call.operation) {
    case 'deactivate':
    case 'activate':
    case 'set-auth':
    case 'set-password':
    case 'set-roles':
    case 'demote-to-guest':
      return true;
    default:
      return false;
  }
}

/** Absence is only ever the answer to a look-up: by name, and by e-mail. */
async function lookForNew(action: Action, { runner, created, people }: RunContext): Promise<Verdict> {
  if (action.call.operation !== 'create-user') return { go: 'write' };
  const { username = '', email = '' } = action.call.fields;
  const byName = (await runner.readByNames([username])).find(({ values }) => values.username === username);
  const byEmail = await runner.readByEmail(email);
  const found = byName ?? byEmail;
  if (found === undefined) return { go: 'write' };
  if (!isOurs(found, byName, byEmail)) {
    return {
      go: 'stale',
      expected: `nobody with the name ${username} or the e-mail ${email}`,
      found: `the account ${found.values.username} (id ${found.id})`,
    };
  }
  created.set(action.person, found.id);
  await people.add(found.id);
  return { go: 'already' };
}

/** A create whose answer was lost left an account with just this name and this e-mail, active. */
function isOurs(found: LiveUser, byName: LiveUser | undefined, byEmail: LiveUser | undefined): boolean {
  return (
    byName !== undefined &&
    byEmail !== undefined &&
    byName.id === byEmail.id &&
    found.values.active &&
    !found.isBot &&
    !found.isRemote
  );
}

/** The server protects the last admin from little; so the others are counted right before each loss. */
async function recountAdmins(account: AccountId, { runner, minAdmins, signInServices }: RunContext): Promise<Verdict> {
  const admins = (await runner.readAdmins()).filter((admin) => canAdminister(admin, signInServices));
  if (!admins.some(({ id }) => id === account)) return { go: 'write' };
  const left = admins.filter(({ id }) => id !== account).length;
  if (left >= minAdmins) return { go: 'write' };
  return { go: 'stale', expected: `at least ${minAdmins} other people who can administer`, found: `${left}` };
}
