/** One run in a line. */
import { expect, test } from 'vitest';
import { countsOf, summaryOf } from '../../src/runs/summary.ts';
import { answer, ended, intent, outcome, resumed, runOf, started } from './support/run-of.ts';

const file = { run: 'r', file: 'run-r.jsonl', tampered: false };
const nothing = { actions: 0, done: 0, left: 0, failed: 0, stale: 0, skipped: 0 };

test('what nothing was noted of is left until the run has an end, and is skipped then', () => {
  const none = { actions: 2, done: 0, left: 2, failed: 0, stale: 0 };

  expect(countsOf(runOf())).toEqual({ ...none, skipped: 0 });
  expect(countsOf(runOf(ended('interrupted')))).toEqual({ ...none, skipped: 2 });
});

test('a call that was written is done, also where the process ended before it noted that', () => {
  expect(countsOf(runOf(intent('a/1'), answer('a/1', 'written'), intent('b/1')))).toMatchObject({ done: 1, left: 1 });
});

test('what failed or is stale is left, and what was tried again counts by its last end', () => {
  expect(countsOf(runOf(outcome('a/1', 'done'), outcome('b/1', 'stale')))).toEqual({
    actions: 2,
    done: 1,
    left: 1,
    failed: 0,
    stale: 1,
    skipped: 0,
  });
  expect(
    countsOf(runOf(outcome('a/1', 'failed'), resumed, intent('a/1'), answer('a/1', 'written'), outcome('a/1', 'done'))),
  ).toMatchObject({ done: 1, failed: 0 });
});

test('a run is summed up with its beginning, its end and its flaws', () => {
  expect(summaryOf({ ...file, head: 'h', flaws: ['moved'] }, runOf(outcome('a/1', 'done'), ended('stopped')))).toEqual({
    ...file,
    head: 'h',
    started: started.at,
    how: 'stopped',
    actions: 2,
    done: 1,
    left: 1,
    failed: 0,
    stale: 0,
    skipped: 1,
    flaws: ['moved'],
  });
});

test('a run without an end is open', () => {
  expect(summaryOf({ ...file, flaws: [] }, runOf()).how).toBe('open');
});

test('a run without a history was never begun, or cannot be read', () => {
  expect(summaryOf({ ...file, flaws: [] }, undefined)).toEqual({ ...file, ...nothing, how: 'never begun', flaws: [] });
  expect(summaryOf({ ...file, flaws: ['x'] }, undefined)).toEqual({
    ...file,
    ...nothing,
    how: 'unreadable',
    flaws: ['x'],
  });
});
