/** A clock that was ahead and is set right keeps nothing waiting for moments that it made. */
import { rm } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { Keeper } from '../../src/daemon/keeper.ts';
import { reconcileOnce } from '../../src/daemon/loop.ts';
import { keepSchedule } from '../../src/daemon/queue-fleet.ts';
import { dueAfterSetBack } from '../../src/daemon/schedule.ts';
import { afterSetBack } from '../../src/daemon/set-back.ts';
import type { ReconcileState } from '../../src/model/generated/reconcile-state.ts';
import { healthOf } from '../../src/model/reconcile-health.ts';
import { makeWorkplace } from '../support/run-muster.ts';
import { day, hour, type Loops, minute, startLoops, VirtualClock } from './support/world.ts';

const startMs = Date.parse('2027-01-04T08:00:00Z');
const isoOf = (ms: number): string => new Date(ms).toISOString();

const state: ReconcileState = {
  format: 'muster-reconcile',
  version: 1,
  server: 'https://chat.example.com',
  mode: 'enforce',
  interval_ms: 15 * minute,
  beat: isoOf(startMs),
  cycles: 1,
  classes: [],
  contested: [],
  drift: [],
};

describe('what is known', () => {
  test('stays as it is where no clock was set back, also what is still to come', () => {
    const known = { ...state, next: isoOf(startMs + hour) };

    expect(afterSetBack(known, startMs + minute)).toBe(known);
  });

  test('of moments that are to come lies as far from now as it did, and the rest stays', () => {
    const cycle = { mode: 'enforce', took_ms: 1, done: 0, failed: 0, stale: 0, skipped: 0 } as const;
    const wasMs = startMs + 365 * day;
    const before = isoOf(startMs - hour);
    const until = isoOf(wasMs + day);
    const trouble = { code: 'API_SERVER_ERROR', text: '', count: 2 };
    const fight = { key: 'k', place: 'p', person: 'ada', class: 'update' } as const;
    const known = (shiftMs: number): ReconcileState => ({
      ...state,
      beat: isoOf(wasMs - shiftMs),
      next: isoOf(wasMs + minute - shiftMs),
      looked: before,
      succeeded: before,
      drift_told: isoOf(wasMs - shiftMs),
      read: { is: 'full', full: isoOf(wasMs - minute - shiftMs) },
      pause: { reason: 'upgrade', by: 'grace', until },
      window: { open: true, until },
      trouble: { ...trouble, since: isoOf(wasMs - shiftMs) },
      quarantine: { why: 'unreadable', since: isoOf(wasMs - shiftMs), tries: 1 },
      classes: [{ budget: 'email', reason: '', since: before, tries: 1, retry: isoOf(wasMs + hour - shiftMs) }],
      contested: [
        { ...fight, written: [before, isoOf(wasMs - shiftMs)], found: [isoOf(wasMs - shiftMs)], told: before },
      ],
      last: { ...cycle, at: isoOf(wasMs - shiftMs) },
      recent: [
        { ...cycle, at: isoOf(wasMs - shiftMs) },
        { ...cycle, at: before },
      ],
    });

    expect(afterSetBack(known(0), startMs)).toEqual(known(365 * day));
  });
});

test('a moment that is to come does not show that a process works', () => {
  const { is } = healthOf({ ...state, beat: isoOf(startMs + day) }, startMs);

  expect(is).toBe('stale');
  expect(healthOf({ ...state, beat: isoOf(startMs + minute) }, startMs).is).toBe('ok');
});

test('a process writes down that it works also after its clock was set back', async () => {
  const clock = new VirtualClock(startMs);
  const written: string[] = [];
  const remember = ({ beat }: ReconcileState): Promise<void> => Promise.resolve(void written.push(beat));
  const keeper = new Keeper(state, { remember, renew: () => Promise.resolve() }, clock);
  await keeper.keep(state);
  clock.nowMs = startMs - day;

  keeper.beat();
  await keeper.flush();

  expect(written).toEqual([isoOf(startMs), isoOf(startMs - day)]);
});

describe('a time of the schedule', () => {
  const due = { nominalMs: startMs + day, atMs: startMs + day + minute };

  test.each([
    ['is as far away as it was', { everyMs: hour }, due.nominalMs - hour],
    ['of a cron expression is the next one of the clock', { cron: '0 22 * * *', timeZone: 'UTC' }, startMs + 14 * hour],
    ['of a cron expression gets no later', { cron: '0 12 5 1 *', timeZone: 'UTC' }, due.nominalMs],
  ])('%s', (_, schedule, nominalMs) => {
    const moved = dueAfterSetBack(due, hour, schedule, startMs);

    expect(moved).toEqual({ nominalMs, atMs: nominalMs + minute });
    expect(dueAfterSetBack(due, 0, schedule, startMs)).toBe(due);
  });
});

describe('muster reconcile', () => {
  const files = {
    'muster.yaml': 'version: 1\nreconcile: { mode: enforce, every: 15m, jitter: 0s }\n',
    'users.yaml': 'version: 1\nusers: [{ username: ada, email: ada@example.com }]\n',
  };
  const open: Loops[] = [];
  afterEach(async () => {
    for (const loops of open.splice(0)) await loops.close();
  });

  /** By a day, after a time; aborted an hour later. */
  function setBackAfter(ms: number, clock: VirtualClock): AbortSignal {
    const end = new AbortController();
    const atMs = clock.now() + ms;
    clock.onPass = (nowMs) => {
      if (nowMs >= atMs) clock.nowMs -= day;
      else if (nowMs >= atMs - day + hour && nowMs < startMs - hour) end.abort();
    };
    return end.signal;
  }

  async function start(): Promise<Loops> {
    const loops = await startLoops(files);
    open.push(loops);
    return loops;
  }

  test('makes its cycles by the clock as it is, where it is set back while one is waited for', async () => {
    const loops = await start();
    const signal = setBackAfter(20 * minute, loops.clock);

    await loops.run(2 * day, { signal });

    const cycles = loops.told('cycle').length;
    expect(cycles).toBeGreaterThanOrEqual(4);
    expect(cycles).toBeLessThanOrEqual(6);
  });

  test('--once tries again after the wait that was meant, and not a year later', async () => {
    const loops = await start();
    const { control } = loops.sandbox;
    await control.goDown();
    loops.clock.nowMs += 365 * day;
    const failed = await reconcileOnce({}, loops.ports);
    await control.comeUp();
    loops.clock.nowMs -= 365 * day;

    const early = await reconcileOnce({}, loops.ports);
    loops.clock.nowMs += 2 * minute;
    const late = await reconcileOnce({}, loops.ports);

    expect([failed, early, late].map(({ outcome }) => outcome.is)).toEqual(['failed', 'put-off', 'looked']);
  });

  test('--queue asks for cycles when they are due by the clock as it is', async () => {
    const servers = { eu: { url: 'https://eu.example.com' } };
    const work = await makeWorkplace({
      'muster.yaml': JSON.stringify({ version: 1, reconcile: { every: '15m', jitter: '0s' }, servers }),
    });
    const clock = new VirtualClock(startMs);
    const signal = setBackAfter(20 * minute, clock);
    const asked: number[] = [];
    const queue = {
      ask: () => Promise.resolve(void asked.push(clock.nowMs)),
      take: () => Promise.resolve(undefined),
      finish: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };

    const ports = { clock, workingDir: work.dir, random: () => 0, warn: () => undefined };
    await keepSchedule({ parallel: 1, signal, lookMs: minute }, queue, ports);

    expect(asked.length).toBeGreaterThanOrEqual(4);
    await rm(work.dir, { recursive: true, force: true });
  });
});
