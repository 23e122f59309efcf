/** What `reconcile` of muster.yaml means where it, or a flag, does not say everything. */
import { describe, expect, test } from 'vitest';
import { readConfigText } from '../../src/config/load-config.ts';
import { type ReconcileFlags, resolveReconcile } from '../../src/config/reconcile-settings.ts';
import type { ReconcileSettings } from '../../src/model/reconcile-settings.ts';

const minuteMs = 60_000;

/** @param lines - of muster.yaml, below its version */
function resolved(lines = '', flags: ReconcileFlags = {}): ReconcileSettings {
  const { config } = readConfigText({ name: 'muster.yaml', text: `version: 1\n${lines}\n`, isInPlace: true });
  return resolveReconcile(config, flags);
}

test('without a word it looks each quarter of an hour, at any time, and writes nothing', () => {
  expect(resolved()).toEqual({
    mode: 'observe',
    schedule: { everyMs: 15 * minuteMs },
    jitterMs: minuteMs,
    fullReadMs: 6 * 60 * minuteMs,
    windows: [],
    notices: [],
  });
});

test.each([
  ['a tenth of a short interval', 'reconcile: { every: 5m }', 30_000],
  ['a tenth that is no whole number of milliseconds, cut', 'reconcile: { every: 1s }', 100],
  ['a minute where a tenth is more', 'reconcile: { every: 1d }', minuteMs],
  ['none where the moments are named', 'reconcile: { cron: "0 6 * * *" }', 0],
  ['what is written, also beside named moments', 'reconcile: { cron: "0 6 * * *", jitter: 5m }', 5 * minuteMs],
  ['what is written, also more than a minute', 'reconcile: { every: 1d, jitter: 1h }', 60 * minuteMs],
])('the jitter is %s', (_what, lines, jitterMs) => {
  expect(resolved(lines).jitterMs).toBe(jitterMs);
});

test('always: each read is a full one', () => {
  expect(resolved('reconcile: { full_read: always }').fullReadMs).toBe(0);
  expect(resolved('reconcile: { full_read: 2h }').fullReadMs).toBe(120 * minuteMs);
});

describe('flags come first', () => {
  const file = 'reconcile: { mode: observe, every: 5m, jitter: 0s }';

  test.each<[what: string, lines: string, flags: ReconcileFlags, expected: Partial<ReconcileSettings>]>([
    ['a mode', 'reconcile: { mode: enforce }', { mode: 'observe' }, { mode: 'observe' }],
    ['an interval', file, { everyMs: minuteMs }, { schedule: { everyMs: minuteMs } }],
    [
      'an interval, before the moments of the file',
      'reconcile: { cron: "0 6 * * *" }',
      { everyMs: minuteMs },
      {
        schedule: { everyMs: minuteMs },
        jitterMs: 6000,
      },
    ],
    [
      'moments, before the interval of the file',
      file,
      { cron: '0 7 * * *' },
      {
        schedule: { cron: '0 7 * * *', timeZone: 'UTC' },
      },
    ],
    ['a jitter, also none', 'reconcile: { jitter: 30s }', { jitterMs: 0 }, { jitterMs: 0 }],
    [
      'a time zone',
      'reconcile: { cron: "0 6 * * *", time_zone: Asia/Tokyo }',
      { timeZone: 'Europe/Berlin' },
      {
        schedule: { cron: '0 6 * * *', timeZone: 'Europe/Berlin' },
      },
    ],
  ])('%s', (_what, lines, flags, expected) => {
    expect(resolved(lines, flags)).toMatchObject(expected);
  });
});

describe('a time zone counts for what is said without one', () => {
  const windows = 'windows: [{ rule: allow, from: "22:30", to: "05:00" }]';

  test.each([
    [
      'of reconcile, before that of the policy',
      'time_zone: Asia/Tokyo, ',
      'policy: { time_zone: Europe/Berlin }',
      'Asia/Tokyo',
    ],
    ['of the policy', '', 'policy: { time_zone: Europe/Berlin }', 'Europe/Berlin'],
    ['UTC, where there is none', '', '', 'UTC'],
  ])('%s', (_what, own, policy, timeZone) => {
    const { windows: found, schedule } = resolved(`reconcile: { ${own}cron: "0 6 * * *", ${windows} }\n${policy}`);

    expect(schedule).toEqual({ cron: '0 6 * * *', timeZone });
    expect(found).toEqual([
      {
        rule: 'allow',
        days: new Set(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']),
        fromMinute: 22 * 60 + 30,
        toMinute: 300,
        timeZone,
      },
    ]);
  });

  test('but not for a window that has one of its own, nor its days', () => {
    const own = 'windows: [{ rule: deny, days: [sat], from: "00:00", to: "24:00", time_zone: Europe/Berlin }]';

    expect(resolved(`reconcile: { time_zone: Asia/Tokyo, ${own} }`).windows).toMatchObject([
      { rule: 'deny', days: new Set(['sat']), timeZone: 'Europe/Berlin' },
    ]);
  });

  test('a suspend ends with the last moment of its day there', () => {
    const suspend = 'suspend: { reason: move, by: grace, until: 2026-06-30 }';

    expect(resolved(`reconcile: { time_zone: Asia/Tokyo, ${suspend} }`).suspend).toEqual({
      reason: 'move',
      by: 'grace',
      untilMs: Date.parse('2026-06-30T15:00:00Z'),
    });
  });
});
