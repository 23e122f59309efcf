import { type AccountView, fieldsWritten, viewOf } from '../model/account-view.ts';
import type { ActionRunner } from '../model/action-runner.ts';
import type { LiveUser } from '../model/live-state.ts';
import type { Action } from '../model/plan.ts';
import type { AccountId } from '../model/user-values.ts';

const batchSize = 200;

type PeopleReader = Pick<ActionRunner, 'readPeople' | 'readPerson'>;

/** What the accounts are right now: read shortly before they are needed, and moved on by what was written. */
export class PeopleCache {
  readonly #runner: PeopleReader;
  /** In the order in which they will be needed. */
  readonly #upcoming: readonly AccountId[];
  readonly #views = new Map<AccountId, Promise<AccountView | undefined>>();
  /** How many of the first are read: they need not be looked through again. */
  #served = 0;

  constructor(runner: PeopleReader, actions: readonly Action[]) {
    this.#runner = runner;
    this.#upcoming = [...new Set(actions.flatMap(({ account }) => (account === undefined ? [] : [account])))];
  }

  /** @returns `undefined` when the server has no such account any more */
  view(id: AccountId): Promise<AccountView | undefined> {
    if (!this.#views.has(id)) this.#readBatch(id);
    return this.#views.get(id) ?? Promise.resolve(undefined);
  }

  /** By a read of its own, for what must not rest on a batch: admins, auth, deactivation, and after a lost response. */
  async freshView(id: AccountId): Promise<AccountView | undefined> {
    const view = toView(await this.#runner.readPerson(id));
    this.#views.set(id, Promise.resolve(view));
    return view;
  }

  written(id: AccountId, action: Action, before: AccountView): void {
    this.#views.set(id, Promise.resolve(new Map([...before, ...fieldsWritten(action, before)])));
  }

  /** People served side by side may ask in any order: people who should have come before `first` are read with it. */
  #readBatch(first: AccountId): void {
    const ids = [first];
    while (this.#views.has(this.#upcoming[this.#served] ?? '')) this.#served++;
    for (let i = this.#served; i < this.#upcoming.length && ids.length < batchSize; i++) {
      const id = this.#upcoming[i];
      if (id !== undefined && id !== first && !this.#views.has(id)) ids.push(id);
    }
    const batch = this.#runner.readPeople(ids);
    for (const id of ids) {
      const view = batch.then((found) => toView(found.get(id)));
      this.#views.set(id, view);
      // A failed read belongs to the caller who asked for the view now; a later caller may ask again.
      view.catch(() => {
        if (this.#views.get(id) === view) this.#views.delete(id);
      });
    }
  }
}

const toView = (live: LiveUser | undefined): AccountView | undefined => (live === undefined ? undefined : viewOf(live));
