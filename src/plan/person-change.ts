import type { BlockedChange, Change, HeldChange } from '../model/plan.ts';
import type { Person } from '../model/resource-definition.ts';

/** A change with the person whom it concerns. */
export interface PersonChange {
  readonly person: Person;
  readonly change: Change;
}

/** Changes that go on, and those that do not, each in one list. */
export interface Sorted {
  readonly passed: readonly PersonChange[];
  readonly held: readonly HeldChange[];
  readonly blocked: readonly BlockedChange[];
}

/** Changes that go on, and those that are held with the person whom they concern. */
export interface HeldApart {
  readonly passed: readonly PersonChange[];
  readonly held: ReadonlyArray<PersonChange & { readonly verdict: HeldChange }>;
}

/** @param whyHeld - `undefined` for a change that goes on */
export function holdSome(
  changes: readonly PersonChange[],
  whyHeld: (change: Change) => Omit<HeldChange, 'change'> | undefined,
): HeldApart {
  const passed: PersonChange[] = [];
  const held: HeldApart['held'][number][] = [];
  for (const one of changes) {
    const why = whyHeld(one.change);
    if (why === undefined) passed.push(one);
    else held.push({ ...one, verdict: { change: one.change, ...why } });
  }
  return { passed, held };
}

export type Block = Omit<BlockedChange, 'change'>;
