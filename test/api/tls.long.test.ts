import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ClientOptions, createClient, type WriteClient } from '../../src/api/index.ts';
import { Secret } from '../../src/model/secret.ts';
import { bundleOf } from '../support/bundle.ts';
import { authority, expiredCertificate, serverKey, validCertificate } from './support/certificates.ts';
import { JumpingClock } from './support/clocks.ts';
import { startRawServer } from './support/raw-server.ts';
import { portOf } from './support/recording-server.ts';
import { user } from './support/samples.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

interface TlsServer {
  readonly port: number;
  readonly tokens: (string | undefined)[];
}

async function startTls(cert: string): Promise<TlsServer> {
  const tokens: (string | undefined)[] = [];
  const server: Server = createServer({ key: serverKey, cert }, (request, response) => {
    tokens.push(request.headers.authorization);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(user));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  });
  return { port: portOf(server.address()), tokens };
}

function client(options: ClientOptions): WriteClient {
  const made = createClient({
    token: new Secret('k'.repeat(26)),
    clock: new JumpingClock(),
    random: () => 0,
    ...options,
  });
  open.push(made);
  return made;
}

test('trusts a private authority that it was given', async () => {
  const server = await startTls(validCertificate);

  await client({ url: `https://localhost:${server.port}`, ca: authority }).users.me();

  expect(server.tokens).toEqual([`Bearer ${'k'.repeat(26)}`]);
});

test.each([
  ['of an unknown authority', validCertificate, 'localhost', undefined],
  ['for another name', validCertificate, '127.0.0.1', authority],
  ['that has expired', expiredCertificate, 'localhost', authority],
])('refuses a certificate %s, and sends no token', async (_, certificate, host, ca) => {
  const server = await startTls(certificate);

  await expect(client({ url: `https://${host}:${server.port}`, ca }).users.me()).rejects.toMatchObject({
    code: 'API_TLS',
    retry: 'no',
    hint: expect.stringContaining('PEM'),
  });

  expect(server.tokens).toEqual([]);
});

test('says that a server without TLS is one', async () => {
  const server = await startRawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  open.push(server);

  await expect(client({ url: server.url.replace('http:', 'https:') }).users.me()).rejects.toMatchObject({
    code: 'API_TLS',
  });
});

async function startProxy(
  status: number,
): Promise<{ readonly url: string; readonly asked: string[]; readonly passwords: (string | undefined)[] }> {
  const asked: string[] = [];
  const passwords: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  const proxy = createHttpServer();
  proxy.on('connect', (request, socket: Socket) => {
    asked.push(request.url ?? '');
    passwords.push(request.headers['proxy-authorization']);
    sockets.add(socket);
    socket.on('error', () => undefined);
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const [host, port] = (request.url ?? '').split(':');
    const upstream = connect(Number(port), host === 'localhost' ? '127.0.0.1' : host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    sockets.add(upstream);
    upstream.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      proxy.closeAllConnections();
      return new Promise((resolve) => proxy.close(() => resolve()));
    },
  });
  return { url: `http://user:hunter2@127.0.0.1:${portOf(proxy.address())}`, asked, passwords };
}

test('goes through a proxy, which sees neither the token nor the path', async () => {
  const server = await startTls(validCertificate);
  const proxy = await startProxy(200);

  await client({ url: `https://localhost:${server.port}`, ca: authority, proxy: proxy.url }).users.me();

  expect(proxy.asked).toEqual([`localhost:${server.port}`]);
  expect(proxy.passwords[0]).toMatch(/^Basic /);
  expect(server.tokens).toHaveLength(1);
});

test('refuses a wrong certificate behind a proxy too', async () => {
  const server = await startTls(expiredCertificate);
  const proxy = await startProxy(200);

  await expect(
    client({ url: `https://localhost:${server.port}`, ca: authority, proxy: proxy.url }).users.me(),
  ).rejects.toMatchObject({ code: 'API_TLS' });

  expect(server.tokens).toEqual([]);
});

test('takes a proxy that refuses for no connection, and does not tell its password', async () => {
  const proxy = await startProxy(407);

  const failed: unknown = await client({ url: 'https://localhost:1', proxy: proxy.url })
    .users.setActive('me', true)
    .catch((error: unknown) => error);

  expect(failed).toMatchObject({
    code: 'API_UNREACHABLE',
    retry: 'no',
    message: expect.stringContaining(
      `the proxy ${new URL(proxy.url).host} answered 407 instead of connecting`,
    ) as string,
    hint: 'put user and password into the address of the proxy: http://user:password@host:port',
  });
  expect(String(failed)).not.toContain('hunter2');
});

test.each([
  [400, 1],
  [403, 1],
  [407, 1],
  [408, 4],
  [429, 4],
  [500, 4],
  [502, 4],
  [503, 4],
])('asks a proxy that answers %i as often as that can help: %i times', async (status, times) => {
  const proxy = await startProxy(status);

  await expect(client({ url: 'https://localhost:1', proxy: proxy.url }).users.me()).rejects.toMatchObject({
    code: 'API_UNREACHABLE',
    retry: times === 1 ? 'no' : 'yes',
  });

  expect(proxy.asked).toHaveLength(times);
});

test.each([
  ['user and password', 'user:hunter2@', 'user:hunter2'],
  ['a user alone', 'user@', 'user:'],
  ['signs that are escaped', 'us%40er:p%3Aw@', 'us@er:p:w'],
  ['a percent sign that is not escaped', 'user:100%@', 'user:100%'],
  ['nothing', '', undefined],
])('signs in to a proxy with %s', async (_, inUrl, expected) => {
  const proxy = await startProxy(407);
  const address = `http://${inUrl}${new URL(proxy.url).host}`;

  await client({ url: 'https://localhost:1', proxy: address })
    .users.me()
    .catch(() => undefined);

  const sent = proxy.passwords[0]?.replace('Basic ', '');
  expect(sent === undefined ? undefined : Buffer.from(sent, 'base64').toString()).toBe(expected);
});

test('takes a proxy without a scheme for an http proxy', async () => {
  const server = await startTls(validCertificate);
  const proxy = await startProxy(200);

  await client({
    url: `https://localhost:${server.port}`,
    ca: authority,
    proxy: new URL(proxy.url).host,
  }).users.me();

  expect(proxy.asked).toEqual([`localhost:${server.port}`]);
});

describe('whatever the environment says', () => {
  let program = '';
  let authorities = '';

  beforeAll(async () => {
    program = await bundleOf('test/api/support/ask-once');
    authorities = join(await mkdtemp(join(tmpdir(), 'muster-authorities-')), 'ca.pem');
    await writeFile(authorities, authority);
  });

  /** In a process of its own, since Node reads these variables once. */
  async function askOnce(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], {
      env: { PATH: process.env['PATH'], ...env },
    });
    return stdout;
  }

  test('an unknown certificate gets no token, directly and behind a proxy', async () => {
    const server = await startTls(validCertificate);
    const proxy = await startProxy(200);
    const url = `https://localhost:${server.port}`;
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };

    expect([await askOnce(env, url), await askOnce(env, url, proxy.url)]).toEqual(['API_TLS', 'API_TLS']);
    expect(proxy.asked).toHaveLength(1);
    expect(server.tokens).toEqual([]);
  });

  test('an unknown certificate of a proxy gets no password', async () => {
    const server = await startTls(validCertificate);
    const proxy = `https://user:hunter2@localhost:${(await startTls(validCertificate)).port}`;
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };

    expect(await askOnce(env, `https://localhost:${server.port}`, proxy)).toBe('API_TLS');
    expect(server.tokens).toEqual([]);
  });

  test('authorities that NODE_EXTRA_CA_CERTS adds are trusted', async () => {
    const server = await startTls(validCertificate);

    expect(await askOnce({ NODE_EXTRA_CA_CERTS: authorities }, `https://localhost:${server.port}`)).toBe('answered');
    expect(server.tokens).toHaveLength(1);
  });
});
