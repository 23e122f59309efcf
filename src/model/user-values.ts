import type { UserEntry } from './generated/users-file.ts';

/** 26 letters and digits, as the server makes them. */
export type AccountId = string;

export type StringMap = Readonly<Record<string, string>>;

/** How a person signs in; `email` stands for the server's `""`. `service` of a live account may be one that muster does not know. */
export interface AuthValue {
  readonly service: string;
  readonly data?: string;
  /** The server has data but does not show it: it is not compared. */
  readonly isHidden?: true;
}

/** How nearly everyone signs in: one value, so that it is seen at once where both sides have it. */
export const emailLogin: AuthValue = { service: 'email' };

/**
 * The fields of a users file that are compared with an account. Derived from the schema, so that a new property
 * there is a compile error here until it has a row.
 */
export type UserAttribute = Exclude<
  keyof UserEntry,
  'id' | 'previous_usernames' | 'adopt' | 'starts' | 'ends' | 'initial_password' | 'tokens' | 'teams' | 'bundles'
>;

/** The value of each attribute, normalised as the server stores it. Roles are a set, sorted by `sortRoles`. */
export interface UserValues {
  readonly username: string;
  readonly email: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly nickname: string;
  readonly position: string;
  readonly locale: string;
  readonly timezone: StringMap;
  readonly notify_props: StringMap;
  readonly props: StringMap;
  readonly roles: readonly string[];
  readonly active: boolean;
  readonly auth: AuthValue;
  /** Whether a second factor is asked for at sign-in; an entry can only want it off. */
  readonly mfa: 'on' | 'off';
}
