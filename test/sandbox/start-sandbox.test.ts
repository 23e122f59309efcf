import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { describe, expect, test } from 'vitest';
import {
  type RequestRecord,
  type SandboxOptions,
  SeedRefusedError,
  StateFileRefusedError,
  startSandbox,
  UnknownInSandboxError,
} from '../../src/sandbox/index.ts';
import { movingClock } from '../support/moving-clock.ts';
import { cert, key } from './fixtures/loopback-certificate.ts';
import { admin, as, expired, member, outcome, sandboxFor, testClock } from './support.ts';

const temporaryFile = async (): Promise<string> => join(await mkdtemp(join(tmpdir(), 'sandbox-')), 'state.json');

describe('the token of the administrator', () => {
  test('is a personal access token where those are switched on', async () => {
    const sandbox = await sandboxFor();

    const me = await admin(sandbox)('GET', '/users/me');

    expect(me.json).toMatchObject({ username: 'sandbox-admin', roles: 'system_admin system_user' });
    expect(sandbox.snapshot().tokens).toMatchObject([{ description: 'sandbox administrator', is_active: true }]);
  });

  test('is a session where the server would refuse the other', async () => {
    const sandbox = await sandboxFor({ config: { 'ServiceSettings.EnableUserAccessTokens': false } });

    const me = await admin(sandbox)('GET', '/users/me');

    expect(me.status).toBe(200);
    expect(sandbox.snapshot().tokens).toEqual([]);
  });

  test('is missing on a server that no one has signed up on, and the first sign-up becomes administrator', async () => {
    const sandbox = await sandboxFor({ seed: { admin: false } });
    const ask = as(sandbox);

    const before = await ask('GET', '/config/client');
    const first = await ask('POST', '/users', { username: 'root', email: 'root@example.com', password: 'password1' });
    const after = await ask('GET', '/config/client');

    expect(sandbox.adminToken).toBe('');
    expect(before.json['NoAccounts']).toBe('true');
    expect(first.json['roles']).toBe('system_admin system_user');
    expect(after.json['NoAccounts']).toBe('false');
  });
});

describe('the clock', () => {
  const stamps = async (options: SandboxOptions): Promise<readonly unknown[]> => {
    const ask = admin(await sandboxFor(options));
    const made = await ask('POST', '/users', { username: 'ada', email: 'ada@example.com', password: 'password1' });
    const after = await ask('PUT', `/users/${String(made.json['id'])}/patch`, {});
    return [made.json['update_at'], after.json['update_at']];
  };

  test('stands still in tests unless one is given, so that no test passes by luck', async () => {
    const startedMs = Date.now();

    const [first, second] = await stamps({});

    expect(second).toBe(first);
    expect(first).toBeGreaterThanOrEqual(startedMs);
    expect(first).toBeLessThanOrEqual(Date.now());
  });

  test('tells each write from the one before where it moves', async () => {
    const [first, second] = await stamps({ clock: movingClock() });

    expect(second).toBeGreaterThan(Number(first));
  });
});

describe('the seed', () => {
  test('plants people, bots, tokens and groups past all rules and limits', async () => {
    const users = Array.from({ length: 300 }, (_, index) => ({ username: `person${index}` }));
    const sandbox = await sandboxFor({
      seed: {
        admin: { username: 'root', email: 'root@corp.test' },
        users: [
          ...users,
          {
            username: 'ada',
            roles: ['system_user', 'system_post_all'],
            active: false,
            tokens: [{ description: 'ci', active: false }],
          },
          { username: 'helper', is_bot: true, owner: 'ada', bot_description: 'Helps' },
          { username: 'far', remote_id: 'elsewhere' },
        ],
        groups: ['developers'],
      },
    });

    const state = sandbox.snapshot();
    const limits = await admin(sandbox)('GET', '/limits/server');

    expect(state.people).toHaveLength(304);
    expect(state.people.find((person) => person.username === 'ada')).toMatchObject({
      roles: 'system_user system_post_all',
      passwordSet: false,
      delete_at: expect.any(Number),
    });
    expect(state.bots).toMatchObject([{ description: 'Helps', owner_id: sandbox.control.user('ada')?.id }]);
    expect(state.tokens.filter((token) => token.description === 'ci')).toMatchObject([{ is_active: false }]);
    expect(limits.json['activeUserCount']).toBe(301);
  });

  test.each([
    ['username', [{ username: 'ada' }, { username: 'ada', email: 'other@example.com' }]],
    ['email', [{ username: 'ada' }, { username: 'bob', email: 'ada@example.com' }]],
    [
      'auth data',
      [
        { username: 'ada', auth_data: 'x' },
        { username: 'bob', auth_data: 'x' },
      ],
    ],
    ['owner', [{ username: 'helper', is_bot: true, owner: 'nobody' }]],
  ])('is refused when it contradicts itself about %s', async (_what, users) => {
    await expect(startSandbox({ seed: { users } })).rejects.toThrow(SeedRefusedError);
  });
});

describe('where it listens', () => {
  test('answers below a base path, and the web app elsewhere', async () => {
    const sandbox = await sandboxFor({ basePath: '/chat' });

    const inside = await admin(sandbox)('GET', '/users/me');
    const outside = await fetch(`${sandbox.url.slice(0, -5)}/api/v4/users/me`);
    const page = await fetch(`${sandbox.url}/login`);

    expect(sandbox.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/chat$/);
    expect(inside.status).toBe(200);
    expect(outside.status).toBe(404);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  });

  test('speaks https with a certificate of its own, and cuts connections there too', async () => {
    const sandbox = await sandboxFor({ tls: { key, cert } });
    const dispatcher = new Agent({ connect: { ca: cert } });
    const ask = (path: string): Promise<number> =>
      request(`${sandbox.url}${path}`, { dispatcher }).then(async ({ statusCode, body }) => {
        await body.dump();
        return statusCode;
      });

    const trusted = await ask('/api/v4/system/ping');
    const untrusted = await as(sandbox)('GET', '/system/ping').then(outcome, () => 'refused');
    sandbox.faults.add({ kind: 'reset-after-commit' });
    const cut = await ask('/api/v4/system/ping').catch(() => 'cut');
    await dispatcher.close();

    expect(sandbox.url).toMatch(/^https:/);
    expect([trusted, untrusted, cut]).toEqual([200, 'refused', 'cut']);
  });

  test('is refused a port that is taken', async () => {
    const sandbox = await sandboxFor();

    await expect(startSandbox({ port: Number(new URL(sandbox.url).port) })).rejects.toThrow('EADDRINUSE');
  });

  test('goes down and comes up again on the same port with the same state', async () => {
    const sandbox = await sandboxFor();
    const ask = admin(sandbox);

    await sandbox.control.goDown();
    const refused = await ask('GET', '/users/me').then(
      () => 'answered',
      () => 'refused',
    );
    await sandbox.control.comeUp();
    const me = await ask('GET', '/users/me');

    expect(refused).toBe('refused');
    expect(me.status).toBe(200);
  });
});

describe('the state file', () => {
  test('brings back everything, and the seed is not looked at again', async () => {
    const stateFile = await temporaryFile();
    const first = await sandboxFor({ stateFile, seed: { users: [{ username: 'ada', password: 'password1' }] } });
    await admin(first)('PUT', `/users/${first.control.user('ada')?.id}/patch`, { nickname: 'Countess' });
    await admin(first)('POST', `/users/${first.control.user('ada')?.id}/tokens`, { description: 'ci' });
    const session = member(first, 'ada');
    await session.ask('PUT', '/users/me/preferences', [
      { user_id: session.id, category: 'muster', name: 'lease', value: 'x' },
    ]);
    await first.close();

    const second = await sandboxFor({ stateFile, seed: { users: [{ username: 'somebody-else' }] } });

    expect(second.snapshot()).toEqual({ ...first.snapshot(), config: second.snapshot().config });
    expect(second.adminToken).toBe(first.adminToken);
    expect(outcome(await admin(second)('GET', '/users/me'))).toBe('200');
  });

  test('is on disk, for its owner alone, before a write is answered', async () => {
    const stateFile = await temporaryFile();
    const sandbox = await sandboxFor({ stateFile });

    await admin(sandbox)('POST', '/users', { username: 'ada', email: 'ada@example.com', password: 'password1' });
    const content = await readFile(stateFile, 'utf8');

    expect(content).toContain('ada@example.com');
    expect(content).not.toContain('password1');
    expect((await stat(stateFile)).mode & 0o777).toBe(0o600);
  });

  test('is shared by writes at the same time, and none of them is lost', async () => {
    const stateFile = await temporaryFile();
    const sandbox = await sandboxFor({ stateFile });
    const ask = admin(sandbox);
    const names = Array.from({ length: 20 }, (_, index) => `person${index}`);

    await Promise.all(
      names.map((username) =>
        ask('POST', '/users', { username, email: `${username}@example.com`, password: 'password1' }),
      ),
    );
    const content = await readFile(stateFile, 'utf8');

    expect(names.filter((name) => !content.includes(`"${name}@example.com"`))).toEqual([]);
  });

  test('that cannot be written stops the write from being answered as done', async () => {
    const sandbox = await sandboxFor({ stateFile: await temporaryFile() });
    const gone = await mkdtemp(join(tmpdir(), 'sandbox-'));
    const other = await sandboxFor({ stateFile: join(gone, 'state.json') });
    await rm(gone, { recursive: true });

    const seen = await admin(other)('PUT', '/users/me/patch', {});
    await mkdir(gone);

    expect([seen.status, seen.text]).toEqual([500, expect.stringMatching(/^sandbox: Error: ENOENT/)]);
    expect(outcome(await admin(sandbox)('PUT', '/users/me/patch', {}))).toBe('200');
    expect(outcome(await admin(other)('PUT', '/users/me/patch', {}))).toBe('200');
  });

  test('that cannot be read is no reason to start afresh', async () => {
    await expect(startSandbox({ stateFile: tmpdir() })).rejects.toThrow('EISDIR');
  });

  test.each(['{', '{}', '[]', '{"sandbox":2,"tables":{}}'])('is refused when it is %s', async (content) => {
    const stateFile = await temporaryFile();
    await writeFile(stateFile, content);

    await expect(startSandbox({ stateFile })).rejects.toThrow(StateFileRefusedError);
  });
});

describe('the ledger', () => {
  test('names method, path, query, status, time and sender, and masks secrets', async () => {
    const clock = testClock();
    const lines: RequestRecord[] = [];
    const sandbox = await sandboxFor({ clock, log: (line) => lines.push(line) });

    await as(sandbox)('POST', '/users/login', { login_id: 'nobody', password: 'hunter2', token: '123456' });
    await admin(sandbox)('GET', '/users?per_page=1&access_token=secret');
    await as(sandbox)('POST', '/users/ids', 'no json');

    expect(sandbox.requests).toEqual(lines);
    expect(lines).toMatchObject([
      { at: clock(), method: 'POST', path: '/api/v4/users/login', status: 401, userId: '' },
      { query: '?per_page=1&access_token=(masked)', status: 200, durationMs: 0 },
      { body: '(not JSON)', status: 401 },
    ]);
    expect(lines[0]?.body).toEqual({ login_id: 'nobody', password: '(masked)', token: '(masked)' });
    expect(lines[1]?.userId).toBe(sandbox.control.user('sandbox-admin')?.id);
  });
});

describe('the control', () => {
  test('edits accounts past every rule, and reads them without secrets', async () => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'ada' }], groups: [] } });

    sandbox.control.updateUser('ada', { roles: 'nonsense', password: 'x' });
    sandbox.control.addGroup('developers');
    const taken = await admin(sandbox)('POST', '/users', {
      username: 'developers',
      email: 'd@x.y',
      password: 'password1',
    });
    const login = await as(sandbox)('POST', '/users/login', { login_id: 'ada', password: 'x' });
    sandbox.control.revokeSessions('ada');

    expect(sandbox.control.user('ada')).toMatchObject({ roles: 'nonsense', passwordSet: true, isBot: false });
    expect(sandbox.control.user('ada')).not.toHaveProperty('password');
    expect(outcome(taken)).toBe('400 app.user.save.username_exists.app_error');
    expect(outcome(await as(sandbox, login.headers.get('token') ?? '')('GET', '/users/me'))).toBe(expired);
    sandbox.control.deleteUser('ada');
    expect(sandbox.control.user('ada')).toBeUndefined();
    expect(() => sandbox.control.updateUser('ada', {})).toThrow(UnknownInSandboxError);
  });
});

describe('the snapshot', () => {
  test('is a copy without secrets', async () => {
    const sandbox = await sandboxFor();
    const { secret } = sandbox.control.createToken('sandbox-admin', 'ci');

    const state = sandbox.snapshot();
    await admin(sandbox)('POST', '/users', { username: 'ada', email: 'ada@example.com', password: 'password1' });

    expect(JSON.stringify(state)).not.toContain(secret);
    expect(JSON.stringify(state)).not.toContain(sandbox.adminToken);
    expect(state.people.map((person) => person.username)).toEqual(['sandbox-admin']);
  });
});

test('the same randomness and clock give the same ids', async () => {
  const options = { clock: testClock() };

  const first = await sandboxFor(options);
  const second = await sandboxFor(options);

  expect(second.adminToken).toBe(first.adminToken);
  expect(second.snapshot().people).toEqual(first.snapshot().people);
});

test('a token of one sandbox is nothing to another', async () => {
  const sandbox = await sandboxFor();

  const seen = await as(sandbox, 'x'.repeat(26))('GET', '/users/me');

  expect(outcome(seen)).toBe(expired);
});
