import { sortRoles } from '../model/user-rules.ts';
import type { StringMap } from '../model/user-values.ts';

/** What most people have in common, such as the settings that the server gives to everyone, is kept once. */
export class SharedValues {
  readonly #maps = new Map<string, StringMap>();
  /** The last ones that were asked for: most people have what the person before them has, and to compare is cheaper than to write. */
  readonly #last: StringMap[] = [];
  #next = 0;
  readonly #roles = new Map<string, readonly string[]>();

  map(value: StringMap): StringMap {
    for (const last of this.#last) if (areSame(last, value)) return last;
    const found = this.#known(value);
    this.#last[this.#next] = found;
    this.#next = (this.#next + 1) % lastKept;
    return found;
  }

  #known(value: StringMap): StringMap {
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

const lastKept = 4;

/** Of what is kept; each is compared with many others. */
function keysOf(kept: StringMap): readonly string[] {
  const before = known.get(kept);
  if (before !== undefined) return before;
  const keys = Object.keys(kept);
  known.set(kept, keys);
  return keys;
}
const known = new WeakMap<StringMap, readonly string[]>();

/** The same keys in the same order, with the same texts. */
function areSame(one: StringMap, other: StringMap): boolean {
  if (one === other) return true;
  const keys = keysOf(one);
  let i = 0;
  for (const key in other) if (key !== keys[i++] || one[key] !== other[key]) return false;
  return i === keys.length;
}

/** What few people have is not worth to be remembered. */
const most = 1000;
