/** Files that others may read as well: whole, or as they were. */
import { lstatSync, mkdtempSync, readdirSync } from 'node:fs';
import { chmod, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeSharedFile, replaceFile } from '../../src/disk/shared-files.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'muster-shared-'));

function* failing(): Generator<string> {
  yield 'the first piece\n';
  throw new Error('no second one');
}

describe('a file that is made', () => {
  test('is written piece by piece, while an empty one holds its place', async () => {
    const dir = folder();
    const path = join(dir, 'x');
    const sizes: number[] = [];
    function* pieces(): Generator<string> {
      for (const piece of ['one\n', 'two\n']) {
        sizes.push(lstatSync(path).size);
        yield piece;
      }
    }

    await makeSharedFile(path, pieces());

    expect(sizes).toEqual([0, 0]);
    expect(await readFile(path, 'utf8')).toBe('one\ntwo\n');
    expect(await readdir(dir)).toEqual(['x']);
  });

  test('is not there when its text cannot be made to the end', async () => {
    const dir = folder();

    await expect(makeSharedFile(join(dir, 'x'), failing())).rejects.toThrow('no second one');

    expect(await readdir(dir)).toEqual([]);
  });

  test.each(['a file', 'a link to nothing'])(
    'is not made over %s, and of its text nothing is asked for',
    async (what) => {
      const dir = folder();
      if (what === 'a file') await writeFile(join(dir, 'x'), 'kept');
      else await symlink(join(dir, 'target'), join(dir, 'x'));

      await expect(makeSharedFile(join(dir, 'x'), failing())).rejects.toMatchObject({ code: 'EEXIST' });

      expect(readdirSync(dir)).toEqual(['x']);
      if (what === 'a file') expect(await readFile(join(dir, 'x'), 'utf8')).toBe('kept');
    },
  );

  test('does not follow a link that lies where its draft is written', async () => {
    const dir = folder();
    await writeFile(join(dir, 'other'), 'kept');
    await symlink(join(dir, 'other'), join(dir, '.x.tmp'));

    await makeSharedFile(join(dir, 'x'), 'new');

    expect(await readFile(join(dir, 'other'), 'utf8')).toBe('kept');
    expect(await readFile(join(dir, 'x'), 'utf8')).toBe('new');
    expect(lstatSync(join(dir, 'x')).isFile()).toBe(true);
  });
});

test('a file that is replaced keeps its mode, and a link to it stays a link', async () => {
  const dir = folder();
  await writeFile(join(dir, 'real'), 'old');
  await chmod(join(dir, 'real'), 0o640);
  await symlink('real', join(dir, 'x'));

  await replaceFile(join(dir, 'x'), 'new');

  expect(await readFile(join(dir, 'real'), 'utf8')).toBe('new');
  expect((await stat(join(dir, 'real'))).mode & 0o777).toBe(0o640);
  expect(lstatSync(join(dir, 'x')).isSymbolicLink()).toBe(true);
  expect((await readdir(dir)).toSorted()).toEqual(['real', 'x']);
});
