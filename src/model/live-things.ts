import type { AccountId, UserValues } from './user-values.ts';

/** What the server notes of an account beside its fields. Milliseconds since the epoch, by its own clock. */
export interface AccountDates {
  readonly createdMs: number;
  /** The last change of its fields, roles or active flag. Logins move it, too: it says since when nothing changed, never that something did. */
  readonly updatedMs: number;
  /** Absent: it is active. */
  readonly inactiveSinceMs?: number;
}

/** An account as the server showed it. */
export interface LiveUser {
  readonly id: AccountId;
  readonly isBot: boolean;
  /** Belongs to another server that is connected to this one. */
  readonly isRemote: boolean;
  readonly values: UserValues;
  /** No plan rests on them. Absent where no server told them. */
  readonly dates?: AccountDates;
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
