/** What a run must leave to others, whatever the plan says: what muster reconcile learned from the runs before. */
import { canonicalJson } from './canonical-json.ts';
import type { BudgetName, Change } from './plan.ts';

/** A change that muster made twice, and that was found changed back each time. */
export interface ContestedChange {
  /** When muster wrote it, and when it was found changed back; ISO 8601. */
  readonly written: readonly string[];
  readonly found: readonly string[];
}

export interface Withheld {
  /** Budgets that stopped their class of changes, with the moment at which they are tried again; ISO 8601. */
  readonly quarantined: ReadonlyMap<BudgetName, string>;
  /** By {@link contestedKeyOf}. */
  readonly contested: ReadonlyMap<string, ContestedChange>;
}

export const nothingWithheld: Withheld = { quarantined: new Map(), contested: new Map() };

/** Names what a change writes to: a field of a person, or one of a set, such as one role. */
export function placeOfChange({ person, attribute, before, after }: Change): string {
  const isOneOfSet = before === undefined || after === undefined;
  return [person, attribute, isOneOfSet ? canonicalJson(after ?? before ?? null) : ''].join(' ');
}

/** Names a change by what it writes, and where: the same whatever is there before. */
export function contestedKeyOf(change: Change): string {
  return `${placeOfChange(change)} ${change.class} ${canonicalJson(change.after ?? null)}`;
}
