import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { revealSecret } from '../../src/model/reveal-secret.ts';
import { readCallerToken } from '../../src/secrets/caller-token.ts';
import { emptyFolder, everythingOf, rejection } from './support.ts';

const canary = 'canary26lettersanddigitsxx';

describe('the token of the caller comes', () => {
  test('from MUSTER_TOKEN first', async () => {
    const token = await readCallerToken({ MUSTER_TOKEN: canary, MUSTER_TOKEN_FILE: '/nowhere' }, '/');

    expect(revealSecret(token)).toBe(canary);
    expect(`${String(token)} ${JSON.stringify(token)} ${everythingOf(token)}`).not.toContain(canary);
  });

  test.each(['', '\n', '\r\n', ' \n'])('from a file, with %j behind it', async (end) => {
    const folder = await emptyFolder();
    await writeFile(join(folder, 'token'), `${canary}${end}`);

    expect(revealSecret(await readCallerToken({ MUSTER_TOKEN: '', MUSTER_TOKEN_FILE: 'token' }, folder))).toBe(canary);
    expect(revealSecret(await readCallerToken({ MUSTER_TOKEN_FILE: join(folder, 'token') }, '/'))).toBe(canary);
  });
});

describe('there is no token', () => {
  test.each([{}, { MUSTER_TOKEN: '' }, { MUSTER_TOKEN: '', MUSTER_TOKEN_FILE: '' }])(
    'where the environment is %j',
    async (env) => {
      const error = await rejection(readCallerToken(env, '/'));

      expect(error).toMatchObject({
        code: 'CALLER_TOKEN',
        blame: 'user',
        hint: expect.stringContaining('MUSTER_TOKEN'),
      });
    },
  );

  test.each([
    ['two words', `${canary} x`],
    ['two lines', `${canary}\nx`],
    ['a letter outside ASCII', `${canary}é`],
    ['a control character', `${canary}\0`],
    ['blanks alone', ' \n '],
    ['too much', canary.repeat(5)],
  ])('where there are %s, and nothing of them is shown', async (_, text) => {
    const folder = await emptyFolder();
    await writeFile(join(folder, 'token'), text);

    const errors = [
      await rejection(readCallerToken({ MUSTER_TOKEN: text }, folder)),
      await rejection(readCallerToken({ MUSTER_TOKEN_FILE: 'token' }, folder)),
    ];

    for (const error of errors) expect(error).toMatchObject({ code: 'CALLER_TOKEN' });
    expect(errors.map(everythingOf).join()).not.toContain(canary);
  });

  test('where the file is missing or a folder', async () => {
    const folder = await emptyFolder();

    expect(await rejection(readCallerToken({ MUSTER_TOKEN_FILE: 'token' }, folder))).toMatchObject({
      code: 'CALLER_TOKEN',
      message: `cannot read the token file ${join(folder, 'token')}: ENOENT`,
    });
    expect(await rejection(readCallerToken({ MUSTER_TOKEN_FILE: '.' }, folder))).toMatchObject({
      code: 'CALLER_TOKEN',
    });
  });
});

describe('a token file in a repository is refused', () => {
  test.each([
    ['a folder .git', (path: string) => mkdir(path)],
    ['a file .git, as in a work tree', (path: string) => writeFile(path, 'gitdir: x')],
  ])('that has %s, at any depth', async (_, makeGit) => {
    const folder = await emptyFolder();
    await makeGit(join(folder, '.git'));
    await mkdir(join(folder, 'a', 'b'), { recursive: true });
    await writeFile(join(folder, 'a', 'b', 'token'), canary);

    const error = await rejection(readCallerToken({ MUSTER_TOKEN_FILE: 'a/b/token' }, folder));

    expect(error).toMatchObject({
      code: 'CALLER_TOKEN',
      message: expect.stringContaining(`in the repository ${folder}`),
    });
  });

  test('behind a link, too', async () => {
    const folder = await emptyFolder();
    await mkdir(join(folder, 'repository', '.git'), { recursive: true });
    await writeFile(join(folder, 'repository', 'token'), canary);
    await symlink('repository/token', join(folder, 'link'));

    expect(await rejection(readCallerToken({ MUSTER_TOKEN_FILE: 'link' }, folder))).toMatchObject({
      code: 'CALLER_TOKEN',
    });
  });
});
