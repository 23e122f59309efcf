import { sortRoles } from '../model/user-rules.ts';
import type { AuthValue, StringMap } from '../model/user-values.ts';

/** What most people have in common, such as the settings that the server gives to everyone, is kept once. */
export class SharedValues {
  readonly #maps = new Map<string, StringMap>();
  readonly #roles = new Map<string, readonly string[]>();

  map(value: StringMap): StringMap {
    const key = JSON.stringify(value);
    const known = this.#maps.get(key);
    if (known === undefined && this.#maps.size < most) this.#maps.set(key, value);
    return known ?? value;
  }

  /** @param names - as the server writes them, with blanks between them */
  roles(names: string): readonly string[] {
    const known = this.#roles.get(names) ?? sortRoles(names.split(' ').filter((role) => role !== ''));
    if (this.#roles.size < most) this.#roles.set(names, known);
    return known;
  }
}

/** What few people have is not worth to be remembered. */
const most = 1000;

/** How nearly everyone signs in. */
export const emailLogin: AuthValue = { service: 'email' };
