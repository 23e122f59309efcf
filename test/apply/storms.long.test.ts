/** Limits and outages: everything still lands, and nothing is refused that could have waited. */
import { describe, expect, test } from 'vitest';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import type { FaultSpec } from '../../src/sandbox/index.ts';
import { crowd, openStage, outcomesOf, type Stage, type StageOptions } from './support/stage.ts';

const entries: readonly UserEntry[] = crowd(20).map((username, i) => ({
  username,
  email: `${username}@example.com`,
  nickname: 'x',
  ...(i % 2 === 0 && { roles: ['system_user', 'system_post_all'] }),
  ...(i % 5 === 0 && { tokens: [{ name: 'ci' }] }),
}));

async function crowded(options: StageOptions = {}): Promise<Stage> {
  const stage = await openStage({ users: crowd(10).map((username) => ({ username })), ...options });
  await stage.declare(entries);
  return stage;
}

describe('a storm', () => {
  const storms: readonly (readonly [string, FaultSpec])[] = [
    ['of 429 with Retry-After', { kind: 'rate-limit', retryAfter: 1 }],
    ['of 429 without Retry-After', { kind: 'rate-limit' }],
    ['of a busy server', { kind: 'error', status: 503, body: 'json', id: 'api.context.server_busy.app_error' }],
    ['of 503 pages of a proxy', { kind: 'error', status: 503 }],
    ['of resets before the write', { kind: 'reset-before-commit' }],
  ];

  test.each(storms)('%s passes, and everything has landed once', async (_, fault) => {
    const stage = await crowded();
    const nth = [2, 5, 6, 11, 17, 18, 29, 37, 41, 53, 61];
    const storm = stage.sandbox.faults.add({ ...fault, times: nth.length, match: { nth } });

    const run = await stage.apply();

    expect(storm.hits).toBe(nth.length);
    expect([...new Set(outcomesOf(run).map((text) => text.split(': ')[1]))]).toEqual(['done']);
    expect(run.code).toBe(0);
    expect((await stage.plan()).actions).toEqual([]);
    expect(stage.sandbox.snapshot().tokens.filter(({ description }) => description.startsWith('ci@1'))).toHaveLength(4);
  });

  test('of a limiter that refuses for half a minute is waited out', async () => {
    const stage = await crowded();
    const arm = (): void =>
      void stage.sandbox.faults.add({
        kind: 'rate-limit',
        retryAfter: 7,
        times: Number.POSITIVE_INFINITY,
        forMs: 30_000,
      });

    const run = await stage.apply({ meanwhile: arm });

    expect(run.code).toBe(0);
    expect((await stage.plan()).actions).toEqual([]);
  });
});

describe('a server with a limiter', () => {
  test.each([
    ['10 a second, bursts of 100', { PerSec: 10, MaxBurst: 100 }],
    ['2 a second, bursts of 5', { PerSec: 2, MaxBurst: 5 }],
  ])('%s sees no request too many', async (_, { PerSec, MaxBurst }) => {
    const stage = await crowded({
      config: {
        'RateLimitSettings.Enable': true,
        'RateLimitSettings.PerSec': PerSec,
        'RateLimitSettings.MaxBurst': MaxBurst,
      },
    });

    const run = await stage.apply({ concurrency: 8 });

    const refused = stage.sandbox.requests.filter(({ status }) => status === 429);
    expect(run.code).toBe(0);
    expect(refused.map(({ path }) => path)).toEqual([]);
    expect(stage.sandbox.requests.length).toBeGreaterThan(MaxBurst > 50 ? 60 : 20);
    expect((await stage.plan()).actions).toEqual([]);
  });

  test('that someone else empties is waited for', async () => {
    const stage = await crowded({
      config: { 'RateLimitSettings.Enable': true, 'RateLimitSettings.PerSec': 5, 'RateLimitSettings.MaxBurst': 10 },
    });
    const drain = async (): Promise<void> => {
      for (let i = 0; i < 15; i++) await fetch(`${stage.sandbox.url}/api/v4/system/ping`);
    };

    const run = await stage.apply({ meanwhile: drain });

    expect(run.code).toBe(0);
  });
});

describe('a server that goes away', () => {
  test('right after the last write costs no outcome: what was written is reported as not read back', async () => {
    const stage = await openStage({ users: [{ username: 'ada' }] });
    await stage.declare([{ username: 'ada', nickname: 'x' }]);
    const { emit } = stage.ports;
    let gone: Promise<void> | undefined;
    Object.assign(stage.ports, {
      emit: (event: Parameters<typeof emit>[0]) => {
        if (event.type === 'action-ended') gone = stage.sandbox.control.goDown();
        emit(event);
      },
    });

    const run = await stage.apply();
    await gone;
    await stage.sandbox.control.comeUp();

    expect(run.results).toMatchObject([
      { outcome: { status: 'failed', written: 'yes', error: { code: 'API_UNREACHABLE' } } },
    ]);
    expect(run.code).toBe(6);
    expect((await stage.plan()).actions).toEqual([]);
  });

  test('in the middle leaves an outcome for every action, and the next plan has the rest', async () => {
    const stage = await openStage({ users: crowd(6).map((username) => ({ username })) });
    await stage.declare(crowd(6).map((username) => ({ username, nickname: 'x' })));
    const { emit } = stage.ports;
    let ended = 0;
    let gone: Promise<void> | undefined;
    Object.assign(stage.ports, {
      emit: (event: Parameters<typeof emit>[0]) => {
        if (event.type === 'action-ended' && ++ended === 2) gone = stage.sandbox.control.goDown();
        emit(event);
      },
    });

    const run = await stage.apply({ concurrency: 1 });
    await gone;
    await stage.sandbox.control.comeUp();
    const after = await stage.plan();

    expect(run.results).toHaveLength(6);
    expect(run.results.filter(({ outcome }) => outcome.status === 'failed' && outcome.written === 'yes')).toHaveLength(
      2,
    );
    expect(after.actions.map(({ person }) => person)).toEqual(['p002', 'p003', 'p004', 'p005']);
  });
});
