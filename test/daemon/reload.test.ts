import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { isLong } from '../support/suite.ts';
import { type Loops, minute, startLoops } from './support/world.ts';

/** One server for all cases. */
let loops: Loops;
beforeAll(async () => {
  loops = await startLoops({}, { users: [{ username: 'ada', email: 'ada@example.com' }] });
});
beforeEach(async () => {
  loops.events.length = 0;
  loops.clock.onPass = () => undefined;
  await loops.write({ 'muster.yaml': settings('every: 15m'), 'users.yaml': usersOf('Old') });
});
afterAll(() => loops.close());

const settings = (schedule: string): string => `version: 1\nreconcile: { mode: enforce, ${schedule}, jitter: 0s }\n`;
const usersOf = (nickname: string): string =>
  `version: 1\nusers:\n  - { username: ada, email: ada@example.com, nickname: ${nickname} }\n`;

/** Runs for a time with looks as a process has them, and writes files at moments of it. */
async function run(
  forMs: number,
  writes: Readonly<Record<number, Readonly<Record<string, string>>>>,
): Promise<readonly number[]> {
  const { clock } = loops;
  const beganMs = clock.nowMs;
  const pending = new Map(Object.entries(writes).map(([ms, files]) => [beganMs + Number(ms), files]));
  const sleep = clock.sleep.bind(clock);
  const cycles: number[] = [];
  await loops.runWith(
    forMs,
    {
      clock: {
        now: () => clock.now(),
        sleep: async (ms, signal) => {
          await sleep(ms, signal);
          for (const [atMs, files] of pending)
            if (clock.now() >= atMs) {
              pending.delete(atMs);
              await loops.write(files);
            }
        },
      },
      tell: (event) => {
        loops.events.push(event);
        if (event.type === 'cycle') cycles.push((clock.now() - beganMs) / 1000);
      },
    },
    { lookMs: 10_000 },
  );
  return cycles;
}

test('a changed file begins the next cycle within half a minute, and the schedule stays', async () => {
  const cycles = await run(16 * minute, { [5 * minute]: { 'users.yaml': usersOf('New') } });

  expect(cycles).toEqual([0, 310, 900]);
  expect(loops.sandbox.control.user('ada')?.nickname).toBe('New');
  expect(loops.told('reload')).toHaveLength(1);
});

test.runIf(isLong)('files that are still being written begin no cycle before they rest', async () => {
  const writes = Object.fromEntries(
    Array.from({ length: 30 }, (_, i) => [(120 + 10 * i) * 1000, { 'users.yaml': usersOf(`Draft${i}`) }]),
  );

  const cycles = await run(14 * minute, writes);

  expect(cycles).toHaveLength(2);
  expect(cycles[1]).toBeGreaterThanOrEqual(420);
  expect(loops.sandbox.control.user('ada')?.nickname).toBe('Draft29');
});

test.runIf(isLong)('an error that is corrected in the files is not waited for', async () => {
  await loops.write({ 'users.yaml': 'version: 1\nusers: [{ usrname: ada }]\n' });

  const cycles = await run(14 * minute, { [8 * minute]: { 'users.yaml': usersOf('Corrected') } });

  expect(loops.told('health').map(({ to }) => to.is)).toEqual(['failing', 'ok']);
  expect(cycles.some((at) => at >= 480 && at <= 500)).toBe(true);
  expect(loops.sandbox.control.user('ada')?.nickname).toBe('Corrected');
});

test('a cron expression says when cycles begin, whatever changes meanwhile', async () => {
  await loops.write({ 'muster.yaml': settings("cron: '*/30 * * * *'") });

  const cycles = await run(40 * minute, { [5 * minute]: { 'users.yaml': usersOf('Later') } });

  expect(cycles.length).toBeLessThanOrEqual(2);
  expect(loops.told('reload')).toEqual([]);
});
