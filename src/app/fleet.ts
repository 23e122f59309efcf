/** Many servers of one muster.yaml, side by side: what fails on one leaves the others alone. */

import { loadConfig } from '../config/load-config.ts';
import { pickServer, serverNames } from '../config/pick-server.ts';
import { resolveReconcile } from '../config/reconcile-settings.ts';
import { refuse } from '../model/messages/problems.ts';
import type { Plan } from '../model/plan.ts';
import { InputError } from '../model/problem.ts';
import type { ReconcileSettings } from '../model/reconcile-settings.ts';
import { type ApplyOptions, type ApplyResult, apply } from './apply.ts';
import type { AppPorts, InputOptions } from './ports.ts';
import { Slots } from './slots.ts';

/** What became of one server. */
export type OnServer<Result> =
  | { readonly name: string; readonly result: Result }
  /** Usually a MusterError; anything else is a bug. */
  | { readonly name: string; readonly error: unknown };

/** Servers at the same time, unless another number is asked for. */
export const defaultParallel = 4;

/**
 * The names of all servers, in the order of muster.yaml.
 *
 * @throws {InputError} when it names none
 */
export async function fleetNames(
  { config }: Pick<InputOptions, 'config'>,
  { workingDir }: Pick<AppPorts, 'workingDir'>,
): Promise<readonly string[]> {
  const names = serverNames((await loadConfig(workingDir, config)).config);
  if (names.length > 0) return names;
  throw new InputError([refuse('no-servers', {})]);
}

/** When cycles of each server begin, by its name: muster.yaml is read once for all. */
export async function fleetSchedules(
  { config, reconcile }: Pick<InputOptions, 'config' | 'reconcile'>,
  { workingDir }: Pick<AppPorts, 'workingDir'>,
): Promise<ReadonlyMap<string, ReconcileSettings>> {
  const loaded = await loadConfig(workingDir, config);
  const names = serverNames(loaded.config);
  return new Map(names.map((name) => [name, resolveReconcile(pickServer(loaded, name).config, reconcile)]));
}

/** @param told - each as soon as it is over */
export async function onEach<Result>(
  names: readonly string[],
  slots: Slots,
  work: (name: string) => Promise<Result>,
  told: (one: OnServer<Result>) => void = () => undefined,
): Promise<readonly OnServer<Result>[]> {
  const one = async (name: string): Promise<OnServer<Result>> => {
    const ended = await slots
      .run(() => work(name))
      .then(
        (result) => ({ name, result }),
        (error: unknown) => ({ name, error }),
      );
    told(ended);
    return ended;
  };
  return await Promise.all(names.map(one));
}

/** Asked once, when every server has a plan to show or none to carry out. */
export type ConfirmAll = (plans: ReadonlyMap<string, Plan>) => Promise<boolean>;

/**
 * Plans all servers, asks once about what they would do, and carries out the plans that were shown.
 *
 * @param confirm - absent: nothing is asked, and no server waits for another
 */
export async function applyToEach(
  names: readonly string[],
  parallel: number,
  optionsOf: (name: string) => ApplyOptions,
  confirm: ConfirmAll | undefined,
  told: (one: OnServer<ApplyResult>) => void,
  ports: AppPorts,
): Promise<readonly OnServer<ApplyResult>[]> {
  const slots = new Slots(parallel);
  const question = confirm && new Question(names, confirm);
  const work = async (name: string): Promise<ApplyResult> => {
    const options = optionsOf(name);
    const ask = async (plan: Plan): Promise<boolean> =>
      (await options.confirm(plan)) && (question === undefined || (await slots.lend(() => question.ask(name, plan))));
    try {
      return await apply({ ...options, confirm: ask }, ports);
    } finally {
      question?.withdraw(name);
    }
  };
  return await onEach(names, slots, work, told);
}

/** Waits for the plans of all servers, then asks once. */
class Question {
  readonly #names: readonly string[];
  readonly #open: Set<string>;
  readonly #plans = new Map<string, Plan>();
  readonly #confirm: ConfirmAll;
  readonly #answer: Promise<boolean>;
  #settle: (answer: Promise<boolean>) => void = () => undefined;

  constructor(names: readonly string[], confirm: ConfirmAll) {
    this.#names = names;
    this.#open = new Set(names);
    this.#confirm = confirm;
    this.#answer = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  ask(name: string, plan: Plan): Promise<boolean> {
    this.#plans.set(name, plan);
    this.#close(name);
    return this.#answer;
  }

  /** Of a server that asks nothing. */
  withdraw(name: string): void {
    if (this.#open.has(name)) this.#close(name);
  }

  #close(name: string): void {
    this.#open.delete(name);
    if (this.#open.size > 0 || this.#plans.size === 0) return;
    const inOrder = this.#names.flatMap((one): readonly (readonly [string, Plan])[] => {
      const plan = this.#plans.get(one);
      return plan === undefined ? [] : [[one, plan]];
    });
    this.#settle(this.#confirm(new Map(inOrder)));
  }
}
