import { describe, expect, test } from 'vitest';
import { activeAt, type WindowFields } from '../../src/desired/window.ts';
import { endOf, isRealMoment, startOf } from '../../src/model/written-moment.ts';

const minute = 60_000;

describe('a day begins', () => {
  test.each<[zone: string, day: string, beginsAt: string, why: string]>([
    ['UTC', '2026-12-01', '2026-12-01T00:00:00Z', 'at midnight'],
    ['Europe/Berlin', '2026-12-01', '2026-11-30T23:00:00Z', 'in winter'],
    ['Europe/Berlin', '2026-07-01', '2026-06-30T22:00:00Z', 'in summer'],
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00Z', 'on the day on which summer time begins'],
    ['Europe/Berlin', '2026-03-30', '2026-03-29T22:00:00Z', 'on the day after that'],
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00Z', 'on the day on which summer time ends'],
    ['Europe/Berlin', '2026-10-26', '2026-10-25T23:00:00Z', 'on the day after that'],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00Z', 'on the day on which summer time begins'],
    ['America/New_York', '2026-03-09', '2026-03-09T04:00:00Z', 'on the day after that'],
    ['America/New_York', '2026-11-01', '2026-11-01T04:00:00Z', 'on the day on which summer time ends'],
    ['America/New_York', '2026-11-02', '2026-11-02T05:00:00Z', 'on the day after that'],
    ['Pacific/Auckland', '2026-04-05', '2026-04-04T11:00:00Z', 'on the day on which summer time ends'],
    ['Pacific/Auckland', '2026-04-06', '2026-04-05T12:00:00Z', 'on the day after that'],
    ['Pacific/Auckland', '2026-09-27', '2026-09-26T12:00:00Z', 'on the day on which summer time begins'],
    ['Pacific/Auckland', '2026-09-28', '2026-09-27T11:00:00Z', 'on the day after that'],
    ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00Z', 'at one, where there is no midnight'],
    ['America/Santiago', '2025-09-07', '2025-09-07T04:00:00Z', 'at one, where there is no midnight, west of Greenwich'],
    ['America/Santiago', '2026-04-05', '2026-04-05T04:00:00Z', 'once, where eleven at night comes twice'],
    ['Atlantic/Azores', '2026-10-25', '2026-10-25T00:00:00Z', 'at the first of two midnights'],
    ['Asia/Kathmandu', '2026-01-01', '2025-12-31T18:15:00Z', 'at a quarter'],
    ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00Z', 'after a day that there was not'],
    ['Asia/Kolkata', '2028-02-29', '2028-02-28T18:30:00Z', 'in a leap year'],
  ])('in %s on %s at %s: %s', (zone, day, beginsAt) => {
    expect(new Date(startOf(day, zone)).toISOString()).toBe(new Date(beginsAt).toISOString());
  });

  test('and ends in the year 9999 at the latest, so that every plan can say when', () => {
    for (const zone of ['UTC', 'America/New_York', 'Pacific/Auckland'])
      for (const last of ['9999-12-31', '9999-12-30', '9999-12-31T23:59:59-23:59'])
        expect(new Date(endOf(last, zone)).toISOString(), `${last} in ${zone}`).toMatch(/^9999-12-3/);
  });

  test('where the day before it ends', () => {
    for (const zone of ['UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Auckland', 'America/Santiago']) {
      const days = Array.from({ length: 800 }, (_, i) => new Date(Date.UTC(2026, 0, 1 + i)).toISOString().slice(0, 10));
      const gaps = days.slice(1).filter((day, i) => endOf(days[i] ?? '', zone) !== startOf(day, zone));

      expect(gaps).toEqual([]);
    }
  });
});

describe('wants, in Berlin, of', () => {
  const berlin = 'Europe/Berlin';
  const first = Date.parse('2026-12-01T00:00:00+01:00');
  const afterLast = Date.parse('2027-07-01T00:00:00+02:00');
  const evening = Date.parse('2027-06-30T16:00:00Z');
  const starts = '2026-12-01';
  const ends = '2027-06-30';

  test.each<[what: string, fields: WindowFields, momentMs: number, expected: object]>([
    ['nothing named: nothing', {}, first, {}],
    ['active: that', { active: true }, first, { active: true }],
    ['not active: that', { active: false }, first, { active: false }],
    ['not active, inside the window: inactive', { active: false, starts, ends }, first, { active: false }],
    ['a start, just before: inactive', { starts }, first - 1, { active: false, because: 'starts 2026-12-01' }],
    ['a start, at it: active', { starts }, first, { active: true, because: 'started 2026-12-01' }],
    [
      'an end, in the last moment of its day: active',
      { ends },
      afterLast - 1,
      { active: true, because: 'ends 2027-06-30' },
    ],
    ['an end, after its day: inactive', { ends }, afterLast, { active: false, because: 'ended 2027-06-30' }],
    ['both, before: inactive', { starts, ends }, first - minute, { active: false, because: 'starts 2026-12-01' }],
    ['both, between: active', { starts, ends }, first + minute, { active: true, because: 'started 2026-12-01' }],
    [
      'both, after: inactive',
      { active: true, starts, ends },
      afterLast,
      { active: false, because: 'ended 2027-06-30' },
    ],
    ['one day: active on it', { starts, ends: starts }, first + 1, { active: true, because: 'started 2026-12-01' }],
    [
      'a moment of its own zone, before it',
      { ends: '2027-06-30T18:00:00+02:00' },
      evening - 1,
      { active: true, because: 'ends 2027-06-30T18:00:00+02:00' },
    ],
    [
      'a moment of its own zone, at it',
      { ends: '2027-06-30T18:00:00+02:00' },
      evening,
      { active: false, because: 'ended 2027-06-30T18:00:00+02:00' },
    ],
    [
      'a start at a moment, before it',
      { starts: '2027-06-30T16:00Z' },
      evening - 1,
      { active: false, because: 'starts 2027-06-30T16:00Z' },
    ],
  ])('%s', (_what, fields, momentMs, expected) => {
    const { dates: _, ...found } = activeAt(fields, momentMs, berlin);

    expect(found).toEqual(expected);
  });
});

describe('the calendar', () => {
  test.each(['2027-06-30', '2028-02-29', '2027-06-30T18:00Z', '2027-06-30T18:00:59+05:45'])('has %s', (text) => {
    expect(isRealMoment(text)).toBe(true);
  });

  test.each([
    '2027-02-29',
    '2027-02-30',
    '2027-13-01',
    '2027-00-10',
    '2027-01-00',
    '2027-06-31T10:00:00Z',
    '2027-06-30T25:00:00Z',
    '2027-06-30T10:60:00Z',
    '2027-06-30T10:00:00+99:99',
    '2027-06',
    '2027-06-30T18:00',
    '2027-06-30 18:00Z',
    'Jun 30 2027',
  ])('has no %s', (text) => {
    expect(isRealMoment(text)).toBe(false);
  });
});
