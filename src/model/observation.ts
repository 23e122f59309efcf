/** What one reading of the server showed, kept with its dates so that a later day can be asked about. Nothing of it is secret. */
import type { Kind } from './kinds.ts';
import type { AccountId } from './user-values.ts';

/** A grant as it was seen; see `Grant` in `audit.ts`. */
export interface ObservedGrant {
  readonly key: string;
  readonly text: string;
  /** False: it is switched off. */
  readonly isHeld: boolean;
}

/** Everything of one kind on one account. */
export interface ObservedKind {
  /** Since when nothing of the kind changed, by the server's dates; absent: it does not tell. Milliseconds since the epoch. */
  readonly sinceMs?: number;
  /** Whether what is not here was not there; a plan asks only for a part. */
  readonly isWhole: boolean;
  readonly grants: readonly ObservedGrant[];
}

export interface ObservedAccount {
  readonly id: AccountId;
  readonly username: string;
  readonly createdMs?: number;
  readonly kinds: Readonly<Partial<Record<Kind, ObservedKind>>>;
}

export interface Observation {
  /** When its first and its last request were made, by this machine's clock; milliseconds since the epoch. */
  readonly beganMs: number;
  readonly endedMs: number;
  /** The command that read, such as `audit`. */
  readonly by: string;
  /** Whether every account was listed, with proof that none is missing. */
  readonly isOfEverybody: boolean;
  readonly accounts: readonly ObservedAccount[];
}
