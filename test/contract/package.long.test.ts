// oxlint-disable vitest/valid-expect -- a second argument says what went wrong
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

// What is published, as somebody meets it who installs it: built from the sources as they are, into a folder of its
// own, so that it needs no build before and leaves none behind.

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);

interface PackageFile {
  readonly name: string;
  readonly version: string;
  readonly files: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
}

let folder: string;
/** Where somebody uses it. */
let project: string;
let tarball: string;
let packed: readonly string[];
let manifest: PackageFile;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'muster-package-')));
  project = join(folder, 'project');
  manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as PackageFile;
  ({ tarball, packed } = await pack(join(folder, 'sources')));
  await install();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Puts together what would be published, and packs it. */
async function pack(sources: string): Promise<{ tarball: string; packed: readonly string[] }> {
  await mkdir(sources, { recursive: true });
  for (const name of ['package.json', ...manifest.files]) {
    if (name !== 'dist') await cp(join(root, name), join(sources, name), { recursive: true });
  }
  await run(bin('tsc'), ['-p', 'tsconfig.build.json', '--outDir', join(sources, 'dist')], { cwd: root });
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: sources,
  });
  const [made] = JSON.parse(stdout) as readonly { filename: string; files: readonly { path: string }[] }[];
  if (made === undefined) throw new Error('npm pack made nothing');
  return { tarball: join(folder, made.filename), packed: made.files.map(({ path }) => path) };
}

/** Unpacks it into a project; what it depends on is linked, so that no registry is asked. */
async function install(): Promise<void> {
  const modules = join(project, 'node_modules');
  await mkdir(join(modules, manifest.name), { recursive: true });
  await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', join(modules, manifest.name)]);
  for (const name of [...Object.keys(manifest.dependencies), '@types/node']) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(root, 'node_modules', name), join(modules, name), 'dir');
  }
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'project', type: 'module', private: true }));
}

test('holds what is run, read and needed by law, and nothing else', () => {
  expect(packed).toEqual(
    expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts']),
  );
  expect(packed).toContain(manifest.bin['muster']);
  expect(packed.filter((path) => /(?:^|\/)(?:test|src|scripts|bench)\/|\.map$|\.tsbuildinfo$/.test(path))).toEqual([]);
});

test('starts as a command', async () => {
  const main = join(project, 'node_modules', manifest.name, manifest.bin['muster'] ?? '');

  expect((await readFile(main, 'utf8')).startsWith('#!/usr/bin/env node\n')).toBe(true);
  expect((await run(process.execPath, [main, '--version'])).stdout.trim()).toBe(manifest.version);
});

const consumer = `
import { ApiNotFoundError, createClient, MattermostClient, Secret, type User, type WriteClient } from 'mattermuster';
import { type Sandbox, startSandbox } from 'mattermuster/sandbox';

const sandbox: Sandbox = await startSandbox({
  config: { 'ServiceSettings.EnableUserAccessTokens': true },
  seed: { users: [{ username: 'ada' }] },
});
const options = { url: sandbox.url, token: new Secret(sandbox.adminToken) };
const made: WriteClient = createClient(options);
const constructed: MattermostClient = new MattermostClient(options);
const ada: User = await made.users.getByUsername('ada');
const me: User = await constructed.users.me();
const missing: unknown = await made.users.getByUsername('nobody').catch((error: unknown) => error);
// @ts-expect-error -- a client that only reads has no such method
const writes: unknown = made.readOnly().users.create;
console.log(JSON.stringify([ada.username, me.username, missing instanceof ApiNotFoundError, typeof writes]));
await Promise.all([made.close(), constructed.close()]);
await sandbox.close();
`;

const compilerOptions = {
  target: 'es2023',
  lib: ['es2023'],
  module: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  types: ['node'],
  // The declarations of this package are held to the same rules.
  skipLibCheck: false,
};

test('compiles for a strict consumer, and runs', async () => {
  await writeFile(join(project, 'consumer.ts'), consumer);
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));

  expect(await outcomeOf(bin('tsc'), ['-p', project])).toMatchObject({ code: 0, stdout: '' });
  const { stdout } = await run(process.execPath, [join(project, 'consumer.js')]);

  expect(JSON.parse(stdout)).toEqual(['ada', 'sandbox-admin', true, 'undefined']);
});

/** How a command ended, and what it said. */
async function outcomeOf(file: string, args: readonly string[]): Promise<{ code: unknown; stdout: string }> {
  try {
    return { code: 0, ...(await run(file, args)) };
  } catch (error) {
    if (typeof error !== 'object' || error === null || !('stdout' in error) || !('code' in error)) throw error;
    return { code: error.code, stdout: String(error.stdout) };
  }
}

test('is found in order by publint', async () => {
  const { code, stdout } = await outcomeOf(bin('publint'), ['run', tarball, '--strict']);

  expect(stdout).toContain('All good!');
  expect(code).toBe(0);
});

test('resolves with its types, as an ES module', async () => {
  const flags = ['--profile', 'esm-only', '--no-definitely-typed', '--no-emoji', '--no-color', '--format', 'ascii'];

  const { code, stdout } = await outcomeOf(bin('attw'), [tarball, ...flags]);

  expect(stdout.match(/node16 \(from ESM\): OK \(ESM\)/g), stdout).toHaveLength(2);
  expect(code, stdout).toBe(0);
});
