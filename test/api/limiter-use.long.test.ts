import { expect, test } from 'vitest';
import { useOfManyCalls } from './support/many-calls.ts';

const settings: readonly (readonly [perSecond: number, burst: number, concurrent: number])[] = [
  [10, 100, 1],
  [10, 100, 4],
  [200, 50, 1],
  [200, 50, 4],
];

test.each(settings)(
  'at %i a second with a burst of %i, 2,000 calls, %i at a time, use what is permitted and are never refused',
  async (perSecond, burst, concurrent) => {
    const { share, refused } = await useOfManyCalls({ perSecond, burst }, concurrent, 2000);

    expect(refused).toBe(0);
    expect(share).toBeGreaterThanOrEqual(0.99);
    expect(share).toBeLessThanOrEqual(1);
  },
);
