import type { ChangeClass } from '../model/plan.ts';
import type { PersonChange } from './person-change.ts';
import type { Need } from './prerequisites.ts';

/** What a run is limited to, after the rails have seen everything. */
export interface Narrowing {
  /** Usernames as the entries declare them, in lower case. */
  readonly users?: ReadonlySet<string>;
  readonly classes?: ReadonlySet<ChangeClass>;
}

/**
 * Keeps the changes that a run is limited to. A change that needs one that is left out is left out, too: half of a thing
 * is not what anybody asked for.
 *
 * @returns what stays, and how many changes were left out
 */
export function narrowChanges(
  passed: readonly PersonChange[],
  needs: readonly Need[],
  { users, classes }: Narrowing,
): { readonly passed: readonly PersonChange[]; readonly leftOut: number } {
  const isMeant = ({ change }: PersonChange): boolean =>
    (users === undefined || users.has(change.person)) && (classes === undefined || classes.has(change.class));
  let kept = new Set(passed.filter(isMeant).map(({ change }) => change));
  for (;;) {
    const lost = needs.filter(({ change, needs: other }) => kept.has(change.change) && !kept.has(other.change));
    if (lost.length === 0) break;
    const gone = new Set(lost.map(({ change }) => change.change));
    kept = new Set([...kept].filter((change) => !gone.has(change)));
  }
  const stays = passed.filter(({ change }) => kept.has(change));
  return { passed: stays, leftOut: passed.length - stays.length };
}
