/** One action from its precondition to its outcome: look, write, and after a lost response look again. */

import { type AccountView, flawIn } from '../model/account-view.ts';
import type { ActionRunner, Attempt, CallResponse } from '../model/action-runner.ts';
import { canAdminister } from '../model/admin-rules.ts';
import { callRowOf } from '../model/calls.ts';
import type { Clock } from '../model/clock.ts';
import { count } from '../model/count.ts';
import { MusterError } from '../model/muster-error.ts';
import type { FinishedAction, MadeCall, Outcome } from '../model/outcome.ts';
import type { Action } from '../model/plan.ts';
import { maxReadings, rereadAfterMs } from '../model/replica-lag.ts';
import type { RunJournal } from '../model/run-journal.ts';
import type { AccountId } from '../model/user-values.ts';
import type { Verdict } from '../model/verdict.ts';
import { checkPrecondition } from './check-precondition.ts';
import { CallerOutOfReachError, ResponseNotRecordedError, UnexpectedError } from './errors.ts';
import type { PeopleCache } from './people-cache.ts';

/** How often an action is tried when its response is lost. */
const maxTries = 3;

export interface RunContext {
  readonly runner: ActionRunner;
  readonly people: PeopleCache;
  readonly clock: Clock;
  readonly journal: RunJournal;
  /** Names this run; with action and try it makes every token's mark its own. */
  readonly runKey: string;
  readonly callerId: AccountId;
  readonly minAdmins: number;
  readonly signInServices: ReadonlySet<string>;
  /** Accounts that could administer when the run began. */
  readonly administered: ReadonlySet<AccountId>;
  /** Accounts that this run made, by the person's username. */
  readonly created: Map<string, AccountId>;
  /** Actions of which a previous process made a call and did not record the response. */
  readonly uncertain: ReadonlySet<string>;
  /**
   * Waits until a call whose response was lost has certainly been carried out or never will be.
   *
   * @returns `false` when the run was interrupted meanwhile
   */
  readonly waitUntilSettled: () => Promise<boolean>;
}

export async function runAction(
  action: Action,
  context: RunContext,
): Promise<Pick<FinishedAction, 'outcome' | 'attempts'>> {
  const run = new ActionRun(action, context);
  try {
    return { outcome: await run.run(), attempts: run.attempts };
  } catch (error) {
    const outcome: Outcome = { status: 'failed', error: asMusterError(error), written: 'unknown' };
    return { outcome, attempts: run.attempts };
  }
}

const asMusterError = (error: unknown): MusterError =>
  error instanceof MusterError ? error : new UnexpectedError(error);

function madeBy(result: CallResponse): { readonly account?: AccountId; readonly token?: string } {
  if (result.status !== 'written') return {};
  const { account, token } = result;
  return { ...(account !== undefined && { account }), ...(token !== undefined && { token }) };
}

interface Looked {
  readonly verdict: Verdict;
  readonly view?: AccountView;
}

class ActionRun {
  readonly attempts: MadeCall[] = [];
  readonly #action: Action;
  readonly #context: RunContext;
  readonly #account: AccountId | undefined;
  /** Why the last response was lost; from then on nothing is concluded from what was read before. */
  #lost: MusterError | undefined;
  /** The call whose response was lost may still be carried out, and would undo what is done after it. */
  #mayBeLate = false;

  constructor(action: Action, context: RunContext) {
    this.#action = action;
    this.#context = context;
    this.#account = action.account ?? context.created.get(action.person);
    // Where the kind settles its own calls, nothing is left of one whose response was not recorded: it was looked for before.
    if (context.uncertain.has(action.id) && !callRowOf(action.call).settlesItself)
      this.#lost = new ResponseNotRecordedError(action);
  }

  async run(): Promise<Outcome> {
    for (let attempt = 1; ; attempt++) {
      const looked = await this.#lookSurely();
      if ('status' in looked) return looked;
      const { verdict, view } = looked;
      if (verdict.go !== 'write') return this.#without(verdict);
      if (this.#lost !== undefined && attempt > maxTries) return this.#nobodyKnows(this.#lost);
      const outcome = await this.#conclude(await this.#write(attempt), view);
      if (outcome !== undefined) return outcome;
    }
  }

  /** What does not show after a lost response may be done late: it is waited for before anything is sent again. */
  async #lookSurely(): Promise<Looked | Outcome> {
    const looked = await this.#tryLook();
    if (!this.#mayBeLate || 'status' in looked || looked.verdict.go !== 'write') return looked;
    this.#mayBeLate = false;
    const mayGoOn = await this.#context.waitUntilSettled();
    if (!mayGoOn && this.#lost !== undefined) return this.#nobodyKnows(this.#lost);
    return this.#tryLook();
  }

  /** A look that fails fails the action: nothing is ever sent blindly. */
  async #tryLook(): Promise<Looked | Outcome> {
    try {
      refuseCaller(this.#action, this.#account, this.#context.callerId);
      return await look(this.#action, this.#account, this.#context, this.#lost !== undefined);
    } catch (error) {
      const written = this.#lost === undefined ? 'no' : 'unknown';
      return { status: 'failed', error: asMusterError(error), written };
    }
  }

  #without(verdict: Exclude<Verdict, { go: 'write' }>): Outcome {
    if (verdict.go === 'already') {
      if (verdict.account !== undefined) this.#context.created.set(this.#action.person, verdict.account);
      return this.#lost === undefined
        ? { status: 'done', as: 'found', notes: [] }
        : { status: 'done', as: 'written', notes: notesAfterLoss(this.#action) };
    }
    // Something was sent: `stale` would say that nothing was.
    if (this.#lost !== undefined) return this.#nobodyKnows(this.#lost);
    return { status: 'stale', expected: verdict.expected, found: verdict.found };
  }

  #nobodyKnows(error: MusterError): Outcome {
    return { status: 'failed', error, written: 'unknown' };
  }

  /** Intent first, then the call, then the response: a call that is not recorded is never made. */
  async #write(attempt: number): Promise<CallResponse> {
    const { runner, clock, journal, runKey } = this.#context;
    const { id, call } = this.#action;
    const startedMs = clock.now();
    const one = { nowMs: startedMs, key: `${runKey}/${id}/${attempt}` };
    const mark = runner.markFor(this.#action, one);
    try {
      await journal.intend({
        action: id,
        attempt,
        operation: call.operation,
        ...(this.#account !== undefined && { account: this.#account }),
        ...(mark !== undefined && { mark }),
      });
    } catch (error) {
      return { status: 'refused', error: asMusterError(error) };
    }
    const result = await this.#call(one);
    const code = result.status === 'written' ? {} : { code: result.error.code };
    this.attempts.push({ startedMs, endedMs: clock.now(), result: result.status, ...code });
    journal.responded({ action: id, attempt, result: result.status, ...code, ...madeBy(result) });
    return result;
  }

  /** What fails in an unforeseen way may have been written all the same. */
  async #call(attempt: Attempt): Promise<CallResponse> {
    try {
      return await this.#context.runner.run(this.#action, this.#account, attempt);
    } catch (error) {
      return { status: 'unknown', error: asMusterError(error), isFinal: true };
    }
  }

  /** @returns `undefined` when the response was lost and it is worth looking again */
  async #conclude(result: CallResponse, view: AccountView | undefined): Promise<Outcome | undefined> {
    switch (result.status) {
      case 'written':
        return this.#note(result, view);
      case 'refused':
        return this.#lost === undefined
          ? { status: 'failed', error: result.error, written: 'no' }
          : this.#afterRefusal(result.error);
      case 'unknown':
        if (result.isFinal === true) return this.#nobodyKnows(result.error);
        this.#lost = result.error;
        this.#mayBeLate = !callRowOf(this.#action.call).settlesItself;
        return undefined;
    }
  }

  async #note(result: CallResponse & { status: 'written' }, view: AccountView | undefined): Promise<Outcome> {
    const { created, people } = this.#context;
    if (result.account !== undefined) created.set(this.#action.person, result.account);
    else if (this.#account !== undefined && view !== undefined) people.written(this.#account, this.#action, view);
    const flaw = await this.#flawOfGain(result.account ?? this.#account);
    if (flaw !== undefined) return { status: 'failed', error: flaw, written: 'yes' };
    return { status: 'done', as: 'written', notes: result.notes };
  }

  /** The server may refuse because the call whose response was lost was carried out late: then nothing is left to do. */
  async #afterRefusal(error: MusterError): Promise<Outcome> {
    const looked = await this.#tryLook();
    if ('status' in looked) return looked;
    return looked.verdict.go === 'already' ? this.#without(looked.verdict) : this.#nobodyKnows(error);
  }

  /** Losses of administration wait for the gains, so a gain counts only once a fresh read shows it. */
  async #flawOfGain(account: AccountId | undefined): Promise<MusterError | undefined> {
    const { clock, people } = this.#context;
    if (account === undefined || !this.#action.changes.some((change) => change.class === 'admin-gain'))
      return undefined;
    try {
      for (let reading = 1; ; reading++) {
        const flaw = flawIn(this.#action, await people.freshView(account));
        if (flaw === undefined || reading === maxReadings) return flaw;
        await clock.sleep(rereadAfterMs);
      }
    } catch (error) {
      return asMusterError(error);
    }
  }
}

/** What cannot be looked for afterwards. */
function notesAfterLoss({ call }: Action): readonly string[] {
  return call.operation === 'create-user' && call.invite !== undefined
    ? ['the mail with a link to set a password may not have been sent: the answer to the create was lost']
    : [];
}

/** The plan never holds such an action; a plan that was made by other means could. */
function refuseCaller(action: Action, account: AccountId | undefined, callerId: AccountId): void {
  if (account === callerId && callRowOf(action.call).onCaller === 'refused') throw new CallerOutOfReachError(action);
}

async function look(
  action: Action,
  account: AccountId | undefined,
  context: RunContext,
  isAfterLoss: boolean,
): Promise<Looked> {
  const { people, runner } = context;
  const row = callRowOf(action.call);
  if (row.look === 'for-new-account') return { verdict: await runner.look(action, account, isAfterLoss) };
  if (account === undefined) return { verdict: { go: 'stale', expected: 'an account', found: 'none' } };
  const isFresh = isAfterLoss || row.look === 'fresh' || action.lane !== undefined;
  const view = await (isFresh ? people.freshView(account) : people.view(account));
  if (view === undefined)
    return { verdict: { go: 'stale', expected: `the account ${account}`, found: 'no such account' } };
  const verdict = checkPrecondition(action, view);
  if (verdict.go !== 'write') return { verdict, view };
  const own = await runner.look(action, account, isAfterLoss);
  if (own.go !== 'write') return { verdict: own, view };
  return { verdict: action.lane === undefined ? own : await recountAdmins(account, context), view };
}

/**
 * The server protects the last admin from little; so the others are counted right before each loss. An administrator who could not
 * administer when the run began, and can only now, as their way to sign in was changed, need leave no more than there
 * were without them.
 */
async function recountAdmins(account: AccountId, context: RunContext): Promise<Verdict> {
  const { runner, minAdmins, signInServices, administered } = context;
  const admins = (await runner.readAdmins()).filter((admin) => canAdminister(admin, signInServices));
  if (!admins.some(({ id }) => id === account)) return { go: 'write' };
  const left = admins.filter(({ id }) => id !== account).length;
  const needed = administered.has(account) ? minAdmins : Math.min(minAdmins, administered.size);
  if (left >= needed) return { go: 'write' };
  return { go: 'stale', expected: `at least ${count(needed, 'other administrator')}`, found: `${left}` };
}
