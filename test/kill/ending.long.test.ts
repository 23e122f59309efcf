/** A pipeline can always be ended: a signal in any phase, to a real process. */

import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/model/exit-codes.ts';
import { errorRows } from '../../src/model/messages/errors.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { type Program, type Running, sharedProgram } from './program.ts';

let program: Program;

beforeAll(async () => {
  program = await sharedProgram();
});

const open = new Set<() => unknown>();

afterEach(async () => {
  for (const close of open) await close();
  open.clear();
});

interface Place {
  readonly dir: string;
  start(args: readonly string[], env?: NodeJS.ProcessEnv): Running;
}

async function makePlace(server: string, token = 'a'.repeat(26)): Promise<Place> {
  const dir = await mkdtemp(join(tmpdir(), 'muster-ending-'));
  await writeFile(join(dir, 'muster.yaml'), 'files: [users.yaml]\n');
  await writeFile(join(dir, 'users.yaml'), 'version: 1\nusers:\n  - { username: ada, nickname: x }\n');
  const own = { MUSTER_SERVER: server, MUSTER_TOKEN: token, XDG_STATE_HOME: join(dir, 'state') };
  return {
    dir,
    start: (args, env = {}) => {
      const running = program.start(args, { dir, env: { PATH: process.env['PATH'], ...own, ...env } });
      open.add(() => running.kill());
      return running;
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

interface Stranger {
  readonly url: string;
  /** Resolves at the first request, or connection. */
  readonly met: Promise<void>;
}

/** A server that does something else than answer. */
async function openServer(listener: RequestListener): Promise<Stranger> {
  let meet = (): void => undefined;
  const met = new Promise<void>((resolve) => {
    meet = resolve;
  });
  const server = createHttpServer((request, response) => {
    listener(request, response);
    meet();
  });
  open.add(() => server.close().closeAllConnections());
  return { url: `http://127.0.0.1:${await listen(server)}`, met };
}

const silent = (): Promise<Stranger> => openServer(() => undefined);

/** Takes connections, and never says a word on them. */
async function openMute(): Promise<Stranger> {
  const sockets = new Set<Socket>();
  let meet = (): void => undefined;
  const met = new Promise<void>((resolve) => {
    meet = resolve;
  });
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    meet();
  });
  open.add(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `https://127.0.0.1:${await listen(server)}`, met };
}

/** Told not to come back for minutes. */
const busy = (): Promise<Stranger> =>
  openServer((_, response) => response.writeHead(429, { 'retry-after': '280' }).end('limit exceeded'));

const interrupted = { code: 130, stdout: '', stderr: expect.stringMatching(/^error interrupted$/m) };

/** For `NODE_OPTIONS`: what runs in the process before the program. */
const preload = (code: string): string => `--import=data:text/javascript,${encodeURIComponent(code)}`;

/** As at a terminal at which a person types this, and then nothing, or goes away. */
const terminal = (typed = '', isLeft = false): string => `
import { Duplex } from 'node:stream';
const alive = setInterval(() => undefined, 1000);
class Terminal extends Duplex {
  isTTY = true;
  _read() {}
  _write(chunk, encoding, done) { done(); }
  pause() { clearInterval(alive); return super.pause(); }
}
const stdin = new Terminal();
if (${typed !== ''}) stdin.push(${JSON.stringify(typed)});
if (${isLeft}) stdin.push(null);
Object.defineProperty(process, 'stdin', { value: stdin });
process.stderr.isTTY = true;`;

describe('a signal ends at once', () => {
  const commands = [
    ['plan', 'SIGTERM'],
    ['plan', 'SIGINT'],
    ['plan', 'SIGHUP'],
    ['apply --yes', 'SIGTERM'],
    ['apply --yes --resume', 'SIGTERM'],
    ['undo --yes', 'SIGTERM'],
    ['import', 'SIGTERM'],
    ['doctor', 'SIGTERM'],
    ['explain ada', 'SIGTERM'],
  ] as const;

  test.each(commands)('%s, by %s, while the server does not answer', async (command, signal) => {
    const { url, met } = await silent();
    const running = (await makePlace(url)).start(command.split(' '));
    await met;

    running.process.kill(signal);

    expect(await running.ended).toMatchObject(interrupted);
  });

  test('a plan that connects to a server which says nothing', async () => {
    const { url, met } = await openMute();
    const running = (await makePlace(url)).start(['plan']);
    await met;

    running.process.kill('SIGTERM');

    expect(await running.ended).toMatchObject(interrupted);
  });

  test('a plan that waits for the rate limit', async () => {
    const { url } = await busy();
    const running = (await makePlace(url)).start(['plan']);
    await running.says('wait');

    running.process.kill('SIGTERM');

    expect(await running.ended).toMatchObject({
      ...interrupted,
      stderr: expect.stringContaining('error interrupted'),
    });
  });

  test('a plan whose report is for programs, and tells them', async () => {
    const { url, met } = await silent();
    const running = (await makePlace(url)).start(['plan', '--format', 'json']);
    await met;

    running.process.kill('SIGTERM');

    const { code, stdout } = await running.ended;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'INTERRUPTED' } });
  });

  test('an apply that asks, before anything is written', async () => {
    const sandbox: Sandbox = await startSandbox({ seed: { users: [{ username: 'ada' }] } });
    open.add(() => sandbox.close());
    const place = await makePlace(sandbox.url, sandbox.adminToken);
    const asked = preload(terminal());
    const running = place.start(['apply'], { NODE_OPTIONS: asked });
    await running.says('Type "yes"');

    running.process.kill('SIGTERM');

    expect(await running.ended).toMatchObject({ code: 130, stdout: expect.stringContaining('nothing was written') });
    expect(sandbox.control.user('ada')?.nickname).toBe('');
    expect(sandbox.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
  });

  test('is not needed where the person goes away instead of answering', async () => {
    const sandbox: Sandbox = await startSandbox({ seed: { users: [{ username: 'ada' }] } });
    open.add(() => sandbox.close());
    const place = await makePlace(sandbox.url, sandbox.adminToken);

    const ended = await place.start(['apply'], { NODE_OPTIONS: preload(terminal('', true)) }).ended;

    expect(ended).toMatchObject({ code: 130, stdout: expect.stringContaining('nothing was written') });
  });

  test('what the system does not let go of', async () => {
    const { url, met } = await silent();
    const place = await makePlace(url);
    // A thread that never comes back: an orderly exit would wait for it.
    const stuck = preload(
      'import { execFileSync } from "node:child_process"; import { readFile } from "node:fs"; execFileSync("mkfifo", ["pipe"]); readFile("pipe", () => undefined);',
    );
    const running = place.start(['plan'], { NODE_OPTIONS: stuck });
    await met;

    running.process.kill('SIGTERM');

    const ended = await running.ended;
    expect(ended.signal).toBe('SIGTERM');
    expect(ended.stderr).toContain('error interrupted');
  });
});

describe('an apply that is interrupted while it writes', () => {
  const ways: ReadonlyArray<readonly [how: string, signals: readonly NodeJS.Signals[]]> = [
    ['when it is told to', ['SIGTERM']],
    ['when its terminal closes', ['SIGHUP', 'SIGHUP', 'SIGHUP']],
  ];

  test.each(ways)(
    'notes what came of it, says so, and leaves no place to another run taken, %s',
    async (_, signals) => {
      const sandbox: Sandbox = await startSandbox({ seed: { users: [{ username: 'ada' }, { username: 'bob' }] } });
      open.add(() => sandbox.close());
      let running: Running | undefined;
      const door = await openServer((request, response) => {
        void (async () => {
          const chunks: Buffer[] = [];
          for await (const chunk of request) chunks.push(chunk as Buffer);
          if (request.url?.endsWith('/patch') === true) {
            for (const signal of signals) {
              running?.process.kill(signal);
              await running?.says('finishing what is under way');
            }
          }
          const answer = await fetch(new URL(request.url ?? '/', sandbox.url), {
            method: request.method ?? 'GET',
            headers: {
              authorization: request.headers.authorization ?? '',
              'content-type': request.headers['content-type'] ?? '',
            },
            ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
          });
          response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
        })();
      });
      const place = await makePlace(door.url, sandbox.adminToken);
      await writeFile(
        join(place.dir, 'users.yaml'),
        'version: 1\nusers:\n  - { username: ada, nickname: x }\n  - { username: bob, nickname: x }\n',
      );

      running = place.start(['apply', '--yes', '--concurrency', '1']);
      const ended = await running.ended;
      const verified = await place.start(['journal', 'verify']).ended;
      const resumed = await place.start(['apply', '--yes', '--resume'], { MUSTER_SERVER: sandbox.url }).ended;

      expect(ended).toMatchObject({ code: 130, stdout: expect.stringContaining('Interrupted: 1 of 2 actions done') });
      expect(verified.code).toBe(0);
      expect(resumed.code, resumed.stdout + resumed.stderr).toBe(0);
      expect(['ada', 'bob'].map((name) => sandbox.control.user(name)?.nickname)).toEqual(['x', 'x']);
    },
  );
});

describe('in a folder that was removed', () => {
  const commands = [
    'plan',
    'validate',
    'apply --yes',
    'undo --yes',
    'import',
    'doctor',
    'explain ada',
    'show plan.json',
    'journal list',
    'completion bash',
    'sandbox --port 0',
  ];

  test.each(commands)('%s says so, and what to do', async (command) => {
    const place = await makePlace('http://127.0.0.1:9');
    const gone = preload(
      'import { mkdirSync, rmdirSync } from "node:fs"; mkdirSync("gone"); process.chdir("gone"); rmdirSync("../gone");',
    );
    const running = place.start(command.split(' '), { NODE_OPTIONS: gone });

    const { code, stdout, stderr } = await running.ended;

    expect({ code, stdout }).toEqual({ code: exitCodes[errorRows.WORKING_DIR_GONE.exit], stdout: '' });
    expect(stderr).toContain('error the working directory does not exist any more');
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
