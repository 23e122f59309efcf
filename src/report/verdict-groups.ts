/** What does not happen, by the reason why: the same groups in every format. */
import type { BlockedChange, Change, HeldChange } from '../model/plan.ts';
import { type ChangeGroup, groupChanges } from './change-groups.ts';

/** A change that does not happen. */
export interface Verdict {
  readonly change: Change;
  readonly reason: string;
  readonly hint: string;
}

/** Verdicts of one reason stand together; those of another rail, code or approval never do. */
function verdictGroups<V extends Verdict>(
  items: readonly V[],
  by: (item: V) => unknown,
): ReadonlyArray<ChangeGroup<V>> {
  const alsoBy = (item: V): unknown => [by(item), item.reason, item.hint];
  return groupChanges(items, { changeOf: ({ change }) => change, alsoBy, atLeast: 1 }).groups;
}

export const heldGroups = (items: readonly HeldChange[]): ReadonlyArray<ChangeGroup<HeldChange>> =>
  verdictGroups(items, ({ code, owner }) => [code, owner]);

export const blockedGroups = (items: readonly BlockedChange[]): ReadonlyArray<ChangeGroup<BlockedChange>> =>
  verdictGroups(items, ({ rail, budget, approval }) => [rail, budget, approval]);
