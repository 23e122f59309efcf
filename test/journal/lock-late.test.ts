/** Who takes the lock may be slow at any step: what it saw may be long past when it acts on it. */
import files, { mkdtemp, readdir } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { LockedError } from '../../src/journal/errors.ts';
import { type Lock, takeLock } from '../../src/journal/lock.ts';
import { randomFrom } from '../support/read-fault-run.ts';

/** Called before each step that takes a look at the folder, or changes it. */
const disk = { before: (_step: string): Promise<void> => Promise.resolve() };

const real = { ...files };

beforeAll(() => {
  const slow =
    <Args extends readonly unknown[], Result>(step: string, act: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      await disk.before(step);
      return act(...args);
    };
  replaceFiles({
    readdir: slow('readdir', real.readdir as (dir: string) => Promise<string[]>),
    readFile: slow('readFile', real.readFile as (path: string, encoding: 'utf8') => Promise<string>),
    link: slow('link', real.link),
    rm: slow('rm', real.rm),
    open: slow('open', real.open),
  });
});

afterAll(() => {
  replaceFiles(real);
});

/** Not by a mock of the module: other test files in this process have imported it already. */
function replaceFiles(by: object): void {
  Object.assign(files, by);
  syncBuiltinESMExports();
}

afterEach(() => {
  disk.before = () => Promise.resolve();
});

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'muster-late-'));
const take = (dir: string): Promise<Lock> => takeLock(dir, 0);

test('who saw a free folder long ago does not take a lock that others have taken and released since', async () => {
  const dir = await folder();
  const later: Lock[] = [];
  // Between its look and its own lock one run comes and goes, and another one comes.
  disk.before = async (step) => {
    if (step !== 'link') return;
    disk.before = () => Promise.resolve();
    await (await take(dir)).release();
    later.push(await take(dir));
  };

  await expect(take(dir)).rejects.toThrow(LockedError);

  expect(later).toHaveLength(1);
  expect(await readdir(dir)).toEqual(['lock.000000002']);
});

test('however slow the steps of each are, never two have it, and all get it one after the other', async () => {
  const pick = randomFrom(20_260_615);
  disk.before = async () => {
    // Now and then one sleeps while all the others come and go.
    const turns = pick(12) === 0 ? 150 : pick(6);
    for (let i = 0; i < turns; i++) await turn();
  };
  const trouble: string[] = [];
  for (let round = 0; round < 12; round++) {
    const dir = await folder();
    let holders = 0;
    let served = 0;
    const visitor = async (): Promise<void> => {
      for (let tries = 0; tries < 1000; tries++) {
        const lock = await take(dir).catch((error: unknown) => {
          if (!(error instanceof LockedError)) throw error;
          return undefined;
        });
        await turn();
        if (lock === undefined) continue;
        if (++holders > 1) trouble.push(`${holders} at the same time in round ${round}`);
        for (let i = pick(20); i > 0; i--) await turn();
        holders--;
        served++;
        return lock.release();
      }
    };

    await Promise.all(Array.from({ length: 6 }, visitor));

    if (served !== 6) trouble.push(`${served} of 6 were served in round ${round}`);
  }

  expect(trouble).toEqual([]);
});
