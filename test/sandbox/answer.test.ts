import { get } from 'node:http';
import { request } from 'undici';
import { describe, expect, test } from 'vitest';
import { admin, as, member, outcome, sandboxFor } from './support.ts';

/** Asks for a path as it is, which other clients tidy before they send it. */
const untidy = (url: string, path: string): Promise<readonly [number | undefined, string | undefined]> =>
  new Promise((resolve, reject) => {
    get(url, { path }, (response) => {
      response.resume();
      resolve([response.statusCode, response.headers.location]);
    }).on('error', reject);
  });

const plain = { 'Accept-Encoding': 'identity' };

describe('headers', () => {
  test('of every answer of a route', async () => {
    const sandbox = await sandboxFor();

    const read = await admin(sandbox)('GET', '/users/me');
    const write = await admin(sandbox)('PUT', '/users/me/patch', {});

    for (const { headers } of [read, write]) {
      expect(headers.get('content-type')).toBe('application/json');
      expect(headers.get('x-request-id')).toMatch(/^[a-z0-9]{26}$/);
      expect(headers.get('x-version-id')).toMatch(/^11\.6\.0\.11\.6\.0\.[0-9a-f]{64}\.false$/);
      expect(headers.get('permissions-policy')).toBe('');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('vary')).toBe('Accept-Encoding');
    }
    expect([read.headers.get('expires'), write.headers.get('expires')]).toEqual(['0', null]);
  });

  test('are missing on unknown routes and on a URL that is too long', async () => {
    const sandbox = await sandboxFor();

    const unknown = await admin(sandbox)('GET', '/nosuchroute');
    const long = await admin(sandbox)('GET', `/users/me?${'x'.repeat(2100)}`);

    expect(unknown.headers.has('x-version-id')).toBe(false);
    expect(unknown.headers.has('vary')).toBe(false);
    expect([long.headers.has('x-request-id'), long.headers.get('vary')]).toEqual([false, 'Accept-Encoding']);
  });

  test('the version id changes with the public config and says whether there is a licence', async () => {
    const sandbox = await sandboxFor();
    const versionId = async (): Promise<string | null> =>
      (await as(sandbox)('GET', '/system/ping')).headers.get('x-version-id');
    const before = await versionId();

    sandbox.control.setConfig({ 'PasswordSettings.MinimumLength': 12 });
    const after = await versionId();
    sandbox.control.setLicence('enterprise');

    expect(after).not.toBe(before);
    expect(await versionId()).toMatch(/\.true$/);
  });

  test('a bad token has its cookie removed, no token has not', async () => {
    const sandbox = await sandboxFor();

    const bad = await as(sandbox, 'x'.repeat(26))('GET', '/users/me');
    const none = await as(sandbox)('GET', '/users/me');

    expect(bad.headers.get('set-cookie')).toBe('MMAUTHTOKEN=; Path=/; Max-Age=0; HttpOnly');
    expect(none.headers.get('set-cookie')).toBeNull();
  });
});

describe('tokens of a request', () => {
  test.each(['Bearer TOKEN', 'bearer TOKEN', 'BEARER TOKEN', 'token TOKEN'])('are taken from "%s"', async (value) => {
    const sandbox = await sandboxFor();

    const seen = await as(sandbox)('GET', '/users/me', undefined, {
      Authorization: value.replace('TOKEN', sandbox.adminToken),
    });

    expect(outcome(seen)).toBe('200');
  });

  test.each(['Basic TOKEN', 'TOKEN', 'BearerTOKEN', 'Bearer TOKENx'])('are not taken from "%s"', async (value) => {
    const sandbox = await sandboxFor();

    const seen = await as(sandbox)('GET', '/users/me', undefined, {
      Authorization: value.replace('TOKEN', sandbox.adminToken),
    });

    expect(seen.status).toBe(401);
  });
});

describe('tags', () => {
  test('are unquoted, the same for all viewers, and answer 304 to the exact value alone', async () => {
    const sandbox = await sandboxFor();
    const eva = member(sandbox, 'eva');
    const path = `/users/${eva.id}`;

    const seen = await admin(sandbox)('GET', path);
    const etag = seen.headers.get('etag') ?? '';
    const same = await admin(sandbox)('GET', path, undefined, { 'If-None-Match': etag });
    const quoted = await admin(sandbox)('GET', path, undefined, { 'If-None-Match': `"${etag}"` });
    const own = await eva.ask('GET', '/users/me');

    expect(etag).toBe(`11.6.0.${eva.id}.${sandbox.control.user('eva')?.update_at}..0.true.true.0`);
    expect([same.status, same.text, same.headers.get('etag')]).toEqual([304, '', etag]);
    expect([quoted.status, own.headers.get('etag')]).toEqual([200, etag]);
  });

  test('change with the privacy settings, not with failed attempts, and lists have none', async () => {
    const sandbox = await sandboxFor();
    const etag = async (path: string): Promise<string | null> =>
      (await admin(sandbox)('GET', path)).headers.get('etag');
    const before = await etag('/users/me');

    sandbox.control.updateUser('sandbox-admin', { failed_attempts: 3 });
    const failed = await etag('/users/me');
    sandbox.control.setConfig({ 'PrivacySettings.ShowFullName': false });

    expect(failed).toBe(before);
    expect(await etag('/users/me')).not.toBe(before);
    expect(await etag('/users')).toBeNull();
  });
});

describe('compression', () => {
  test.each([
    ['gzip', 'gzip'],
    ['br, gzip;q=0.5', 'gzip'],
    ['gzip;q=0', undefined],
    ['br, deflate', undefined],
  ])('with Accept-Encoding: %s is %s', async (accepted, expected) => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'ada' }, { username: 'bob' }] } });
    const headers = { authorization: `Bearer ${sandbox.adminToken}`, 'accept-encoding': accepted };

    const large = await request(`${sandbox.url}/api/v4/users`, { headers });
    const small = await request(`${sandbox.url}/api/v4/users/stats`, { headers });
    await Promise.all([large.body.dump(), small.body.dump()]);

    expect(large.headers['content-encoding']).toBe(expected);
    expect(small.headers['content-encoding']).toBeUndefined();
  });

  test('can be switched off', async () => {
    const sandbox = await sandboxFor({ config: { 'ServiceSettings.WebserverMode': 'disabled' } });

    const seen = await admin(sandbox)('GET', '/config/client');

    expect([seen.headers.get('content-encoding'), seen.headers.get('vary')]).toEqual([null, null]);
  });
});

describe('paths', () => {
  test.each([
    ['/api/v4//users/me', '/api/v4/users/me'],
    ['/api/v4/users/username/%2E%2E', '/api/v4/users'],
    ['/api/v4/users/./me', '/api/v4/users/me'],
  ])('%s is sent to %s', async (path, clean) => {
    const sandbox = await sandboxFor();

    const seen = await untidy(sandbox.url, path);

    expect(seen).toEqual([301, clean]);
  });

  test('an email may hold a plus and a slash', async () => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'ada', email: 'a/b+c@example.com' }] } });

    expect(outcome(await admin(sandbox)('GET', '/users/email/a%2Fb%2Bc@example.com'))).toBe('200');
    expect(outcome(await admin(sandbox)('GET', '/users/email/a/b+c@example.com'))).toBe('200');
  });

  test('HEAD and OPTIONS are unknown', async () => {
    const sandbox = await sandboxFor();

    expect((await admin(sandbox)('HEAD', '/users/me')).status).toBe(404);
    expect((await admin(sandbox)('OPTIONS', '/users/me')).status).toBe(404);
  });
});

describe('bodies', () => {
  test('are read as JSON whatever the content type says, and what follows the first value is not looked at', async () => {
    const sandbox = await sandboxFor();
    const body = '{"USERNAME":"ada","Email":"ada@example.com","password":"password1","nosuchkey":{}}{"x":1} trailing';

    const seen = await admin(sandbox)('POST', '/users', body, { 'Content-Type': 'text/plain' });

    expect(seen.json['username']).toBe('ada');
  });

  test('of routes that swallow errors count as empty when they are too large', async () => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'ada' }] } });
    const body = { roles: 'system_user', padding: 'x'.repeat(301_000) };

    const seen = await admin(sandbox)('PUT', `/users/${sandbox.control.user('ada')?.id}/roles`, body);

    expect(outcome(seen)).toBe('200');
    expect(sandbox.control.user('ada')?.roles).toBe('');
  });

  test('end in a newline when the stream encoder wrote them, and signs of HTML are escaped', async () => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'ada', nickname: '<b>&' }] } });

    const one = await admin(sandbox)('GET', '/users/username/ada', undefined, plain);
    const many = await admin(sandbox)('POST', '/users/usernames', ['ada'], plain);

    expect([one.text.endsWith('}\n'), many.text.endsWith('}]')]).toEqual([true, true]);
    expect(one.text).toContain(String.raw`"nickname":"\u003cb\u003e\u0026"`);
    expect(one.json['nickname']).toBe('<b>&');
  });
});
