/** Journals as a process leaves them that is ended from outside. */
import { readdir, readFile, truncate } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createClient } from '../../../src/api/index.ts';
import { Secret } from '../../../src/model/secret.ts';
import { takeLease } from '../../../src/resources/server/lease.ts';
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

/** The same, and on the server stands what a run leaves there that never came to its end. */
export async function dieAfter(stage: Stage, type: string, nth: number): Promise<void> {
  await cutAfter(stage, type, nth);
  await leaveNote(stage);
}

/** The note of the newest run, as if it had never come to its end. */
export async function leaveNote(stage: Stage): Promise<void> {
  const { journal } = await stateFiles(stage);
  const run = basename(journal).replace(/^run-|\.jsonl$/g, '');
  const client = createClient({
    url: stage.sandbox.url,
    token: new Secret(stage.sandbox.adminToken),
    clock: stage.clock,
  });
  try {
    await takeLease(client, (await client.users.me()).id, { run, host: 'gone', isDead: () => true }, stage.clock);
  } finally {
    await client.close();
  }
}
