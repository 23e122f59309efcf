import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { recallDeclared, rememberDeclared } from '../../src/journal/declared-memory.ts';
import type { DeclaredMemory } from '../../src/model/declared-memory.ts';
import { growthExponent, growthFactor } from '../support/cpu-time.ts';
import { ownTrust, testKey } from '../support/journal-key.ts';
import { bySuite } from '../support/suite.ts';

/** A state directory in a folder of the test; not made yet. */
const stateDir = async (): Promise<string> => join(await mkdtemp(join(tmpdir(), 'muster-declared-')), 'key');

const idOf = (number: number): string => String(number).padStart(26, 'a');
const memoryOf = (...names: readonly string[]): DeclaredMemory =>
  new Map(names.map((username, i) => [idOf(i), { username, lastDeclared: '2026-06-15T12:00:00.000Z' }]));

async function stateWith(text: string): Promise<string> {
  const dir = await stateDir();
  await mkdir(dir, { mode: 0o700 });
  await writeFile(join(dir, 'declared.json'), text);
  return dir;
}

describe('where nothing was remembered', () => {
  test('nothing is recalled, and no folder is made', async () => {
    const dir = await stateDir();

    expect(await recallDeclared(dir, ownTrust)).toEqual(new Map());
    await expect(stat(dir)).rejects.toThrow('ENOENT');
  });

  test('nothing is recalled from a folder that has other things, and no file is made', async () => {
    const dir = await stateDir();
    await mkdir(dir);
    await writeFile(join(dir, 'plan-aa.used'), '');

    expect(await recallDeclared(dir, ownTrust)).toEqual(new Map());
    expect(await readdir(dir)).toEqual(['plan-aa.used']);
  });
});

describe('what is remembered', () => {
  test('is recalled as it was, whatever people are called', async () => {
    const dir = await stateDir();
    const memory = memoryOf('ada', '007', '__proto__', 'null', 'muster.tmp.x');

    await rememberDeclared(dir, memory, testKey);

    expect(await recallDeclared(dir, ownTrust)).toEqual(memory);
  });

  test('takes the place of what was remembered before', async () => {
    const dir = await stateDir();
    await rememberDeclared(dir, memoryOf('ada', 'bob'), testKey);

    await rememberDeclared(dir, memoryOf('ada'), testKey);

    expect(await recallDeclared(dir, ownTrust)).toEqual(memoryOf('ada'));
  });

  test('lies in one file that is its owner’s alone, and nothing beside it', async () => {
    const dir = await stateDir();

    await rememberDeclared(dir, memoryOf('ada'), testKey);

    expect(await readdir(dir)).toEqual(['declared.json']);
    expect((await stat(join(dir, 'declared.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
  });

  test('is the same file for the same people in any order', async () => {
    const [one, other] = [await stateDir(), await stateDir()];

    await rememberDeclared(one, memoryOf('ada', 'bob', 'eve'), testKey);
    await rememberDeclared(other, new Map([...memoryOf('ada', 'bob', 'eve')].toReversed()), testKey);

    const text = await readFile(join(one, 'declared.json'), 'utf8');
    expect(text).toBe(await readFile(join(other, 'declared.json'), 'utf8'));
    expect(JSON.parse(text)).toMatchObject({ format: 'muster-declared', version: 1 });
  });

  test('may be everybody of a large server', async () => {
    const dir = await stateDir();
    const remember = (count: number): (() => Promise<void>) => {
      const memory = memoryOf(...Array.from({ length: count }, (_, i) => `person.${i}`));
      return () => rememberDeclared(dir, memory, testKey);
    };
    const few = bySuite({ short: 1000, long: 10_000 });

    // Were each compared with all others, it would be 2.
    expect(await growthExponent(remember, few, 1.2)).toBeLessThan(1.5);
    expect((await recallDeclared(dir, ownTrust)).size).toBe(few * growthFactor);
  });

  test('stays whole where something new cannot be written', async () => {
    const dir = await stateDir();
    // What cannot be moved into place, because something else stands there.
    await mkdir(join(dir, 'declared.json', 'inner'), { recursive: true, mode: 0o700 });

    await expect(rememberDeclared(dir, memoryOf('ada'), testKey)).rejects.toMatchObject({
      code: 'STATE_DIR',
      message: expect.stringContaining('cannot be written (it is a folder, EISDIR)') as string,
    });
    expect(await readdir(dir)).toEqual(['declared.json']);
  });
});

const account = { username: 'ada', last_declared: '2026-06-15T12:00:00.000Z' };
const fileOf = (accounts: unknown, more: object = {}): string =>
  JSON.stringify({ format: 'muster-declared', version: 1, accounts, ...more });

describe('a memory that is not as it was written is refused, with what to do', () => {
  test.each([
    ['nothing', '', 'it is not JSON'],
    ['half of it', fileOf({ [idOf(1)]: account }).slice(0, -20), 'it is not JSON'],
    ['a list', '[]', 'it is something else'],
    ['null', 'null', 'it is something else'],
    ['another format', fileOf({}, { format: 'muster-plan' }), 'it is something else'],
    ['no version', fileOf({}, { version: undefined }), 'it has the version none, expected 1'],
    ['a version to come', fileOf({}, { version: 2 }), 'it has the version 2, expected 1'],
    ['no accounts', fileOf(undefined), 'it has no accounts'],
    ['a list of accounts', fileOf([account]), 'it has no accounts'],
    ['an id that is none', fileOf({ '../../users/me': account }), 'the account "../../users/me" is not'],
    ['an id that is a trap', `{"format":"muster-declared","version":1,"accounts":{"__proto__":{}}}`, '"__proto__"'],
    ['an account that is none', fileOf({ [idOf(1)]: 'ada' }), 'is not as it was written'],
    ['an account without a name', fileOf({ [idOf(1)]: { ...account, username: 7 } }), 'is not as it was written'],
    ['an account without a day', fileOf({ [idOf(1)]: { username: 'ada' } }), 'is not as it was written'],
    ['a day that is none', fileOf({ [idOf(1)]: { ...account, last_declared: 'once' } }), 'is not as it was written'],
    ['a day alone', fileOf({ [idOf(1)]: { ...account, last_declared: '2026-06-15' } }), 'is not as it was written'],
  ])('%s', async (_what, text, why) => {
    const dir = await stateWith(text);

    await expect(recallDeclared(dir, ownTrust)).rejects.toMatchObject({
      code: 'STATE_DIR',
      message: expect.stringContaining(why) as string,
      hint: expect.stringContaining('delete the file') as string,
    });
  });

  test('a link', async () => {
    const dir = await stateWith(fileOf({}));
    const other = await stateDir();
    await mkdir(other);
    await symlink(join(dir, 'declared.json'), join(other, 'declared.json'));

    await expect(recallDeclared(other, ownTrust)).rejects.toMatchObject({ code: 'STATE_DIR' });
  });

  test('a folder', async () => {
    const dir = await stateDir();
    await mkdir(join(dir, 'declared.json'), { recursive: true });

    await expect(recallDeclared(dir, ownTrust)).rejects.toThrow('it is not a file');
  });

  test('a pipe, at which no one waits', async () => {
    const dir = await stateDir();
    await mkdir(dir);
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(dir, 'declared.json')]);

    await expect(recallDeclared(dir, ownTrust)).rejects.toThrow('it is not a file');
  });
});

describe('a folder that is not safe is refused', () => {
  test('where others may write into it', async () => {
    const dir = await stateWith(fileOf({}));
    await chmod(dir, 0o777);

    await expect(recallDeclared(dir, ownTrust)).rejects.toMatchObject({ code: 'STATE_DIR', hint: `chmod 700 ${dir}` });
    await expect(rememberDeclared(dir, memoryOf('ada'), testKey)).rejects.toMatchObject({ code: 'STATE_DIR' });
  });

  test('where it is a link, even to a good one', async () => {
    const dir = await stateWith(fileOf({}));
    const link = await stateDir();
    await symlink(dir, link);

    await expect(recallDeclared(link, ownTrust)).rejects.toThrow('is not a folder');
    await expect(rememberDeclared(link, memoryOf('ada'), testKey)).rejects.toMatchObject({ code: 'STATE_DIR' });
  });

  test('where it is a file', async () => {
    const dir = await stateDir();
    await writeFile(dir, '');

    await expect(recallDeclared(dir, ownTrust)).rejects.toThrow('is not a folder');
    // Beneath a file there is nothing.
    expect(await recallDeclared(join(dir, 'key'), ownTrust)).toEqual(new Map());
  });

  test('where it cannot even be looked at', async () => {
    const loop = await stateDir();
    await symlink(loop, loop);

    await expect(recallDeclared(join(loop, 'key'), ownTrust)).rejects.toThrow(
      'cannot be looked at (its links lead in a circle, ELOOP)',
    );
  });
});
