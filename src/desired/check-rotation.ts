/** Schedules of rotations that cannot be kept: each would leave a person without a token, or make one for ever. */
import type { DesiredToken } from '../model/desired-state.ts';
import { dayMs, durationText } from '../model/duration.ts';
import type { Problem } from '../model/problem.ts';

/** What is wrong with the schedule of a token, for any person. */
export function flawsOfRotation(token: DesiredToken): ReadonlyArray<Omit<Problem, 'at' | 'excerpt'>> {
  const { name, rotateEveryMs, rotateBeforeMs, expiresInMs, overlapMs } = token;
  const untilDueMs =
    rotateBeforeMs === undefined || expiresInMs === undefined ? Infinity : expiresInMs - rotateBeforeMs;
  const periodMs = Math.min(rotateEveryMs ?? Infinity, untilDueMs);
  if (rotateBeforeMs !== undefined && expiresInMs === undefined) {
    return [
      {
        code: 'rotate-before-nothing',
        message: `the token ${name} is to be rotated before it expires, and the entry gives it no expires_in`,
        hint: 'write expires_in, or rotate_every instead of rotate_before',
      },
    ];
  }
  // The mark names a day: of two tokens of one day nothing says which is newer.
  if (untilDueMs < dayMs) {
    return [
      {
        code: 'rotate-before-too-early',
        message: `the token ${name} is to be rotated within a day of its making`,
        hint: `write a rotate_before that is at least a day shorter than expires_in (${durationText(expiresInMs ?? 0)})`,
      },
    ];
  }
  if (rotateBeforeMs === undefined && expiresInMs !== undefined && periodMs >= expiresInMs && periodMs < Infinity) {
    return [
      {
        code: 'rotate-after-expiry',
        message: `the token ${name} expires after ${durationText(expiresInMs)}, before it is rotated`,
        hint: 'write a shorter rotate_every, or rotate_before',
      },
    ];
  }
  if (periodMs === Infinity || overlapMs < periodMs) return [];
  return [
    {
      code: 'overlap-too-long',
      message: `the token ${name} is rotated every ${durationText(periodMs)}, and its overlap is no shorter`,
      hint: 'write an overlap that ends before the next rotation',
    },
  ];
}
