import { afterEach, expect, test } from 'vitest';
import { createClient } from '../../src/api/index.ts';
import { Secret } from '../../src/model/secret.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import { StageClock } from '../apply/support/stage.ts';
import { type Limit, limited, useOf } from './support/limiter-use.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

const settings: readonly (readonly [perSecond: number, burst: number, concurrent: number])[] = [
  [10, 100, 1],
  [10, 100, 4],
  [200, 50, 1],
  [200, 50, 4],
];

test.each(settings)(
  'at %i a second with a burst of %i, 2,000 calls, %i at a time, use what is permitted and are never refused',
  async (perSecond, burst, concurrent) => {
    const limit: Limit = { perSecond, burst };
    const clock = new StageClock();
    const sandbox = await startSandbox({ clock: () => clock.now(), config: limited(limit) });
    const client = createClient({
      url: sandbox.url,
      token: new Secret(sandbox.adminToken),
      clock,
      maxConcurrent: concurrent,
    });
    open.push(sandbox, client);

    await Promise.all(Array.from({ length: 2000 }, () => client.users.me()));

    const { share, refused } = useOf(sandbox.requests, limit);
    expect(refused).toBe(0);
    expect(share).toBeGreaterThanOrEqual(0.99);
    expect(share).toBeLessThanOrEqual(1);
  },
);
