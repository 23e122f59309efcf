import { expect, test } from 'vitest';
import { inLanes } from '../../src/live/in-lanes.ts';

test('runs a few tasks at a time and keeps the results in the order of the items', async () => {
  let running = 0;
  let most = 0;

  const results = await inLanes([5, 1, 4, 2, 3], 2, async (item, index) => {
    running += 1;
    most = Math.max(most, running);
    for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
    running -= 1;
    return `${index}:${item}`;
  });

  expect(results).toEqual(['0:5', '1:1', '2:4', '3:2', '4:3']);
  expect(most).toBe(2);
});

test('does nothing for nobody', async () => {
  await expect(inLanes([], 4, () => Promise.reject(new Error('never')))).resolves.toEqual([]);
});

test('fails with the failure of a task', async () => {
  const work = inLanes([1, 2, 3], 2, (item) => (item === 2 ? Promise.reject(new Error('two')) : Promise.resolve(item)));

  await expect(work).rejects.toThrow('two');
});
