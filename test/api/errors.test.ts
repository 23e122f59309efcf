import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiError, createClient, type WriteClient } from '../../src/api/index.ts';
import { MusterError } from '../../src/model/muster-error.ts';
import { Secret } from '../../src/model/secret.ts';
import { JumpingClock } from './support/clocks.ts';
import { type RecordingServer, startRecordingServer } from './support/recording-server.ts';
import { userId } from './support/samples.ts';

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

let server: RecordingServer;
let client: WriteClient;
let answer: Answer;

beforeAll(async () => {
  server = await startRecordingServer((_, response) =>
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(answer.body),
  );
  client = createClient({
    url: server.url,
    token: new Secret('k'.repeat(26)),
    clock: new JumpingClock(),
    random: () => 0,
  });
});

afterAll(async () => {
  await client.close();
  await server.close();
});

async function failWith(given: Answer, call: (client: WriteClient) => PromiseLike<unknown>): Promise<ApiError> {
  answer = given;
  try {
    await call(client);
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('the call did not fail');
}

const body = (id: string, status: number): string =>
  JSON.stringify({ id, message: 'Told in words.', detailed_error: '', request_id: 'r', status_code: status });

const patch = (c: WriteClient): PromiseLike<unknown> => c.users.patch(userId, { nickname: 'x' });
const create = (c: WriteClient): PromiseLike<unknown> => c.users.create({ email: 'ada@example.com' });
const get = (c: WriteClient): PromiseLike<unknown> => c.users.get(userId);

const table: readonly (readonly [status: number, id: string, call: typeof get, expected: object])[] = [
  [400, 'app.user.save.username_exists.app_error', create, { code: 'API_BAD_REQUEST', retry: 'no', blame: 'user' }],
  [401, 'api.context.session_expired.app_error', get, { code: 'API_UNAUTHORIZED', retry: 'no', blame: 'user' }],
  [401, 'api.user.update_active.not_enable.app_error', patch, { code: 'API_UNAUTHORIZED', hint: undefined }],
  [403, 'api.context.permissions.app_error', patch, { code: 'API_FORBIDDEN', retry: 'no', blame: 'user' }],
  [403, 'api.context.mfa_required.app_error', patch, { code: 'API_FORBIDDEN', hint: expect.stringContaining('MFA') }],
  [404, 'app.user.missing_account.const', get, { code: 'API_NOT_FOUND', retry: 'no', hint: undefined }],
  [408, 'x.y', create, { code: 'API_BAD_REQUEST', retry: 'look-first' }],
  [409, 'api.user.patch_user.login_provider_attribute_set.app_error', patch, { code: 'API_CONFLICT', retry: 'no' }],
  [410, 'x.y', get, { code: 'API_BAD_REQUEST', retry: 'no' }],
  [413, 'api.context.request_body_too_large.app_error', patch, { code: 'API_TOO_LARGE', retry: 'no' }],
  [414, 'basic_security_check.url.too_long_error', get, { code: 'API_TOO_LARGE', retry: 'no' }],
  [429, 'x.y', create, { code: 'API_RATE_LIMITED', retry: 'yes', blame: 'server' }],
  [500, 'app.user.save.app_error', create, { code: 'API_SERVER_ERROR', retry: 'look-first', blame: 'server' }],
  [500, 'x.y', patch, { code: 'API_SERVER_ERROR', retry: 'look-first' }],
  [500, 'x.y', get, { code: 'API_SERVER_ERROR', retry: 'yes' }],
  [501, 'app.user_access_token.disabled', create, { code: 'API_NOT_IMPLEMENTED', retry: 'no', blame: 'user' }],
  [502, 'x.y', create, { code: 'API_UNAVAILABLE', retry: 'look-first' }],
  [503, 'api.context.server_busy.app_error', create, { code: 'API_UNAVAILABLE', retry: 'yes' }],
  [503, 'x.y', create, { code: 'API_UNAVAILABLE', retry: 'look-first' }],
  [504, 'x.y', get, { code: 'API_UNAVAILABLE', retry: 'yes' }],
  [599, 'x.y', create, { code: 'API_SERVER_ERROR', retry: 'look-first' }],
  [
    202,
    'app.file_info.permanent_delete_by_user.app_error',
    (c) => c.users.deletePermanently(userId),
    { code: 'API_SERVER_ERROR', retry: 'no' },
  ],
];

test.each(table)('status %i with %s becomes its error', async (status, id, call, expected) => {
  const error = await failWith({ status, body: body(id, status), headers: { 'x-request-id': 'rq1' } }, call);

  expect(error).toBeInstanceOf(MusterError);
  expect(error).toMatchObject({ status, id, requestId: 'rq1', ...expected });
  expect(error.message).toContain(String(status));
  expect(error.message).toContain('Told in words.');
});

test('names the call, its template, and whom it was about', async () => {
  const error = await failWith({ status: 403, body: body('api.x', 403) }, patch);

  expect(error).toMatchObject({ operation: 'users.patch', method: 'PUT', path: '/users/{user_id}/patch' });
  expect(error.message).toBe(`users.patch of user_id ${userId}: the server answered 403 api.x: Told in words.`);
  expect(String(error)).toMatch(/^ApiForbiddenError: users\.patch/);
});

describe('bodies that are not the server’s own', () => {
  test('the plain text of the limiter', async () => {
    const error = await failWith(
      { status: 429, body: 'limit exceeded\n', headers: { 'content-type': 'text/plain', 'retry-after': '400' } },
      create,
    );

    expect(error).toMatchObject({ code: 'API_RATE_LIMITED', id: undefined, retryAfterMs: 400_000 });
    expect(error.message).toMatch(/429: limit exceeded$/);
  });

  test.each([
    ['a page of a proxy', '<html>\n<title>Bad gateway</title></html>', '<html>\\u{a}<title>'],
    ['nothing', '', '502'],
    ['a list', '[1]', '[1]'],
    ['an id that is none', '{"id":"x y\\n","message":"m"}', 'm'],
    ['an id that is a number', '{"id":7,"message":8}', '502'],
  ])('%s', async (_, text, part) => {
    const error = await failWith({ status: 502, body: text }, create);

    expect(error).toMatchObject({ code: 'API_UNAVAILABLE', id: undefined });
    expect(error.message).toContain(part);
  });
});
