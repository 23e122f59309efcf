import { describe, expect, test } from 'vitest';
import type { PacerFacts } from '../../src/api/pacer.ts';
import { PacerGate, type PacerGateOptions } from '../../src/api/pacer-gate.ts';
import { Slots } from '../../src/api/slots.ts';
import { systemClock } from '../../src/api/system-clock.ts';
import { JumpingClock } from './support/clocks.ts';

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  const done: (() => void)[] = [];
  const promise = new Promise<void>((resolve) => done.push(resolve));
  return { promise, resolve: () => done[0]?.() };
}

describe('slots', () => {
  test('run tasks in the order in which they came', async () => {
    const slots = new Slots(1);
    const order: number[] = [];

    await Promise.all(
      [1, 2, 3, 4].map((number) =>
        slots.run(async () => {
          order.push(number);
          await Promise.resolve();
        }),
      ),
    );

    expect(order).toEqual([1, 2, 3, 4]);
  });

  test('are given back by tasks that fail', async () => {
    const slots = new Slots(1);

    for (let round = 0; round < 3; round += 1) {
      await expect(slots.run(() => Promise.reject(new Error('x')))).rejects.toThrow('x');
    }

    await expect(slots.run(() => Promise.resolve('free'))).resolves.toBe('free');
  });

  test('are not lost when somebody stops waiting', async () => {
    const slots = new Slots(1);
    const held = deferred();
    const stop = new AbortController();
    const first = slots.run(() => held.promise);
    const second = slots.run(() => Promise.resolve('second'), stop.signal);
    const third = slots.run(() => Promise.resolve('third'));

    stop.abort(new Error('stopped'));
    held.resolve();

    await expect(second).rejects.toThrow('stopped');
    await expect(third).resolves.toBe('third');
    await first;
  });

  test('do not end a task that runs', async () => {
    const slots = new Slots(1);
    const held = deferred();
    const stop = new AbortController();
    const running = slots.run(() => held.promise.then(() => 'done'), stop.signal);

    stop.abort();
    held.resolve();

    await expect(running).resolves.toBe('done');
  });
});

describe('the gate', () => {
  test('numbers requests in the order in which they start', async () => {
    const gate = new PacerGate({ clock: new JumpingClock() });

    await expect(Promise.all([gate.enter(), gate.enter(), gate.enter()])).resolves.toEqual([1, 2, 3]);
  });

  test('spaces requests by the speed that was asked for', async () => {
    const clock = new JumpingClock();
    const waits: number[] = [];
    const gate = new PacerGate({ clock, maxPerSecond: 4, onWait: (delayMs) => waits.push(delayMs) });

    for (let count = 0; count < 5; count += 1) await gate.enter();

    expect(waits).toEqual([250, 250, 250, 250]);
    expect(clock.sleeps).toEqual(waits);
  });

  test('asks again after a wait, since another answer may have changed the picture', async () => {
    const clock = new JumpingClock();
    const gate = new PacerGate({ clock });
    const sequence = await gate.enter();
    gate.settle({ sequence, outcome: 'limited', retryAfterMs: 1000 });
    const sleep = clock.sleep.bind(clock);
    clock.sleep = (ms, signal) => {
      const isFirst = clock.sleeps.length === 0;
      const sleeping = sleep(ms, signal);
      if (isFirst) gate.settle({ sequence, outcome: 'limited', retryAfterMs: 2000 });
      return sleeping;
    };

    await gate.enter();

    expect(clock.sleeps).toEqual([1000, 2000]);
  });

  test.each<[string, Pick<PacerGateOptions, 'maxPerSecond'>, Omit<PacerFacts, 'sequence'>]>([
    ['a speed was asked for', { maxPerSecond: 1 }, { outcome: 'answered' }],
    ['a server is busy', {}, { outcome: 'limited' }],
    ['the bucket is full', {}, { outcome: 'answered', rateLimit: { limit: 1, remaining: 0, resetSeconds: 1 } }],
    ['a limiter said when to come back', {}, { outcome: 'limited', retryAfterMs: 1000 }],
  ])('waits no hour when the clock is put back by one while %s', async (_, options, facts) => {
    const clock = new JumpingClock();
    const gate = new PacerGate({ clock, ...options });
    gate.settle({ sequence: await gate.enter(), ...facts });

    clock.advance(-3_600_000);
    await gate.enter();

    expect(clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(3000);
  });

  test('lets the next one in when somebody stops waiting', async () => {
    const gate = new PacerGate({ clock: new JumpingClock() });
    const aborted = gate.enter(AbortSignal.abort(new Error('stopped')));
    const next = gate.enter();

    await expect(aborted).rejects.toThrow('stopped');
    await expect(next).resolves.toBe(1);
  });
});

describe('the system clock', () => {
  test('tells the time of day', () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(60_000);
  });

  test('wakes up, and wakes early when told to', async () => {
    const stop = new AbortController();
    const long = systemClock.sleep(60_000, stop.signal);
    await systemClock.sleep(1);
    stop.abort(new Error('stopped'));

    await expect(long).rejects.toThrow('stopped');
    await expect(systemClock.sleep(60_000, stop.signal)).rejects.toThrow('stopped');
  });
});
