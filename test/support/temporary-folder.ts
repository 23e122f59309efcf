/** All that tests write lies in one folder, which goes when they are done. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

export async function setup(): Promise<() => Promise<void>> {
  const dir = await mkdtemp(join(tmpdir(), 'muster-tests-'));
  // Workers are started after this, and inherit it.
  process.env['TMPDIR'] = dir;
  return () => rm(dir, { recursive: true, force: true, maxRetries: 3 });
}
