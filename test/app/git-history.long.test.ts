import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openGitHistory } from '../../src/app/git-history.ts';
import { type PublicKey, publicKeyOf } from '../../src/model/public-keys.ts';
import { commitAll, git } from '../support/git-repository.ts';

const env = { PATH: process.env['PATH'], HOME: '/nonexistent' };

/** A repository whose second commit brings ben, and whose third ends ada. */
async function repository(): Promise<{ readonly dir: string; readonly file: string; readonly commits: string[] }> {
  const dir = await mkdtemp(join(tmpdir(), 'muster-history-'));
  const file = join(dir, 'users.yaml');
  const commits: string[] = [];
  for (const [text, message] of [
    ['users:\n  - username: ada\n', 'Add ada'],
    ['users:\n  - username: ada\n  - username: ben\n', 'Add ben'],
    ['users:\n  - username: ada\n    active: false\n  - username: ben\n', 'Ada leaves'],
  ] as const) {
    await writeFile(file, text);
    commits.push(commitAll(dir, message));
  }
  return { dir, file, commits };
}

test('a line is told with the commit that brought it, and with its place there', async () => {
  const { dir, file, commits } = await repository();
  const history = await openGitHistory(dir, env);

  const [ada, ended, ben] = [
    await history.lineOf(file, 2),
    await history.lineOf(file, 3),
    await history.lineOf(file, 4),
  ];

  expect(ada).toMatchObject({ state: 'committed', commit: { hash: commits[0], subject: 'Add ada' }, line: 2 });
  expect(ended).toMatchObject({ commit: { hash: commits[2], author: { name: 'test', email: 'test@example.com' } } });
  expect(ben).toMatchObject({
    commit: { hash: commits[1], signature: { state: 'unsigned' } },
    file: 'users.yaml',
    line: 3,
  });
});

test('a commit that names a moment beyond all years is told like any other', async () => {
  const { dir, file } = await repository();
  await writeFile(file, 'users: []\n');
  execFileSync('git', ['commit', '-qam', 'Far', '--author=x <x@example.com>', '--date=@99999999999999 +0000'], {
    cwd: dir,
    env: { ...env, HOME: dir, GIT_COMMITTER_NAME: 'x', GIT_COMMITTER_EMAIL: 'x@example.com' },
  });

  const line = await (await openGitHistory(dir, env)).lineOf(file, 1);

  expect(line).toMatchObject({ state: 'committed', commit: { author: { at: '9999-12-31T00:00:00.000Z' } } });
});

test('a file is told as the branch had it at a moment', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'muster-history-'));
  const file = join(dir, 'users.yaml');
  const at = (day: number): number => Date.UTC(2027, 0, day);
  const commitOn = async (day: number, text: string | undefined): Promise<string> => {
    if (text === undefined) git(dir, 'rm', '--quiet', 'users.yaml');
    else await writeFile(file, text);
    return commitAll(dir, `Day ${day}`, { GIT_COMMITTER_DATE: new Date(at(day)).toISOString() });
  };
  const [first, second] = [await commitOn(1, 'one\n'), await commitOn(5, 'two\n')];
  await commitOn(9, undefined);
  const history = await openGitHistory(dir, env);

  expect(await history.versionAt(file, at(1) - 1)).toEqual({ state: 'not committed', why: 'no commit had it by then' });
  expect(await history.versionAt(file, at(1))).toMatchObject({ commit: { hash: first }, text: 'one\n' });
  expect(await history.versionAt(file, at(9) - 1)).toMatchObject({ commit: { hash: second }, text: 'two\n' });
  expect(await history.versionAt(file, at(9))).not.toHaveProperty('text');

  await commitOn(3, 'three\n');
  const rewritten = await openGitHistory(dir, env);
  const outOfOrder = { state: 'not verifiable', why: 'the dates of its commits do not follow their order' };
  expect(await rewritten.versionAt(file, at(30))).toEqual(outOfOrder);
  expect(await rewritten.versionAt(file, at(2))).toMatchObject({ commit: { hash: first } });
});

test('a commit of two addresses and a time that there is not is its first address’s, and one that is missing tells nothing', async () => {
  const { dir, file, commits } = await repository();
  const raw = execFileSync('git', ['cat-file', 'commit', 'HEAD'], { cwd: dir, encoding: 'utf8' });
  const forged = execFileSync('git', ['hash-object', '-t', 'commit', '-w', '--literally', '--stdin'], {
    cwd: dir,
    input: raw.replaceAll(/ \w+ <.*> \d+ /g, ' Eve <eve@example.com> <grace@example.com> 99999999999999999999 '),
    encoding: 'utf8',
  }).trim();
  git(dir, 'reset', '--quiet', '--hard', forged);
  expect(await (await openGitHistory(dir, env)).lineOf(file, 3)).toMatchObject({
    commit: { author: { name: 'Eve', email: 'eve@example.com', at: '9999-12-31T00:00:00.000Z' } },
  });

  const [first = ''] = commits;
  await rm(join(dir, '.git/objects', first.slice(0, 2), first.slice(2)));
  expect(await (await openGitHistory(dir, env)).lineOf(file, 2)).toMatchObject({ state: 'not verifiable' });
});

test('a shallow clone is not verifiable, whatever its commits seem to say', async () => {
  const { dir } = await repository();
  const clone = join(await mkdtemp(join(tmpdir(), 'muster-shallow-')), 'clone');
  git(dir, 'clone', '--quiet', '--depth=1', `file://${dir}`, clone);

  const history = await openGitHistory(clone, env);

  const untold = { state: 'not verifiable', why: 'the clone is shallow: fetch its whole history' };
  expect(await history.lineOf(join(clone, 'users.yaml'), 2)).toEqual(untold);
  expect(await history.versionAt(join(clone, 'users.yaml'), Date.now())).toEqual(untold);
});

test('a folder without a repository, and a file that differs from the committed one, say so', async () => {
  const { dir, file } = await repository();
  const nowhere = await mkdtemp(join(tmpdir(), 'muster-nowhere-'));
  await writeFile(file, 'users: []\n');

  expect(await (await openGitHistory(nowhere, env)).lineOf(join(nowhere, 'users.yaml'), 1)).toMatchObject({
    state: 'not verifiable',
  });
  const history = await openGitHistory(dir, env);
  expect(await history.lineOf(file, 1)).toEqual({
    state: 'not committed',
    why: 'the file here differs from the committed one',
  });
  expect(await history.lineOf(join(nowhere, 'users.yaml'), 1)).toMatchObject({ state: 'not verifiable' });
});

test('a commit came into the branch by itself, or by the merge that brought it', async () => {
  const { dir, file, commits } = await repository();
  git(dir, 'checkout', '--quiet', '-b', 'carol');
  await writeFile(file, `${await readFile(file, 'utf8')}  - username: carol\n`);
  const carol = commitAll(dir, 'Add carol');
  git(dir, 'checkout', '--quiet', 'main');
  await writeFile(join(dir, 'other'), '');
  const beside = commitAll(dir, 'Beside');
  git(dir, 'merge', '--quiet', '--no-ff', '-m', 'Merge carol', 'carol');
  const merge = git(dir, 'rev-parse', 'HEAD');
  await writeFile(join(dir, 'other'), 'later');
  commitAll(dir, 'Later');
  const history = await openGitHistory(dir, env);

  expect(await history.lineOf(file, 5)).toMatchObject({ commit: { hash: carol } });
  for (const [hash, by] of [
    [carol, merge],
    [beside, beside],
    [merge, merge],
    [commits[0], commits[0]],
  ] as const)
    expect(await history.arrivalOf(hash ?? ''), hash).toMatchObject({ hash: by });
});

test('what a repository says of itself does not change who brought a line, and runs nothing', async () => {
  const { dir, file, commits } = await repository();
  const mark = join(dir, 'ran');
  const program = join(dir, 'program.sh');
  await writeFile(program, `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
  await writeFile(join(dir, 'ignored'), `${commits[2]}\n`);
  await writeFile(join(dir, '.mailmap'), 'Other <other@example.com> <test@example.com>\n');
  await writeFile(join(dir, '.gitattributes'), '*.yaml diff=evil filter=evil\n');
  for (const [name, value] of [
    ['blame.ignoreRevsFile', 'ignored'],
    ['diff.evil.textconv', program],
    ['filter.evil.clean', program],
    ['gpg.ssh.program', program],
    ['gpg.program', program],
    ['core.fsmonitor', program],
    ['log.showSignature', 'true'],
    ['log.follow', 'true'],
    ['format.pretty', 'fuller'],
    ['color.ui', 'always'],
  ] as const)
    git(dir, 'config', name, value);
  git(dir, '-c', 'core.fsmonitor=false', 'replace', commits[2] ?? '', commits[0] ?? '');
  await mkdir(join(dir, '.git/info'), { recursive: true });
  await writeFile(join(dir, '.git/info/grafts'), `${commits[2]}\n`);

  const history = await openGitHistory(dir, env);

  expect(await history.lineOf(file, 3)).toMatchObject({
    commit: { hash: commits[2], author: { name: 'test', email: 'test@example.com' } },
  });
  expect(await history.lineOf(file, 2)).toMatchObject({ commit: { hash: commits[0] } });
  expect(await history.versionAt(file, Date.now())).toMatchObject({ commit: { hash: commits[2] } });
  await expect(readFile(mark)).rejects.toThrow('ENOENT');
});

test('a signature is verified by a key that was given, and by no other', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'muster-signed-'));
  const keys = await mkdtemp(join(tmpdir(), 'muster-keys-'));
  const file = join(dir, 'users.yaml');
  for (const name of ['own', 'other'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(keys, name)]);
  await writeFile(file, 'users: []\n');
  git(dir, 'init', '--quiet', '--initial-branch=main');
  git(dir, 'add', '--all');
  const signing = ['-c', 'gpg.format=ssh', '-c', `user.signingKey=${join(keys, 'own')}`];
  git(dir, ...signing, 'commit', '--quiet', '-S', '-m', 'Größe');
  const keyOf = async (name: string): Promise<readonly PublicKey[]> =>
    [publicKeyOf(await readFile(join(keys, `${name}.pub`), 'utf8'))].filter((key) => key !== undefined);
  const [own, other] = [await keyOf('own'), await keyOf('other')];
  const signatureWith = async (trusted: readonly PublicKey[]): Promise<unknown> =>
    (await openGitHistory(dir, env, trusted)).lineOf(file, 1);

  expect(await signatureWith(own)).toMatchObject({ commit: { subject: 'Größe', signature: { state: 'verified' } } });
  expect(await signatureWith(other)).toMatchObject({
    commit: { signature: { state: 'not verifiable', key: expect.stringMatching(/^SHA256:/) } },
  });

  // The same signature over another message.
  const raw = execFileSync('git', ['cat-file', 'commit', 'HEAD'], { cwd: dir, encoding: 'utf8' });
  const forged = execFileSync('git', ['hash-object', '-t', 'commit', '-w', '--stdin'], {
    cwd: dir,
    input: raw.replace('Größe', 'Other'),
    encoding: 'utf8',
  }).trim();
  git(dir, 'reset', '--quiet', '--hard', forged);
  expect(await signatureWith(own)).toMatchObject({
    commit: { subject: 'Other', signature: { state: 'not verifiable', why: 'it does not fit what was signed' } },
  });
});

test('lines are told to have stood together where a commit has them as they stand now, in that file', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'muster-history-'));
  const file = join(dir, 'r.yaml');
  await writeFile(file, 'a: 1\n# note\nb: 2\n\nc: 3\n');
  const first = commitAll(dir);
  git(dir, 'mv', 'r.yaml', 'other.yaml');
  const second = commitAll(dir, 'Move');
  git(dir, 'mv', 'other.yaml', 'r.yaml');
  await writeFile(file, 'b: 2\n\n# more\nc: 3\na: 1\n');
  commitAll(dir, 'Exchange');
  const history = await openGitHistory(dir, env);

  expect(await history.heldTogether(first, file, [1, 4])).toBe(true);
  expect(await history.heldTogether(first, file, [4, 5])).toBe(false);
  expect(await history.heldTogether(second, file, [1])).toBe(false);
});
