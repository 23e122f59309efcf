import { mkdir, mkdtemp, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isPlanKeptOf, keepPlan, type PlanOrigin, recallPlan } from '../../src/journal/plan-cache.ts';
import type { KeptPlan } from '../../src/model/kept-plan.ts';
import { account, entry, planOf } from '../support/build-states.ts';
import { otherKey, testKey } from '../support/journal-key.ts';

const origin: PlanOrigin = { url: 'https://chat.example.com', serverKey: 'key', toolVersion: '0.1.0' };

const answer = { digest: 'sha256:0', changedMs: [1, 2] };
const keptPlan: KeptPlan = {
  plan: planOf({ accounts: [account('ada')], entries: [entry('ada')] }),
  caller: 'id-root',
  people: 'sha256:1',
  sources: `sha256:${'2'.repeat(64)}`,
  inputs: 'sha256:3',
  previous: ['id-bob'],
  untilMs: 7000,
  reads: {
    startedMs: 5000,
    serverStartedMs: 4000,
    attributes: ['username', 'roles'],
    ids: ['id-ada', 'id-bob'],
    sinceMs: 3000,
    changed: new Map([['id-ada', answer]]),
    asked: [{ question: 'users by names', words: ['ada'], answer }],
  },
};

async function kept(): Promise<{
  readonly home: string;
  readonly dir: string;
  readonly file: string;
  readonly bytes: Buffer;
}> {
  const home = await mkdtemp(join(tmpdir(), 'muster-plan-'));
  const dir = join(home, 'server');
  await mkdir(dir);
  await keepPlan(dir, keptPlan, origin, testKey);
  const file = join(dir, 'plan.cache');
  return { home, dir, file, bytes: await readFile(file) };
}

test('everything that was kept is there again, for its owner alone', async () => {
  const { dir, file } = await kept();

  expect(await recallPlan(dir, origin, testKey)).toEqual(keptPlan);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('a plan that stands for ever does so when it is read', async () => {
  const { dir } = await kept();
  const forEver = { ...keptPlan, untilMs: Number.POSITIVE_INFINITY };
  await keepPlan(dir, forEver, origin, testKey);

  expect(await recallPlan(dir, origin, testKey)).toEqual(forEver);
});

describe('nothing is kept', () => {
  test('where nothing was', async () => {
    expect(await recallPlan(tmpdir(), origin, testKey)).toBeUndefined();
  });

  test('where a byte is another one, or is missing', async () => {
    const { dir, file, bytes } = await kept();
    const believed: string[] = [];

    for (let place = 0; place < bytes.length; place += 7) {
      const flipped = Buffer.from(bytes);
      flipped[place] = (flipped[place] ?? 0) ^ 1;
      await writeFile(file, flipped);
      if ((await recallPlan(dir, origin, testKey)) !== undefined) believed.push(`flipped ${place}`);
      await writeFile(file, bytes.subarray(0, place));
      if ((await recallPlan(dir, origin, testKey)) !== undefined) believed.push(`cut ${place}`);
    }

    expect(believed).toEqual([]);
  });

  test('where another token signed it', async () => {
    const { dir } = await kept();

    expect(await recallPlan(dir, origin, otherKey)).toBeUndefined();
  });

  test('where it is what was kept of people', async () => {
    const { dir, file } = await kept();
    await rename(file, join(dir, 'people.cache'));
    await symlink(join(dir, 'people.cache'), file);

    expect(await recallPlan(dir, origin, testKey)).toBeUndefined();
  });

  test.each(['url', 'serverKey', 'toolVersion'] as const)('where %s is another one', async (name) => {
    const { dir } = await kept();

    expect(await recallPlan(dir, { ...origin, [name]: 'other' }, testKey)).toBeUndefined();
  });
});

test('what files a plan was made from is told without believing it', async () => {
  const { home, file, bytes } = await kept();

  expect(await isPlanKeptOf(keptPlan.sources, home)).toBe(true);
  expect(await isPlanKeptOf(`sha256:${'3'.repeat(64)}`, home)).toBe(false);
  expect(await isPlanKeptOf(keptPlan.sources, join(home, 'none'))).toBe(false);
  await writeFile(file, bytes.subarray(0, 20));
  expect(await isPlanKeptOf(keptPlan.sources, home)).toBe(false);
});
