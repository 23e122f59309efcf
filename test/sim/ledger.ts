/** What was carried out, by whom and when; and what must hold after each of it. */
import type { User } from '../../src/api/index.ts';
import { isActive, type ModelServer, rolesOf } from './model-server.ts';

export interface Entry {
  readonly atMs: number;
  /** Number of the life that sent it. */
  readonly life: number;
  readonly operation: string;
  readonly subject: string;
}

/** A promise was broken. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

export interface Promises {
  /** Never fewer than this, or than there were at the start. */
  readonly minAdmins: number;
  /** Accounts that come back, with the roles and the tokens that they may have then; tokens as `<name>@<generation>`. */
  readonly returners: ReadonlyMap<string, Allowed>;
  /** Where lives may work side by side, or one may not know of the other: then only the gravest holds. */
  readonly isLax: boolean;
}

export interface Allowed {
  readonly roles: ReadonlySet<string>;
  readonly marks: ReadonlySet<string>;
  /** Teams and channels that they may administer. */
  readonly places: ReadonlySet<string>;
}

const ownAccess = /^(users\.(setRoles|setActive|setAuth|setPassword|promote|demote)|mfa\.|tokens\.)/;

export class Ledger {
  readonly entries: Entry[] = [];
  readonly #server: ModelServer;
  readonly #promises: Promises;

  constructor(server: ModelServer, promises: Promises) {
    this.#server = server;
    const fewest = Math.min(promises.minAdmins, server.admins.length);
    this.#promises = { ...promises, minAdmins: fewest };
  }

  /**
   * Carries a write out, and looks at once whether everything still holds.
   *
   * @param account - whom it is about
   * @throws {Violation}
   */
  write<Data>(entry: Entry, account: string | undefined, act: () => Data): Data {
    const before = account === undefined ? undefined : this.#server.users.get(account);
    this.#server.remember(entry.atMs);
    const data = act();
    this.entries.push(entry);
    this.#checkCaller(entry, account);
    this.#checkAdmins(entry);
    const after = account === undefined ? undefined : this.#server.users.get(account);
    if (before !== undefined && after !== undefined) this.#checkAccount(entry, before, after);
    return data;
  }

  #checkCaller({ operation }: Entry, account: string | undefined): void {
    if (account !== this.#server.callerId || !ownAccess.test(operation)) return;
    throw new Violation(`${operation} on the caller itself`);
  }

  #checkAdmins({ operation, subject }: Entry): void {
    const left = this.#server.admins.filter(({ id }) => !this.#server.moved.has(id)).length;
    if (left >= (this.#promises.isLax ? 1 : this.#promises.minAdmins)) return;
    throw new Violation(`${left} administrators are left after ${operation} ${subject}`);
  }

  #checkAccount({ operation, subject }: Entry, before: User, after: User): void {
    if (rolesOf(before).length > 0 && rolesOf(after).length === 0)
      throw new Violation(`${operation} took every role of ${subject}`);
    if (operation === 'users.deactivate' && !isActive(before) && !this.#promises.isLax)
      throw new Violation(`${subject} was deactivated, and was inactive before`);
    const allowed = this.#promises.returners.get(after.id);
    if (allowed !== undefined && isActive(after)) this.#checkReturner(after, allowed);
  }

  #checkReturner(user: User, { roles, marks, places }: Allowed): void {
    const place = this.#server.places.adminPlacesOf(user.id).find((one) => !places.has(one));
    if (place !== undefined) throw new Violation(`${user.username} came back and administers ${place}`);
    const role = rolesOf(user).find((one) => !roles.has(one));
    if (role !== undefined) throw new Violation(`${user.username} came back with the role ${role}`);
    const old = this.#server
      .tokensOf(user.id)
      .find(({ description, is_active }) => is_active && !marks.has(description.split(' ')[0] ?? ''));
    if (old !== undefined) throw new Violation(`${user.username} came back with the token ${old.description}`);
  }
}
