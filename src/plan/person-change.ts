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

export type Block = Omit<BlockedChange, 'change'>;
