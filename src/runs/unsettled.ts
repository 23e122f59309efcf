/** What a run left open that was ended from outside: calls whose answers nothing noted, and until when they may be under way. */
import { hourMs } from '../model/duration.ts';
import type { AttemptHistory, RunHistory } from './replay.ts';

/** Proxies and servers give a request up after 30 s at the latest: what was not carried out by then never will be. */
export const settleMs = 35_000;

/** Before a call is sent it may be held back, by a limiter above all; it is given up when that takes longer. */
const longestHeldMs = hourMs;

/** Whether something of a run is still to be looked for, or to be waited for. */
export const isUnsettled = (history: RunHistory, nowMs: number): boolean =>
  history.ended === undefined || history.openTokens.length > 0 || overAtMs(history, nowMs) > nowMs;

/** Calls that may have been under way when the process ended. */
export const openCalls = ({ actions }: RunHistory): readonly AttemptHistory[] =>
  [...actions.values()].flatMap(({ attempts }) =>
    attempts.filter(({ response, isOver }) => response === undefined && isOver !== true),
  );

/**
 * From when on no call of a run can be carried out any more; milliseconds since the epoch.
 *
 * Of a lost response the journal knows when the call was given up. Of one that was never noted it knows when the call was
 * about to be made, not when it was sent.
 */
export function overAtMs(history: RunHistory, nowMs: number): number {
  const given = [...history.actions.values()]
    .filter(({ outcome }) => outcome?.status !== 'done')
    .flatMap(({ attempts }) => attempts)
    .filter(({ response, isOver }) => response?.result === 'unknown' && isOver !== true)
    .map(({ respondedMs = 0 }) => respondedMs);
  const held = openCalls(history)
    .filter(({ atMs }) => atMs + longestHeldMs > nowMs)
    .map(() => nowMs);
  // A clock that was put back must not make anyone wait for longer.
  return Math.min(nowMs, Math.max(0, ...given, ...held)) + settleMs;
}
