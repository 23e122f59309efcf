import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient, type User, type WriteClient } from '../../src/api/index.ts';
import { Secret } from '../../src/model/secret.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { movingClock } from '../support/moving-clock.ts';
import { isLong } from '../support/suite.ts';

const open: { close(): Promise<void> }[] = [];
let sandbox: Sandbox;
let client: WriteClient;

beforeAll(async () => {
  sandbox = await startSandbox({
    version: '11.10.0',
    clock: movingClock(),
    basePath: '/chat',
    licence: 'enterprise',
    config: {
      'ServiceSettings.EnableUserAccessTokens': true,
      'ServiceSettings.EnableMultifactorAuthentication': true,
      'ServiceSettings.EnableAPIUserDeletion': true,
      'GuestAccountsSettings.Enable': true,
    },
    seed: {
      users: [
        { username: 'ada', roles: ['system_user'], tokens: [{ description: 'ci' }], password: 'Password-1' },
        { username: 'grace', active: false },
        { username: 'helper', is_bot: true },
      ],
    },
  });
  client = createClient({ url: sandbox.url, token: new Secret(sandbox.adminToken) });
  open.push(sandbox, client);
});

afterAll(async () => {
  for (const one of open.toReversed()) await one.close();
});

let number = 0;

async function collect<Item>(pages: AsyncIterable<readonly Item[]>): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}

async function newcomer(): Promise<User> {
  number += 1;
  return client.users.create({
    username: `newcomer${number}`,
    email: `newcomer${number}@example.com`,
    password: new Secret('Password-1'),
    email_verified: true,
    disable_welcome_email: true,
  });
}

describe('reading', () => {
  test('finds an account by id, name and address, inactive ones too', async () => {
    const ada = await client.users.getByUsername('ada');

    expect(await client.users.get(ada.id)).toEqual(ada);
    expect(await client.users.getByEmail(ada.email)).toEqual(ada);
    expect((await client.users.getByUsername('grace')).delete_at).toBeGreaterThan(0);
    expect((await client.users.me()).roles).toContain('system_admin');
  });

  test('finds accounts in bulk, and leaves unknown ones out', async () => {
    const people = await client.users.byUsernames(['ada', 'grace', 'nobody', '..']);
    const again = await client.users.byIds(people.map((one) => one.id));
    const changed = await client.users.byIds(
      people.map((one) => one.id),
      { since: Date.now() + 60_000 },
    );

    expect(people.map((one) => one.username)).toEqual(['ada', 'grace']);
    expect(new Set(again.map((one) => one.id))).toEqual(new Set(people.map((one) => one.id)));
    expect(changed).toEqual([]);
  });

  test('lists, counts and searches', async () => {
    const listed = await collect(client.users.pages({ perPage: 2 }));
    const count = await client.users.statsFiltered({
      includeDeleted: true,
      includeBots: true,
      includeRemoteUsers: true,
    });

    expect(listed).toHaveLength(count.total_users_count);
    expect((await client.users.stats()).total_users_count).toBeGreaterThan(1);
    expect((await client.users.search({ term: 'ada' })).map((one) => one.username)).toContain('ada');
    expect((await client.users.autocomplete({ name: 'ada' })).users.map((one) => one.username)).toContain('ada');
    expect(await client.reports.count()).toBeGreaterThan(1);
    expect((await client.reports.users({ perPage: 1 }))[0]?.username).toBe('ada');
    expect((await collect(client.reports.pages({ perPage: 1 }))).map((one) => one.username)).toEqual(
      listed.filter((one) => !one.is_bot).map((one) => one.username),
    );
    expect((await client.bots.list()).map((one) => one.username)).toContain('helper');
  });

  test('says by an etag that nothing changed', async () => {
    const { data, etag = '' } = await client.users.getByUsername('ada').withResponse();

    const again = await client.users.get(data.id, { ifNoneMatch: etag }).withResponse();
    await client.users.patch(data.id, { position: 'analyst' });
    const changed = await client.users.get(data.id, { ifNoneMatch: etag });

    expect(again).toMatchObject({ status: 304, data: undefined });
    expect(changed?.position).toBe('analyst');
  });

  test('learns what the server is', async () => {
    expect(await client.system.ping()).toMatchObject({ status: 'OK' });
    expect((await client.system.clientConfig())['EnableUserAccessTokens']).toBe('true');
    expect((await client.system.clientLicense())['IsLicensed']).toBe('true');
    expect((await client.system.serverLimits()).activeUserCount).toBeGreaterThan(0);
    expect((await client.roles.getByName('system_admin')).permissions).toContain('manage_system');
    expect((await client.roles.byNames(['system_user', 'no_such_role'])).map((role) => role.name)).toEqual([
      'system_user',
    ]);
    expect((await client.roles.list()).length).toBeGreaterThan(5);
    expect(client.serverVersion).toBe('11.10.0');
  });
});

describe('writing', () => {
  test('leads a person through a life', async () => {
    const { id } = await newcomer();

    expect(await client.users.patch(id, { nickname: 'New', locale: 'de' })).toMatchObject({
      nickname: 'New',
      locale: 'de',
    });
    await client.users.setRoles(id, ['system_user', 'system_user_access_token']);
    expect((await client.users.get(id)).roles).toBe('system_user system_user_access_token');
    await client.users.setAuth(id, { service: 'saml', data: `saml-${id}` });
    expect(await client.users.get(id)).toMatchObject({ auth_service: 'saml', auth_data: `saml-${id}` });
    await client.users.setPassword(id, { newPassword: new Secret('Password-2') });
    expect(await client.users.get(id)).toMatchObject({ auth_service: '', auth_data: undefined });
    await client.users.demote(id);
    expect((await client.users.get(id)).roles).toBe('system_guest');
    await client.users.promote(id);
    await client.sessions.revokeAllOf(id);
    await client.users.setActive(id, false);
    expect((await client.users.get(id)).delete_at).toBeGreaterThan(0);
    await client.users.setActive(id, true);
    await client.users.deactivate(id);
    await client.users.deletePermanently(id);
    await expect(client.users.get(id)).rejects.toMatchObject({
      code: 'API_NOT_FOUND',
      id: 'app.user.missing_account.const',
    });
  });

  test('makes a token that works until it does not', async () => {
    const { id } = await newcomer();

    const made = await client.tokens.create(id, { description: 'ci@1', expiresAt: Date.now() + 3_600_000 });
    const bearer = client.withToken(made.secret);
    expect((await bearer.users.me()).id).toBe(id);
    expect(await client.tokens.search(id)).toMatchObject([{ id: made.id, description: 'ci@1', is_active: true }]);
    await client.tokens.disable(made.id);
    await expect(bearer.users.me()).rejects.toMatchObject({ code: 'API_UNAUTHORIZED' });
    await client.tokens.enable(made.id);
    const rotated = await client.tokens.rotate(made.id, {});
    await expect(bearer.users.me()).rejects.toMatchObject({ code: 'API_UNAUTHORIZED' });
    expect((await client.withToken(rotated.secret).users.me()).id).toBe(id);
    await client.tokens.revoke(made.id);
    await expect(client.tokens.get(made.id)).rejects.toMatchObject({ code: 'API_NOT_FOUND' });
    await expect(client.tokens.revoke(made.id)).rejects.toMatchObject({ code: 'API_NOT_FOUND' });
  });

  test('logs in and out', async () => {
    const { id, username } = await newcomer();

    const { token, user } = await client.login.login({ loginId: username, password: new Secret('Password-1') });
    const own = client.withToken(token);
    expect(user.id).toBe(id);
    expect(await own.sessions.list('me')).toHaveLength(1);
    await own.login.logout();
    await expect(own.users.me()).rejects.toMatchObject({ code: 'API_UNAUTHORIZED' });
  });

  test('keeps and forgets preferences', async () => {
    const { id } = await client.users.me();
    const lease = { user_id: id, category: 'muster', name: 'lease', value: '{"until":1}' };

    await client.preferences.set('me', [lease]);
    expect(await client.preferences.get('me', 'muster', 'lease')).toEqual(lease);
    expect(await client.preferences.ofCategory('me', 'muster')).toEqual([lease]);
    await client.preferences.delete('me', [lease]);
    expect(await client.preferences.list('me')).not.toContainEqual(lease);
  });
});

describe('faults', () => {
  test('a read comes through passing ones', async () => {
    sandbox.faults.add({ kind: 'error', status: 502, body: 'html', match: { nth: 1 } });
    sandbox.faults.add({ kind: 'reset-before-commit', match: { nth: 2 } });

    const { attempts } = await client.users.getByUsername('ada').withResponse();

    expect(attempts).toBe(3);
    sandbox.faults.clear();
  });

  test('a write that was cut off before or after it was done looks the same, and is not repeated', async () => {
    const { id } = await newcomer();

    for (const kind of ['reset-before-commit', 'reset-after-commit'] as const) {
      sandbox.faults.add({ kind });
      const before = sandbox.requests.length;
      await expect(client.tokens.create(id, { description: kind })).rejects.toMatchObject({
        code: 'API_OUTCOME_UNKNOWN',
        retry: 'look-first',
      });
      expect(sandbox.requests.length - before).toBe(1);
      sandbox.faults.clear();
    }
    const found = await client.tokens.search(id);

    expect(found.map((token) => token.description)).toEqual(['reset-after-commit']);
  });

  test('a limit is waited for, and then the write is done once', async () => {
    const { id } = await newcomer();
    sandbox.faults.add({ kind: 'rate-limit', retryAfter: 0 });

    const { attempts } = await client.users.setRoles(id, ['system_user']).withResponse();

    expect(attempts).toBe(2);
    sandbox.faults.clear();
  });

  test.each(['truncated-body', 'broken-json', 'wrong-type'] as const)('%s is an error with a type', async (kind) => {
    sandbox.faults.add({ kind, times: 10 });

    await expect(client.users.promote('me')).rejects.toMatchObject({
      code: expect.stringMatching(/^API_(?:OUTCOME_UNKNOWN|BAD_ANSWER|NOT_IMPLEMENTED)$/),
    });
    sandbox.faults.clear();
  });

  test('a page that comes again and again ends the reading', async () => {
    sandbox.faults.add({ kind: 'repeated-page', times: Number.POSITIVE_INFINITY });

    await expect(collect(client.users.pages({ perPage: 1, maxPages: 50 }))).rejects.toMatchObject({
      code: 'API_BAD_ANSWER',
    });
    sandbox.faults.clear();
  });
});

test.runIf(isLong)('a limiter in real time never has to refuse', async () => {
  const limited = await startSandbox({
    clock: Date.now,
    config: {
      'ServiceSettings.EnableUserAccessTokens': true,
      'RateLimitSettings.Enable': true,
      'RateLimitSettings.PerSec': 50,
      'RateLimitSettings.MaxBurst': 50,
    },
  });
  const paced = createClient({ url: limited.url, token: new Secret(limited.adminToken) });
  open.push(limited, paced);
  const startedMs = performance.now();

  await Promise.all(Array.from({ length: 150 }, () => paced.users.me()));

  const seconds = (performance.now() - startedMs) / 1000;
  expect(limited.requests.filter((request) => request.status === 429)).toEqual([]);
  expect(seconds).toBeGreaterThan((150 - 51) / 50 - 0.1);
});
