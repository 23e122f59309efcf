import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
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

  test('may be made for somebody inactive, and works after the return', async () => {
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

describe('newer servers', () => {
  test('know an expiry, after which a token is refused', async () => {
    const clock = testClock();
    const sandbox = await sandboxFor({ clock, seed, version: '11.9.0' });

    const past = await make(sandbox, 'past', { expires_at: noon - 1 });
    const made = await make(sandbox, 'ci', { expires_at: noon + 1000 });
    const use = async (): Promise<string> => outcome(await as(sandbox, String(made.json['token']))('GET', '/users/me'));
    const before = await use();
    clock.tick(1000);

    expect(past.status).toBe(400);
    expect(made.json['expires_at']).toBe(noon + 1000);
    expect([before, await use()]).toEqual(['200', expired]);
  });

  test('can rotate: a new secret under the same id, and the old one is dead', async () => {
    const sandbox = await sandboxFor({ seed, version: '11.10.0' });
    const { id, secret } = sandbox.control.createToken('ada', 'ci');
    await as(sandbox, secret)('GET', '/users/me');

    const rotated = await admin(sandbox)('POST', '/users/tokens/rotate', { token_id: id });

    expect(rotated.json).toMatchObject({ id, description: 'ci' });
    expect(outcome(await as(sandbox, secret)('GET', '/users/me'))).toBe(expired);
    expect(outcome(await as(sandbox, String(rotated.json['token']))('GET', '/users/me'))).toBe('200');
  });
});

test('a person with the role manages own tokens, and sees nobody else’s', async () => {
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
