/** The half of a kind that talks to a server, as the executor sees it. */
import type { AccountView } from './account-view.ts';
import type { LiveUser } from './live-state.ts';
import type { MusterError } from './muster-error.ts';
import type { Action } from './plan.ts';
import type { AccountId } from './user-values.ts';
import type { Verdict } from './verdict.ts';

/** How one try of an action's call ended. */
export type CallResponse =
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
   * Sent, and the response was lost: it may have been written. Look before anything else. `isFinal`: looking did not
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

/** A thing that a call may have made, known by the mark that no other call has. */
export interface LostToken {
  /** Id of the action. */
  readonly action: string;
  readonly account: AccountId;
  readonly mark: string;
}

/** What became, at the end, of what actions may have left behind; by their ids, what they end with. */
export interface Swept {
  /** It could not be taken away, or may still come. */
  readonly left: ReadonlyMap<string, MusterError>;
  /** Actions said that they left it behind; it is gone now. */
  readonly cleared: ReadonlyMap<string, MusterError>;
}

/** An action that was written, to be read back. */
export interface WrittenCall {
  readonly action: Action;
  readonly account: AccountId;
  /** What the account must be after everything that the run did to it. */
  readonly expected: AccountView;
}

/** A call that is made together with others that are the same. */
export interface TogetherCall {
  readonly action: Action;
  readonly account: AccountId;
}

/** What a kind does for several actions at once, whose calls are the same but for the person. Both answer by ids of actions. */
export interface TogetherRunner {
  /** As {@link KindRunner.look}, of each; must answer for each. */
  look(calls: readonly TogetherCall[]): Promise<ReadonlyMap<string, Verdict>>;
  /**
   * As {@link KindRunner.run}, in one request.
   * - Must answer for each, and must compare the answer with the question: a server may serve some of them only.
   */
  run(calls: readonly TogetherCall[]): Promise<ReadonlyMap<string, CallResponse>>;
}

/** What one kind does for an apply. */
export interface KindRunner {
  /**
   * Makes one call of this kind.
   * - Must sort every end into written, refused, or unknown; `unknown` whenever the call may have been carried out.
   * - Must leave nothing behind that is not known: what it made and cannot keep is taken away again.
   */
  run(action: Action, account: AccountId | undefined, attempt: Attempt): Promise<CallResponse>;

  /**
   * Looks at what the action is about, right before it is written; the account itself was looked at already.
   * - Must read; must not conclude an absence from a list that may lag behind, but where the answer decides nothing more
   *   than "look again later".
   * - Must answer `already` only where nothing of the call is left to do.
   *
   * @param isAfterLoss - an earlier call of the same action was sent, and its response was lost
   */
  look(action: Action, account: AccountId | undefined, isAfterLoss: boolean): Promise<Verdict>;

  /**
   * Reads back what was written, by the way that shows it best (API reference, section 12).
   *
   * @returns by the ids of actions, what the server does not show
   */
  verify(written: readonly WrittenCall[]): Promise<ReadonlyMap<string, MusterError>>;

  /** Absent: the kind has no call that serves several people. */
  readonly together?: TogetherRunner;

  /** The mark of what a try would make; `undefined` for a call that makes nothing which carries one. */
  markFor(action: Action, attempt: Attempt): string | undefined;

  /**
   * Takes away what a call may have left behind whose response was lost. Called once that call can no longer be under way.
   *
   * @throws when it cannot be looked for, or not be taken away, or may still come
   */
  clear(lost: LostToken): Promise<void>;

  /**
   * Looks once more, at the end, for what actions may have left behind, and takes it away.
   */
  sweep(): Promise<Swept>;
}

/** The effects that an apply needs; composed of the kinds' runners. */
export interface ActionRunner extends Omit<KindRunner, 'together'> {
  /** What makes such calls for several people at once; `undefined`: nothing does. */
  togetherFor(action: Action): TogetherRunner | undefined;
  /** In bulk, for the next people. */
  readPeople(ids: readonly AccountId[]): Promise<ReadonlyMap<AccountId, LiveUser>>;
  /** One account, fresh. */
  readPerson(id: AccountId): Promise<LiveUser | undefined>;
  /** Those whom the server lists as administrators, each as they are now: a list may come from a replica that lags behind. */
  readAdmins(): Promise<readonly LiveUser[]>;
}
