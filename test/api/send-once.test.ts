/** Requests to other services than the server: where they may go, and that nothing of an address gets out. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type ForgeRequest, sendToForge } from '../../src/api/forge-request.ts';
import { postWebhook } from '../../src/api/post-webhook.ts';
import { Secret } from '../../src/model/secret.ts';

const unsafe: ReadonlyArray<readonly [string, string]> = [
  ['plain http to another machine', 'http://forge.example.com'],
  ['another protocol', 'ftp://forge.example.com'],
  ['a password in it', 'https://ada:pw@forge.example.com'],
  ['no host', 'https:'],
  ['no address', 'forge.example.com'],
];

const toForge = (base: string, more: Partial<ForgeRequest> = {}): ReturnType<typeof sendToForge> =>
  sendToForge({
    base,
    method: 'GET',
    path: '/api/v4',
    token: new Secret('token'),
    header: 'authorization',
    env: {},
    ...more,
  });
const toWebhook = (url: string): ReturnType<typeof postWebhook> =>
  postWebhook({ url: new Secret(url), body: { text: 'hello' }, env: {}, timeoutMs: 5000 });

test.each(unsafe)('no secret is sent to an address with %s', async (_what, address) => {
  expect(await toForge(address)).toEqual({ why: 'its address is no https address' });
  expect(await toWebhook(address)).toEqual({ why: 'its source gives no https address' });
});

test('a request says who sends it, what, and with which token', async () => {
  const seen: unknown[] = [];
  const server = createServer((request, response) => {
    const { authorization, 'private-token': own, 'content-type': type } = request.headers;
    seen.push([request.method, request.url, request.headers['user-agent'], authorization ?? own, type]);
    response.writeHead(200, { 'retry-after': '7' }).end('{"id":1}');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  const got = await toForge(base);
  const put = await toForge(base, { method: 'PUT', header: 'private-token', body: {} });
  const posted = await toWebhook(`${base}hooks/1?x=2`);

  expect(seen).toEqual([
    ['GET', '/api/v4', 'mattermuster', 'Bearer token', undefined],
    ['PUT', '/api/v4', 'mattermuster', 'token', 'application/json'],
    ['POST', '/hooks/1?x=2', 'mattermuster', undefined, 'application/json'],
  ]);
  expect([got, put, posted]).toEqual([
    { status: 200, json: { id: 1 }, retryAfterMs: 7000 },
    { status: 200, json: { id: 1 }, retryAfterMs: 7000 },
    { status: 200 },
  ]);
});

test('a service that is not there, and one that is not waited for, are told by a word alone', async () => {
  const gone = createServer();
  await new Promise<void>((listening) => gone.listen(0, '127.0.0.1', listening));
  const base = `http://127.0.0.1:${(gone.address() as AddressInfo).port}`;
  await new Promise((closed) => gone.close(closed));

  expect(await toForge(base)).toEqual({ why: 'ECONNREFUSED' });
  expect(await toForge(base, { signal: AbortSignal.abort() })).toEqual({ why: 'muster was told to end' });
});
