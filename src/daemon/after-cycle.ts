/** What a cycle changes of what is known of a server, and what is to be told of it. Pure. */
import type {
  DriftCount,
  LastCycle,
  ReconcileState,
  ServerQuarantine,
  Trouble,
} from '../model/generated/reconcile-state.ts';
import type { Turn } from '../model/reconcile-event.ts';
import { type HealthReport, healthOf } from '../model/reconcile-health.ts';
import type { ReconcileMode } from '../model/reconcile-settings.ts';
import { retryDelayMs, slowDelayMs } from './back-off.ts';
import { classesAfter } from './class-quarantine.ts';
import { contestedAfter } from './contested.ts';
import { driftOf, driftTotal } from './drift.ts';
import { type Failed, type Looked, type Outcome, sideOf } from './outcome.ts';
import type { Random } from './schedule.ts';

export interface AfterCycle {
  readonly state: ReconcileState;
  readonly turns: readonly Turn[];
  /** The next cycle begins no later, or no earlier, than the schedule says; absent: as it says. */
  readonly retryMs?: number;
}

export interface Moment {
  readonly nowMs: number;
  readonly random: Random;
}

/** So many runs are remembered. */
const maxRecent = 10;
/** So many reads in a row that failed, and the server is read seldom. */
const maxFailures = 5;

export function afterCycle(before: ReconcileState, outcome: Outcome, moment: Moment): AfterCycle {
  const beaten = { ...before, beat: isoOf(moment.nowMs) };
  const after = step(beaten, outcome, moment);
  const [was, is] = [ownHealthOf(beaten, moment.nowMs), ownHealthOf(after.state, moment.nowMs)];
  const turned: readonly Turn[] =
    isSame(was, is) || outcome.is === 'busy' ? [] : [{ type: 'health', from: was, to: is, ...textOf(after.state) }];
  return { ...after, turns: [...turned, ...after.turns] };
}

function step(before: ReconcileState, outcome: Outcome, moment: Moment): AfterCycle {
  switch (outcome.is) {
    case 'paused': {
      const { reason, by, untilMs } = outcome.pause;
      return { state: { ...before, pause: { reason, by, until: isoOf(untilMs) } }, turns: [] };
    }
    case 'busy':
      return { state: before, turns: [], retryMs: moment.nowMs + retryDelayMs(1, before.interval_ms, moment.random) };
    case 'put-off':
      return { state: before, turns: [], retryMs: outcome.untilMs };
    case 'failed':
      return afterFailure(awake(before), outcome, moment);
    case 'looked':
      return afterLook(awake(before), outcome, moment);
  }
}

/** A class in quarantine has turns of its own. */
const ownHealthOf = (state: ReconcileState, nowMs: number): HealthReport => healthOf({ ...state, classes: [] }, nowMs);

const isoOf = (ms: number): string => new Date(ms).toISOString();

const isSame = (one: HealthReport, other: HealthReport): boolean => one.is === other.is && one.reason === other.reason;

const textOf = ({ trouble }: ReconcileState): { text?: string } =>
  trouble === undefined ? {} : { text: trouble.text };

function awake(before: ReconcileState): ReconcileState {
  const { pause: _, ...state } = before;
  return state;
}

function afterFailure(before: ReconcileState, { code, text, side }: Failed, { nowMs, random }: Moment): AfterCycle {
  const count = (before.trouble?.count ?? 0) + 1;
  const trouble: Trouble = { code, text, count, since: before.trouble?.since ?? isoOf(nowMs) };
  const why =
    side === 'credential' ? 'credential' : side === 'server' && count >= maxFailures ? 'unreadable' : undefined;
  const holds = why ?? before.quarantine?.why;
  if (holds === undefined) {
    const delayMs = retryDelayMs(count, before.interval_ms, random);
    // The server is not asked: what is wrong in files is looked at no less often than what is right.
    const retryMs = nowMs + (side === 'files' ? Math.min(delayMs, before.interval_ms) : delayMs);
    return { state: { ...before, trouble }, turns: [], retryMs };
  }
  const quarantine = quarantineAfter(before.quarantine, holds, nowMs);
  const retryMs = nowMs + slowDelayMs(quarantine.tries, random);
  return { state: { ...before, trouble, quarantine }, turns: [], retryMs };
}

/** One that holds goes on, whatever fails next: the reason may become a graver one. */
function quarantineAfter(
  before: ServerQuarantine | undefined,
  why: ServerQuarantine['why'],
  nowMs: number,
): ServerQuarantine {
  return { why, since: before?.since ?? isoOf(nowMs), tries: (before?.tries ?? 0) + 1 };
}

function afterLook(before: ReconcileState, looked: Looked, moment: Moment): AfterCycle {
  const { nowMs, random } = moment;
  const { plan, result } = looked;
  const { trouble: _, quarantine: held, drift_told: wasTold, ...rest } = before;
  const contested = contestedAfter(before.contested, looked, nowMs);
  const classes = classesAfter(before.classes, plan, nowMs, random);
  const drift = driftOf(plan, result);
  const told = driftToldAfter(wasTold, drift, looked.mode, isoOf(nowMs));
  const last = lastOf(looked, nowMs);
  const state: ReconcileState = {
    ...rest,
    looked: isoOf(nowMs),
    ...(looked.read !== undefined && { read: { is: looked.read.is, full: isoOf(looked.read.fullMs) } }),
    drift,
    ...(told !== undefined && { drift_told: told }),
    unusable: plan.summary.unusable ?? 0,
    classes: classes.classes,
    contested: contested.contested,
    last,
    ...(result !== undefined && { recent: [last, ...(before.recent ?? [])].slice(0, maxRecent) }),
  };
  const turns: readonly Turn[] = [
    ...driftTurns(wasTold, state),
    ...classes.begun.map((one) => ({ type: 'class-quarantined' as const, ...one })),
    ...classes.ended.map((one) => ({ type: 'class-released' as const, ...one })),
    ...contested.begun.map((one) => ({ type: 'contested' as const, ...one })),
    ...contested.ended.map((one) => ({ type: 'contest-over' as const, ...one })),
  ];
  const failure = result === undefined ? undefined : failureOf(looked);
  if (failure === undefined) return { state: { ...state, succeeded: isoOf(nowMs) }, turns };
  const failed = afterFailure({ ...state, ...(before.trouble && { trouble: before.trouble }) }, failure, moment);
  // What stopped the run by itself stops the next ones, too: they come seldom.
  const why = failure.side === 'credential' ? 'credential' : result?.stopped === undefined ? undefined : 'stop-rule';
  if (why === undefined) return { state: failed.state, turns };
  const quarantine = quarantineAfter(held, why, nowMs);
  return { state: { ...failed.state, quarantine }, turns, retryMs: nowMs + slowDelayMs(quarantine.tries, random) };
}

/** A run in which something failed; one that was ended from outside did not fail. */
function failureOf({ result }: Looked): Failed | undefined {
  const errors = (result?.results ?? []).flatMap(({ outcome }) => (outcome.status === 'failed' ? [outcome.error] : []));
  const worst = errors.find((error) => sideOf(error) === 'credential') ?? errors[0];
  if (worst === undefined) return undefined;
  const side = sideOf(worst) === 'credential' ? 'credential' : 'other';
  return { is: 'failed', code: worst.code, text: worst.message, side };
}

function lastOf({ mode, result, run, tookMs }: Looked, nowMs: number): LastCycle {
  const of = (status: string): number =>
    (result?.results ?? []).filter(({ outcome }) => outcome.status === status).length;
  return {
    at: isoOf(nowMs),
    mode,
    took_ms: Math.max(0, Math.round(tookMs)),
    ...(run !== undefined && { run }),
    done: of('done'),
    failed: of('failed'),
    stale: of('stale'),
    skipped: of('skipped'),
  };
}

/**
 * Drift is reported where a cycle only looks: that is all that is done about it until another one writes, or a person.
 *
 * @param told - when it was reported before
 */
function driftToldAfter(
  told: string | undefined,
  drift: readonly DriftCount[],
  mode: ReconcileMode,
  now: string,
): string | undefined {
  if (driftTotal(drift) === 0) return undefined;
  return told ?? (mode === 'observe' ? now : undefined);
}

/** Once when it begins, and once when it is gone, by muster or by a person. */
function driftTurns(was: string | undefined, { drift, drift_told: is }: ReconcileState): readonly Turn[] {
  if (was === undefined) return is === undefined ? [] : [{ type: 'drift', drift }];
  return is === undefined ? [{ type: 'drift-gone' }] : [];
}
