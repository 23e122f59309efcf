import { request } from 'undici';
import { describe, expect, test } from 'vitest';
import type { Sandbox, SandboxConfig } from '../../src/sandbox/index.ts';
import { RateLimiter } from '../../src/sandbox/rate-limiter.ts';
import { admin, as, member, noon, sandboxFor, type TestClock, testClock } from './support.ts';

const defaults = { perSec: 10, maxBurst: 100, maxKeys: 10_000 };

describe('the algorithm', () => {
  test('lets a burst of 101 through, then one every tenth of a second', () => {
    const limiter = new RateLimiter(defaults);
    const passed = (nowMs: number): boolean => !limiter.take('ip', nowMs).isLimited;

    const burst = Array.from({ length: 101 }, () => passed(noon));

    expect(burst.every(Boolean)).toBe(true);
    expect([passed(noon), passed(noon + 99), passed(noon + 100), passed(noon + 100)]).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });

  test('counts down and up again in its numbers', () => {
    const limiter = new RateLimiter(defaults);

    const first = limiter.take('ip', noon);
    for (let index = 0; index < 99; index++) limiter.take('ip', noon);
    const last = limiter.take('ip', noon);
    const refused = limiter.take('ip', noon);
    const later = limiter.take('ip', noon + 5000);

    expect(first).toMatchObject({ limit: 101, remaining: 100, resetSeconds: 1, retryAfterSeconds: undefined });
    expect(last).toMatchObject({ remaining: 0, resetSeconds: 11, isLimited: false });
    expect(refused).toMatchObject({ remaining: 0, resetSeconds: 11, isLimited: true, retryAfterSeconds: 1 });
    expect(later).toMatchObject({ remaining: 49, resetSeconds: 6 });
  });

  test('takes nothing for a refused request', () => {
    const limiter = new RateLimiter({ perSec: 1, maxBurst: 0, maxKeys: 10 });
    limiter.take('ip', noon);

    for (let index = 0; index < 50; index++) limiter.take('ip', noon + 10);

    expect(limiter.take('ip', noon + 1000).isLimited).toBe(false);
  });

  test('is fully rested after capacity times interval', () => {
    const limiter = new RateLimiter(defaults);
    for (let index = 0; index < 101; index++) limiter.take('ip', noon);

    const rested = limiter.take('ip', noon + 10_100);

    expect(rested.remaining).toBe(100);
  });

  test('forgets the key that was unused longest', () => {
    const limiter = new RateLimiter({ perSec: 1, maxBurst: 0, maxKeys: 2 });
    for (const key of ['a', 'b', 'c']) limiter.take(key, noon);

    expect(limiter.take('c', noon).isLimited).toBe(true);
    expect(limiter.take('a', noon).isLimited).toBe(false);
  });
});

const limited = async (config: Partial<SandboxConfig> = {}): Promise<{ sandbox: Sandbox; clock: TestClock }> => {
  const clock = testClock();
  const sandbox = await sandboxFor({
    clock,
    config: { 'RateLimitSettings.Enable': true, 'RateLimitSettings.MaxBurst': 2, ...config },
  });
  return { sandbox, clock };
};

const remaining = (headers: Headers): string | null => headers.get('x-ratelimit-remaining');

describe('a server with limits', () => {
  test('has none by default', async () => {
    const sandbox = await sandboxFor();

    expect(remaining((await admin(sandbox)('GET', '/users/me')).headers)).toBeNull();
  });

  test('answers 429 in plain text, with the seconds to wait, and without the general headers', async () => {
    const { sandbox, clock } = await limited();
    const ask = admin(sandbox);
    for (let index = 0; index < 3; index++) await ask('GET', '/users/me');

    const refused = await ask('GET', '/users/me');
    clock.tick(100);
    const passed = await ask('GET', '/users/me');

    expect([refused.status, refused.text]).toEqual([429, 'limit exceeded\n']);
    expect(Object.fromEntries(refused.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'retry-after': '1',
      'x-ratelimit-limit': '3',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '1',
    });
    expect(refused.headers.has('x-request-id')).toBe(false);
    expect(passed.status).toBe(200);
  });

  test('limits unknown routes and failures too, for all tokens of one address together', async () => {
    const { sandbox } = await limited();

    const seen = [
      await as(sandbox)('GET', '/nosuchroute'),
      await as(sandbox, 'x'.repeat(26))('GET', '/users/me'),
      await admin(sandbox)('GET', '/users/me'),
      await as(sandbox)('GET', '/system/ping'),
    ];

    expect(seen.map(({ status, headers }) => `${status} ${remaining(headers)}`)).toEqual([
      '404 2',
      '401 1',
      '200 0',
      '429 0',
    ]);
  });

  test('by user counts tokens and then users, and sends every header twice', async () => {
    const { sandbox } = await limited({ 'RateLimitSettings.VaryByUser': true });
    const other = as(sandbox, sandbox.control.createToken('sandbox-admin', 'other').secret);

    const first = await admin(sandbox)('GET', '/users/me');
    const second = await other('GET', '/users/me');
    const nobody = await as(sandbox)('GET', '/system/ping');
    const raw = await request(`${sandbox.url}/api/v4/users/me`, {
      headers: { authorization: `Bearer ${sandbox.adminToken}` },
    });
    await raw.body.dump();

    expect([first, second, nobody].map(({ headers }) => remaining(headers))).toEqual(['2, 2', '2, 1', '2']);
    expect(raw.headers['x-ratelimit-remaining']).toEqual(['1', '0']);
  });

  test('by user refuses with the general headers when the user is at the limit', async () => {
    const { sandbox } = await limited({ 'RateLimitSettings.VaryByUser': true });
    for (let index = 0; index < 3; index++) {
      await as(sandbox, sandbox.control.openSession('sandbox-admin'))('GET', '/users/me');
    }

    const refused = await admin(sandbox)('GET', '/users/me');

    expect([refused.status, refused.text]).toEqual([429, 'limit exceeded\n']);
    expect(remaining(refused.headers)).toBe('2, 0');
    expect(refused.headers.get('x-request-id')).toMatch(/^[a-z0-9]{26}$/);
    expect(refused.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });

  test('by user puts all bad tokens under one key', async () => {
    const { sandbox } = await limited({ 'RateLimitSettings.VaryByUser': true });

    const first = await as(sandbox, 'x'.repeat(26))('GET', '/users/me');
    const second = await as(sandbox, 'y'.repeat(26))('GET', '/users/me');

    expect([remaining(first.headers), remaining(second.headers)]).toEqual(['2, 2', '2, 1']);
  });

  test('by header adds its value in lower case, and trusts a proxy only when told to', async () => {
    const { sandbox } = await limited({ 'RateLimitSettings.VaryByHeader': 'X-Client' });
    const ask = async (headers: Readonly<Record<string, string>>): Promise<string | null> =>
      remaining((await as(sandbox)('GET', '/system/ping', undefined, headers)).headers);

    expect(await ask({ 'X-Client': 'A' })).toBe('2');
    expect(await ask({ 'X-Client': 'a' })).toBe('1');
    expect(await ask({ 'X-Client': 'b', 'X-Forwarded-For': '10.0.0.1' })).toBe('2');
    expect(await ask({ 'X-Client': 'b', 'X-Forwarded-For': '10.0.0.2' })).toBe('1');
    sandbox.control.setConfig({ 'ServiceSettings.TrustedProxyIPHeader': ['X-Forwarded-For'] });
    expect(await ask({ 'X-Client': 'b', 'X-Forwarded-For': '10.0.0.3, 10.0.0.9' })).toBe('2');
  });

  test.each([
    ['11.6.0', '101, 11', 429],
    ['11.2.0', '101', 401],
  ])('version %s limits logins on their own: %s', async (version, limits, last) => {
    const clock = testClock();
    const sandbox = await sandboxFor({ clock, version, config: { 'RateLimitSettings.Enable': true } });
    const login = (): ReturnType<ReturnType<typeof as>> =>
      as(sandbox)('POST', '/users/login', { login_id: 'nobody', password: 'wrong' });

    const first = await login();
    for (let index = 0; index < 10; index++) await login();
    const twelfth = await login();

    expect(first.headers.get('x-ratelimit-limit')).toBe(limits);
    expect(twelfth.status).toBe(last);
  });
});

test('a member meets the same limits as an administrator', async () => {
  const { sandbox } = await limited();
  const { ask } = member(sandbox, 'ada');
  for (let index = 0; index < 3; index++) await ask('GET', '/users/me');

  expect((await ask('GET', '/users/me')).status).toBe(429);
});
