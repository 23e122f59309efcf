/** Which state directory counts as the caller's own. */
import { chmod, mkdir, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isOwnStateDir } from '../../src/journal/trust.ts';

interface Place {
  readonly home: string;
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
}

async function makePlace(mode = 0o700): Promise<Place> {
  const home = await mkdtemp(join(tmpdir(), 'muster-trust-'));
  const dir = join(home, 'muster', 'key');
  await mkdir(dir, { recursive: true });
  await chmod(dir, mode);
  return { home, dir, env: { XDG_STATE_HOME: home } };
}

test('a folder in the state home that is its owner’s alone is the caller’s own', async () => {
  const { dir, env } = await makePlace();

  expect(await isOwnStateDir(dir, env)).toBe(true);
  for (const CI of ['', 'false', '0']) expect(await isOwnStateDir(dir, { ...env, CI })).toBe(true);
});

test.each(['true', '1', 'yes'])('no folder is the caller’s own where CI is %s', async (CI) => {
  const { dir, env } = await makePlace();

  expect(await isOwnStateDir(dir, { ...env, CI })).toBe(false);
});

test('a folder elsewhere is not, nor the state home itself, nor one that is missing', async () => {
  const [{ home, dir, env }, other] = [await makePlace(), await makePlace()];

  expect(await isOwnStateDir(other.dir, env)).toBe(false);
  expect(await isOwnStateDir(join(home, 'muster'), env)).toBe(false);
  expect(await isOwnStateDir(`${dir}-missing`, env)).toBe(false);
});

test('a folder that is its owner’s alone is not where it only lies beside the state home, or is it', async () => {
  const { home, env } = await makePlace();
  const beside = join(home, 'muster-of-others');
  await mkdir(beside, { mode: 0o700 });
  await chmod(join(home, 'muster'), 0o700);

  expect(await isOwnStateDir(beside, env)).toBe(false);
  expect(await isOwnStateDir(join(home, 'muster'), env)).toBe(false);
});

test('a link in the state home to a folder elsewhere is not', async () => {
  const [{ home, env }, other] = [await makePlace(), await makePlace()];
  const link = join(home, 'muster', 'link');
  await symlink(other.dir, link);

  expect(await isOwnStateDir(link, env)).toBe(false);
});

test.each([0o750, 0o755, 0o770, 0o701])('a folder of the mode %o is not', async (mode) => {
  const { dir, env } = await makePlace(mode);

  expect(await isOwnStateDir(dir, env)).toBe(false);
});
