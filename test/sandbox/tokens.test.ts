import { describe, expect, test } from 'vitest';
import type { Sandbox, SandboxConfig } from '../../src/sandbox/index.ts';
import { admin, as, expired, member, noon, outcome, type Seen, sandboxFor, testClock } from './support.ts';

const seed = { users: [{ username: 'ada' }, { username: 'bob' }] };
const pathOf = (sandbox: Sandbox, name = 'ada'): string => `/users/${sandbox.control.user(name)?.id}`;
const make = (sandbox: Sandbox, description = 'ci', more: object = {}): Promise<Seen> =>
  admin(sandbox)('POST', `${pathOf(sandbox)}/tokens`, { description, ...more });
const descriptions = ({ rows }: Seen): readonly string[] => rows.map((row) => String(row['description'])).toSorted();

describe('a new token', () => {
  test('shows its secret once, works, and is mailed about', async () => {
    const sandbox = await sandboxFor({ seed });

    const made = await make(sandbox);
    const secret = String(made.json['token']);
    const me = await as(sandbox, secret)('GET', '/users/me');
    const read = await admin(sandbox)('GET', `/users/tokens/${made.field('id')}`);

    expect(made.status).toBe(200);
    expect(Object.keys(made.json)).toEqual(['id', 'token', 'user_id', 'description', 'is_active']);
    expect(me.json['username']).toBe('ada');
    expect(read.json).toEqual({
      id: made.json['id'],
      user_id: made.json['user_id'],
      description: 'ci',
      is_active: true,
    });
    expect(JSON.stringify(sandbox.requests)).not.toContain(secret);
    expect(sandbox.mails).toMatchObject([{ kind: 'token-added', to: 'ada@example.com' }]);
  });

  test('may be made for someone inactive, and works after the return', async () => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'ada', active: false }] } });

    const made = await make(sandbox);
    const ask = as(sandbox, String(made.json['token']));
    const away = outcome(await ask('GET', '/users/me'));
    await admin(sandbox)('PUT', `${pathOf(sandbox)}/active`, { active: true });

    expect([away, outcome(await ask('GET', '/users/me'))]).toEqual([expired, '200']);
  });
});

describe('lists', () => {
  test('of one person and of everybody are paged; a search is not', async () => {
    const sandbox = await sandboxFor({ seed });
    for (let index = 0; index < 205; index++) sandbox.control.createToken('ada', `t${index}`);
    sandbox.control.createToken('bob', 'of bob');
    const ask = admin(sandbox);

    const lengths = await Promise.all(
      [`${pathOf(sandbox)}/tokens`, `${pathOf(sandbox)}/tokens?per_page=999`, '/users/tokens?per_page=200&page=1'].map(
        async (path) => (await ask('GET', path)).rows.length,
      ),
    );
    const search = await ask('POST', '/users/tokens/search', { term: 'ada' });

    expect(lengths).toEqual([60, 200, 7]);
    expect(search.rows).toHaveLength(205);
  });

  test.each([
    ['the username', 'ada', ['one', 'two']],
    ['the username in capitals', 'ADA', []],
    ['a part of it', 'ad', []],
    ['a wildcard', '%', []],
  ])('a search by %s finds by equality alone', async (_what, term, expected) => {
    const sandbox = await sandboxFor({ seed });
    for (const name of ['one', 'two']) sandbox.control.createToken('ada', name);

    expect(descriptions(await admin(sandbox)('POST', '/users/tokens/search', { term }))).toEqual(expected);
  });

  test('a search takes the id of a token or of its owner', async () => {
    const sandbox = await sandboxFor({ seed });
    const { id } = sandbox.control.createToken('ada', 'one');
    sandbox.control.createToken('ada', 'two');
    const search = async (term: unknown): Promise<readonly string[]> =>
      descriptions(await admin(sandbox)('POST', '/users/tokens/search', { TERM: term }));

    expect(await search(id)).toEqual(['one']);
    expect(await search(sandbox.control.user('ada')?.id)).toEqual(['one', 'two']);
  });
});

describe('a token that exists', () => {
  test('is disabled, enabled and revoked by its id; the first two as often as one likes', async () => {
    const sandbox = await sandboxFor({ seed });
    const { id: token_id, secret } = sandbox.control.createToken('ada', 'ci');
    const change = async (verb: string): Promise<string> =>
      outcome(await admin(sandbox)('POST', `/users/tokens/${verb}`, { token_id }));
    const use = async (): Promise<string> => outcome(await as(sandbox, secret)('GET', '/users/me'));

    expect(await use()).toBe('200');
    expect([await change('disable'), await change('disable'), await use()]).toEqual(['200', '200', expired]);
    expect([await change('enable'), await change('enable'), await use()]).toEqual(['200', '200', '200']);
    expect([await change('revoke'), await use()]).toEqual(['200', expired]);
    expect(await change('revoke')).toBe('404 app.user_access_token.get_by_user.app_error');
  });

  test('is not known by its secret', async () => {
    const sandbox = await sandboxFor({ seed });
    const { secret } = sandbox.control.createToken('ada', 'ci');

    const seen = await admin(sandbox)('POST', '/users/tokens/revoke', { token_id: secret });

    expect(outcome(seen)).toBe('404 app.user_access_token.get_by_user.app_error');
  });

  test('outlives its sessions, also a new password', async () => {
    const sandbox = await sandboxFor({ seed });
    const { secret } = sandbox.control.createToken('ada', 'ci');
    const use = async (): Promise<string> => outcome(await as(sandbox, secret)('GET', '/users/me'));

    await use();
    await admin(sandbox)('POST', `${pathOf(sandbox)}/sessions/revoke/all`);
    const afterRevoke = await use();
    await admin(sandbox)('PUT', `${pathOf(sandbox)}/password`, { new_password: 'password2' });

    expect([afterRevoke, await use()]).toEqual(['200', '200']);
  });

  test('is refused while tokens are switched off, and can still be listed and revoked', async () => {
    const sandbox = await sandboxFor({ seed });
    const { id, secret } = sandbox.control.createToken('ada', 'ci');
    const root = as(sandbox, sandbox.control.openSession('sandbox-admin'));
    const use = async (): Promise<string> => outcome(await as(sandbox, secret)('GET', '/users/me'));
    const before = await use();

    sandbox.control.setConfig({ 'ServiceSettings.EnableUserAccessTokens': false });

    expect([before, await use()]).toEqual(['200', expired]);
    expect((await root('GET', `${pathOf(sandbox)}/tokens`)).rows).toHaveLength(1);
    expect(outcome(await root('POST', '/users/tokens/revoke', { token_id: id }))).toBe('200');
  });

  test('cannot be renamed: there is no such route', async () => {
    const sandbox = await sandboxFor({ seed });
    const { id } = sandbox.control.createToken('ada', 'ci');

    expect(outcome(await admin(sandbox)('PUT', `/users/tokens/${id}`, {}))).toBe('404 api.context.404.app_error');
  });
});

const day = 86_400_000;
const inPast = '400 app.user_access_token.expires_at_in_past.app_error';
const required = '400 app.user_access_token.expires_at_required.app_error';
const tooFar = '400 app.user_access_token.expires_at_too_far.app_error';
const atMost = (days: number): Partial<SandboxConfig> => ({
  'ServiceSettings.MaximumPersonalAccessTokenLifetimeDays': days,
});

describe('newer servers', () => {
  test('know an expiry, after which a token is refused', async () => {
    const clock = testClock();
    const sandbox = await sandboxFor({ clock, seed, version: '11.9.0' });

    const past = await make(sandbox, 'past', { expires_at: noon });
    const made = await make(sandbox, 'ci', { expires_at: noon + 1000 });
    const use = async (): Promise<string> => outcome(await as(sandbox, String(made.json['token']))('GET', '/users/me'));
    const before = await use();
    const [session] = (await admin(sandbox)('GET', `${pathOf(sandbox)}/sessions`)).rows;
    clock.tick(1000);

    expect(outcome(past)).toBe(inPast);
    expect(made.json['expires_at']).toBe(noon + 1000);
    expect(session?.['expires_at']).toBe(noon + 1000);
    expect([before, await use()]).toEqual(['200', expired]);
  });

  test('show an expiry of 0 for tokens that live for good', async () => {
    const sandbox = await sandboxFor({ seed, version: '11.9.0' });

    expect((await make(sandbox)).json['expires_at']).toBe(0);
    expect((await admin(sandbox)('GET', `${pathOf(sandbox)}/tokens`)).rows).toMatchObject([{ expires_at: 0 }]);
  });

  test('delete what has expired, within the hour', async () => {
    const clock = testClock();
    const sandbox = await sandboxFor({ clock, seed, version: '11.9.0' });
    sandbox.control.createToken('ada', { description: 'short', expires_at: noon + 1000 });
    sandbox.control.createToken('ada', { description: 'long', expires_at: noon + 2 * 3_600_000 });
    sandbox.control.createToken('ada', 'for good');
    const list = async (): Promise<readonly string[]> =>
      descriptions(await admin(sandbox)('GET', `${pathOf(sandbox)}/tokens`));

    clock.tick(3_599_999);
    const before = await list();
    clock.tick(1);

    expect(before).toEqual(['for good', 'long', 'short']);
    expect(await list()).toEqual(['for good', 'long']);
    clock.tick(3_600_000);
    expect(await list()).toEqual(['for good']);
  });

  test.each([
    ['no expiry', {}, required],
    ['an expiry as far ahead as may be', { expires_at: noon + 30 * day }, '200'],
    ['an expiry a moment further', { expires_at: noon + 30 * day + 1 }, tooFar],
    ['an expiry that has gone by', { expires_at: noon - 1 }, inPast],
    ['a negative expiry', { expires_at: -1 }, inPast],
  ])('with a longest life of 30 days: %s', async (_what, more, expected) => {
    const sandbox = await sandboxFor({ clock: testClock(), seed, version: '11.9.0', config: atMost(30) });

    expect(outcome(await make(sandbox, 'ci', more))).toBe(expected);
  });

  test('ask no bot for an expiry', async () => {
    const bot = { username: 'robot', is_bot: true };
    const sandbox = await sandboxFor({ seed: { users: [bot] }, version: '11.9.0', config: atMost(30) });

    const made = await admin(sandbox)('POST', `${pathOf(sandbox, 'robot')}/tokens`, { description: 'ci' });

    expect(outcome(made)).toBe('200');
  });

  test('say the longest life to everyone who is signed in', async () => {
    const keyOf = async (version: string, token?: string): Promise<unknown> => {
      const sandbox = await sandboxFor({ seed, version, config: atMost(30) });
      const { json } = await as(sandbox, token ?? sandbox.adminToken)('GET', '/config/client?format=old');
      return json['MaximumPersonalAccessTokenLifetimeDays'];
    };

    expect([await keyOf('11.9.0'), await keyOf('11.9.0', ''), await keyOf('11.8.0')]).toEqual([
      '30',
      undefined,
      undefined,
    ]);
  });

  test('can rotate: a new secret under the same id, and the old one is dead', async () => {
    const sandbox = await sandboxFor({ seed, version: '11.10.0' });
    const { id, secret } = sandbox.control.createToken('ada', 'ci');
    await as(sandbox, secret)('GET', '/users/me');

    const rotated = await admin(sandbox)('POST', '/users/tokens/rotate', { token_id: id });

    expect(rotated.json).toMatchObject({ id, description: 'ci' });
    expect(outcome(await as(sandbox, secret)('GET', '/users/me'))).toBe(expired);
    expect(outcome(await as(sandbox, String(rotated.json['token']))('GET', '/users/me'))).toBe('200');
    expect(sandbox.mails).toMatchObject([{ kind: 'token-rotated', to: 'ada@example.com' }]);
  });

  test('take an expiry away in a rotation that names none', async () => {
    const sandbox = await sandboxFor({ clock: testClock(), seed, version: '11.10.0' });
    const { id: token_id } = sandbox.control.createToken('ada', { description: 'ci', expires_at: noon + day });
    const rotate = async (more: object): Promise<unknown> =>
      (await admin(sandbox)('POST', '/users/tokens/rotate', { token_id, ...more })).json['expires_at'];

    expect([await rotate({}), await rotate({ expires_at: noon + 2 * day })]).toEqual([0, noon + 2 * day]);
  });

  test.each([
    ['no id', () => ({}), '400 api.context.invalid_body_param.app_error'],
    ['another body', () => [], '400 api.context.invalid_body_param.app_error'],
    ['an unknown token', () => ({ token_id: 'nobody' }), '404 app.user_access_token.get_by_user.app_error'],
    [
      'a token that is disabled',
      (sandbox: Sandbox) => ({
        token_id: sandbox.control.createToken('ada', { description: 'off', active: false }).id,
      }),
      '400 api.user.rotate_user_access_token.disabled_token.app_error',
    ],
    [
      'an expiry too far ahead',
      (sandbox: Sandbox) => ({ token_id: sandbox.control.createToken('ada', 'ci').id, expires_at: noon + 31 * day }),
      tooFar,
    ],
  ])('refuse to rotate %s', async (_what, bodyOf, expected) => {
    const sandbox = await sandboxFor({ clock: testClock(), seed, version: '11.10.0', config: atMost(30) });

    expect(outcome(await admin(sandbox)('POST', '/users/tokens/rotate', bodyOf(sandbox)))).toBe(expected);
  });
});

test('older servers read no expiry, and keep none', async () => {
  const clock = testClock();
  const sandbox = await sandboxFor({ clock, seed, version: '11.8.0', config: atMost(30) });

  const made = await make(sandbox, 'ci', { expires_at: noon + 1000 });
  const planted = sandbox.control.createToken('ada', { description: 'planted', expires_at: noon + 1000 });
  clock.tick(2 * 3_600_000);
  const uses = await Promise.all(
    [made.field('token'), planted.secret].map(async (secret) => outcome(await as(sandbox, secret)('GET', '/users/me'))),
  );

  expect(Object.keys(made.json)).not.toContain('expires_at');
  expect(uses).toEqual(['200', '200']);
});

test('a person with the role manages own tokens, and sees no one else’s', async () => {
  const sandbox = await sandboxFor({ seed });
  sandbox.control.updateUser('ada', { roles: 'system_user system_user_access_token' });
  const { ask } = member(sandbox, 'ada');
  const id = (await ask('POST', '/users/me/tokens', { description: 'mine' })).field('id');

  const seen = [
    await ask('GET', `/users/tokens/${id}`),
    await ask('POST', '/users/tokens/disable', { token_id: id }),
    await ask('POST', '/users/tokens/enable', { token_id: id }),
    await ask('POST', '/users/tokens/revoke', { token_id: id }),
  ];

  expect(seen.map(outcome)).toEqual(['200', '200', '200', '200']);
});

test('edits from behind are seen by everybody at once', async () => {
  const sandbox = await sandboxFor({ seed });
  const { id, secret } = sandbox.control.createToken('ada', { description: 'ci', active: false });
  const use = async (): Promise<string> => outcome(await as(sandbox, secret)('GET', '/users/me'));

  const inactive = await use();
  sandbox.control.setTokenActive(id, true);
  const active = await use();
  sandbox.control.removeToken(id);

  expect([inactive, active, await use()]).toEqual([expired, '200', expired]);
  expect(() => sandbox.control.removeToken(id)).toThrow('no token');
  expect(() => sandbox.control.createToken('nobody', 'x')).toThrow('no account');
});
