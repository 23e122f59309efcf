import { expect, test } from 'vitest';
import { readEach } from '../../src/live/read-each.ts';

test('reads a few at a time and keeps the results in the order of the items', async () => {
  const items = [5, 1, 4, 2, 3, 9, 0, 7];
  let running = 0;
  let most = 0;

  const results = await readEach(items, async (item, index) => {
    running += 1;
    most = Math.max(most, running);
    for (let turn = 0; turn < 20 * item; turn += 1) await Promise.resolve();
    running -= 1;
    return `${index}:${item}`;
  });

  expect(results).toEqual(items.map((item, index) => `${index}:${item}`));
  expect(most).toBe(4);
});

test('does nothing for no one', async () => {
  await expect(readEach([], () => Promise.reject(new Error('never')))).resolves.toEqual([]);
});

test('fails with the first failure, begins no other read, and leaves none under way', async () => {
  let begun = 0;
  let ended = 0;
  const items = Array.from({ length: 100 }, (_, index) => index);

  const work = readEach(items, async (item) => {
    begun += 1;
    for (let turn = 0; turn < (item === 2 ? 50 : 100); turn += 1) await Promise.resolve();
    ended += 1;
    if (item >= 2) throw new Error(`no ${item}`);
  });

  await expect(work).rejects.toThrow('no 2');
  expect([begun, ended]).toEqual([4, 4]);
});
