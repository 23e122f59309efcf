/** What is kept between jobs in a folder, sealed: for the same token alone, and nothing is believed that was changed. */
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/api/index.ts';
import { type CiState, openState } from '../../src/app/ci/state.ts';
import type { RunEvent } from '../../src/model/run-event.ts';
import { Secret } from '../../src/model/secret.ts';
import { stateSealOf } from '../../src/secrets/state-seal.ts';
import { fullPlan } from '../report/support.ts';

const digest = `sha256:${'5'.repeat(64)}`;
const plan = { ...fullPlan, digest };

async function shelf(): Promise<{
  readonly dir: string;
  readonly open: (token: string | undefined) => Promise<CiState & { readonly told: readonly RunEvent[] }>;
}> {
  const dir = await mkdtemp(join(tmpdir(), 'muster-kept-'));
  return {
    dir,
    open: async (token) => {
      const told: RunEvent[] = [];
      const work = await mkdtemp(join(tmpdir(), 'muster-job-'));
      const ports = { clock: systemClock, env: {}, emit: (event: RunEvent) => void told.push(event) };
      const seal = token === undefined ? undefined : stateSealOf(new Secret(token));
      return Object.assign(await openState({ is: 'folder', dir }, seal, work, ports), { told });
    },
  };
}

async function textsIn(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(files.map((file) => readFile(file, 'latin1')));
}

test('a sealed plan is found by the next job with the same token, and names no one to people who read the folder', async () => {
  const { dir, open } = await shelf();
  const first = await open('token-1');
  await first.keepPlan(plan);
  await first.save();

  const second = await open('token-1');

  expect(await second.findPlan(digest)).toContain('"linus"');
  expect(second.told).toEqual([]);
  const texts = await textsIn(dir);
  expect(texts).toHaveLength(1);
  expect(texts.filter((text) => text.includes('linus') || text.includes(fullPlan.server.url))).toEqual([]);
});

test('what another token sealed is not believed, said once, and left: sealed-by-others', async () => {
  const { dir, open } = await shelf();
  for (const day of ['1', '2']) {
    const old = await open('token-1');
    await old.keepPlan({ ...plan, digest: `sha256:${day.repeat(64)}` });
    await old.save();
  }
  const before = await textsIn(dir);

  const next = await open('token-2');
  await next.keepPlan(plan);
  await next.save();

  expect(next.told).toEqual([
    {
      type: 'warning',
      code: 'sealed-by-others',
      hint: 'where the token of muster was replaced, delete what is kept',
      text: '2 files kept between jobs were sealed with another token, or changed: not believed, and left as they are',
    },
  ]);
  expect(await next.findPlan(`sha256:${'1'.repeat(64)}`)).toBeUndefined();
  expect(await next.findPlan(digest)).toContain('"linus"');
  expect(await textsIn(dir)).toEqual(expect.arrayContaining([...before]));
});

test('a file that is not sealed, or was sealed under another name, is not believed where files are sealed', async () => {
  const { dir, open } = await shelf();
  const own = await open('token-1');
  await own.keepPlan(plan);
  await own.save();
  const [name = ''] = await readdir(join(dir, 'plans'));
  const other = name.replace('5'.repeat(64), '6'.repeat(64));
  await writeFile(join(dir, 'plans', other), await readFile(join(dir, 'plans', name)));
  await writeFile(join(dir, 'plans', name.replace('5'.repeat(64), '7'.repeat(64))), '{}');

  const next = await open('token-1');

  expect(await next.findPlan(digest)).toContain('"linus"');
  for (const digit of ['6', '7']) expect(await next.findPlan(`sha256:${digit.repeat(64)}`)).toBeUndefined();
  expect(next.told).toHaveLength(1);
});
