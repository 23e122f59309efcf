/** Files that are whole and durable, or not there. */
import { chmod, mkdir, mkdtemp, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFile, writeWholeFile } from '../../src/disk/durable-files.ts';

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'muster-disk-'));
const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe('a file that is made', () => {
  test('is its owner’s alone', async () => {
    const path = join(await folder(), 'x');

    await makeFile(path, 'new');

    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await modeOf(path)).toBe(0o600);
  });

  test.each(['a file', 'a link to nothing'])('is not made over %s', async (what) => {
    const dir = await folder();
    if (what === 'a file') await writeFile(join(dir, 'x'), 'kept');
    else await symlink(join(dir, 'target'), join(dir, 'x'));

    await expect(makeFile(join(dir, 'x'), 'new')).rejects.toMatchObject({ code: 'EEXIST' });

    expect(await readdir(dir)).toEqual(['x']);
  });
});

describe('a file that is written whole', () => {
  test('takes the place of what was there, whatever its mode was', async () => {
    const dir = await folder();
    await writeFile(join(dir, 'x'), 'a longer text than the new one');
    await chmod(join(dir, 'x'), 0o644);

    await writeWholeFile(dir, 'x', new TextEncoder().encode('new'));

    expect(await readdir(dir)).toEqual(['x']);
    expect(await readFile(join(dir, 'x'), 'utf8')).toBe('new');
    expect(await modeOf(join(dir, 'x'))).toBe(0o600);
  });

  test('takes the draft away that a killed process left', async () => {
    const dir = await folder();
    await writeFile(join(dir, '.x.tmp'), 'left behind', { mode: 0o644 });

    await writeWholeFile(dir, 'x', 'new');

    expect(await readdir(dir)).toEqual(['x']);
    expect(await readFile(join(dir, 'x'), 'utf8')).toBe('new');
  });

  test('leaves the drafts of others alone where each has its own', async () => {
    const dir = await folder();
    await writeFile(join(dir, 'x.1.tmp'), 'of another process');

    await writeWholeFile(dir, 'x', 'new', 'x.2.tmp');

    expect(await readdir(dir)).toEqual(['x', 'x.1.tmp']);
  });

  test('leaves what was there, and nothing beside it, where it cannot be put in its place', async () => {
    const dir = await folder();
    await mkdir(join(dir, 'x'));
    await writeFile(join(dir, 'x', 'inside'), 'kept');

    await expect(writeWholeFile(dir, 'x', 'new')).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);

    expect(await readdir(dir)).toEqual(['x']);
    expect(await readFile(join(dir, 'x', 'inside'), 'utf8')).toBe('kept');
  });
});
