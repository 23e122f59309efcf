import { describe, expect, test } from 'vitest';
import { isOpenAt, openingAt } from '../../src/daemon/windows.ts';
import { type Weekday, type Window, weekdays } from '../../src/model/reconcile-settings.ts';

const every: ReadonlySet<Weekday> = new Set(weekdays);

interface Given {
  readonly days?: readonly Weekday[];
  readonly timeZone?: string;
}

function window(rule: Window['rule'], from: string, to: string, { days, timeZone = 'UTC' }: Given = {}): Window {
  const minute = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const own = days === undefined ? every : new Set(days);
  return { rule, days: own, fromMinute: minute(from), toMinute: minute(to), timeZone };
}

const at = (text: string): number => Date.parse(text);
const opening = (windows: readonly Window[], text: string): { open: boolean; until?: string } => {
  const { open, untilMs } = openingAt(windows, at(text));
  return { open, ...(untilMs !== undefined && { until: new Date(untilMs).toISOString() }) };
};

describe('faults that another tool had', () => {
  test('a deny window blocks inside its time alone', () => {
    const windows = [window('deny', '22:00', '23:00')];

    expect(isOpenAt(windows, at('2027-01-04T21:59:59Z'))).toBe(true);
    expect(isOpenAt(windows, at('2027-01-04T22:30:00Z'))).toBe(false);
    expect(isOpenAt(windows, at('2027-01-04T23:00:00Z'))).toBe(true);
  });

  test('a window that opens lets muster write from its first moment on', () => {
    const windows = [window('allow', '10:00', '12:00')];

    expect(opening(windows, '2027-01-04T09:59:59Z')).toEqual({ open: false, until: '2027-01-04T10:00:00.000Z' });
    expect(isOpenAt(windows, at('2027-01-04T10:00:00Z'))).toBe(true);
  });

  test('inside one of several allow windows muster may write, whatever the others say', () => {
    const windows = [window('allow', '06:00', '08:00'), window('allow', '18:00', '20:00')];

    const open = ['07:00', '12:00', '19:00', '21:00'].map((time) => isOpenAt(windows, at(`2027-01-04T${time}:00Z`)));

    expect(open).toEqual([true, false, true, false]);
  });

  test('between two windows that touch nothing is stuck: it is open throughout', () => {
    const windows = [window('allow', '06:00', '08:00'), window('allow', '08:00', '10:00')];

    expect(isOpenAt(windows, at('2027-01-04T07:59:59.999Z'))).toBe(true);
    expect(isOpenAt(windows, at('2027-01-04T08:00:00Z'))).toBe(true);
    expect(opening(windows, '2027-01-04T07:00:00Z')).toEqual({ open: true, until: '2027-01-04T10:00:00.000Z' });
  });

  test('what is closed says until when, so that no one waits without knowing', () => {
    const windows = [window('allow', '06:00', '08:00', { days: ['sat'] })];

    expect(opening(windows, '2027-01-04T12:00:00Z')).toEqual({ open: false, until: '2027-01-09T06:00:00.000Z' });
  });
});

test('without windows muster may write at any time', () => {
  expect(openingAt([], at('2027-01-04T12:00:00Z'))).toEqual({ open: true });
});

test('a deny holds inside an allow', () => {
  const windows = [window('allow', '06:00', '20:00'), window('deny', '12:00', '13:00')];

  expect(isOpenAt(windows, at('2027-01-04T12:30:00Z'))).toBe(false);
  expect(opening(windows, '2027-01-04T12:30:00Z').until).toBe('2027-01-04T13:00:00.000Z');
});

describe('a window over midnight', () => {
  const windows = [window('allow', '22:00', '06:00', { days: ['fri'], timeZone: 'Europe/Berlin' })];

  test.each<[moment: string, open: boolean, why: string]>([
    ['2027-01-08T20:59:59Z', false, 'before it begins'],
    ['2027-01-08T21:00:00Z', true, 'on the evening on which it begins'],
    ['2027-01-09T04:59:59Z', true, 'on the morning after'],
    ['2027-01-09T05:00:00Z', false, 'once it has ended'],
    ['2027-01-09T22:00:00Z', false, 'on the evening after'],
  ])('%s: open is %s, %s', (moment, open) => {
    expect(isOpenAt(windows, at(moment))).toBe(open);
  });

  test('has a whole day where it ends when it begins', () => {
    expect(opening([window('deny', '00:00', '24:00', { days: ['sun'] })], '2027-01-10T12:00:00Z')).toEqual({
      open: false,
      until: '2027-01-11T00:00:00.000Z',
    });
  });
});

describe('where clocks are set', () => {
  test.each<[name: string, zone: string, from: string, to: string, begins: string, ends: string]>([
    ['forward, around the jump', 'Europe/Berlin', '01:00', '04:00', '2027-03-28T00:00:00Z', '2027-03-28T02:00:00Z'],
    [
      'forward, from a time that is skipped',
      'Europe/Berlin',
      '02:30',
      '05:00',
      '2027-03-28T01:30:00Z',
      '2027-03-28T03:00:00Z',
    ],
    [
      'forward, to a time that is skipped',
      'Europe/Berlin',
      '01:30',
      '02:30',
      '2027-03-28T00:30:00Z',
      '2027-03-28T01:30:00Z',
    ],
    ['back, from the first of two', 'Europe/Berlin', '02:30', '04:00', '2027-10-31T00:30:00Z', '2027-10-31T03:00:00Z'],
    ['back, to the last of two', 'Europe/Berlin', '01:00', '02:30', '2027-10-30T23:00:00Z', '2027-10-31T01:30:00Z'],
    ['back, over midnight', 'America/New_York', '22:00', '01:30', '2027-11-07T02:00:00Z', '2027-11-07T06:30:00Z'],
    [
      'forward, in a zone of half hours',
      'Australia/Lord_Howe',
      '01:00',
      '03:00',
      '2027-10-02T14:30:00Z',
      '2027-10-02T16:00:00Z',
    ],
    [
      'never, in a zone without summer time',
      'Asia/Kolkata',
      '01:00',
      '03:00',
      '2027-03-27T19:30:00Z',
      '2027-03-27T21:30:00Z',
    ],
  ])('%s (%s): one window, open without a gap', (_name, timeZone, from, to, begins, ends) => {
    const windows = [window('allow', from, to, { timeZone })];

    const quarters = Array.from({ length: 4 * 30 }, (_, i) => at(begins) - 12 * 3_600_000 + i * 900_000);
    const wrong = quarters.filter(
      (ms) =>
        Math.abs(ms - at(begins)) < 10 * 3_600_000 && isOpenAt(windows, ms) !== (ms >= at(begins) && ms < at(ends)),
    );

    expect(wrong.map((ms) => new Date(ms).toISOString())).toEqual([]);
  });
});
