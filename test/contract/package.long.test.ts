// oxlint-disable vitest/valid-expect -- a second argument says what went wrong
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/index.ts';
import { readSteps } from './support/readme-steps.ts';

// What is published, as somebody meets it who installs it: built from the sources as they are, into a folder of its
// own, so that it needs no build before and leaves none behind.

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
/** As the pages name it. */
const self = 'test/contract/package.long.test.ts';
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);

interface PackageFile {
  readonly name: string;
  readonly version: string;
  readonly files: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
}

/** What a command of the bundle had in memory at its end. */
interface Inside {
  readonly files: readonly string[];
  readonly flags: readonly string[];
  readonly modulesAfterFlag: readonly string[];
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

/** Puts together what would be published, and packs it in the words of the README, but for what asks a registry. */
async function pack(sources: string): Promise<{ tarball: string; packed: readonly string[] }> {
  await mkdir(sources, { recursive: true });
  for (const name of [
    'package.json',
    'tsconfig.json',
    'tsconfig.build.json',
    '.npmrc',
    'src',
    'scripts',
    ...new Set(manifest.files.map((path) => path.split('/', 1)[0] ?? path)),
  ]) {
    // The site is a package of its own, with modules of its own.
    const filter = (path: string): boolean => path !== join(root, 'docs/site');
    if (name !== 'dist') await cp(join(root, name), join(sources, name), { recursive: true, filter });
  }
  await symlink(join(root, 'node_modules'), join(sources, 'node_modules'), 'dir');
  const [block] = await readSteps(join(root, 'README.md'), self);
  const commands = (block?.commands ?? '').split('\n').filter((line) => !/^npm (?:ci|install)\b/.test(line));
  await run('bash', ['-ec', commands.join('\n')], { cwd: sources });
  const made = join(sources, `${manifest.name}-${manifest.version}.tgz`);
  const { stdout } = await run('tar', ['-tzf', made]);
  return {
    tarball: made,
    packed: stdout
      .trim()
      .split('\n')
      .map((path) => path.replace(/^package\//, '')),
  };
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
  await mkdir(join(modules, '.bin'));
  for (const [name, path] of Object.entries(manifest.bin)) {
    await chmod(join(modules, manifest.name, path), 0o755);
    await symlink(join('..', manifest.name, path), join(modules, '.bin', name));
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

test('holds every file of the folders that people copy or read, under a name that npm keeps', async () => {
  const folders = ['deploy', 'docs/decisions', 'docs/images', 'docs/reference', 'examples', 'schemas'];
  const there = await Promise.all(
    folders.map(async (name) => {
      const entries = await readdir(join(root, name), { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    }),
  );
  const paths = there.flat().map((path) => relative(root, path));

  expect(paths.length).toBeGreaterThan(90);
  expect(paths.filter((path) => !packed.includes(path))).toEqual([]);
});

// What is copied out of it has no link out of the copy.
test('has no page with a link to what is not in it, but to the sources and what only they need', async () => {
  const ofSources =
    /^(?:test|scripts|docs\/site)\/|^(?:ARCHITECTURE\.md|CONTRIBUTING\.md|Dockerfile|action\.yml|\.pre-commit-hooks\.yaml)$/;
  const pages = packed.filter((path) => path.endsWith('.md'));
  const flaws: string[] = [];
  for (const page of pages) {
    const text = await readFile(join(project, 'node_modules', manifest.name, page), 'utf8');
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s#]+)[^)\s]*\)/g)) {
      const path = join(dirname(page), target).replace(/\/$/, '');
      const isCopied = page.startsWith('examples/gitops-repo/') && !path.startsWith('examples/gitops-repo/');
      const isThere = !isCopied && packed.some((one) => one === path || one.startsWith(`${path}/`));
      if (!/^[a-z]+:/.test(target) && !isThere && !ofSources.test(`${path}/`) && !ofSources.test(path))
        flaws.push(`${page}: ${target}`);
    }
  }

  expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/gitops.md', 'examples/gitops-repo/README.md']));
  expect(flaws).toEqual([]);
});

test('has a bill of materials with every package that users install', async () => {
  const { stdout } = await run(process.execPath, [join(root, 'scripts/sbom.mjs')], { maxBuffer: 2 ** 26 });
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, { readonly dev?: boolean }>>;
  };
  const wanted = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
  const { bomFormat, components } = JSON.parse(stdout) as { bomFormat: string; components: readonly unknown[] };

  expect(bomFormat).toBe('CycloneDX');
  expect(components).toHaveLength(wanted.length);
});

test('starts as a command', async () => {
  const main = join(project, 'node_modules', manifest.name, manifest.bin['muster'] ?? '');

  expect((await readFile(main, 'utf8')).startsWith('#!/usr/bin/env node\n')).toBe(true);
  expect((await run(process.execPath, [main, '--version'])).stdout.trim()).toBe(manifest.version);
});

describe('the bundle of the command line', () => {
  const cli = (): string => join(project, 'node_modules', manifest.name, 'dist', 'cli');
  const main = (): string => join(cli(), 'main.js');

  test('names each package of which it holds code, with its licence', async () => {
    const held = new Set<string>();
    for (const name of await readdir(cli())) {
      if (!name.endsWith('.js')) continue;
      const text = await readFile(join(cli(), name), 'utf8');
      for (const [, packageName = ''] of text.matchAll(/^\t*\/\/.*node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//gm))
        held.add(packageName);
    }
    const licences = await readFile(join(cli(), 'LICENSES.txt'), 'utf8');
    const named = [...licences.matchAll(/^={72}\n(\S+) [\d.]+: .+\n\n\S/gm)].map(([, name]) => name ?? '');

    expect(held.size).toBeGreaterThan(10);
    expect(named).toEqual(expect.arrayContaining([...held]));
  });

  test('has every module that it loads on demand', async () => {
    const wanted = new Set<string>();
    const files = await readdir(cli());
    for (const name of files) {
      const text = await readFile(join(cli(), name), 'utf8');
      for (const [, file = ''] of text.matchAll(/require\(["']\.\/(on-demand-[^"']+)["']\)/g)) wanted.add(file);
    }

    expect(files.filter((name) => name.startsWith('on-demand-')).toSorted()).toEqual([...wanted].toSorted());
    for (const name of wanted) await run(process.execPath, [join(cli(), name)]);
  });

  test('loads little for a short run, and the modules of Node before a flag makes them dear', async () => {
    const place = await mkdtemp(join(folder, 'start-'));
    const people = "users: [{ username: sandbox-admin }, { username: 'ada' }]";
    await writeFile(join(place, 'users.yaml'), `version: 1\n${people}\n`);
    await writeFile(join(place, 'muster.yaml'), 'files: [users.yaml]\npolicy: { min_admins: 1 }\n');
    const sandbox = await startSandbox({ seed: { users: [{ username: 'ada' }] } });
    const env = { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken, HOME: place };

    const [validate, plan] = [await lookInside('validate', place, env), await lookInside('plan', place, env)];
    await sandbox.close();

    expect(validate.files.map(withoutDigest).toSorted()).toEqual([
      'main.js',
      'rolldown-runtime.js',
      'start.js',
      'validate.js',
      'version.js',
    ]);
    expect(validate.flags).toEqual([]);
    // The server has no preferences of muster, and says so by an error.
    expect(plan.files.filter((name) => name.startsWith('on-demand-'))).toEqual(['on-demand-errors.js']);
    expect(plan.flags).toEqual([expect.stringMatching(/^--wasm-tiering-budget=/)]);
    expect(plan.modulesAfterFlag).toEqual([]);

    await writeFile(join(place, 'users.yaml'), `version: 1\n${'# and so on\n'.repeat(400_000)}${people}\n`);
    expect((await lookInside('validate', place, env)).flags).toEqual([
      expect.stringMatching(/^--heap-growing-percent=/),
    ]);
  });

  /** Which of its files a command loads, which flags of V8 it sets, and which modules of Node it loads after that. */
  async function lookInside(command: string, cwd: string, env: Readonly<Record<string, string>>): Promise<Inside> {
    const look = join(cwd, 'look.cjs');
    const seen = join(cwd, `${command}.json`);
    await writeFile(
      look,
      `const v8 = require('node:v8');
      const set = v8.setFlagsFromString;
      const flags = [];
      let loaded;
      v8.setFlagsFromString = (flag) => { flags.push(flag); loaded = process.moduleLoadList.length; set(flag); };
      process.on('exit', () => {
        const files = Object.keys(require.cache).filter((path) => path !== __filename).map((path) => require('node:path').basename(path));
        const modulesAfterFlag = loaded === undefined ? [] : process.moduleLoadList.slice(loaded);
        require('node:fs').writeFileSync(${JSON.stringify(seen)}, JSON.stringify({ files, flags, modulesAfterFlag }));
      });`,
    );
    await run(process.execPath, ['--require', look, main(), command], {
      cwd,
      env: { PATH: process.env['PATH'], ...env },
    });
    return JSON.parse(await readFile(seen, 'utf8')) as Inside;
  }

  const withoutDigest = (name: string): string => name.replace(/-[\w-]{8}(?=\.js$)/, '');

  test('says what is wrong in a file whose check is loaded on demand', async () => {
    const place = await mkdtemp(join(folder, 'plan-file-'));
    await writeFile(join(place, 'plan.json'), '{"version":"none"}');

    const { code, stdout } = await outcomeOf(process.execPath, [main(), 'show', 'plan.json', '--format', 'json'], {
      cwd: place,
    });

    expect(code).toBe(7);
    expect(stdout).toMatch(/PLAN_FILE_REFUSED.*must have required property|must have required property/s);
  });

  test('has no letter beyond ASCII in its files, and prints such letters all the same', async () => {
    const names = (await readdir(cli())).filter((name) => name.endsWith('.js'));
    const texts = await Promise.all(names.map((name) => readFile(join(cli(), name), 'latin1')));
    const { code, stdout } = await outcomeOf(process.execPath, [main(), 'help', 'no-files']);

    expect(names.filter((_, i) => /[^\0-\x7F]/.test(texts[i] ?? ''))).toEqual([]);
    expect(code).toBe(0);
    expect(stdout).toContain('→');
  });

  test('names functions and lines of its own in a stack trace', async () => {
    const [chunk = ''] = (await readdir(cli())).filter((name) => name.startsWith('start-'));
    const text = await readFile(join(cli(), chunk), 'utf8');

    expect(text).toMatch(/^async function runProcess\(/m);
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThan(1000);
  });
});

describe('the documentation', () => {
  test('installs what is packed, as docs/install.md does', async () => {
    const [readme] = await readSteps(join(root, 'README.md'), self);
    const [page] = await readSteps(join(root, 'docs/install.md'), self);

    expect(readme?.commands.match(/\S+\.tgz/g)).toEqual([`./${manifest.name}-*.tgz`]);
    expect(page?.commands).toBe(readme?.commands);
    expect(Object.keys(manifest.bin).toSorted()).toEqual(['mattermuster', 'muster']);
  });

  test('leads from an empty folder to an apply, word by word', async () => {
    const steps = await readSteps(join(root, 'docs/adopt.md'), self);
    const sandbox = await startSandbox({ seed: { users: [{ username: 'ada' }, { username: 'bob' }] } });
    const home = await mkdtemp(join(folder, 'home-'));
    /** What a person does between the steps, by the step before. */
    const byHand: Readonly<Record<string, string>> = {
      token: `printf '%s\\n' ${sandbox.adminToken} > ~/.config/muster/token`,
      init: "printf '  - { username: carol, email: carol@example.com }\\n' >> users.yaml",
    };
    const script = steps
      .map(({ name, commands }) => `echo "== ${name}"\n${commands}\n${byHand[name] ?? ''}\n`)
      .join('');
    await writeFile(join(home, 'steps.sh'), `set -e\n${script.replaceAll('https://chat.example.com', sandbox.url)}`);

    const { code, stdout } = await outcomeOf('script', ['-qec', 'bash steps.sh', '/dev/null'], {
      cwd: home,
      env: { HOME: home, NO_COLOR: '1', PATH: `${join(project, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}` },
      input: 'yes\n',
    });
    await sandbox.close();

    expect(steps.map(({ name }) => name)).toEqual(['token', 'doctor', 'init', 'apply', 'pipeline']);
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/== init[^]*written +users\.yaml[^]*Plan: no actions/);
    expect(stdout).toMatch(/== apply[^]*valid: 4 people[^]*Plan: 1 create[^]*Applied: 1 of 1 action done/);
    expect(sandbox.control.user('carol')).toBeDefined();
    expect(await readFile(join(home, 'chat-people', 'comment.md'), 'utf8')).toMatch(/^### muster plan: no actions/);
  });
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

interface Surroundings {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What is typed. */
  readonly input?: string;
}

/** How a command ended, and what it said. */
async function outcomeOf(
  file: string,
  args: readonly string[],
  { input, ...options }: Surroundings = {},
): Promise<{ code: unknown; stdout: string }> {
  const running = run(file, args, options);
  if (input !== undefined) running.child.stdin?.write(input);
  try {
    return { code: 0, ...(await running) };
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
