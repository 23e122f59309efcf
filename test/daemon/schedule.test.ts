import { describe, expect, test } from 'vitest';
import { retryDelayMs, slowDelayMs } from '../../src/daemon/back-off.ts';
import { dueAfter, intervalOf } from '../../src/daemon/schedule.ts';

const minute = 60_000;
const every = { everyMs: 15 * minute };
const start = Date.parse('2027-03-27T08:00:00Z');
const never = (): number => 0;

test('the first cycle begins at once, and the others at the interval that was asked for', () => {
  const first = dueAfter(every, 0, undefined, start, never);
  const second = dueAfter(every, 0, first, start + 20_000, never);

  expect(first?.atMs).toBe(start);
  expect(second?.atMs).toBe(start + 15 * minute);
});

test('jitter does not add up, so that drift is noticed within an interval and the jitter', () => {
  let due = dueAfter(every, minute, undefined, start, never);
  let seed = 1;
  const begins: number[] = [];
  for (let i = 0; i < 200; i++) {
    seed = (seed * 16_807) % 2_147_483_647;
    due = dueAfter(every, minute, due, (due?.atMs ?? 0) + 3000, () => seed / 2_147_483_647);
    begins.push(due?.atMs ?? 0);
  }

  const gaps = begins.slice(1).map((ms, i) => ms - (begins[i] ?? 0));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(16 * minute);
  expect(begins.at(-1)).toBeLessThanOrEqual(start + 200 * 15 * minute + minute);
});

test('a cycle that took long makes none pile up', () => {
  const due = dueAfter(every, 0, { nominalMs: start }, start + 40 * minute, never);

  expect(due?.atMs).toBe(start + 45 * minute);
});

describe('a cron expression', () => {
  const cron = { cron: '30 2 * * *', timeZone: 'Europe/Berlin' };

  test.each([
    ['2027-03-27T00:00:00Z', '2027-03-27T01:30:00.000Z', 'in winter'],
    ['2027-06-01T00:00:00Z', '2027-06-01T00:30:00.000Z', 'in summer'],
  ])('after %s begins at %s, %s', (after, begins) => {
    const due = dueAfter(cron, 0, undefined, Date.parse(after), never);

    expect(new Date(due?.nominalMs ?? 0).toISOString()).toBe(begins);
  });

  test('runs once on each day, also where the clock skips its time or shows it twice', () => {
    for (const from of ['2027-03-27T12:00:00Z', '2027-10-30T12:00:00Z']) {
      const first = dueAfter(cron, 0, undefined, Date.parse(from), never);
      const second = dueAfter(cron, 0, first, (first?.nominalMs ?? 0) + 1000, never);

      expect(first?.nominalMs).toBeLessThan(Date.parse(from) + 24 * 60 * minute);
      expect((second?.nominalMs ?? 0) - (first?.nominalMs ?? 0)).toBeGreaterThan(20 * 60 * minute);
    }
  });
});

test('a process shows that it lives each quarter of an hour at least, however seldom its cycles are', () => {
  expect(intervalOf({ everyMs: 24 * 60 * minute }, start)).toBe(15 * minute);
  expect(intervalOf({ everyMs: minute }, start)).toBe(minute);
  expect(intervalOf({ cron: '*/5 * * * *', timeZone: 'UTC' }, start)).toBe(5 * minute);
});

test('waits after failures double up to an hour, by half a matter of chance', () => {
  const longest = [1, 2, 3, 4, 5, 6, 7, 8, 100].map((n) => retryDelayMs(n, 15 * minute, () => 1) / minute);
  const shortest = [1, 2, 100].map((n) => retryDelayMs(n, 15 * minute, never) / minute);

  expect(longest).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  expect(shortest).toEqual([0.5, 1, 30]);
});

test('what is in quarantine is tried after one, two, four and six hours', () => {
  expect([1, 2, 3, 4, 50].map((n) => slowDelayMs(n, () => 1) / (60 * minute))).toEqual([1, 2, 4, 6, 6]);
});
