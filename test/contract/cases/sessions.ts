import { expect } from 'vitest';
import type { Reply } from '../support/caller.ts';
import { type ContractCase, type ContractCases, fact, refusal } from '../support/contract-case.ts';
import {
  expectOk,
  expectRefused,
  invalidBody,
  invalidUrl,
  keysOf,
  listOf,
  noSession,
  numberOf,
  objectOf,
  type Refused,
  textOf,
} from '../support/expectations.ts';
import type { Stage } from '../support/stage.ts';
import { everyField, ownKeys } from './user-keys.ts';

// Sessions, and the ways into one.

const wrongCredentials: Refused = [401, 'api.user.login.invalid_credentials_email_username'];
const blankPassword: Refused = [400, 'api.user.login.blank_pwd.app_error'];
const noSuchSession: Refused = [400, 'app.session.get.app_error'];

const logIn = (stage: Stage, body: unknown): Promise<Reply> => stage.nobody.post('/users/login', body);

const logins: readonly ContractCase[] = [
  fact('answers 200 with the own account and the token in a header, without cookies', async (stage) => {
    const { username } = await stage.person(everyField);

    const reply = await logIn(stage, { login_id: username, password: stage.password });

    expect(keysOf(objectOf(reply))).toEqual(ownKeys);
    expect(reply.headers['token']).toMatch(/^[ybndrfg8ejkmcpqxot1uwisza345h769]{26}$/);
    expect(reply.headers['set-cookie']).toBeUndefined();
  }),
  fact('knows people by username, address and id, in any case', async (stage) => {
    const { id, username, email } = await stage.person();
    const { password } = stage;

    for (const body of [{ login_id: username.toUpperCase() }, { login_id: email.toUpperCase() }, { id }]) {
      expect(objectOf(await logIn(stage, { ...body, password }))['id']).toBe(id);
    }
  }),
  fact('sets cookies for a browser', async (stage) => {
    const { username, id } = await stage.person();

    const reply = await stage.nobody.send('POST', '/users/login', {
      body: { login_id: username, password: stage.password },
      headers: { 'x-requested-with': 'XMLHttpRequest' },
    });

    const cookies = (reply.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0] ?? '');
    const lasting = /; Path=\/; Expires=\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT; Max-Age=\d+(?:; HttpOnly)?$/;
    for (const cookie of reply.headers['set-cookie'] ?? []) expect(cookie).toMatch(lasting);
    expect(cookies[0]).toBe(`MMAUTHTOKEN=${String(reply.headers['token'])}`);
    expect(cookies[1]).toBe(`MMUSERID=${id}`);
    expect(cookies[2]).toMatch(/^MMCSRF=[a-z0-9]{26}$/);
  }),
  fact('wants the sign of a browser for writes by cookie, and lets the cookie win over the header', async (stage) => {
    const { caller, id } = await stage.member();
    const other = await stage.member();
    const cookie = `MMAUTHTOKEN=${String(caller.token)}`;

    expect(objectOf(await other.caller.get('/users/me', { cookie }))['id']).toBe(id);
    const write = { body: { nickname: 'N' }, headers: { cookie } };
    expectRefused(await stage.nobody.send('PUT', '/users/me/patch', write), noSession);
    const asBrowser = { ...write, headers: { cookie, 'x-requested-with': 'XMLHttpRequest' } };
    expect((await stage.nobody.send('PUT', '/users/me/patch', asBrowser)).status).toBe(200);
  }),
  refusal('refuses a wrong password', wrongCredentials, async (stage) =>
    logIn(stage, { login_id: (await stage.person()).username, password: 'wrong' }),
  ),
  refusal('refuses an unknown name with the same words', wrongCredentials, (stage) =>
    logIn(stage, { login_id: stage.name(), password: 'wrong' }),
  ),
  refusal('refuses people of a service with the same words', wrongCredentials, async (stage) =>
    logIn(stage, { login_id: (await stage.ssoPerson('saml')).username, password: stage.password }),
  ),
  refusal('refuses guests with the same words where there are none', wrongCredentials, async (stage) => {
    const { id, username } = await stage.person();
    await stage.admin.put(`/users/${id}/roles`, { roles: 'system_guest' });
    return logIn(stage, { login_id: username, password: stage.password });
  }),
  ...[{}, '', '[]', '{"login_id":', { login_id: 'x', password: 7 }, { LOGIN_ID: 'x', PASSWORD: 'y' }].map((body) =>
    refusal(`misses a password in ${JSON.stringify(body)}`, blankPassword, (stage) => logIn(stage, body)),
  ),
  fact('says that somebody is inactive, to a wrong password too', async (stage) => {
    const { id, username } = await stage.person();
    await stage.admin.delete(`/users/${id}`);

    for (const password of [stage.password, 'wrong']) {
      expectRefused(await logIn(stage, { login_id: username, password }), [401, 'api.user.login.inactive.app_error']);
    }
  }),
  refusal(
    'says that an address is not verified where that is asked for',
    [401, 'api.user.login.not_verified.app_error'],
    async (stage) => logIn(stage, { login_id: (await stage.person()).username, password: stage.password }),
    { config: { 'EmailSettings.RequireEmailVerification': true } },
  ),
  fact('moves update_at in lists, and clears failures', async (stage) => {
    const { username } = await stage.person();
    await logIn(stage, { login_id: username, password: 'wrong' });
    const row = async (): Promise<Readonly<Record<string, unknown>> | undefined> =>
      listOf(await stage.admin.post('/users/usernames', [username]))[0];
    const before = await row();
    expect(before?.['failed_attempts']).toBe(1);

    await logIn(stage, { login_id: username, password: stage.password });

    const after = await row();
    expect(numberOf(after?.['update_at'])).toBeGreaterThan(numberOf(before?.['update_at']));
    expect(keysOf(after)).not.toContain('failed_attempts');
  }),
];

const logouts: readonly ContractCase[] = [
  fact('ends the session of the token', async (stage) => {
    const { caller } = await stage.member();

    const reply = await caller.post('/users/logout');

    expectOk(reply);
    expectRefused(await caller.get('/users/me'), noSession);
  }),
  fact('says yes without a session too', async (stage) => {
    expectOk(await stage.nobody.post('/users/logout'));
    expectOk(await stage.stranger.post('/users/logout'));
  }),
];

const sessionKeys: readonly string[] = (
  'id token create_at expires_at last_activity_at user_id device_id roles is_oauth expired_notify props ' +
  'team_members local'
).split(' ');

const lists: readonly ContractCase[] = [
  fact('lists sessions without their tokens', async (stage) => {
    const { id } = await stage.member();

    const reply = await stage.admin.get(`/users/${id}/sessions`);
    const [session] = listOf(reply);

    expect(keysOf(session)).toEqual(sessionKeys);
    expect(session).toMatchObject({
      token: '',
      user_id: id,
      device_id: '',
      roles: 'system_user',
      is_oauth: false,
      team_members: [],
      local: false,
    });
    expect(keysOf(session?.['props'])).toEqual([
      'browser',
      'csrf',
      'isMobile',
      'isOAuthUser',
      'isSaml',
      'is_guest',
      'os',
      'platform',
    ]);
    expect(reply.text.endsWith('\n')).toBe(false);
  }),
  fact(
    'gives a login 720 hours',
    async (stage) => {
      const { id } = await stage.member();

      const [session] = listOf(await stage.admin.get(`/users/${id}/sessions`));

      const hours = (numberOf(session?.['expires_at']) - numberOf(session?.['create_at'])) / 3_600_000;
      expect(hours).toBeCloseTo(720, 3);
    },
    { config: { 'ServiceSettings.SessionLengthWebInHours': 720 } },
  ),
  fact('lists those of several logins, and those made from tokens', async (stage) => {
    const person = await stage.member();
    await stage.login(person);
    await stage.as((await stage.token(person.id)).secret).get('/users/me');

    expect(listOf(await stage.admin.get(`/users/${person.id}/sessions`))).toHaveLength(3);
    expect(listOf(await person.caller.get('/users/me/sessions'))).toHaveLength(3);
  }),
  fact('is empty as "[]"', async (stage) => {
    expect((await stage.admin.get(`/users/${(await stage.person()).id}/sessions`)).text).toBe('[]');
  }),
];

/** The ids of somebody's sessions. */
async function sessionsOf(stage: Stage, id: string): Promise<readonly string[]> {
  return listOf(await stage.admin.get(`/users/${id}/sessions`)).map((session) => textOf(session['id']));
}

const revokes: readonly ContractCase[] = [
  fact('ends that session alone', async (stage) => {
    const person = await stage.member();
    const [first] = await sessionsOf(stage, person.id);
    const second = await stage.login(person);

    expectOk(await stage.admin.post(`/users/${person.id}/sessions/revoke`, { session_id: first }));

    expectRefused(await person.caller.get('/users/me'), noSession);
    expect((await second.get('/users/me')).status).toBe(200);
  }),
  fact('takes the secret for the id', async (stage) => {
    const { id, caller } = await stage.member();

    expectOk(await caller.post('/users/me/sessions/revoke', { session_id: caller.token }));
    expect(await sessionsOf(stage, id)).toEqual([]);
  }),
  refusal('refuses a session of somebody else', invalidUrl, async (stage) => {
    const [session] = await sessionsOf(stage, (await stage.member()).id);
    return stage.admin.post(`/users/${(await stage.target()).id}/sessions/revoke`, { session_id: session });
  }),
  refusal('knows no other session', noSuchSession, async (stage) =>
    stage.admin.post(`/users/${(await stage.target()).id}/sessions/revoke`, { session_id: stage.unknownId }),
  ),
  ...[{}, { session_id: '' }, '', '[]', '{"session_id":', { session_id: 7 }, { SESSION_ID: 'x' }].map((body) =>
    refusal(`refuses ${JSON.stringify(body)}`, invalidBody, async (stage) =>
      stage.admin.post(`/users/${(await stage.target()).id}/sessions/revoke`, body),
    ),
  ),
];

const revokesAll: readonly ContractCase[] = [
  fact('ends them all, and says yes when there are none', async (stage) => {
    const person = await stage.member();
    const second = await stage.login(person);

    expectOk(await stage.admin.post(`/users/${person.id}/sessions/revoke/all`));
    expectOk(await stage.admin.post(`/users/${person.id}/sessions/revoke/all`));

    for (const caller of [person.caller, second]) expectRefused(await caller.get('/users/me'), noSession);
    expect(await sessionsOf(stage, person.id)).toEqual([]);
  }),
  fact('leaves tokens, which open sessions again', async (stage) => {
    const { id } = await stage.person();
    const { secret } = await stage.token(id);
    await stage.as(secret).get('/users/me');

    expectOk(await stage.admin.post(`/users/${id}/sessions/revoke/all`));
    expect(await sessionsOf(stage, id)).toEqual([]);

    expect((await stage.as(secret).get('/users/me')).status).toBe(200);
    expect(await sessionsOf(stage, id)).toHaveLength(1);
  }),
  fact('logs people out who do it to themselves, and leaves update_at alone', async (stage) => {
    const { id, caller } = await stage.member();
    const before = (await stage.read(id))['update_at'];

    expectOk(await caller.post('/users/me/sessions/revoke/all'));

    expectRefused(await caller.get('/users/me'), noSession);
    expect((await stage.read(id))['update_at']).toBe(before);
  }),
];

const everybodys: readonly ContractCase[] = [
  fact(
    'logs everybody out, and leaves tokens',
    async (stage) => {
      const member = await stage.member();
      const token = await stage.token(member.id);
      await stage.as(token.secret).get('/users/me');

      expectOk(await stage.admin.post('/users/sessions/revoke/all'));

      expectRefused(await member.caller.get('/users/me'), noSession);
      expect((await stage.as(token.secret).get('/users/me')).status).toBe(200);
    },
    { ownServer: 'it logs everybody out' },
  ),
];

const setDevice = (stage: Stage, body: unknown): Promise<Reply> =>
  stage.member().then(({ caller }) => caller.put('/users/sessions/device', body));

const devices: readonly ContractCase[] = [
  fact('notes a device in the own session, sets a cookie, and ends another session of that device', async (stage) => {
    const person = await stage.member();
    const device = `android:${stage.name()}`;

    const reply = await person.caller.put('/users/sessions/device', { device_id: device });

    expectOk(reply);
    expect(reply.headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^MMAUTHTOKEN=${String(person.caller.token)}; Path=/; Expires=.* GMT; Max-Age=\\d+; HttpOnly$`),
    );
    expect(listOf(await stage.admin.get(`/users/${person.id}/sessions`))[0]?.['device_id']).toBe(device);
    const second = await stage.login(person);
    expectOk(await second.put('/users/sessions/device', { device_id: device }));
    expectRefused(await person.caller.get('/users/me'), noSession);
  }),
  fact('notes the rest in the props of the session', async (stage) => {
    const { id, caller } = await stage.member();
    const body = { device_notification_disabled: 'true', mobile_version: '2.19.0' };

    const reply = await caller.put('/users/sessions/device', body);

    expectOk(reply);
    expect(reply.headers['set-cookie']).toBeUndefined();
    expect(listOf(await stage.admin.get(`/users/${id}/sessions`))[0]?.['props']).toMatchObject(body);
  }),
  fact('says yes to nothing', async (stage) => expectOk(await setDevice(stage, {}))),
  ...[{ device_notification_disabled: 'yes' }, { mobile_version: '2.19' }, { mobile_version: 'new' }].map((body) =>
    refusal(`refuses ${JSON.stringify(body)}`, invalidBody, (stage) => setDevice(stage, body)),
  ),
];

const follow = { follow_link: '/login?extra=signin_change' };
const switchTo = (stage: Stage, body: unknown): Promise<Reply> => stage.nobody.post('/users/login/switch', body);

const switches: readonly ContractCase[] = [
  ...[
    '',
    '[]',
    {},
    { current_service: 'email', new_service: 'email' },
    { current_service: 'saml', new_service: 'ldap' },
  ].map((body) => refusal(`refuses ${JSON.stringify(body)}`, invalidBody, (stage) => switchTo(stage, body))),
  fact('sends somebody with the right password to SAML', async (stage) => {
    const { email } = await stage.person();

    const reply = await switchTo(stage, {
      current_service: 'email',
      new_service: 'saml',
      email,
      password: stage.password,
    });

    expect(textOf(objectOf(reply)['follow_link'])).toContain('/login/sso/saml?action=email_to_sso');
  }),
  refusal('refuses a wrong password', [401, 'api.user.check_user_password.invalid.app_error'], async (stage) =>
    switchTo(stage, {
      current_service: 'email',
      new_service: 'saml',
      email: (await stage.person()).email,
      password: 'wrong',
    }),
  ),
  refusal('knows nobody of that address', [404, 'app.user.missing_account.const'], (stage) =>
    switchTo(stage, { current_service: 'email', new_service: 'saml', email: 'nobody@example.test', password: 'x' }),
  ),
  refusal(
    'refuses a service that is not set up',
    [501, 'api.user.authorize_oauth_user.unsupported.app_error'],
    async (stage) =>
      switchTo(stage, {
        current_service: 'email',
        new_service: 'gitlab',
        email: (await stage.person()).email,
        password: stage.password,
      }),
    { config: { 'GitLabSettings.Enable': false } },
  ),
  refusal(
    'refuses to leave LDAP who never was there',
    [400, 'api.user.ldap_to_email.not_ldap_account.app_error'],
    async (stage) =>
      switchTo(stage, {
        current_service: 'ldap',
        new_service: 'email',
        email: (await stage.person()).email,
        password: stage.password,
        new_password: 'Another-passw0rd',
      }),
  ),
  fact('brings somebody of a service back to email, with a session, and ends all sessions', async (stage) => {
    const { id, email, username, caller } = await stage.member();
    await stage.admin.put(`/users/${id}/auth`, { auth_service: 'saml', auth_data: stage.name() });
    const body = { current_service: 'saml', new_service: 'email', email, new_password: 'Another-passw0rd' };
    expectRefused(await switchTo(stage, body), noSession);

    expect(objectOf(await caller.post('/users/login/switch', body))).toEqual(follow);

    expectRefused(await caller.get('/users/me'), noSession);
    expect((await logIn(stage, { login_id: username, password: 'Another-passw0rd' })).status).toBe(200);
  }),
  refusal('refuses the address of somebody else', [403, 'api.user.oauth_to_email.context.app_error'], async (stage) => {
    const other = await stage.ssoPerson('saml');
    const body = {
      current_service: 'saml',
      new_service: 'email',
      email: other.email,
      new_password: 'Another-passw0rd',
    };
    return (await stage.sharedMember()).caller.post('/users/login/switch', body);
  }),
];

const gone: readonly ContractCase[] = [
  refusal('is gone, whatever the body', [404, 'api.context.404.app_error'], (stage) => stage.admin.post('/users/mfa')),
];

export const sessionCases: ContractCases = {
  'login.login': logins,
  'login.logout': logouts,
  'users-login-switch-post': switches,
  'users-user-id-sessions-get': lists,
  'users-user-id-sessions-revoke-post': revokes,
  'users-user-id-sessions-revoke-all-post': revokesAll,
  'users-sessions-revoke-all-post': everybodys,
  'users-sessions-device-put': devices,
  'users-mfa-post': gone,
};
