import { mkdtemp, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CacheOrigin, keepPeople, recallPeople } from '../../src/journal/people-cache.ts';
import type { LiveUser } from '../../src/model/live-state.ts';
import { Secret } from '../../src/model/secret.ts';
import type { SeenPeople } from '../../src/model/seen-people.ts';
import { journalKeyOf } from '../../src/secrets/journal-key.ts';
import { account, admin } from '../support/build-states.ts';
import { otherKey, testKey } from '../support/journal-key.ts';

const origin: CacheOrigin = {
  url: 'https://chat.example.com',
  serverKey: 'key',
  serverVersion: '11.2.0',
  caller: 'id-root',
  toolVersion: '0.1.0',
};

const dated = (live: LiveUser, updatedMs: number): LiveUser => ({
  ...live,
  dates: { createdMs: 1000, updatedMs, ...(!live.values.active && { inactiveSinceMs: 1500 }) },
});

const people: readonly LiveUser[] = [
  dated(admin('root'), 2000),
  dated(account('ada', { first_name: 'Ada Łovelace', props: { customStatus: '{"text":"a\\nb"}' }, mfa: 'on' }), 3000),
  dated(
    account('bob', { active: false, auth: { service: 'saml', data: 'b' }, notify_props: { desktop: 'all' } }),
    1500,
  ),
  dated({ ...account('bot'), isBot: true }, 1),
  dated({ ...account('far:away'), isRemote: true }, 2),
];

const seen: SeenPeople = {
  startedMs: 5000,
  serverStartedMs: 4000,
  total: people.length,
  isEverybody: true,
  users: new Map(people.map((live) => [live.id, live])),
  newest: new Set(['id-ada']),
  bots: new Set(['id-bot']),
};

const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'muster-people-'));

async function kept(): Promise<{ readonly dir: string; readonly file: string; readonly bytes: Buffer }> {
  const dir = await temporaryFolder();
  await keepPeople(dir, seen, origin, testKey);
  const file = join(dir, 'people.cache');
  return { dir, file, bytes: await readFile(file) };
}

test('everything that was kept is there again', async () => {
  const { dir } = await kept();

  expect(await recallPeople(dir, origin, testKey)).toEqual(seen);
});

test('nothing is kept where nothing was', async () => {
  expect(await recallPeople(await temporaryFolder(), origin, testKey)).toBe('none-kept');
});

describe('nothing counts', () => {
  test('where a byte is another one', async () => {
    const { dir, file, bytes } = await kept();
    const believed: number[] = [];

    for (let place = 0; place < bytes.length; place++) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ (1 << (place % 8));
      await writeFile(file, changed);
      if (typeof (await recallPeople(dir, origin, testKey)) !== 'string') believed.push(place);
    }

    expect(believed).toEqual([]);
  });

  test('where the end is missing, however much of it', async () => {
    const { dir, file, bytes } = await kept();
    const believed: number[] = [];

    for (let length = 0; length < bytes.length; length++) {
      await writeFile(file, bytes.subarray(0, length));
      if (typeof (await recallPeople(dir, origin, testKey)) !== 'string') believed.push(length);
    }

    expect(believed).toEqual([]);
  });

  test('where something was added', async () => {
    const { dir, file, bytes } = await kept();

    for (const more of ['\n', ' ', '{}\n', bytes.toString()]) {
      await writeFile(file, `${bytes.toString()}${more}`);
      expect(await recallPeople(dir, origin, testKey)).toBe('not-believed');
      await writeFile(file, `${more}${bytes.toString()}`);
      expect(await recallPeople(dir, origin, testKey)).toBe('not-believed');
    }
  });

  test('with another token, or a key of another server', async () => {
    const { dir } = await kept();

    expect(await recallPeople(dir, origin, otherKey)).toBe('not-believed');
    const elsewhere = journalKeyOf(new Secret('abcdefghijklmnopqrstuvwxyz'), 'another key');
    expect(await recallPeople(dir, origin, elsewhere)).toBe('not-believed');
  });

  test.each(Object.keys(origin))('with another %s', async (name) => {
    const { dir } = await kept();

    expect(await recallPeople(dir, { ...origin, [name]: 'another' }, testKey)).toBe('another-place');
  });

  test('where a link leads to it', async () => {
    const { dir, file } = await kept();
    const other = await temporaryFolder();
    await symlink(file, join(other, 'people.cache'));

    expect(await recallPeople(dir, origin, testKey)).toEqual(seen);
    expect(await recallPeople(other, origin, testKey)).toBe('not-believed');
  });
});

test('it is for its owner alone, and holds nothing of the token', async () => {
  const { file, bytes } = await kept();

  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(bytes.toString()).not.toContain('abcdefghijklmnopqrstuvwxyz');
});
