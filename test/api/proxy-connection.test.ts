import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { createClient } from '../../src/api/index.ts';
import { Secret } from '../../src/model/secret.ts';
import { JumpingClock } from './support/clocks.ts';

interface Proxy {
  readonly url: string;
  readonly connects: number;
}

/** A proxy that does what it likes with those who want to connect. */
async function openProxy(serve: (socket: Duplex) => void): Promise<Proxy> {
  const sockets = new Set<Duplex>();
  let connects = 0;
  const server = createServer();
  server.on('connect', (_, socket) => {
    connects += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    get connects() {
      return connects;
    },
  };
}

async function failureThrough(
  proxy: Proxy,
  call: 'read' | 'write' = 'read',
  options: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
): Promise<unknown> {
  const client = createClient({
    url: 'http://chat.example.test',
    allowPlainHttp: true,
    token: new Secret('x'.repeat(26)),
    proxy: proxy.url,
    clock: new JumpingClock(),
    timeoutMs: options.timeoutMs,
  });
  onTestFinished(() => client.close());
  const { signal } = options;
  const given = signal === undefined ? {} : { signal };
  const made = call === 'read' ? client.users.me(given) : client.users.setActive('a'.repeat(26), false, given);
  return made.then(
    () => 'an answer',
    (error: unknown) => error,
  );
}

test.each<[what: string, serve: (socket: Duplex) => void]>([
  ['closes the connection', (socket) => socket.end()],
  ['breaks the connection', (socket) => socket.destroy()],
])('a proxy that %s is asked as often as any other, and nothing was sent', async (_, serve) => {
  const proxy = await openProxy(serve);

  expect(await failureThrough(proxy)).toMatchObject({
    code: 'API_UNREACHABLE',
    message: expect.stringMatching(/^users\.me: the proxy closed the connection instead of connecting/),
    retry: 'yes',
  });
  expect(proxy.connects).toBe(4);
});

test('a proxy that never answers is given up in time', async () => {
  const proxy = await openProxy(() => undefined);

  expect(await failureThrough(proxy, 'write', { timeoutMs: 500 })).toMatchObject({ retry: 'look-first' });
  expect(proxy.connects).toBe(1);
});

test('a call that waits for a proxy can be aborted', async () => {
  const stop = new AbortController();
  const proxy = await openProxy(() => stop.abort());

  expect(await failureThrough(proxy, 'read', { signal: stop.signal })).toMatchObject({
    code: 'API_ABORTED',
  });
});
