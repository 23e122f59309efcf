/** `init` makes a folder to begin with, and never writes over anything. */
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configText, notIgnored } from '../../src/app/init-texts.ts';
import { readConfigText } from '../../src/config/load-config.ts';
import { resolvePolicy } from '../../src/config/settings.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { useFastTime } from '../support/fast-time.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';

useFastTime();

let sandbox: Sandbox;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  sandbox = await startSandbox({ seed: { users: [{ username: 'ada' }, { username: 'bob', active: false }] } });
  env = { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken };
});
afterAll(() => sandbox.close());

const textOf = (place: Workplace, name: string): Promise<string> => readFile(join(place.dir, name), 'utf8');

test('writes config, ignored files and people, after which a plan has no actions', async () => {
  const place = await makeWorkplace({}, env);

  const { code, stdout, stderr } = await place.muster(['init']);
  const planned = await place.muster(['plan', '--detailed-exitcode']);

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^written +muster\.yaml[^]*written +\.gitignore[^]*written +users\.yaml +who: 3 people/);
  expect(stdout).toMatch(/Next:\n {2}muster plan +#/);
  expect(await textOf(place, 'muster.yaml')).toContain(`server: "${sandbox.url}"`);
  expect(await textOf(place, '.gitignore')).toMatch(/^secrets\/$/m);
  expect(planned.code, planned.stderr).toBe(0);
});

test.each([['node_modules'], ['node_modules\n'], ['']])(
  'prints the command that completes a .gitignore of %j, which holds then',
  async (text) => {
    const place = await makeWorkplace({ '.gitignore': text }, env);
    const { stdout } = await place.muster(['init', '--no-import']);
    const [, command = ''] = /^ {2}(printf .*?) {2,}# what is never committed$/m.exec(stdout) ?? [];
    execFileSync('sh', ['-c', command], { cwd: place.dir });

    expect((await textOf(place, '.gitignore')).split('\n')).toEqual(
      expect.arrayContaining([text.trim(), 'secrets/', 'plan.json', '*.plan.json', '.muster/']),
    );
    expect((await place.muster(['init', '--no-import'])).stdout).not.toMatch(/lacks|printf/);
  },
);

test('leaves alone what is there, and says what a .gitignore lacks', async () => {
  const files = { 'muster.yaml': 'version: 1\n', '.gitignore': '/secrets\nplan.json\n', 'users.yaml': 'mine' };
  const place = await makeWorkplace(files, env);

  const { code, stdout } = await place.muster(['init']);

  expect(code).toBe(0);
  expect(stdout).toMatch(/left alone +muster\.yaml/);
  expect(stdout).toMatch(/left alone +\.gitignore +it is there already; it lacks \*\.plan\.json, \.muster\/\n/);
  expect(stdout).toMatch(/left alone +users\.yaml/);
  for (const [name, text] of Object.entries(files)) expect(await textOf(place, name)).toBe(text);
});

test('imports nothing beside a config that names other files', async () => {
  const place = await makeWorkplace({ 'muster.yaml': "version: 1\nfiles: ['people/*.yaml']\n" }, env);

  const { code, stdout } = await place.muster(['init']);

  expect(code).toBe(0);
  expect(stdout).toMatch(/left alone +users\.yaml +muster\.yaml names other files/);
});

describe('without a server it writes the files, and says what to do next', () => {
  test.each<[what: string, args: readonly string[], given: NodeJS.ProcessEnv, next: readonly RegExp[]]>([
    [
      'nothing is known',
      [],
      {},
      [/export MUSTER_SERVER=/, /export MUSTER_TOKEN_FILE=/, /muster doctor/, /muster init/],
    ],
    ['there is no token', [], { MUSTER_SERVER: 'https://chat.example.com' }, [/export MUSTER_TOKEN_FILE=/]],
    ['no server is named', [], { MUSTER_TOKEN: 'x' }, [/export MUSTER_SERVER=/]],
    [
      '--no-import says so',
      ['--no-import'],
      { MUSTER_SERVER: 'https://chat.example.com', MUSTER_TOKEN: 'x' },
      [/muster init/],
    ],
  ])('when %s', async (_what, args, given, next) => {
    const place = await makeWorkplace({}, given);

    const { code, stdout, stderr } = await place.muster(['init', ...args]);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/not written +users\.yaml/);
    for (const line of next) expect(stdout).toMatch(line);
    expect(
      readConfigText({ name: 'muster.yaml', text: await textOf(place, 'muster.yaml'), isInPlace: true }).config.server,
    ).toBe(given['MUSTER_SERVER']);
  });
});

test.each<[what: string, given: () => NodeJS.ProcessEnv, code: number]>([
  ['a server that cannot be reached', () => ({ MUSTER_SERVER: 'http://127.0.0.1:9', MUSTER_TOKEN: 'x' }), 5],
  ['a token that the server refuses', () => ({ ...env, MUSTER_TOKEN: 'x'.repeat(26) }), 5],
])(
  '%s is an error, after the other files are written, and a second run does the rest',
  async (_what, given, expected) => {
    const place = await makeWorkplace({}, given());

    const { code, stdout, stderr } = await place.muster(['init', '--format', 'json']);
    const again = await place.muster(['init', '--server', given()['MUSTER_SERVER'] ?? ''], { env: given() });

    expect(code).toBe(expected);
    expect(JSON.parse(stdout)).toMatchObject({
      files: [
        { name: 'muster.yaml', status: 'written' },
        { name: '.gitignore', status: 'written' },
        { name: 'users.yaml', status: 'not-written' },
      ],
      error: {},
    });
    expect(stderr).toContain('error');
    expect(again.stdout).toMatch(/left alone +muster\.yaml/);
  },
);

test('a token that belongs to another server stops it before anything is written', async () => {
  const place = await makeWorkplace({}, env);

  const { code, stderr } = await place.muster(['init', '--server', 'https://other.example.com']);

  expect(code).toBe(3);
  expect(stderr).toContain('binds the token to');
  await expect(textOf(place, 'muster.yaml')).rejects.toThrow('ENOENT');
});

test('a folder below another config is refused', async () => {
  const place = await makeWorkplace({ 'muster.yaml': 'version: 1\n', 'below/x': '' }, env);

  const { code, stderr } = await place.muster(['init'], { in: 'below' });

  expect(code).toBe(3);
  expect(stderr).toMatch(/this folder belongs to .*muster\.yaml/);
});

describe('the config that it writes', () => {
  const text = configText('https://chat.example.com');
  const uncommented = text.replaceAll(/^# (?=policy:| )/gm, '');

  test('says nothing but server and files, so that every default holds', () => {
    expect(parse(text)).toEqual({ version: 1, server: 'https://chat.example.com', files: ['users.yaml'] });
  });

  test('shows the defaults as they are, each rule of the policy once', async () => {
    const schema = JSON.parse(await readFile('schemas/config.schema.json', 'utf8')) as {
      $defs: { Policy: { properties: Readonly<Record<string, unknown>> } };
    };
    const { config } = readConfigText({ name: 'muster.yaml', text: uncommented, isInPlace: true });

    expect(Object.keys(config.policy ?? {}).toSorted()).toEqual(Object.keys(schema.$defs.Policy.properties).toSorted());
    expect(resolvePolicy(config)).toEqual(resolvePolicy({}));
  });

  test('has no server where none is known', () => {
    expect(parse(configText(undefined))).toEqual({ version: 1, files: ['users.yaml'] });
  });
});

test.each([
  ['', ['secrets/', 'plan.json', '*.plan.json', '.muster/']],
  ['/secrets/\n plan.json\n*.plan.json\n.muster\n', []],
])('a .gitignore of %j lacks %j', (text, lacking) => {
  expect(notIgnored(text)).toEqual(lacking);
});

describe('users.yaml is read where nothing names another file', () => {
  const people = 'version: 1\nusers: [{ username: ada }]\n';

  test.each<[where: string, files: Readonly<Record<string, string>>]>([
    ['in the working directory', { 'users.yaml': people }],
    ['beside a muster.yaml that names none', { 'users.yaml': people, 'muster.yaml': 'version: 1\n' }],
  ])('%s', async (_where, files) => {
    const place = await makeWorkplace(files);

    expect(await place.muster(['validate'])).toMatchObject({ code: 0, stdout: 'valid: 1 person in 1 file\n' });
  });

  test('but not where everyone can write it, outside of a repository', async () => {
    const place = await makeWorkplace();
    await writeFile(join(place.dir, 'users.yaml'), people);
    await chmod(join(place.dir, 'users.yaml'), 0o666);

    const refused = await place.muster(['validate']);
    const named = await place.muster(['validate', '-f', 'users.yaml']);
    await mkdir(join(place.dir, '.git'));
    const inRepository = await place.muster(['validate']);

    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/users\.yaml can be written by everyone[^]*--files/);
    expect([named.code, inRepository.code]).toEqual([0, 0]);
  });
});
