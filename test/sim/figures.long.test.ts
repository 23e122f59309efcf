/** A crash at every step of an apply of 40 actions. */
import { expect, test } from 'vitest';
import { figuresAfterCrashes } from './figures.ts';

test('after a crash at any step everything that tells how far the run came has the same figures', async () => {
  const { cut, wrong } = await figuresAfterCrashes(1);

  expect(wrong).toEqual([]);
  expect(cut).toBeGreaterThan(100);
}, 600_000);
