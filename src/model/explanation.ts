/** What `muster explain` finds out about one person; its JSON is just this. */
import type { Origin } from './desired-state.ts';
import type { BlockedChange, Change, HeldChange, Notice, PlanValue, ScheduledChange } from './plan.ts';
import type { Problem } from './problem.ts';

/** A field that the entry manages: what it wants, and where that is written. */
export interface ManagedField {
  readonly name: string;
  readonly wanted: PlanValue;
  readonly origin: Origin;
}

export interface ExplainedAccount {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly active: boolean;
  /** By which of its keys the entry means it. */
  readonly by: readonly string[];
  /** When the person was there last, as far as the server knows and tells. */
  readonly last_seen?: string;
  /** Why no entry could stand for it. */
  readonly beyond?: 'bot' | 'remote' | 'protected';
}

/** Everything that muster knows about one person. */
export interface Explanation {
  readonly username: string;
  /** Absent: no entry stands for this account, and muster leaves it as it is. */
  readonly entry?: Origin;
  /** Absent: the entry matches no account on the server. */
  readonly account?: ExplainedAccount;
  readonly managed: readonly ManagedField[];
  readonly unmanaged: readonly string[];
  /** Why nothing is planned for this person, or their account is left alone. */
  readonly problems: readonly Problem[];
  readonly changes: readonly Change[];
  readonly held: readonly HeldChange[];
  readonly blocked: readonly BlockedChange[];
  readonly scheduled: readonly ScheduledChange[];
  readonly notices: readonly Notice[];
}
