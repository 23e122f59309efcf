/** Cycles again and again: when, how, and what is known between them. All time passes through the clock of the ports. */

import { loadSettings } from '../app/load.ts';
import { type ReconcilePlace, withReconcilePlace } from '../app/reconcile-place.ts';
import type { ReconcileState } from '../model/generated/reconcile-state.ts';
import type { ReconcileEvent } from '../model/reconcile-event.ts';
import type { ReconcileSettings } from '../model/reconcile-settings.ts';
import { type AfterCycle, afterCycle } from './after-cycle.ts';
import { type CycleEnd, type LoopOptions, runCycle } from './cycle.ts';
import { driftTotal } from './drift.ts';
import { Keeper } from './keeper.ts';
import type { Outcome } from './outcome.ts';
import type { DaemonPorts } from './ports.ts';
import { type Due, dueAfter, intervalOf } from './schedule.ts';
import { openingAt } from './windows.ts';

/** How one cycle ended, for a process that makes one. */
export interface OneCycle extends CycleEnd {
  readonly state: ReconcileState;
}

/**
 * One cycle, at once, with what the cycles before know.
 *
 * @throws {LockedError} when another process reconciles this server
 */
export async function reconcileOnce(options: LoopOptions, ports: DaemonPorts): Promise<OneCycle> {
  const { reconcile: settings } = await loadSettings(options, ports);
  return await withReconcilePlace(options, ports, async (place) => {
    const keeper = new Keeper(stateAt(place, settings, ports), place, ports.clock);
    const { end, after } = await makeCycle(keeper, settings, options, ports);
    await keeper.keep(after.state);
    tellEnd(end.outcome, after.state, after, ports);
    return { ...end, state: after.state };
  });
}

export interface LoopPorts extends DaemonPorts {
  /** By default the one that loads, plans and applies. */
  readonly runCycle?: typeof runCycle;
  /** Told what is known after each change of it, for those who ask from outside. */
  readonly show?: (keeper: Pick<Keeper, 'state'>) => void;
}

/**
 * Cycles until the signal of the options, or of the ports, is aborted. What cannot be done ends no loop: it is told, and
 * tried again.
 *
 * @throws {LockedError} when another process reconciles this server
 */
export async function reconcileLoop(options: LoopOptions, ports: LoopPorts): Promise<void> {
  const { reconcile: first } = await loadSettings(options, ports);
  await withReconcilePlace(options, ports, async (place) => {
    const keeper = new Keeper(stateAt(place, first, ports), place, ports.clock);
    ports.show?.(keeper);
    ports.tell({ type: 'started', mode: first.mode, interval_ms: keeper.state.interval_ms });
    try {
      await loop(keeper, first, options, ports);
    } catch (error) {
      if (!isStopped(options, ports)) throw error;
    } finally {
      await keeper.flush();
      ports.tell({ type: 'stopped' });
    }
  });
}

const isStopped = ({ signal }: LoopOptions, ports: DaemonPorts): boolean =>
  signal?.aborted === true || ports.signal?.aborted === true;

async function loop(keeper: Keeper, first: ReconcileSettings, options: LoopOptions, ports: LoopPorts): Promise<void> {
  let settings = first;
  let due = firstDue(keeper.state, settings, ports);
  await keeper.keep({ ...keeper.state, next: isoOf(due.atMs) });
  while (!isStopped(options, ports)) {
    await waitUntil(due.atMs, keeper, options, ports);
    const { end, after } = await makeCycle(keeper, settings, options, ports);
    settings = end.settings ?? settings;
    due = nextDue(after, settings, due, ports);
    await keeper.keep({ ...after.state, next: isoOf(due.atMs) });
    tellEnd(end.outcome, keeper.state, after, ports);
  }
}

/** What was put off before a restart stays put off; else the first cycle begins at once. */
function firstDue({ trouble, next }: ReconcileState, settings: ReconcileSettings, ports: DaemonPorts): Due {
  const nowMs = ports.clock.now();
  const putOffMs = trouble === undefined ? 0 : Date.parse(next ?? '');
  if (putOffMs > nowMs) return at(putOffMs);
  return dueAfter(settings.schedule, settings.jitterMs, undefined, nowMs, ports.random) ?? at(nowMs + idleMs);
}

function nextDue({ retryMs }: AfterCycle, settings: ReconcileSettings, due: Due, ports: DaemonPorts): Due {
  if (retryMs !== undefined) return at(retryMs);
  const nowMs = ports.clock.now();
  return dueAfter(settings.schedule, settings.jitterMs, due, nowMs, ports.random) ?? at(nowMs + idleMs);
}

/** A schedule that names no time any more is looked at again, since it may be changed. */
const idleMs = 15 * 60_000;

const at = (ms: number): Due => ({ nominalMs: ms, atMs: ms });

const isoOf = (ms: number): string => new Date(ms).toISOString();

/** How often a process that waits looks around. */
const lookMs = 30_000;

async function waitUntil(atMs: number, keeper: Keeper, options: LoopOptions, { clock }: DaemonPorts): Promise<void> {
  const stepMs = Math.max(1000, Math.min(options.lookMs ?? lookMs, keeper.state.interval_ms / 2));
  for (let leftMs = atMs - clock.now(); leftMs > 0; leftMs = atMs - clock.now()) {
    await clock.sleep(Math.min(leftMs, stepMs), options.signal);
    keeper.beat();
  }
}

async function makeCycle(
  keeper: Keeper,
  before: ReconcileSettings,
  options: LoopOptions,
  ports: LoopPorts,
): Promise<{ readonly end: CycleEnd; readonly after: AfterCycle }> {
  keeper.begin();
  const emit: DaemonPorts['emit'] = (event) => {
    keeper.beat();
    ports.emit(event);
  };
  const run = ports.runCycle ?? runCycle;
  const end = await run(keeper.state, options, { ...ports, emit });
  const nowMs = ports.clock.now();
  const known = withSettings(keeper.state, end.settings ?? before, nowMs);
  return { end, after: afterCycle(known, end.outcome, { nowMs, random: ports.random }) };
}

function withSettings(state: ReconcileState, settings: ReconcileSettings, nowMs: number): ReconcileState {
  const { window: _, ...rest } = state;
  const { mode, schedule, windows } = settings;
  const { open, untilMs } = openingAt(windows, nowMs);
  return {
    ...rest,
    mode,
    interval_ms: intervalOf(schedule, nowMs),
    ...(windows.length > 0 && { window: { open, ...(untilMs !== undefined && { until: isoOf(untilMs) }) } }),
  };
}

function stateAt(
  { server, before }: ReconcilePlace,
  settings: ReconcileSettings,
  { clock }: DaemonPorts,
): ReconcileState {
  const nowMs = clock.now();
  const beat = isoOf(nowMs);
  const { mode } = settings;
  const nothing = { cycles: 0, classes: [], contested: [], drift: [] };
  const state = { format: 'muster-reconcile', version: 1, server, mode, interval_ms: 1, ...nothing } as const;
  return withSettings({ ...(before ?? state), beat }, settings, nowMs);
}

function tellEnd(outcome: Outcome, state: ReconcileState, { turns }: AfterCycle, { clock, tell }: DaemonPorts): void {
  tell(endOf(outcome, state));
  for (const turn of turns) tell({ ...turn, at: isoOf(clock.now()) });
}

function endOf(outcome: Outcome, { next, last, drift }: ReconcileState): ReconcileEvent {
  const base = { type: 'cycle', outcome: outcome.is, ...(next !== undefined && { next }) } as const;
  switch (outcome.is) {
    case 'failed':
      return { ...base, code: outcome.code, text: outcome.text };
    case 'looked': {
      const { mode, run, tookMs } = outcome;
      const { done = 0, failed = 0 } = last ?? {};
      const made = { took_ms: Math.round(tookMs), done, failed, left: driftTotal(drift) };
      return { ...base, mode, ...made, ...(run !== undefined && { run }) };
    }
    case 'paused':
    case 'busy':
      return base;
  }
}
