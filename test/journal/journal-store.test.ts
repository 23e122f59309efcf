/** A folder of files that only ever grow, or are whole. */
import { execFileSync } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderStore, type JournalStore } from '../../src/journal/journal-store.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

async function folder(): Promise<{ readonly dir: string; readonly store: JournalStore }> {
  const dir = await mkdtemp(join(tmpdir(), 'muster-store-'));
  return { dir, store: folderStore(dir) };
}

describe('a file that grows', () => {
  test('is made for its owner alone, and grows at its end only', async () => {
    const { dir, store } = await folder();

    for (const text of ['a\n', 'b\n']) {
      const file = await store.openForAppend('x.jsonl');
      await file.append(encode(text));
      await file.append(encode('more\n'));
      await file.sync();
      await file.close();
    }

    expect(await readFile(join(dir, 'x.jsonl'), 'utf8')).toBe('a\nmore\nb\nmore\n');
    expect(await modeOf(join(dir, 'x.jsonl'))).toBe(0o600);
  });

  test('goes on where it was cut back to', async () => {
    const { dir, store } = await folder();
    const file = await store.openForAppend('x.jsonl');
    await file.append(encode('whole\ntorn'));

    await file.truncate(6);
    await file.append(encode('next\n'));
    await file.close();

    expect(await readFile(join(dir, 'x.jsonl'), 'utf8')).toBe('whole\nnext\n');
  });

  test.each(['to a file', 'to nothing'])('is not reached through a link %s', async (what) => {
    const { dir, store } = await folder();
    const target = join(dir, 'target');
    if (what === 'to a file') await writeFile(target, 'kept');
    await symlink(target, join(dir, 'x.jsonl'));

    await expect(store.openForAppend('x.jsonl')).rejects.toMatchObject({ code: 'ELOOP' });

    expect(await readdir(dir)).toEqual(what === 'to a file' ? ['target', 'x.jsonl'] : ['x.jsonl']);
    if (what === 'to a file') expect(await readFile(target, 'utf8')).toBe('kept');
  });
});

describe('what lies in the place of a journal', () => {
  const strange: Readonly<Record<string, (path: string) => unknown>> = {
    'a pipe': (path) => execFileSync('mkfifo', [path]),
    'a folder': (path) => mkdir(path),
    'a link to a device without end': (path) => symlink('/dev/zero', path),
    'a link to a file': (path) => symlink('/etc/hostname', path),
    'a file larger than any journal': (path) => writeFile(path, 'x').then(() => truncate(path, 2 ** 40)),
  };

  test.each(Object.entries(strange))('is refused at once where it is %s', async (_, make) => {
    const { dir, store } = await folder();
    await make(join(dir, 'x.jsonl'));

    await expect(store.read('x.jsonl')).rejects.toMatchObject({ code: 'JOURNAL_BROKEN' });
  });
});

describe('a file that is whole', () => {
  test('is its owner’s alone, and leaves nothing beside it', async () => {
    const { dir, store } = await folder();

    await store.writeWhole('x.json', encode('one'));
    await chmod(join(dir, 'x.json'), 0o644);
    await store.writeWhole('x.json', encode('two'));

    expect(await readdir(dir)).toEqual(['x.json']);
    expect(await readFile(join(dir, 'x.json'), 'utf8')).toBe('two');
    expect(await modeOf(join(dir, 'x.json'))).toBe(0o600);
  });

  test('takes the place of a link, and leaves what the link led to', async () => {
    const { dir, store } = await folder();
    await writeFile(join(dir, 'target'), 'kept');
    await symlink(join(dir, 'target'), join(dir, 'x.json'));
    await symlink(join(dir, 'target'), join(dir, '.x.json.tmp'));

    await store.writeWhole('x.json', encode('new'));

    expect(await readFile(join(dir, 'target'), 'utf8')).toBe('kept');
    await expect(readlink(join(dir, 'x.json'))).rejects.toMatchObject({ code: 'EINVAL' });
    expect(await readdir(dir)).toEqual(['target', 'x.json']);
  });

  test('is never seen in part, however often it is written anew', async () => {
    const { store } = await folder();
    const texts = ['a'.repeat(200_000), 'b'.repeat(100_000)];
    await store.writeWhole('x.json', encode(texts[0] ?? ''));
    const seen = new Set<string>();
    const writing = (async () => {
      for (let i = 0; i < 20; i++) await store.writeWhole('x.json', encode(texts[i % 2] ?? ''));
    })();

    for (let i = 0; i < 60; i++) seen.add(new TextDecoder().decode(await store.read('x.json')));
    await writing;

    expect([...seen].filter((text) => !texts.includes(text))).toEqual([]);
  });
});

describe('reading', () => {
  test('finds nothing where nothing is, and fails where it cannot be told', async () => {
    const { dir, store } = await folder();
    await mkdir(join(dir, 'y.jsonl'));

    expect(await store.read('x.jsonl')).toBeUndefined();
    await expect(store.read('y.jsonl')).rejects.toMatchObject({ code: 'JOURNAL_BROKEN' });
  });

  test('lists names in order', async () => {
    const { dir, store } = await folder();
    for (const name of ['run-000010', 'run-000002', 'lock', 'run-000001']) await writeFile(join(dir, name), '');

    expect(await store.list()).toEqual(['lock', 'run-000001', 'run-000002', 'run-000010']);
  });
});
