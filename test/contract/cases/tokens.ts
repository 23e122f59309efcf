import { expect } from 'vitest';
import { type ContractCase, type ContractCases, fact, refusal } from '../support/contract-case.ts';
import {
  expectOk,
  expectRefused,
  forbidden,
  invalidBody,
  invalidUrl,
  keysOf,
  listOf,
  noRoute,
  noSession,
  noToken,
  numberOf,
  objectOf,
  type Refused,
  textOf,
} from '../support/expectations.ts';
import type { Member, Stage } from '../support/stage.ts';

const noSecretKeys = ['id', 'user_id', 'description', 'is_active'];
const switchedOff: Refused = [501, 'app.user_access_token.disabled'];
const tokensOff = { config: { 'ServiceSettings.EnableUserAccessTokens': false } } as const;

/** A member who may make tokens for itself. */
async function maker(stage: Stage): Promise<Member> {
  const member = await stage.member();
  await stage.admin.put(`/users/${member.id}/roles`, { roles: 'system_user system_user_access_token' });
  return member;
}

const works = async (stage: Stage, secret: string): Promise<boolean> =>
  (await stage.as(secret).get('/users/me')).status === 200;

const creates: readonly ContractCase[] = [
  fact('answers 200 with the secret, this one time', async (stage) => {
    const { id: owner } = await stage.person();

    const reply = await stage.admin.post(`/users/${owner}/tokens`, { description: 'one' });
    const made = objectOf(reply);

    expect(keysOf(made)).toEqual(['id', 'token', 'user_id', 'description', 'is_active']);
    expect(made).toMatchObject({ user_id: owner, description: 'one', is_active: true });
    expect(made['id']).toMatch(/^[ybndrfg8ejkmcpqxot1uwisza345h769]{26}$/);
    expect(made['token']).toMatch(/^[ybndrfg8ejkmcpqxot1uwisza345h769]{26}$/);
    expect(reply.text.endsWith('\n')).toBe(true);
    expect(await works(stage, textOf(made['token']))).toBe(true);
    expect(keysOf(objectOf(await stage.admin.get(`/users/tokens/${textOf(made['id'])}`)))).toEqual(noSecretKeys);
  }),
  fact('makes another for the same description', async (stage) => {
    const { id } = await stage.person();

    expect((await stage.token(id, 'same')).id).not.toBe((await stage.token(id, 'same')).id);
  }),
  ...[{}, { description: '' }, { description: null }, '[]', '', '{"description":', { description: 7 }].map((body) =>
    refusal(`refuses ${JSON.stringify(body)}`, invalidBody, async (stage) =>
      stage.admin.post(`/users/${(await stage.target()).id}/tokens`, body),
    ),
  ),
  refusal(
    'fails with a character that the database does not keep',
    [500, 'app.user_access_token.save.app_error'],
    async (stage) => stage.admin.post(`/users/${(await stage.person()).id}/tokens`, { description: 'a\u0000b' }),
  ),
  fact('takes 255 bytes of description, not 256', async (stage) => {
    const { id } = await stage.person();

    await stage.token(id, 'x'.repeat(255));
    expectRefused(await stage.admin.post(`/users/${id}/tokens`, { description: 'ü'.repeat(128) }), [
      400,
      'model.user_access_token.is_valid.description.app_error',
    ]);
  }),
  fact('finds its key in any case', async (stage) => {
    const { id } = await stage.person();

    expect(objectOf(await stage.admin.post(`/users/${id}/tokens`, { DESCRIPTION: 'x' }))['description']).toBe('x');
  }),
  refusal('refuses a member without the role, for itself too', forbidden, async (stage) =>
    (await stage.sharedMember()).caller.post('/users/me/tokens', { description: 'x' }),
  ),
  fact('serves a member with the role, for itself alone', async (stage) => {
    const { id, caller } = await maker(stage);

    expect(objectOf(await caller.post('/users/me/tokens', { description: 'x' }))['user_id']).toBe(id);
    expectRefused(await caller.post(`/users/${(await stage.target()).id}/tokens`, { description: 'x' }), forbidden);
  }),
  fact('makes a token for somebody inactive, which works after the return', async (stage) => {
    const { id } = await stage.person();
    await stage.admin.delete(`/users/${id}`);

    const { secret } = await stage.token(id);

    expect(await works(stage, secret)).toBe(false);
    expectOk(await stage.admin.put(`/users/${id}/active`, { active: true }));
    expect(await works(stage, secret)).toBe(true);
  }),
  fact('leaves update_at of the owner alone', async (stage) => {
    const { id } = await stage.person();
    const before = await stage.read(id);

    const { id: tokenId, secret } = await stage.token(id);
    await works(stage, secret);
    await stage.admin.post('/users/tokens/revoke', { token_id: tokenId });

    expect((await stage.read(id))['update_at']).toBe(before['update_at']);
  }),
  fact('opens a session for a hundred years when it is first used', async (stage) => {
    const { id } = await stage.person();
    const token = await stage.token(id);
    expect(listOf(await stage.admin.get(`/users/${id}/sessions`))).toEqual([]);

    await works(stage, token.secret);

    const [session] = listOf(await stage.admin.get(`/users/${id}/sessions`));
    expect(session?.['props']).toMatchObject({ type: 'UserAccessToken', user_access_token_id: token.id });
    const years = (numberOf(session?.['expires_at']) - numberOf(session?.['create_at'])) / (365 * 24 * 3_600_000);
    expect(years).toBeCloseTo(100, 1);
  }),
  fact(
    'is switched off for people, whose tokens stop working, and who can still be cleaned up',
    async (stage) => {
      const { id } = await stage.person();

      expectRefused(await stage.admin.post(`/users/${id}/tokens`, { description: 'x' }), switchedOff);
      expect(listOf(await stage.admin.get(`/users/${id}/tokens`))).toEqual([]);
      const old = stage.server.sandbox?.control.createToken(id, 'old');
      if (old === undefined) return;
      expectRefused(await stage.as(old.secret).get('/users/me'), noSession);
      for (const action of ['disable', 'enable', 'revoke']) {
        expectOk(await stage.admin.post(`/users/tokens/${action}`, { token_id: old.id }));
      }
    },
    tokensOff,
  ),
];

const ofUser: readonly ContractCase[] = [
  fact('lists them without secrets', async (stage) => {
    const { id } = await stage.person();
    const made = [await stage.token(id, 'a'), await stage.token(id, 'b')];

    const reply = await stage.admin.get(`/users/${id}/tokens`);

    expect(
      listOf(reply)
        .map((row) => String(row['id']))
        .toSorted(),
    ).toEqual(made.map((token) => token.id).toSorted());
    expect(listOf(reply).every((row) => keysOf(row).join() === noSecretKeys.join())).toBe(true);
    expect(reply.text.endsWith('\n')).toBe(false);
  }),
  fact('pages, and ends in empty pages', async (stage) => {
    const { id } = await stage.person();
    for (const name of ['a', 'b', 'c']) await stage.token(id, name);
    const count = async (query: string): Promise<number> =>
      listOf(await stage.admin.get(`/users/${id}/tokens?${query}`)).length;

    expect(await count('per_page=2')).toBe(2);
    expect(await count('per_page=2&page=1')).toBe(1);
    expect(await count('per_page=2&page=2')).toBe(0);
    expect(await count('per_page=0')).toBe(0);
    expect(await count('per_page=x&page=x')).toBe(3);
  }),
  refusal('answers 500 for a negative page', [500, noToken[1]], async (stage) =>
    stage.admin.get(`/users/${(await stage.target()).id}/tokens?page=-1`),
  ),
  fact('is empty as "[]"', async (stage) => {
    expect((await stage.admin.get(`/users/${(await stage.person()).id}/tokens`)).text).toBe('[]');
    expect((await stage.admin.get(`/users/${stage.unknownId}/tokens`)).text).toBe('[]');
  }),
  fact('shows a member with the role its own', async (stage) => {
    const { caller } = await maker(stage);
    await caller.post('/users/me/tokens', { description: 'x' });

    expect(listOf(await caller.get('/users/me/tokens'))).toHaveLength(1);
    expectRefused(await caller.get(`/users/${(await stage.target()).id}/tokens`), forbidden);
  }),
];

const all: readonly ContractCase[] = [
  fact('lists everybody’s, in pages that hold each once', async (stage) => {
    const { id } = await stage.person();
    const made = [await stage.token(id, 'a'), await stage.token(id, 'b')];
    const found: unknown[] = [];
    for (let page = 0; ; page++) {
      const rows = listOf(await stage.admin.get(`/users/tokens?per_page=200&page=${page}`));
      found.push(...rows.map((row) => row['id']));
      if (rows.length < 200) break;
    }

    expect(found).toEqual(expect.arrayContaining(made.map((token) => token.id)));
  }),
  fact('takes a negative page for the first', async (stage) => {
    await stage.token((await stage.person()).id);

    expect(listOf(await stage.admin.get('/users/tokens?page=-1&per_page=1'))).toHaveLength(1);
  }),
  fact('shows no secrets', async (stage) => {
    await stage.token((await stage.person()).id);

    expect(keysOf(listOf(await stage.admin.get('/users/tokens?per_page=1'))[0])).toEqual(noSecretKeys);
  }),
];

const searches: readonly ContractCase[] = [
  fact('finds by owner’s name, owner’s id and own id, and by nothing else', async (stage) => {
    const { id, username, email } = await stage.person();
    const token = await stage.token(id, 'needle');
    const find = async (term: string): Promise<readonly unknown[]> =>
      listOf(await stage.admin.post('/users/tokens/search', { term })).map((row) => row['id']);

    for (const term of [username, id, token.id]) expect(await find(term), term).toEqual([token.id]);
    for (const term of [username.slice(0, -1), username.toUpperCase(), email, 'needle', token.secret, '%']) {
      expect(await find(term), term).toEqual([]);
    }
  }),
  fact('gives all of them, without pages or secrets', async (stage) => {
    const { id, username } = await stage.person();
    for (let count = 0; count < 70; count++) await stage.token(id, String(count));

    const rows = listOf(await stage.admin.post('/users/tokens/search', { term: username }));

    expect(rows).toHaveLength(70);
    expect(keysOf(rows[0])).toEqual(noSecretKeys);
  }),
  fact('finds those of somebody inactive', async (stage) => {
    const { id, username } = await stage.person();
    await stage.token(id);
    await stage.admin.delete(`/users/${id}`);

    const [row] = listOf(await stage.admin.post('/users/tokens/search', { term: username }));
    expect(row?.['is_active']).toBe(true);
  }),
  ...[{}, { term: '' }, '', '[]', '{"term":', { term: 7 }].map((body) =>
    refusal(`refuses ${JSON.stringify(body)}`, invalidBody, (stage) => stage.admin.post('/users/tokens/search', body)),
  ),
  fact('finds its key in any case', async (stage) => {
    const { id, username } = await stage.person();
    await stage.token(id);

    expect(listOf(await stage.admin.post('/users/tokens/search', { TERM: username }))).toHaveLength(1);
  }),
];

const one: readonly ContractCase[] = [
  fact('shows it without its secret', async (stage) => {
    const { id: owner } = await stage.person();
    const { id } = await stage.token(owner, 'one');

    const reply = await stage.admin.get(`/users/tokens/${id}`);

    expect(objectOf(reply)).toEqual({ id, user_id: owner, description: 'one', is_active: true });
    expect(reply.text.endsWith('\n')).toBe(true);
  }),
  fact('shows a member with the role its own alone', async (stage) => {
    const { id, caller } = await maker(stage);
    const [own, foreign] = [await stage.token(id), await stage.token((await stage.person()).id)];

    expect((await caller.get(`/users/tokens/${own.id}`)).status).toBe(200);
    expectRefused(await caller.get(`/users/tokens/${foreign.id}`), forbidden);
  }),
  refusal('does not know a token by its secret', noToken, async (stage) =>
    stage.admin.get(`/users/tokens/${(await stage.token((await stage.person()).id)).secret}`),
  ),
  refusal('takes a word for an id', invalidUrl, (stage) => stage.admin.get('/users/tokens/search')),
];

/** What disable, enable and revoke have in common. */
function changes(action: 'disable' | 'enable' | 'revoke'): readonly ContractCase[] {
  const path = `/users/tokens/${action}`;
  return [
    ...[{}, { token_id: '' }, { token_id: 'x' }, '', '[]', '{"token_id":', { token_id: 7 }].map((body) =>
      refusal(`knows no token for ${JSON.stringify(body)}`, noToken, (stage) => stage.admin.post(path, body)),
    ),
    refusal('does not know a token by its secret', noToken, async (stage) =>
      stage.admin.post(path, { token_id: (await stage.token((await stage.person()).id)).secret }),
    ),
    fact('serves a member with the role, for its own alone', async (stage) => {
      const { id, caller } = await maker(stage);
      const [own, foreign] = [await stage.token(id), await stage.token((await stage.person()).id)];

      expectRefused(await caller.post(path, { token_id: foreign.id }), forbidden);
      expectOk(await caller.post(path, { token_id: own.id }));
    }),
    fact('works for somebody inactive', async (stage) => {
      const { id } = await stage.person();
      const token = await stage.token(id);
      await stage.admin.delete(`/users/${id}`);

      expectOk(await stage.admin.post(path, { token_id: token.id }));
    }),
    refusal('has no route for GET', invalidUrl, (stage) => stage.admin.get(path)),
  ];
}

const disables: readonly ContractCase[] = [
  ...changes('disable'),
  fact('ends the token at once, and can be repeated', async (stage) => {
    const { id } = await stage.person();
    const token = await stage.token(id);
    expect(await works(stage, token.secret)).toBe(true);

    expectOk(await stage.admin.post('/users/tokens/disable', { token_id: token.id }));
    expectOk(await stage.admin.post('/users/tokens/disable', { token_id: token.id }));

    expect(await works(stage, token.secret)).toBe(false);
    expect(listOf(await stage.admin.get(`/users/${id}/sessions`))).toEqual([]);
    expect(objectOf(await stage.admin.get(`/users/tokens/${token.id}`))['is_active']).toBe(false);
  }),
];

const enables: readonly ContractCase[] = [
  ...changes('enable'),
  fact('brings the token back, and can be repeated', async (stage) => {
    const token = await stage.token((await stage.person()).id);
    await stage.admin.post('/users/tokens/disable', { token_id: token.id });

    expectOk(await stage.admin.post('/users/tokens/enable', { token_id: token.id }));
    expectOk(await stage.admin.post('/users/tokens/enable', { token_id: token.id }));

    expect(await works(stage, token.secret)).toBe(true);
    expect(objectOf(await stage.admin.get(`/users/tokens/${token.id}`))['is_active']).toBe(true);
  }),
];

const revokes: readonly ContractCase[] = [
  ...changes('revoke'),
  fact('deletes the token for good, once', async (stage) => {
    const { id } = await stage.person();
    const token = await stage.token(id);
    await works(stage, token.secret);

    expectOk(await stage.admin.post('/users/tokens/revoke', { token_id: token.id }));

    expect(await works(stage, token.secret)).toBe(false);
    expectRefused(await stage.admin.get(`/users/tokens/${token.id}`), noToken);
    expectRefused(await stage.admin.post('/users/tokens/revoke', { token_id: token.id }), noToken);
    expect(listOf(await stage.admin.get(`/users/${id}/sessions`))).toEqual([]);
  }),
];

export const tokenCases: ContractCases = {
  'users-user-id-tokens-post': creates,
  'users-user-id-tokens-get': ofUser,
  'users-tokens-get': all,
  'users-tokens-search-post': searches,
  'users-tokens-token-id-get': one,
  'users-tokens-disable-post': disables,
  'users-tokens-enable-post': enables,
  'users-tokens-revoke-post': revokes,
  'tokens.rotate': [
    refusal('is not there before 11.10', noRoute, (stage) =>
      stage.admin.post('/users/tokens/rotate', { token_id: stage.unknownId }),
    ),
  ],
};
