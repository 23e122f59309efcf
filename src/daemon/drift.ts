/** What a cycle leaves different, counted. Pure. */
import { changeClasses } from '../model/change-classes.ts';
import type { DriftCount } from '../model/generated/reconcile-state.ts';
import type { RunResult } from '../model/outcome.ts';
import type { Change, Plan } from '../model/plan.ts';

/**
 * By class, those that differ alone.
 *
 * @param result - what was made of the plan; absent: it was only looked at
 */
export function driftOf({ actions, blocked, held }: Plan, result?: RunResult): readonly DriftCount[] {
  const done = new Set(
    result?.results.flatMap(({ action, outcome }) => (outcome.status === 'done' ? [action.id] : [])),
  );
  const planned = countByClass(actions.filter(({ id }) => !done.has(id)).flatMap(({ changes }) => changes));
  const stopped = countByClass(blocked.map(({ change }) => change));
  const left = countByClass(held.map(({ change }) => change));
  return changeClasses.flatMap((name) => {
    const count = { planned: planned(name), blocked: stopped(name), held: left(name) };
    return count.planned + count.blocked + count.held === 0 ? [] : [{ class: name, ...count }];
  });
}

function countByClass(changes: readonly Change[]): (name: Change['class']) => number {
  const counts = new Map<Change['class'], number>();
  for (const one of changes) counts.set(one.class, (counts.get(one.class) ?? 0) + 1);
  return (name) => counts.get(name) ?? 0;
}

export const driftTotal = (drift: readonly DriftCount[]): number =>
  drift.reduce((sum, one) => sum + one.planned + one.blocked, 0);
