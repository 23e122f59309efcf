/** Accounts by what tells them apart: made once of each reading, since several steps ask. */
import type { LiveUser } from './live-things.ts';
import type { AccountId, AuthValue } from './user-values.ts';

export interface AccountIndex {
  byUsername(username: string): LiveUser | undefined;
  byEmail(email: string): LiveUser | undefined;
  /** By the service and its data. */
  byAuth(auth: AuthValue): LiveUser | undefined;
}

/** @param users - what was read; it stays as it is */
export function accountIndex(users: ReadonlyMap<AccountId, LiveUser>): AccountIndex {
  const before = known.get(users);
  if (before !== undefined) return before;
  const index = new Index(users);
  known.set(users, index);
  return index;
}

const known = new WeakMap<ReadonlyMap<AccountId, LiveUser>, AccountIndex>();

class Index implements AccountIndex {
  readonly #byUsername = new Map<string, LiveUser>();
  readonly #byEmail = new Map<string, LiveUser>();
  readonly #byAuth = new Map<string, LiveUser>();

  constructor(users: ReadonlyMap<AccountId, LiveUser>) {
    for (const live of users.values()) {
      const { username, email, auth } = live.values;
      this.#byUsername.set(username, live);
      this.#byEmail.set(email, live);
      if (auth.data !== undefined) this.#byAuth.set(keyOf(auth), live);
    }
  }

  byUsername(username: string): LiveUser | undefined {
    return this.#byUsername.get(username);
  }

  byEmail(email: string): LiveUser | undefined {
    return this.#byEmail.get(email);
  }

  byAuth(auth: AuthValue): LiveUser | undefined {
    return this.#byAuth.get(keyOf(auth));
  }
}

const keyOf = ({ service, data = '' }: AuthValue): string => `${service} ${data}`;
