/** What a run left open, and until when. */
import { describe, expect, test } from 'vitest';
import { isUnsettled, openCalls, overAtMs, settleMs } from '../../src/runs/unsettled.ts';
import { answer, ended, intent, type Line, outcome, resumed, runOf, start, swept } from './support/run-of.ts';

const second = 1000;
const hour = 3600 * second;

describe('calls without an answer', () => {
  test.each<[string, readonly Line[], readonly number[]]>([
    ['are those that nothing noted an answer of', [intent('a/1'), intent('b/1'), answer('b/1', 'unknown')], [1]],
    ['are none once a later process has waited for them', [intent('a/1'), resumed], []],
    ['are none in a run that was given up', [intent('a/1'), ended('abandoned')], []],
    ['are those of the later process, where that died too', [intent('a/1'), resumed, intent('a/1', 2)], [2]],
  ])('%s', (_, lines, attempts) => {
    expect(openCalls(runOf(...lines)).map(({ attempt }) => attempt)).toEqual(attempts);
  });
});

describe('no call can be under way any more', () => {
  test.each<[string, readonly Line[], number, number]>([
    ['at once, where every call was answered', [intent('a/1'), answer('a/1', 'written')], start + hour, settleMs],
    [
      'a while after an response was lost',
      [intent('a/1'), answer('a/1', 'unknown')],
      start + hour,
      start + 2 * second + settleMs,
    ],
    ['a while from now, where a call may still be held back', [intent('a/1')], start + hour, start + hour + settleMs],
    ['at once, where it cannot be held back for so long', [intent('a/1')], start + 2 * hour, settleMs],
    [
      'at once, where a later try was done',
      [intent('a/1'), answer('a/1', 'unknown'), intent('a/1', 2), answer('a/1', 'written', 2), outcome('a/1', 'done')],
      start + hour,
      settleMs,
    ],
    [
      'a while from now at most, where the clock was put back',
      [intent('a/1'), answer('a/1', 'unknown')],
      start,
      start + settleMs,
    ],
  ])('%s', (_, lines, nowMs, expected) => {
    expect(overAtMs(runOf(...lines), nowMs)).toBe(expected);
  });
});

describe('a run is unsettled', () => {
  const late = start + 24 * hour;

  test.each<[string, readonly Line[], number]>([
    ['that has no end', [], late],
    ['of which a token may be there', [intent('a/1', 1, 'm'), ended('interrupted')], late],
    [
      'of which a call may be under way',
      [intent('a/1'), answer('a/1', 'unknown'), ended('complete')],
      start + 3 * second,
    ],
  ])('%s', (_, lines, nowMs) => {
    expect(isUnsettled(runOf(...lines), nowMs)).toBe(true);
  });

  test.each<[string, readonly Line[]]>([
    ['that ended and answered everything', [intent('a/1'), answer('a/1', 'written'), ended('complete')]],
    ['whose tokens were looked for', [intent('a/1', 1, 'm'), swept(), ended('interrupted')]],
    ['that was given up', [intent('a/1'), swept(), ended('abandoned')]],
  ])('but not one %s', (_, lines) => {
    expect(isUnsettled(runOf(...lines), late)).toBe(false);
  });
});
