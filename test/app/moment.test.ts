import { expect, test } from 'vitest';
import { momentOf } from '../../src/app/moment.ts';
import { systemClock } from '../../src/app/system.ts';
import { resolvePolicy } from '../../src/config/settings.ts';
import type { Clock } from '../../src/model/clock.ts';

const clock: Clock = { ...systemClock, now: () => 1500.75 };
const inNewYork = { policy: resolvePolicy({ policy: { time_zone: 'America/New_York' } }) };

test.each<[string, string | undefined, string]>([
  ['nothing asks for is now, in whole milliseconds', undefined, '1970-01-01T00:00:01.500Z'],
  ['a date asks for is its start where the people are', '2027-07-01', '2027-07-01T04:00:00.000Z'],
  ['a moment asks for is that moment', '2027-07-01T12:00:00.250+02:00', '2027-07-01T10:00:00.250Z'],
])('the moment that %s', (_what, at, expected) => {
  const ms = momentOf(at === undefined ? {} : { at }, inNewYork, { clock });

  expect(new Date(ms).toISOString()).toBe(expected);
});

test.each(['2027-02-30', 'tomorrow', ''])('no moment is read from %j', (at) => {
  expect(() => momentOf({ at }, inNewYork, { clock })).toThrow(
    expect.objectContaining({ code: 'INPUT_REFUSED', problems: [expect.objectContaining({ code: 'access-moment' })] }),
  );
});
