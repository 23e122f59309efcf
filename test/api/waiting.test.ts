import { getEventListeners } from 'node:events';
import PQueue from 'p-queue';
import { describe, expect, test } from 'vitest';
import { inTurn } from '../../src/api/in-turn.ts';
import type { PacerFacts } from '../../src/api/pacer.ts';
import { PacerGate, type PacerGateOptions } from '../../src/api/pacer-gate.ts';
import { systemClock } from '../../src/api/system-clock.ts';
import { JumpingClock } from './support/clocks.ts';

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  const done: (() => void)[] = [];
  const promise = new Promise<void>((resolve) => done.push(resolve));
  return { promise, resolve: () => done[0]?.() };
}

describe('tasks that wait for a place', () => {
  test('run in the order in which they came', async () => {
    const queue = new PQueue({ concurrency: 1 });
    const order: number[] = [];

    await Promise.all(
      [1, 2, 3, 4].map((number) =>
        inTurn(queue, async () => {
          order.push(number);
          await Promise.resolve();
        }),
      ),
    );

    expect(order).toEqual([1, 2, 3, 4]);
  });

  test('run before others that came earlier, where they are more pressing', async () => {
    const queue = new PQueue({ concurrency: 1 });
    const order: string[] = [];
    const held = deferred();
    const first = inTurn(queue, () => held.promise);

    const others = (
      [
        ['a', 0],
        ['b', 1],
        ['c', 0],
        ['d', 2],
        ['e', 1],
      ] as const
    ).map(([name, priority]) => inTurn(queue, () => Promise.resolve(order.push(name)), { priority }));
    held.resolve();
    await Promise.all([first, ...others]);

    expect(order.join('')).toBe('dbeac');
  });

  test('give their place back when they fail', async () => {
    const queue = new PQueue({ concurrency: 1 });

    for (let round = 0; round < 3; round += 1) {
      await expect(inTurn(queue, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    }

    await expect(inTurn(queue, () => Promise.resolve('free'))).resolves.toBe('free');
  });

  test('leave at once when they are aborted, and keep no one else waiting', async () => {
    const queue = new PQueue({ concurrency: 1 });
    const held = deferred();
    const stop = new AbortController();
    const first = inTurn(queue, () => held.promise);
    const second = inTurn(queue, () => Promise.resolve('second'), { signal: stop.signal });
    const third = inTurn(queue, () => Promise.resolve('third'));

    stop.abort(new Error('stopped'));

    await expect(second).rejects.toThrow('stopped');
    held.resolve();
    await expect(third).resolves.toBe('third');
    await first;
  });

  test('never begin when they were aborted before', async () => {
    const queue = new PQueue({ concurrency: 1 });
    const task = inTurn(queue, () => Promise.resolve('begun'), { signal: AbortSignal.abort(new Error('stopped')) });

    await expect(task).rejects.toThrow('stopped');
  });

  test('are not ended once they run, and keep their place until they end', async () => {
    const queue = new PQueue({ concurrency: 1 });
    const held = deferred();
    const stop = new AbortController();
    const running = inTurn(queue, () => held.promise.then(() => 'done'), { signal: stop.signal });

    stop.abort();
    await Promise.resolve();

    expect(queue.pending).toBe(1);
    held.resolve();
    await expect(running).resolves.toBe('done');
  });

  test('leave no listener behind on a signal that outlives them', async () => {
    const queue = new PQueue({ concurrency: 2 });
    const { signal } = new AbortController();

    await Promise.all(Array.from({ length: 8 }, () => inTurn(queue, () => Promise.resolve(), { signal })));

    expect(getEventListeners(signal, 'abort')).toEqual([]);
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

  test('lets go of who stops waiting, however long the one before still waits', async () => {
    const clock = new JumpingClock();
    const gate = new PacerGate({ clock });
    gate.settle({ sequence: await gate.enter(), outcome: 'limited', retryAfterMs: 200_000 });
    const held = deferred();
    clock.sleep = () => held.promise;
    const stop = new AbortController();
    const first = gate.enter();
    const second = gate.enter(stop.signal);

    stop.abort(new Error('stopped'));

    await expect(second).rejects.toThrow('stopped');
    clock.advance(200_000);
    held.resolve();
    await expect(first).resolves.toBe(2);
  });

  test('lets the next one in when someone stops waiting', async () => {
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
