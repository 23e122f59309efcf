import { expect, test } from 'vitest';
import { durationMs, durationText } from '../../src/model/duration.ts';

test.each([
  ['1m', 60_000],
  ['90m', 5_400_000],
  ['12h', 43_200_000],
  ['36h', 129_600_000],
  ['1d', 86_400_000],
  ['90d', 7_776_000_000],
])('the duration %s is read and written the same way', (text, ms) => {
  expect(durationMs(text)).toBe(ms);
  expect(durationText(ms)).toBe(text);
});

test('is shown in the largest unit that fits', () => {
  expect(durationText(durationMs('48h'))).toBe('2d');
  expect(durationText(durationMs('120m'))).toBe('2h');
});
