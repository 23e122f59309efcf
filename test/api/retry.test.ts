import { describe, expect, test } from 'vitest';
import { decideRetry, maxAttempts, maxLimitedAttempts, RetryBudget, type RetryFacts } from '../../src/api/retry.ts';

const transient: RetryFacts = {
  access: 'read',
  attempt: 1,
  isTransient: true,
  isCertainlyNotDone: false,
  isRateLimited: false,
  retryAfterMs: undefined,
  budget: 10,
  random: 0.5,
};
const limited: RetryFacts = { ...transient, isRateLimited: true, isCertainlyNotDone: true };

const table: readonly (readonly [title: string, facts: RetryFacts, expected: object])[] = [
  ['a read after a passing fault', transient, { again: true, delayMs: 250 }],
  ['a read after a lasting fault', { ...transient, isTransient: false }, { again: false, because: 'not-transient' }],
  ['a write that may be done', { ...transient, access: 'write' }, { again: false, because: 'may-be-done' }],
  [
    'a write that was certainly not done',
    { ...transient, access: 'write', isCertainlyNotDone: true },
    { again: true, delayMs: 250 },
  ],
  ['the second attempt', { ...transient, attempt: 2 }, { again: true, delayMs: 500 }],
  ['the third attempt', { ...transient, attempt: 3, random: 0 }, { again: true, delayMs: 0 }],
  ['the last attempt', { ...transient, attempt: maxAttempts }, { again: false, because: 'attempts' }],
  ['a client that has spent its repetitions', { ...transient, budget: 0.9 }, { again: false, because: 'budget' }],
  ['a limit that says when', { ...limited, retryAfterMs: 3000 }, { again: true, delayMs: 3000 }],
  ['a limit, without a budget', { ...limited, budget: 0, retryAfterMs: 1000 }, { again: true, delayMs: 1000 }],
  ['a limit after the fourth attempt', { ...limited, attempt: maxAttempts }, { again: true, delayMs: 2000 }],
  ['a limit after very many', { ...limited, attempt: maxLimitedAttempts }, { again: false, because: 'attempts' }],
  ['a limit for an hour', { ...limited, retryAfterMs: 3_600_000 }, { again: false, because: 'too-long' }],
  ['a write under a limit', { ...limited, access: 'write', retryAfterMs: 1000 }, { again: true, delayMs: 1000 }],
];

describe('decides on', () => {
  test.each(table)('%s', (_, facts, expected) => {
    expect(decideRetry(facts)).toEqual(expected);
  });
});

test('never waits longer than its bound between two attempts', () => {
  for (let attempt = 1; attempt < maxLimitedAttempts; attempt += 1) {
    const decision = decideRetry({ ...limited, attempt, random: 0.999 });
    expect(decision).toMatchObject({ again: true });
    expect('delayMs' in decision && decision.delayMs).toBeLessThanOrEqual(20_000);
  }
});

test('has repetitions for a fifth of the calls, after the first few', () => {
  const budget = new RetryBudget();
  let spent = 0;
  for (let call = 0; call < 1000; call += 1) {
    while (budget.left >= 1) {
      budget.spend();
      spent += 1;
    }
    budget.earn();
  }

  expect(spent).toBeGreaterThanOrEqual(200);
  expect(spent).toBeLessThanOrEqual(220);
});
