import { execFileSync } from 'node:child_process';
import { chmod, chown, lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ensureSecretDir, readSecretFile, writeSecretFile } from '../../src/secrets/secret-dir.ts';
import { emptyFolder, everythingOf, rejection } from './support.ts';

const modeOf = async (path: string): Promise<string> => ((await lstat(path)).mode & 0o777).toString(8);
const isRoot = process.getuid?.() === 0;

describe('the folder for secrets', () => {
  test('is made for its owner alone, with all above it that are missing', async () => {
    const base = await emptyFolder();
    const root = join(base, 'a', 'secrets');

    const dir = await ensureSecretDir(root, 'ci/deploy');

    expect(dir).toBe(join(root, 'ci', 'deploy'));
    for (const path of [root, join(root, 'ci'), dir]) expect(await modeOf(path)).toBe('700');
  });

  test('keeps its secrets out of commits, and leaves a .gitignore that is there alone', async () => {
    const root = join(await emptyFolder(), 'secrets');
    await ensureSecretDir(root);

    expect(await readFile(join(root, '.gitignore'), 'utf8')).toBe('*\n');
    expect(await modeOf(join(root, '.gitignore'))).toBe('600');

    await writeFile(join(root, '.gitignore'), '# mine\n');
    await ensureSecretDir(root);

    expect(await readFile(join(root, '.gitignore'), 'utf8')).toBe('# mine\n');
  });

  test.each(['755', '750', '701', '770'])('is refused with the mode %s, and gets nothing', async (mode) => {
    const root = await emptyFolder();
    await chmod(root, Number.parseInt(mode, 8));

    expect(await rejection(ensureSecretDir(root, 'ci'))).toMatchObject({
      code: 'SECRET_PLACE',
      hint: `chmod 700 ${root}`,
    });
    expect(await readdir(root)).toEqual([]);
  });

  test('is refused where a folder below is open to others', async () => {
    const root = await emptyFolder();
    await mkdir(join(root, 'ci', 'deploy'), { recursive: true, mode: 0o700 });
    await chmod(join(root, 'ci'), 0o755);

    expect(await rejection(ensureSecretDir(root, 'ci/deploy'))).toMatchObject({
      hint: `chmod 700 ${join(root, 'ci')}`,
    });
  });

  test('is refused where it is a link or a file', async () => {
    const base = await emptyFolder();
    await mkdir(join(base, 'real'), { mode: 0o700 });
    await symlink('real', join(base, 'link'));
    await writeFile(join(base, 'file'), '');

    for (const name of ['link', 'file'])
      expect(await rejection(ensureSecretDir(join(base, name)))).toMatchObject({
        code: 'SECRET_PLACE',
        message: `${join(base, name)} is not a folder`,
      });
    expect(await readdir(join(base, 'real'))).toEqual([]);
  });

  test('is refused where a link lies on the way, and nothing is made behind it', async () => {
    const base = await emptyFolder();
    const root = join(base, 'secrets');
    await ensureSecretDir(root);
    await mkdir(join(base, 'elsewhere'), { mode: 0o700 });
    await symlink('../elsewhere', join(root, 'ci'));

    expect(await rejection(ensureSecretDir(root, 'ci/deploy'))).toMatchObject({
      message: `${join(root, 'ci')} is not a folder`,
    });
    expect(await readdir(join(base, 'elsewhere'))).toEqual([]);
  });

  test.each(['..', '../x', 'a/../../x', '/etc'])('has no inner folder %s', async (inner) => {
    const root = join(await emptyFolder(), 'secrets');

    expect(await rejection(ensureSecretDir(root, inner))).toMatchObject({ code: 'SECRET_PLACE' });
  });

  test('is refused where it cannot be made', async () => {
    const base = await emptyFolder();
    await writeFile(join(base, 'file'), '');

    expect(await rejection(ensureSecretDir(join(base, 'file', 'secrets')))).toMatchObject({
      code: 'SECRET_PLACE',
      message: `cannot make the folder ${join(base, 'file', 'secrets')}: a part of the path is no folder, ENOTDIR`,
    });
  });

  test.runIf(process.platform === 'linux').each(['/proc/x', '/proc/x/y/secrets', '/dev/null/x'])(
    'is refused at once where nothing can be made: %s',
    async (root) => {
      expect(await rejection(ensureSecretDir(root, 'ci'))).toMatchObject({
        code: 'SECRET_PLACE',
        message: expect.stringContaining('cannot make the folder'),
      });
    },
  );

  test.runIf(isRoot)('is refused where it belongs to someone else', async () => {
    const root = await emptyFolder();
    await chown(root, 12_345, 12_345);

    expect(await rejection(ensureSecretDir(root))).toMatchObject({ message: `${root} belongs to another user` });
  });
});

describe('a secret is written', () => {
  test('to a file of its owner alone, on one line', async () => {
    const dir = await emptyFolder();

    const path = await writeSecretFile(dir, 'ada~ci@1.token', 'canary');

    expect(path).toBe(join(dir, 'ada~ci@1.token'));
    expect(await readFile(path, 'utf8')).toBe('canary\n');
    expect(await modeOf(path)).toBe('600');
    expect(await readdir(dir)).toEqual(['ada~ci@1.token']);
  });

  test('in the place of an older file, whatever its mode was', async () => {
    const dir = await emptyFolder();
    await writeFile(join(dir, 'x'), 'a longer text than the new one', { mode: 0o644 });
    await writeFile(join(dir, '.x.tmp'), 'left behind', { mode: 0o644 });

    await writeSecretFile(dir, 'x', 'new');

    expect(await readFile(join(dir, 'x'), 'utf8')).toBe('new\n');
    expect(await modeOf(join(dir, 'x'))).toBe('600');
    expect(await readdir(dir)).toEqual(['x']);
  });

  test('in the place of a link, never through it', async () => {
    const dir = await emptyFolder();
    await writeFile(join(dir, 'target'), 'untouched');
    await symlink('target', join(dir, 'x'));
    await symlink('target', join(dir, '.x.tmp'));

    await writeSecretFile(dir, 'x', 'new');

    expect(await readFile(join(dir, 'target'), 'utf8')).toBe('untouched');
    expect((await lstat(join(dir, 'x'))).isFile()).toBe(true);
  });

  test('whole or not at all: where it cannot arrive, nothing is left', async () => {
    const dir = await emptyFolder();
    await mkdir(join(dir, 'x'));

    const error = await rejection(writeSecretFile(dir, 'x', 'canary'));

    expect(error).toMatchObject({
      code: 'SECRET_PLACE',
      message: `cannot write ${join(dir, 'x')}: it is a folder, EISDIR`,
    });
    expect(everythingOf(error)).not.toContain('canary');
    expect(await readdir(dir)).toEqual(['x']);
  });

  test('nowhere, if the folder has gone', async () => {
    expect(await rejection(writeSecretFile(join(await emptyFolder(), 'gone'), 'x', 'canary'))).toMatchObject({
      code: 'SECRET_PLACE',
    });
  });

  test.each(['../x', 'a/b', '/x', '..\\x', 'a\0b', '', 'a\nb', 'x'.repeat(201)])(
    'to no file named %j',
    async (name) => {
      const dir = await emptyFolder();

      const error = await rejection(writeSecretFile(dir, name, 'canary'));

      expect(error).toMatchObject({ code: 'SECRET_PLACE' });
      expect(everythingOf(error)).not.toContain('canary');
      expect(await readdir(dir)).toEqual([]);
    },
  );
});

describe('a secret is read', () => {
  test.each(['canary', 'canary\n', 'canary\r\n'])('from a file that holds %j', async (text) => {
    const root = await emptyFolder();
    await mkdir(join(root, 'start'));
    await writeFile(join(root, 'start', 'hr'), text, { mode: 0o600 });

    expect(await readSecretFile(root, 'start/hr')).toBe('canary');
  });

  test('from no file that others may read', async () => {
    const root = await emptyFolder();
    await writeFile(join(root, 'x'), 'canary');
    for (const mode of [0o644, 0o640, 0o620, 0o604]) {
      await chmod(join(root, 'x'), mode);

      expect(await rejection(readSecretFile(root, 'x'))).toMatchObject({ hint: `chmod 600 ${join(root, 'x')}` });
    }
  });

  test('from nothing but files: not from links, folders or nothing', async () => {
    const root = await emptyFolder();
    await writeFile(join(root, 'real'), 'canary', { mode: 0o600 });
    await symlink('real', join(root, 'link'));
    await mkdir(join(root, 'folder'));
    execFileSync('sh', ['-c', 'mkfifo -m 600 "$0"', join(root, 'pipe')]);

    for (const name of ['link', 'folder', 'pipe', 'nothing'])
      expect(await rejection(readSecretFile(root, name))).toMatchObject({
        code: 'SECRET_PLACE',
        message: `there is no file ${name} in ${root}`,
      });
    expect(await rejection(readSecretFile(join(root, 'gone'), 'x'))).toMatchObject({ code: 'SECRET_PLACE' });
  });

  test('from nowhere outside: not by dots, not by a folder that is a link', async () => {
    const base = await emptyFolder();
    const root = join(base, 'secrets');
    await mkdir(root);
    await writeFile(join(base, 'x'), 'canary', { mode: 0o600 });
    await symlink('..', join(root, 'up'));

    for (const inner of ['../x', join(base, 'x'), 'up/x', 'a/../../x']) {
      const error = await rejection(readSecretFile(root, inner));

      expect(error).toMatchObject({ code: 'SECRET_PLACE' });
      expect(everythingOf(error)).not.toContain('canary');
    }
  });

  test('from no file that is too large for one', async () => {
    const root = await emptyFolder();
    await writeFile(join(root, 'x'), 'x'.repeat(64 * 1024 + 1), { mode: 0o600 });

    expect(await rejection(readSecretFile(root, 'x'))).toMatchObject({ code: 'SECRET_PLACE' });
  });

  test.runIf(isRoot)('from no file of someone else', async () => {
    const root = await emptyFolder();
    await writeFile(join(root, 'x'), 'canary', { mode: 0o600 });
    await chown(join(root, 'x'), 12_345, 12_345);

    expect(await rejection(readSecretFile(root, 'x'))).toMatchObject({
      message: `${join(root, 'x')} belongs to another user`,
    });
  });
});
