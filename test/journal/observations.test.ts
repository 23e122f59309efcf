/** What is kept of a reading, where the disk takes no more. */
import files, { mkdtemp, readdir } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { keepObservation } from '../../src/journal/observations.ts';
import { testKey } from '../support/journal-key.ts';

const { open } = files;
afterEach(() => setOpen(open));

/** Not by a mock of the module: other test files in this process have imported it already. */
function setOpen(by: typeof open): void {
  files.open = by;
  syncBuiltinESMExports();
}

test('a reading that finds no room leaves nothing, and says where room is missing', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'muster-seen-'));
  setOpen(async (path, ...rest) => {
    const file = await open(path, ...rest);
    file.sync = () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
    return file;
  });

  const kept = keepObservation(
    dir,
    { beganMs: 0, endedMs: 1, by: 'audit', isOfEverybody: true, accounts: [] },
    testKey,
  );

  await expect(kept).rejects.toMatchObject({
    code: 'STATE_DIR',
    message: expect.stringMatching(/seen-.* cannot be written \(the disk is full, ENOSPC\)$/),
  });
  expect(await readdir(dir)).toEqual([]);
});
