/** Whatever is wrong: where it is, what was found, what to do, the right exit code, and nothing written. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { useFastTime } from '../support/fast-time.ts';
import { makeWorkplace, type Run, type Workplace } from '../support/run-muster.ts';

useFastTime();

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ config: { 'ServiceSettings.EnableUserAccessTokens': true } });
});

afterAll(async () => {
  await sandbox.close();
});

const person = '  - { username: ada, email: ada@example.com }\n';

function workplace(files: Readonly<Record<string, string>>): Promise<Workplace> {
  return makeWorkplace(files, { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken });
}

async function plan(text: string, others: Readonly<Record<string, string>> = {}): Promise<Run> {
  const place = await workplace({ 'users.yaml': text, ...others });
  return place.muster([
    'plan',
    '-f',
    '*.yaml',
    ...(others['muster.yaml'] === undefined ? [] : ['--config', 'muster.yaml']),
  ]);
}

function writes(): number {
  return sandbox.requests.filter(
    ({ method, path }) => method !== 'GET' && !/\/(usernames|ids|search|names)$/.test(path),
  ).length;
}

const alias = (level: number): string => `[${Array.from({ length: 9 }, () => `*a${level}`).join(', ')}]`;
const bomb = `version: 1\nx0: &a0 [lol]\n${[0, 1, 2, 3, 4, 5, 6].map((n) => `x${n + 1}: &a${n + 1} ${alias(n)}`).join('\n')}\nusers: []\n`;

describe('a users file that is wrong', () => {
  test.each<[string, string, RegExp[]]>([
    [
      'a wrong type',
      `version: 1\nusers:\n  - { username: ada, active: "yes" }\n`,
      [/users\.yaml:3:\d+ error .*expected true or false/],
    ],
    [
      'an unknown field',
      `version: 1\nusers:\n  - { username: ada, emial: ada@example.com }\n`,
      [/users\.yaml:3:\d+ error unknown field emial/, /did you mean email\?/],
    ],
    ['a YAML syntax error', `version: 1\nusers:\n  - username: a: b\n`, [/users\.yaml:3:\d+ error not valid YAML/]],
    ['an empty file', '', [/users\.yaml:1:1 error the file is empty/]],
    [
      'a null',
      `version: 1\nusers:\n  - username: ada\n    email:\n`,
      [/users\.yaml:4:\d+ error no value here \(null\)/, /delete the line to stop managing the field/],
    ],
    [
      'a number for a name',
      `version: 1\nusers:\n  - { username: 007 }\n`,
      [/users\.yaml:3:\d+ error .*the number 007, expected a text/, /"007"/],
    ],
    ['an alias bomb', bomb, [/users\.yaml:\d+:\d+ error aliases and merge keys expand to far more/]],
    ['20 kB of nested brackets', '['.repeat(20_000), [/users\.yaml:1:\d+ error nested deeper than 16 levels/]],
    ['an empty list of people', 'version: 1\nusers: []\n', [/users\.yaml:2:1 error the files declare no one/]],
    [
      'an empty list of roles',
      'version: 1\nusers:\n  - { username: ada, roles: [] }\n',
      [/users\.yaml:3:\d+ error .*empty list/],
    ],
    [
      'a role of a team',
      'version: 1\nusers:\n  - { username: ada, roles: [team_admin] }\n',
      [/users\.yaml:3:\d+ error the role team_admin is not a system role/],
    ],
    [
      'a secret',
      'version: 1\nusers:\n  - { username: ada, password: hunter2hunter2 }\n',
      [/users\.yaml:3:\d+ error password does not belong in a file/],
    ],
  ])('%s is refused with its place', async (_what, text, expected) => {
    const before = writes();

    const { code, stdout, stderr } = await plan(text);

    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    for (const pattern of expected) expect(stderr).toMatch(pattern);
    expect(stderr).not.toContain('hunter2');
    expect(writes()).toBe(before);
  });

  test('the same person in two files is refused with both places', async () => {
    const place = await workplace({
      'a.yaml': `version: 1\nusers:\n${person}`,
      'b.yaml': `version: 1\nusers:\n\n${person.replace('ada,', 'ADA,')}`,
    });

    const { code, stderr } = await place.muster(['validate', '-f', '*.yaml']);

    expect(code).toBe(3);
    expect(stderr).toMatch(/b\.yaml:4:\d+ error ADA is declared twice/);
    expect(stderr).toMatch(/also at a\.yaml:3:\d+/);
  });

  test('all problems of all files come at once', async () => {
    const place = await workplace({
      'a.yaml': 'version: 1\nusers:\n  - { username: ada, emial: x }\n  - { username: 7 }\n',
      'b.yaml': 'version: 2\nusers:\n  - { usrname: bob }\n',
    });

    const { code, stderr } = await place.muster(['validate', '-f', '*.yaml']);

    expect(code).toBe(3);
    expect(stderr.match(/ error /g)?.length).toBeGreaterThanOrEqual(5);
    expect(stderr).toMatch(/\d problems; nothing was written/);
  });

  test('a missing file is an error, not fewer people', async () => {
    const place = await workplace({ 'users.yaml': `version: 1\nusers:\n${person}` });

    const { code, stderr } = await place.muster(['plan', '-f', 'users.yaml', '-f', 'gone.yaml']);

    expect(code).toBe(3);
    expect(stderr).toContain('there is no file gone.yaml');
  });

  test('a role that the server does not have is refused once the server was asked', async () => {
    const { code, stdout } = await plan(
      'version: 1\nusers:\n  - { username: ada, email: a@b.c, roles: [system_wizard] }\n',
    );

    expect(code).toBe(3);
    expect(stdout).toMatch(/users\.yaml:3:\d+ ada wants the role system_wizard, which this server does not have/);
  });
});

describe('sinks and sources', () => {
  test.each<[string, string, RegExp]>([
    [
      'a sink outside the secrets folder',
      'secrets: { sinks: { out: { dir: ../elsewhere } } }',
      /sinks\.out\.dir is the text "\.\.\/elsewhere", expected a path inside secrets\.dir/,
    ],
    ['an absolute sink', 'secrets: { sinks: { out: { dir: /etc } } }', /expected a path inside secrets\.dir/],
    [
      'a source from any variable',
      'secrets: { sources: { start: { env: PATH } } }',
      /expected the name of an environment variable that begins with MUSTER_SECRET_/,
    ],
    [
      'a source outside the secrets folder',
      'secrets: { sources: { start: { file: ../../etc/passwd } } }',
      /expected a path inside secrets\.dir/,
    ],
  ])('%s in muster.yaml is refused before the server is asked', async (_what, config, expected) => {
    const requests = sandbox.requests.length;
    const place = await workplace({
      'users.yaml': `version: 1\nusers:\n${person}`,
      'muster.yaml': `${config}\nfiles: [users.yaml]\n`,
    });

    const { code, stderr } = await place.muster(['plan']);

    expect(code).toBe(3);
    expect(stderr).toMatch(expected);
    expect(sandbox.requests.length).toBe(requests);
  });

  test.each([
    [
      'a path as a sink',
      '{ username: ada, tokens: [{ name: ci, sink: ../../etc/cron.d/x }] }',
      /never a path, a command or a secret/,
    ],
    [
      'a sink that is not defined',
      '{ username: ada, tokens: [{ name: ci, sink: nowhere }] }',
      /the sink nowhere, which muster\.yaml does not define/,
    ],
    [
      'a source that is not defined',
      '{ username: ada, initial_password: nowhere }',
      /is not the name of a source that muster\.yaml defines/,
    ],
    [
      'a command as a source',
      '{ username: ada, initial_password: "$(cat /etc/passwd)" }',
      /never a path, a command or a secret/,
    ],
  ])('%s in a users file is refused before the server is asked', async (_what, entry, expected) => {
    const requests = sandbox.requests.length;

    const { code, stderr } = await plan(`version: 1\nusers:\n  - ${entry}\n`);

    expect(code).toBe(3);
    expect(stderr).toMatch(expected);
    expect(stderr).not.toContain('passwd');
    expect(sandbox.requests.length).toBe(requests);
  });
});

describe('a server that cannot be read', () => {
  const users = { 'users.yaml': `version: 1\nusers:\n${person}` };
  /** The token is bound to no server. */
  const unbound = { env: { MUSTER_SERVER: '' } };

  test('a token that the server does not know', async () => {
    const place = await workplace(users);

    const { code, stderr } = await place.muster(['plan', '-f', 'users.yaml'], {
      env: { MUSTER_TOKEN: 'x'.repeat(26) },
    });

    expect(code).toBe(5);
    expect(stderr).toMatch(/error .*401/);
    expect(stderr).toContain('→');
    expect(stderr).not.toContain('x'.repeat(26));
  });

  test('no token at all', async () => {
    const place = await workplace(users);

    const { code, stderr } = await place.muster(['plan', '-f', 'users.yaml'], { env: { MUSTER_TOKEN: '' } });

    expect(code).toBe(3);
    expect(stderr).toContain('set MUSTER_TOKEN');
  });

  test('a token without system administration', async () => {
    sandbox.control.createUser({ username: 'member' });
    const place = await workplace(users);
    const { secret } = sandbox.control.createToken('member', 'a member');

    const { code, stderr } = await place.muster(['plan', '-f', 'users.yaml'], { env: { MUSTER_TOKEN: secret } });

    expect(code).toBe(5);
    expect(stderr).toContain('the caller member is no system administrator');
  });

  test('a server that is down', async () => {
    const place = await workplace(users);

    const { code, stderr } = await place.muster(
      ['plan', '-f', 'users.yaml', '--server', 'http://127.0.0.1:9'],
      unbound,
    );

    expect(code).toBe(5);
    expect(stderr).toContain('→');
  });

  test.each([
    ['a web page', 200, 'text/html', '<html><body>hello</body></html>'],
    ['another API', 200, 'application/json', '{"hello":"world"}'],
    ['a proxy that is unwell', 502, 'text/html', '<h1>Bad gateway</h1>'],
  ])('a server that is not Mattermost: %s', async (_what, status, type, body) => {
    const server = await serve(status, type, body);
    const place = await workplace(users);

    const { code, stderr } = await place.muster(['plan', '-f', 'users.yaml', '--server', addressOf(server)], unbound);
    server.close();

    expect(code).toBe(5);
    expect(stderr).toContain('→');
  });

  test('plain http to another machine is refused before anything is sent', async () => {
    const place = await workplace(users);

    const { code, stderr } = await place.muster(
      ['plan', '-f', 'users.yaml', '--server', 'http://chat.example.com'],
      unbound,
    );

    expect(code).toBe(3);
    expect(stderr).toMatch(/https|plain/);
  });
});

function serve(status: number, type: string, body: string): Promise<Server> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': type });
    response.end(body);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

describe('the command line itself', () => {
  test.each<[string, string[], RegExp]>([
    ['an unknown command', ['plam'], /unknown command 'plam'\n.*did you mean plan\?/],
    ['an unknown flag', ['plan', '--dryrun'], /unknown option '--dryrun'/],
    ['a wrong format', ['plan', '--format', 'xml'], /allowed choices are text, json/],
    ['a wrong moment', ['plan', '--at', 'tomorrow'], /expected a date such as/],
    ['a day that does not exist', ['plan', '--at', '2027-02-30'], /expected a date such as/],
    ['runs since a day that does not exist', ['journal', 'show', '--since', '2027-02-30'], /expected a date such as/],
    ['evidence to a day that does not exist', ['evidence', '--until', '2027-06-31'], /expected a date such as/],
    ['no terminal and no --yes', ['apply', '-f', 'users.yaml'], /add --yes/],
    ['no server', ['plan', '-f', 'users.yaml'], /name it with --server/],
  ])('%s', async (_what, args, expected) => {
    const place = await makeWorkplace({ 'users.yaml': `version: 1\nusers:\n${person}` }, { MUSTER_TOKEN: 'x' });

    const { code, stderr } = await place.muster(args);

    expect(code).toBe(3);
    expect(stderr).toMatch(expected);
  });

  test('no files, where there is no users.yaml either', async () => {
    const { code, stderr } = await (await makeWorkplace({}, { MUSTER_TOKEN: 'x' })).muster(['plan']);

    expect(code).toBe(3);
    expect(stderr).toMatch(/has no users\.yaml[^]*muster init writes them/);
  });

  test('a users.yml, which no one named', async () => {
    const place = await makeWorkplace({ 'users.yml': `version: 1\nusers:\n${person}` }, { MUSTER_TOKEN: 'x' });
    const { code, stderr } = await place.muster(['validate']);

    expect(code).toBe(3);
    expect(stderr).toMatch(/has users\.yml, no users\.yaml\n {2}→ rename it to users\.yaml, or name it with --files/);
    expect((await place.muster(['validate', '--files', 'users.yml'])).code).toBe(0);
  });

  test('a token file inside a repository is refused', async () => {
    const place = await makeWorkplace({
      '.git/HEAD': 'ref: refs/heads/main\n',
      'token.txt': 'abc\n',
      'users.yaml': `version: 1\nusers:\n${person}`,
    });

    const { code, stderr } = await place.muster(['plan', '-f', 'users.yaml', '--server', sandbox.url], {
      env: { MUSTER_TOKEN_FILE: 'token.txt' },
    });

    expect(code).toBe(3);
    expect(stderr).toContain('lies in the repository');
  });
});

describe('a state directory that cannot be made', () => {
  const nowhere = { XDG_STATE_HOME: '', HOME: '/proc/nobody' };

  test.runIf(process.platform === 'linux').each<[what: string, args: string[], env: NodeJS.ProcessEnv]>([
    ['by --state-dir', ['--state-dir', '/proc/x'], {}],
    ['below a home that cannot be written', [], nowhere],
  ])('%s ends the run with a message, and nothing was written', async (_, args, env) => {
    const before = writes();
    const place = await workplace({ 'users.yaml': `version: 1\nusers:\n${person}` });

    const { code, stderr } = await place.muster(['apply', '--yes', '-f', 'users.yaml', ...args], { env });

    expect(code).toBe(3);
    expect(stderr).toMatch(
      /error the state directory \/proc\/\S+ cannot be made \((?:[a-z ]+, )?E[A-Z]+\)\n {2}→ choose another/,
    );
    expect(writes()).toBe(before);
  });
});

describe('a token that belongs to another server', () => {
  const users = `version: 1\nusers:\n${person}`;
  const chat = 'https://chat.example.com';
  const commands = [
    ['plan'],
    ['apply', '--yes'],
    ['apply', '--resume', '--yes'],
    ['undo', '--yes'],
    ['doctor'],
    ['import'],
    ['explain', 'ada'],
  ];

  test.each(commands)('is not sent by %s %s', async (...args) => {
    const requests = sandbox.requests.length;
    const place = await workplace({
      'users.yaml': users,
      'muster.yaml': `server: ${sandbox.url}\nfiles: [users.yaml]\n`,
    });

    const bound = await place.muster(args, { env: { MUSTER_SERVER: chat } });
    const unbound = await place.muster(args, { env: { MUSTER_SERVER: '', CI: 'true' } });

    expect([bound.code, unbound.code]).toEqual([3, 3]);
    expect(bound.stderr).toContain(`MUSTER_SERVER binds the token to ${chat}, muster.yaml names ${sandbox.url}`);
    expect(unbound.stderr).toContain('CI is set, and nothing says which server the token belongs to');
    expect(sandbox.requests.length).toBe(requests);
  });

  test('is not saved by --server, which comes before muster.yaml', async () => {
    const requests = sandbox.requests.length;
    const place = await workplace({ 'users.yaml': users, 'muster.yaml': `server: ${chat}\nfiles: [users.yaml]\n` });

    const { code, stderr } = await place.muster(['plan', '--server', sandbox.url]);

    expect(code).toBe(3);
    expect(stderr).toContain(`MUSTER_SERVER binds the token to ${sandbox.url}, muster.yaml names ${chat}`);
    expect(sandbox.requests.length).toBe(requests);
  });

  test('is sent in a pipeline where both agree', async () => {
    const place = await workplace({
      'users.yaml': users,
      'muster.yaml': `server: ${sandbox.url}/\nfiles: [users.yaml]\n`,
    });

    expect((await place.muster(['plan'], { env: { CI: 'true' } })).code).toBe(0);
  });
});
