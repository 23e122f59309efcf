/**
 * A class of changes that was over its budget waits: for an approval, or for a try that comes seldom. The other classes go
 * on. Pure.
 */
import type { ClassQuarantine } from '../model/generated/reconcile-state.ts';
import type { BlockedChange, BudgetName, Plan } from '../model/plan.ts';
import type { Withheld } from '../model/withheld.ts';
import { slowDelayMs } from './back-off.ts';
import type { Random } from './schedule.ts';

/** What the next plan must leave to its next try. */
export function quarantinedAt(classes: readonly ClassQuarantine[], nowMs: number): Withheld['quarantined'] {
  return new Map(
    classes.filter(({ retry }) => Date.parse(retry) > nowMs).map(({ budget, retry }) => [budget, retry] as const),
  );
}

export interface ClassesAfter {
  readonly classes: readonly ClassQuarantine[];
  readonly begun: readonly ClassQuarantine[];
  readonly ended: readonly ClassQuarantine[];
}

/**
 * @param known - before this look
 * @param plan - what the look found: nothing of a class is blocked by its budget any more, and it is free
 */
export function classesAfter(
  known: readonly ClassQuarantine[],
  { blocked }: Pick<Plan, 'blocked'>,
  nowMs: number,
  random: Random,
): ClassesAfter {
  const stopped = stoppedBudgets(blocked);
  const classes = [...stopped].map(([budget, reason]): ClassQuarantine => {
    const before = known.find((one) => one.budget === budget);
    if (before !== undefined && Date.parse(before.retry) > nowMs) return before;
    const tries = (before?.tries ?? 0) + 1;
    const since = before?.since ?? isoOf(nowMs);
    return { budget, reason, since, tries, retry: isoOf(nowMs + slowDelayMs(tries, random)) };
  });
  return {
    classes,
    begun: classes.filter(({ budget }) => known.every((one) => one.budget !== budget)),
    ended: known.filter(({ budget }) => !stopped.has(budget)),
  };
}

const isoOf = (ms: number): string => new Date(ms).toISOString();

const quarantining: ReadonlySet<BlockedChange['rail']> = new Set(['budget', 'quarantine']);

function stoppedBudgets(blocked: readonly BlockedChange[]): ReadonlyMap<BudgetName, string> {
  const stopped = new Map<BudgetName, string>();
  for (const { rail, budget, reason } of blocked)
    if (budget !== undefined && quarantining.has(rail) && !stopped.has(budget)) stopped.set(budget, reason);
  return stopped;
}
