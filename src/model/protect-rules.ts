/** Whom `policy.protect` names: usernames, however they are spelled, or `id:<id>`. */
import { normalizeUsername } from './user-rules.ts';
import type { AccountId } from './user-values.ts';

/** What names a person; either is enough. */
export interface Protectable {
  readonly id?: AccountId | undefined;
  /** As the server stores them: of the entry, of the account. */
  readonly usernames: readonly string[];
}

/**
 * Reads the rules once, to ask about many people.
 *
 * @param protect - the entries of `policy.protect`
 */
export function protectRules(protect: readonly string[]): (person: Protectable) => boolean {
  const known = read.get(protect);
  if (known !== undefined) return known;
  const rules = rulesOf(protect);
  read.set(protect, rules);
  return rules;
}

/** Asked about every person, and read once. */
const read = new WeakMap<readonly string[], (person: Protectable) => boolean>();

function rulesOf(protect: readonly string[]): (person: Protectable) => boolean {
  if (protect.length === 0) return () => false;
  const names = new Set(protect.map((entry) => (entry.startsWith('id:') ? entry : normalizeUsername(entry))));
  return ({ id, usernames }) =>
    usernames.some((name) => names.has(name)) || (id !== undefined && names.has(`id:${id}`));
}
