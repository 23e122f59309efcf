/** A disk that is full, or refuses otherwise, ends no loop: it is told, and the next cycle is made. */
import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Loops, minute, startLoops } from './support/world.ts';

const { open } = files;
let loops: Loops;
beforeEach(async () => {
  loops = await startLoops({
    'muster.yaml': 'version: 1\nreconcile: { mode: enforce, every: 15m, jitter: 0s }\n',
    'users.yaml': 'version: 1\nusers: [{ username: ada, email: ada@example.com }]\n',
  });
});
afterEach(async () => {
  refuse(undefined);
  await loops.close();
});

/** @param files - those that cannot be opened, for a time */
function refuse(names: RegExp | undefined, code = 'ENOSPC'): void {
  files.open = (path, ...rest) =>
    names?.test(String(path)) === true
      ? Promise.reject(Object.assign(new Error(`${code}: refused`), { code, syscall: 'open' }))
      : open(path, ...rest);
  if (names === undefined) files.open = open;
  syncBuiltinESMExports();
}

/** Refuses from 5 minutes after the start to 40 minutes after it. */
function refuseFor(names: RegExp, code?: string): void {
  const startMs = loops.clock.nowMs;
  loops.clock.onPass = (nowMs) => {
    refuse(nowMs >= startMs + 5 * minute && nowMs < startMs + 40 * minute ? names : undefined, code);
  };
}

test('what cannot be remembered is told, and known again once there is room', async () => {
  refuseFor(/reconcile\.json/);

  await loops.run(65 * minute);

  expect(loops.told('cycle').map(({ outcome }) => outcome)).toEqual(Array(5).fill('looked'));
  expect(loops.told('warning').map(({ code }) => code)).toEqual(Array(2).fill('cycles-not-remembered'));
  expect(loops.told('warning')[0]?.text).toMatch(/reconcile\.json cannot be written \(the disk is full, ENOSPC\)$/);
  expect((await loops.state()).cycles).toBe(5);
});

test('a file that cannot be read fails the cycle, and ends nothing', async () => {
  refuseFor(/run-\d+.*\.jsonl$/, 'EACCES');

  await loops.run(3 * 60 * minute);

  const cycles = loops.told('cycle');
  expect(cycles[0]?.outcome).toBe('looked');
  expect(cycles[1]).toMatchObject({ outcome: 'failed', code: 'MACHINE_FAILED' });
  expect(cycles.at(-1)?.outcome).toBe('looked');
  expect(loops.told('health').map(({ to }) => to.is)).toEqual(['failing', 'ok']);
});

test('a state directory that is gone ends the process, since its lock is gone, too', async () => {
  refuseFor(/reconcile\.json/, 'ENOENT');

  await expect(loops.run(65 * minute)).rejects.toMatchObject({ code: 'STATE_DIR' });

  expect(loops.told('warning')).toEqual([]);
  expect(loops.told('stopped')).toHaveLength(1);
});
