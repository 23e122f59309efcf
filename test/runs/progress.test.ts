/** What a process that resumes a run is told of the processes before it. */
import { expect, test } from 'vitest';
import { progressOf } from '../../src/runs/progress.ts';
import { actionOf, create, patch, planOf } from './support/plan-of.ts';
import { answer, creating, intent, type Line, made, outcome, runOf, start } from './support/run-of.ts';

const plan = planOf([actionOf('new/1', create), actionOf('ada/1', patch, 'a'), actionOf('bob/1', patch, 'b')]);
const progress = (...lines: readonly Line[]): ReturnType<typeof progressOf> => progressOf(plan, runOf(...lines));

test('nothing is known of actions that were not begun', () => {
  expect(progress()).toEqual({ done: new Map(), uncertain: new Set(), created: new Map() });
});

test('a written call is done, also where the process died before the action’s end', () => {
  const { done, uncertain, created } = progress(creating('new/1'), made('new/1', 'n'));

  expect([...done.keys()]).toEqual(['new/1']);
  expect(done.get('new/1')).toMatchObject({
    outcome: { status: 'done', as: 'written' },
    attempts: [{ startedMs: start + 1000, result: 'written' }],
  });
  expect(uncertain.size).toBe(0);
  expect([...created]).toEqual([['new', 'n']]);
});

test('an account that was found in place of a create is known, too', () => {
  const { done, created } = progress({ type: 'outcome', action: 'new/1', status: 'done', as: 'found', account: 'n' });

  expect(done.get('new/1')).toMatchObject({ outcome: { as: 'found' }, attempts: [] });
  expect([...created]).toEqual([['new', 'n']]);
});

test('an account that was created is known, also where its action failed afterwards', () => {
  const { done, created } = progress(creating('new/1'), made('new/1', 'n'), outcome('new/1', 'failed'));

  expect(done.size).toBe(0);
  expect([...created]).toEqual([['new', 'n']]);
});

test.each<[string, readonly Line[], boolean]>([
  ['without an answer is uncertain', [intent('ada/1')], true],
  [
    'with a lost response is uncertain',
    [intent('ada/1'), answer('ada/1', 'unknown'), outcome('ada/1', 'failed')],
    true,
  ],
  ['that was refused is open', [intent('ada/1'), answer('ada/1', 'refused'), outcome('ada/1', 'failed')], false],
  [
    'that was refused after a lost one is uncertain',
    [intent('ada/1'), answer('ada/1', 'unknown'), intent('ada/1', 2), answer('ada/1', 'refused', 2)],
    true,
  ],
])('a call %s', (_, lines, isUncertain) => {
  const { done, uncertain } = progress(...lines);

  expect(done.size).toBe(0);
  expect(uncertain.has('ada/1')).toBe(isUncertain);
});
