import type { LiveToken, LiveUser } from './live-state.ts';
import type { MusterError } from './muster-error.ts';
import type { Action, PlanValue } from './plan.ts';
import type { AccountId } from './user-values.ts';

/** How one try of an action's call ended. */
export type RunResult =
  /** `account`, `token`: the id of what the call made. A token's secret is in its sink by then. */
  | {
      readonly status: 'written';
      readonly account?: AccountId;
      readonly token?: string;
      readonly notes: readonly string[];
    }
  /** Refused or not sent: nothing was written. */
  | { readonly status: 'refused'; readonly error: MusterError }
  /**
   * Sent, and the answer was lost: it may have been written. Look before anything else. `isFinal`: looking did not
   * help, so that nothing more may be sent.
   */
  | { readonly status: 'unknown'; readonly error: MusterError; readonly isFinal?: true };

/** What names a run, a plan and a try, so that every token's mark is its own. */
export interface Attempt {
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** Differs for every try of every action of every run. */
  readonly key: string;
}

/** A token that a call may have made, known by the mark that no other call has. */
export interface LostToken {
  /** Id of the action. */
  readonly action: string;
  readonly account: AccountId;
  readonly mark: string;
}

/** Whether two values of a field mean the same to the server, which may store another text than it was given. */
export type IsSame = (attribute: string, one: PlanValue | undefined, other: PlanValue | undefined) => boolean;

/** The effects that an apply needs; composed of the kinds' operations. */
export interface ActionRunner {
  run(action: Action, account: AccountId | undefined, attempt: Attempt): Promise<RunResult>;
  /** The mark of the token that a try would make; `undefined` for every other call. */
  markOf(action: Action, attempt: Attempt): string | undefined;
  /**
   * Takes away what a call may have left behind whose answer nobody got. Called once that call can no longer be under way.
   *
   * @throws when it cannot be looked for, or not be taken away, or may still come
   */
  clear(lost: LostToken): Promise<void>;
  /** In bulk, for the next people. */
  readPeople(ids: readonly AccountId[]): Promise<ReadonlyMap<AccountId, LiveUser>>;
  /** One account, fresh. */
  readPerson(id: AccountId): Promise<LiveUser | undefined>;
  /** By the way that shows auth best. */
  readByNames(names: readonly string[]): Promise<readonly LiveUser[]>;
  readByEmail(email: string): Promise<LiveUser | undefined>;
  readTokens(id: AccountId): Promise<readonly LiveToken[]>;
  /** Whom the server lists as administrators, each as they are now: a list may come from a replica that lags behind. */
  readAdmins(): Promise<readonly LiveUser[]>;
  /**
   * Looks once more, at the end, for what lost answers may have left behind, and takes it away.
   *
   * @returns by the ids of actions, what could not be cleared up
   */
  sweep(): Promise<ReadonlyMap<string, MusterError>>;
  readonly isSame: IsSame;
}
