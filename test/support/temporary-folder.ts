/**
 * All that tests write lies in one folder, which goes when they are done. In memory where there is enough of it: muster flushes
 * what it writes to the disk, thousands of times in these tests, for a loss of power that none of them has.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const memory = '/dev/shm';
const enoughBytes = 4 * 1024 ** 3;

export async function setup(): Promise<() => Promise<void>> {
  const dir = (await inMemory()) ?? (await mkdtemp(join(tmpdir(), prefix)));
  // Workers are started after this, and inherit it.
  process.env['TMPDIR'] = dir;
  return () => rm(dir, { recursive: true, force: true, maxRetries: 3 });
}

const prefix = 'muster-tests-';

/** Not where the person names a folder, there is little room, or nothing in it may be run, as in many a container. */
async function inMemory(): Promise<string | undefined> {
  if (process.env['TMPDIR'] !== undefined) return undefined;
  try {
    const { bavail, bsize } = await statfs(memory);
    if (bavail * bsize < enoughBytes) return undefined;
    const dir = await mkdtemp(join(memory, prefix));
    const program = join(dir, 'program');
    await writeFile(program, '#!/bin/sh\n', { mode: 0o700 });
    try {
      execFileSync(program);
      return dir;
    } catch {
      await rm(dir, { recursive: true, force: true });
      return undefined;
    }
  } catch {
    return undefined;
  }
}
