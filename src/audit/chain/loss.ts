/** When a person lost access, and whether that was in time. Pure. */
import { count } from '../../model/count.ts';
import { hourMs } from '../../model/duration.ts';
import type { AccessLoss } from '../../model/generated/chain-report.ts';

/** Milliseconds since the epoch throughout. */
export interface LossFacts {
  /** When access should have ended; absent: nothing says. */
  readonly ended?: { readonly ms: number; readonly by: NonNullable<AccessLoss['ended_by']> };
  readonly isActive: boolean;
  /** The server's date of the last deactivation. */
  readonly inactiveSinceMs?: number;
  /** When runs deactivated the account, and nothing activated it since as far as they tell. */
  readonly deactivatedMs?: number;
  /** The runs that took the account and gave it back, where the person may have returned: whether that was so, nothing tells. */
  readonly returned?: { readonly takenMs: number; readonly backMs: number };
  /** Of tokens that no longer work: when runs took them, where they did. A token does not work on an inactive account. */
  readonly tokensTakenMs: readonly number[];
  /** Tokens that are enabled, and sessions that are there. */
  readonly left: readonly string[];
  readonly readMs: number;
  readonly leaverHours: number;
}

/** Access was lost at one moment, or at one that nothing tells between two. */
interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export function lossOf(facts: LossFacts): AccessLoss {
  const { ended, readMs, leaverHours, left } = facts;
  const lost = lostIn(facts);
  const told = {
    ...(ended !== undefined && { ended: iso(ended.ms), ended_by: ended.by }),
    ...(lost !== undefined && { from: iso(lost.fromMs), to: iso(lost.toMs) }),
  };
  if (ended === undefined)
    return { verdict: 'unknown', text: 'nothing says when access should have ended: give --left-on', ...told };
  const limitMs = ended.ms + leaverHours * hourMs;
  const returned = returnedText(facts, ended.ms);
  if (lost === undefined) {
    const what = facts.isActive ? 'the account is active' : `still there: ${left.join(', ')}`;
    if (readMs < ended.ms) return { verdict: 'not-due', text: 'access has not ended yet', ...told };
    const since = hoursText(readMs - ended.ms);
    const text = `${what}, ${since} after access ended${returned}`;
    return { verdict: readMs <= limitMs ? 'open' : 'late', text, ...told };
  }
  if (lost.toMs <= limitMs)
    return { verdict: 'in-time', text: `access was lost ${afterText(lost.toMs - ended.ms)}`, ...told };
  if (lost.fromMs > limitMs)
    return { verdict: 'late', text: `access was lost ${afterText(lost.fromMs - ended.ms)}${returned}`, ...told };
  return {
    verdict: 'unknown',
    text: 'access was lost before or after the limit: nothing tells what was between the two moments',
    ...told,
  };
}

function lostIn(facts: LossFacts): Span | undefined {
  const { isActive, inactiveSinceMs, deactivatedMs, tokensTakenMs, left } = facts;
  if (isActive || inactiveSinceMs === undefined || left.length > 0) return undefined;
  // A later date of the server: it was deactivated again, and may have been active in between.
  const isAgain = deactivatedMs !== undefined && deactivatedMs < inactiveSinceMs;
  const tokensMs = Math.max(...tokensTakenMs, 0);
  return {
    fromMs: Math.max(isAgain ? deactivatedMs : inactiveSinceMs, tokensMs),
    toMs: Math.max(inactiveSinceMs, tokensMs),
  };
}

function returnedText({ returned }: LossFacts, endedMs: number): string {
  if (returned === undefined) return '';
  const { takenMs, backMs } = returned;
  return `; a run took it ${iso(takenMs)}, ${afterText(takenMs - endedMs)}, and one gave it back ${iso(backMs)}`;
}

const iso = (ms: number): string => new Date(ms).toISOString();
/** Rounded up: what is over a limit never looks as if it kept it. */
const hoursText = (ms: number): string => count(Math.ceil(Math.abs(ms) / hourMs), 'hour');
const afterText = (ms: number): string => `${hoursText(ms)} ${ms < 0 ? 'before' : 'after'} it ended`;
