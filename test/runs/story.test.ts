/** What an auditor is told of each change of a run. */
import { expect, test } from 'vitest';
import { changesOf } from '../../src/runs/story.ts';
import { actionOf, patch, planOf } from './support/plan-of.ts';
import { answer, intent, type Line, runOf } from './support/run-of.ts';

const plan = planOf([actionOf('ada/1', patch, 'a')]);
const failed = (written: 'no' | 'yes' | 'unknown'): Line => ({
  type: 'outcome',
  action: 'ada/1',
  status: 'failed',
  written,
  code: 'API_UNREACHABLE',
});

test.each<[what: string, lines: readonly Line[], written: string | undefined]>([
  ['was refused is not on the server', [answer('ada/1', 'refused'), failed('no')], undefined],
  ['lost its response may be on the server', [answer('ada/1', 'unknown'), failed('unknown')], 'unknown'],
  ['could not be read back is on the server', [answer('ada/1', 'written'), failed('yes')], 'yes'],
  [
    'did not show at the end is on the server',
    [answer('ada/1', 'written'), { type: 'not-verified', action: 'ada/1', code: 'NOT_VERIFIED' }],
    'yes',
  ],
])('a failed change that %s', (_, lines, written) => {
  const [told] = changesOf(plan, runOf(intent('ada/1'), ...lines));

  expect(told?.outcome).toBe('failed');
  expect(told?.written).toBe(written);
});
