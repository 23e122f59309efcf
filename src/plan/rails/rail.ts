import type { Change } from '../../model/plan.ts';
import type { PlanContext } from '../../model/resource-definition.ts';
import type { Block, PersonChange } from '../person-change.ts';

/**
 * A rule that may block changes. It sees all changes that are still on their way and names those that must not go
 * on; it never drops one, and it never makes an action.
 */
export interface Rail {
  readonly name: Block['rail'];
  check(changes: readonly PersonChange[], context: PlanContext): ReadonlyMap<Change, Block>;
}

/** Blocks each change for which the rule has something to say. */
export function blockEach(
  changes: readonly PersonChange[],
  rule: (change: PersonChange) => Block | undefined,
): ReadonlyMap<Change, Block> {
  const blocks = new Map<Change, Block>();
  for (const one of changes) {
    const block = rule(one);
    if (block !== undefined) blocks.set(one.change, block);
  }
  return blocks;
}
