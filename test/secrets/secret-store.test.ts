import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { revealSecret } from '../../src/model/reveal-secret.ts';
import { Secret } from '../../src/model/secret.ts';
import type { SecretSettings } from '../../src/model/settings.ts';
import { createSecretStore, type SecretStore, type TokenName } from '../../src/secrets/secret-store.ts';
import { isLong } from '../support/suite.ts';
import { emptyFolder, everythingOf, rejection, script } from './support.ts';

const canary = 'canary26lettersanddigitsxx';
const token: TokenName = { user: 'ada', name: 'ci', generation: 2 };

interface Setting {
  readonly store: SecretStore;
  readonly dir: string;
}

async function setUp(settings: Partial<SecretSettings> = {}, env: NodeJS.ProcessEnv = process.env): Promise<Setting> {
  const dir = join(await emptyFolder(), 'secrets');
  return { dir, store: createSecretStore({ dir, sinks: {}, sources: {}, ...settings }, env) };
}

describe('a new secret goes', () => {
  test('to a file of its own, where no sink is named', async () => {
    const { store, dir } = await setUp();

    const where = await store.deliver(undefined, token, new Secret(canary));

    expect(where).toBe(join(dir, 'ada~ci@2.token'));
    expect(await readFile(where, 'utf8')).toBe(`${canary}\n`);
  });

  test('to the folder of its sink', async () => {
    const { store, dir } = await setUp({ sinks: { files: { dir: 'ci/deploy' } } });

    expect(await store.deliver('files', token, new Secret(canary))).toBe(join(dir, 'ci', 'deploy', 'ada~ci@2.token'));
  });

  test('to the standard input of a program, which learns whose it is and gets nothing else of muster', async () => {
    const report = join(await emptyFolder(), 'report');
    const code = `
      const input = require('node:fs').readFileSync(0, 'utf8');
      const env = Object.keys(process.env).filter((name) => name.startsWith('MUSTER'));
      require('node:fs').writeFileSync(process.argv[1], JSON.stringify({ input, env, args: process.argv.slice(2) }));`;
    const command = script(code, report, '{user}', '--to={user}/{name}@{generation}', '{name}{name}', '{other}');
    const env = {
      ...process.env,
      MUSTER_TOKEN: canary,
      MUSTER_TOKEN_FILE: '/x',
      MUSTER_SECRET_A: canary,
      MUSTER_SERVER: 'x',
    };
    const { store, dir } = await setUp({ sinks: { vault: { command } } }, env);

    const where = await store.deliver('vault', token, new Secret(canary));

    expect(where).toBe('the sink vault');
    expect(JSON.parse(await readFile(report, 'utf8'))).toEqual({
      input: canary,
      env: [],
      args: ['ada', '--to=ada/ci@2', 'cici', '{other}'],
    });
    expect(await readdir(join(dir, '..'))).toEqual([]);
  });

  test('nowhere, if its sink fails, and nothing of it is in the error', async () => {
    const echo =
      'process.stdin.on("data", (text) => { process.stdout.write(text); process.stderr.write(text); process.exitCode = 3; })';
    const { store } = await setUp({
      sinks: {
        failing: { command: script(echo) },
        missing: { command: ['/nowhere/program'] },
        failed: { command: script('process.stdin.destroy(); process.exit(1)') },
        outside: { dir: '../out' },
      },
    });
    const errors = await Promise.all(
      ['failing', 'missing', 'failed', 'outside', 'unknown', 'constructor'].map((sink) =>
        rejection(store.deliver(sink, token, new Secret(canary))),
      ),
    );

    expect(errors.map((error) => error instanceof Error && 'code' in error && error.code)).toEqual([
      'SINK_FAILED',
      'SINK_FAILED',
      'SINK_FAILED',
      'SECRET_PLACE',
      'SINK_FAILED',
      'SINK_FAILED',
    ]);
    expect(errors.slice(0, 3)).toMatchObject([
      { message: 'the sink failing ended with exit code 3' },
      { message: 'the sink missing could not be started: no such file or folder, ENOENT' },
      { message: 'the sink failed ended with exit code 1' },
    ]);
    expect(errors.map(everythingOf).join()).not.toContain(canary);
  });

  test.each(['-rf', '--help', '-'])('to no program that would read the username %s as an option', async (user) => {
    const { store } = await setUp({
      sinks: {
        a: { command: script('process.stdin.resume()', '{user}') },
        b: { command: script('process.stdin.resume()', '--user={user}') },
      },
    });

    expect(await rejection(store.deliver('a', { ...token, user }, new Secret(canary)))).toMatchObject({
      code: 'SINK_FAILED',
    });
    expect(await store.deliver('b', { ...token, user }, new Secret(canary))).toBe('the sink b');
  });

  test.each(['.', '..'])('to no other folder by the username %s, which servers allow', async (user) => {
    const paths = ['{user}', 'secret/{user}/{name}', '--to={user}/{name}', '/srv/{user}', 'vault:{user}/{name}'];
    const sinks = Object.fromEntries(
      [...paths, './{name}@{user}', '../user-{user}/{name}'].map((path) => [
        path,
        { command: script('process.stdin.resume()', path) },
      ]),
    );
    const { store } = await setUp({ sinks });

    for (const sink of paths)
      expect(await rejection(store.deliver(sink, { ...token, user }, new Secret(canary))), sink).toMatchObject({
        code: 'SINK_FAILED',
        message: `the username ${user} would lead the sink's command to another folder`,
      });
    for (const sink of ['./{name}@{user}', '../user-{user}/{name}'])
      expect(await store.deliver(sink, { ...token, user }, new Secret(canary))).toBe(`the sink ${sink}`);
  });
});

describe('a sink that exits well', () => {
  const sum = createHash('sha256').update(canary).digest('hex');
  const deaf = ['true'];
  const echo = (text: string): readonly string[] => ['sh', '-c', 'cat >/dev/null; printf %s "$1"', 'sh', text];

  test.runIf(process.platform === 'linux')('and never reads the secret has not got it', async () => {
    const { store } = await setUp({ sinks: { deaf: { command: deaf }, cut: { command: ['head', '-c', '3'] } } });

    for (const sink of ['deaf', 'cut'])
      expect(await rejection(store.deliver(sink, token, new Secret(canary)))).toMatchObject({
        code: 'SINK_FAILED',
        message: `the sink ${sink} ended without reading the secret`,
        hint: 'its command has to read standard input to the end before it exits',
      });
  });

  test.each<[what: string, command: readonly string[]]>([
    ['the sum', echo(sum)],
    ['the sum and a line end', echo(`${sum}\n`)],
    ['the sum in capitals', echo(sum.toUpperCase())],
    ['what sha256sum says', ['sha256sum']],
  ])('and confirms with %s has got it', async (_, command) => {
    const { store } = await setUp({ sinks: { vault: { command, confirm: 'sha256' } } });

    expect(await store.deliver('vault', token, new Secret(canary))).toBe('the sink vault');
  });

  test.each<[what: string, command: readonly string[]]>([
    ['says nothing', ['sh', '-c', 'cat >/dev/null']],
    ['says something else', echo('stored')],
    ['says the sum of something else', echo(createHash('sha256').update(`${canary}\n`).digest('hex'))],
    ['says a part of the sum', echo(sum.slice(0, 63))],
    ['says more than the sum', echo(`${sum}0`)],
    ['says something before the sum', echo(`ok ${sum}`)],
    ['says the secret', ['cat']],
    ['says what a device kept', ['sh', '-c', 'cat >/dev/null; sha256sum /dev/null']],
    ['never reads', deaf],
  ])('and is to confirm, but %s, has not got it', async (_, command) => {
    const { store } = await setUp({ sinks: { vault: { command, confirm: 'sha256' } } });

    const error = await rejection(store.deliver('vault', token, new Secret(canary)));

    expect(error).toMatchObject({
      code: 'SINK_FAILED',
      message: 'the sink vault did not confirm the secret that it was given',
      hint: 'its command has to print the SHA-256 of exactly what it stored, in hexadecimal',
    });
    expect(everythingOf(error)).not.toContain(canary);
  });
});

describe('a command gets of the environment', () => {
  const tell = 'cat >/dev/null; echo "$ONE-$TWO-$MUSTER_SERVER"';
  const env = { PATH: process.env['PATH'], ONE: '1', TWO: '2', MUSTER_SERVER: '3' };

  test('what is named for it, as a sink and as a source', async () => {
    const file = join(await emptyFolder(), 'said');
    const { store } = await setUp(
      {
        sinks: { x: { command: ['sh', '-c', `(${tell}) > "$0"`, file], env: ['ONE'] } },
        sources: { x: { command: ['sh', '-c', tell], command_env: ['TWO'] } },
      },
      env,
    );

    await store.deliver('x', token, new Secret(canary));

    expect(await readFile(file, 'utf8')).toBe('1--\n');
    expect(revealSecret(await store.read('x'))).toBe('-2-');
  });

  test('nothing where that is not set: it is refused before anything is written', async () => {
    const { store } = await setUp(
      {
        sinks: { x: { command: ['true'], env: ['ONE', 'GONE'] } },
        sources: { x: { command: ['true'], command_env: ['GONE', 'LOST'] } },
      },
      env,
    );

    expect(await rejection(store.prepare(new Set(['x']), new Set()))).toMatchObject({
      code: 'SINK_FAILED',
      message: 'the sink x needs GONE, which is not set',
    });
    expect(await rejection(store.prepare(new Set(), new Set(['x'])))).toMatchObject({
      code: 'SECRET_SOURCE',
      message: 'the source x needs GONE, LOST, which are not set',
    });
  });
});

describe('the default sink', () => {
  test('takes the secrets of tokens that name none', async () => {
    const { store, dir } = await setUp({ defaultSink: 'files', sinks: { files: { dir: 'ci' } } });

    await store.prepare(new Set([undefined]), new Set());

    expect(await readdir(dir)).toEqual(['.gitignore', 'ci']);
    expect(await store.deliver(undefined, token, new Secret(canary))).toBe(join(dir, 'ci', 'ada~ci@2.token'));
  });

  test('is tried before anything is written', async () => {
    const { store } = await setUp({ defaultSink: 'vault', sinks: { vault: { command: ['/nowhere/program'] } } });

    expect(await rejection(store.prepare(new Set([undefined]), new Set()))).toMatchObject({
      code: 'SINK_FAILED',
      message: 'the program /nowhere/program of the sink vault cannot be found',
    });
  });
});

test('a sink whose input cannot be made is found out before anything is written', async () => {
  const { store } = await setUp({ sinks: { vault: { command: ['true'] } } });
  const { TMPDIR } = process.env;
  process.env['TMPDIR'] = '/nowhere';
  onTestFinished(() => {
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
  });

  expect(await rejection(store.prepare(new Set(['vault']), new Set()))).toMatchObject({
    code: 'SINK_FAILED',
    message: 'the sink vault cannot be given a secret: no such file or folder, ENOENT',
  });
});

test.runIf(isLong)('a source that leaves its output to another program is not believed', async () => {
  const code =
    "require('node:child_process').spawn('sleep', ['3'], { stdio: 'inherit', detached: true }).unref(); console.log('x')";
  const { store } = await setUp({ sources: { x: { command: script(code) } } });

  expect(await rejection(store.read('x'))).toMatchObject({
    code: 'SECRET_SOURCE',
    message: 'the source x ended, and what it started still holds its output',
  });
});

describe('the file of a token', () => {
  test.each(['..', '.', '-rf', '...', '.hidden', 'a'.repeat(64)])(
    'of %s lies in the folder of secrets',
    async (user) => {
      const { store, dir } = await setUp();

      const where = await store.deliver(
        undefined,
        { user, name: 'a'.repeat(64), generation: 99_999 },
        new Secret(canary),
      );

      expect(join(where, '..')).toBe(dir);
      expect((await readdir(dir)).filter((name) => name !== '.gitignore')).toHaveLength(1);
    },
  );

  test.each(['../x', 'a/b', '/etc/x', 'a\0', 'a\\b'])('of %j, which is no username, is not written', async (user) => {
    const { store, dir } = await setUp();

    expect(await rejection(store.deliver(undefined, { ...token, user }, new Secret(canary)))).toMatchObject({
      code: 'SECRET_PLACE',
    });
    expect(await readdir(dir)).toEqual(['.gitignore']);
  });

  test('is that of no other token', async () => {
    const { store, dir } = await setUp();
    const username = fc.string({ unit: fc.constantFrom('a', '.', '_', '-', '1'), minLength: 1, maxLength: 4 });
    const name = fc.tuple(fc.constantFrom('a', '1'), username).map((parts) => parts.join(''));
    const tokens = fc.uniqueArray(fc.record({ user: username, name, generation: fc.integer({ min: 1, max: 12 }) }), {
      selector: (one) => JSON.stringify([one.user, one.name, one.generation]),
      minLength: 2,
      maxLength: 5,
    });

    await fc.assert(
      fc.asyncProperty(tokens, async (all) => {
        const places = new Set<string>();
        for (const one of all) places.add(await store.deliver(undefined, one, new Secret(canary)));

        expect(places.size).toBe(all.length);
      }),
      { numRuns: 15 },
    );
    expect((await readdir(dir)).filter((file) => file.endsWith('.tmp'))).toEqual([]);
  });
});

describe('a given secret comes', () => {
  test('from the environment, a file or a program, each asked once', async () => {
    const folder = await emptyFolder();
    const count = join(folder, 'count');
    const code = `require('node:fs').appendFileSync(${JSON.stringify(count)}, 'x'); console.log('${canary}')`;
    const { store, dir } = await setUp(
      {
        sources: {
          env: { env: 'MUSTER_SECRET_START' },
          file: { file: 'start/hr' },
          command: { command: script(code) },
        },
      },
      { ...process.env, MUSTER_SECRET_START: canary },
    );
    await mkdir(join(dir, 'start'), { recursive: true, mode: 0o700 });
    await writeFile(join(dir, 'start', 'hr'), `${canary}\n`, { mode: 0o600 });

    for (const name of ['env', 'file', 'command', 'command']) expect(revealSecret(await store.read(name))).toBe(canary);
    expect(await readFile(count, 'utf8')).toBe('x');
  });

  test('to no program that could pass on what muster signs in with', async () => {
    const code = 'console.log(Object.keys(process.env).filter((name) => /^MUSTER_/.test(name)).length)';
    const env = { ...process.env, MUSTER_TOKEN: canary, MUSTER_TOKEN_FILE: '/x', MUSTER_SECRET_A: canary };
    const { store } = await setUp({ sources: { x: { command: script(code) } } }, env);

    expect(revealSecret(await store.read('x'))).toBe('0');
  });

  test.each<[what: string, source: NonNullable<SecretSettings['sources'][string]>, message: string]>([
    ['an environment that has it not', { env: 'MUSTER_SECRET_NONE' }, 'the source x is not set'],
    ['an empty variable', { env: 'MUSTER_SECRET_EMPTY' }, 'the source x gives nothing'],
    ['a variable of two lines', { env: 'MUSTER_SECRET_LINES' }, 'the source x gives more than one line'],
    ['an empty file', { file: 'empty' }, 'the source x gives nothing'],
    ['a file of two lines', { file: 'lines' }, 'the source x gives more than one line'],
    [
      'a program that fails',
      { command: script(`console.log('${canary}'); console.error('${canary}'); process.exitCode = 7`) },
      'the source x ended with exit code 7',
    ],
    [
      'a program that is not there',
      { command: ['/nowhere/program'] },
      'the program /nowhere/program of the source x cannot be found',
    ],
    ['a program that says nothing', { command: script('') }, 'the source x gives nothing'],
    [
      'a program that says two lines',
      { command: script(`console.log('${canary}\\n${canary}')`) },
      'the source x gives more than one line',
    ],
    [
      'a program that says a line without an end',
      { command: script(`for (;;) process.stdout.write('${canary}'.repeat(100))`) },
      'the source x ended with more than 65536 characters of output',
    ],
  ])('from %s: not, and nothing of it is in the error', async (_, source, message) => {
    const env = { ...process.env, MUSTER_SECRET_EMPTY: '', MUSTER_SECRET_LINES: `${canary}\nx` };
    const { store, dir } = await setUp({ sources: { x: source } }, env);
    await mkdir(dir, { mode: 0o700 });
    await writeFile(join(dir, 'empty'), '\n', { mode: 0o600 });
    await writeFile(join(dir, 'lines'), `${canary}\n${canary}\n`, { mode: 0o600 });

    const error = await rejection(store.read('x'));

    expect(error).toMatchObject({ code: 'SECRET_SOURCE', blame: 'user', message });
    expect(everythingOf(error).replaceAll(JSON.stringify(source), '')).not.toContain(canary);
  });

  test('from no source that is not defined', async () => {
    const { store } = await setUp();

    for (const name of ['x', 'constructor', 'toString'])
      expect(await rejection(store.read(name))).toMatchObject({ message: `there is no source ${name}` });
  });
});

describe('before the first write', () => {
  test('places are made and sources opened', async () => {
    const { store, dir } = await setUp(
      {
        sinks: { files: { dir: 'ci' }, vault: { command: [process.execPath] } },
        sources: { x: { env: 'MUSTER_SECRET_X' } },
      },
      { MUSTER_SECRET_X: canary },
    );

    await store.prepare(new Set([undefined, 'files', 'vault']), new Set(['x']));

    expect((await readdir(dir)).toSorted()).toEqual(['.gitignore', 'ci']);
  });

  test.each<[what: string, sinks: ReadonlySet<string | undefined>, sources: ReadonlySet<string>, code: string]>([
    ['an open folder', new Set([undefined]), new Set(), 'SECRET_PLACE'],
    ['an unknown sink', new Set(['x']), new Set(), 'SINK_FAILED'],
    ['a sink whose program is nowhere', new Set(['gone']), new Set(), 'SINK_FAILED'],
    ['a sink whose program is not on the PATH', new Set(['lost']), new Set(), 'SINK_FAILED'],
    ['an unknown source', new Set(), new Set(['x']), 'SECRET_SOURCE'],
    ['a source that is not set', new Set(), new Set(['unset']), 'SECRET_SOURCE'],
  ])('%s is found', async (_, sinks, sources, code) => {
    const { store, dir } = await setUp(
      {
        sources: { unset: { env: 'MUSTER_SECRET_UNSET' } },
        sinks: { gone: { command: ['/nowhere/program'] }, lost: { command: ['no-such-program'] } },
      },
      { PATH: '/usr/bin:/bin' },
    );
    await mkdir(dir);
    await chmod(dir, 0o755);

    expect(await rejection(store.prepare(sinks, sources))).toMatchObject({ code });
  });
});

test('random passwords are long, of every kind of character, and never the same', async () => {
  const { store } = await setUp();
  const passwords = Array.from({ length: 200 }, () => revealSecret(store.randomPassword()));

  expect(new Set(passwords).size).toBe(200);
  for (const kind of [/^.{32,72}$/, /[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/]) {
    expect(passwords.filter((password) => !kind.test(password))).toEqual([]);
  }
});

test('a secret in the hand of a store is not seen, however it is looked at', async () => {
  const { store } = await setUp({ sources: { x: { env: 'MUSTER_SECRET_X' } } }, { MUSTER_SECRET_X: canary });

  const secret = await store.read('x');

  expect(
    everythingOf(secret) +
      everythingOf({ secret }) +
      everythingOf([secret]) +
      everythingOf(new Error('x', { cause: secret })),
  ).not.toContain(canary);
});
