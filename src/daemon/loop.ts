/** Cycles again and again: when, how, and what is known between them. All time passes through the clock of the ports. */

import type { Attributes } from '@opentelemetry/api';
import { inputFingerprint } from '../app/input-fingerprint.ts';
import type { InStep } from '../app/ports.ts';
import { loadOwnSettings } from '../app/pull-checkout.ts';
import { type ReconcilePlace, withReconcilePlace } from '../app/reconcile-place.ts';
import type { ReconcileState } from '../model/generated/reconcile-state.ts';
import { warning } from '../model/messages/warning-rows.ts';
import { MusterError } from '../model/muster-error.ts';
import type { ReconcileEvent } from '../model/reconcile-event.ts';
import type { ReconcileSettings } from '../model/reconcile-settings.ts';
import { systemCodeOf } from '../model/system-error.ts';
import { type AfterCycle, afterCycle } from './after-cycle.ts';
import { Changes, type Look } from './changes.ts';
import { type CycleEnd, type CyclePlace, type LoopOptions, runCycle } from './cycle.ts';
import { driftOf, driftTotal } from './drift.ts';
import { Keeper } from './keeper.ts';
import { Notifier } from './notifier.ts';
import type { Outcome } from './outcome.ts';
import type { DaemonPorts } from './ports.ts';
import { type Due, dueAfter, dueAfterSetBack, intervalOf } from './schedule.ts';
import { afterSetBack, ClockWatch } from './set-back.ts';
import { fail, inSpan, traceRequest } from './tracing.ts';
import { openingAt } from './windows.ts';

/** How one cycle ended, for a process that makes one. */
export interface OneCycle extends CycleEnd {
  readonly state: ReconcileState;
}

/**
 * One cycle, at once, with what the cycles before know: what they put off after a failure stays put off.
 *
 * @throws {LockedError} when another process reconciles this server
 */
export async function reconcileOnce(options: LoopOptions, ports: LoopPorts): Promise<OneCycle> {
  const own = await loadOwnSettings(options, ports);
  return await withReconcilePlace(options, ports, async (place) => {
    const settings = own.reconcile;
    const keeper = new Keeper(stateAt(place, settings, ports), place, ports.clock);
    ports.show?.(keeper);
    const putOffMs = putOffUntil(keeper.state, ports.clock.now());
    if (putOffMs !== undefined) {
      const outcome: Outcome = { is: 'put-off', untilMs: putOffMs };
      await keeper.keep(keeper.state);
      ports.tell(endOf(outcome, keeper.state));
      return { outcome, state: keeper.state };
    }
    const { end, after } = await makeCycle(keeper, settings, options, ports, place);
    const { retryMs } = after;
    const state = { ...after.state, ...(retryMs !== undefined && { next: isoOf(retryMs) }) };
    await keeper.keep(state);
    const notifier = new Notifier(own, options, ports);
    tellEnd(end.outcome, state, after, ports, notifier);
    await notifier.idle();
    return { ...end, state };
  });
}

export interface LoopPorts extends DaemonPorts {
  /** By default the one that loads, plans and applies. */
  readonly runCycle?: typeof runCycle;
  /** Tells what the files are; by default as the disk says. */
  readonly look?: Look;
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
  const own = await loadOwnSettings(options, ports);
  const first = own.reconcile;
  await withReconcilePlace(options, ports, async (place) => {
    const keeper = new Keeper(stateAt(place, first, ports), place, ports.clock);
    const notifier = new Notifier(own, options, ports);
    ports.show?.(keeper);
    ports.tell({ type: 'started', mode: first.mode, interval_ms: keeper.state.interval_ms });
    try {
      await loop(keeper, first, options, ports, { dir: place.dir, notifier });
    } catch (error) {
      if (!isStopped(options, ports)) throw error;
    } finally {
      await keeper.flush();
      await notifier.close();
      ports.tell({ type: 'stopped' });
    }
  });
}

const isStopped = ({ signal }: LoopOptions, ports: DaemonPorts): boolean =>
  signal?.aborted === true || ports.signal?.aborted === true;

async function loop(
  keeper: Keeper,
  first: ReconcileSettings,
  options: LoopOptions,
  ports: LoopPorts,
  { notifier, ...place }: CyclePlace & { readonly notifier: Notifier },
): Promise<void> {
  let settings = first;
  let due = firstDue(keeper.state, settings, ports);
  await keeper.keep({ ...keeper.state, next: isoOf(due.atMs) });
  const changes = new Changes(ports.look ?? (() => inputFingerprint(options, ports)));
  await changes.begin();
  const { clock } = ports;
  const watch = new ClockWatch(clock);
  while (!isStopped(options, ports)) {
    const { schedule } = settings;
    const dueNow = (): Due => (due = dueAfterSetBack(due, watch.setBackMs(), schedule, clock.now()));
    const isEarly = await waitUntil(dueNow, keeper, 'cron' in schedule ? undefined : changes, options, ports);
    await changes.begin();
    const { end, after } = await makeCycle(keeper, settings, options, ports, place);
    settings = end.settings ?? settings;
    const isStillToCome = isEarly && dueNow().atMs > clock.now() && after.retryMs === undefined;
    if (!isStillToCome) due = nextDue(after, settings, due, ports);
    await keepOrTell(keeper, { ...after.state, next: isoOf(due.atMs) }, ports);
    tellEnd(end.outcome, keeper.state, after, ports, notifier);
  }
}

/**
 * What cannot be written down is known to this process all the same, which works on.
 *
 * @throws {StateDirError} where the folder is gone, and with it the lock that keeps a second process away
 */
async function keepOrTell(keeper: Keeper, state: ReconcileState, { tell }: DaemonPorts): Promise<void> {
  try {
    await keeper.keep(state);
  } catch (error) {
    if (!(error instanceof MusterError) || systemCodeOf(error.cause) === 'ENOENT') throw error;
    tell(warning('cycles-not-remembered', { why: error.message }));
  }
}

/** What was put off before a restart stays put off; else the first cycle begins at once. */
function firstDue(state: ReconcileState, settings: ReconcileSettings, ports: DaemonPorts): Due {
  const nowMs = ports.clock.now();
  const putOffMs = putOffUntil(state, nowMs);
  if (putOffMs !== undefined) return at(putOffMs);
  return dueAfter(settings.schedule, settings.jitterMs, undefined, nowMs, ports.random) ?? at(nowMs + idleMs);
}

function putOffUntil({ trouble, next }: ReconcileState, nowMs: number): number | undefined {
  const untilMs = trouble === undefined || next === undefined ? 0 : Date.parse(next);
  return untilMs > nowMs ? untilMs : undefined;
}

function nextDue({ retryMs }: AfterCycle, settings: ReconcileSettings, due: Due, ports: DaemonPorts): Due {
  if (retryMs !== undefined) return at(retryMs);
  const nowMs = ports.clock.now();
  // The clock may have been set back while the cycle was made.
  const previous = { nominalMs: Math.min(due.nominalMs, nowMs) };
  return dueAfter(settings.schedule, settings.jitterMs, previous, nowMs, ports.random) ?? at(nowMs + idleMs);
}

/** A schedule that names no time any more is looked at again, since it may be changed. */
const idleMs = 15 * 60_000;

const at = (ms: number): Due => ({ nominalMs: ms, atMs: ms });

const isoOf = (ms: number): string => new Date(ms).toISOString();

/** How often a process that waits looks around. */
const lookMs = 10_000;
/** Changed files begin no cycle sooner than this after the one before. */
const restMs = 60_000;

/**
 * @param due - asked at each look
 * @param changes - absent: cycles begin at the times of the schedule alone
 * @returns whether changed files ended the wait before its time
 */
async function waitUntil(
  due: () => Due,
  keeper: Keeper,
  changes: Changes | undefined,
  options: LoopOptions,
  { clock, tell }: DaemonPorts,
): Promise<boolean> {
  const { interval_ms: intervalMs, quarantine } = keeper.state;
  const longestStepMs = Math.max(1000, Math.min(options.lookMs ?? lookMs, intervalMs / 2));
  let restedMs = 0;
  // No file ends a quarantine.
  const watched = quarantine === undefined ? changes : undefined;
  const leftMs = (): number => due().atMs - clock.now();
  for (let ms = leftMs(); ms > 0; ms = leftMs()) {
    const stepMs = Math.min(ms, longestStepMs);
    await clock.sleep(stepMs, options.signal);
    restedMs += stepMs;
    keeper.beat();
    if (restedMs < Math.min(restMs, intervalMs) || leftMs() <= 0 || (await watched?.haveSettled()) !== true) continue;
    tell({ type: 'reload' });
    return true;
  }
  return false;
}

const inStep: InStep = (step, work) => inSpan(step, {}, work);

async function makeCycle(
  keeper: Keeper,
  before: ReconcileSettings,
  options: LoopOptions,
  ports: LoopPorts,
  place: CyclePlace,
): Promise<{ readonly end: CycleEnd; readonly after: AfterCycle }> {
  keeper.begin();
  const emit: DaemonPorts['emit'] = (event) => {
    keeper.beat();
    if (event.type === 'request') traceRequest(event, ports.clock.now());
    ports.emit(event);
  };
  const run = ports.runCycle ?? runCycle;
  const end = await inSpan('cycle', { 'muster.server': keeper.state.server }, async (span) => {
    const ended = await run(keeper.state, options, { ...ports, emit, inStep }, place);
    span.setAttributes(attributesOf(ended));
    if (ended.outcome.is === 'failed') fail(span, ended.outcome.code);
    return ended;
  });
  const nowMs = ports.clock.now();
  const known = withSettings(withBranch(keeper.state, end), end.settings ?? before, nowMs);
  return { end, after: afterCycle(known, end.outcome, { nowMs, random: ports.random }) };
}

function attributesOf({ outcome, branch, made }: CycleEnd): Attributes {
  const { result } = made ?? {};
  return {
    'muster.outcome': outcome.is,
    ...(outcome.is === 'looked' && {
      'muster.mode': outcome.mode,
      'muster.left': driftTotal(driftOf(outcome.plan, result)),
    }),
    ...(branch !== undefined && { 'muster.commit': branch.commit }),
  };
}

/** What was pulled last stays known where nothing could be pulled; where nothing is to be pulled there is none. */
function withBranch({ branch: before, ...state }: ReconcileState, { branch, settings }: CycleEnd): ReconcileState {
  const isPulled = settings === undefined || settings.git !== undefined;
  const known = branch ?? (isPulled ? before : undefined);
  return { ...state, ...(known !== undefined && { branch: known }) };
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
  const known = before === undefined ? state : afterSetBack(before, nowMs);
  return withSettings({ ...known, beat }, settings, nowMs);
}

function tellEnd(
  outcome: Outcome,
  state: ReconcileState,
  { turns }: AfterCycle,
  { clock, tell }: DaemonPorts,
  notifier: Notifier,
): void {
  tell(endOf(outcome, state));
  const moment = { at: isoOf(clock.now()) };
  const told = turns.map((turn) => ({ ...turn, ...moment }));
  for (const turn of told) tell(turn);
  notifier.notify(state.server, told);
}

function endOf(outcome: Outcome, { next, last, drift, branch, mode: wanted, window }: ReconcileState): ReconcileEvent {
  const commit = branch?.commit;
  const base = {
    type: 'cycle',
    outcome: outcome.is,
    ...(next !== undefined && { next }),
    ...(commit !== undefined && { commit }),
  } as const;
  switch (outcome.is) {
    case 'failed':
      return { ...base, code: outcome.code, text: outcome.text };
    case 'looked': {
      const { mode, run, tookMs, read } = outcome;
      const { done = 0, failed = 0 } = last ?? {};
      const made = { took_ms: Math.round(tookMs), done, failed, left: driftTotal(drift) };
      const isClosed = wanted === 'enforce' && mode === 'observe' && window?.open === false;
      return {
        ...base,
        mode,
        ...(isClosed && { closed_until: window.until ?? '' }),
        ...made,
        ...(run !== undefined && { run }),
        ...(read !== undefined && { read: read.is }),
      };
    }
    case 'paused':
    case 'busy':
    case 'put-off':
      return base;
  }
}
