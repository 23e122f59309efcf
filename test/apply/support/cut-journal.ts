/** Journals as a process leaves them that is ended from outside. */
import { readdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stage } from './stage.ts';

export async function stateFiles(stage: Stage): Promise<{ readonly dir: string; readonly journal: string }> {
  const home = join(stage.dir, 'state', 'muster');
  const [server = ''] = await readdir(home);
  const dir = join(home, server);
  const journal =
    (await readdir(dir))
      .filter((name) => name.endsWith('.jsonl'))
      .toSorted()
      .at(-1) ?? '';
  return { dir, journal: join(dir, journal) };
}

/** As if the process had died right after the n-th line of a type was flushed: what follows never came. */
export async function cutAfter(stage: Stage, type: string, nth: number): Promise<void> {
  const { journal } = await stateFiles(stage);
  const lines = (await readFile(journal, 'utf8')).split('\n');
  let seen = 0;
  const last = lines.findIndex((line) => line.includes(`"type":"${type}"`) && ++seen === nth);
  await truncate(journal, Buffer.byteLength(`${lines.slice(0, last + 1).join('\n')}\n`));
}
