import type { Change, ChangeClass } from '../model/plan.ts';
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
 * @param withoutRoom - of the changes that would stay, those for which there is no room without the others
 * @returns what stays, and how many changes were left out
 */
export function narrowChanges(
  passed: readonly PersonChange[],
  needs: readonly Need[],
  { users, classes }: Narrowing,
  withoutRoom: (passed: readonly PersonChange[]) => ReadonlySet<Change> = () => new Set(),
): { readonly passed: readonly PersonChange[]; readonly leftOut: number } {
  const isMeant = ({ change }: PersonChange): boolean =>
    (users === undefined || users.has(change.person)) && (classes === undefined || classes.has(change.class));
  const meant = keepWhole(passed.filter(isMeant), needs);
  const homeless = withoutRoom(meant);
  const stays =
    homeless.size === 0
      ? meant
      : keepWhole(
          meant.filter(({ change }) => !homeless.has(change)),
          needs,
        );
  return { passed: stays, leftOut: passed.length - stays.length };
}

/** Without the changes whose prerequisite is not among them. */
function keepWhole(changes: readonly PersonChange[], needs: readonly Need[]): readonly PersonChange[] {
  const kept = new Set(changes.map(({ change }) => change));
  for (;;) {
    const lost = needs.filter(({ change, needs: other }) => kept.has(change.change) && !kept.has(other.change));
    if (lost.length === 0) return changes.filter(({ change }) => kept.has(change));
    for (const { change } of lost) kept.delete(change.change);
  }
}
