import { describe, expect, test } from 'vitest';
import { type LossFacts, lossOf } from '../../../src/audit/chain/loss.ts';
import type { AccessLoss } from '../../../src/model/generated/chain-report.ts';

const hour = 3_600_000;
const endedMs = Date.parse('2027-03-01T00:00:00Z');
const after = (hours: number): number => endedMs + hours * hour;

/** Deactivated so many hours after access ended, and read a week later. */
const loss = (hours: number, more: Partial<LossFacts> = {}): AccessLoss =>
  lossOf({
    ended: { ms: endedMs, by: 'ends' },
    isActive: false,
    inactiveSinceMs: after(hours),
    tokensTakenMs: [],
    left: [],
    readMs: after(168),
    leaverHours: 24,
    ...more,
  });

describe('access that was lost', () => {
  test.each([
    [-5, 'in-time', 'access was lost 5 hours before it ended'],
    [24, 'in-time', 'access was lost 24 hours after it ended'],
    [24.01, 'late', 'access was lost 25 hours after it ended'],
    [25, 'late', 'access was lost 25 hours after it ended'],
  ] as const)('%d hours after it should have ended is %s', (hours, verdict, text) => {
    expect(loss(hours)).toMatchObject({ verdict, text, ended_by: 'ends' });
  });

  test('counts from the last token that a run took', () => {
    expect(loss(2, { tokensTakenMs: [after(1), after(30)] })).toMatchObject({
      verdict: 'late',
      from: new Date(after(30)).toISOString(),
      to: new Date(after(30)).toISOString(),
    });
  });

  test('and given back, and lost again, was lost at no certain moment', () => {
    expect(loss(30, { deactivatedMs: after(2) })).toMatchObject({
      verdict: 'unknown',
      from: new Date(after(2)).toISOString(),
      to: new Date(after(30)).toISOString(),
    });
    expect(loss(20, { deactivatedMs: after(2) }).verdict).toBe('in-time');
    expect(loss(40, { deactivatedMs: after(26) }).verdict).toBe('late');
    // The run noted it a little later than the server.
    expect(loss(30, { deactivatedMs: after(30) + 1000 })).toMatchObject({ verdict: 'late' });
  });

  test('is of no verdict where nothing says when it should have been', () => {
    const { ended: _, ...facts } = { ended: undefined, isActive: false, inactiveSinceMs: after(1) };
    const rest = { tokensTakenMs: [], left: [], readMs: after(168), leaverHours: 24 };

    expect(lossOf({ ...facts, ...rest })).toMatchObject({
      verdict: 'unknown',
      text: expect.stringContaining('--left-on'),
      from: new Date(after(1)).toISOString(),
    });
  });
});

describe('access that is still there', () => {
  const still: Partial<LossFacts> = { isActive: true };

  test.each([
    [-1, 'not-due', 'access has not ended yet'],
    [0, 'open', 'the account is active, 0 hours after access ended'],
    [24, 'open', 'the account is active, 24 hours after access ended'],
    [24.5, 'late', 'the account is active, 25 hours after access ended'],
  ] as const)('%d hours after it should have ended is %s', (hours, verdict, text) => {
    expect(loss(0, { ...still, readMs: after(hours) })).toMatchObject({ verdict, text });
  });

  test('may be a token or a session of an inactive account', () => {
    expect(loss(1, { left: ['token abc', 'session def'] })).toMatchObject({
      verdict: 'late',
      text: expect.stringMatching(/^still there: token abc, session def, 168 hours/),
    });
    expect(loss(1, { left: ['token abc'], readMs: after(2) }).verdict).toBe('open');
  });
});
