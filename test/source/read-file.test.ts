import { execFileSync } from 'node:child_process';
import { chmod, rename, symlink, truncate } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  type FilePlace,
  type FileRefusal,
  fileLimits,
  isRefusal,
  liesBelow,
  type ReadFile,
  readTextFile,
} from '../../src/source/read-file.ts';
import { folderWith } from '../desired/support.ts';

const read = (path: string, place: FilePlace, maxBytes: number = fileLimits.config): Promise<ReadFile | FileRefusal> =>
  readTextFile({ path, place, maxBytes });

/** Why a file is refused. */
async function whyNot(path: string, place: FilePlace, maxBytes?: number): Promise<string> {
  const result = await read(path, place, maxBytes);
  return isRefusal(result) ? result.why : `it was read: ${result.text}`;
}

describe('a file is read', () => {
  test('with its text as it is, and who owns it', async () => {
    const base = await folderWith({ 'a.yaml': '\ufeffversion: 1\r\n' });
    await chmod(join(base, 'a.yaml'), 0o640);

    const result = await read(join(base, 'a.yaml'), { below: base });

    expect(result).toMatchObject({ text: '\ufeffversion: 1\r\n', isInPlace: true, owner: process.getuid?.() });
    expect(isRefusal(result) ? 0 : result.mode & 0o777).toBe(0o640);
  });

  test('through links that stay in the folder, such as those of a mounted ConfigMap', async () => {
    const base = await folderWith({ '..2026_11_28/users.yaml': 'one', 'keep/x': '' });
    await symlink('..2026_11_28', join(base, '..data'));
    await symlink('..data/users.yaml', join(base, 'users.yaml'));
    await symlink(base, join(base, 'keep', 'mount'));

    expect(await read(join(base, 'users.yaml'), { below: base })).toMatchObject({ text: 'one', isInPlace: true });
    // The folder itself may be named by a link.
    const mount = join(base, 'keep', 'mount');
    expect(await read(join(mount, 'users.yaml'), { below: mount })).toMatchObject({ text: 'one', isInPlace: true });
  });

  test('whole when a ConfigMap is exchanged again and again meanwhile', async () => {
    const base = await folderWith({ 'a/users.yaml': 'one', 'b/users.yaml': 'two' });
    await symlink('a', join(base, '..data'));
    await symlink('..data/users.yaml', join(base, 'users.yaml'));

    for (let i = 0; i < 50; i++) {
      const reading = read(join(base, 'users.yaml'), { below: base });
      await symlink(i % 2 === 0 ? 'b' : 'a', join(base, '..new'));
      await rename(join(base, '..new'), join(base, '..data'));
      expect(await reading).toMatchObject({ text: expect.stringMatching(/^(?:one|two)$/) });
    }
  });

  test('wherever a flag names it, and told apart where it is no file of that place', async () => {
    const base = await folderWith({ 'work/a.yaml': 'a', 'other/b.yaml': 'b', 'other/c.yaml': 'c' });
    await symlink(join(base, 'other', 'b.yaml'), join(base, 'work', 'b.yaml'));
    await symlink('c.yaml', join(base, 'other', 'near.yaml'));
    const namedFrom = join(base, 'work');

    const isInPlace = async (path: string): Promise<unknown> => {
      const result = await read(join(base, path), { namedFrom });
      return isRefusal(result) ? result.why : result.isInPlace;
    };

    expect(await isInPlace('work/a.yaml')).toBe(true);
    expect(await isInPlace('other/b.yaml')).toBe(true);
    expect(await isInPlace('other/near.yaml')).toBe(true);
    expect(await isInPlace('work/b.yaml')).toBe(false);
  });
});

describe('a file is refused', () => {
  test('whose real path lies elsewhere, whatever leads there', async () => {
    const base = await folderWith({ 'repo/x': '', 'secret/token': 'tokentokentoken', 'repository/y': 'y' });
    const repo = join(base, 'repo');
    await symlink(join(base, 'secret', 'token'), join(repo, 'file.yaml'));
    await symlink('../secret', join(repo, 'folder'));
    await symlink('file.yaml', join(repo, 'chain.yaml'));
    await symlink('/proc/self/environ', join(repo, 'environment.yaml'));
    await symlink('../repository/y', join(repo, 'longer-name.yaml'));

    for (const name of ['file.yaml', 'folder/token', 'chain.yaml', 'environment.yaml', 'longer-name.yaml']) {
      const result = await read(join(repo, name), { below: repo });
      expect(result).toEqual({
        why: `its real path lies outside ${repo}`,
        hint: 'keep the file itself in that folder; only a flag can name one elsewhere',
      });
    }
    expect(await whyNot(join(repo, '..', 'secret', 'token'), { below: repo })).toContain('outside');
  });

  test('that is no regular file, at once, by whatever name', async () => {
    const base = await folderWith({ 'folder/x': '' });
    execFileSync('mkfifo', [join(base, 'pipe')]);
    const server = createServer();
    await new Promise<void>((done) => server.listen(join(base, 'socket'), done));
    onTestFinished(() => void server.close());
    for (const [name, target] of [
      ['zero', '/dev/zero'],
      ['to-pipe', 'pipe'],
    ] as const)
      await symlink(target, join(base, name));

    for (const place of [{ below: base }, { namedFrom: base }]) {
      expect(await whyNot(join(base, 'folder'), place)).toBe('it is a folder, expected a regular file');
      expect(await whyNot(join(base, 'pipe'), place)).toBe('it is a pipe, expected a regular file');
      expect(await whyNot(join(base, 'to-pipe'), place)).toBe('it is a pipe, expected a regular file');
      expect(await whyNot(join(base, 'socket'), place)).toBe('it is a socket, expected a regular file');
      expect(await whyNot(join(base, 'zero'), place)).toBe('it is a device, expected a regular file');
    }
  });

  test('that is too large, before it is read', async () => {
    const base = await folderWith({ exact: 'x'.repeat(1024), more: 'x'.repeat(1025), sparse: '' });
    await truncate(join(base, 'sparse'), 64 * 1024 ** 3);

    expect(await whyNot(join(base, 'exact'), { below: base }, 1024)).toContain('it was read');
    expect(await whyNot(join(base, 'more'), { below: base }, 1024)).toContain('it is larger than');
    expect(await whyNot(join(base, 'sparse'), { below: base }, fileLimits.users)).toBe('it is larger than 64 MiB');
    expect(await whyNot(join(base, 'sparse'), { below: base })).toBe('it is larger than 1 MiB');
  });

  test('that says it is empty and never ends', async () => {
    expect(await whyNot('/proc/self/environ', { namedFrom: '/proc/self' }, 3)).toContain('it is larger than');
  });

  test('that is missing, leads in a circle, or holds no UTF-8', async () => {
    const base = await folderWith({ bytes: Uint8Array.of(0x61, 0xff) });
    await symlink('circle', join(base, 'circle'));
    await symlink('gone', join(base, 'dangling'));

    expect(await whyNot(join(base, 'none'), { below: base })).toBe('no such file or folder, ENOENT');
    expect(await whyNot(join(base, 'dangling'), { below: base })).toBe('no such file or folder, ENOENT');
    expect(await whyNot(join(base, 'circle'), { below: base })).toBe('its links lead in a circle, ELOOP');
    expect(await whyNot(join(base, 'bytes'), { below: base })).toBe('the byte 0xff stands where no UTF-8 can');
  });

  test('or read from where it was, never from where it leads by now', async () => {
    const base = await folderWith({ 'repo/honest': 'honest', secret: 'tokentokentoken' });
    const repo = join(base, 'repo');
    const path = join(repo, 'users.yaml');
    await symlink('honest', path);

    for (let i = 0; i < 100; i++) {
      const reading = read(path, { below: repo });
      await symlink(i % 2 === 0 ? '../secret' : 'honest', join(repo, 'next'));
      await rename(join(repo, 'next'), path);
      expect(JSON.stringify(await reading)).not.toContain('token');
    }
  });
});

test('a folder lies below itself, and no other of a similar name', () => {
  expect(liesBelow('/a/b', '/a/b')).toBe(true);
  expect(liesBelow('/a/b/..c/d', '/a/b')).toBe(true);
  expect(liesBelow('/a/b', '/')).toBe(true);
  expect(liesBelow('/a/bc', '/a/b')).toBe(false);
  expect(liesBelow('/a', '/a/b')).toBe(false);
});

test.each([
  ['none', true],
  ['file/none', true],
  ['folder', undefined],
])('a refusal says whether there is no such file: %s', async (name, isMissing) => {
  const base = await folderWith({ file: 'x', 'folder/x': 'x' });
  const refusal = await read(join(base, name), { below: base }, 10);

  expect(refusal).toMatchObject({ why: expect.any(String) as string });
  expect('isMissing' in refusal ? refusal.isMissing : undefined).toBe(isMissing);
});
