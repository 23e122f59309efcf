import { afterEach, describe, expect, expectTypeOf, test } from 'vitest';
import {
  type ApiEvent,
  type ApiPromise,
  type ClientOptions,
  createClient,
  type KeptAnswer,
  operations,
  type ReadClient,
  type User,
  type WriteClient,
} from '../../src/api/index.ts';
import type { AnyOperation } from '../../src/api/operation.ts';
import { Secret } from '../../src/model/secret.ts';
import { JumpingClock } from './support/clocks.ts';
import { type RecordingServer, type Responder, sendJson, startRecordingServer } from './support/recording-server.ts';
import { ok, token, tokenId, user, userId } from './support/samples.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

interface Setting {
  readonly server: RecordingServer;
  readonly client: WriteClient;
  readonly clock: JumpingClock;
  readonly events: ApiEvent[];
}

async function setUp(respond: Responder, options: Partial<ClientOptions> = {}): Promise<Setting> {
  const server = await startRecordingServer(respond);
  const clock = new JumpingClock();
  const events: ApiEvent[] = [];
  const client = createClient({
    url: server.url,
    token: new Secret('k'.repeat(26)),
    clock,
    random: () => 0.5,
    onEvent: (event) => events.push(event),
    ...options,
  });
  open.push(server, client);
  return { server, client, clock, events };
}

const answerUser: Responder = (_, response) => sendJson(response, 200, user, { etag: 'tag-1' });

describe('onAnswer', () => {
  test('gets the decoded data of each call once, however often it was tried, and the status of a refusal', async () => {
    const kept: KeptAnswer[] = [];
    let answers = 0;
    const respond: Responder = (request, response) => {
      answers += 1;
      if (answers === 1) sendJson(response, 500, {});
      else if (request.url.endsWith('/users/me')) sendJson(response, 200, user);
      else if (request.url.endsWith('/users/tokens/search')) sendJson(response, 200, []);
      else sendJson(response, 403, { id: 'api.context.permissions.app_error' });
    };
    const { client } = await setUp(respond, { onAnswer: (answer) => kept.push(answer) });

    await client.users.me();
    await client.tokens.search(userId);
    await expect(client.reports.count()).rejects.toMatchObject({ code: 'API_FORBIDDEN' });

    expect(kept.map(({ data: _data, ...rest }) => rest)).toEqual([
      { operation: 'users.me', access: 'read', method: 'GET', path: '/users/me', status: 200 },
      {
        operation: 'tokens.search',
        access: 'read',
        method: 'POST',
        path: '/users/tokens/search',
        asked: JSON.stringify({ term: userId }),
        status: 200,
      },
      { operation: 'reports.count', access: 'read', method: 'GET', path: '/reports/users/count', status: 403 },
    ]);
    expect(kept[0]?.data).toMatchObject({ id: user['id'] });
  });

  test('gets no body of a write, no clear secret, and cannot make a call fail', async () => {
    const kept: KeptAnswer[] = [];
    const respond: Responder = (_, response) => sendJson(response, 200, { ...token, token: 'x'.repeat(26) });
    const { client } = await setUp(respond, {
      onAnswer: (answer) => {
        kept.push(answer);
        throw new Error('an observer');
      },
    });

    const made = await client.tokens.create(userId, { description: 'a token' });

    expect(made.id).toBe(tokenId);
    expect(kept).toHaveLength(1);
    expect(kept[0]).not.toHaveProperty('asked');
    expect(JSON.stringify(kept)).not.toContain('xxxxx');
  });
});

describe('a read-only client', () => {
  test('has every method that reads, and no other, at run time', async () => {
    const { client } = await setUp(answerUser);
    const reads = client.readOnly();

    for (const [group, rows] of Object.entries(operations)) {
      const methods: [string, AnyOperation][] = Object.entries(rows);
      for (const [name, row] of methods) {
        const found: unknown = Reflect.get(Object(Reflect.get(reads, group)), name);
        expect(typeof found, `${group}.${name}`).toBe(row.access === 'read' ? 'function' : 'undefined');
        expect(typeof Reflect.get(Object(Reflect.get(client, group)), name)).toBe('function');
      }
    }
    expect(Object.keys(reads)).not.toContain('login');
    expect('readOnly' in reads).toBe(false);
    expect(Object.isFrozen(reads) && Object.isFrozen(reads.users)).toBe(true);
  });

  test('has no method that writes for the compiler either', async () => {
    const { client } = await setUp(answerUser);
    const reads: ReadClient = client.readOnly();

    // @ts-expect-error a write
    expect(reads.users.patch).toBeUndefined();
    // @ts-expect-error a write
    expect(reads.users.setRoles).toBeUndefined();
    // @ts-expect-error a write
    expect(reads.tokens.create).toBeUndefined();
    // @ts-expect-error a group that only writes
    expect(reads.login).toBeUndefined();
    // @ts-expect-error the way back
    expect(reads.readOnly).toBeUndefined();
    expectTypeOf(reads.users.byUsernames).toBeFunction();
    expectTypeOf<WriteClient>().toExtend<ReadClient>();
    expectTypeOf<ReadClient>().not.toExtend<WriteClient>();
  });

  test('stays one when it is given another token', async () => {
    const { client } = await setUp(answerUser);

    expect(Object.keys(client.readOnly().withToken(new Secret('x')).users)).not.toContain('patch');
  });
});

test('types each method by its row', async () => {
  const { client } = await setUp(answerUser);

  expectTypeOf(client.users.get).parameter(0).toEqualTypeOf<string>();
  expectTypeOf(client.users.get(userId)).toEqualTypeOf<ApiPromise<User>>();
  expectTypeOf(client.users.get(userId, { ifNoneMatch: 'x' })).toEqualTypeOf<ApiPromise<User | undefined>>();
  expectTypeOf(client.users.setActive(userId, true)).toEqualTypeOf<ApiPromise<void>>();
  expectTypeOf(client.users.pages()).toEqualTypeOf<AsyncIterable<readonly User[]>>();
  // @ts-expect-error a filter that does not exist
  expect(() => client.users.list({ nonsense: true })).not.toThrow();
  // @ts-expect-error a password in clear
  expect(() => client.users.setPassword(userId, { newPassword: 'clear' })).not.toThrow();
});

describe('a call', () => {
  test('is sent when it is awaited, and once only', async () => {
    const { server, client } = await setUp(answerUser);

    const call = client.users.get(userId);
    expect(server.requests).toHaveLength(0);
    const [first, second, third] = await Promise.all([call, call.withResponse(), call.then((one) => one.id)]);

    expect(server.requests).toHaveLength(1);
    expect(first).toBe(second.data);
    expect(third).toBe(userId);
    expect(second).toMatchObject({ status: 200, etag: 'tag-1', attempts: 1 });
  });

  test('tells status, headers, request id and rate limit with its response', async () => {
    const { client } = await setUp((_, response) =>
      sendJson(response, 200, user, {
        'x-request-id': 'abc123',
        'x-ratelimit-limit': ['101', '101'],
        'x-ratelimit-remaining': ['97', '88'],
        'x-ratelimit-reset': ['1', '2'],
        token: 'secret-session',
        'set-cookie': 'MMAUTHTOKEN=secret-session',
      }),
    );

    const { requestId, rateLimit, headers, status } = await client.users.me().withResponse();

    expect({ requestId, status }).toEqual({ requestId: 'abc123', status: 200 });
    expect(rateLimit).toEqual({ limit: 101, remaining: 88, resetSeconds: 2 });
    expect(headers['content-type']).toBe('application/json');
    expect(JSON.stringify(headers)).not.toContain('secret-session');
  });

  test('gives undefined and 304 when nothing changed', async () => {
    const { server, client } = await setUp((_, response) => response.writeHead(304, { etag: 'tag-1' }).end());

    const { data, status, etag } = await client.users.get(userId, { ifNoneMatch: 'tag-1' }).withResponse();

    expect({ data, status, etag }).toEqual({ data: undefined, status: 304, etag: 'tag-1' });
    expect(server.requests[0]?.headers['if-none-match']).toBe('tag-1');
  });

  test('takes a 304 that it did not ask for as a bad answer', async () => {
    const { client } = await setUp((_, response) => response.writeHead(304).end());

    await expect(client.users.get(userId)).rejects.toMatchObject({ code: 'API_BAD_ANSWER' });
  });

  test('carries the token of its client', async () => {
    const { server, client } = await setUp(answerUser);

    await client.withToken(new Secret('other')).users.me();
    await client.withToken(undefined).users.me();

    expect(server.requests.map((request) => request.headers.authorization)).toEqual(['Bearer other', undefined]);
  });

  test('wraps the secret of a new token at once', async () => {
    const { client } = await setUp((_, response) => sendJson(response, 200, { ...token, token: 'canary-secret' }));

    const made = await client.tokens.create(userId, { description: 'ci' });

    expect(made.secret).toBeInstanceOf(Secret);
    expect(JSON.stringify(made)).not.toContain('canary-secret');
    expect(made).not.toHaveProperty('token');
  });

  test.each<[string, Responder, (client: WriteClient) => PromiseLike<unknown>]>([
    ['get', (_, r) => sendJson(r, 200, { ...user, id: tokenId }), (c) => c.users.get(userId)],
    ['getByUsername', (_, r) => sendJson(r, 200, { ...user, username: 'eve' }), (c) => c.users.getByUsername('ada')],
    [
      'getByEmail',
      (_, r) => sendJson(r, 200, { ...user, email: 'eve@x' }),
      (c) => c.users.getByEmail('ada@example.com'),
    ],
    ['byIds', (_, r) => sendJson(r, 200, [user, user]), (c) => c.users.byIds([userId])],
    ['byUsernames', (_, r) => sendJson(r, 200, [{ ...user, username: 'eve' }]), (c) => c.users.byUsernames(['ada'])],
    ['patch', (_, r) => sendJson(r, 200, { ...user, id: tokenId }), (c) => c.users.patch(userId, { nickname: 'x' })],
    ['listOfUser', (_, r) => sendJson(r, 200, [{ ...token, user_id: tokenId }]), (c) => c.tokens.listOfUser(userId)],
  ])('refuses an answer to %s that is about someone else', async (_, respond, call) => {
    const { client } = await setUp(respond);

    await expect(call(client)).rejects.toMatchObject({ code: 'API_BAD_ANSWER', blame: 'server' });
  });
});

const failTwice =
  (status: number, headers: object = {}): Responder =>
  (request, response, index) =>
    index < 2
      ? sendJson(response, status, { id: 'x' }, headers)
      : sendJson(response, 200, request.method === 'PUT' ? ok : user);

describe('repeating', () => {
  test.each([429, 500, 502, 503, 504])('repeats a read after %i', async (status) => {
    const { server, client, events } = await setUp(failTwice(status));

    const { attempts } = await client.users.get(userId).withResponse();

    expect(attempts).toBe(3);
    expect(server.requests).toHaveLength(3);
    expect(events.filter((event) => event.type === 'retrying')).toHaveLength(2);
  });

  test.each([500, 502, 503, 504])('does not repeat a write after %i, and says to look first', async (status) => {
    const { server, client } = await setUp(failTwice(status));

    await expect(client.users.setActive(userId, false)).rejects.toMatchObject({ status, retry: 'look-first' });

    expect(server.requests).toHaveLength(1);
  });

  test('repeats a write that the limiter refused, after as long as it said', async () => {
    const { server, client, clock, events } = await setUp(failTwice(429, { 'retry-after': '7' }));

    await client.users.setRoles(userId, ['system_user']);

    expect(server.requests).toHaveLength(3);
    expect(clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(14_000);
    expect(events.some((event) => event.type === 'retrying' && event.delayMs === 7000)).toBe(true);
  });

  test('repeats a write that a busy server refused', async () => {
    const busy = { id: 'api.context.server_busy.app_error', message: 'busy' };
    const { server, client } = await setUp((_, response, index) =>
      index === 0 ? sendJson(response, 503, busy) : sendJson(response, 200, ok),
    );

    await client.users.setRoles(userId, ['system_user']);

    expect(server.requests).toHaveLength(2);
  });

  test('gives up after four attempts, with the last error', async () => {
    const { server, client } = await setUp((_, response) => sendJson(response, 500, { id: 'x.y', message: 'no' }));

    await expect(client.users.get(userId)).rejects.toMatchObject({ code: 'API_SERVER_ERROR', id: 'x.y' });

    expect(server.requests).toHaveLength(4);
  });

  test.each([400, 401, 403, 404, 409, 501])('does not repeat a read after %i', async (status) => {
    const { server, client } = await setUp(failTwice(status));

    await expect(client.users.get(userId)).rejects.toMatchObject({ status, retry: 'no' });

    expect(server.requests).toHaveLength(1);
  });

  test('hands a limit of an hour to the caller', async () => {
    const { server, client } = await setUp(failTwice(429, { 'retry-after': '3600' }));

    await expect(client.users.get(userId)).rejects.toMatchObject({ code: 'API_RATE_LIMITED', retryAfterMs: 3_600_000 });

    expect(server.requests).toHaveLength(1);
  });

  test('repeats even writes while no one listens', async () => {
    const { server, client, events } = await setUp(answerUser);
    await server.close();

    await expect(client.users.setActive(userId, true)).rejects.toMatchObject({ code: 'API_UNREACHABLE', retry: 'yes' });

    expect(events.filter((event) => event.type === 'retrying')).toHaveLength(3);
  });
});

describe('features of newer servers', () => {
  const answerToken: Responder = (request, response) =>
    sendJson(response, 200, request.url.endsWith('/ping') ? ok : { ...token, token: 'x' }, { 'x-version-id': version });
  let version = '';

  test.each([
    ['11.8.3.11.8.3.hash.false', false],
    ['11.9.0.1.hash.true', true],
    ['12.0.0.dev.hash.false', true],
    ['10.11.1.x.y.false', false],
    ['unknown', false],
  ])('on %s token expiry is known: %s', async (given, isKnown) => {
    version = given;
    const { server, client } = await setUp(answerToken);
    const call = client.tokens.create(userId, { description: 'x', expiresAt: 5 });

    const result = await call.then(
      () => 'made',
      (error: unknown) => error,
    );

    const refusal: unknown = expect.objectContaining({ code: 'API_NOT_IMPLEMENTED', status: undefined });
    expect(result).toEqual(isKnown ? 'made' : refusal);

    expect(server.requests.map((request) => request.url)).toEqual([
      '/api/v4/system/ping',
      ...(isKnown ? [`/api/v4/users/${userId}/tokens`] : []),
    ]);
  });

  test('knows the version after the first answer, for all clients of the server', async () => {
    version = '11.10.2.11.10.2.hash.false';
    const { client } = await setUp(answerToken);
    expect(client.serverVersion).toBeUndefined();
    expect(client.supports('token-rotation')).toBeUndefined();

    await client.withToken(undefined).system.ping();

    expect(client.serverVersion).toBe('11.10.2');
    expect(client.readOnly().supports('token-rotation')).toBe(true);
  });
});

describe('pages', () => {
  const people = Array.from({ length: 25 }, (_, index) => ({
    ...user,
    id: String(index).padStart(26, '0'),
    username: `u${index}`,
  }));
  const answerPage: Responder = (request, response) => {
    const query = new URL(request.url, 'http://x').searchParams;
    const [page, size] = [Number(query.get('page') ?? 0), Number(query.get('per_page'))];
    sendJson(response, 200, people.slice(page * size, (page + 1) * size));
  };

  test('end with the first that is shorter than asked', async () => {
    const { server, client } = await setUp(answerPage);

    const sizes: number[] = [];
    for await (const page of client.users.pages({ perPage: 10 })) sizes.push(page.length);

    expect(sizes).toEqual([10, 10, 5]);
    expect(server.requests).toHaveLength(3);
  });

  test.each([
    ['as many as are there', 25, 3],
    ['fewer than are there', 10, 3],
    ['more than are there, a few of which are asked for in vain', 1000, 6],
  ])('come in their order, and are asked for ahead where as many are expected: %s', async (_, expected, most) => {
    const { server, client } = await setUp(answerPage);

    const names: string[] = [];
    for await (const page of client.users.pages({ perPage: 10, expected }))
      names.push(...page.map(({ username }) => username));

    expect(names).toEqual(people.map(({ username }) => username));
    expect(server.requests.length).toBeLessThanOrEqual(most);
  });

  test('fail in their turn where one that was asked for ahead fails', async () => {
    const { client } = await setUp((request, response, index) => {
      if (request.url.includes('&page=1')) sendJson(response, 403, { id: 'x', message: 'no', status_code: 403 });
      else answerPage(request, response, index);
    });

    const sizes: number[] = [];
    const reading = (async () => {
      for await (const page of client.users.pages({ perPage: 10, expected: 25 })) sizes.push(page.length);
    })();

    await expect(reading).rejects.toMatchObject({ code: 'API_FORBIDDEN' });
    expect(sizes).toEqual([10]);
  });

  test('are asked for only as far as they are wanted', async () => {
    const { server, client } = await setUp(answerPage);

    for await (const page of client.users.pages({ perPage: 10 })) if (page.length > 0) break;

    expect(server.requests).toHaveLength(1);
  });

  test('fail when the server repeats a page for ever', async () => {
    const { client } = await setUp((_, response) => sendJson(response, 200, people.slice(0, 10)));

    await expect(count(client.users.pages({ perPage: 10 }))).rejects.toMatchObject({ code: 'API_BAD_ANSWER' });
  });

  test('fail when there are more than allowed', async () => {
    const { client } = await setUp(answerPage);

    await expect(count(client.users.pages({ perPage: 5, maxPages: 3 }))).rejects.toMatchObject({
      code: 'API_BAD_ANSWER',
    });
  });
});

async function count(pages: AsyncIterable<readonly unknown[]>): Promise<number> {
  let sum = 0;
  for await (const page of pages) sum += page.length;
  return sum;
}

test('keeps to its bound of requests under way', async () => {
  const held: (() => void)[] = [];
  let most = 0;
  const { client } = await setUp(
    (_, response, index) => {
      held.push(() => sendJson(response, 200, user));
      most = Math.max(most, held.length);
      if (held.length === 3 || index === 19) for (const answer of held.splice(0)) answer();
    },
    { maxConcurrent: 3 },
  );

  await Promise.all(Array.from({ length: 20 }, () => client.users.me()));

  expect(most).toBe(3);
});

test('sends what was begun before what was not, and writes before reads', async () => {
  const later: (() => ApiPromise<unknown>)[] = [];
  const calls: Promise<unknown>[] = [];
  const { client, server } = await setUp(
    ({ method }, response, index) => {
      if (index > 0) return sendJson(response, 200, method === 'PUT' ? ok : user);
      calls.push(...later.map((call) => call().withResponse()));
      sendJson(response, 503, {});
    },
    { maxConcurrent: 1, random: () => 0 },
  );
  later.push(
    () => client.users.me(),
    () => client.users.me(),
    () => client.users.setActive(userId, true),
  );

  await client.users.get(userId);
  await Promise.all(calls);

  expect(server.requests.map(({ method, url }) => `${method} ${url.split('/').at(-1) ?? ''}`)).toEqual([
    `GET ${userId}`,
    'PUT active',
    `GET ${userId}`,
    'GET me',
    'GET me',
  ]);
});

describe('a closed client', () => {
  test('sends nothing more', async () => {
    const { server, client } = await setUp(answerUser);
    await client.close();

    await expect(client.users.me()).rejects.toMatchObject({ code: 'API_ABORTED', retry: 'no' });

    expect(server.requests).toEqual([]);
  });

  test('ends its calls under way, and does not repeat them', async () => {
    const { server, client } = await setUp(() => void client.close());

    await expect(client.users.me()).rejects.toMatchObject({ code: 'API_OUTCOME_UNKNOWN' });

    expect(server.requests).toHaveLength(1);
  });
});

test('is not disturbed by an observer that throws', async () => {
  const { client } = await setUp(answerUser, {
    onEvent: () => {
      throw new Error('observer');
    },
  });

  await expect(client.users.me()).resolves.toMatchObject({ username: 'ada' });
});

test('tells when it waits for the limit', async () => {
  const { client, events } = await setUp((_, response) =>
    sendJson(response, 200, user, {
      'x-ratelimit-limit': '11',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '2',
    }),
  );

  await client.users.me();
  await client.users.me();

  expect(events.map((event) => event.type)).toEqual(['answered', 'waiting-for-limit', 'answered']);
});

describe('aborting', () => {
  test('ends a call under way; a write must be looked at', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const { client } = await setUp((_request, _response, index) => {
      if (index === 1) controller.abort();
    });
    const calls = [
      client.users.me({ signal }).withResponse(),
      client.users.setActive(userId, true, { signal }).withResponse(),
    ];

    const [read, write] = await Promise.allSettled(calls);

    expect(read).toMatchObject({ reason: { code: 'API_ABORTED', retry: 'yes' } });
    expect(write).toMatchObject({ reason: { code: 'API_ABORTED', retry: 'look-first' } });
  });

  test('ends a call that waits for a free place, which was not sent', async () => {
    const controller = new AbortController();
    const isOver = new AbortController();
    const { server, client } = await setUp(() => setImmediate(() => controller.abort()), { maxConcurrent: 1 });
    const first = client.users
      .me({ signal: isOver.signal })
      .withResponse()
      .catch(() => undefined);
    const second = client.users.setActive(userId, true, { signal: controller.signal }).withResponse();

    await expect(second).rejects.toMatchObject({ code: 'API_ABORTED', retry: 'yes' });

    expect(server.requests.filter((request) => request.method === 'PUT')).toEqual([]);
    isOver.abort();
    await client.close();
    await first;
  });

  test('sends nothing when it was aborted before', async () => {
    const { server, client } = await setUp(answerUser);

    await expect(client.users.me({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'API_ABORTED' });

    expect(server.requests).toEqual([]);
  });
});

describe('creating a client', () => {
  test.each([
    ['http to another machine', { url: 'http://chat.example.com' }],
    ['no URL', { url: 'chat.example.com' }],
    ['another scheme', { url: 'ftp://chat.example.com' }],
    ['a password in the URL', { url: 'https://root:hunter2@chat.example.com' }],
    ['a query in the URL', { url: 'https://chat.example.com/?a=b' }],
    ['the path of the API', { url: 'https://chat.example.com/api/v4' }],
    ['a proxy that is no URL', { url: 'https://chat.example.com', proxy: 'ada:hunter2@' }],
    ['a proxy of another kind', { url: 'https://chat.example.com', proxy: 'socks5://ada:hunter2@proxy' }],
    ['no concurrency', { url: 'https://chat.example.com', maxConcurrent: 0 }],
    ['a speed of nothing', { url: 'https://chat.example.com', maxPerSecond: 0 }],
    ['a user agent with a line end', { url: 'https://chat.example.com', userAgent: 'a\nb' }],
  ])('refuses %s', (_, options) => {
    expect(() => createClient(options)).toThrow(expect.objectContaining({ code: 'API_INVALID_ARGUMENT' }));
    expect(() => createClient(options)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
    );
  });

  test.each([
    'http://127.0.0.1:8065',
    'http://localhost',
    'http://[::1]:80/chat/',
    'https://chat.example.com/sub/path//',
  ])('accepts %s', async (url) => {
    const client = createClient({ url });
    open.push(client);

    expect(client.url.endsWith('/')).toBe(false);
  });

  test('accepts plain http to another machine when told to', () => {
    const client = createClient({ url: 'http://chat.example.com', allowPlainHttp: true });
    open.push(client);

    expect(client.url).toBe('http://chat.example.com');
  });
});
