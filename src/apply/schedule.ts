import { actionName } from '../model/action-name.ts';
import { callRowOf } from '../model/calls.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Action } from '../model/plan.ts';

/** Which actions may start: pure bookkeeping over the dependencies of a plan. */
export class Schedule {
  readonly #actions: ReadonlyMap<string, Action>;
  readonly #open = new Map<string, number>();
  readonly #dependents = new Map<string, string[]>();
  readonly #outcomes = new Map<string, Outcome>();
  #ready: Action[] = [];

  constructor(actions: readonly Action[]) {
    this.#actions = new Map(actions.map((action) => [action.id, action]));
    for (const action of actions) {
      this.#open.set(action.id, action.after.length);
      for (const { action: earlier } of action.after) {
        const dependents = this.#dependents.get(earlier);
        if (dependents === undefined) this.#dependents.set(earlier, [action.id]);
        else dependents.push(action.id);
      }
      if (action.after.length === 0) this.#ready.push(action);
    }
  }

  /**
   * The next action whose turn it is, in the order of the plan; with it others whose calls are made in the same request. Such
   * actions wait until there are as many as one request takes, or nothing else is left to do.
   *
   * @param among - whether it is its turn at all; by default always
   * @returns none when nothing may start
   */
  take(among: (action: Action) => boolean = () => true): readonly Action[] {
    const groups = new Map<string, Action[]>();
    for (const action of this.#ready) {
      if (!among(action) || this.#outcomes.has(action.id)) continue;
      const { together = 1 } = callRowOf(action.call);
      if (together === 1) return this.#remove([action]);
      const key = canonicalJson(action.call);
      const group = groups.get(key) ?? [];
      groups.set(key, group);
      group.push(action);
      if (group.length === together) return this.#remove(group);
    }
    const [first = []] = groups.values();
    return this.#remove(first);
  }

  #remove(taken: readonly Action[]): readonly Action[] {
    const [first, ...others] = taken;
    if (first === undefined) return taken;
    if (others.length === 0) this.#ready.splice(this.#ready.indexOf(first), 1);
    else {
      const gone = new Set(taken);
      this.#ready = this.#ready.filter((action) => !gone.has(action));
    }
    return taken;
  }

  outcomeOf(id: string): Outcome | undefined {
    return this.#outcomes.get(id);
  }

  /** Actions without an outcome yet. */
  unfinished(): readonly Action[] {
    return [...this.#actions.values()].filter(({ id }) => !this.#outcomes.has(id));
  }

  /**
   * Notes how an action ended.
   *
   * @returns actions that can never run now, each with the reason; they are not finished yet
   */
  finish(action: Action, outcome: Outcome): ReadonlyArray<{ readonly action: Action; readonly because: string }> {
    this.#outcomes.set(action.id, outcome);
    const doomed: Array<{ action: Action; because: string }> = [];
    for (const id of this.#dependents.get(action.id) ?? []) {
      const open = (this.#open.get(id) ?? 0) - 1;
      this.#open.set(id, open);
      const dependent = this.#actions.get(id);
      if (dependent === undefined || open > 0) continue;
      const because = this.#obstacle(dependent);
      // To the front: one person's actions are brought to their end before the next person's begin.
      if (because === undefined) this.#ready.unshift(dependent);
      else doomed.push({ action: dependent, because });
    }
    return doomed;
  }

  #obstacle({ after }: Action): string | undefined {
    for (const { action: id, need } of after) {
      if (need === 'end' || this.#outcomes.get(id)?.status === 'done') continue;
      const earlier = this.#actions.get(id);
      return `${earlier === undefined ? id : actionName(earlier)} was not done`;
    }
    return undefined;
  }
}
