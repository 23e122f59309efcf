import { describe, expect, test } from 'vitest';
import { freshPacer, learn, maxHoldMs, type PacerFacts, type PacerState, sent, waitFor } from '../../src/api/pacer.ts';
import { LimiterModel } from './support/limiter-model.ts';

interface Simulation {
  readonly limiter: Pick<LimiterModel, 'ask'>;
  readonly requests: number;
  readonly concurrent: number;
  /** One way, in milliseconds. */
  readonly latency: () => number;
  /** Milliseconds that a timer fires late. */
  readonly timerSlop?: () => number;
  /** Requests of somebody else in the same bucket, a second. */
  readonly others?: number;
  readonly maxPerSecond?: number;
}

interface Result {
  readonly durationMs: number;
  readonly starts: readonly number[];
}

/** A small deterministic generator: the same seed, the same run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Runs the policy against the model of the limiter, on a virtual clock, as the gate does it: requests go one by one,
 * each asks again after its wait, refused ones come back.
 */
function simulate(simulation: Simulation): Result {
  const { limiter, latency, timerSlop = () => 0 } = simulation;
  const beginMs = 1_000_000;
  const events: { readonly atMs: number; readonly run: (nowMs: number) => void }[] = [];
  const at = (atMs: number, run: (nowMs: number) => void): void => {
    events.push({ atMs, run });
    events.sort((a, b) => a.atMs - b.atMs);
  };
  const starts: number[] = [];
  let state: PacerState = freshPacer(simulation.maxPerSecond);
  let waiting = simulation.requests;
  let free = simulation.concurrent;
  let done = 0;
  let lastMs = beginMs;
  let isGateBusy = false;

  const start = (nowMs: number): void => {
    waiting -= 1;
    free -= 1;
    state = sent(state, nowMs);
    starts.push(nowMs);
    const sequence = state.lastSent;
    at(nowMs + latency(), (arrivedMs) => {
      const answer = limiter.ask(arrivedMs);
      at(arrivedMs + latency(), (answeredMs) => {
        const outcome = answer.allowed ? 'answered' : 'limited';
        state = learn(
          state,
          { sequence, outcome, rateLimit: answer.rateLimit, retryAfterMs: answer.retryAfterMs },
          answeredMs,
        );
        free += 1;
        if (answer.allowed) done += 1;
        else waiting += 1;
        lastMs = answeredMs;
        gate(answeredMs);
      });
    });
  };

  const gate = (nowMs: number): void => {
    if (isGateBusy || waiting === 0 || free === 0) return;
    const delayMs = Math.ceil(waitFor(state, nowMs));
    if (delayMs <= 0) {
      start(nowMs);
      gate(nowMs);
      return;
    }
    isGateBusy = true;
    at(nowMs + delayMs + timerSlop(), (laterMs) => {
      isGateBusy = false;
      gate(laterMs);
    });
  };

  if (simulation.others !== undefined) {
    const everyMs = 1000 / simulation.others;
    const other = (nowMs: number): void => {
      if (done >= simulation.requests) return;
      limiter.ask(nowMs);
      at(nowMs + everyMs, other);
    };
    at(beginMs, other);
  }
  at(beginMs, gate);
  while (done < simulation.requests) {
    const event = events.shift();
    if (event === undefined) throw new Error('the simulation stands still');
    event.run(event.atMs);
  }
  return { durationMs: lastMs - beginMs, starts };
}

/** What the limiter would have let through in this time. */
function permitted(limiter: LimiterModel, durationMs: number): number {
  return limiter.capacity + (durationMs / 1000) * limiter.perSecond;
}

describe('against the model of the limiter', () => {
  const settings: readonly (readonly [perSecond: number, maxBurst: number, latencyMs: number, minShare: number])[] = [
    [10, 100, 2, 0.99],
    [10, 100, 20, 0.99],
    [10, 100, 150, 0.99],
    [5, 20, 20, 0.99],
    [20, 100, 10, 0.99],
    [50, 100, 10, 0.98],
    [100, 200, 5, 0.97],
    [1, 10, 20, 0.98],
    [10, 10, 5, 0.97],
    [200, 50, 1, 0.99],
    [200, 50, 5, 0.99],
    [50, 10, 2, 0.99],
    [200, 20, 1, 0.99],
    [500, 20, 1, 0.96],
    [100, 10, 2, 0.99],
  ];

  test.each(settings)(
    'at %i a second with a burst of %i and %i ms each way, 2,000 requests meet no refusal and use the rate',
    (perSecond, maxBurst, latencyMs, minShare) => {
      const random = seeded(7);
      const limiter = new LimiterModel(perSecond, maxBurst);

      const { durationMs } = simulate({
        limiter,
        requests: 2000,
        concurrent: 4,
        latency: () => latencyMs * (0.5 + random()),
        timerSlop: () => 1.5 * random(),
      });

      expect(limiter.refused).toBe(0);
      expect(limiter.admitted / permitted(limiter, durationMs)).toBeGreaterThanOrEqual(minShare);
    },
  );

  test('without any burst only the first four, sent before anything was known, are refused', () => {
    const limiter = new LimiterModel(10, 0);

    simulate({ limiter, requests: 200, concurrent: 4, latency: () => 5 });

    expect(limiter.refused).toBe(3);
  });

  test('spends the whole burst at once', () => {
    const limiter = new LimiterModel(10, 100);

    const { durationMs } = simulate({ limiter, requests: 98, concurrent: 4, latency: () => 1 });

    expect(durationMs).toBeLessThan(100);
  });

  test('gives way to others in the same bucket, with few refusals', () => {
    const random = seeded(3);
    const limiter = new LimiterModel(10, 100);

    const { durationMs } = simulate({
      limiter,
      requests: 1000,
      concurrent: 4,
      latency: () => 5 + 10 * random(),
      others: 4,
    });

    // 6 a second are left; the others' own refusals count here too.
    expect(durationMs).toBeGreaterThan(140_000);
    expect(durationMs).toBeLessThan(170_000);
    expect(limiter.refused).toBeLessThan(limiter.admitted * 0.03);
  });

  test('does not overrun several servers behind one address, each with a bucket of its own', () => {
    const random = seeded(7);
    const limiters = [new LimiterModel(200, 50), new LimiterModel(200, 50)] as const;

    const { durationMs } = simulate({
      limiter: { ask: (nowMs) => limiters[random() < 0.5 ? 0 : 1].ask(nowMs) },
      requests: 2000,
      concurrent: 4,
      latency: () => 0.5 + random(),
    });

    expect(limiters[0].refused + limiters[1].refused).toBeLessThan(5);
    expect(durationMs).toBeLessThan(7000);
  });

  test('keeps to a lower speed when asked to', () => {
    const limiter = new LimiterModel(10, 100);

    const { starts, durationMs } = simulate({
      limiter,
      requests: 50,
      concurrent: 4,
      latency: () => 5,
      maxPerSecond: 5,
    });

    const gaps = starts.slice(1).map((startMs, index) => startMs - (starts[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(199);
    expect(durationMs).toBeLessThan(50 * 200 + 50);
  });
});

function sendAll(state: PacerState, count: number, nowMs: number): PacerState {
  let next = state;
  for (let index = 0; index < count; index += 1) next = sent(next, nowMs);
  return next;
}

describe('the policy', () => {
  const answered: PacerFacts = { sequence: 1, outcome: 'answered' };

  test('lets everything through while nothing is known', () => {
    let state = freshPacer();
    for (let index = 0; index < 1000; index += 1) {
      expect(waitFor(state, 5000)).toBe(0);
      state = learn(sent(state, 5000), answered, 5000);
    }
  });

  test('obeys Retry-After for everybody', () => {
    const state = learn(sent(freshPacer(), 0), { sequence: 1, outcome: 'limited', retryAfterMs: 3000 }, 1000);

    expect(waitFor(state, 1000)).toBe(3000);
    expect(waitFor(state, 3500)).toBe(500);
    expect(waitFor(state, 4000)).toBe(0);
  });

  test('never holds longer than its own bound, however large Retry-After is', () => {
    const state = learn(sent(freshPacer(), 0), { sequence: 1, outcome: 'limited', retryAfterMs: 1e12 }, 0);

    expect(waitFor(state, 0)).toBe(maxHoldMs);
  });

  test('is not held by a clock that jumped back', () => {
    const held = learn(
      sent(freshPacer(), 7_200_000),
      { sequence: 1, outcome: 'limited', retryAfterMs: 1000 },
      7_200_000,
    );

    expect(waitFor(held, 0)).toBe(0);
  });

  test('halves its speed after a refusal that says nothing, and recovers', () => {
    const before = sendAll(freshPacer(), 40, 10_000);

    let state = learn(before, { sequence: 1, outcome: 'limited' }, 10_500);
    expect(waitFor(state, 10_500)).toBeCloseTo(1000 / 20);
    state = learn(state, { sequence: 2, outcome: 'limited' }, 10_600);
    expect(waitFor(state, 10_600)).toBeCloseTo(1000 / 10);
    for (let index = 0; index < 2000; index += 1) state = learn(state, { ...answered, sequence: 3 + index }, 11_000);

    expect(waitFor(state, 60_000)).toBe(0);
    expect(state.slowed).toBeUndefined();
  });

  test('lowers what it believes when the server shows less than expected', () => {
    const rateLimit = { limit: 101, remaining: 100, resetSeconds: 1 };
    let state = learn(sent(freshPacer(), 0), { ...answered, rateLimit }, 0);
    expect(waitFor(state, 0)).toBe(0);

    state = learn(
      sent(state, 0),
      { sequence: 2, outcome: 'answered', rateLimit: { ...rateLimit, remaining: 0, resetSeconds: 11 } },
      0,
    );

    expect(waitFor(state, 0)).toBeGreaterThan(100);
  });

  test('takes an older answer for what it is', () => {
    const full = { limit: 101, remaining: 0, resetSeconds: 11 };
    const older = { limit: 101, remaining: 50, resetSeconds: 6 };
    let state = sendAll(freshPacer(), 2, 0);
    state = learn(state, { sequence: 2, outcome: 'answered', rateLimit: full }, 0);
    state = learn(state, { sequence: 1, outcome: 'answered', rateLimit: older }, 0);

    expect(waitFor(state, 0)).toBeGreaterThan(100);
  });

  test('follows a server that was given another limit', () => {
    let state = learn(
      sent(freshPacer(), 0),
      { ...answered, rateLimit: { limit: 101, remaining: 1, resetSeconds: 10 } },
      0,
    );
    const rateLimit = { limit: 11, remaining: 0, resetSeconds: 6 };
    state = learn(sent(state, 0), { sequence: 2, outcome: 'answered', rateLimit }, 0);

    expect(waitFor(state, 0)).toBeCloseTo((11 + 1 - 10) * 500, -3);
  });

  test('does not count a request twice that never came back', () => {
    let state = sendAll(freshPacer(), 3, 0);
    for (const sequence of [1, 2, 3]) state = learn(state, { sequence, outcome: 'lost' }, 0);

    expect(state.open.size).toBe(0);
  });
});
