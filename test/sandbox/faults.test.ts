import { describe, expect, test } from 'vitest';
import type { FaultKind, FaultMatch, Sandbox } from '../../src/sandbox/index.ts';
import { admin, outcome, type Seen, sandboxFor, testClock } from './support.ts';

const ada = { username: 'ada', email: 'ada@example.com', password: 'password1' };
const create = (sandbox: Sandbox): Promise<Seen> => admin(sandbox)('POST', '/users', ada);
const orFailure = (asked: Promise<Seen>): Promise<string> => asked.then(outcome, () => 'no answer');
const names = ({ rows }: Seen): readonly unknown[] => rows.map((row) => row['username']);

describe('a write that is cut off', () => {
  test.each<[FaultKind, string, boolean]>([
    [{ kind: 'reset-before-commit' }, 'no answer', false],
    [{ kind: 'reset-after-commit' }, 'no answer', true],
    [{ kind: 'truncated-body' }, 'no answer', true],
    [{ kind: 'error', status: 502 }, '502', false],
    [{ kind: 'error', status: 504, isAfterCommit: true }, '504', true],
    [{ kind: 'error', status: 500, body: 'json', id: 'app.user.save.app_error' }, '500 app.user.save.app_error', false],
    [{ kind: 'rate-limit', retryAfter: 1 }, '429', false],
    [{ kind: 'broken-json' }, '201', true],
    [{ kind: 'wrong-type' }, '201', true],
  ])('by %o: the client sees "%s"', async (fault, expected, isDone) => {
    const sandbox = await sandboxFor();
    sandbox.faults.add({ ...fault, match: { method: 'POST', path: '/users' } });

    const seen = await orFailure(create(sandbox));

    expect(seen).toBe(expected);
    expect(sandbox.control.user('ada') !== undefined).toBe(isDone);
    expect(sandbox.requests.at(-1)).toMatchObject({ path: '/api/v4/users', faults: [fault.kind] });
  });

  test.each([
    ['reset', 'no answer'],
    ['gateway-timeout', '504'],
  ] as const)(
    'late: the client sees a %s, and the write is done when it is let through',
    async (meanwhile, expected) => {
      const sandbox = await sandboxFor();
      sandbox.faults.add({ kind: 'late-commit', meanwhile, match: { method: 'POST' } });

      const seen = await orFailure(create(sandbox));
      const before = sandbox.control.user('ada');

      expect([seen, before, sandbox.faults.pending]).toEqual([expected, undefined, 1]);
      expect(sandbox.faults.flush()).toBe(1);
      expect(sandbox.control.user('ada')?.email).toBe('ada@example.com');
      expect([sandbox.faults.pending, sandbox.faults.flush()]).toEqual([0, 0]);
    },
  );

  test('by a server that hangs, until the client gives up', async () => {
    const sandbox = await sandboxFor();
    sandbox.faults.add({ kind: 'hang' });
    const stop = new AbortController();
    const asked = fetch(`${sandbox.url}/api/v4/system/ping`, { signal: stop.signal }).then(
      () => 'answered',
      () => 'gave up',
    );

    await expect.poll(() => sandbox.requests.length).toBe(1);
    stop.abort();

    expect(await asked).toBe('gave up');
    expect(sandbox.requests[0]).toMatchObject({ status: 0, faults: ['hang'] });
  });
});

describe('which requests it strikes', () => {
  test.each<[string, FaultMatch, readonly boolean[]]>([
    ['every one', {}, [true, true, true]],
    ['a method', { method: 'get' }, [true, false, true]],
    ['a path', { path: '/users' }, [false, true, false]],
    ['a pattern with a star', { path: '/users/*' }, [true, false, false]],
    ['a regular expression', { path: /ping$/ }, [false, false, true]],
    ['the second one', { nth: 2 }, [false, true, false]],
    ['the second of a method', { method: 'GET', nth: 2 }, [false, false, true]],
    ['some of them', { nth: [1, 3] }, [true, false, true]],
  ])('%s', async (_what, match, expected) => {
    const sandbox = await sandboxFor();
    const fault = sandbox.faults.add({ kind: 'error', status: 503, match, times: Number.POSITIVE_INFINITY });
    const ask = admin(sandbox);

    const seen = [await ask('GET', '/users/me'), await ask('POST', '/users', {}), await ask('GET', '/system/ping')];

    expect(seen.map(({ status }) => status === 503)).toEqual(expected);
    expect(fault.hits).toBe(expected.filter(Boolean).length);
  });

  test('once by default, more often when told, and no more when removed', async () => {
    const sandbox = await sandboxFor();
    const ping = async (): Promise<number> => (await admin(sandbox)('GET', '/system/ping')).status;

    sandbox.faults.add({ kind: 'error', status: 500 });
    const once = [await ping(), await ping()];
    const twice = sandbox.faults.add({ kind: 'error', status: 500, times: 2 });
    const again = [await ping(), await ping(), await ping()];
    const removed = sandbox.faults.add({ kind: 'error', status: 500 });
    removed.remove();

    expect([once, again, await ping()]).toEqual([[500, 200], [500, 500, 200], 200]);
    expect([twice.hits, removed.hits]).toEqual([2, 0]);
    sandbox.faults.add({ kind: 'error', status: 500 });
    sandbox.faults.clear();
    expect(await ping()).toBe(200);
  });

  test('for a while, as a storm does', async () => {
    const clock = testClock();
    const sandbox = await sandboxFor({ clock });
    sandbox.faults.add({ kind: 'rate-limit', retryAfter: 60, times: Number.POSITIVE_INFINITY, forMs: 600_000 });
    const ping = async (): Promise<number> => (await admin(sandbox)('GET', '/system/ping')).status;

    const start = await ping();
    clock.tick(599_999);
    const nearTheEnd = await ping();
    clock.tick(1);

    expect([start, nearTheEnd, await ping()]).toEqual([429, 429, 200]);
  });
});

describe('answers that are odd', () => {
  test.each([
    [1, '1'],
    [60, '60'],
    ['-5', '-5'],
    ['Thu, 15 Jan 2026 12:00:00 GMT', 'Thu, 15 Jan 2026 12:00:00 GMT'],
    [undefined, null],
  ])('a limit with Retry-After %o', async (retryAfter, expected) => {
    const sandbox = await sandboxFor();
    sandbox.faults.add({ kind: 'rate-limit', ...(retryAfter === undefined ? {} : { retryAfter }) });

    const seen = await admin(sandbox)('GET', '/users/me');

    expect([seen.status, seen.headers.get('retry-after'), seen.text]).toEqual([429, expected, 'limit exceeded\n']);
  });

  test('an error page, with headers of its own', async () => {
    const sandbox = await sandboxFor();
    sandbox.faults.add({ kind: 'error', status: 503, headers: { 'Retry-After': '20' } });
    sandbox.faults.add({ kind: 'error', status: 500, body: 'empty', match: { path: '/users/me' } });

    const page = await admin(sandbox)('GET', '/system/ping');
    const empty = await admin(sandbox)('GET', '/users/me');

    expect(page.text).toContain('<h1>503</h1>');
    expect([page.headers.get('content-type'), page.headers.get('retry-after')]).toEqual(['text/html', '20']);
    expect([empty.status, empty.text]).toEqual([500, '']);
  });

  test('JSON of another shape, and JSON cut short', async () => {
    const sandbox = await sandboxFor();
    sandbox.faults.add({ kind: 'wrong-type', value: { users: [] } });
    sandbox.faults.add({ kind: 'broken-json', keep: 0.1, match: { nth: 2 } });

    const odd = await admin(sandbox)('GET', '/users');
    const cut = await admin(sandbox)('GET', '/users');

    expect([odd.status, odd.text]).toEqual([200, '{"users":[]}']);
    expect(cut.status).toBe(200);
    expect(() => JSON.parse(cut.text)).toThrow(SyntaxError);
  });

  test('a body that drips, by the virtual clock', async () => {
    const waits: number[] = [];
    const sandbox = await sandboxFor({ sleep: async (ms) => void waits.push(ms) });
    sandbox.faults.add({ kind: 'slow-body', chunkBytes: 40, delayMs: 1000 });

    const seen = await admin(sandbox)('GET', '/users/stats');

    expect(seen.json).toEqual({ total_users_count: 1 });
    expect(waits).toEqual([1000]);
  });

  test('latency that counts in the ledger without a timer', async () => {
    const sandbox = await sandboxFor({ clock: testClock() });
    sandbox.faults.add({ kind: 'latency', ms: 30_000 });

    const seen = await admin(sandbox)('GET', '/users/me');

    expect(seen.status).toBe(200);
    expect(sandbox.requests[0]?.durationMs).toBe(30_000);
  });

  test('latency by a real timer when asked for', async () => {
    const sandbox = await sandboxFor();
    sandbox.faults.add({ kind: 'latency', ms: 5, isReal: true });
    const start = performance.now();

    await admin(sandbox)('GET', '/users/me');

    expect(performance.now() - start).toBeGreaterThan(4);
  });
});

describe('lists that are wrong', () => {
  const users = ['a', 'b', 'c', 'd'].map((username) => ({ username }));

  test.each<[FaultKind, readonly string[]]>([
    [{ kind: 'short-page', drop: 1 }, ['c']],
    [{ kind: 'empty-page' }, []],
    [{ kind: 'repeated-page' }, ['a', 'b']],
  ])('%o', async (fault, expected) => {
    const sandbox = await sandboxFor({ seed: { users } });
    sandbox.faults.add({ ...fault, match: { path: '/users' } });

    const page = await admin(sandbox)('GET', '/users?per_page=2&page=1');
    const again = await admin(sandbox)('GET', '/users?per_page=2&page=1');

    expect(names(page)).toEqual(expected);
    expect(names(again)).toEqual(['c', 'd']);
  });

  test('stale ones: lists and names show accounts as they were, ids show them as they are', async () => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'ada', nickname: 'before' }] } });
    const id = sandbox.control.user('ada')?.id ?? '';
    const ask = admin(sandbox);
    await ask('PUT', `/users/${id}/patch`, { nickname: 'after', username: 'countess' });
    await ask('POST', '/users', { ...ada, username: 'new', email: 'new@example.com' });
    sandbox.faults.add({ kind: 'stale-read', writes: 2, times: Number.POSITIVE_INFINITY });

    const list = await ask('GET', '/users');
    const byName = await ask('GET', '/users/username/ada');
    const byNewName = await ask('POST', '/users/usernames', ['countess', 'new']);
    const byId = await ask('GET', `/users/${id}`);

    expect(names(list)).toEqual(['ada', 'sandbox-admin']);
    expect(byName.json['nickname']).toBe('before');
    expect(byNewName.rows).toEqual([]);
    expect(byId.json).toMatchObject({ nickname: 'after', username: 'countess' });
  });

  test('stale ones: no one is missing who was there at the start', async () => {
    const sandbox = await sandboxFor({
      seed: { teams: ['core'], users: [{ username: 'ada', nickname: 'before', teams: ['core'] }] },
    });
    const ask = admin(sandbox);
    await ask('PUT', `/users/${sandbox.control.user('ada')?.id ?? ''}/patch`, { nickname: 'after' });
    sandbox.faults.add({ kind: 'stale-read', writes: 9, times: Number.POSITIVE_INFINITY });

    const list = await ask('GET', '/users');
    const byName = await ask('GET', '/users/username/ada');
    const members = await ask('GET', `/teams/${sandbox.snapshot().teams[0]?.id ?? ''}/members`);

    expect(names(list)).toEqual(['ada', 'sandbox-admin']);
    expect(byName.json['nickname']).toBe('before');
    expect(members.rows).toHaveLength(1);
  });

  test('leave errors and objects alone', async () => {
    const sandbox = await sandboxFor();
    sandbox.faults.add({ kind: 'empty-page', times: 2 });

    expect((await admin(sandbox)('GET', '/users?sort=x')).status).toBe(400);
    expect((await admin(sandbox)('GET', '/users/me')).json['username']).toBe('sandbox-admin');
  });
});

test('faults add up: latency and a reset on one request', async () => {
  const sandbox = await sandboxFor({ clock: testClock() });
  sandbox.faults.add({ kind: 'latency', ms: 100 });
  sandbox.faults.add({ kind: 'reset-after-commit' });

  const seen = await orFailure(create(sandbox));

  expect(seen).toBe('no answer');
  expect(sandbox.requests[0]).toMatchObject({ durationMs: 100, status: 0, faults: ['latency', 'reset-after-commit'] });
  expect(sandbox.control.user('ada')).toBeDefined();
});
