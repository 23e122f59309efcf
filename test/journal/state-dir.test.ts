import { execFileSync } from 'node:child_process';
import { chmod, chown, lchown, mkdir, mkdtemp, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  ensureStateDir,
  isStateDirThere,
  namesIn,
  notePlanUse,
  StateDirError,
  stateDirOf,
} from '../../src/journal/state-dir.ts';
import { ownersIn } from '../../src/model/pipeline.ts';

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

  test.skipIf(process.getuid?.() !== 0)('where it belongs to someone else', async () => {
    const dir = join(await folder(), 'key');
    await mkdir(dir, { mode: 0o700 });
    await chown(dir, 12_345, 12_345);

    await expect(ensureStateDir(dir)).rejects.toThrow('belongs to another user');
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

test('what lies in the state directory is in order, and where it cannot be listed that is no bug', async () => {
  const dir = await folder();
  await writeFile(join(dir, 'b'), '');
  await writeFile(join(dir, 'a'), '');

  expect(await namesIn(dir)).toEqual(['a', 'b']);
  await expect(namesIn(join(dir, 'a'))).rejects.toMatchObject({
    code: 'STATE_DIR',
    message: `the state directory ${join(dir, 'a')} cannot be listed (a part of the path is no folder, ENOTDIR)`,
  });
});

describe('a folder above the state directory', () => {
  const isRoot = process.getuid?.() === 0;

  /** Two folders, the inner one with a state directory; the outer one is spoilt. */
  async function below(spoil: (outer: string) => Promise<unknown>): Promise<string> {
    const outer = join(await folder(), 'outer');
    await mkdir(join(outer, 'inner', 'key'), { recursive: true, mode: 0o700 });
    await spoil(outer);
    return join(outer, 'inner', 'key');
  }

  test.each([
    ['everybody', 0o777],
    ['everybody who cannot see it', 0o772],
    ['others alone', 0o702],
  ])('that %s may write to is refused, whether the state directory is there or not', async (_, mode) => {
    const dir = await below((outer) => chmod(outer, mode));
    const outer = join(dir, '..', '..');
    const expected = {
      code: 'STATE_DIR',
      message: `everybody may write into ${outer}, above the state directory`,
      hint: `chmod o-w ${outer}, or choose another state directory with --state-dir`,
    };

    await expect(ensureStateDir(dir)).rejects.toMatchObject(expected);
    await expect(isStateDirThere(dir)).rejects.toMatchObject(expected);
    await expect(ensureStateDir(join(outer, 'new', 'key'))).rejects.toMatchObject(expected);
  });

  test.each([
    ['everybody may write to, and nobody may take away what others have', 0o1777],
    ['a group may write to, as with the umask 002', 0o775],
    ['everybody may read', 0o755],
  ])('that %s is fine', async (_, mode) => {
    const dir = await below((outer) => chmod(outer, mode));

    await expect(ensureStateDir(dir)).resolves.toBeUndefined();
    await expect(isStateDirThere(dir)).resolves.toBe(true);
  });

  test.runIf(isRoot)('that belongs to another user is refused', async () => {
    const dir = await below((outer) => chown(outer, 12_345, 12_345));
    const message = `${join(dir, '..', '..')}, above the state directory, belongs to another user`;

    await expect(ensureStateDir(dir)).rejects.toMatchObject({ code: 'STATE_DIR', message });
    await expect(isStateDirThere(dir)).rejects.toMatchObject({ code: 'STATE_DIR', message });
  });

  test.runIf(isRoot)('that belongs to the runner is fine in the container of a job, and nothing else is', async () => {
    const dir = await below((outer) => chown(outer, 12_345, 12_345));
    const open = await below((outer) => chmod(outer, 0o777));
    const foreign = await below(() => Promise.resolve());
    await chown(foreign, 12_345, 12_345);

    await expect(ensureStateDir(dir, 'runner')).resolves.toBeUndefined();
    await expect(isStateDirThere(dir, 'runner')).resolves.toBe(true);
    await expect(ensureStateDir(open, 'runner')).rejects.toMatchObject({ code: 'STATE_DIR' });
    await expect(ensureStateDir(foreign, 'runner')).rejects.toThrow('belongs to another user');
  });

  test.each<[env: NodeJS.ProcessEnv, uid: number | undefined, owners: string]>([
    [{ CI: 'true' }, 0, 'runner'],
    [{}, 0, 'caller'],
    [{ CI: 'false' }, 0, 'caller'],
    [{ CI: 'true' }, 1001, 'caller'],
    [{ CI: 'true' }, undefined, 'caller'],
  ])('with %j the user %s counts as in the container of a job, or not: %s', (env, uid, owners) => {
    expect(ownersIn(env, uid)).toBe(owners);
  });

  test('is looked at behind a link, too', async () => {
    const dir = await below((outer) => chmod(outer, 0o777));
    const link = join(await folder(), 'link');
    await symlink(join(dir, '..'), link);

    await expect(ensureStateDir(join(link, 'key'))).rejects.toMatchObject({
      message: expect.stringContaining('everybody may write') as unknown,
    });
  });

  test.runIf(isRoot)('that is a link of another user is refused', async () => {
    const dir = await below(() => Promise.resolve());
    const link = join(await folder(), 'link');
    await symlink(join(dir, '..'), link);
    await lchown(link, 12_345, 12_345);

    await expect(ensureStateDir(join(link, 'key'))).rejects.toMatchObject({
      message: `${link}, above the state directory, belongs to another user`,
    });
  });

  test('that is a link of one’s own is fine', async () => {
    const dir = await below(() => Promise.resolve());
    const link = join(await folder(), 'link');
    await symlink(join(dir, '..'), link);

    await expect(ensureStateDir(join(link, 'key'))).resolves.toBeUndefined();
  });
});

describe('where nothing can be made', () => {
  test
    .runIf(process.platform === 'linux')
    .each(['/proc/x', '/proc/x/y/key', '/proc/self/x/key', '/sys/x/key', '/dev/null/key'])(
    '%s is refused at once',
    async (dir) => {
      await expect(ensureStateDir(dir)).rejects.toMatchObject({
        code: 'STATE_DIR',
        message: expect.stringMatching(/^the state directory \S+ cannot be made \((?:[a-z ]+, )?E[A-Z]+\)$/) as unknown,
        hint: 'choose another with --state-dir',
      });
    },
  );

  test('a link that leads nowhere is refused', async () => {
    const dir = await folder();
    await symlink('nowhere', join(dir, 'link'));

    await expect(ensureStateDir(join(dir, 'link', 'key'))).rejects.toMatchObject({ code: 'STATE_DIR' });
    await expect(ensureStateDir(join(dir, 'link'))).rejects.toMatchObject({ code: 'STATE_DIR' });
  });

  test('twenty that make it at once all have it', async () => {
    const dir = join(await folder(), 'a', 'b', 'key');

    await Promise.all(Array.from({ length: 20 }, () => ensureStateDir(dir)));

    expect(await modeOf(dir)).toBe(0o700);
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

  test('is refused where what is ignored stands behind a link, which git does not follow, and which may have no end', async () => {
    const dir = await repository();
    await symlink('/dev/zero', join(dir, '.gitignore'));

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
