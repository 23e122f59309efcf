/**
 * Actions whose calls are the same but for the person, made in one request. Each goes its own way from its look to its outcome;
 * where a look or a call is due, each waits until all the others of the group are there too, or have ended.
 */
import type { ActionRunner, CallResponse, TogetherCall, TogetherRunner } from '../model/action-runner.ts';
import type { Action } from '../model/plan.ts';
import type { Verdict } from '../model/verdict.ts';
import { UnexpectedError } from './errors.ts';
import type { RunContext } from './run-action.ts';

interface Waiting<Answer> extends TogetherCall {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

export class Rendezvous {
  readonly #together: TogetherRunner;
  /** Ids of the actions that have not ended. */
  readonly #open: Set<string>;
  readonly #looking: Waiting<Verdict>[] = [];
  readonly #calling: Waiting<CallResponse>[] = [];
  #settling: Promise<boolean> | undefined;

  constructor(actions: readonly Action[], together: TogetherRunner) {
    this.#together = together;
    this.#open = new Set(actions.map(({ id }) => id));
  }

  /** The same run as every action has it, in which looks and calls are made together. */
  contextOf(context: RunContext): RunContext {
    const runner: ActionRunner = {
      ...context.runner,
      look: (action, account = '') => this.#wait(this.#looking, { action, account }),
      run: (action, account = '') => this.#wait(this.#calling, { action, account }),
    };
    return { ...context, runner, waitUntilSettled: () => this.#settle(context) };
  }

  /** An action has ended: the others wait for it no more. */
  leave({ id }: Action): void {
    this.#open.delete(id);
    this.#goIfAllAreHere();
  }

  #wait<Answer>(list: Waiting<Answer>[], call: TogetherCall): Promise<Answer> {
    return new Promise((resolve, reject) => {
      list.push({ ...call, resolve, reject });
      this.#goIfAllAreHere();
    });
  }

  /** What was one call is waited for once. */
  #settle(context: RunContext): Promise<boolean> {
    this.#settling ??= context.waitUntilSettled().finally(() => {
      this.#settling = undefined;
    });
    return this.#settling;
  }

  #goIfAllAreHere(): void {
    const waiting = this.#looking.length + this.#calling.length;
    if (waiting === 0 || waiting < this.#open.size) return;
    const [looking, calling] = [this.#looking.splice(0), this.#calling.splice(0)];
    if (looking.length > 0) void answer(looking, (calls) => this.#together.look(calls));
    if (calling.length > 0) void answer(calling, (calls) => this.#together.run(calls));
  }
}

/** Never fails: what fails, fails for each who waits. */
async function answer<Answer>(
  waiting: readonly Waiting<Answer>[],
  ask: (calls: readonly TogetherCall[]) => Promise<ReadonlyMap<string, Answer>>,
): Promise<void> {
  try {
    const answers = await ask(waiting.map(({ action, account }) => ({ action, account })));
    for (const { action, resolve, reject } of waiting) {
      const own = answers.get(action.id);
      if (own === undefined) reject(new UnexpectedError(`no answer about ${action.id}`));
      else resolve(own);
    }
  } catch (error) {
    for (const { reject } of waiting) reject(error);
  }
}
