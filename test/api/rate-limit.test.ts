import { expect, test } from 'vitest';
import { readRateLimit, readRetryAfter } from '../../src/api/rate-limit.ts';

const names = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'] as const;

function headers(
  ...values: readonly (string | readonly string[] | undefined)[]
): Record<string, string | readonly string[] | undefined> {
  return Object.fromEntries(names.map((name, index) => [name, values[index]]));
}

test.each([
  ['one limiter', headers('101', '97', '1'), { limit: 101, remaining: 97, resetSeconds: 1 }],
  ['two, joined', headers('101, 101', '97, 88', '1, 2'), { limit: 101, remaining: 88, resetSeconds: 2 }],
  ['two, apart', headers(['101', '101'], ['51', '0'], ['5', '11']), { limit: 101, remaining: 0, resetSeconds: 11 }],
  [
    'two of different size',
    headers(['101', '11'], ['97', '3'], ['1', '2']),
    { limit: 11, remaining: 3, resetSeconds: 2 },
  ],
  ['headers that do not pair', headers(['101', '11'], '3', ['1', '2']), { limit: 11, remaining: 3, resetSeconds: 2 }],
  ['one that is missing', headers('101', undefined, '1'), undefined],
  ['none', headers(), undefined],
  ['no numbers', headers('many', 'some', 'soon'), undefined],
  ['negative numbers', headers('-1', '-5', '-1'), undefined],
  ['a limit of nothing', headers('0', '0', '0'), undefined],
  ['more left than there is', headers('5', '9', '1'), undefined],
  ['a number of a hundred digits', headers('9'.repeat(100), '1', '1'), undefined],
])('reads the limit of %s', (_, given, expected) => {
  expect(readRateLimit(given)).toEqual(expected);
});

test.each([
  ['1', 1000],
  ['60', 60_000],
  ['0', 0],
  [' 7 ', 7000],
  ['-5', undefined],
  ['soon', undefined],
  ['1.5', undefined],
  ['', undefined],
  ['1000000000', 1_000_000_000_000],
  ['Tue, 14 Nov 2023 22:13:30 GMT', 10_000],
  ['Tue, 14 Nov 2000 22:13:30 GMT', 0],
  ['Tue, 99 Nov 2023', undefined],
])('reads Retry-After "%s"', (value, expected) => {
  expect(readRetryAfter({ 'retry-after': value }, 1_700_000_000_000)).toBe(expected);
});
