/** The trouble that the simulation makes is the trouble that it promises. */
import { describe, expect, test } from 'vitest';
import { randomFrom } from '../support/read-fault-run.ts';
import { referenceFor } from './campaign.ts';
import { SimDisk } from './disk.ts';
import { Network } from './network.ts';
import { Life, Scheduler } from './scheduler.ts';
import { worldOfSeed } from './world.ts';

const seeds = Array.from({ length: 60 }, (_, i) => i + 1);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What a file has after a crash in which its second line was written and not flushed. */
async function afterCrash(seed: number): Promise<string> {
  const scheduler = new Scheduler(0);
  const disk = new SimDisk(scheduler, randomFrom(seed));
  const life = new Life(1);
  let isWritten = false;
  const write = async (): Promise<void> => {
    const file = await disk.storeOf(life).openForAppend('a');
    await file.append(bytes('first\n'));
    await file.sync();
    await file.append(bytes('second\n'));
    isWritten = true;
  };
  write().catch(() => undefined);
  await scheduler.run(() => isWritten);
  life.end();
  disk.crash(life);
  return disk.texts.get('a') ?? '';
}

describe('a disk', () => {
  test('keeps what was flushed, and of the rest all, nothing, a part, or zeros', async () => {
    const found = await Promise.all(seeds.map(afterCrash));

    expect(found.filter((text) => !text.startsWith('first\n'))).toEqual([]);
    const rest = new Set(found.map((text) => text.slice('first\n'.length)));
    expect(rest).toContain('');
    expect(rest).toContain('second\n');
    expect([...rest].some((text) => /^s[a-z]*$/.test(text))).toBe(true);
    expect([...rest].some((text) => text.includes('\0'))).toBe(true);
  });
});

describe('a request of a process that died', () => {
  test('is carried out at once, late, or never', async () => {
    const arrivals = await Promise.all(
      seeds.map(async (seed) => {
        const scheduler = new Scheduler(0);
        const life = new Life(1);
        const weather = { lostAnswers: 0, failedReads: 0, failedSinks: 0 } as const;
        const network = new Network(scheduler, randomFrom(seed), weather);
        let arrivedMs: number | undefined;
        const commit = (): void => {
          arrivedMs = scheduler.nowMs;
        };
        const facts = { operation: 'users.patch', method: 'PUT', path: '', access: 'write', life, commit } as const;
        network.send(facts).then(
          () => expect.unreachable('an answer to the dead'),
          () => expect.unreachable('an error for the dead'),
        );
        await scheduler.run(() => false, 1);
        life.end();
        network.crash(life);
        await scheduler.run(() => false);
        return arrivedMs;
      }),
    );

    expect(arrivals).toContain(undefined);
    const times = arrivals.filter((ms) => ms !== undefined);
    expect(Math.min(...times)).toBeLessThan(300);
    expect(Math.max(...times)).toBeGreaterThan(5_000);
    expect(Math.max(...times)).toBeLessThanOrEqual(30_000);
  });
});

describe('a world', () => {
  test.each(seeds.filter((seed) => seed % 3 !== 2).slice(0, 20))(
    'of stories is brought to its end by one run: %i',
    async (seed) => {
      expect((await referenceFor(worldOfSeed(seed))).isPlain).toBe(true);
    },
  );
});
