import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openFolderBase } from '../../src/config/folder-base.ts';
import { openGitBase } from '../../src/config/git-base.ts';
import { loadBase } from '../../src/config/load-base.ts';
import { InputError } from '../../src/model/problem.ts';
import { commitAll, git } from '../support/git-repository.ts';
import { isLong, share } from '../support/suite.ts';

const env = { PATH: process.env['PATH'], HOME: '/nonexistent' };

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'muster-base-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  return dir;
}

async function repositoryWith(files: Readonly<Record<string, string>>): Promise<string> {
  const dir = await folderWith(files);
  commitAll(dir);
  return dir;
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'not refused';
}

describe('a git ref', () => {
  let tagged = '';
  beforeAll(async () => {
    tagged = await repositoryWith({ 'muster.yaml': 'version: 1\n' });
    git(tagged, 'tag', 'v1.0');
    git(tagged, 'branch', 'größe');
    await writeFile(join(tagged, 'muster.yaml'), 'changed');
  });

  test.each(share(['main', 'HEAD', 'refs/heads/main', 'v1.0', 'HEAD~0', 'main^0', 'main@{0}', 'größe'], 4))(
    '%s names a commit',
    async (ref) => {
      const base = await openGitBase(ref, tagged, env);

      expect(base.commit).toBe(git(tagged, 'rev-parse', 'HEAD'));
      expect(await base.read('muster.yaml')).toBe('version: 1\n');
      expect(await base.read('nothing.yaml')).toBeUndefined();
    },
  );

  test.each([
    '--upload-pack=touch /tmp/x',
    '--output=x',
    '-x',
    '--',
    '',
    ' main',
    'a b',
    'main\n',
    'HEAD:../x',
    'HEAD:muster.yaml',
    ':/base',
    'main..HEAD',
    '^main',
    'main;id',
    '$(id)',
    'main\0x',
    '*',
    `a${'b'.repeat(300)}`,
  ])('%j is none', async (ref) => {
    expect(await refusalOf(openGitBase(ref, tagged, env))).toContain('it is no git ref');
  });

  test('that the repository does not have is refused, and a shallow clone says so', async () => {
    const dir = await repositoryWith({ 'muster.yaml': 'version: 1\n' });
    const first = git(dir, 'rev-parse', 'HEAD');
    commitAll(dir, 'second');
    const clone = join(dir, 'clone');
    git(dir, 'clone', '--quiet', '--depth=1', `file://${dir}`, clone);

    expect(await refusalOf(openGitBase('nowhere', dir, env))).toContain('the repository has no such commit');
    expect(await refusalOf(openGitBase(first, clone, env))).toContain('this clone is shallow');
  });

  test('outside of a repository is refused, and so is one without git', async () => {
    expect(await refusalOf(openGitBase('main', await folderWith({}), env))).toContain('is not in a git repository');
    const dir = await repositoryWith({});
    expect(await refusalOf(openGitBase('main', dir, { PATH: dir }))).toContain('git is not there');
    // A folder of the pull request is no place for a git.
    expect(await refusalOf(openGitBase('main', dir, { PATH: '.:bin' }))).toContain('git is not there');
  });

  test('runs nothing that the repository asks for, and sees nothing of muster', async () => {
    const dir = await repositoryWith({ 'muster.yaml': 'version: 1\n', '.gitattributes': '* filter=x diff=x\n' });
    for (const [key, value] of [
      ['core.fsmonitor', 'touch ran; echo'],
      ['core.pager', 'touch ran; cat'],
      ['filter.x.smudge', 'touch ran; cat'],
      ['diff.x.textconv', 'touch ran; cat'],
      ['alias.cat-file', '!touch ran'],
      ['alias.ls-tree', '!touch ran'],
    ] as const)
      git(dir, 'config', key, value);

    const base = await openGitBase('HEAD', dir, { ...env, GIT_DIR: '/nowhere', GIT_EXTERNAL_DIFF: 'touch ran' });

    expect(await base.read('muster.yaml')).toBe('version: 1\n');
    expect(await readdir(dir)).toEqual(['.git', '.gitattributes', 'muster.yaml']);
  });

  test.each([
    ['none', []],
    ['bare', [['core.bare', 'true']]],
    [
      'a work tree',
      [
        ['core.bare', 'false'],
        ['core.worktree', '..'],
      ],
    ],
  ] as const)(
    'is looked for in the repository, not in a folder of it that calls itself a repository: %s',
    async (_what, settings) => {
      const dir = await repositoryWith({ 'people/muster.yaml': 'policy: { locked: true }\n' });
      const evil = await repositoryWith({ 'muster.yaml': 'version: 1\n', 'people/muster.yaml': 'version: 1\n' });
      const workingDir = join(dir, 'people');
      for (const part of ['HEAD', 'config', 'objects', 'refs'])
        await cp(join(evil, '.git', part), join(workingDir, part), { recursive: true });
      for (const [key, value] of settings) git(dir, 'config', '--file', join(workingDir, 'config'), key, value);

      const base = await openGitBase('main', workingDir, env);

      expect(base.root).toBe(dir);
      expect(base.commit).toBe(git(dir, 'rev-parse', 'HEAD'));
      expect(await base.read('people/muster.yaml')).toBe('policy: { locked: true }\n');
    },
  );

  test.runIf(isLong)('in a submodule is refused: a pull request could exchange it', async () => {
    const dir = await repositoryWith({ 'muster.yaml': 'policy: { locked: true }\n' });
    const evil = await repositoryWith({ 'muster.yaml': 'version: 1\n' });
    git(dir, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', evil, 'people');

    expect(await refusalOf(openGitBase('main', join(dir, 'people'), env))).toContain('is in a submodule');
  });

  test.runIf(isLong)(
    'that a tag or a branch of the same name shadows is refused, and its full name is not',
    async () => {
      const dir = await repositoryWith({ 'muster.yaml': 'policy: { locked: true }\n' });
      const first = git(dir, 'rev-parse', 'HEAD');
      git(dir, 'update-ref', 'refs/remotes/origin/main', first);
      await writeFile(join(dir, 'muster.yaml'), 'version: 1\n');
      commitAll(dir, 'second');
      const short = first.slice(0, 8);
      for (const name of ['origin/main', 'main', short, 'HEAD', 'refs/heads/main'])
        git(dir, 'update-ref', `refs/tags/${name}`, 'main');

      for (const ref of ['origin/main', 'origin/main~0', 'main', short])
        expect(await refusalOf(openGitBase(ref, dir, env)), ref).toContain('a branch and a tag have this name');
      expect((await openGitBase('refs/remotes/origin/main', dir, env)).commit).toBe(first);
      expect((await openGitBase(first, dir, env)).commit).toBe(first);
      for (const ref of ['HEAD', 'HEAD~1', 'refs/heads/main'])
        expect((await openGitBase(ref, dir, env)).commit).toBe(git(dir, 'rev-parse', '-q', ref.replace('HEAD', '@')));
    },
  );

  test.runIf(isLong)('whose objects were replaced shows the objects themselves', async () => {
    const dir = await repositoryWith({ 'muster.yaml': 'policy: { locked: true }\n', 'evil.yaml': 'version: 1\n' });
    git(dir, 'replace', git(dir, 'rev-parse', 'HEAD:muster.yaml'), git(dir, 'rev-parse', 'HEAD:evil.yaml'));

    expect(await (await openGitBase('HEAD', dir, env)).read('muster.yaml')).toBe('policy: { locked: true }\n');
  });
});

describe('a file of a commit is refused where it', () => {
  test('is a symbolic link, or lies behind one', async () => {
    const dir = await folderWith({ 'real/muster.yaml': 'version: 1\n' });
    await symlink('real/muster.yaml', join(dir, 'muster.yaml'));
    await symlink('real', join(dir, 'link'));
    commitAll(dir);
    const base = await openGitBase('HEAD', dir, env);

    expect(await refusalOf(base.read('muster.yaml'))).toContain('symbolic link');
    expect(await refusalOf(base.read('link/muster.yaml'))).toContain('symbolic link');
    expect(await base.read('real/muster.yaml')).toBe('version: 1\n');
  });

  test('is a folder, huge, or no text', async () => {
    const dir = await folderWith({ 'muster.yaml/x': '', 'huge.yaml': 'x'.repeat(1024 * 1024 + 1) });
    await writeFile(join(dir, 'binary.yaml'), Buffer.from([0xff, 0xfe, 0x00]));
    commitAll(dir);
    const base = await openGitBase('HEAD', dir, env);

    expect(await refusalOf(base.read('muster.yaml'))).toContain('is a folder');
    expect(await refusalOf(base.read('huge.yaml'))).toContain('larger than 1 MiB');
    expect(await refusalOf(base.read('binary.yaml'))).toContain('is not UTF-8 text');
  });

  test('has a name that git could take for a pattern, and it is read as it is called', async () => {
    const dir = await repositoryWith({ '[a-z]*.yaml': 'one', ':(top)b.yaml': 'two', 'abc.yaml': 'three' });
    const base = await openGitBase('HEAD', dir, env);

    expect(await base.read('[a-z]*.yaml')).toBe('one');
    expect(await base.read(':(top)b.yaml')).toBe('two');
  });
});

describe('a folder', () => {
  test('is read like a checkout, and nothing outside of it', async () => {
    const outside = await folderWith({ 'secret.yaml': 'token' });
    const folder = await folderWith({ 'muster.yaml': 'version: 1\n', 'huge.yaml': 'x'.repeat(1024 * 1024 + 1) });
    await symlink(join(outside, 'secret.yaml'), join(folder, 'link.yaml'));
    await symlink('nowhere', join(folder, 'lost.yaml'));
    const base = await openFolderBase(folder, outside);

    expect(await base.read('muster.yaml')).toBe('version: 1\n');
    expect(await base.read('other.yaml')).toBeUndefined();
    expect(await refusalOf(base.read('link.yaml'))).toContain('lies outside');
    expect(await refusalOf(base.read('lost.yaml'))).toContain('ENOENT');
    expect(await refusalOf(base.read('huge.yaml'))).toContain('larger than 1 MiB');
  });

  test('that is not there is refused', async () => {
    expect(await refusalOf(openFolderBase('./nowhere', tmpdir()))).toContain('there is no such folder');
  });

  test('of the pull request that is called like a branch is not taken for one', async () => {
    const dir = await repositoryWith({ 'muster.yaml': 'policy: { locked: true }\n' });
    await mkdir(join(dir, 'main'));
    await writeFile(join(dir, 'main', 'muster.yaml'), 'version: 1\n');

    expect((await loadBase({ base: 'main', workingDir: dir, env })).config.policy?.locked).toBe(true);
    expect((await loadBase({ base: './main', workingDir: dir, env })).config.policy).toBeUndefined();
  });
});

describe('the config of the base', () => {
  test('is the one that muster would find there, not the one of the same name that the pull request puts before it', async () => {
    const dir = await repositoryWith({ 'muster.yaml': 'policy: { locked: true }\n', 'team/users.yaml': '' });
    await writeFile(join(dir, 'team/muster.yaml'), 'version: 1\n');
    await rm(join(dir, 'muster.yaml'));
    const workingDir = join(dir, 'team');

    const base = await loadBase({ base: 'main', workingDir, env });

    expect(base.config.policy?.locked).toBe(true);
    expect(base.positionOf?.(['policy', 'locked'])).toMatchObject({ file: 'main:muster.yaml', line: 1 });
  });

  test('is the named one where one is named, and never outside of the repository', async () => {
    const dir = await repositoryWith({ 'conf/a.yaml': 'policy: { min_admins: 5 }\n' });

    const base = await loadBase({ base: 'main', workingDir: join(dir, 'conf'), named: 'a.yaml', env });

    expect(base.config.policy?.min_admins).toBe(5);
    expect(await refusalOf(loadBase({ base: 'main', workingDir: dir, named: '../a.yaml', env }))).toContain(
      'lies outside',
    );
    expect((await loadBase({ base: 'main', workingDir: dir, named: 'b.yaml', env })).hasConfig).toBe(false);
  });

  test('that is broken is refused: it may be locked', async () => {
    const dir = await repositoryWith({ 'muster.yaml': 'policy: { locked: true\n' });

    expect(await refusalOf(loadBase({ base: 'main', workingDir: dir, env }))).not.toBe('not refused');
  });
});
