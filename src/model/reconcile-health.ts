/** How a server stands that muster reconcile looks after, as its state says it at a moment. Pure. */
import type { ReconcileState } from './generated/reconcile-state.ts';
import type { BudgetName } from './plan.ts';

/**
 * `paused`: by people, until a day. `quarantined`: looked at seldom, or a class of changes waits. `failing`: the last
 * cycle did not end well. `stale`: no one has looked for two intervals, so nothing else that is known counts.
 */
export type Health = 'ok' | 'paused' | 'quarantined' | 'failing' | 'stale';

export interface HealthReport {
  readonly is: Health;
  /** A word or two, for labels: `suspend`, `credential`, `class:deactivate`, an error's code. */
  readonly reason: string;
  /** Only a class of changes waits; the others go on. */
  readonly budget?: BudgetName;
}

/** How long a process that works is silent at most. */
const silentIntervals = 2;

export function healthOf(state: ReconcileState, nowMs: number): HealthReport {
  const { beat, next, interval_ms: intervalMs, pause, quarantine, classes, trouble } = state;
  const patienceMs = silentIntervals * intervalMs;
  // A moment that is still to come was one of a clock that was wrong.
  if (Math.abs(nowMs - Date.parse(beat)) >= patienceMs) return { is: 'stale', reason: 'silent' };
  if (next !== undefined && nowMs - Date.parse(next) >= patienceMs) return { is: 'stale', reason: 'overdue' };
  if (pause !== undefined) return { is: 'paused', reason: 'suspend' };
  if (quarantine !== undefined) return { is: 'quarantined', reason: quarantine.why };
  if (trouble !== undefined) return { is: 'failing', reason: trouble.code };
  const [first] = classes;
  if (first !== undefined) return { is: 'quarantined', reason: `class:${first.budget}`, budget: first.budget };
  return { is: 'ok', reason: '' };
}
