import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type OneCycle, reconcileOnce } from '../../src/daemon/loop.ts';
import { type Loops, minute, startLoops } from './support/world.ts';

/** One server and one state home for all cases: each begins with its own files, and with no trouble. */
let loops: Loops;
beforeAll(async () => {
  loops = await startLoops(
    { 'muster.yaml': settings, 'users.yaml': usersOf('One') },
    { users: [{ username: 'ada', email: 'ada@example.com' }] },
  );
});
beforeEach(() => {
  loops.events.length = 0;
});
afterAll(() => loops.close());

const settings = 'version: 1\nreconcile: { mode: enforce, every: 15m, jitter: 0s }\n';
const usersOf = (nickname: string): string =>
  `version: 1\nusers:\n  - { username: ada, email: ada@example.com, nickname: ${nickname} }\n`;

/** As a CronJob does it: a process for each cycle. */
async function onceEach(everyMs: number, times: number): Promise<readonly OneCycle[]> {
  const ends: OneCycle[] = [];
  for (let i = 0; i < times; i++) {
    ends.push(await reconcileOnce({}, loops.ports));
    loops.clock.nowMs += everyMs;
  }
  return ends;
}

test('one cycle at a time makes what the files want', async () => {
  const ends = await onceEach(15 * minute, 2);

  expect(ends.map(({ outcome }) => outcome.is)).toEqual(['looked', 'looked']);
  expect(loops.sandbox.control.user('ada')?.nickname).toBe('One');
});

test('single cycles of a server that is down come seldom, say why, and tell what changed once', async () => {
  await loops.sandbox.control.goDown();

  const ends = await onceEach(15 * minute, 48);
  await loops.sandbox.control.comeUp();
  const after = await onceEach(15 * minute, 26);

  const tried = ends.filter(({ outcome }) => outcome.is === 'failed').length;
  expect(tried).toBeGreaterThanOrEqual(5);
  expect(tried).toBeLessThanOrEqual(10);
  expect(ends.filter(({ outcome }) => outcome.is === 'put-off')).toHaveLength(48 - tried);
  expect(ends.at(-1)?.state.quarantine).toMatchObject({ why: 'unreadable' });
  expect(after.at(-1)?.outcome.is).toBe('looked');
  expect(loops.told('health').map(({ to }) => to.is)).toEqual(['failing', 'quarantined', 'ok']);
  expect(loops.told('cycle').filter(({ outcome }) => outcome === 'put-off')[0]).toMatchObject({
    next: expect.stringMatching(/Z$/),
  });
});
