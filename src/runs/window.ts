/** What the runs of the last 24 hours used of the budgets: a pure reading of journals, beside the records on the server. */
import { budgetRowOf, budgetsOfChange, rowOf } from '../model/change-classes.ts';
import { groupBy } from '../model/group-by.ts';
import type { Action, BudgetName, Change, Plan } from '../model/plan.ts';
import type { AccountId } from '../model/user-values.ts';
import {
  type CountedKeys,
  countedKeys,
  recordKeyOf,
  type UseCounts,
  type UseRecord,
  type WindowUse,
  windowMs,
} from '../model/window-use.ts';
import { type ActionHistory, isDone, madeAccount, mayBeWritten, type RunHistory } from './replay.ts';

/** A run with its plan. */
export interface PastRun {
  readonly history: RunHistory;
  readonly plan: Plan;
}

/** The runs that journals tell of. */
export interface PastRuns {
  readonly runs: readonly PastRun[];
  /** `false`: there is no journal yet, or one of them cannot be read. */
  readonly isComplete: boolean;
}

export const noPastRuns: PastRuns = { runs: [], isComplete: false };

/** A change that a run made, or may have made, with what it counts as. */
interface CountedChange {
  readonly change: Change;
  readonly action: Action;
  readonly account: AccountId | undefined;
  /** The token that it made. */
  readonly token: string | undefined;
  /** When it was last tried. */
  readonly atMs: number;
}

/**
 * Of all runs those that may have written something in the window. Only the newest run can be resumed, so that a run has
 * ended by the time at which the next one began.
 *
 * @param names - the oldest first
 */
export function runsOfWindow(names: readonly string[], nowMs: number): readonly string[] {
  return names.filter((_, i) => {
    const next = names[i + 1];
    return next === undefined || !(begunMs(next) <= nowMs - windowMs);
  });
}

/** When a run began, as its name tells, or `NaN`. */
export function begunMs(run: string): number {
  const stamp = /-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-/.exec(run);
  if (stamp === null) return Number.NaN;
  const [, year, month, day, hour, minute, second] = stamp.map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
}

/** Of a run that only begins: everything that its plan says. */
export const plannedUse = (plan: Plan): CountedKeys =>
  keysOf(
    plan,
    plan.actions.flatMap((action) =>
      action.changes.map((change) => ({ change, action, account: action.account, token: undefined, atMs: 0 })),
    ),
  );

/** What a run wrote, or may have written, whenever that was. */
export const writtenUse = (run: PastRun): CountedKeys => keysOf(run.plan, changesOf(run, isPerhapsWritten));

/**
 * Whether a run counts in the budgets: one that takes a run back does not, and one that takes such a run back does it again.
 *
 * @param undoneBy - the run that a run takes back, if it is known
 */
export function countsInWindow(undoes: string | undefined, undoneBy: (run: string) => string | undefined): boolean {
  let counts = true;
  const seen = new Set<string>();
  for (let run = undoes; run !== undefined && !seen.has(run); run = undoneBy(run)) {
    seen.add(run);
    counts = !counts;
  }
  return counts;
}

/**
 * What a run used and no undo gave back.
 *
 * @param all - among them the runs that take it back
 */
export function standingUse(run: PastRun, all: readonly PastRun[], nowMs: number): CountedKeys {
  return keysOf(run.plan, standingOf(run, all, nowMs));
}

function standingOf(run: PastRun, all: readonly PastRun[], nowMs: number): readonly CountedChange[] {
  const { run: name } = run.history.started;
  const reversals = all
    .filter(({ history }) => history.started.undoes === name)
    .flatMap((one) => changesOf(one, isSurelyWritten));
  // What seems to come from the future counts, too: a clock that was put back frees nothing.
  const own = changesOf(run, isPerhapsWritten).filter(({ atMs }) => atMs > nowMs - windowMs);
  const ofAccount = groupBy(reversals, ({ account }) => account);
  return own.filter((one) => ofAccount.get(one.account)?.some((other) => reverses(other, one)) !== true);
}

type Meant = (history: ActionHistory | undefined) => boolean;

const isPerhapsWritten: Meant = (history) => history !== undefined && mayBeWritten(history);
const isSurelyWritten: Meant = (history) => history !== undefined && isDone(history) && mayBeWritten(history);
const isPlanned: Meant = () => true;

/** With the accounts and tokens that the run made. */
function changesOf({ plan, history: { actions } }: PastRun, isMeant: Meant): readonly CountedChange[] {
  const created = new Map<string, AccountId>();
  return plan.actions.flatMap((action) => {
    const own = actions.get(action.id);
    const made = own === undefined ? undefined : madeAccount(own);
    if (made !== undefined) created.set(action.person, made);
    if (!isMeant(own)) return [];
    const attempts = own?.attempts ?? [];
    const token = attempts.findLast(({ response }) => response?.token !== undefined)?.response?.token;
    const atMs = Math.max(0, ...attempts.map((attempt) => attempt.atMs));
    const account = action.account ?? created.get(action.person);
    return action.changes.map((change) => ({ change, action, account, token, atMs }));
  });
}

/** Whether a change of an undo takes this one back. */
function reverses(back: CountedChange, one: CountedChange): boolean {
  if (back.account === undefined || back.account !== one.account) return false;
  if (rowOf(one.change).inverse !== back.change.class) return false;
  if (rowOf(one.change).kind === 'token') return tokenOf(back) === tokenOf(one);
  if (one.change.class === 'create') return true;
  const { attribute, before, after } = one.change;
  if (attribute !== back.change.attribute) return false;
  return attribute !== 'roles' || (back.change.before === after && back.change.after === before);
}

const tokenOf = ({ action: { call }, token }: CountedChange): string | undefined =>
  'token' in call ? call.token : token;

/**
 * Where an approval lifted a budget, it covered every change of that plan that counts in it. An approval covers just
 * those, and they leave the budget to others.
 */
function keysOf(
  { approvals = [] }: Plan,
  changes: readonly CountedChange[],
): ReadonlyMap<BudgetName, ReadonlySet<string>> {
  const approved = new Set(approvals.map((approval) => approval.class));
  const keys = new Map<BudgetName, Set<string>>();
  for (const one of changes) {
    for (const name of budgetsOfChange(one.change)) {
      if (approved.has(name)) continue;
      if (budgetRowOf(name).sparesNewPeople === true && one.action.account === undefined) continue;
      const own = keys.get(name) ?? new Set();
      for (const key of keysIn(name, one)) own.add(key);
      keys.set(name, own);
    }
  }
  return keys;
}

const keysIn = (name: BudgetName, { change, account, token }: CountedChange): readonly string[] =>
  countedKeys(name, { change, account, thing: token });

export interface WindowSources {
  readonly past: PastRuns;
  /** `undefined`: the server does not tell. */
  readonly records: readonly UseRecord[] | undefined;
  readonly nowMs: number;
}

/**
 * The larger of what journals and server say, run by run. Where the server says just what the plan of a run says, its
 * correction is missing, and everything in that plan counts as done: what is left of it counts once.
 */
export function windowUse({ past, records, nowMs }: WindowSources): WindowUse {
  const tally = new Tally();
  const undoneBy = new Map(past.runs.map(({ history: { started } }) => [started.run, started.undoes]));
  const ofRun = new Map((records ?? []).map((record) => [record.key, record]));
  const paired = new Set<UseRecord>();
  const created = new Set(past.runs.flatMap((run) => madeAccounts(run)));
  for (const run of past.runs) {
    const { started } = run.history;
    if (!countsInWindow(started.undoes, (name) => undoneBy.get(name))) continue;
    const standing = standingOf(run, past.runs, nowMs);
    for (const one of standing) tally.add(keysOf(run.plan, [one]), one.atMs);
    const record = ofRun.get(recordKeyOf(started.run));
    if (record === undefined) continue;
    paired.add(record);
    if (record.atMs > nowMs - windowMs)
      tally.compare(record, keysOf(run.plan, standing), keysOf(run.plan, changesOf(run, isPlanned)));
  }
  for (const record of records ?? [])
    if (!paired.has(record) && record.atMs > nowMs - windowMs) tally.compare(record, new Map(), new Map());
  return {
    ...tally.use(),
    ...(created.size > 0 && { created }),
    state: past.isComplete || records !== undefined ? 'known' : 'unknown',
    ...(records !== undefined && { seen: new Set(ofRun.keys()) }),
  };
}

const madeAccounts = ({ history: { actions } }: PastRun): readonly AccountId[] =>
  [...actions.values()].flatMap((action) => madeAccount(action) ?? []);

class Tally {
  readonly #used = new Map<BudgetName, Set<string>>();
  readonly #more = new Map<BudgetName, number>();
  readonly #oldestMs = new Map<BudgetName, number>();

  add(keys: CountedKeys, atMs: number): void {
    for (const [name, own] of keys) {
      const used = this.#used.get(name) ?? new Set();
      for (const key of own) used.add(key);
      this.#used.set(name, used);
      this.#note(name, atMs);
    }
  }

  /** @param known - what the journal of the same run says */
  compare({ counts, atMs }: UseRecord, known: CountedKeys, planned: CountedKeys): void {
    for (const [name, count] of counts) {
      const seen = known.get(name)?.size ?? 0;
      if (count <= seen) continue;
      const plans = planned.get(name);
      if (plans?.size === count) this.add(new Map([[name, plans]]), atMs);
      else {
        this.#more.set(name, (this.#more.get(name) ?? 0) + count - seen);
        this.#note(name, atMs);
      }
    }
  }

  use(): Pick<WindowUse, 'used' | 'recorded' | 'freesMs'> {
    const recorded: UseCounts = new Map(
      [...this.#more].map(([name, more]) => [name, (this.#used.get(name)?.size ?? 0) + more]),
    );
    const freesMs = new Map([...this.#oldestMs].map(([name, oldest]) => [name, oldest + windowMs]));
    return { used: this.#used, recorded, freesMs };
  }

  #note(name: BudgetName, atMs: number): void {
    this.#oldestMs.set(name, Math.min(atMs, this.#oldestMs.get(name) ?? Number.POSITIVE_INFINITY));
  }
}
