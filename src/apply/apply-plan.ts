import PQueue from 'p-queue';
import type { ActionRunner } from '../model/action-runner.ts';
import type { Clock } from '../model/clock.ts';
import type { ActionResult, ApplyResult, Outcome } from '../model/outcome.ts';
import type { Action, Plan } from '../model/plan.ts';
import type { EmitRunEvent } from '../model/run-event.ts';
import type { AccountId } from '../model/user-values.ts';
import { PeopleCache } from './people-cache.ts';
import { type RunContext, runAction } from './run-action.ts';
import { Schedule } from './schedule.ts';
import { settleMs, verifyResults } from './verify.ts';

export interface ApplyOptions {
  readonly runner: ActionRunner;
  readonly clock: Clock;
  readonly emit: EmitRunEvent;
  /** Aborted: nothing new is started; what is under way is finished. */
  readonly signal?: AbortSignal;
  /** People served at the same time. */
  readonly concurrency: number;
  readonly runKey: string;
  readonly callerId: AccountId;
  readonly minAdmins: number;
  readonly signInServices: ReadonlySet<string>;
}

/**
 * Runs a plan. People are served side by side, each person's actions strictly one after the other; whatever takes an
 * admin away runs in one lane. Every action of the plan ends with exactly one outcome.
 */
export async function applyPlan(plan: Plan, options: ApplyOptions): Promise<ApplyResult> {
  const { emit } = options;
  emit({ type: 'apply-started', actions: plan.actions.length, people: plan.summary.people });
  const run = new Run(plan.actions, options);
  await run.execute();
  const pause = (): Promise<void> => options.clock.sleep(settleMs);
  const swept = await sweep(run.results, options.runner);
  const results = await verifyResults(swept, run.created, options.runner, pause);
  emit({ type: 'apply-ended' });
  return { results, interrupted: options.signal?.aborted ?? false };
}

/** What a lost answer left behind and could not be taken away fails its action, even where another try was done. */
async function sweep(results: readonly ActionResult[], runner: ActionRunner): Promise<readonly ActionResult[]> {
  const left = await runner.sweep();
  return results.map((result) => {
    const error = left.get(result.action.id);
    return error === undefined ? result : { ...result, outcome: { status: 'failed', error, written: 'unknown' } };
  });
}

class Run {
  readonly results: ActionResult[] = [];
  readonly created = new Map<string, AccountId>();
  readonly #options: ApplyOptions;
  readonly #schedule: Schedule;
  readonly #context: RunContext;
  readonly #queue: PQueue;
  readonly #adminLane = new PQueue({ concurrency: 1 });
  /** Actions that were started, those that wait in the lane included. */
  #inFlight = 0;
  #onIdle: () => void = () => undefined;
  #onBug: (error: unknown) => void = () => undefined;

  constructor(actions: readonly Action[], options: ApplyOptions) {
    const { runner, clock, runKey, callerId, minAdmins, signInServices } = options;
    const people = new PeopleCache(runner, actions);
    this.#options = options;
    this.#schedule = new Schedule(actions);
    this.#queue = new PQueue({ concurrency: options.concurrency });
    this.#context = { runner, people, clock, runKey, callerId, minAdmins, signInServices, created: this.created };
  }

  async execute(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#onIdle = resolve;
      this.#onBug = reject;
      this.#pump();
      this.#resolveIfIdle();
    });
    for (const action of this.#schedule.unfinished()) {
      this.#note(action, { status: 'skipped', because: 'interrupted before it began' }, this.#now());
    }
  }

  /** Hands the queue only as much as it can run: what waits, waits in the schedule. */
  #pump(): void {
    while (this.#schedule.hasReady && this.#inFlight < this.#options.concurrency && !this.#isInterrupted()) {
      const action = this.#schedule.take();
      if (action !== undefined) this.#start(action);
    }
  }

  #start(action: Action): void {
    this.#inFlight++;
    const work = (): Promise<void> => this.#queue.add(() => this.#perform(action));
    const started = action.lane === undefined ? work() : this.#adminLane.add(work);
    started.then(
      () => this.#free(),
      // Every failure is an outcome already; what still arrives here is a bug, and must not pass silently.
      (error: unknown) => this.#onBug(error),
    );
  }

  #free(): void {
    this.#inFlight--;
    this.#pump();
    this.#resolveIfIdle();
  }

  #resolveIfIdle(): void {
    if (this.#inFlight === 0) this.#onIdle();
  }

  #isInterrupted(): boolean {
    return this.#options.signal?.aborted === true;
  }

  async #perform(action: Action): Promise<void> {
    const startedMs = this.#now();
    if (this.#isInterrupted()) return;
    this.#options.emit({ type: 'action-started', action });
    this.#end(action, await runAction(action, this.#context), startedMs);
  }

  #note(action: Action, outcome: Outcome, startedMs: number): void {
    this.results.push({ action, outcome, startedMs, endedMs: this.#now() });
    this.#options.emit({ type: 'action-ended', action, outcome });
  }

  /** Notes the outcome, and with it that of everything that can never run now. */
  #end(action: Action, outcome: Outcome, startedMs: number): void {
    this.#note(action, outcome, startedMs);
    for (const doomed of this.#schedule.finish(action, outcome)) {
      this.#end(doomed.action, { status: 'skipped', because: doomed.because }, this.#now());
    }
  }

  #now(): number {
    return this.#options.clock.now();
  }
}
