import type { AccountId, UserValues } from './user-values.ts';

/** An account as the server showed it. */
export interface LiveUser {
  readonly id: AccountId;
  readonly isBot: boolean;
  /** Belongs to another server that is connected to this one. */
  readonly isRemote: boolean;
  readonly values: UserValues;
}

/** A personal access token, without its secret, which the server shows only once. */
export interface LiveToken {
  readonly id: string;
  readonly userId: AccountId;
  readonly description: string;
  readonly enabled: boolean;
  /** Milliseconds since the epoch, from which on the server refuses it; absent: never, or the server does not say. */
  readonly expiresAt?: number;
}
