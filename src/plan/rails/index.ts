import type { PlanContext, ResourceDefinition } from '../../model/resource-definition.ts';
import type { Sorted } from '../person-change.ts';
import { followPrerequisites, type Need } from '../prerequisites.ts';
import { emptyDesiredState } from './empty-desired-state.ts';
import { permission } from './permission.ts';
import type { Rail } from './rail.ts';
import { switchRail } from './switches.ts';

/** What cannot be done at all. What must not be, what is too much, and what does not fit, comes after that. */
export const possibleRails = (kinds: readonly ResourceDefinition[]): readonly Rail[] => [
  emptyDesiredState,
  permission,
  switchRail(kinds),
];

/** Runs rails; after each, changes whose prerequisite was blocked follow it. */
export function applyRails(
  sorted: Sorted,
  needs: readonly Need[],
  context: PlanContext,
  rails: readonly Rail[],
): Sorted {
  return rails.reduce((state, rail) => followPrerequisites(applyRail(state, rail, context), needs), sorted);
}

function applyRail(sorted: Sorted, rail: Rail, context: PlanContext): Sorted {
  const blocks = rail.check(sorted.passed, context);
  if (blocks.size === 0) return sorted;
  return {
    ...sorted,
    passed: sorted.passed.filter(({ change }) => !blocks.has(change)),
    blocked: [...sorted.blocked, ...[...blocks].map(([change, block]) => ({ change, ...block }))],
  };
}
