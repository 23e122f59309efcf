import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiEvent, createClient, type WriteClient } from '../../src/api/index.ts';
import { Secret } from '../../src/model/secret.ts';
import { CanaryWatch } from '../support/canaries.ts';
import { callByName } from './support/call-by-name.ts';
import { JumpingClock } from './support/clocks.ts';
import { type RecordedRequest, type RecordingServer, startRecordingServer } from './support/recording-server.ts';
import { userId } from './support/samples.ts';

const bearer = 'canarybearer9x8y7w6v5u4t3s';
const password = 'Canary"pass\\wörd/1?';
const made = 'canarymade1a2b3c4d5e6f7g8h';

/** Everything of a value that anybody could print. */
function everything(value: unknown, seen = new Set<unknown>()): string {
  if (typeof value !== 'object' || value === null || seen.has(value)) return String(value);
  seen.add(value);
  const parts = [
    `${String(Reflect.get(value, 'stack'))} ${String(Reflect.get(value, 'message'))}`,
    JSON.stringify(value) ?? '',
    inspect(value, { depth: null, showHidden: true, getters: true }),
  ];
  for (const key of Reflect.ownKeys(value)) parts.push(String(key), everything(Reflect.get(value, key), seen));
  return parts.join('\n');
}

const watch = new CanaryWatch();
for (const secret of [bearer, password, made]) watch.plant(secret, secret);

/** The secrets that a text shows, in whatever form. */
const toldIn = (text: string): readonly string[] => watch.find(text);

type Echo = (request: RecordedRequest, response: ServerResponse) => void;

let server: RecordingServer;
let client: WriteClient;
let echo: Echo;
const events: ApiEvent[] = [];

beforeAll(async () => {
  server = await startRecordingServer((request, response) => echo(request, response));
  client = createClient({
    url: server.url,
    token: new Secret(bearer),
    clock: new JumpingClock(),
    random: () => 0,
    onEvent: (event) => events.push(event),
  });
});

afterAll(async () => {
  await client.close();
  await server.close();
});

const secretOf = (request: RecordedRequest): string =>
  request.body.includes('new_password') ? password : (request.headers.authorization ?? '').replace('Bearer ', '');

function reply(response: ServerResponse, status: number, body: unknown, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

const echoes: readonly (readonly [string, Echo])[] = [
  ['in the message of an error', (q, r) => reply(r, 403, { id: 'a.b', message: `you sent ${secretOf(q)}` })],
  ['in the id of an error', (q, r) => reply(r, 400, { id: bearer, message: secretOf(q) })],
  ['in the request id', (_, r) => reply(r, 404, { id: 'a.b', message: '' }, { 'x-request-id': bearer })],
  ['in a page of a proxy', (q, r) => reply(r, 502, `<pre>${q.headers.authorization} ${q.body} ${secretOf(q)}</pre>`)],
  ['where a redirect leads', (_, r) => reply(r, 302, '', { location: `https://${bearer}.evil.example/${bearer}` })],
  ['in the content type', (_, r) => reply(r, 200, '{}', { 'content-type': bearer })],
  ['as the key of an object', (q, r) => reply(r, 200, { [secretOf(q)]: [{ [bearer]: 1 }] })],
  ['in place of an object', (q, r) => reply(r, 200, JSON.stringify(secretOf(q)))],
  ['in JSON that is cut short', (q, r) => reply(r, 200, `{"token":"${secretOf(q)}`)],
  ['in place of JSON', (q, r) => reply(r, 200, secretOf(q))],
  ['in the version', (_, r) => reply(r, 200, [], { 'x-version-id': bearer })],
  ['in Retry-After', (_, r) => reply(r, 429, 'limit exceeded', { 'retry-after': bearer })],
  ['backwards', (q, r) => reply(r, 403, { id: 'a.b', message: Array.from(secretOf(q)).toReversed().join('') })],
  ['in hex', (q, r) => reply(r, 403, { id: 'a.b', message: Buffer.from(secretOf(q)).toString('hex') })],
  ['in base64', (q, r) => reply(r, 403, { id: 'a.b', message: Buffer.from(secretOf(q)).toString('base64') })],
  ['percent-encoded', (q, r) => reply(r, 403, { id: 'a.b', message: encodeURIComponent(secretOf(q)) })],
  [
    'in base64 behind something else',
    (q, r) => reply(r, 403, { id: 'a.b', message: Buffer.from(`Bearer ${secretOf(q)}, and`).toString('base64') }),
  ],
  [
    'in base64url behind a byte',
    (q, r) => reply(r, 403, { id: 'a.b', message: Buffer.from(`:${secretOf(q)}`).toString('base64url') }),
  ],
  ['in part', (q, r) => reply(r, 403, { id: 'a.b', message: `${secretOf(q).slice(0, 12)}…` })],
  ['in JSON in JSON', (q, r) => reply(r, 403, { id: 'a.b', message: JSON.stringify(JSON.stringify([secretOf(q)])) })],
  [
    'as entities',
    (q, r) => reply(r, 403, { id: 'a.b', message: secretOf(q).replace(/\W/g, (c) => `&#${c.charCodeAt(0)};`) }),
  ],
  [
    'in hex backwards',
    (q, r) =>
      reply(r, 403, {
        id: 'a.b',
        message: Array.from(Buffer.from(secretOf(q)).toString('hex'))
          .toReversed()
          .join(''),
      }),
  ],
  ['in capitals', (q, r) => reply(r, 403, { id: 'a.b', message: secretOf(q).toUpperCase() })],
  ['and breaks the connection', (_, r) => r.destroy()],
  ['in a new token that is cut short', (_, r) => reply(r, 200, `{"id":"${'t'.repeat(26)}","token":"${made}`)],
  ['in a new token of the wrong shape', (_, r) => reply(r, 200, { id: 'x', token: made, user_id: made })],
  [
    'in a new token for somebody else',
    (_, r) =>
      reply(r, 200, { id: 't'.repeat(26), token: made, user_id: 'x'.repeat(26), description: made, is_active: true }),
  ],
];

const calls: readonly (readonly [string, (client: WriteClient) => PromiseLike<unknown>])[] = [
  ['a read', (c) => c.users.get(userId)],
  ['a read of channels', (c) => c.users.byGroupChannels([userId])],
  ['a change of password', (c) => c.users.setPassword(userId, { newPassword: new Secret(password) })],
  ['a new token', (c) => c.tokens.create(userId, { description: 'x' })],
];

describe.each(echoes)('a server that repeats secrets %s', (_, respond) => {
  test.each(calls)('gets them into no error of %s', async (_name, call) => {
    echo = respond;
    events.length = 0;

    const failed: unknown = await call(client).then(
      () => 'no error',
      (error: unknown) => error,
    );

    expect(failed).not.toBe('no error');
    expect(toldIn(everything(failed))).toEqual([]);
    expect(toldIn(JSON.stringify(events))).toEqual([]);
  });
});

const instead: readonly (readonly [string, Echo])[] = [
  ['the message of an error', (_, r) => reply(r, 500, { id: 'a.b', message: `no room for ${made}` })],
  ['the id of an error', (_, r) => reply(r, 400, { id: made, message: '' })],
  ['the page of a proxy', (_, r) => reply(r, 502, `<h1>${made}</h1>`)],
  ['its own id', (_, r) => reply(r, 200, { id: made, token: made, user_id: userId, description: 'x' })],
  ['its own description', (_, r) => reply(r, 200, { id: made, token: made, user_id: userId, description: made })],
];

test.each(instead)('does not repeat the secret of a new token from %s', async (_, respond) => {
  echo = respond;

  const failed: unknown = await client.tokens.create(userId, { description: 'x' }).then(
    () => 'no error',
    (error: unknown) => error,
  );

  expect(failed).not.toBe('no error');
  expect(toldIn(everything(failed))).toEqual([]);
});

test('shows no secret of a client, a call or a new token', async () => {
  echo = (_, response) =>
    reply(response, 200, { id: 't'.repeat(26), token: made, user_id: userId, description: 'x', is_active: true });
  const call = client.tokens.create(userId, { description: 'x' });

  const response = await call.withResponse();

  expect(toldIn(everything(client))).toEqual([]);
  expect(toldIn(everything(call))).toEqual([]);
  expect(toldIn(everything(response))).toEqual([]);
});

test('shows no token of a login', async () => {
  echo = (_, response) => reply(response, 200, {}, { token: made, 'set-cookie': `MMAUTHTOKEN=${made}` });

  const failed: unknown = await client.login
    .login({ loginId: 'ada', password: new Secret(password) })
    .then(undefined, (error: unknown) => error);

  expect(toldIn(everything(failed))).toEqual([]);
});

test('shows no secret that was given in a wrong place', async () => {
  const wrong: readonly (readonly [method: string, args: readonly unknown[]])[] = [
    ['users.setPassword', [userId, { newPassword: password }]],
    ['users.create', [{ email: 'a@b', password }]],
    ['emails.verify', [password]],
    ['passwords.reset', [{ token: password, newPassword: password }]],
    ['mfa.set', [userId, { activate: true, code: password }]],
    ['login.login', [{ loginId: 'ada', password }]],
  ];

  for (const [method, args] of wrong) {
    const failed: unknown = await Promise.resolve(callByName(client, method, args)).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'API_INVALID_ARGUMENT' });
    expect(toldIn(everything(failed))).toEqual([]);
  }
});

test('shows no token that cannot be one', async () => {
  const failed: unknown = await client
    .withToken(new Secret(`${bearer}\n`))
    .users.me()
    .catch((error: unknown) => error);

  expect(failed).toMatchObject({ code: 'API_INVALID_ARGUMENT' });
  expect(toldIn(everything(failed))).toEqual([]);
});

test('events show a request without what could be secret', async () => {
  events.length = 0;
  echo = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
  };

  await client.users.list({ active: true, perPage: 3, roles: ['system_admin'] });
  await client.users.getByUsername(bearer).catch(() => undefined);

  expect(events.filter((event) => event.type === 'answered' && event.attempt === 1)).toMatchObject([
    { type: 'answered', method: 'GET', path: '/api/v4/users?active=true&per_page=3&roles=…', status: 200, attempt: 1 },
    { type: 'answered', path: '/api/v4/users/username/{username}', template: '/api/v4/users/username/{username}' },
  ]);
  expect(toldIn(everything(events))).toEqual([]);
});
