import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiNotFoundError, createClient, MusterError, Secret, type WriteClient } from '../../src/index.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';

// The examples of docs/api.md: what stands between the marks is shown there word for word, and run here.

let sandbox: Sandbox;
let client: WriteClient;
let output: unknown[];
const show = (...values: readonly unknown[]): void => void output.push(...values);

beforeAll(async () => {
  sandbox = await startSandbox({
    config: { 'ServiceSettings.EnableUserAccessTokens': true },
    seed: { users: [{ username: 'ada', email: 'ada@example.com' }, { username: 'grace' }] },
  });
  client = createClient({ url: sandbox.url, token: new Secret(sandbox.adminToken) });
});

afterAll(async () => {
  await client.close();
  await sandbox.close();
});

test('connects, reads and closes', async () => {
  output = [];
  const url = sandbox.url;
  const token = sandbox.adminToken;

  // #region connect
  const mattermost = createClient({ url, token: new Secret(token) });
  const ada = await mattermost.users.getByUsername('ada');
  show(ada.email, mattermost.serverVersion);
  await mattermost.close();
  // #endregion

  expect(output).toEqual(['ada@example.com', '11.6.0']);
});

test('shows status, headers and limits beside the data', async () => {
  output = [];

  // #region response
  const { data, status, etag, requestId } = await client.users.me().withResponse();
  show(data.username, status, requestId);

  // Nothing is sent twice: with the tag of the last answer, an unchanged account is `undefined`.
  const changed = etag === undefined ? data : await client.users.me({ ifNoneMatch: etag });
  show(changed);
  // #endregion

  expect(output).toEqual(['sandbox-admin', 200, expect.any(String), undefined]);
});

test('reads page by page', async () => {
  output = [];

  // #region pages
  for await (const page of client.users.pages({ active: true, perPage: 200 })) {
    for (const user of page) show(user.username);
  }
  // #endregion

  expect(output).toEqual(['ada', 'grace', 'sandbox-admin']);
});

test('the examples that write do what the page says', async () => {
  output = [];

  // #region write
  const alan = await client.users.create({
    username: 'alan',
    email: 'alan@example.com',
    password: new Secret('a-long-enough-password'),
    email_verified: true,
    disable_welcome_email: true,
  });
  await client.users.patch(alan.id, { nickname: 'Turing' });
  await client.users.setRoles(alan.id, ['system_user', 'system_post_all']);
  const { id, secret } = await client.tokens.create(alan.id, { description: 'ci' });
  show(id, secret);
  await client.users.setActive(alan.id, false);
  // #endregion

  expect(String(output[1])).toBe('(secret)');
  expect(sandbox.control.user('alan')).toMatchObject({ nickname: 'Turing', roles: 'system_user system_post_all' });
});

test('tells failures apart by class and code', async () => {
  output = [];
  const unknownId = 'ybndrfg8ejkmcpqxot1uwisza3';

  // #region failures
  try {
    await client.users.get(unknownId);
  } catch (error) {
    if (error instanceof ApiNotFoundError) show(error.code, error.status, error.id, error.retry);
    else if (error instanceof MusterError) show(error.code, error.blame, error.hint);
    else throw error;
  }
  // #endregion

  expect(output).toEqual(['API_NOT_FOUND', 404, 'app.user.missing_account.const', 'no']);
});

test('gives a client away that can only read, or that is someone else', async () => {
  output = [];
  const other = sandbox.control.createToken('ada', 'example').secret;

  // #region narrowing
  const reader = client.readOnly(); // has no method that writes
  const asAda = client.withToken(new Secret(other)); // shares connections and pace
  show((await reader.users.stats()).total_users_count, (await asAda.users.me()).username);
  // #endregion

  expect(output[1]).toBe('ada');
  expect('create' in reader.users).toBe(false);
});
