import { expect, test } from 'vitest';
import { useOfManyCalls } from './support/many-calls.ts';

test('500 calls, 4 at a time, use what a limiter permits and are never refused', async () => {
  const { share, refused } = await useOfManyCalls({ perSecond: 200, burst: 50 }, 4, 500);

  expect(refused).toBe(0);
  expect(share).toBeGreaterThanOrEqual(0.99);
  expect(share).toBeLessThanOrEqual(1);
});
