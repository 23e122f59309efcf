import { chmod, chown, mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configName } from '../../src/config/find-config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { InputError, type Problem } from '../../src/model/problem.ts';
import { folderWith } from '../desired/support.ts';

const server = 'server: https://chat.example.com\n';
const otherUid = 4711;

async function problemsOf(...args: Parameters<typeof loadConfig>): Promise<readonly Problem[]> {
  try {
    await loadConfig(...args);
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

describe('the search for the config', () => {
  test.each([
    ['a folder', async (root: string) => mkdir(join(root, '.git'))],
    ['a file, as in a submodule', async (root: string) => writeFile(join(root, '.git'), 'gitdir: ../x\n')],
  ])('ends at the root of the repository, where .git is %s', async (_, makeGit) => {
    const base = await folderWith({ [configName]: server, 'repo/users/x': '' });
    const repo = join(base, 'repo');
    await makeGit(repo);

    expect(await loadConfig(repo)).toEqual({ config: {}, dir: repo });
    expect(await loadConfig(join(repo, 'users'))).toEqual({ config: {}, dir: join(repo, 'users') });
    await writeFile(join(repo, configName), server);
    expect(await loadConfig(join(repo, 'users'))).toMatchObject({ path: join(repo, configName), dir: repo });
  });

  test('refuses one that is called muster.yml, where it would be found: its settings would not count', async () => {
    const base = await folderWith({
      'repo/.git/x': '',
      'repo/muster.yml': server,
      'repo/users/x': '',
      'muster.yml': '',
    });
    const repo = join(base, 'repo');
    const problem = {
      code: 'config-misnamed',
      message: `${join(repo, 'muster.yml')} is not read: its name is not muster.yaml`,
    };

    expect(await problemsOf(repo)).toMatchObject([problem]);
    expect(await problemsOf(join(repo, 'users'))).toMatchObject([problem]);
    expect(await loadConfig(repo, 'muster.yml')).toMatchObject({ config: { server: 'https://chat.example.com' } });
    await writeFile(join(repo, 'users', configName), server);
    expect(await problemsOf(join(repo, 'users'))).toEqual([]);
    await rename(join(repo, 'muster.yml'), join(repo, configName));
    expect(await problemsOf(repo)).toEqual([]);
  });

  test('goes up to the top where there is no repository', async () => {
    const base = await folderWith({ [configName]: server, 'a/b/c/x': '' });

    expect(await loadConfig(join(base, 'a', 'b', 'c'))).toMatchObject({ path: join(base, configName) });
  });

  test('does not take a folder that is open to all for a repository', async () => {
    const base = await folderWith({ 'tmp/.git/HEAD': '', [`tmp/${configName}`]: server, 'tmp/inner/x': '' });
    await chmod(join(base, 'tmp'), 0o1777);
    await chown(join(base, 'tmp', configName), otherUid, otherUid);

    expect(await problemsOf(join(base, 'tmp', 'inner'))).toMatchObject([
      { message: expect.stringContaining('belongs to another user') },
    ]);
  });
});

describe('in a repository a config is believed', () => {
  test.each([
    ['that everybody may write, as in some checkouts', 0o666, 0],
    ['of another user, as in a container', 0o644, otherUid],
    ['of another user, open to all', 0o666, otherUid],
    ['of a careful umask', 0o664, 0],
  ])('%s', async (_, mode, uid) => {
    const repo = await folderWith({ '.git/HEAD': '', [configName]: server, 'users/x': '' });
    await chmod(join(repo, configName), mode);
    await chown(join(repo, configName), uid, uid);

    expect(await loadConfig(join(repo, 'users'))).toMatchObject({ path: join(repo, configName) });
  });
});

describe('outside of every repository a config that was found', () => {
  test.each([
    ['is the caller’s', 0o644, process.getuid?.() ?? 0],
    ['is the caller’s and their group’s', 0o664, process.getuid?.() ?? 0],
    ['is root’s', 0o644, 0],
  ])('is believed if it %s', async (_, mode, uid) => {
    const base = await folderWith({ [configName]: server, 'work/x': '' });
    await chmod(join(base, configName), mode);
    await chown(join(base, configName), uid, uid);

    expect(await loadConfig(join(base, 'work'))).toMatchObject({ path: join(base, configName) });
  });

  test('is refused if it belongs to another user, or everybody may write it; named, it is taken', async () => {
    const base = await folderWith({ [configName]: server, 'work/x': '' });
    const path = join(base, configName);
    const work = join(base, 'work');
    const refusal = (what: string): object => ({
      code: 'config-unreadable',
      message: `the config ${path} ${what}`,
      hint: 'name it with --config if you trust it, or run muster elsewhere',
    });

    await chown(path, otherUid, otherUid);
    expect(await problemsOf(work)).toEqual([refusal(`belongs to another user (uid ${otherUid})`)]);
    expect(await loadConfig(work, `../${configName}`)).toMatchObject({ path });
    await chown(path, 0, 0);
    await chmod(path, 0o666);
    expect(await problemsOf(work)).toEqual([refusal('can be written by everyone')]);
    expect(await loadConfig(work, `../${configName}`)).toMatchObject({ path });
  });

  test('is judged by the file that it leads to', async () => {
    const base = await folderWith({ '..2026/muster.yaml': server });
    await symlink('..2026', join(base, '..data'));
    await symlink('..data/muster.yaml', join(base, configName));

    expect(await loadConfig(base)).toMatchObject({ path: join(base, configName), dir: base });
    await chmod(join(base, '..2026', configName), 0o666);
    expect(await problemsOf(base)).toMatchObject([{ message: expect.stringContaining('written by everyone') }]);
  });
});

test('a config that leads out of its folder is refused, and nothing of it is shown', async () => {
  const base = await folderWith({ 'repo/.git/HEAD': '', secret: 'tokentokentoken: x\n' });
  const repo = join(base, 'repo');
  await symlink('../secret', join(repo, configName));

  const found = await problemsOf(repo);
  expect(found).toMatchObject([{ message: expect.stringContaining('its real path lies outside') }]);
  const named = await problemsOf(repo, configName);
  expect(named).toMatchObject([{ code: 'secret-in-file', at: { line: 1 } }]);
  expect(JSON.stringify([found, named])).not.toContain('tokentoken');
});

test('a config of another name for the time of a deployment is read whole', async () => {
  const base = await folderWith({
    '.git/HEAD': '',
    'new.yaml': server,
    [configName]: 'server: https://old.example.com\n',
  });

  for (let i = 0; i < 20; i++) {
    const reading = loadConfig(base);
    await rename(join(base, i % 2 === 0 ? 'new.yaml' : 'old.yaml'), join(base, configName)).catch(() => undefined);
    await writeFile(join(base, i % 2 === 0 ? 'old.yaml' : 'new.yaml'), i % 2 === 0 ? server : server);
    expect((await reading).config.server).toMatch(/^https:\/\/(?:old|chat)\.example\.com$/);
  }
});
