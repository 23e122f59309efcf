/** The trouble that the simulation makes is the trouble that it promises. */
import { describe, expect, test } from 'vitest';
import { moment } from '../support/build-states.ts';
import { randomFrom } from '../support/read-fault-run.ts';
import { lagging, referenceFor } from './campaign.ts';
import { checkEnd } from './check.ts';
import { SimDisk } from './disk.ts';
import { Ledger } from './ledger.ts';
import type { ModelServer } from './model-server.ts';
import { calm, Network } from './network.ts';
import { run } from './run.ts';
import { Life, Scheduler } from './scheduler.ts';
import { fortyActions, worldOfSeed } from './world.ts';

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
        const weather = calm;
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

describe('a replica', () => {
  const [one] = worldOfSeed(1).server.users;
  const renamed = async (): Promise<{ readonly server: ModelServer; readonly ledger: Ledger }> => {
    const { server } = await run({ world: worldOfSeed(1), seed: 1 });
    const ledger = new Ledger(server, { minAdmins: 0, returners: new Map(), isLax: true });
    for (const [i, nickname] of ['first', 'second'].entries()) {
      const entry = { atMs: moment + 3_600_000 + i * 1000, life: 1, operation: 'users.patch', subject: 'x' };
      ledger.write(entry, one?.id, () => server.patch(one?.id ?? '', { nickname }, entry.atMs));
    }
    return { server, ledger };
  };

  test('shows the rows of the moment that it is at, and the server those of now', async () => {
    const { server } = await renamed();
    const at = (ms: number): string | undefined =>
      server.asOf(moment + 3_600_000 + ms).find(({ id }) => id === one?.id)?.nickname;

    expect([at(-1), at(0), at(999), at(1000)]).toEqual([one?.nickname, 'first', 'first', 'second']);
    expect(server.user(one?.id ?? '').nickname).toBe('second');
  });

  test('is behind now and then, by less than two seconds', () => {
    const network = new Network(new Scheduler(0), randomFrom(1), lagging);
    const lags = Array.from({ length: 1000 }, () => network.lagMs());

    expect(lags.filter((ms) => ms === 0).length).toBeGreaterThan(300);
    expect(Math.max(...lags)).toBeGreaterThan(1000);
    expect(Math.max(...lags)).toBeLessThan(2000);
  });
});

describe('an interrupt', () => {
  test('lets a process end by itself, and the next one goes on', async () => {
    const { steps } = await referenceFor(fortyActions);
    const ended = await run({ world: fortyActions, seed: 1, interrupts: [Math.ceil(steps / 2)] });

    expect(ended).toMatchObject({ crashes: 0, interrupted: 1, lives: 2 });
    await checkEnd(ended, await referenceFor(fortyActions), { onlyCrashes: true, losesState: false });
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
