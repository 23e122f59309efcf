/** No slip of a person and no broken source, sink, file or proxy tells a secret. */
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';
import type { ConfigFile, SourceFile } from '../../src/model/generated/config-file.ts';
import { canary } from '../support/canaries.ts';
import { useFastTime } from '../support/fast-time.ts';
import { applyAll, commandWords, configOf, passwords, type World, world } from '../support/leak-world.ts';
import { isLong, share } from '../support/suite.ts';

useFastTime();

const both = ['text', 'json'] as const;
const known = commandWords();

describe('no slip of a person tells a secret:', () => {
  const token = 'Vn5wYq81KdTz47/+bHc63LpR29Xs';
  const password = canary('a password in a wrong place');

  interface Slip {
    readonly args: readonly (readonly string[])[];
    readonly env?: (opened: World) => NodeJS.ProcessEnv;
    readonly prepare?: (opened: World) => Promise<unknown>;
  }

  const [withServer, withFiles] = [
    ['plan', 'doctor', 'import', 'explain ada', 'apply --yes', 'undo --yes', 'apply --resume --yes'],
    ['validate', 'plan', 'explain ada', 'apply --yes'],
  ];
  const lines = (commandLines: readonly string[], ...more: readonly string[]): readonly (readonly string[])[] =>
    commandLines.flatMap((line, i) => {
      const args = [...line.split(' '), ...more];
      return [args, [...args, '--format', line === 'plan' && i % 2 === 0 ? 'github' : 'json']];
    });
  const inUsersFile = (text: string): Slip => ({
    args: lines(withFiles),
    prepare: ({ write }) => write('users.yaml', `version: 1\nusers:\n  - username: ada\n${text}`),
  });
  const inConfig = (text: string): Slip => ({
    args: lines(withFiles),
    prepare: ({ write }) => write('muster.yaml', `files: [users.yaml]\n${text}`),
  });
  const escaped = encodeURIComponent(password);

  const addresses: Slip['args'] = [
    ...lines(withServer, '--server', `https://ada:${escaped}@chat.example.com/`),
    ...lines(withServer, '--server', `https://${escaped}@chat.example.com/chat`),
    ...lines(withServer, '--server', `https://ada:${password}@chat.example.com`),
    ...lines(withServer, '--server', `https://ada:${escaped}@chat example com`),
    ...lines(withServer, '--server', `ada:${password}@chat.example.com`),
    ...lines(withServer, `--server=//ada:${password}@chat.example.com`),
    ...lines(withServer, '--server', `ftp://ada:${escaped}@chat.example.com`),
    ...lines(withServer, '--server', `https://chat.example.com/?token=${escaped}`),
    ...lines(withServer, '--server', `https://chat.example.com/#${escaped}`),
  ];

  const slips: Readonly<Record<string, Slip>> = {
    'a token of two words': { args: lines(withServer), env: () => ({ MUSTER_TOKEN: `${token} ${token}` }) },
    'a token that is too long': { args: lines(withServer), env: () => ({ MUSTER_TOKEN: token.repeat(6) }) },
    'a token that the server does not know': { args: lines(withServer), env: () => ({ MUSTER_TOKEN: token }) },
    'a token file of two lines': {
      args: lines(withServer),
      env: ({ vault }) => ({ MUSTER_TOKEN: '', MUSTER_TOKEN_FILE: join(vault, 'two') }),
      prepare: ({ vault }) => writeFile(join(vault, 'two'), `${token}\n${token}\n`, { mode: 0o600 }),
    },
    'a token file in a repository': {
      args: lines(withServer),
      env: ({ vault }) => ({ MUSTER_TOKEN: '', MUSTER_TOKEN_FILE: join(vault, 'token') }),
      prepare: ({ vault }) => mkdir(join(vault, '.git')),
    },
    'a token file that is a folder': {
      args: lines(withServer),
      env: ({ vault }) => ({ MUSTER_TOKEN: '', MUSTER_TOKEN_FILE: vault }),
    },
    'a token file, and all is well': {
      args: lines(withServer),
      env: ({ vault }) => ({ MUSTER_TOKEN: '', MUSTER_TOKEN_FILE: join(vault, 'token') }),
    },
    'a token as a flag': { args: known.map((words) => [...words.split(' '), `--token=${token}`]) },
    'a token as a word': { args: known.map((words) => [...words.split(' '), '--token', token]) },
    'a password in the server’s address': { args: addresses, env: () => ({ MUSTER_SERVER: '' }) },
    'a password in the server’s address, beside the server of the token': { args: addresses },
    'a token in place of a server': { args: lines(withServer, '--server', token) },
    'a token, and a password in an address, in place of a server of several': {
      args: [...lines(withServer, '--server', token), ...addresses],
      prepare: ({ write }) =>
        write('muster.yaml', 'servers: { east: { url: "https://chat.example.com" }, west: {} }\n'),
    },
    'a password in the address of one server of several': {
      args: lines(withServer, '--server', 'west'),
      env: () => ({ MUSTER_SERVER_WEST: `https://ada:${escaped}@chat.example.com` }),
      prepare: ({ write }) =>
        write('muster.yaml', `servers: { east: { url: "https://ada:${escaped}@chat.example.com" }, west: {} }\n`),
    },
    'a password in the environment’s address of one server of several': {
      args: lines(withServer, '--server', 'west'),
      env: () => ({ MUSTER_SERVER_WEST: `https://ada:${escaped}@chat.example.com` }),
      prepare: ({ write }) => write('muster.yaml', 'servers: { west: {} }\n'),
    },
    'a password in the server’s address in the environment': {
      args: lines(withServer),
      env: () => ({ MUSTER_SERVER: `https://ada:${escaped}@chat.example.com` }),
    },
    'a password in the server’s address in muster.yaml': inConfig(`server: https://ada:${escaped}@chat.example.com\n`),
    'the same, where the YAML is broken': inConfig(`server: [ "https://ada:${escaped}@chat.example.com"\n`),
    'the same, of another type': inConfig(`server: { url: "https://ada:${escaped}@chat.example.com" }\n`),
    'a password in users.yaml': inUsersFile(`    password: ${JSON.stringify(password)}\n`),
    'a password for the name of a source': inUsersFile(`    initial_password: ${JSON.stringify(password)}\n`),
    'a password of several lines': inUsersFile(`    password: |\n      ${password}\n      ${password}\n`),
    'a token in users.yaml': inUsersFile(`    tokens: [{ name: ci, token: ${JSON.stringify(token)} }]\n`),
    'a token in broken YAML': inUsersFile(
      `    tokens: [{ name: ci, secret: ${JSON.stringify(token)} \n  - username: bob\n`,
    ),
    'a password with a wrong sign': inUsersFile(`    password: "${token}\\q"\n`),
    'a password in a source': inConfig(`secrets: { sources: { a: { password: ${JSON.stringify(password)} } } }\n`),
    'a password for a source': inConfig(`secrets: { sources: { password: ${JSON.stringify(password)} } }\n`),
    'a plan file with a password': {
      args: [
        ['show', 'plan.json'],
        ['show', 'plan.json', '--format', 'json'],
        ['apply', 'plan.json', '--yes'],
      ],
      prepare: async ({ dir, muster, write }) => {
        await muster(['plan', '--out', 'plan.json']);
        const plan = JSON.parse(await readFile(join(dir, 'plan.json'), 'utf8')) as object;
        await write('plan.json', JSON.stringify({ ...plan, password, token: [token] }));
      },
    },
    'a seed that is wrong': {
      args: [
        ['sandbox', '--port', '0', '--seed', 'seed.yaml'],
        ['sandbox', '--port', '0', '--seed', 'broken.yaml'],
      ],
      prepare: async ({ write }) => {
        await write('seed.yaml', `users:\n  - { username: ada, passwort: ${JSON.stringify(password)} }\n`);
        await write('broken.yaml', `users:\n  - username: ada\n    password: ${JSON.stringify(password)}]\n`);
      },
    },
  };

  test.each(share(Object.entries(slips), 12))('%s', async (_, { args, env, prepare }) => {
    const opened = await world();
    opened.watch.plant('a token in a wrong place', token);
    opened.watch.plant('a password in a wrong place', password);
    await prepare?.(opened);

    for (const line of share(args, 12))
      await opened.muster(line, { env: env?.(opened) ?? {}, signal: AbortSignal.timeout(5 * 60_000) });

    const own = (found: string): boolean => /^(?:users|muster|seed|broken)\.yaml: |^plan\.json: /.test(found);
    expect(opened.leaks().filter((found) => !own(found))).toEqual([]);
  });
});

describe('no source and no sink that fails tells a secret:', () => {
  const printing = 'printf "%s\\n" "$MUSTER_X"; cat "$1"; cat "$1" >&2;';
  const shell = (code: string, ...args: readonly string[]): string[] => ['sh', '-c', code, 'sh', ...args];

  const sources: Readonly<Record<string, (opened: World) => Promise<ConfigFile['secrets']> | ConfigFile['secrets']>> = {
    'a program that fails': ({ vault }) => command(shell(`${printing} exit 3`, join(vault, 'password'))),
    'a program that kills itself': ({ vault }) => command(shell(`${printing} kill -9 $$`, join(vault, 'password'))),
    'a program that says two lines': ({ vault }) => command(shell(`${printing} ${printing}`, join(vault, 'password'))),
    'a program that says too much': ({ vault }) =>
      command(shell('while :; do cat "$1"; done', join(vault, 'password'))),
    'a program that is not there': ({ vault }) => command([join(vault, 'password')]),
    'a variable that is not there': () => from({ env: 'MUSTER_SECRET_NONE' }),
    'a variable of two lines': () => from({ env: 'MUSTER_SECRET_LINES' }),
    'a file that others may read': async ({ dir }) => {
      await chmod(join(dir, 'secrets', 'start', 'hr'), 0o644);
      return from({ file: 'start/hr' });
    },
    'a file of two lines': async ({ write }) => {
      await write('secrets/start/hr', `${passwords.file}\n${passwords.file}\n`);
      return from({ file: 'start/hr' });
    },
    'a folder': () => from({ file: 'start' }),
  };
  const from = (source: SourceFile): ConfigFile['secrets'] => ({
    sources: { 'from-env': source, 'from-file': source, 'from-command': source },
  });
  const command = (argv: string[]): ConfigFile['secrets'] => from({ command: argv });

  const sinks: Readonly<Record<string, (opened: World) => Promise<string[]> | string[]>> = {
    'a program that fails': () => shell('cat; exit 3'),
    'a program that repeats it on both streams': () => shell('tee /dev/stderr; exit 1'),
    'a program that kills itself': () => shell('tee /dev/stderr; kill -9 $$'),
    'a program that does not listen': () => shell('exec <&-; exit 1'),
    'a program that says it for ever': () => shell('read -r s; while :; do echo "$s"; done'),
    'a program that is gone': async ({ dir, write }) => {
      await write('sink.sh', '#!/bin/sh\nrm "$0"; tee /dev/stderr; exit 1\n', 0o700);
      return [join(dir, 'sink.sh')];
    },
    'a program that is no program': async ({ dir, write }) => {
      await write('sink', 'nothing that runs\n', 0o700);
      return [join(dir, 'sink')];
    },
  };

  const numbered = <Value>(rows: Readonly<Record<string, Value>>): readonly (readonly [string, Value, number])[] =>
    Object.entries(rows).map(([name, value], i) => [name, value, i]);

  async function configured(opened: World, secrets: ConfigFile['secrets']): Promise<void> {
    const config = configOf(opened.vault);
    await opened.write(
      'muster.yaml',
      JSON.stringify({ ...config, secrets: { ...config.secrets, ...secrets } } satisfies ConfigFile),
    );
  }

  test.each(share(numbered(sources), 12))('%s as a source', async (_, make, i) => {
    for (const format of share(both, 2, i)) {
      const opened = await world();
      await configured(opened, { ...configOf(opened.vault).secrets, ...(await make(opened)) });

      const { code } = await opened.muster([...applyAll, '--format', format], {
        env: { MUSTER_SECRET_LINES: `${passwords.env}\n${passwords.env}`, MUSTER_X: passwords.env },
      });

      expect(code).toBe(3);
      expect(opened.leaks()).toEqual([]);
    }
  });

  test.each(share(numbered(sinks), 12))('%s as a sink', async (_, make, i) => {
    for (const format of share(both, 2, i)) {
      const opened = await world();
      const argv = await make(opened);
      await configured(opened, {
        ...configOf(opened.vault).secrets,
        sinks: { telling: { command: argv }, failing: { command: argv } },
      });

      const { code } = await opened.muster([...applyAll, '--format', format]);

      expect(code).toBe(6);
      expect(opened.leaks()).toEqual([]);
    }
  });

  test.each<[what: string, spoil: (dir: string) => Promise<unknown>]>(
    share(
      [
        ['a folder of secrets that others may read', (dir) => chmod(join(dir, 'secrets'), 0o755)],
        [
          'a folder in the place of a secret',
          (dir) => mkdir(join(dir, 'secrets', 'bob~own@1.token', 'x'), { recursive: true }),
        ],
        ['a folder in the place of a state directory', (dir) => writeFile(join(dir, 'state'), '')],
        ['no users file', (dir) => rm(join(dir, 'users.yaml'))],
        [
          'a folder in the place of users.yaml',
          async (dir) => {
            await rm(join(dir, 'users.yaml'));
            await mkdir(join(dir, 'users.yaml'));
          },
        ],
        ['a users file that is no text', (dir) => writeFile(join(dir, 'users.yaml'), Buffer.from([0xff, 0xfe, 0x00]))],
        [
          'a folder in the place of muster.yaml',
          async (dir) => {
            await rm(join(dir, 'muster.yaml'));
            await mkdir(join(dir, 'muster.yaml'));
          },
        ],
      ],
      4,
      1,
    ),
  )('%s', async (what, spoil) => {
    const opened = await world();
    await spoil(opened.dir);

    for (const format of share(both, 2, what.length)) {
      const { code } = await opened.muster([...applyAll, '--format', format]);
      expect(code).not.toBe(0);
      expect(code).not.toBe(1);
    }
    expect(opened.leaks()).toEqual([]);
  });
});

test.runIf(isLong)('no program that muster starts learns more than it is given', async () => {
  const opened = await world();
  const config = configOf(opened.vault);
  const look = 'export -p > "$1"; cat /proc/$$/cmdline >> "$1"; cat "$2"';
  const lookAs = (name: string): string[] => [
    'sh',
    '-c',
    look,
    'sh',
    join(opened.vault, name),
    join(opened.vault, 'password'),
  ];
  const secrets: ConfigFile['secrets'] = {
    sinks: { telling: { command: lookAs('sink') }, failing: { command: lookAs('other-sink') } },
    sources: { ...config.secrets?.sources, 'from-command': { command: lookAs('source') } },
  };
  await opened.write('muster.yaml', JSON.stringify({ ...config, secrets } satisfies ConfigFile));

  await opened.muster(applyAll, { env: { MUSTER_TOKEN_FILE: join(opened.vault, 'token') } });

  for (const name of ['sink', 'other-sink', 'source']) {
    const seen = await readFile(join(opened.vault, name), 'utf8');
    expect(seen).toContain('PATH=');
    expect(seen).not.toContain('MUSTER_');
    expect(opened.watch.find(seen)).toEqual([]);
  }
});

describe('a proxy', () => {
  const password = canary('the proxy’s password');
  const user = `user:${encodeURIComponent(password)}`;

  /** A proxy that connects to the world's door, or answers `instead`. */
  async function openProxy(opened: World, instead?: (authorization: string) => string): Promise<string> {
    const server = createServer((_, outgoing) => outgoing.writeHead(500).end());
    server.on('connect', ({ headers }, socket) => {
      const authorization = headers['proxy-authorization'] ?? '';
      expect(Buffer.from(authorization.replace('Basic ', ''), 'base64').toString()).toBe(`user:${password}`);
      if (instead !== undefined) {
        socket.end(instead(authorization));
        return;
      }
      const onward = connect(Number(new URL(opened.door.url).port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.pipe(socket);
        socket.pipe(onward);
      });
      onward.on('error', () => socket.destroy());
      socket.on('error', () => onward.destroy());
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(
      () =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    );
    const address = server.address();
    return `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  const throughIt = [...applyAll, '--allow-plain-http', '--server', 'http://chat.example.test'];
  const page = (status: string, text: string): string =>
    `HTTP/1.1 ${status}\r\nProxy-Authenticate: ${text}\r\nContent-Type: text/html\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
  const answers: Readonly<Record<string, ((authorization: string) => string) | undefined>> = {
    'that works': undefined,
    'that refuses the password and repeats it': (text) => page('407 Proxy Authentication Required', text),
    'that repeats it in its status line': (text) => page(`502 ${text}`, text),
    'that says nothing': () => '',
    'that repeats it instead of an answer': (text) => `${text}\r\n${text}\r\n\r\n`,
  };

  test.each(Object.entries(answers))('%s does not bring its password out', async (_, instead) => {
    const opened = await world();
    opened.watch.plant('the proxy’s password', password);
    const HTTP_PROXY = `http://${user}@${await openProxy(opened, instead)}`;

    const run = await opened.muster(throughIt, { env: { HTTP_PROXY, MUSTER_SERVER: '' } });
    await opened.muster(['doctor', '--format', 'json', ...throughIt.slice(3)], {
      env: { HTTP_PROXY, MUSTER_SERVER: '' },
    });

    expect(run.code).toBe(instead === undefined ? 6 : 5);
    expect(opened.leaks()).toEqual([]);
  });

  test('that cannot be reached, or has no address, does not bring its password out', async () => {
    const opened = await world();
    opened.watch.plant('the proxy’s password', password);
    for (const [i, proxy] of [
      `http://${user}@127.0.0.1:1`,
      `http://${user}@proxy.invalid:3128`,
      `socks5://${user}@127.0.0.1:1`,
      `http://user:${password}@127.0.0.1:1`,
      `user:${password}@127.0.0.1`,
      `http://${user}@[::1`,
      password,
    ].entries()) {
      for (const format of share(both, 2, i)) {
        const { code } = await opened.muster([...throughIt, '--format', format], {
          env: { HTTP_PROXY: proxy, MUSTER_SERVER: '' },
        });
        expect(code).not.toBe(0);
      }
    }

    expect(opened.leaks()).toEqual([]);
  });
});
