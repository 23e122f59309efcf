import { expect } from 'vitest';
import type { Reply } from '../support/caller.ts';
import { type ContractCase, type ContractCases, fact, refusal } from '../support/contract-case.ts';
import {
  expectOk,
  expectRefused,
  forbidden,
  invalidBody,
  keysOf,
  listOf,
  noSession,
  noUser,
  numberOf,
  objectOf,
  type Refused,
  textOf,
} from '../support/expectations.ts';
import type { Stage } from '../support/stage.ts';

// Roles, activity, deletion, and the way of logging in.

const roleMissing: Refused = [400, 'app.role.check_roles_exist.role_not_found'];
const roleLicence: Refused = [400, 'api.user.update_user_roles.license.app_error'];
const lastAdmin: Refused = [400, 'app.user.update.lastAdmin.app_error'];

const setRoles = (stage: Stage, id: string, body: unknown): Promise<Reply> =>
  stage.admin.put(`/users/${id}/roles`, body);

/** A body, and the text that is stored. */
const storedRoles: readonly (readonly [what: string, body: unknown, roles: string])[] = [
  ['the roles as they are', { roles: 'system_user system_admin' }, 'system_user system_admin'],
  ['any order', { roles: 'system_admin system_user' }, 'system_admin system_user'],
  ['repetitions', { roles: 'system_user system_user' }, 'system_user system_user'],
  ['blanks at the ends', { roles: ' system_user ' }, ' system_user '],
  ['a role that is not for people', { roles: 'system_user team_admin' }, 'system_user team_admin'],
  ['system_guest, without any of the rest of a demotion', { roles: 'system_guest' }, 'system_guest'],
  [
    'system_user_access_token',
    { roles: 'system_user system_user_access_token' },
    'system_user system_user_access_token',
  ],
  ['nothing for an empty text', { roles: '' }, ''],
  ['nothing for an empty body', {}, ''],
  ['nothing for a list', { roles: ['system_user'] }, ''],
  ['nothing for a misspelt key', { role: 'system_user' }, ''],
  ['nothing for the key in capitals', { ROLES: 'system_user' }, ''],
  ['nothing for half of an object', '{"roles":"system_us', ''],
  ['nothing for no body', undefined, ''],
  ['nothing for null', 'null', ''],
  ['blanks for blanks', { roles: '   ' }, '   '],
  ['what stood before a wrong key', { roles: 'system_user', x: 1 }, 'system_user'],
];

const refusedRoles: readonly (readonly [what: string, roles: string, refused: Refused])[] = [
  ['system_admin alone', 'system_admin', invalidBody],
  ['system_admin with blanks around it', ' system_admin ', invalidBody],
  ['a capital', 'System_user', invalidBody],
  ['a sign', 'system-user', invalidBody],
  ['a name of 65 characters', 'x'.repeat(65), invalidBody],
  ['a role that is not there', 'system_user nosuch', roleMissing],
  [
    'more than 256 bytes',
    Array.from({ length: 24 }, () => 'system_user').join(' '),
    [400, 'model.user.is_valid.roles_limit.app_error'],
  ],
];

const roles: readonly ContractCase[] = [
  ...storedRoles.map(([what, body, stored]) =>
    fact(`stores ${what}`, async (stage) => {
      const { id } = await stage.person();

      expectOk(await setRoles(stage, id, body));

      expect((await stage.read(id))['roles']).toBe(stored);
    }),
  ),
  ...refusedRoles.map(([what, value, refused]) =>
    refusal(`refuses ${what}`, refused, async (stage) => setRoles(stage, (await stage.target()).id, { roles: value })),
  ),
  ...['system_manager', 'system_user_manager', 'system_read_only_admin'].map((role) =>
    refusal(`refuses ${role} without a licence, before anything about the caller`, roleLicence, async (stage) =>
      (await stage.sharedMember()).caller.put(`/users/${stage.unknownId}/roles`, { roles: role }),
    ),
  ),
  ...['system_manager', 'system_user_manager', 'system_read_only_admin'].map((role) =>
    fact(
      `stores ${role} with a licence`,
      async (stage) => {
        const { id } = await stage.person();

        expectOk(await setRoles(stage, id, { roles: `system_user ${role}` }));
      },
      { licence: 'enterprise' },
    ),
  ),
  fact('works on somebody inactive, and moves update_at even for the same roles', async (stage) => {
    const { id } = await stage.person();
    await stage.admin.delete(`/users/${id}`);
    const before = await stage.read(id);

    expectOk(await setRoles(stage, id, { roles: 'system_user' }));

    expect(numberOf((await stage.read(id))['update_at'])).toBeGreaterThan(numberOf(before['update_at']));
  }),
  fact('works at once in sessions that are open', async (stage) => {
    const { id, caller } = await stage.member();
    expectRefused(await caller.get('/roles'), forbidden);

    await setRoles(stage, id, { roles: 'system_user system_admin' });

    expect((await caller.get('/roles')).status).toBe(200);
    await setRoles(stage, id, { roles: 'system_user' });
    expectRefused(await caller.get('/roles'), forbidden);
  }),
  fact('leaves somebody without roles with a session that sees itself alone', async (stage) => {
    const { id, caller } = await stage.member();
    await setRoles(stage, id, { roles: '' });

    expect((await caller.get('/users/me')).status).toBe(200);
    expect((await caller.get('/users')).status).toBe(200);
    expectRefused(await caller.get(`/users/${(await stage.target()).id}`), forbidden);
  }),
  refusal('does not let people change their own roles', forbidden, async (stage) => {
    const { id, caller } = await stage.sharedMember();
    return caller.put(`/users/${id}/roles`, { roles: 'system_user' });
  }),
  fact(
    'keeps the role of the last administrator, also from bad bodies, and counts active ones alone',
    async (stage) => {
      const last = stage.as(String(stage.admin.token));
      expectRefused(await last.put('/users/me/roles', { roles: 'system_user' }), lastAdmin);
      expectRefused(await last.put('/users/me/roles', {}), lastAdmin);
      const second = await stage.person();
      await setRoles(stage, second.id, { roles: 'system_user system_admin' });
      await stage.admin.delete(`/users/${second.id}`);

      expectRefused(await setRoles(stage, second.id, { roles: 'system_user' }), lastAdmin);
      expectRefused(await last.put('/users/me/roles', { roles: 'system_user' }), lastAdmin);
      expectOk(await stage.admin.put(`/users/${second.id}/active`, { active: true }));
      expectOk(await setRoles(stage, second.id, { roles: 'system_user' }));
    },
    { onlySandbox: 'would touch the administrator whom the suite borrowed', ownServer: 'it counts administrators' },
  ),
];

const setActive = (stage: Stage, id: string, body: unknown): Promise<Reply> =>
  stage.admin.put(`/users/${id}/active`, body);

const ldapActivity: Refused = [
  403,
  'api.user.update_active.cannot_modify_status_when_user_is_managed_by_ldap.app_error',
];
const noOwnGoodbye: Refused = [401, 'api.user.update_active.not_enable.app_error'];

const noGoodbyes = { config: { 'TeamSettings.EnableUserDeactivation': false } } as const;

const activity: readonly ContractCase[] = [
  ...[{}, { active: 'false' }, { active: 0 }, { active: null }, { ACTIVE: false }, [], '{"active":', ''].map((body) =>
    refusal(`refuses ${JSON.stringify(body)}`, invalidBody, async (stage) =>
      setActive(stage, (await stage.target()).id, body),
    ),
  ),
  fact('deactivates and activates', async (stage) => {
    const { id } = await stage.person();

    expectOk(await setActive(stage, id, { active: false }));
    const gone = await stage.read(id);
    expect(numberOf(gone['delete_at'])).toBeGreaterThan(0);
    expectOk(await setActive(stage, id, { active: true }));

    expect((await stage.read(id))['delete_at']).toBe(0);
  }),
  fact('moves delete_at when somebody is deactivated again', async (stage) => {
    const { id } = await stage.person();
    await setActive(stage, id, { active: false });
    const first = numberOf((await stage.read(id))['delete_at']);

    expectOk(await setActive(stage, id, { active: false }));

    expect(numberOf((await stage.read(id))['delete_at'])).toBeGreaterThan(first);
  }),
  fact('ends sessions, and keeps tokens, which work again afterwards', async (stage) => {
    const { id, caller } = await stage.member();
    const token = await stage.token(id);
    const byToken = stage.as(token.secret);
    expect((await byToken.get('/users/me')).status).toBe(200);

    await setActive(stage, id, { active: false });

    expectRefused(await caller.get('/users/me'), noSession);
    expectRefused(await byToken.get('/users/me'), noSession);
    expect(listOf(await stage.admin.get(`/users/${id}/sessions`))).toEqual([]);
    expect(listOf(await stage.admin.get(`/users/${id}/tokens`))).toMatchObject([{ id: token.id, is_active: true }]);
    await setActive(stage, id, { active: true });
    expect((await byToken.get('/users/me')).status).toBe(200);
    expectRefused(await caller.get('/users/me'), noSession);
  }),
  fact('keeps the roles of an administrator who is deactivated', async (stage) => {
    const { id } = await stage.person();
    await setRoles(stage, id, { roles: 'system_user system_admin' });

    expectOk(await setActive(stage, id, { active: false }));

    expect((await stage.read(id))['roles']).toBe('system_user system_admin');
  }),
  ...[true, false].map((active) =>
    refusal(`refuses to set people of LDAP to ${String(active)}`, ldapActivity, async (stage) =>
      setActive(stage, (await stage.ssoPerson('ldap')).id, { active }),
    ),
  ),
  fact('works on people of SAML', async (stage) => {
    const { id } = await stage.ssoPerson('saml');

    expectOk(await setActive(stage, id, { active: false }));
    expectOk(await setActive(stage, id, { active: true }));
  }),
  refusal(
    'refuses the own goodbye',
    noOwnGoodbye,
    async (stage) => {
      const { id, caller } = await stage.member();
      return caller.put(`/users/${id}/active`, { active: false });
    },
    noGoodbyes,
  ),
  refusal(
    'refuses the own goodbye of an administrator too',
    noOwnGoodbye,
    async (stage) => (await stage.administrator()).caller.put('/users/me/active', { active: false }),
    noGoodbyes,
  ),
  fact(
    'takes the own goodbye where that is allowed',
    async (stage) => {
      const { id, caller } = await stage.member();

      expectOk(await caller.put('/users/me/active', { active: false }));

      expectRefused(await caller.get('/users/me'), noSession);
      expect(numberOf((await stage.read(id))['delete_at'])).toBeGreaterThan(0);
    },
    { config: { 'TeamSettings.EnableUserDeactivation': true } },
  ),
  refusal(
    'refuses to activate a guest where there are none',
    [401, 'api.user.update_active.cannot_enable_guest_when_guest_feature_is_disabled.app_error'],
    async (stage) => {
      const { id } = await stage.person();
      await setRoles(stage, id, { roles: 'system_guest' });
      return setActive(stage, id, { active: true });
    },
    { config: { 'GuestAccountsSettings.Enable': false } },
  ),
  fact(
    'refuses even somebody active on a full server',
    async (stage) => {
      const { sandbox } = stage.server;
      const { id } = await stage.person();
      for (let count = sandbox?.snapshot().people.length ?? 250; count < 250; count++) {
        sandbox?.control.createUser({ username: `filler${count}` });
      }

      expectRefused(await setActive(stage, id, { active: true }), [400, 'app.user.update_active.user_limit.exceeded']);
      expectOk(await setActive(stage, id, { active: false }));
      expectOk(await setActive(stage, id, { active: true }));
    },
    { onlySandbox: 'would fill the server with 250 people', ownServer: 'it fills the server' },
  ),
  fact(
    'counts the seats of a licence',
    async (stage) => {
      const { id } = await stage.person();

      expectRefused(await setActive(stage, id, { active: true }), [
        400,
        'app.user.update_active.license_user_limit.exceeded',
      ]);
    },
    { licence: { users: 2, extraUsers: 0, enforceSeats: true }, ownServer: 'it fills the server' },
  ),
];

const permanently: Refused = [401, 'api.user.delete_user.not_enabled.for_admin.app_error'];

const deletion: readonly ContractCase[] = [
  fact('deactivates, and again', async (stage) => {
    const { id, username } = await stage.person();

    expectOk(await stage.admin.delete(`/users/${id}`));
    const first = await stage.read(id);
    expectOk(await stage.admin.delete(`/users/${id}`));
    const second = await stage.read(id);

    expect(numberOf(second['delete_at'])).toBeGreaterThan(numberOf(first['delete_at']));
    expect(second['username']).toBe(username);
  }),
  fact('deactivates people of LDAP, who cannot be activated again', async (stage) => {
    const { id } = await stage.ssoPerson('ldap');

    expectOk(await stage.admin.delete(`/users/${id}`));
    expectRefused(await setActive(stage, id, { active: true }), ldapActivity);
  }),
  refusal(
    'refuses the own goodbye of a member',
    noOwnGoodbye,
    async (stage) => (await stage.member()).caller.delete('/users/me'),
    noGoodbyes,
  ),
  refusal('refuses a member about an administrator', forbidden, async (stage) => {
    const { id } = await stage.administrator();
    return (await stage.sharedMember()).caller.delete(`/users/${id}`);
  }),
  fact('lets an administrator leave, whatever the setting, with nobody left', async (stage) => {
    const { caller } = await stage.administrator();

    expectOk(await caller.delete('/users/me'));

    expectRefused(await caller.get('/users/me'), noSession);
  }),
];

const forGood: readonly ContractCase[] = [
  refusal(
    'is switched off as installed',
    permanently,
    async (stage) => stage.admin.delete(`/users/${(await stage.target()).id}?permanent=true`),
    { config: { 'ServiceSettings.EnableAPIUserDeletion': false } },
  ),
  refusal(
    'of oneself ends at the switch for goodbyes',
    noOwnGoodbye,
    async (stage) => (await stage.member()).caller.delete('/users/me?permanent=true'),
    { config: { 'ServiceSettings.EnableAPIUserDeletion': false, 'TeamSettings.EnableUserDeactivation': false } },
  ),
  fact(
    'deletes where that is allowed, and frees the name',
    async (stage) => {
      const person = await stage.person();
      const token = await stage.token(person.id);

      expectOk(await stage.admin.delete(`/users/${person.id}?permanent=true`));

      expectRefused(await stage.admin.get(`/users/${person.id}`), noUser);
      expectRefused(await stage.as(token.secret).get('/users/me'), noSession);
      const { username, email } = person;
      const again = stage.keep(await stage.admin.post('/users', { username, email, password: stage.password }));
      expect(again.status).toBe(201);
    },
    { config: { 'ServiceSettings.EnableAPIUserDeletion': true } },
  ),
  fact('is no deletion for another word than true', async (stage) => {
    const { id } = await stage.person();

    expectOk(await stage.admin.delete(`/users/${id}?permanent=yes`));
    expect(numberOf((await stage.read(id))['delete_at'])).toBeGreaterThan(0);
  }),
];

const setAuth = (stage: Stage, id: string, body: unknown): Promise<Reply> => stage.admin.put(`/users/${id}/auth`, body);

const incompleteAuth: Refused = [400, 'api.user.update_user_auth.invalid_request'];

const auth: readonly ContractCase[] = [
  fact('moves somebody to a service, and echoes the body', async (stage) => {
    const { id } = await stage.person();
    const data = stage.name('.Data ');

    const reply = await setAuth(stage, id, { auth_service: 'saml', auth_data: data });

    expect(objectOf(reply)).toEqual({ auth_data: data, auth_service: 'saml' });
    expect(keysOf(reply.json)).toEqual(['auth_data', 'auth_service']);
    expect(await stage.read(id)).toMatchObject({ auth_service: 'saml', auth_data: data });
  }),
  fact('wipes the password even when nothing changes, and keeps sessions and tokens', async (stage) => {
    const member = await stage.member();
    const token = await stage.token(member.id);
    const data = stage.name();

    await setAuth(stage, member.id, { auth_service: 'saml', auth_data: data });
    await setAuth(stage, member.id, { auth_service: 'saml', auth_data: data });

    const login = await stage.nobody.post('/users/login', { login_id: member.username, password: stage.password });
    expect(login.status).toBe(401);
    expect((await member.caller.get('/users/me')).status).toBe(200);
    expect((await stage.as(token.secret).get('/users/me')).status).toBe(200);
  }),
  fact('says yes about nobody too, with an echo', async (stage) => {
    const body = { auth_data: stage.name(), auth_service: 'ldap' };

    expect(objectOf(await setAuth(stage, stage.unknownId, body))).toEqual(body);
  }),
  ...[
    {},
    { auth_service: 'saml' },
    { auth_data: 'x' },
    { auth_service: '', auth_data: 'x' },
    { auth_service: 'saml', auth_data: '' },
    { auth_service: '', auth_data: '' },
  ].map((body) =>
    refusal(`refuses ${JSON.stringify(body)}`, incompleteAuth, async (stage) =>
      setAuth(stage, (await stage.target()).id, body),
    ),
  ),
  refusal('refuses a list', invalidBody, async (stage) => setAuth(stage, (await stage.target()).id, [])),
  refusal('refuses a number for data', invalidBody, async (stage) =>
    setAuth(stage, (await stage.target()).id, { auth_service: 'saml', auth_data: 7 }),
  ),
  fact('refuses data that are taken, whatever the service', async (stage) => {
    const data = stage.name();
    await stage.ssoPerson('saml', { auth_data: data });

    expectRefused(await setAuth(stage, (await stage.person()).id, { auth_service: 'ldap', auth_data: data }), [
      400,
      'app.user.update_auth_data.email_exists.app_error',
    ]);
  }),
  fact('gives data free that somebody gave up', async (stage) => {
    const data = stage.name();
    const first = await stage.ssoPerson('saml', { auth_data: data });
    await setAuth(stage, first.id, { auth_service: 'saml', auth_data: stage.name() });

    expect((await setAuth(stage, (await stage.person()).id, { auth_service: 'saml', auth_data: data })).status).toBe(
      200,
    );
  }),
  fact('stores any service of up to 32 characters', async (stage) => {
    const { id } = await stage.person();

    expect((await setAuth(stage, id, { auth_service: 'x'.repeat(32), auth_data: stage.name() })).status).toBe(200);
    expectRefused(await setAuth(stage, id, { auth_service: 'x'.repeat(33), auth_data: stage.name() }), [
      500,
      'app.user.update_auth_data.app_error',
    ]);
  }),
  refusal('answers 500 for data of 129 characters', [500, 'app.user.update_auth_data.app_error'], async (stage) =>
    setAuth(stage, (await stage.person()).id, { auth_service: 'saml', auth_data: 'x'.repeat(129) }),
  ),
  fact('finds its keys in any case', async (stage) => {
    const data = stage.name();

    expect(
      objectOf(await setAuth(stage, (await stage.person()).id, { AUTH_SERVICE: 'saml', Auth_Data: data })),
    ).toEqual({ auth_data: data, auth_service: 'saml' });
  }),
];

const setPassword = (stage: Stage, id: string, body: unknown): Promise<Reply> =>
  stage.admin.put(`/users/${id}/password`, body);

const login = (stage: Stage, username: string, password: string): Promise<Reply> =>
  stage.nobody.post('/users/login', { login_id: username, password });

const passwords: readonly ContractCase[] = [
  fact('sets a password, and the old one is gone', async (stage) => {
    const { id, username } = await stage.person();

    expectOk(await setPassword(stage, id, { new_password: 'Another-passw0rd' }));

    expect((await login(stage, username, stage.password)).status).toBe(401);
    expect((await login(stage, username, 'Another-passw0rd')).status).toBe(200);
  }),
  fact('makes an email login of somebody of a service', async (stage) => {
    const { id, username } = await stage.ssoPerson('saml');

    expectOk(await setPassword(stage, id, { new_password: stage.password }));

    const user = await stage.read(id);
    expect(user['auth_service']).toBe('');
    expect(keysOf(user)).not.toContain('auth_data');
    expect((await login(stage, username, stage.password)).status).toBe(200);
  }),
  fact(
    'ends sessions where the server is set to, and none of the tokens',
    async (stage) => {
      const { id, caller } = await stage.member();
      const token = await stage.token(id);

      expectOk(await setPassword(stage, id, { new_password: 'Another-passw0rd' }));

      expectRefused(await caller.get('/users/me'), noSession);
      expect((await stage.as(token.secret).get('/users/me')).status).toBe(200);
    },
    { config: { 'ServiceSettings.TerminateSessionsOnPasswordChange': true } },
  ),
  fact(
    'keeps sessions where the server is set to',
    async (stage) => {
      const { id, caller } = await stage.member();

      expectOk(await setPassword(stage, id, { new_password: 'Another-passw0rd' }));

      expect((await caller.get('/users/me')).status).toBe(200);
    },
    { config: { 'ServiceSettings.TerminateSessionsOnPasswordChange': false } },
  ),
  ...[{}, { new_password: '' }, { new_password: 'short12' }, '{"new_password":'].map((body) =>
    refusal(
      `refuses ${JSON.stringify(body)} by an administrator`,
      [400, 'model.user.is_valid.pwd_min_length.app_error'],
      async (stage) => setPassword(stage, (await stage.person()).id, body),
    ),
  ),
  refusal('refuses 73 bytes', [400, 'model.user.is_valid.pwd_max_length.app_error'], async (stage) =>
    setPassword(stage, (await stage.person()).id, { new_password: 'ü'.repeat(37) }),
  ),
  fact('wants the own password of people who change their own', async (stage) => {
    const { caller, username } = await stage.member();
    const send = (body: unknown): Promise<Reply> => caller.put('/users/me/password', body);

    expectRefused(await send({ new_password: 'Another-passw0rd' }), invalidBody);
    expectRefused(await send({ current_password: 'wrong', new_password: 'Another-passw0rd' }), [
      400,
      'api.user.update_password.incorrect.app_error',
    ]);
    expectOk(await send({ current_password: stage.password, new_password: 'Another-passw0rd' }));
    expect((await caller.get('/users/me')).status).toBe(200);
    expect((await login(stage, username, 'Another-passw0rd')).status).toBe(200);
  }),
  refusal(
    'refuses people of a service who change their own',
    [400, 'api.user.update_password.oauth.app_error'],
    async (stage) => {
      const { caller, id } = await stage.member();
      await setAuth(stage, id, { auth_service: 'saml', auth_data: stage.name() });
      return caller.put('/users/me/password', { current_password: stage.password, new_password: 'Another-passw0rd' });
    },
  ),
  refusal('refuses a hash of one’s own', [401, 'api.user.update_password.user_and_hashed.app_error'], async (stage) =>
    (await stage.sharedMember()).caller.put('/users/me/password', { new_password: 'x', already_hashed: 'true' }),
  ),
  fact('takes a boolean already_hashed for nothing', async (stage) => {
    const { id, username } = await stage.person();

    expectOk(await setPassword(stage, id, { new_password: 'Another-passw0rd', already_hashed: true }));

    expect((await login(stage, username, 'Another-passw0rd')).status).toBe(200);
  }),
  fact('clears failed attempts', async (stage) => {
    const { id, username } = await stage.person();
    await login(stage, username, 'wrong');
    expect((await stage.read(id))['failed_attempts']).toBe(1);

    expectOk(await setPassword(stage, id, { new_password: stage.password }));

    expect(keysOf(await stage.read(id))).not.toContain('failed_attempts');
  }),
  fact('works on somebody inactive, and moves update_at', async (stage) => {
    const { id } = await stage.person();
    await stage.admin.delete(`/users/${id}`);
    const before = numberOf((await stage.read(id))['update_at']);

    expectOk(await setPassword(stage, id, { new_password: stage.password }));

    expect(numberOf((await stage.read(id))['update_at'])).toBeGreaterThan(before);
  }),
];

const noGuest: Refused = [501, 'api.user.promote_guest_to_user.no_guest.app_error'];

const promotions: readonly ContractCase[] = [
  refusal('refuses somebody who is no guest', noGuest, async (stage) =>
    stage.admin.post(`/users/${(await stage.target()).id}/promote`),
  ),
  fact('makes a member of a guest and keeps other roles in place', async (stage) => {
    const { id } = await stage.person();
    await setRoles(stage, id, { roles: 'system_post_all system_guest' });

    expectOk(await stage.admin.post(`/users/${id}/promote`));

    expect((await stage.read(id))['roles']).toBe('system_post_all system_user');
    expectRefused(await stage.admin.post(`/users/${id}/promote`), noGuest);
  }),
  fact('leaves the flags of an admin who became a guest by their roles alone', async (stage) => {
    const { id } = await stage.person();
    const team = await stage.team();
    await stage.admin.post(`/teams/${team.id}/members`, { team_id: team.id, user_id: id });
    await stage.admin.put(`/teams/${team.id}/members/${id}/schemeRoles`, { scheme_user: true, scheme_admin: true });
    await setRoles(stage, id, { roles: 'system_guest' });

    expectOk(await stage.admin.post(`/users/${id}/promote`));

    expect(objectOf(await stage.admin.get(`/teams/${team.id}/members/${id}`))['roles']).toBe('team_user team_admin');
  }),
  fact(
    'brings a guest into the default channels as a guest still, and the next one makes a member of that',
    async (stage) => {
      const { id } = await stage.person();
      const team = await stage.team();
      await setRoles(stage, id, { roles: 'system_guest' });
      await stage.admin.post(`/teams/${team.id}/members`, { team_id: team.id, user_id: id });
      const { id: square } = objectOf(await stage.admin.get(`/teams/${team.id}/channels/name/town-square`));
      const path = `/channels/${textOf(square)}/members/${id}`;

      expectOk(await stage.admin.post(`/users/${id}/promote`));

      expect(objectOf(await stage.admin.get(`/teams/${team.id}/members/${id}`))['roles']).toBe('team_user');
      expect(objectOf(await stage.admin.get(path))['roles']).toBe('channel_guest');
      expectRefused(await stage.admin.put(`${path}/schemeRoles`, { scheme_user: true, scheme_admin: true }), [
        400,
        'api.channel.update_channel_member_roles.guest.app_error',
      ]);
      await setRoles(stage, id, { roles: 'system_guest' });
      expectOk(await stage.admin.post(`/users/${id}/promote`));
      expect(objectOf(await stage.admin.get(path))['roles']).toBe('channel_user');
    },
  ),
  fact('leaves an inactive guest inactive', async (stage) => {
    const { id } = await stage.person();
    await setRoles(stage, id, { roles: 'system_guest' });
    await stage.admin.delete(`/users/${id}`);

    expectOk(await stage.admin.post(`/users/${id}/promote`));

    expect(numberOf((await stage.read(id))['delete_at'])).toBeGreaterThan(0);
  }),
];

const guests = { licence: 'enterprise', config: { 'GuestAccountsSettings.Enable': true } } as const;

const demotions: readonly ContractCase[] = [
  refusal('needs a licence before anything else', [501, 'api.team.demote_user_to_guest.license.error'], async (stage) =>
    stage.admin.post(`/users/${(await stage.target()).id}/demote`),
  ),
  refusal(
    'needs guests to be switched on',
    [501, 'api.team.demote_user_to_guest.disabled.error'],
    async (stage) => stage.admin.post(`/users/${(await stage.target()).id}/demote`),
    { licence: 'enterprise', config: { 'GuestAccountsSettings.Enable': false } },
  ),
  refusal(
    'needs a licence with guests',
    [403, 'api.team.invite_guests_to_channels.disabled.error'],
    async (stage) => stage.admin.post(`/users/${(await stage.target()).id}/demote`),
    { licence: { guests: false }, config: { 'GuestAccountsSettings.Enable': true } },
  ),
  fact(
    'leaves system_guest alone of all roles, once',
    async (stage) => {
      const { id } = await stage.person();
      await setRoles(stage, id, { roles: 'system_user system_admin system_post_all' });

      expectOk(await stage.admin.post(`/users/${id}/demote`));

      expect((await stage.read(id))['roles']).toBe('system_guest');
      expectRefused(await stage.admin.post(`/users/${id}/demote`), [
        501,
        'api.user.demote_user_to_guest.already_guest.app_error',
      ]);
    },
    guests,
  ),
  fact(
    'brings back a member by promotion',
    async (stage) => {
      const { id } = await stage.person();
      await stage.admin.post(`/users/${id}/demote`);

      expectOk(await stage.admin.post(`/users/${id}/promote`));

      expect((await stage.read(id))['roles']).toBe('system_user');
    },
    guests,
  ),
  refusal(
    'refuses a member',
    forbidden,
    async (stage) => (await stage.sharedMember()).caller.post(`/users/${(await stage.target()).id}/demote`),
    guests,
  ),
  refusal('knows nobody', noUser, (stage) => stage.admin.post(`/users/${stage.unknownId}/demote`), guests),
];

const attempts: readonly ContractCase[] = [
  fact('lets somebody in again after ten wrong passwords', async (stage) => {
    const { id, username } = await stage.person();
    for (let count = 0; count < 10; count++) {
      expectRefused(await login(stage, username, 'wrong'), [401, 'api.user.login.invalid_credentials_email_username']);
    }
    expectRefused(await login(stage, username, stage.password), [
      401,
      'api.user.check_user_login_attempts.too_many.app_error',
    ]);
    expect((await stage.read(id))['failed_attempts']).toBe(10);

    expectOk(await stage.admin.post(`/users/${id}/reset_failed_attempts`));

    expect((await login(stage, username, stage.password)).status).toBe(200);
    expect(keysOf(await stage.read(id))).not.toContain('failed_attempts');
  }),
  refusal(
    'is for people of email and LDAP',
    [400, 'api.user.reset_password_failed_attempts.ldap_and_email_only.app_error'],
    async (stage) => stage.admin.post(`/users/${(await stage.ssoPerson('saml')).id}/reset_failed_attempts`),
  ),
  fact('says yes about somebody of LDAP', async (stage) =>
    expectOk(await stage.admin.post(`/users/${(await stage.ssoPerson('ldap')).id}/reset_failed_attempts`)),
  ),
];

export const standingCases: ContractCases = {
  'users-user-id-roles-put': roles,
  'users-user-id-active-put': activity,
  'users-user-id-delete': deletion,
  'users.deletePermanently': forGood,
  'users-user-id-auth-put': auth,
  'users-user-id-password-put': passwords,
  'users-user-id-promote-post': promotions,
  'users-user-id-demote-post': demotions,
  'users.resetFailedAttempts': attempts,
};
