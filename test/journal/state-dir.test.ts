import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ensureStateDir, notePlanUse, StateDirError, stateDirOf } from '../../src/journal/state-dir.ts';

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'muster-state-'));
const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe('the state directory lies', () => {
  test.each<[string, string | undefined, NodeJS.ProcessEnv, string]>([
    ['where it was named', '/srv/state', { XDG_STATE_HOME: '/xdg', HOME: '/home/ada' }, '/srv/state/key'],
    ['in the state home', undefined, { XDG_STATE_HOME: '/xdg', HOME: '/home/ada' }, '/xdg/muster/key'],
    ['in the home', undefined, { HOME: '/home/ada' }, '/home/ada/.local/state/muster/key'],
    [
      'in the home, not where an empty variable points',
      undefined,
      { XDG_STATE_HOME: '', HOME: '/h' },
      '/h/.local/state/muster/key',
    ],
    [
      'in the home, not where a relative one points',
      undefined,
      { XDG_STATE_HOME: 'here', HOME: '/h' },
      '/h/.local/state/muster/key',
    ],
    ['in the home that the system knows', undefined, { HOME: '' }, `${homedir()}/.local/state/muster/key`],
  ])('%s', (_what, named, env, path) => {
    expect(stateDirOf(named, 'key', env)).toBe(path);
  });

  test('apart for each server, and nowhere else whatever the server calls itself', () => {
    expect(stateDirOf('/srv', '../../etc/x', {})).toBe('/srv/______etc_x');
    expect(stateDirOf('/srv', 'a', {})).not.toBe(stateDirOf('/srv', 'b', {}));
  });
});

test('is made with all above it, for its owner alone', async () => {
  const dir = join(await folder(), 'a', 'b', 'key');

  await ensureStateDir(dir);
  await ensureStateDir(dir);

  expect(await modeOf(dir)).toBe(0o700);
  expect(await modeOf(join(dir, '..'))).toBe(0o700);
});

describe('is refused', () => {
  test.each([
    ['by the group', 0o770],
    ['by everybody', 0o707],
    ['by everybody, with a sticky bit', 0o1777],
  ])('where it may be written %s', async (_who, mode) => {
    const dir = join(await folder(), 'key');
    await mkdir(dir);
    await chmod(dir, mode);

    await expect(ensureStateDir(dir)).rejects.toThrow(StateDirError);
    await expect(ensureStateDir(dir)).rejects.toMatchObject({ code: 'STATE_DIR', hint: `chmod 700 ${dir}` });
  });

  test('where it may only be read by others, it is not', async () => {
    const dir = join(await folder(), 'key');
    await mkdir(dir);
    await chmod(dir, 0o755);

    await expect(ensureStateDir(dir)).resolves.toBeUndefined();
  });

  test.skipIf(process.getuid?.() !== 0)('where it belongs to somebody else', async () => {
    const dir = join(await folder(), 'key');
    await mkdir(dir, { mode: 0o700 });
    await chown(dir, 12_345, 12_345);

    await expect(ensureStateDir(dir)).rejects.toThrow('belongs to somebody else');
  });

  test('where it is a link, or a file', async () => {
    const dir = await folder();
    await mkdir(join(dir, 'real'));
    await symlink(join(dir, 'real'), join(dir, 'link'));
    await writeFile(join(dir, 'file'), '');

    await expect(ensureStateDir(join(dir, 'link'))).rejects.toMatchObject({ code: 'STATE_DIR' });
    await expect(ensureStateDir(join(dir, 'file'))).rejects.toMatchObject({ code: 'STATE_DIR' });
    await expect(ensureStateDir(join(dir, 'file', 'key'))).rejects.toMatchObject({ code: 'STATE_DIR' });
  });
});

async function repository(): Promise<string> {
  const dir = await folder();
  execFileSync('git', ['init', '--quiet', dir]);
  return dir;
}

describe('inside a repository', () => {
  test('is refused before anything is made, however deep', async () => {
    const dir = await repository();
    const state = join(dir, 'a', 'b', 'state', 'key');

    await expect(ensureStateDir(state)).rejects.toMatchObject({ code: 'STATE_DIR' });
    await expect(ensureStateDir(state)).rejects.toThrow(`lies in the repository ${dir}`);
    await expect(stat(join(dir, 'a'))).rejects.toThrow('ENOENT');
  });

  test('is refused in a linked work tree, whose .git is a file', async () => {
    const dir = await folder();
    await writeFile(join(dir, '.git'), 'gitdir: /elsewhere\n');

    await expect(ensureStateDir(join(dir, 'state'))).rejects.toMatchObject({ code: 'STATE_DIR' });
  });

  test.each([
    ['some other file', '*.log\n'],
    ['everything, in a comment', '# *\n'],
    ['nothing', ''],
  ])('is refused where what is ignored is %s', async (_what, ignored) => {
    const dir = await repository();
    await writeFile(join(dir, '.gitignore'), ignored);

    await expect(ensureStateDir(join(dir, 'state', 'key'))).rejects.toMatchObject({ code: 'STATE_DIR' });
  });

  test('is fine where the folder ignores itself, as the hint says, and git agrees', async () => {
    const dir = await repository();
    await mkdir(join(dir, 'state'));
    await writeFile(join(dir, 'state', '.gitignore'), '*\n');

    await ensureStateDir(join(dir, 'state', 'key'));
    await notePlanUse(join(dir, 'state', 'key'), 'sha256:aa', 'now');

    expect(execFileSync('git', ['-C', dir, 'status', '--porcelain'], { encoding: 'utf8' })).toBe('');
  });
});

describe('a plan', () => {
  test('is noted once, by its digest, for good', async () => {
    const dir = await folder();

    expect(await notePlanUse(dir, 'sha256:aa', '2026-06-15T12:00:00.000Z')).toBe(true);
    expect(await notePlanUse(dir, 'sha256:aa', '2026-06-16T12:00:00.000Z')).toBe(false);
    expect(await notePlanUse(dir, 'sha256:ab', '2026-06-16T12:00:00.000Z')).toBe(true);
    expect(await readFile(join(dir, 'plan-aa.used'), 'utf8')).toBe('2026-06-15T12:00:00.000Z\n');
    expect(await modeOf(join(dir, 'plan-aa.used'))).toBe(0o600);
  });

  test('is noted by one of many who try at once', async () => {
    const dir = await folder();

    const firsts = await Promise.all(Array.from({ length: 20 }, () => notePlanUse(dir, 'sha256:aa', 'now')));

    expect(firsts.filter(Boolean)).toHaveLength(1);
  });

  test('whose use cannot be noted is not used', async () => {
    await expect(notePlanUse('/nowhere/at/all', 'sha256:aa', 'now')).rejects.toThrow('ENOENT');
  });
});
