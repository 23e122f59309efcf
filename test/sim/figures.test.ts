/** A crash at a share of the steps of an apply; the long suite tries every one. */
import { expect, test } from 'vitest';
import { figuresAfterCrashes } from './figures.ts';

test('after a crash at one step of many everything that tells how far the run came has the same figures', async () => {
  // A prime, so that the share has steps of every kind.
  const { cut, wrong } = await figuresAfterCrashes(43);

  expect(wrong).toEqual([]);
  expect(cut).toBeGreaterThan(3);
}, 60_000);
