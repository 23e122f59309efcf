import PQueue from 'p-queue';
import type { ActionRunner } from '../model/action-runner.ts';
import type { Clock } from '../model/clock.ts';
import type { EarlierProgress } from '../model/earlier-progress.ts';
import type { FinishedAction, Outcome, RunResult } from '../model/outcome.ts';
import type { Action, Plan } from '../model/plan.ts';
import { rereadAfterMs } from '../model/replica-lag.ts';
import type { EmitRunEvent } from '../model/run-event.ts';
import type { RunJournal } from '../model/run-journal.ts';
import type { AccountId } from '../model/user-values.ts';
import { chooseCanary } from './canary.ts';
import { PeopleCache } from './people-cache.ts';
import { Rendezvous } from './rendezvous.ts';
import { type RunContext, runAction } from './run-action.ts';
import { Schedule } from './schedule.ts';
import { FailureCount, type StopRule } from './stop-rule.ts';
import { verifyResults } from './verify.ts';

export interface ApplyOptions {
  readonly runner: ActionRunner;
  readonly clock: Clock;
  readonly emit: EmitRunEvent;
  readonly journal: RunJournal;
  /** What previous processes of the same run did. */
  readonly previous?: EarlierProgress;
  /** Aborted: nothing new is started; what is under way is finished. */
  readonly signal?: AbortSignal;
  /** From this moment on nothing new is started; milliseconds since the epoch. */
  readonly deadlineMs?: number;
  readonly stopRule: StopRule;
  /** Why nothing can be sent any more, asked before each action. */
  readonly whyCutOff?: () => string | undefined;
  /** See {@link RunContext.waitUntilSettled}. */
  readonly waitUntilSettled: RunContext['waitUntilSettled'];
  /** Called before each action, to show others that the run lives. */
  readonly keepAlive?: () => Promise<void>;
  /** People served at the same time. */
  readonly concurrency: number;
  readonly runKey: string;
  readonly callerId: AccountId;
  readonly minAdmins: number;
  readonly signInServices: ReadonlySet<string>;
  /** Accounts that could administer when the run began. */
  readonly administered: ReadonlySet<AccountId>;
}

/**
 * Runs a plan. People are served side by side, each person's actions strictly one after the other; whatever takes an
 * admin away runs in one lane. A few people go first and are read back before the others begin. Every action of the
 * plan ends with exactly one outcome.
 */
export async function applyPlan(plan: Plan, options: ApplyOptions): Promise<RunResult> {
  const { emit, signal } = options;
  const before = options.previous?.before;
  const { people } = plan.summary;
  emit({
    type: 'apply-started',
    actions: plan.actions.length,
    people,
    ...(before !== undefined && { before }),
  });
  const run = new Run(plan.actions, options);
  await run.execute();
  await run.sweep();
  await run.verify();
  emit({ type: 'apply-ended' });
  const stopped = run.stopped;
  return {
    results: run.results,
    created: run.created,
    interrupted: signal?.aborted ?? false,
    ...(stopped !== undefined && { stopped }),
  };
}

class Run {
  #results: FinishedAction[] = [];
  /** Why nothing new is started any more. */
  #stopped: string | undefined;
  readonly #created: Map<string, AccountId>;
  readonly #options: ApplyOptions;
  readonly #schedule: Schedule;
  readonly #context: RunContext;
  /** Actions under way. None waits in it: what waits, waits in the schedule, where its turn can still be denied. */
  readonly #queue: PQueue;
  readonly #failures: FailureCount;
  readonly #canary: ReadonlySet<string>;
  /** Lanes of the actions under way; another action of the same lane holds no place before its turn. */
  readonly #lanes = new Set<Action['lane']>();
  /** What of the ends of actions was told. */
  #told: Promise<void> = Promise.resolve();
  /** What failed that is no action's outcome: a bug, which ends the run. */
  #bug: { readonly error: unknown } | undefined;

  constructor(actions: readonly Action[], options: ApplyOptions) {
    const { runner, clock, journal, runKey, callerId, minAdmins, signInServices, administered, previous, stopRule } =
      options;
    const done = previous?.done ?? new Map<string, FinishedAction>();
    const left = actions.filter(({ id }) => !done.has(id));
    this.#options = options;
    this.#created = new Map(previous?.created);
    this.#schedule = new Schedule(actions);
    this.#queue = new PQueue({ concurrency: options.concurrency });
    this.#failures = new FailureCount(stopRule);
    this.#canary = chooseCanary(left);
    this.#context = {
      runner,
      people: new PeopleCache(runner, left),
      clock,
      journal,
      runKey,
      callerId,
      minAdmins,
      signInServices,
      administered,
      created: this.#created,
      uncertain: previous?.uncertain ?? new Set(),
      waitUntilSettled: options.waitUntilSettled,
    };
    for (const result of [...done.values(), ...(previous?.settled ?? [])]) {
      this.#results.push(result);
      this.#schedule.finish(result.action, result.outcome);
    }
  }

  get results(): readonly FinishedAction[] {
    return this.#results;
  }

  get created(): ReadonlyMap<string, AccountId> {
    return this.#created;
  }

  get stopped(): string | undefined {
    return this.#stopped;
  }

  async execute(): Promise<void> {
    if (this.#canary.size > 0) {
      await this.#runAll(({ id }) => this.#canary.has(id));
      await this.#judgeCanary();
    }
    await this.#runAll(() => true);
    const left = this.#schedule.unfinished();
    // What came too late to keep anything from being done stopped nothing.
    if (left.length === 0) this.#stopped = undefined;
    else if (this.#stopped !== undefined) this.#options.emit({ type: 'stopped', because: this.#stopped });
    const because = this.#stopped === undefined ? 'interrupted before it began' : `not begun: ${this.#stopped}`;
    for (const action of left) this.#add(action, { status: 'skipped', because });
  }

  /** What was left behind and could not be taken away fails its action, even where another try was done. */
  async sweep(): Promise<void> {
    const { left, cleared } = await this.#options.runner.sweep();
    this.#options.journal.swept([...left.keys()]);
    this.#results = this.#results.map((result) => {
      const { id } = result.action;
      const error = left.get(id);
      if (error !== undefined) return { ...result, outcome: { status: 'failed', error, written: 'unknown' } };
      const late = result.outcome.status === 'failed' ? cleared.get(id) : undefined;
      return late === undefined ? result : { ...result, outcome: { status: 'failed', error: late, written: 'no' } };
    });
  }

  /** Reads back what was written; what the server does not show fails its action. */
  async verify(): Promise<void> {
    const pause = (): Promise<void> => this.#options.clock.sleep(rereadAfterMs);
    const inDoubt = this.#peopleInDoubt();
    const results = this.#results.filter(({ action }) => !inDoubt.has(action.person));
    const verified = await verifyResults(results, this.#created, this.#options.runner, pause);
    for (const [i, { action, outcome }] of verified.entries()) {
      if (outcome.status !== 'failed' || results[i]?.outcome.status !== 'done') continue;
      this.#options.journal.notVerified(action.id, outcome.error.code);
      this.#failures.note(action, outcome);
    }
    this.#results = [...verified, ...this.#results.filter(({ action }) => inDoubt.has(action.person))];
  }

  /** A call of a previous process that was not looked for yet may show where the call before it should. */
  #peopleInDoubt(): ReadonlySet<string> {
    const { uncertain } = this.#context;
    const open = this.#schedule.unfinished().filter(({ id }) => uncertain.has(id));
    return new Set(open.map(({ person }) => person));
  }

  async #judgeCanary(): Promise<void> {
    if (this.#isOver()) return;
    await this.verify();
    const because = this.#failures.whyCanaryFailed();
    if (because !== undefined) this.#stop(because);
    else this.#options.emit({ type: 'canary-passed', people: this.#failures.tried });
  }

  /** Runs what may start until nothing is left of it, or nothing may start any more. */
  async #runAll(mayStart: (action: Action) => boolean): Promise<void> {
    for (;;) {
      this.#startAll(mayStart);
      if (this.#queue.pending === 0) break;
      await this.#oneEnds();
    }
    await this.#tellAll().catch(() => undefined);
    if (this.#bug !== undefined) throw this.#bug.error;
  }

  /** Hands the queue only as much as it can run at once, so each action is chosen by what is known when it starts. */
  #startAll(mayStart: (action: Action) => boolean): void {
    const isItsTurn = (action: Action): boolean => mayStart(action) && !this.#isLaneTaken(action);
    while (this.#queue.pending < this.#queue.concurrency) {
      const actions = this.#schedule.take(isItsTurn);
      const [action] = actions;
      // Asked last: a deadline that passes when nothing is left to begin stops nothing.
      if (action === undefined || this.#isOver()) return;
      if (action.lane !== undefined) this.#lanes.add(action.lane);
      // Never fails, and is waited for by what called this.
      void this.#queue.add(() => this.#runAlike(actions));
    }
  }

  #isLaneTaken({ lane }: Action): boolean {
    return lane !== undefined && this.#lanes.has(lane);
  }

  /** One action, or several whose calls are made in the same request. */
  async #runAlike(actions: readonly Action[]): Promise<void> {
    const [first] = actions;
    const together = first === undefined ? undefined : this.#options.runner.togetherFor(first);
    if (together === undefined || actions.length === 1) {
      for (const action of actions) await this.#runOne(action, this.#context);
      return;
    }
    const rendezvous = new Rendezvous(actions, together);
    const context = rendezvous.contextOf(this.#context);
    let alive: Promise<void> | undefined;
    const keepAlive = (): Promise<void> => (alive ??= this.#options.keepAlive?.() ?? Promise.resolve());
    await Promise.all(
      actions.map(async (action) => {
        await this.#runOne(action, context, keepAlive);
        rendezvous.leave(action);
      }),
    );
  }

  async #runOne(action: Action, context: RunContext, keepAlive = this.#options.keepAlive): Promise<void> {
    try {
      await this.#perform(action, context, keepAlive);
    } catch (error) {
      // Every failure is an outcome already; what still arrives here is a bug, and must not pass silently.
      this.#bug ??= { error };
    } finally {
      this.#lanes.delete(action.lane);
    }
  }

  /** Until an action under way has ended and its place is free. */
  #oneEnds(): Promise<void> {
    return new Promise((resolve) => {
      this.#queue.once('next', () => resolve());
    });
  }

  #isOver(): boolean {
    const { signal, deadlineMs = Number.POSITIVE_INFINITY, whyCutOff } = this.#options;
    const cutOff = whyCutOff?.();
    if (cutOff !== undefined) this.#stop(cutOff);
    if (this.#stopped === undefined && this.#now() >= deadlineMs) this.#stop('the deadline has passed');
    return this.#stopped !== undefined || this.#bug !== undefined || signal?.aborted === true;
  }

  #stop(because: string): void {
    this.#stopped ??= because;
  }

  async #perform(action: Action, context: RunContext, keepAlive: ApplyOptions['keepAlive']): Promise<void> {
    if (this.#isOver()) return;
    await keepAlive?.();
    const startedMs = this.#now();
    this.#options.emit({ type: 'action-started', action });
    const { outcome, attempts } = await runAction(action, context);
    this.#end({ action, outcome, attempts, startedMs, endedMs: this.#now() });
  }

  /** Notes the outcome, and with it that of everything that can never run now. */
  #end(result: FinishedAction): void {
    const { action, outcome } = result;
    this.#results.push(result);
    const account = action.call.operation === 'create-user' ? this.#created.get(action.person) : undefined;
    this.#options.journal.ended({
      action: action.id,
      status: outcome.status,
      ...(account !== undefined && { account }),
      ...(outcome.status === 'done' && { as: outcome.as }),
      ...(outcome.status === 'failed' && { written: outcome.written, code: outcome.error.code }),
    });
    this.#options.emit({ type: 'action-ended', action, outcome });
    this.#tellOnceRecorded(action, outcome);
    const failed = this.#failures.note(action, outcome);
    const because = whyNothingMayBeSent(outcome) ?? this.#options.whyCutOff?.() ?? failed;
    if (because !== undefined) this.#stop(because);
    for (const doomed of this.#schedule.finish(action, outcome)) {
      const now = this.#now();
      const skipped: Outcome = { status: 'skipped', because: doomed.because };
      this.#end({ action: doomed.action, outcome: skipped, attempts: [], startedMs: now, endedMs: now });
    }
  }

  /** In the order in which actions ended. */
  #tellOnceRecorded(action: Action, outcome: Outcome): void {
    const recorded = this.#options.journal.recorded();
    const told = this.#told.then(() => recorded);
    this.#told = told.then(() => this.#options.emit({ type: 'action-recorded', action, outcome }));
    this.#told.catch((error: unknown) => {
      this.#bug ??= { error };
    });
  }

  /** Tells the observers of every end. What the disk does not take fails where it is needed. */
  async #tellAll(): Promise<void> {
    await this.#options.journal.flush().catch(() => undefined);
    await this.#told;
  }

  /** An action that was not begun: nothing to note in the journal, and nothing that happened. */
  #add(action: Action, outcome: Outcome): void {
    const now = this.#now();
    this.#results.push({ action, outcome, attempts: [], startedMs: now, endedMs: now });
  }

  #now(): number {
    return this.#options.clock.now();
  }
}

/** Without a journal no call may be made. */
function whyNothingMayBeSent(outcome: Outcome): string | undefined {
  return outcome.status === 'failed' && outcome.error.code === 'JOURNAL_WRITE' ? outcome.error.message : undefined;
}
