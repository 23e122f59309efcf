/** One run at a time works with a state directory. */
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { lutimes, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LockedError } from '../../src/journal/errors.ts';
import { type Lock, takeLock } from '../../src/journal/lock.ts';
import { StateDirError } from '../../src/journal/state-dir.ts';
import { bundleOf } from '../support/bundle.ts';
import { bySuite } from '../support/suite.ts';
import type { Order, Report } from './support/lock-taker.ts';

const nowMs = Date.parse('2026-06-15T12:00:00Z');
const hourMs = 3_600_000;
const rounds = bySuite({ short: 4, long: 20 });

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'muster-lock-'));
const take = (dir: string): Promise<Lock> => takeLock(dir, nowMs);
const lockNames = async (dir: string): Promise<readonly string[]> => (await readdir(dir)).toSorted();
const first = 'lock.000000001';

/** A folder with a lock that says this. */
async function folderWith(content: string, silentMs = 0, name = first): Promise<string> {
  const dir = await folder();
  await writeFile(join(dir, name), content);
  const shown = new Date(Date.now() - silentMs);
  await utimes(join(dir, name), shown, shown);
  return dir;
}

/** What this process would write into a lock. */
async function myself(): Promise<Readonly<Record<string, unknown>>> {
  const dir = await folder();
  await take(dir);
  return JSON.parse(await readFile(join(dir, first), 'utf8')) as Record<string, unknown>;
}

async function outcomes(
  takers: readonly Promise<Lock>[],
): Promise<{ readonly won: Lock[]; readonly refused: string[] }> {
  const ended = await Promise.allSettled(takers);
  return {
    won: ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    refused: ended.flatMap((one) =>
      one.status === 'rejected' ? [one.reason instanceof LockedError ? 'LOCKED' : String(one.reason)] : [],
    ),
  };
}

/** A process that waits for orders. */
class Taker {
  readonly child: ChildProcess;
  readonly isReady: Promise<unknown>;

  constructor(program: string) {
    this.child = fork(program, { execArgv: [] });
    this.isReady = once(this.child, 'message');
  }

  async order(order: Order): Promise<Report> {
    const report = once(this.child, 'message');
    this.child.send(order);
    return ((await report) as [Report])[0];
  }

  async kill(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}

describe('the lock', () => {
  test('is taken, released, and taken again', async () => {
    const dir = await folder();

    for (let i = 0; i < 3; i++) {
      const lock = await take(dir);
      await lock.release();
    }

    expect(await lockNames(dir)).toEqual(['lock.000000003']);
    expect(await readFile(join(dir, 'lock.000000003'), 'utf8')).toBe('');
  });

  test('is its owner’s alone, whole at once, and leaves nothing beside it', async () => {
    const dir = await folder();

    await take(dir);

    expect(await lockNames(dir)).toEqual([first]);
    expect((await stat(join(dir, first))).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(join(dir, first), 'utf8'))).toMatchObject({
      host: hostname(),
      process: process.pid,
      since: '2026-06-15T12:00:00.000Z',
    });
  });

  test('is refused to a second in the same process, with who has it and what to do', async () => {
    const dir = await folder();
    await take(dir);

    await expect(take(dir)).rejects.toMatchObject({
      code: 'LOCKED',
      message: `another run of muster holds the state directory (process ${process.pid} on ${hostname()}, since 2026-06-15T12:00:00.000Z)`,
      hint: `wait for it to end; if it certainly has, remove ${join(dir, first)}`,
    });
    expect(await lockNames(dir)).toEqual([first]);
  });

  test('of one folder is nothing to another', async () => {
    const [one, other] = [await folder(), await folder()];

    await take(one);

    await expect(take(other)).resolves.toBeDefined();
  });

  test('stands in no one’s way beside other files', async () => {
    const dir = await folderWith('x', 0, 'lock.1');
    await writeFile(join(dir, 'lock.000000009.bak'), 'x');
    await writeFile(join(dir, '.lock.0badcafe.tmp'), 'x');

    await take(dir);

    expect(await lockNames(dir)).toEqual(['.lock.0badcafe.tmp', 'lock.000000001', 'lock.000000009.bak', 'lock.1']);
  });

  test('of a folder that is not there is an error of the folder', async () => {
    await expect(take(join(await folder(), 'gone'))).rejects.toThrow(StateDirError);
  });
});

describe('a lock that was left', () => {
  test.each<[what: string, change: Readonly<Record<string, unknown>>]>([
    ['before the machine was started anew', { boot: 'another-start' }],
    ['by a process of the same number', { processStart: '1' }],
    ['by a process that is no more', { process: 4_194_305 }],
    ['by one whose number another process has now', { process: process.ppid, processStart: '1' }],
  ])('%s is taken over', async (_, change) => {
    const dir = await folderWith(JSON.stringify({ ...(await myself()), ...change }));

    await take(dir);

    expect(await lockNames(dir)).toEqual(['lock.000000002']);
    await expect(take(dir)).rejects.toThrow(LockedError);
  });

  test.each<[elsewhere: string, change: Readonly<Record<string, string>>, silentMs: number, isTaken: boolean]>([
    ['machine', { host: 'elsewhere', boot: 'another-start' }, 0, false],
    ['machine', { host: 'elsewhere', boot: 'another-start' }, hourMs - 60_000, false],
    ['machine', { host: 'elsewhere', boot: 'another-start' }, hourMs + 60_000, true],
    ['container', { space: 'pid:[1]' }, 0, false],
    ['container', { space: 'pid:[1]' }, hourMs + 60_000, true],
  ])('in another %s (%j) and silent for %i ms is taken over: %s', async (_, change, silentMs, isTaken) => {
    const holder = { ...(await myself()), process: 4_194_305, ...change };
    const dir = await folderWith(JSON.stringify(holder), silentMs);

    const { won, refused } = await outcomes([take(dir)]);

    expect([won.length === 1, refused]).toEqual([isTaken, isTaken ? [] : ['LOCKED']]);
  });

  const strays = [
    'garbage',
    ' ',
    '{}',
    '[]',
    'null',
    '{"host":"a","boot":"b","process":"1","processStart":"1","since":"x"}',
    '{"host":"a","boot":"b","process":1,"processStart":"1"}',
    '\u0000\u0000\u0000',
    'x'.repeat(10_000),
  ];

  test.each(strays)('a moment ago and says %j counts as held; the message names the file', async (content) => {
    const dir = await folderWith(content, 60_000);

    await expect(take(dir)).rejects.toMatchObject({
      code: 'LOCKED',
      message: 'another run of muster holds the state directory (it does not say who)',
      hint: expect.stringContaining(`remove ${join(dir, first)}`) as unknown,
    });
  });

  test.each(strays)('long ago and says %j is taken over', async (content) => {
    const dir = await folderWith(content, hourMs + 60_000);

    await take(dir);

    expect(await lockNames(dir)).toEqual(['lock.000000002']);
  });

  test.each([
    ['an hour hence', -hourMs - 60_000, 'taken'],
    ['in some years', -100_000 * hourMs, 'taken'],
    ['in a minute', -60_000, 'LOCKED'],
  ])('%s, as its time has it, does not block for ever', async (_, silentMs, expected) => {
    const dir = await folderWith('garbage', silentMs);

    const { won, refused } = await outcomes([take(dir)]);

    expect([...won.map(() => 'taken'), ...refused]).toEqual([expected]);
  });

  test.each<[what: string, make: (path: string) => Promise<unknown>]>([
    ['a folder', (path) => mkdir(path)],
    ['a pipe', (path) => Promise.resolve(execFileSync('sh', ['-c', 'mkfifo "$0"', path]))],
    ['a link to an endless device', (path) => symlink('/dev/zero', path)],
    ['a link to nowhere', (path) => symlink('nowhere', path)],
  ])('as %s counts as held at first, and is taken over after an hour', async (_, make) => {
    const dir = await folder();
    await make(join(dir, first));

    await expect(take(dir)).rejects.toMatchObject({
      code: 'LOCKED',
      hint: expect.stringContaining(join(dir, first)) as unknown,
    });

    const past = new Date(Date.now() - 2 * hourMs);
    await lutimes(join(dir, first), past, past);
    await take(dir);
    expect(await lockNames(dir)).toContain('lock.000000002');
    await expect(take(dir)).rejects.toThrow(LockedError);
  });

  test.each(['', 'garbage'])('with the last number, saying %j, is told to be removed', async (content) => {
    const dir = await folderWith(content, 2 * hourMs, 'lock.999999999');

    await expect(take(dir)).rejects.toMatchObject({
      code: 'STATE_DIR',
      hint: `remove ${join(dir, 'lock.999999999')}`,
    });
    await rm(join(dir, 'lock.999999999'));
    await expect(take(dir)).resolves.toBeDefined();
  });

  test('by a run that died as it took it blocks no other run', async () => {
    const dir = await folder();
    for (const content of ['', '{"host"', JSON.stringify(await myself())])
      await writeFile(join(dir, `.lock.${content.length}.tmp`), content);

    await take(dir);

    expect((await lockNames(dir)).filter((name) => name.startsWith('lock'))).toEqual([first]);
  });
});

describe('a holder', () => {
  /** Two runs of which the first was taken for dead, as on another machine that lost its network. */
  async function takenOver(): Promise<{ readonly dir: string; readonly previous: Lock; readonly latter: Lock }> {
    const dir = await folder();
    const previous = await take(dir);
    const holder = { ...(JSON.parse(await readFile(join(dir, first), 'utf8')) as object), host: 'elsewhere' };
    await writeFile(join(dir, first), JSON.stringify(holder));
    await utimes(join(dir, first), 0, 0);
    return { dir, previous, latter: await take(dir) };
  }

  test('that shows itself is alive for other machines', async () => {
    const dir = await folder();
    const lock = await take(dir);
    await utimes(join(dir, first), 0, 0);

    await lock.renew();

    expect(Date.now() - (await stat(join(dir, first))).mtimeMs).toBeLessThan(60_000);
  });

  test('from whom it was taken over brings nothing back', async () => {
    const { dir, previous, latter } = await takenOver();

    await previous.renew();
    await previous.release();

    expect(await lockNames(dir)).toEqual(['lock.000000002']);
    await expect(take(dir)).rejects.toThrow(LockedError);
    await latter.release();
    await expect(take(dir)).resolves.toBeDefined();
  });

  test('whose file was removed by hand releases no one else’s lock', async () => {
    const dir = await folderWith('', 0, 'lock.000000006');
    const previous = await take(dir);
    await rm(join(dir, 'lock.000000007'));
    await take(dir);

    await previous.release();

    expect(await lockNames(dir)).toEqual([first]);
    await expect(take(dir)).rejects.toThrow(LockedError);
  });
});

describe('of twenty in one process', () => {
  test.each<[what: string, make: () => Promise<string>]>([
    ['an empty folder', folder],
    ['a lock that was released', () => folderWith('', 0, 'lock.000000041')],
    ['a lock of a dead process', async () => folderWith(JSON.stringify({ ...(await myself()), process: 4_194_305 }))],
    [
      'a lock of a silent machine',
      async () => folderWith(JSON.stringify({ ...(await myself()), host: 'x' }), 2 * hourMs),
    ],
  ])('just one gets %s, and everybody else is refused, again and again', async (_, make) => {
    for (let round = 0; round < rounds; round++) {
      const dir = await make();
      // Not all at the same instant: some come while others are halfway.
      const takers = Array.from({ length: 20 }, async (__, i) => {
        for (let wait = 0; wait < (i * round) % 7; wait++) await turn();
        return take(dir);
      });

      const { won, refused } = await outcomes(takers);

      expect([won.length, refused]).toEqual([1, Array.from({ length: 19 }, () => 'LOCKED')]);
      await won[0]?.release();
      await expect(take(dir)).resolves.toBeDefined();
    }
  });

  test('all get it one after the other, and never two at the same time', async () => {
    const dir = await folder();
    let holders = 0;
    let most = 0;
    let turns = 0;
    const patient = async (): Promise<void> => {
      for (;;) {
        const lock = await take(dir).catch(() => undefined);
        if (lock === undefined) {
          await turn();
          continue;
        }
        most = Math.max(most, ++holders);
        await turn();
        holders--;
        turns++;
        return lock.release();
      }
    };

    await Promise.all(Array.from({ length: 20 }, patient));

    expect([most, turns]).toEqual([1, 20]);
  });
});

describe('among processes', () => {
  const takers: Taker[] = [];
  let program = '';
  /** What the lock of a process says that was killed. */
  let dead = '';

  beforeAll(async () => {
    program = await bundleOf('test/journal/support/lock-taker');
    for (let i = 0; i < 8; i++) takers.push(new Taker(program));
    await Promise.all(takers.map(({ isReady }) => isReady));
  });

  afterAll(async () => {
    await Promise.all(takers.map((one) => one.kill()));
  });

  test('it is refused while its holder lives, and taken over when that one was killed', async () => {
    const dir = await folder();
    const holder = new Taker(program);
    await holder.isReady;

    const taken = await holder.order({ take: dir });
    const { won, refused } = await outcomes([take(dir)]);
    dead = await readFile(join(dir, first), 'utf8');
    await holder.kill();
    await take(dir);

    expect([taken, won, refused]).toEqual(['held', [], ['LOCKED']]);
    expect(JSON.parse(dead)).toMatchObject({ process: holder.child.pid });
    expect(await lockNames(dir)).toEqual(['lock.000000002']);
  });

  test('just one of eight gets that of a dead one, again and again', async () => {
    const dir = await folder();
    for (let round = 1; round <= rounds; round++) {
      for (const name of await readdir(dir)) await rm(join(dir, name));
      await writeFile(join(dir, `lock.${String(round).padStart(9, '0')}`), dead);

      const reports = await Promise.all(takers.map((one) => one.order({ take: dir })));

      expect(reports.filter((report) => report === 'held')).toHaveLength(1);
      expect(reports.filter((report) => report !== 'held')).toEqual(
        Array.from({ length: 7 }, () => ({ refused: 'LOCKED' })),
      );
      await Promise.all(takers.filter((__, i) => reports[i] === 'held').map((one) => one.order('release')));
    }
  });

  test.runIf(process.platform === 'linux')(
    'it is taken over from one that died and that no one has buried',
    async () => {
      const dir = await folder();
      // The shell becomes a program that never asks how its child ended.
      const script = '"$0" "$1" "$2" & exec sleep 60';
      const parent = spawn('sh', ['-c', script, process.execPath, program, dir], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [said] = (await once(parent.stdout, 'data')) as [Buffer];
      const holder = (JSON.parse(await readFile(join(dir, first), 'utf8')) as { process: number }).process;
      const { refused } = await outcomes([take(dir)]);
      process.kill(holder, 'SIGKILL');
      for (let i = 0; i < 100_000 && !/\) Z /.test(await readFile(`/proc/${holder}/stat`, 'utf8')); i++) await turn();

      const { won } = await outcomes([take(dir)]);
      parent.kill('SIGKILL');

      expect([String(said).trim(), refused, won.length]).toEqual(['"held"', ['LOCKED'], 1]);
    },
  );
});
