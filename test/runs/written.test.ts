/** What a run wrote, for what takes it back. */
import { expect, test } from 'vitest';
import { writtenOf } from '../../src/runs/written.ts';
import { actionOf, create, createToken, patch, planOf } from './support/plan-of.ts';
import { answer, creating, intent, type Line, made, outcome, runOf } from './support/run-of.ts';

const [make, token, change] = [
  actionOf('new/1', create),
  actionOf('new/2', createToken),
  actionOf('ada/1', patch, 'a'),
];
const written = (...lines: readonly Line[]): ReturnType<typeof writtenOf> =>
  writtenOf(planOf([make, token, change]), runOf(...lines));

test('nothing is written by a run that made no call', () => {
  expect(written(outcome('ada/1', 'done'))).toEqual({ written: [], unknown: [] });
});

test('actions come in the order of the plan, each with the account and the token that its run made', () => {
  expect(
    written(
      intent('ada/1'),
      answer('ada/1', 'written'),
      creating('new/1'),
      made('new/1', 'n'),
      intent('new/2', 1, 'm'),
      { type: 'response', action: 'new/2', attempt: 1, result: 'written', token: 't' },
    ),
  ).toEqual({
    written: [
      { action: make, account: 'n' },
      { action: token, account: 'n', token: 't' },
      { action: change, account: 'a' },
    ],
    unknown: [],
  });
});

test.each<[string, readonly Line[], number]>([
  ['without an answer may be written', [intent('ada/1')], 1],
  ['with a lost response may be written', [intent('ada/1'), answer('ada/1', 'unknown')], 1],
  ['that was refused is not written', [intent('ada/1'), answer('ada/1', 'refused')], 0],
])('a call %s', (_, lines, count) => {
  expect(written(...lines).written).toHaveLength(count);
});

test('a create of which nothing noted the account is named, once for the person', () => {
  const { written: known, unknown } = written(creating('new/1'), intent('new/2', 1, 'm'));

  expect(known).toEqual([]);
  expect(unknown).toMatchObject([{ code: 'account-not-known', hint: 'check whether new has an account' }]);
});
