import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient, operations, type WriteClient } from '../../src/api/index.ts';
import type { AnyOperation } from '../../src/api/operation.ts';
import { MusterError } from '../../src/model/muster-error.ts';
import { Secret } from '../../src/model/secret.ts';
import { callByName } from '../api/support/call-by-name.ts';
import { type RecordingServer, sendJson, startRecordingServer } from '../api/support/recording-server.ts';

// Whatever stands in the place of an id or a name, a request never leaves the path of its operation: a value is either
// refused before anything is sent, or stays inside its own segment. `test/api/operations.test.ts` shows that ids are
// refused; here are the values that are valid somewhere, in every place of every operation.

let server: RecordingServer;
let client: WriteClient;

beforeAll(async () => {
  server = await startRecordingServer((_, response) => sendJson(response, 404, { id: 'app.x', status_code: 404 }));
  client = createClient({ url: `${server.url}/chat`, token: new Secret('k'.repeat(26)) });
});

afterAll(async () => {
  await client.close();
  await server.close();
});

const id = 'u'.repeat(26);

const values: readonly string[] = [
  id,
  'me',
  '..',
  '.',
  '...',
  '..%2f',
  '%2e%2e',
  '%2f',
  '%00',
  'a b',
  '../../users',
  '..\\..\\users',
  'a/../b@example.com',
  '/a@example.com',
  'a@example.com/..',
  'a?b=c@example.com',
  'a#b@example.com',
  'a%2f..%2fb@example.com',
  'a;b=c@example.com',
  'ünï@example.com',
  '日本語',
  '\u202e',
  '\u0000',
  '\r\nX-Injected: 1',
  'x'.repeat(10_240),
  `${'x'.repeat(10_240)}@example.com`,
];

interface Row {
  readonly name: string;
  readonly method: string;
  readonly path: string;
}

const rows: readonly Row[] = Object.entries(operations).flatMap(([group, methods]) => {
  const entries: [string, AnyOperation][] = Object.entries(methods);
  return entries.map(([name, row]) => {
    const { method, path } = 'pagesOf' in row ? row.pagesOf : row;
    return { name: `${group}.${name}`, method, path };
  });
});

/** The requests that an operation may send: each changing part is one segment, without a way out of it. */
function allowed({ path }: Row): RegExp {
  const [bare = ''] = path.split('?');
  const segments = bare.split('/').map((part) => (part.startsWith('{') ? '(?!\\.{1,2}(?:/|$))[^/?#\\s\\\\]+' : part));
  return new RegExp(`^/chat/api/v4${segments.join('/')}(?:\\?[^#\\s]*)?$`);
}

/** What an argument that is no text might be. */
const shapes: readonly ((value: string) => readonly unknown[])[] = [
  (value) => [value, value, value, value],
  (value) => [id, value, value, value],
  (value) => [id, [value]],
  (value) => [[value]],
  (value) => [{ name: value, term: value, loginId: value, password: new Secret('x'), inTeam: value }],
  (value) => [id, { description: value, service: value, data: value, newPassword: new Secret('x') }],
];

/** @returns the code of what went wrong; the server that records knows nobody, so something always does */
async function attempt(name: string, args: readonly unknown[]): Promise<unknown> {
  try {
    const result = callByName(client, name, args);
    if (typeof result !== 'object' || result === null) return 'nothing came back';
    if (Symbol.asyncIterator in result) {
      // A failure of the first page is the same as one of a call.
      await (result as AsyncIterable<unknown>)[Symbol.asyncIterator]().next();
    } else await (result as PromiseLike<unknown>);
    return undefined;
  } catch (error) {
    return error instanceof MusterError ? error.code : error;
  }
}

test.each(rows)('$name stays on its path', async (row) => {
  server.requests.length = 0;
  const outcomes = new Set<unknown>();
  for (const value of values) {
    for (const shape of shapes) outcomes.add(await attempt(row.name, shape(value)));
  }

  const sent = server.requests.map(({ method, url }) => `${method} ${url}`);
  const astray = sent.filter(
    (line) => !line.startsWith(`${row.method} `) || !allowed(row).test(line.split(' ')[1] ?? ''),
  );
  expect(astray).toEqual([]);
  expect([...outcomes].filter((code) => code !== 'API_INVALID_ARGUMENT' && code !== 'API_NOT_FOUND')).toEqual([]);
  expect(server.requests.every(({ headers }) => headers['x-injected'] === undefined)).toBe(true);
});

test('a name of dots goes into no path', async () => {
  server.requests.length = 0;

  for (const name of ['.', '..']) {
    await expect(client.users.getByUsername(name)).rejects.toMatchObject({ code: 'API_INVALID_ARGUMENT' });
  }

  expect(server.requests).toEqual([]);
});
