/** What an entry wants of one token, beside the live tokens of its name: make, rotate, enable, disable, revoke. */

import { count } from '../../model/count.ts';
import type { DesiredToken } from '../../model/desired-state.ts';
import { utcDay } from '../../model/duration.ts';
import { hold } from '../../model/messages/held-rows.ts';
import { note } from '../../model/messages/notice-rows.ts';
import type { Change, HeldChange, Notice, Reason, ScheduledChange } from '../../model/plan.ts';
import type { HandsOff, Person, PlanContext } from '../../model/resource-definition.ts';
import { overlapEndMs } from '../../model/token-mark.ts';
import { createChange, tokenChange } from './definition-actions.ts';
import { expiryNotice, expiryVerdict } from './definition-expiry.ts';
import {
  hasSchedule,
  isMarkAhead,
  lineageOf,
  type MarkedToken,
  type NextRotation,
  nextRotation,
  type ReplacedToken,
} from './definition-lineage.ts';

/** What was found so far; filled by the rules, one token in one list at most. */
export interface Draft {
  readonly changes: Change[];
  readonly held: HeldChange[];
  readonly scheduled: ScheduledChange[];
  readonly notices: Notice[];
}

export const isHandsOff = ({ classes }: HandsOff, change: Change): boolean =>
  classes === undefined || classes.has(change.class);

/** @param live - the live tokens of the wanted name */
export function diffToken(
  person: Person,
  wanted: DesiredToken,
  live: readonly MarkedToken[],
  context: PlanContext,
  draft: Draft,
): void {
  const { current, replaced, newer } = lineageOf(wanted, live);
  // Where the entry stands is found by reading its file again: only for what differs.
  const declared = (): Reason => placeOf(person, `tokens.${wanted.name}`, context);
  if (newer.length > 0) {
    draft.held.push(generationLowered(person, wanted, newer, declared(), context));
    return;
  }
  const next = nextRotation(wanted, current);
  draft.notices.push(...noticesOf(person, wanted, current, next, context));
  const isMade = makeToken(person, wanted, current, next, context, draft);
  const again = isMade ? undefined : remade(wanted, current, next, context);
  if (again !== undefined)
    draft.scheduled.push({ change: createChange(person, wanted, declared(), context), due: again.toISOString() });
  const leaving: readonly ReplacedToken[] = isMade ? [...replaced, ...current.map((token) => ({ token }))] : replaced;
  const retired = new Set<MarkedToken>();
  for (const one of leaving) {
    const isSucceeded = one.successorDay !== undefined || isMade;
    if (isSucceeded && retire(person, wanted, one, context, draft)) retired.add(one.token);
  }
  // An entry that disables a token means all of its name, also one that an overlap still spares.
  const switched = wanted.enabled ? current : [...current, ...replaced.map(({ token }) => token)];
  for (const one of switched.filter((each) => each.enabled !== wanted.enabled && !retired.has(each)))
    draft.changes.push(tokenChange(person, wanted.enabled ? 'token-enable' : 'token-disable', one, declared()));
}

/**
 * Makes the token that is missing, or due; what is not due yet is scheduled.
 *
 * @returns whether this plan makes one
 */
function makeToken(
  person: Person,
  wanted: DesiredToken,
  current: readonly MarkedToken[],
  next: NextRotation | undefined,
  context: PlanContext,
  draft: Draft,
): boolean {
  if (!wanted.enabled || (current.length > 0 && !hasSchedule(wanted))) return false;
  const declared = placeOf(person, `tokens.${wanted.name}`, context);
  const reason: Reason = next === undefined ? declared : { ...declared, rule: 'rotation', text: next.because };
  const change: Change = {
    ...createChange(person, wanted, reason, context),
    ...(next !== undefined && { schedule: next.schedule }),
  };
  const isLater = current.length > 0 && (next === undefined || next.dueMs > context.desired.momentMs);
  // That nothing will be done to an account which is out of reach is no difference, before its day.
  if (isLater && person.handsOff !== undefined && isHandsOff(person.handsOff, change)) return false;
  const verdict = expiryVerdict(wanted, context.facts);
  if (verdict !== undefined) {
    // What the new one was to replace stays: it is all there is.
    draft.held.push({ change, ...verdict });
    return false;
  }
  if (!isLater) {
    draft.changes.push(change);
    return true;
  }
  if (next !== undefined) scheduleRotation(person, wanted, current, { change, dueMs: next.dueMs }, context, draft);
  return false;
}

function scheduleRotation(
  person: Person,
  wanted: DesiredToken,
  current: readonly MarkedToken[],
  { change, dueMs }: { readonly change: Change; readonly dueMs: number },
  context: PlanContext,
  draft: Draft,
): void {
  // The day on which the account leaves comes first, and a mark of the future tells no age.
  const endsMs = person.desired.dates?.endsMs ?? Infinity;
  if (dueMs >= endsMs || current.some((one) => isMarkAhead(one, context.desired.momentMs))) return;
  const day = utcDay(dueMs);
  const goneMs = wanted.overlapMs === 0 ? dueMs : overlapEndMs(day, wanted.overlapMs);
  draft.scheduled.push({ change, due: new Date(dueMs).toISOString() });
  if (goneMs >= endsMs) return;
  for (const token of current)
    draft.scheduled.push({
      change: revokeChange(person, wanted, { token, successorDay: day }, context),
      due: new Date(goneMs).toISOString(),
    });
}

/** When the server will have deleted every token of a generation, so that a plan makes it again; not where a rotation comes first. */
function remade(
  wanted: DesiredToken,
  current: readonly MarkedToken[],
  next: NextRotation | undefined,
  { desired, facts }: PlanContext,
): Date | undefined {
  if (!wanted.enabled || current.length === 0 || expiryVerdict(wanted, facts) !== undefined) return undefined;
  const expiresAt = Math.max(...current.map((live) => live.expiresAt ?? Number.POSITIVE_INFINITY));
  if (!Number.isFinite(expiresAt) || (next !== undefined && next.dueMs < expiresAt)) return undefined;
  return new Date(Math.max(expiresAt, desired.momentMs));
}

function noticesOf(
  { desired: { username } }: Person,
  wanted: DesiredToken,
  current: readonly MarkedToken[],
  next: NextRotation | undefined,
  { desired: { momentMs }, facts }: PlanContext,
): readonly Notice[] {
  const mark = `${wanted.name}@${wanted.generation}`;
  const notices: Notice[] = [];
  if (current.length > 1) {
    notices.push({
      ...note('token-made-twice', { tokens: count(current.length, 'live token'), mark, name: wanted.name }),
      person: username,
    });
  }
  const ahead = current.find((one) => isMarkAhead(one, momentMs));
  if (ahead !== undefined && next !== undefined) {
    notices.push({
      ...note('token-mark-ahead', { mark, day: ahead.mark.date, next: wanted.generation + 1 }),
      person: username,
    });
  }
  const isEndless = wanted.enabled && hasSchedule(wanted) && current.length > 0 && next === undefined;
  if (isEndless && expiryVerdict(wanted, facts) === undefined) {
    notices.push({
      ...note('token-never-expires', { mark, next: wanted.generation + 1 }),
      person: username,
    });
  }
  const expiring = wanted.enabled ? expiryNotice(username, wanted, current, momentMs, next?.dueMs) : undefined;
  return expiring === undefined ? notices : [...notices, expiring];
}

function generationLowered(
  person: Person,
  wanted: DesiredToken,
  newer: readonly MarkedToken[],
  reason: Reason,
  context: PlanContext,
): HeldChange {
  const highest = Math.max(...newer.map(({ mark }) => mark.generation));
  return {
    change: createChange(person, wanted, reason, context),
    ...hold('generation-lowered', 'the server', {
      name: wanted.name,
      highest,
      wanted: wanted.generation,
      next: highest + 1,
    }),
  };
}

/**
 * A token that was replaced: revoked once the new one is there and the overlap is over. A returner's goes before the
 * account lives again.
 *
 * @returns whether it is revoked now, rather than later
 */
function retire(person: Person, wanted: DesiredToken, one: ReplacedToken, context: PlanContext, draft: Draft): boolean {
  const change = revokeChange(person, wanted, one, context);
  const { momentMs } = context.desired;
  const { successorDay } = one;
  // A successor that this plan makes will carry the day of today.
  const dueMs = overlapEndMs(successorDay ?? utcDay(momentMs), wanted.overlapMs);
  const isDue = wanted.overlapMs === 0 || (successorDay !== undefined && momentMs >= dueMs);
  if (isDue) draft.changes.push(change);
  else draft.scheduled.push({ change, due: new Date(dueMs).toISOString() });
  return isDue;
}

function revokeChange(
  person: Person,
  wanted: DesiredToken,
  { token, successorDay }: ReplacedToken,
  context: PlanContext,
): Change {
  const returns = person.transition === 'returns';
  const isSameGeneration = token.mark.generation === wanted.generation;
  const successor = isSameGeneration
    ? `the one of ${successorDay ?? utcDay(context.desired.momentMs)}`
    : `generation ${wanted.generation}`;
  const reason: Reason = {
    ...placeOf(person, `tokens.${wanted.name}`, context),
    rule: returns ? 'returner' : 'rotation',
    text: `replaced by ${successor}`,
  };
  return { ...tokenChange(person, 'token-revoke', token, reason), part_of: returns ? 'return' : 'rotation' };
}

export function placeOf(
  { desired }: Person,
  part: 'active' | 'tokens' | `tokens.${string}`,
  context: PlanContext,
): Reason {
  const { file, line, column } = context.desired.locate(desired, part);
  return { text: 'declared', file, line, column };
}
