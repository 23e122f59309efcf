import type { Socket } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { decodeUsers } from '../../src/api/decode-users.ts';
import { ApiError, type ClientOptions, createClient, type WriteClient } from '../../src/api/index.ts';
import { Secret } from '../../src/model/secret.ts';
import { share } from '../support/suite.ts';
import { JumpingClock } from './support/clocks.ts';
import { startRawServer } from './support/raw-server.ts';
import { type Responder, sendJson, startRecordingServer } from './support/recording-server.ts';
import { ok, user, userId } from './support/samples.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

function clientFor(url: string, options: Partial<ClientOptions> = {}): WriteClient {
  const client = createClient({
    url,
    token: new Secret('k'.repeat(26)),
    clock: new JumpingClock(),
    random: () => 0,
    bodyLimits: { maxBytes: 4 * 1024 * 1024, maxRatio: 200 },
    ...options,
  });
  open.push(client);
  return client;
}

async function answering(respond: Responder): Promise<WriteClient> {
  const server = await startRecordingServer(respond);
  open.push(server);
  return clientFor(server.url);
}

async function raw(onRequest: (socket: Socket) => void, options: Partial<ClientOptions> = {}): Promise<WriteClient> {
  const server = await startRawServer(onRequest);
  open.push(server);
  return clientFor(server.url, options);
}

function send(contentType: string, body: string | Buffer, headers: object = {}, status = 200): Responder {
  return (_, response) => response.writeHead(status, { 'content-type': contentType, ...headers }).end(body);
}

const json = (body: string | Buffer, headers: object = {}): Responder => send('application/json', body, headers);
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20));
const nested = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`;

const badAnswers: readonly (readonly [string, Responder])[] = [
  ['an empty body', json('')],
  ['half of an object', json('{"id":"uuuuuuuuuuuuuuuuuuuuuuuuuu","username":"ad')],
  ['two values', json(`${JSON.stringify(user)}${JSON.stringify(user)}`)],
  ['null', json('null')],
  ['a number', json('7')],
  ['a text', json('"ok"')],
  ['a list instead of an object', json(JSON.stringify([user]))],
  ['an error object with status 200', json('{"id":"api.x","message":"m","status_code":400}')],
  ['a million open brackets', json(nested)],
  ['bytes that are not UTF-8', json(Buffer.from('{"id":"\xff\xfe"}', 'latin1'))],
  ['UTF-16', json(Buffer.from(`\ufeff${JSON.stringify(user)}`, 'utf16le'))],
  ['HTML', send('text/html', '<html><body>Welcome</body></html>')],
  ['JSON that says it is text', send('text/plain', JSON.stringify(user))],
  ['no content type', (_, response) => response.writeHead(200).end(JSON.stringify(user))],
  ['status 204', (_, response) => response.writeHead(204).end()],
  ['status 206', send('application/json', JSON.stringify(user), {}, 206)],
  ['status 299', send('application/json', JSON.stringify(user), {}, 299)],
  ['status 700', send('application/json', JSON.stringify(user), {}, 700)],
  ['an id with a path in it', json(JSON.stringify({ ...user, id: '../../../config/x/y/zzzzzz' }))],
  ['an id in capitals', json(JSON.stringify({ ...user, id: 'U'.repeat(26) }))],
  ['an id that is a number', json(JSON.stringify({ ...user, id: 7 }))],
  ['a name that is a number', json(JSON.stringify({ ...user, username: 7 }))],
  ['roles that are a list', json(JSON.stringify({ ...user, roles: ['system_user'] }))],
  ['a time that is a text', json(JSON.stringify({ ...user, delete_at: '0' }))],
  ['a time that is a fraction', json(JSON.stringify({ ...user, delete_at: 0.5 }))],
  ['a time beyond all numbers', json(JSON.stringify(user).replace('"delete_at":0', '"delete_at":1e400'))],
  ['a flag that is a text', json(JSON.stringify({ ...user, mfa_active: 'false' }))],
  ['a map of other values', json(JSON.stringify({ ...user, notify_props: { email: true } }))],
  ['a map that is a list', json(JSON.stringify({ ...user, props: [] }))],
  ['no username', json(JSON.stringify({ ...user, username: undefined }))],
  ['null for the e-mail address', json(JSON.stringify({ ...user, email: null }))],
  ['too many bytes', json(Buffer.alloc(5 * 1024 * 1024, 0x20))],
  ['too many bytes in small chunks', manyChunks],
  ['a compressed bomb', json(bomb, { 'content-encoding': 'gzip' })],
  ['damaged compression', json(Buffer.from('not gzip'), { 'content-encoding': 'gzip' })],
  [
    'compression that is cut short',
    json(gzipSync(JSON.stringify(user)).subarray(0, 60), { 'content-encoding': 'gzip' }),
  ],
  ['a compression nobody asked for', json(Buffer.from('x'), { 'content-encoding': 'br' })],
];

function manyChunks(_: unknown, response: Parameters<Responder>[1]): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const chunk = ' '.repeat(64 * 1024);
  // A stream waits until the last chunk has gone: newer versions of Node call back before, and nothing else would have its turn.
  pipeline(Readable.from(endless(chunk)), response, () => undefined);
}

function* endless(chunk: string): Generator<string> {
  for (;;) yield chunk;
}

describe('takes for a bad answer', () => {
  test.each(badAnswers)('%s', async (_, respond) => {
    const client = await answering(respond);

    const failed: unknown = await client.users.get(userId).catch((error: unknown) => error);

    expect(failed).toBeInstanceOf(ApiError);
    expect(failed).toMatchObject({ code: 'API_BAD_ANSWER', blame: 'server', retry: 'yes' });
    // oxlint-disable-next-line no-control-regex
    expect(failed instanceof Error ? failed.message : '').toMatch(/^[^\u0000-\u001f\u007f-\u009f]{1,400}$/);
  });

  test.each(badAnswers)('%s; a write then has to be looked at', async (_, respond) => {
    const client = await answering(respond);

    await expect(client.users.setAuth(userId, { service: 'saml', data: 'x' })).rejects.toMatchObject({
      code: 'API_BAD_ANSWER',
      retry: 'look-first',
    });
  });
});

test('says where a list is wrong', async () => {
  const client = await answering(json(JSON.stringify([user, { ...user, notify_props: 7 }])));

  await expect(client.users.list()).rejects.toThrow('[1].notify_props: expected a map of texts, found a number');
});

describe('of a long list', () => {
  const names = Array.from({ length: 400 }, (_, i) => `u${i}`);
  const people = names.map((username, i) => ({ ...user, username, id: String(i).padStart(26, 'u') }));
  const [first, last] = [people[0], people.at(-1)];
  const list = JSON.stringify(people);
  const ask = async (body: string | Buffer): Promise<readonly unknown[]> =>
    (await answering(json(body))).users.byUsernames(names);

  test('everything is read', async () => {
    const found = await ask(list);

    expect(list.length).toBeGreaterThan(100_000);
    expect(found).toEqual(decodeUsers(people));
  });

  test.each<[string, string | Buffer, string]>([
    ['that is wrong at its end', list.replace('"username":"u399"', '"username":7'), '[399].username: expected a text'],
    ['that was cut short', list.slice(0, -1), 'not JSON or was cut short'],
    ['that was cut short between two people', list.slice(0, list.lastIndexOf('},{') + 1), 'not JSON or was cut short'],
    ['with more behind it', `${list}]`, 'not JSON or was cut short'],
    ['that ends early', list.replace('},{', '}],{'), 'not JSON or was cut short'],
    ['without its start', list.slice(1), 'not JSON or was cut short'],
    ['with something else in it', list.replace('},{', '},null,{'), '[1]: expected an object, found null'],
    ['within another one', `[${list}]`, '[0]: expected an object, found an array'],
    ['that is not UTF-8', Buffer.from(list.replace(/Ada(?!.*Ada)/, '\u00ff'), 'latin1'), 'not UTF-8'],
    ['that has somebody twice', JSON.stringify([...people, first]), 'the same account twice'],
    ['with somebody else', JSON.stringify([...people, { ...last, username: 'eve' }]), 'not asked for'],
  ])('%s it is said what is wrong', async (_what, body, message) => {
    await expect(ask(body)).rejects.toThrow(message);
  });
});

test('ignores keys that it does not know, and prototypes', async () => {
  const client = await answering(
    json(JSON.stringify(user).replace('{', '{"__proto__":{"polluted":true},"constructor":1,"future":{"a":[1]},')),
  );

  const one = await client.users.get(userId);

  expect(Object.keys(one)).not.toContain('future');
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
  expect(Reflect.get(one, 'polluted')).toBeUndefined();
});

test('reads a compressed answer', async () => {
  const client = await answering(json(gzipSync(JSON.stringify([user])), { 'content-encoding': 'gzip' }));

  await expect(client.users.list()).resolves.toHaveLength(1);
});

test('shows a page of a proxy as a short line', async () => {
  const page = `<html>\u001b]8;;http://evil\u0007\r\n::set-output\u202e${'x'.repeat(5000)}</html>`;
  const client = await answering(send('text/html', page, {}, 502));

  const failed: unknown = await client.users.setActive(userId, true).catch((error: unknown) => error);

  expect(failed).toMatchObject({ code: 'API_UNAVAILABLE', status: 502, id: undefined });
  const message = failed instanceof Error ? failed.message : '';
  expect(message.length).toBeLessThan(400);
  // oxlint-disable-next-line no-control-regex
  expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
});

describe('redirects', () => {
  test.each([301, 302, 303, 307, 308])(
    '%i to another host is refused, and that host gets no request',
    async (status) => {
      const other = await startRecordingServer((_, response) => sendJson(response, 200, user));
      open.push(other);
      const client = await answering((_, response) =>
        response.writeHead(status, { location: `${other.url}/api/v4/users/me` }).end(),
      );

      await expect(client.users.me()).rejects.toMatchObject({ code: 'API_REDIRECT_REFUSED', status, retry: 'no' });
      await expect(client.users.setRoles(userId, ['system_user'])).rejects.toThrow(other.url);

      expect(other.requests).toEqual([]);
    },
  );

  test.each([
    ['a path', '/login'],
    ['nothing', undefined],
    ['something unreadable', 'http://['],
    ['a script', 'javascript:alert(1)'],
    ['a host with control characters', 'http://a\u0001b.example'],
  ])('to %s are refused too', async (_, location) => {
    const client = await raw((socket) => {
      socket.end(
        `HTTP/1.1 302 Found\r\n${location === undefined ? '' : `Location: ${location}\r\n`}Content-Length: 0\r\n\r\n`,
      );
    });

    const failed: unknown = await client.users.me().catch((error: unknown) => error);

    expect(failed).toBeInstanceOf(ApiError);
    expect(failed).toMatchObject({
      code: location?.includes('\u0001') === true ? 'API_BAD_ANSWER' : 'API_REDIRECT_REFUSED',
    });
  });
});

const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';

describe('a connection that breaks', () => {
  const breaks: readonly (readonly [string, (socket: Socket) => void])[] = [
    ['before an answer', (socket) => socket.destroy()],
    ['with a reset', (socket) => socket.resetAndDestroy()],
    ['within the headers', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Ty')],
    ['before the body', (socket) => socket.end(`${head}Content-Length: 100\r\n\r\n`)],
    ['within the body', (socket) => socket.end(`${head}Content-Length: 100\r\n\r\n{"status":`)],
    ['within a chunk', (socket) => socket.end(`${head}Transfer-Encoding: chunked\r\n\r\n20\r\n{"status":`)],
    ['between chunks', (socket) => socket.end(`${head}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n`)],
  ];

  test.each(breaks)('%s leaves the outcome of a write unknown', async (_, onRequest) => {
    const client = await raw(onRequest);

    await expect(client.users.setActive(userId, true)).rejects.toMatchObject({
      code: 'API_OUTCOME_UNKNOWN',
      retry: 'look-first',
    });
  });

  test.each(breaks)('%s makes a read come back', async (_, onRequest) => {
    let count = 0;
    const client = await raw((socket) => {
      count += 1;
      if (count < 3) onRequest(socket);
      else socket.end(`${head}Content-Length: ${JSON.stringify(user).length}\r\n\r\n${JSON.stringify(user)}`);
    });

    await expect(client.users.get(userId)).resolves.toMatchObject({ username: 'ada' });
    expect(count).toBe(3);
  });
});

const drip = (socket: Socket, first: string, piece: string): void => {
  socket.write(first);
  const timer = setInterval(() => socket.write(piece), 5);
  socket.on('close', () => clearInterval(timer));
};

describe('an answer that never ends', () => {
  test.each(
    share<[string, (socket: Socket) => void]>(
      [
        ['says nothing', () => undefined],
        ['sends headers for ever', (socket) => drip(socket, 'HTTP/1.1 200 OK\r\n', 'X-More: 1\r\n')],
        ['sends its body byte by byte', (socket) => drip(socket, `${head}Content-Length: 100000\r\n\r\n{`, ' ')],
        ['sends chunks for ever', (socket) => drip(socket, `${head}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n \r\n')],
        [
          'sends informational answers for ever',
          (socket) => drip(socket, 'HTTP/1.1 102 Processing\r\n\r\n', 'HTTP/1.1 102 Processing\r\n\r\n'),
        ],
      ],
      5,
      2,
    ),
  )('because the server %s is cut off', async (_, onRequest) => {
    const client = await raw(onRequest, { timeoutMs: 500 });

    const failed: unknown = await client.users.setActive(userId, true).catch((error: unknown) => error);

    expect(failed).toMatchObject({
      code: expect.stringMatching(/^API_(?:OUTCOME_UNKNOWN|BAD_ANSWER)$/),
      retry: 'look-first',
    });
  });
});

describe('what is not HTTP', () => {
  test.each([
    ['a greeting of SSH', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['garbage', '\u0000\u0001\u0002\u0003'],
    ['a header that is too long', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(200_000)}\r\n\r\n`],
    ['two lengths', `${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
    ['a wrong chunk size', `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
  ])('%s is a bad answer', async (_, bytes) => {
    const client = await raw((socket) => socket.end(bytes));

    await expect(client.users.setActive(userId, true)).rejects.toMatchObject({
      code: 'API_BAD_ANSWER',
      retry: 'look-first',
    });
  });
});

test('goes on working after bad answers', async () => {
  let count = 0;
  const client = await answering((_, response) => {
    count += 1;
    if (count % 2 === 1) response.writeHead(200, { 'content-type': 'application/json' }).end('{"x"');
    else sendJson(response, 200, ok);
  });

  for (let round = 0; round < 20; round += 1) {
    await expect(client.users.promote(userId)).rejects.toMatchObject({ code: 'API_BAD_ANSWER' });
    await client.users.promote(userId);
  }
});
