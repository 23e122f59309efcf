import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { configName } from '../../src/config/find-config.ts';
import { loadConfig, readConfigText } from '../../src/config/load-config.ts';
import { InputError, type Problem } from '../../src/model/problem.ts';

async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-config-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

function problemsOf(text: string): readonly Problem[] {
  try {
    readConfigText({ name: 'muster.yaml', text, isInPlace: true });
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

const problemsOfLoading = async (...args: Parameters<typeof loadConfig>): Promise<unknown> =>
  loadConfig(...args).then(
    () => [],
    (error: unknown) => (error instanceof InputError ? error.problems : error),
  );

const server = 'server: https://chat.example.com\n';

describe('the config is found', () => {
  test('in the working directory, before any above it', async () => {
    const base = await folderWith({ [configName]: 'server: https://a', [`x/${configName}`]: server });

    expect(await loadConfig(join(base, 'x'))).toMatchObject({
      path: join(base, 'x', configName),
      dir: join(base, 'x'),
      config: { server: 'https://chat.example.com' },
    });
  });

  test('upwards, past folders of its name', async () => {
    const base = await folderWith({ [configName]: server, [`x/${configName}/y/keep`]: '' });

    expect(await loadConfig(join(base, 'x', configName, 'y'))).toMatchObject({
      path: join(base, configName),
      dir: base,
    });
  });

  test('by its name, relative to the working directory or absolute', async () => {
    const base = await folderWith({ 'x/other.yaml': server, [configName]: 'server: https://a' });
    const expected = {
      path: join(base, 'x', 'other.yaml'),
      dir: join(base, 'x'),
      config: { server: 'https://chat.example.com' },
    };

    expect(await loadConfig(base, 'x/other.yaml')).toMatchObject(expected);
    expect(await loadConfig(tmpdir(), join(base, 'x', 'other.yaml'))).toMatchObject(expected);
  });

  test('nowhere, which is no error unless it was named', async () => {
    const base = await folderWith({});

    expect(await loadConfig(base)).toEqual({ config: {}, dir: base });
    expect(await problemsOfLoading(base, 'muster.yaml')).toMatchObject([
      {
        code: 'config-unreadable',
        message: expect.stringContaining(join(base, 'muster.yaml')),
        hint: 'check --config',
      },
    ]);
  });

  test('but cannot be read, if it is a folder or no text', async () => {
    const base = await folderWith({ 'x/keep': '', 'bytes.yaml': Uint8Array.of(0x73, 0xff) });

    expect(await problemsOfLoading(base, 'x')).toMatchObject([{ code: 'config-unreadable' }]);
    expect(await problemsOfLoading(base, 'bytes.yaml')).toMatchObject([
      { code: 'config-unreadable', message: expect.stringContaining('no UTF-8') },
    ]);
  });

  test('with its name in every problem', async () => {
    const base = await folderWith({ [configName]: 'servre: x' });

    expect(await problemsOfLoading(base)).toMatchObject([{ at: { file: join(base, configName), line: 1, column: 1 } }]);
    expect(await problemsOfLoading(base, configName)).toMatchObject([{ at: { file: configName, line: 1, column: 1 } }]);
  });
});

test('takes everything that the design names', () => {
  const text = `
version: 1
server: https://chat.example.com/sub
files: [users/**/*.yaml]
policy:
  undeclared_users: report
  foreign_tokens: revoke
  leavers: { tokens: keep }
  protect: [break-glass, "id:abcdefghijklmnopqrstuvwxyz"]
  min_admins: 1
  time_zone: Europe/Berlin
  allow_roles: [sales]
  auth_service_off: warn
secrets:
  dir: ../secrets
  sinks: { vault-ci: { command: [vault, kv, put, "{user}"] }, files: { dir: ci/deploy } }
  sources: { a: { env: MUSTER_SECRET_START }, b: { file: start/b.txt }, c: { command: [pass, show, x] } }
`;

  expect(problemsOf(text)).toEqual([]);
});

const sinkOf = (sink: string): string => `secrets:\n  sinks: { x: ${sink} }`;

const sourceOf = (source: string): string => `secrets:\n  sources: { x: ${source} }`;

describe('refuses', () => {
  const inside = 'expected a path inside secrets.dir: relative, without ..';
  const variable =
    'expected the name of an environment variable that begins with MUSTER_SECRET_; no other is ever read';

  const oneSink = 'exactly one of dir, command; env and confirm belong to a command';
  const oneSource = 'exactly one of env, file, command; command_env belongs to a command';
  const passable =
    "expected the name of an environment variable, and none that begins with MUSTER_: those are muster's own";

  test.each<[text: string, place: string, message: string]>([
    [sinkOf('{ dir: ../out }'), '2:22', `secrets.sinks.x.dir is the text "../out", ${inside}`],
    [sinkOf('{ dir: a/../../out }'), '2:22', `secrets.sinks.x.dir is the text "a/../../out", ${inside}`],
    [sinkOf('{ dir: .. }'), '2:22', `secrets.sinks.x.dir is the text "..", ${inside}`],
    [sinkOf('{ dir: /etc }'), '2:22', `secrets.sinks.x.dir is the text "/etc", ${inside}`],
    [sinkOf('{ dir: "a\\\\..\\\\b" }'), '2:23', `secrets.sinks.x.dir is the text "a\\\\..\\\\b", ${inside}`],
    [sourceOf('{ file: ../x }'), '2:25', `secrets.sources.x.file is the text "../x", ${inside}`],
    [sourceOf('{ file: /etc/passwd }'), '2:25', `secrets.sources.x.file is the text "/etc/passwd", ${inside}`],
    [sourceOf('{ env: PATH }'), '2:24', `secrets.sources.x.env is the text "PATH", ${variable}`],
    [sourceOf('{ env: MUSTER_TOKEN }'), '2:24', `secrets.sources.x.env is the text "MUSTER_TOKEN", ${variable}`],
    [sourceOf('{ env: MUSTER_SECRET_ }'), '2:24', `secrets.sources.x.env is the text "MUSTER_SECRET_", ${variable}`],
    [sinkOf('{ dir: a, command: [b] }'), '2:12', `secrets.sinks.x: ${oneSink}`],
    [sinkOf('{}'), '2:15', `secrets.sinks.x is a map, expected ${oneSink}`],
    [sinkOf('{ dir: a, env: [A] }'), '2:15', `secrets.sinks.x is a map, expected ${oneSink}`],
    [sinkOf('{ env: [A] }'), '2:15', `secrets.sinks.x is a map, expected ${oneSink}`],
    [sinkOf('{ dir: a, confirm: sha256 }'), '2:15', `secrets.sinks.x is a map, expected ${oneSink}`],
    [sinkOf('{ command: [a], confirm: md5 }'), '2:40', 'secrets.sinks.x.confirm is the text "md5", expected sha256'],
    [
      sinkOf('{ command: [a], env: [MUSTER_TOKEN] }'),
      '2:37',
      `secrets.sinks.x.env[1] is the text "MUSTER_TOKEN", ${passable}`,
    ],
    [
      sinkOf('{ command: [a], env: [A, Muster_Secret_x] }'),
      '2:40',
      `secrets.sinks.x.env[2] is the text "Muster_Secret_x", ${passable}`,
    ],
    [sinkOf('{ command: [a], env: [A=b] }'), '2:37', `secrets.sinks.x.env[1] is the text "A=b", ${passable}`],
    [sinkOf('{ command: [a], env: A }'), '2:36', 'secrets.sinks.x.env is the text "A", expected a list'],
    [
      sourceOf('{ command: [a], command_env: [MUSTER_SERVER] }'),
      '2:47',
      `secrets.sources.x.command_env[1] is the text "MUSTER_SERVER", ${passable}`,
    ],
    [
      sourceOf('{ env: MUSTER_SECRET_A, command_env: [A] }'),
      '2:17',
      `secrets.sources.x is a map, expected ${oneSource}`,
    ],
    [
      'secrets:\n  default_sink: /etc',
      '2:17',
      'secrets.default_sink is the text "/etc", expected a-z, 0-9, dash and underscore, beginning with a letter or digit',
    ],
    [sourceOf('{ file: a, env: MUSTER_SECRET_A }'), '2:14', `secrets.sources.x: ${oneSource}`],
    [sinkOf('{ command: vault }'), '2:26', 'secrets.sinks.x.command is the text "vault", expected a list'],
    [sinkOf('{ command: [] }'), '2:17', 'secrets.sinks.x.command is an empty list'],
    ['policy:\n  time_zone: Mars/Olympus', '2:14', 'there is no time zone Mars/Olympus'],
    [
      'policy:\n  undeclared_users: delete',
      '2:21',
      'policy.undeclared_users is the text "delete", expected one of ignore, report',
    ],
    ['policy:\n  min_admins: 0', '2:15', 'policy.min_admins is the number 0, expected a whole number from 1 to 1000'],
    ['policy:\n  minadmins: 1', '2:3', 'unknown field minadmins in policy'],
    [
      'policy:\n  protect: ["id:x"]',
      '2:14',
      'policy.protect[1] is the text "id:x", expected a username, or id: and 26 letters and digits',
    ],
    [
      'server: chat.example.com',
      '1:9',
      'server is the text "chat.example.com", expected an address such as https://chat.example.com',
    ],
    ['server: https://', '1:9', 'server is no plain address'],
    ['server: https://chat.example.com?x=1', '1:9', 'server is no plain address'],
    ['server: https://chat.example.com#x', '1:9', 'server is no plain address'],
    ['files: []', '1:1', 'files is an empty list'],
    ['token: abc', '1:1', 'a secret at the top level does not belong in a file'],
    ['', '1:1', 'the file is empty'],
  ])('%j', (text, place, message) => {
    const [problem, ...others] = problemsOf(text);

    expect(others).toEqual([]);
    expect(problem?.message).toBe(message);
    expect(`${problem?.at?.line}:${problem?.at?.column}`).toBe(place);
  });

  test('everything at once, in the order of the file', () => {
    const problems = problemsOf('policy: { min_admins: 0 }\nservr: x\nfiles: ~\nsecrets: { sinks: { A: {} } }');

    expect(problems.map(({ code, at }) => `${at?.line} ${code}`)).toEqual([
      '1 wrong-value',
      '2 unknown-field',
      '3 null-value',
      '4 wrong-name',
      '4 wrong-value',
    ]);
  });

  test.each([
    'https://ada:S3cret@chat.example.com',
    'https://S3cret@chat.example.com',
    'ada:S3cret@chat.example.com',
    'https://ada:S3c/ret@x',
  ])('the address %s, and shows nothing of its user and password', (address) => {
    const problems = problemsOf(`server: ${address}`);

    expect(problems).toMatchObject([{ code: 'wrong-value', at: { line: 1, column: 9 } }]);
    expect(JSON.stringify(problems)).not.toMatch(/S3c/);
  });
});
