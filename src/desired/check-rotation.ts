/** Schedules of rotations that cannot be kept: each would leave a person without a token, or make one for ever. */
import type { DesiredToken } from '../model/desired-state.ts';
import { dayMs, durationText } from '../model/duration.ts';
import { type ProblemText, refuse } from '../model/messages/problems.ts';

/** What is wrong with the schedule of a token, for any person. */
export function flawsOfRotation(desired: DesiredToken): readonly ProblemText[] {
  const { name: token, rotateEveryMs, rotateBeforeMs, expiresInMs, overlapMs } = desired;
  const untilDueMs =
    rotateBeforeMs === undefined || expiresInMs === undefined ? Infinity : expiresInMs - rotateBeforeMs;
  const periodMs = Math.min(rotateEveryMs ?? Infinity, untilDueMs);
  if (rotateBeforeMs !== undefined && expiresInMs === undefined) return [refuse('rotate-before-nothing', { token })];
  // The mark names a day: of two tokens of one day nothing says which is newer.
  if (untilDueMs < dayMs)
    return [refuse('rotate-before-too-early', { token, expiresIn: durationText(expiresInMs ?? 0) })];
  if (rotateBeforeMs === undefined && expiresInMs !== undefined && periodMs >= expiresInMs && periodMs < Infinity)
    return [refuse('rotate-after-expiry', { token, expiresIn: durationText(expiresInMs) })];
  if (periodMs === Infinity || overlapMs < periodMs) return [];
  return [refuse('overlap-too-long', { token, period: durationText(periodMs) })];
}
