import { expect } from 'vitest';
import type { Reply } from '../support/caller.ts';
import { type ContractCase, type ContractCases, fact, refusal } from '../support/contract-case.ts';
import {
  expectRefused,
  fieldsOf,
  forbidden,
  invalidBody,
  invalidUrl,
  keysOf,
  listOf,
  noRoute,
  noUser,
  numberOf,
  objectOf,
  type Refused,
  tooLarge,
  unreadable,
} from '../support/expectations.ts';
import type { Somebody, Stage } from '../support/stage.ts';
import { adminKeys, everyField, memberKeys, ownKeys } from './user-keys.ts';

// Reads of accounts: one by one, many by name or id, lists, search, counts.

const noName: Refused = [404, 'app.user.get_by_username.app_error'];
const hiddenEmail: Refused = [403, 'api.user.get_user_by_email.permissions.app_error'];
const hidesEmails = { config: { 'PrivacySettings.ShowEmailAddress': false } } as const;
const showsEmails = { config: { 'PrivacySettings.ShowEmailAddress': true } } as const;
const hidesNames = { config: { 'PrivacySettings.ShowFullName': false } } as const;
const showsEmailsAlone = { config: { ...showsEmails.config, ...hidesNames.config } } as const;

type Path = (somebody: Somebody) => string;

const byId: Path = ({ id }) => `/users/${id}`;
const byName: Path = ({ username }) => `/users/username/${username}`;
const byEmail: Path = ({ email }) => `/users/email/${email}`;

/** What the three reads of one account have in common. */
function oneByOne(path: Path, isByEmail: boolean): readonly ContractCase[] {
  // Members may only look by address where addresses are shown.
  const byMembers = isByEmail ? showsEmails : {};
  return [
    fact('shows an administrator all but what is only one’s own', async (stage) => {
      const reply = await stage.admin.get(path(await stage.person(everyField)));

      expect(reply.status).toBe(200);
      expect(keysOf(reply.json)).toEqual(adminKeys);
      expect(reply.text.endsWith('\n')).toBe(true);
    }),
    fact(
      'shows a member what everybody sees',
      async (stage) => {
        const reply = await (await stage.sharedMember()).caller.get(path(await stage.person(everyField)));

        expect(keysOf(reply.json)).toEqual(memberKeys);
        expect(objectOf(reply)).toMatchObject({ auth_data: '', auth_service: '' });
      },
      byMembers,
    ),
    fact(
      `shows people ${isByEmail ? 'no more of themselves than of others' : 'all of themselves'}`,
      async (stage) => {
        const member = await stage.member(everyField);

        expect(keysOf((await member.caller.get(path(member))).json)).toEqual(isByEmail ? memberKeys : ownKeys);
      },
      byMembers,
    ),
    fact('finds somebody inactive', async (stage) => {
      const person = await stage.person();
      await stage.admin.delete(`/users/${person.id}`);

      expect(numberOf(objectOf(await stage.admin.get(path(person)))['delete_at'])).toBeGreaterThan(0);
    }),
    fact('answers 304 to the very tag that it gave, bare', async (stage) => {
      const person = await stage.person();
      const first = await stage.admin.get(path(person));
      const etag = String(first.headers.etag);
      expect(etag).toBe(
        `${stage.server.version}.${person.id}.${String(objectOf(first)['update_at'])}..0.${String(stage.server.setting('PrivacySettings.ShowFullName'))}.${String(stage.server.setting('PrivacySettings.ShowEmailAddress'))}.0`,
      );

      const same = await stage.admin.get(path(person), { 'if-none-match': etag });
      const quoted = await stage.admin.get(path(person), { 'if-none-match': `"${etag}"` });

      expect({ status: same.status, etag: same.headers.etag, body: same.text }).toEqual({
        status: 304,
        etag,
        body: '',
      });
      expect(same.headers['content-type']).toBeUndefined();
      expect(quoted.status).toBe(200);
    }),
    fact('gives another tag after a write', async (stage) => {
      const person = await stage.person();
      const { headers } = await stage.admin.get(path(person));
      await stage.admin.put(`/users/${person.id}/patch`, { nickname: 'N' });

      expect((await stage.admin.get(path(person), { 'if-none-match': String(headers.etag) })).status).toBe(200);
    }),
    refusal(
      'refuses somebody without roles',
      forbidden,
      async (stage) => {
        const { id, caller } = await stage.member();
        await stage.admin.put(`/users/${id}/roles`, { roles: '' });
        return caller.get(path(await stage.target()));
      },
      byMembers,
    ),
    fact(
      'shows guests themselves alone',
      async (stage) => {
        const { id, caller } = await stage.member();
        await stage.admin.put(`/users/${id}/roles`, { roles: 'system_guest' });

        expectRefused(await caller.get(path(await stage.target())), forbidden);
        expect((await caller.get('/users/me')).status).toBe(200);
      },
      byMembers,
    ),
    fact(
      'hides names from members where the server is set to, not from administrators',
      async (stage) => {
        const person = await stage.person({ first_name: 'F', last_name: 'L' });

        const { caller } = await stage.sharedMember();
        expect(objectOf(await caller.get(path(person)))).toMatchObject({ first_name: '', last_name: '' });
        expect(objectOf(await stage.admin.get(path(person)))).toMatchObject({ first_name: 'F', last_name: 'L' });
      },
      isByEmail ? showsEmailsAlone : hidesNames,
    ),
  ];
}

const gets: readonly ContractCase[] = [
  ...oneByOne(byId, false),
  fact('knows "me"', async (stage) => {
    const { id, caller } = await stage.sharedMember();

    expect(objectOf(await caller.get('/users/me'))['id']).toBe(id);
  }),
  refusal('takes capitals for somebody else', noUser, async (stage) =>
    stage.admin.get(`/users/${(await stage.target()).id.toUpperCase()}`),
  ),
  ...['ids', 'usernames', 'search'].map((word) =>
    refusal(`takes GET /users/${word} for an id`, invalidUrl, (stage) => stage.admin.get(`/users/${word}`)),
  ),
  refusal('has no route for another method', noRoute, (stage) => stage.nobody.send('PATCH', '/users/me')),
  refusal('has no route for a slash at the end', noRoute, (stage) => stage.admin.get('/users/me/')),
  fact('sends a path with two slashes to the plain one', async (stage) => {
    const { status, headers } = await stage.admin.get('//users/me');

    expect(status).toBe(301);
    expect(headers.location).toMatch(/\/api\/v4\/users\/me$/);
  }),
  fact(
    'hides addresses from members where the server is set to',
    async (stage) => {
      const target = await stage.target();

      expect(objectOf(await (await stage.sharedMember()).caller.get(byId(target)))['email']).toBe('');
      expect(objectOf(await stage.admin.get(byId(target)))['email']).toBe(target.email);
    },
    hidesEmails,
  ),
  refusal('refuses a URL over 2,048 characters', [414, 'basic_security_check.url.too_long_error'], (stage) =>
    stage.admin.get(`/users/me?x=${'x'.repeat(2100)}`),
  ),
  fact('removes the cookie of a bad token, and none where there was no token', async (stage) => {
    const bad = await stage.stranger.get('/users/me');
    const none = await stage.nobody.get('/users/me');

    expect(bad.headers['set-cookie']).toEqual(['MMAUTHTOKEN=; Path=/; Max-Age=0; HttpOnly']);
    expect(none.headers['set-cookie']).toBeUndefined();
  }),
  fact('takes the words Bearer and token in any case', async (stage) => {
    const { caller, id } = await stage.sharedMember();
    for (const word of ['bearer', 'BEARER', 'token']) {
      const reply = await stage.nobody.get('/users/me', { authorization: `${word} ${String(caller.token)}` });
      expect(objectOf(reply)['id']).toBe(id);
    }
  }),
];

const byNames: readonly ContractCase[] = [
  ...oneByOne(byName, false),
  refusal('knows nobody of that name', noName, (stage) => stage.admin.get(`/users/username/${stage.name()}`)),
  refusal('refuses capitals', invalidBody, async (stage) =>
    stage.admin.get(`/users/username/${(await stage.target()).username.toUpperCase()}`),
  ),
  ...['all', 'channel', 'matterbot', 'system', 'x'.repeat(65)].map((name) =>
    refusal(`refuses ${name.slice(0, 10)}, which can be nobody`, invalidBody, (stage) =>
      stage.admin.get(`/users/username/${name}`),
    ),
  ),
  refusal('has no route for a name with a colon', noRoute, (stage) => stage.admin.get('/users/username/a:b')),
  fact('sends names of dots away', async (stage) => {
    for (const dots of ['..', '%2E%2E']) {
      const { status, headers } = await stage.admin.get(`/users/username/${dots}`);
      expect(status).toBe(301);
      expect(headers.location).toMatch(/\/api\/v4\/users$/);
    }
  }),
];

const emails: readonly ContractCase[] = [
  ...oneByOne(byEmail, true),
  refusal('knows nobody of that address', noUser, (stage) => stage.admin.get(`/users/email/${stage.name()}@x.test`)),
  fact('takes capitals', async (stage) => {
    const { email, id } = await stage.target();

    expect(objectOf(await stage.admin.get(`/users/email/${email.toUpperCase()}`))['id']).toBe(id);
  }),
  fact('finds a plus, plain and encoded', async (stage) => {
    const name = stage.name();
    const { id } = await stage.person({ email: `${name}+a@example.test` });

    expect(objectOf(await stage.admin.get(`/users/email/${name}+a@example.test`))['id']).toBe(id);
    expect(objectOf(await stage.admin.get(`/users/email/${name}%2Ba%40example.test`))['id']).toBe(id);
  }),
  fact('finds a slash, plain and encoded', async (stage) => {
    const name = stage.name();
    const { id } = await stage.person({ email: `${name}/a@example.test` });

    expect(objectOf(await stage.admin.get(`/users/email/${name}/a@example.test`))['id']).toBe(id);
    expect(objectOf(await stage.admin.get(`/users/email/${name}%2Fa@example.test`))['id']).toBe(id);
  }),
  ...['nobody', 'a@b@c', '%20'].map((email) =>
    refusal(`refuses ${email}`, invalidUrl, (stage) => stage.admin.get(`/users/email/${email}`)),
  ),
  fact(
    'is refused where addresses are hidden, about oneself too, not to administrators',
    async (stage) => {
      const member = await stage.sharedMember();

      expectRefused(await member.caller.get(byEmail(member)), hiddenEmail);
      expectRefused(await member.caller.get('/users/email/nobody@example.test'), hiddenEmail);
      expect((await stage.admin.get(byEmail(member))).status).toBe(200);
    },
    hidesEmails,
  ),
];

const idOf = (row: Readonly<Record<string, unknown>>): unknown => row['id'];

/** What `/users/ids` and `/users/usernames` have in common. */
function bulk(path: string, key: 'id' | 'username'): readonly ContractCase[] {
  return [
    fact('gives each once, leaves out who is not there, and finds inactive people', async (stage) => {
      const [one, two] = [await stage.person(), await stage.person()];
      await stage.admin.delete(`/users/${two.id}`);

      const reply = await stage.admin.post(path, [one[key], two[key], one[key], key === 'id' ? stage.unknownId : 'x']);

      expect(listOf(reply).map(idOf).map(String).toSorted()).toEqual([one.id, two.id].toSorted());
      expect(reply.text.endsWith('\n')).toBe(false);
    }),
    fact('shows administrators and members what lists show', async (stage) => {
      const member = await stage.member(everyField);
      const { [key]: own } = member;

      expect(keysOf(listOf(await stage.admin.post(path, [own]))[0])).toEqual(adminKeys);
      expect(keysOf(listOf(await member.caller.post(path, [own]))[0])).toEqual(memberKeys);
    }),
    fact('gives an empty list for unknown ones', async (stage) => {
      expect((await stage.admin.post(path, ['nobody.of.that.name'])).text).toBe('[]');
    }),
    refusal('refuses an empty list', invalidBody, (stage) => stage.admin.post(path, [])),
    refusal('refuses null', invalidBody, (stage) => stage.admin.post(path, 'null')),
    refusal('cannot read no body', unreadable, (stage) => stage.admin.post(path)),
    refusal('cannot read numbers', unreadable, (stage) => stage.admin.post(path, [1])),
    refusal('cannot read an object', unreadable, (stage) => stage.admin.post(path, { ids: [] })),
    refusal('refuses a body over the limit', tooLarge, (stage) => stage.admin.post(path, ['x'.repeat(300_600)])),
    fact('shows nobody to guests', async (stage) => {
      const { id, caller } = await stage.member();
      await stage.admin.put(`/users/${id}/roles`, { roles: 'system_guest' });

      expect(listOf(await caller.post(path, [(await stage.target())[key]]))).toEqual([]);
    }),
  ];
}

const ids: readonly ContractCase[] = [
  ...bulk('/users/ids', 'id'),
  fact('leaves out who did not change since', async (stage) => {
    const { id, made } = await stage.person();
    const changed = numberOf(objectOf(made, 201)['update_at']);

    expect(listOf(await stage.admin.post(`/users/ids?since=${changed - 1}`, [id]))).toHaveLength(1);
    expect(listOf(await stage.admin.post(`/users/ids?since=${changed}`, [id]))).toHaveLength(0);
  }),
  refusal('refuses a word for since', invalidBody, (stage) =>
    stage.admin.post('/users/ids?since=yesterday', [stage.unknownId]),
  ),
];

const usernames: readonly ContractCase[] = [
  fact('passes over a null', async (stage) => {
    const { username } = await stage.target();

    expect(listOf(await stage.admin.post('/users/usernames', [username, null]))).toHaveLength(1);
  }),
  fact('shows guests themselves where they are in any channel', async (stage) => {
    const { id, username, caller } = await stage.member();
    const team = await stage.team();
    await stage.admin.post(`/teams/${team.id}/members`, { team_id: team.id, user_id: id });
    const see = async (): Promise<number> => listOf(await caller.post('/users/usernames', [username])).length;
    await stage.admin.put(`/users/${id}/roles`, { roles: 'system_guest' });

    expect(await see()).toBe(1);
    await stage.admin.delete(`/teams/${team.id}/members/${id}`);
    expect(await see()).toBe(0);
  }),
  ...bulk('/users/usernames', 'username'),
  fact('compares exactly, and sorts by username', async (stage) => {
    const [b, a] = [await stage.person({ username: stage.name('.b') }), await stage.person()];

    const names = listOf(
      await stage.admin.post('/users/usernames', [b.username, a.username, a.username.toUpperCase()]),
    ).map((row) => String(row['username']));

    expect(names).toEqual([a.username, b.username].toSorted());
  }),
  fact('finds names of dots', async (stage) => {
    const username = stage.name('...');
    const { id } = await stage.person({ username });

    expect(listOf(await stage.admin.post('/users/usernames', [username])).map(idOf)).toEqual([id]);
  }),
];

const rows = async (stage: Stage, query: string): Promise<readonly unknown[]> =>
  listOf(await stage.admin.get(`/users?${query}`));

/** Queries whose answer hangs on nothing but their numbers. */
const pageSizes: readonly (readonly [query: string, isEmpty: boolean])[] = [
  ['per_page=0', true],
  ['page=100000', true],
  ['per_page=1&page=100000', true],
  ['page=x&per_page=1', false],
  ['page=-1&per_page=1', false],
  ['per_page=1&page=99999999999999999999999', false],
];

const lists: readonly ContractCase[] = [
  ...pageSizes.map(([query, isEmpty]) =>
    fact(`gives ${isEmpty ? 'no row' : 'a row'} for ${query}`, async (stage) => {
      expect((await rows(stage, query)).length).toBe(isEmpty ? 0 : 1);
    }),
  ),
  refusal('answers 500 for a page beyond all pages', [500, 'app.user.get_profiles.app_error'], (stage) =>
    stage.admin.get('/users?page=9223372036854775807'),
  ),
  fact('pages through everybody by username, each once, and more than 200 a page are 200', async (stage) => {
    await stage.person();
    const all: string[] = [];
    for (let page = 0; ; page++) {
      const found = listOf(await stage.admin.get(`/users?per_page=1000&page=${page}`));
      expect(found.length).toBeLessThanOrEqual(200);
      all.push(...found.map((row) => String(row['username'])));
      if (found.length < 200) break;
    }

    expect(new Set(all).size).toBe(all.length);
    expect(all).toContain((await stage.target()).username);
  }),
  fact('gives 60 or fewer where nothing is said, or nonsense', async (stage) => {
    for (const query of ['', 'per_page=x', 'per_page=-5']) {
      expect((await rows(stage, query)).length).toBeLessThanOrEqual(60);
    }
  }),
  fact('shows administrators and members what lists show', async (stage) => {
    const { username } = await stage.person({ username: stage.name('.list'), ...everyField });
    const find = (reply: Reply): unknown => listOf(reply).find((row) => row['username'] === username);
    // Newest pages last, so the one with the row is looked for.
    const page = await pageWith(stage, username);

    expect(keysOf(find(await stage.admin.get(page)))).toEqual(adminKeys);
    expect(keysOf(find(await (await stage.sharedMember()).caller.get(page)))).toEqual(memberKeys);
  }),
  fact('lists active or inactive people', async (stage) => {
    const gone = await stage.person();
    await stage.admin.delete(`/users/${gone.id}`);

    const inactive = listOf(await stage.admin.get('/users?inactive=true&per_page=200'));
    const active = listOf(await stage.admin.get('/users?active=true&per_page=200'));

    expect(inactive.length).toBeGreaterThan(0);
    expect(inactive.every((row) => row['delete_at'] !== 0)).toBe(true);
    expect(active.length).toBeGreaterThan(0);
    expect(active.every((row) => row['delete_at'] === 0)).toBe(true);
  }),
  fact('glues list and error together when both are asked for', async (stage) => {
    const path = '/users?active=true&inactive=true&per_page=1';
    const plain = await stage.admin.get(path);

    expect({ status: plain.status, json: plain.json }).toEqual({ status: 200, json: undefined });
    expect(plain.text).toContain(`]{"id":"${invalidUrl[1]}"`);
    expect((await stage.admin.get(path, { 'accept-encoding': 'gzip' })).status).toBe(400);
  }),
  fact('filters by a role that people have beside others', async (stage) => {
    const { id } = await stage.person();
    await stage.admin.put(`/users/${id}/roles`, { roles: 'system_user system_post_all' });

    const byRole = listOf(await stage.admin.get('/users?role=system_post_all&per_page=200')).map(idOf);
    const plainMembers = listOf(await stage.admin.get('/users?role=system_user&active=true&per_page=200'));

    expect(byRole).toContain(id);
    expect(plainMembers.every((row) => row['roles'] === 'system_user')).toBe(true);
  }),
  fact('drops a filter of roles that it does not filter by', async (stage) => {
    const [all, filtered] = [await rows(stage, 'per_page=5'), await rows(stage, 'roles=team_admin&per_page=5')];

    expect(filtered).toEqual(all);
  }),
  refusal('refuses a role that is not there', invalidBody, (stage) => stage.admin.get('/users?role=nosuch')),
  refusal('refuses roles of which one is not there', invalidBody, (stage) =>
    stage.admin.get('/users?roles=system_user,nosuch'),
  ),
  ...['nosuch', 'create_at', 'last_activity_at', 'status', 'admin', 'display_name'].map((sort) =>
    refusal(`refuses to sort everybody by ${sort}`, invalidUrl, (stage) => stage.admin.get(`/users?sort=${sort}`)),
  ),
  refusal('refuses not_in_channel without in_team', invalidUrl, (stage) =>
    stage.admin.get(`/users?not_in_channel=${stage.unknownId}`),
  ),
  refusal('refuses a channel that is not there', forbidden, (stage) =>
    stage.admin.get(`/users?in_channel=${stage.unknownId}`),
  ),
  fact('lists nobody in a team that is not there, and everybody outside of it', async (stage) => {
    expect(await rows(stage, `in_team=${stage.unknownId}`)).toEqual([]);
    expect((await rows(stage, `not_in_team=${stage.unknownId}&per_page=1`)).length).toBe(1);
  }),
  refusal('refuses a member who asks about a team that is not there', forbidden, async (stage) =>
    (await stage.sharedMember()).caller.get(`/users?in_team=${stage.unknownId}`),
  ),
  refusal('refuses a group that is not there', [404, 'app.group.no_rows'], (stage) =>
    stage.admin.get(`/users?in_group=${stage.unknownId}`),
  ),
  refusal('refuses a member who asks for people without a team', forbidden, async (stage) =>
    (await stage.sharedMember()).caller.get('/users?without_team=true'),
  ),
  fact('lists people without a team', async (stage) => {
    expect((await rows(stage, 'without_team=true&per_page=1')).length).toBe(1);
  }),
  fact('shows nobody to guests', async (stage) => {
    const { id, caller } = await stage.member();
    await stage.admin.put(`/users/${id}/roles`, { roles: 'system_guest' });

    expect(listOf(await caller.get('/users'))).toEqual([]);
  }),
  fact('compresses from 1,024 bytes on for those who accept it', async (stage) => {
    const path = '/users?per_page=3';
    await stage.person();
    await stage.target();
    const zipped = await stage.admin.get(path, { 'accept-encoding': 'gzip' });
    const refused = await stage.admin.get(path, { 'accept-encoding': 'gzip;q=0' });
    const small = await stage.admin.get('/system/ping', { 'accept-encoding': 'gzip' });

    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(zipped.headers.vary).toBe('Accept-Encoding');
    expect(refused.headers['content-encoding']).toBeUndefined();
    expect(small.headers['content-encoding']).toBeUndefined();
  }),
  refusal('has no route for PUT', noRoute, (stage) => stage.admin.put('/users', {})),
];

/** The page of the list that shows somebody. */
async function pageWith(stage: Stage, username: string): Promise<string> {
  for (let page = 0; ; page++) {
    const path = `/users?per_page=200&page=${page}`;
    const found = listOf(await stage.admin.get(path));
    if (found.some((row) => row['username'] === username)) return path;
    if (found.length === 0) throw new Error(`nobody lists ${username}`);
  }
}

const find = async (stage: Stage, body: unknown): Promise<readonly unknown[]> =>
  listOf(await stage.admin.post('/users/search', body)).map(idOf);

const searches: readonly ContractCase[] = [
  fact('takes a star for nothing', async (stage) => {
    const { id, username } = await stage.target();

    const found = listOf(await stage.admin.post('/users/search', { term: `${username.slice(0, -2)}*` }));

    expect(found.map((user) => user['id'])).toContain(id);
  }),
  fact('finds people without a team', async (stage) => {
    const team = await stage.team();
    const [inside, outside] = [await stage.teammate(team.id), await stage.person()];

    const count = async (term: string): Promise<number> =>
      listOf(await stage.admin.post('/users/search', { term, without_team: true })).length;

    expect([await count(inside.username), await count(outside.username)]).toEqual([0, 1]);
  }),
  fact('finds a part of each name, in any case, with @ before it', async (stage) => {
    const word = stage.name().slice(-10);
    const { id, username } = await stage.person({
      first_name: `F${word}f`,
      last_name: `L${word}l`,
      nickname: `N${word}n`,
    });

    for (const term of [`f${word}`, `L${word}`, `N${word}N`, username, `@${username}`, username.slice(3), id]) {
      expect(await find(stage, { term }), term).toEqual([id]);
    }
  }),
  fact('finds by address', async (stage) => {
    const { id, email } = await stage.person();

    expect(await find(stage, { term: email })).toEqual([id]);
  }),
  fact('wants all words', async (stage) => {
    const [first, last] = [stage.name().slice(-9), stage.name().slice(-9)];
    const { id } = await stage.person({ first_name: first, last_name: last });

    expect(await find(stage, { term: `${first} ${last}` })).toEqual([id]);
    expect(await find(stage, { term: `${first} nosuchword` })).toEqual([]);
  }),
  fact('takes % and _ for signs', async (stage) => {
    expect(await find(stage, { term: '%' })).toEqual([]);
    const { username } = await stage.target();
    expect(await find(stage, { term: username.replace('.', '_') })).toEqual([]);
  }),
  fact('leaves out inactive people unless asked', async (stage) => {
    const { id, username } = await stage.person();
    await stage.admin.delete(`/users/${id}`);

    expect(await find(stage, { term: username })).toEqual([]);
    expect(await find(stage, { term: username, allow_inactive: true })).toEqual([id]);
  }),
  fact('sorts by username, up to the limit', async (stage) => {
    const word = stage.name();
    for (const tail of ['.c', '.a', '.b']) await stage.person({ username: word + tail });

    const found = listOf(await stage.admin.post('/users/search', { term: word, limit: 2 }));

    expect(found.map((row) => row['username'])).toEqual([`${word}.a`, `${word}.b`]);
  }),
  fact('filters by role', async (stage) => {
    const { id, username } = await stage.person();

    expect(await find(stage, { term: username, role: 'system_user' })).toEqual([id]);
    expect(await find(stage, { term: username, role: 'nosuch' })).toEqual([]);
    expect(await find(stage, { term: username, roles: ['system_admin'] })).toEqual([]);
    expect(await find(stage, { term: username, roles: ['nosuch'] })).toEqual([id]);
  }),
  fact('takes a blank for everybody', async (stage) => {
    expect((await find(stage, { term: ' ', limit: 1 })).length).toBe(1);
  }),
  fact('shows administrators and members what lists show', async (stage) => {
    const { username, caller } = await stage.member(everyField);
    const body = { term: username };

    expect(keysOf(listOf(await stage.admin.post('/users/search', body))[0])).toEqual(adminKeys);
    expect(keysOf(listOf(await caller.post('/users/search', body))[0])).toEqual(memberKeys);
    expect((await stage.admin.post('/users/search', body)).text.endsWith('\n')).toBe(false);
  }),
  ...[{}, { term: '' }, '', '[]', '{"term":', { term: 7 }, { term: 'x', limit: -1 }, { term: 'x', limit: 1001 }].map(
    (body) =>
      refusal(`refuses ${JSON.stringify(body)}`, invalidBody, (stage) => stage.admin.post('/users/search', body)),
  ),
  refusal('refuses not_in_channel_id without team_id', invalidBody, (stage) =>
    stage.admin.post('/users/search', { term: 'x', not_in_channel_id: stage.unknownId }),
  ),
  refusal('refuses a channel that is not there', forbidden, (stage) =>
    stage.admin.post('/users/search', { term: 'x', in_channel_id: stage.unknownId }),
  ),
  refusal('refuses a member about a team that is not there', forbidden, async (stage) =>
    (await stage.sharedMember()).caller.post('/users/search', { term: 'x', team_id: stage.unknownId }),
  ),
  refusal('refuses a group that is not there', [404, 'app.group.no_rows'], (stage) =>
    stage.admin.post('/users/search', { term: 'x', in_group_id: stage.unknownId }),
  ),
  fact(
    'does not search addresses for members where they are hidden',
    async (stage) => {
      const { id } = await stage.person({ email: `only.${stage.name()}@hidden.test` });
      const { email } = await stage.read(id);
      const { caller } = await stage.sharedMember();

      expect(listOf(await caller.post('/users/search', { term: email }))).toEqual([]);
      expect(await find(stage, { term: email })).toEqual([id]);
    },
    hidesEmails,
  ),
  fact(
    'is refused while the server is busy',
    async (stage) => {
      stage.server.sandbox?.control.setBusy(true);
      const reply = await stage.admin.post('/users/search', { term: 'x' });
      stage.server.sandbox?.control.setBusy(false);

      expectRefused(reply, [503, 'api.context.server_busy.app_error']);
    },
    { onlySandbox: 'no call of the users API makes a server busy' },
  ),
];

const suggestions: readonly ContractCase[] = [
  fact('needs a team with a channel', async (stage) => {
    const team = await stage.team();
    const { id } = await stage.channel(team.id);

    expectRefused(await stage.admin.get(`/users/autocomplete?name=x&in_channel=${id}`), [
      500,
      'api.user.autocomplete_users.missing_team_id.app_error',
    ]);
  }),
  fact('suggests by a name, in a list alone', async (stage) => {
    const { id, username } = await stage.person();

    const reply = await stage.admin.get(`/users/autocomplete?name=${username}`);

    expect(keysOf(reply.json)).toEqual(['users']);
    expect(listOf({ ...reply, json: objectOf(reply)['users'] }).map(idOf)).toEqual([id]);
  }),
  fact('suggests by any part of each name', async (stage) => {
    const word = stage.name().slice(-10);
    const { id, username } = await stage.person({ nickname: `N${word}`, first_name: `F${word}f` });

    for (const term of [`n${word}`, word, `${word}F`, username.slice(1)]) {
      const { users } = objectOf(await stage.admin.get(`/users/autocomplete?name=${term}`));
      expect(Array.isArray(users) ? users.map((user) => fieldsOf(user)['id']) : users, term).toEqual([id]);
    }
  }),
  fact('says nothing of inactive people, and does not look at addresses', async (stage) => {
    const { id, username } = await stage.person({ email: `only.${stage.name()}@example.test` });
    const { email } = await stage.read(id);
    expect(objectOf(await stage.admin.get(`/users/autocomplete?name=${String(email)}`))).toEqual({ users: [] });

    await stage.admin.delete(`/users/${id}`);

    expect(objectOf(await stage.admin.get(`/users/autocomplete?name=${username}`))).toEqual({ users: [] });
  }),
  fact('gives no row for a limit that is no number', async (stage) => {
    expect(objectOf(await stage.admin.get('/users/autocomplete?limit=x'))).toEqual({ users: [] });
  }),
  fact('gives as many as asked for', async (stage) => {
    const word = stage.name();
    for (const tail of ['.a', '.b']) await stage.person({ username: word + tail });

    const { users } = objectOf(await stage.admin.get(`/users/autocomplete?name=${word}&limit=1`));
    expect(users).toHaveLength(1);
  }),
  refusal('refuses a team that a member may not see', forbidden, async (stage) =>
    (await stage.sharedMember()).caller.get(`/users/autocomplete?in_team=${stage.unknownId}`),
  ),
  refusal('refuses a channel that is not there', forbidden, (stage) =>
    stage.admin.get(`/users/autocomplete?in_channel=${stage.unknownId}`),
  ),
  fact('shows members what lists show', async (stage) => {
    const { username, caller } = await stage.member(everyField);

    const { users } = objectOf(await caller.get(`/users/autocomplete?name=${username}`));
    expect(Array.isArray(users) ? keysOf(users[0]) : users).toEqual(memberKeys);
  }),
];

const groupChannels: readonly ContractCase[] = [
  fact('gives nothing for channels that are not there', async (stage) => {
    expect(objectOf(await stage.admin.post('/users/group_channels', [stage.unknownId]))).toEqual({});
  }),
  refusal('cannot read an empty list', unreadable, (stage) => stage.admin.post('/users/group_channels', [])),
  refusal('cannot read no body', unreadable, (stage) => stage.admin.post('/users/group_channels')),
  refusal('cannot read an object', unreadable, (stage) => stage.admin.post('/users/group_channels', {})),
];

const total = async (stage: Stage, path: string): Promise<number> =>
  numberOf(objectOf(await stage.admin.get(path))['total_users_count']);

const counts: readonly ContractCase[] = [
  fact(
    'counts active people',
    async (stage) => {
      const before = await total(stage, '/users/stats');
      const { id } = await stage.person();
      const during = await total(stage, '/users/stats');
      await stage.admin.delete(`/users/${id}`);

      expect([during, await total(stage, '/users/stats')]).toEqual([before + 1, before]);
      expect(keysOf((await stage.admin.get('/users/stats')).json)).toEqual(['total_users_count']);
    },
    { ownServer: 'others must not come and go while it counts' },
  ),
];

const filtered = '/users/stats/filtered';

const filteredCounts: readonly ContractCase[] = [
  fact(
    'counts inactive people when asked',
    async (stage) => {
      const { id } = await stage.person();
      await stage.admin.delete(`/users/${id}`);
      const active = await total(stage, filtered);

      expect(await total(stage, `${filtered}?include_deleted=true`)).toBeGreaterThan(active);
      expect(await total(stage, `${filtered}?include_deleted=1`)).toBeGreaterThan(active);
      expect(await total(stage, `${filtered}?include_deleted=yes`)).toBe(active);
    },
    { ownServer: 'others must not come and go while it counts' },
  ),
  fact('counts by role', async (stage) => {
    const { id } = await stage.person();
    await stage.admin.put(`/users/${id}/roles`, { roles: 'system_user system_admin' });

    const admins = await total(stage, `${filtered}?roles=system_admin`);
    expect(admins).toBeGreaterThanOrEqual(2);
    expect(admins).toBeLessThanOrEqual(await total(stage, `${filtered}?roles=system_admin,system_user`));
  }),
  fact(
    'drops roles that it does not count by',
    async (stage) => {
      expect(await total(stage, `${filtered}?roles=team_admin`)).toBe(await total(stage, filtered));
    },
    { ownServer: 'others must not come and go while it counts' },
  ),
  refusal('refuses a role that can be none', invalidBody, (stage) => stage.admin.get(`${filtered}?roles=A-B`)),
];

export const readingCases: ContractCases = {
  'users-user-id-get': gets,
  'users-username-username-get': byNames,
  'users-email-email-get': emails,
  'users-ids-post': ids,
  'users-usernames-post': usernames,
  'users-get': lists,
  'users-search-post': searches,
  'users-autocomplete-get': suggestions,
  'users-group-channels-post': groupChannels,
  'users-stats-get': counts,
  'users.statsFiltered': filteredCounts,
};
