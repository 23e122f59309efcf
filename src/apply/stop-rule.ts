import { actionName } from '../model/action-name.ts';
import { count } from '../model/count.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Action } from '../model/plan.ts';

/** When a run stops by itself. */
export interface StopRule {
  /** `first`: the first failure does; `many`: failures that look like more than bad luck do; `never`: nothing does. */
  readonly at: 'first' | 'many' | 'never';
}

const minFailed = 5;
const failedShare = 0.2;

/** Counts people, not calls: one person's trouble is one failure, however many calls it costs. */
export class FailureCount {
  readonly #rule: StopRule;
  readonly #tried = new Set<string>();
  readonly #failed = new Set<string>();

  constructor(rule: StopRule) {
    this.#rule = rule;
  }

  /** People of whom something was tried. */
  get tried(): number {
    return this.#tried.size;
  }

  /** @returns why the run must stop, or `undefined` */
  note(action: Action, outcome: Outcome): string | undefined {
    const { person } = action;
    if (outcome.status === 'skipped') return undefined;
    this.#tried.add(person);
    if (outcome.status !== 'failed') return undefined;
    this.#failed.add(person);
    switch (this.#rule.at) {
      case 'never':
        return undefined;
      case 'first':
        return `${actionName(action)} failed`;
      case 'many':
        return this.#areMany()
          ? `${this.#failed.size} of the ${count(this.#tried.size, 'person', 'people')} tried so far failed`
          : undefined;
    }
  }

  /** Asked once the first people were read back: what that showed counts, and most of them failing is no bad luck. */
  whyCanaryFailed(): string | undefined {
    return this.#isCanaryBad()
      ? `${this.#failed.size} of the first ${count(this.#tried.size, 'person', 'people')} failed`
      : undefined;
  }

  #isCanaryBad(): boolean {
    switch (this.#rule.at) {
      case 'never':
        return false;
      case 'first':
        return this.#failed.size > 0;
      case 'many':
        return this.#areMany() || this.#failed.size * 2 > this.#tried.size;
    }
  }

  #areMany(): boolean {
    return this.#failed.size >= minFailed && this.#failed.size >= failedShare * this.#tried.size;
  }
}
