import { expect, test } from 'vitest';
import { type Limit, limited, useOf } from '../api/support/limiter-use.ts';
import { openStage } from './support/stage.ts';

const names = Array.from({ length: 1500 }, (_, i) => `person.${i}`);

const settings: readonly (readonly [perSecond: number, burst: number, concurrency: number])[] = [
  [10, 100, 4],
  [200, 50, 4],
];

test.each(settings)(
  'at %i a second with a burst of %i an apply, %i at a time, uses what is permitted and is never refused',
  async (perSecond, burst, concurrency) => {
    const limit: Limit = { perSecond, burst };
    const stage = await openStage({ users: names.map((username) => ({ username })), config: limited(limit) });
    await stage.declare(names.map((username) => ({ username, nickname: 'new' })));

    const { code } = await stage.apply({ concurrency });

    const { share, refused } = useOf(stage.sandbox.requests, limit);
    expect(code).toBe(0);
    expect(stage.sandbox.requests.length).toBeGreaterThan(names.length);
    expect(refused).toBe(0);
    expect(share).toBeGreaterThanOrEqual(0.99);
    expect(share).toBeLessThanOrEqual(1);
  },
);
