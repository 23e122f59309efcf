import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { admin, as, expired, member, outcome, type Seen, sandboxFor, testClock } from './support.ts';

const seed = { users: [{ username: 'ada', password: 'password1' }] };
const login = (sandbox: Sandbox, more: object = {}, headers: Record<string, string> = {}): Promise<Seen> =>
  as(sandbox)('POST', '/users/login', { login_id: 'ada', password: 'password1', ...more }, headers);

describe('logging in', () => {
  test.each(['ada', 'ADA', 'ada@example.com'])(
    'by "%s" gives a token in a header and the own account',
    async (login_id) => {
      const clock = testClock();
      const sandbox = await sandboxFor({ clock, seed });
      clock.tick(5);

      const seen = await login(sandbox, { login_id });
      const token = seen.headers.get('token') ?? '';

      expect([seen.status, seen.headers.get('set-cookie')]).toEqual([200, null]);
      expect(token).toMatch(/^[a-z0-9]{26}$/);
      expect(seen.json).toMatchObject({ username: 'ada', update_at: clock() - 5, last_password_update: clock() - 5 });
      expect(sandbox.control.user('ada')).toMatchObject({ update_at: clock(), last_login: clock() });
      expect(seen.json).not.toHaveProperty('last_login');
      expect((await as(sandbox, token)('GET', '/users/me')).json['username']).toBe('ada');
    },
  );

  test('by id, and with cookies when a browser asks', async () => {
    const sandbox = await sandboxFor({ seed });

    const seen = await login(
      sandbox,
      { login_id: '', id: sandbox.control.user('ada')?.id },
      { 'X-Requested-With': 'XMLHttpRequest' },
    );

    expect(seen.headers.getSetCookie().map((cookie) => cookie.split('=')[0])).toEqual([
      'MMAUTHTOKEN',
      'MMUSERID',
      'MMCSRF',
    ]);
  });

  test('stops after ten failures, also with the right password, until they are reset', async () => {
    const sandbox = await sandboxFor({ seed });
    const wrong: string[] = [];
    for (let index = 0; index < 10; index++) wrong.push(outcome(await login(sandbox, { password: 'wrong' })));

    const right = await login(sandbox);
    await admin(sandbox)('POST', `/users/${sandbox.control.user('ada')?.id}/reset_failed_attempts`);

    expect(new Set(wrong)).toEqual(new Set(['401 api.user.login.invalid_credentials_email_username']));
    expect(outcome(right)).toBe('401 api.user.check_user_login_attempts.too_many.app_error');
    expect(outcome(await login(sandbox))).toBe('200');
  });

  test('clears earlier failures', async () => {
    const sandbox = await sandboxFor({ seed });
    await login(sandbox, { password: 'wrong' });
    const before = sandbox.control.user('ada')?.failed_attempts;

    const seen = await login(sandbox);

    expect(seen.json['failed_attempts']).toBe(1);
    expect([before, sandbox.control.user('ada')?.failed_attempts]).toEqual([1, 0]);
  });

  test('ends after 720 hours; a logout ends it before', async () => {
    const clock = testClock();
    const sandbox = await sandboxFor({ clock, seed });
    const ask = as(sandbox, (await login(sandbox)).headers.get('token') ?? '');
    const other = as(sandbox, (await login(sandbox)).headers.get('token') ?? '');

    await other('POST', '/users/logout');
    const loggedOut = outcome(await other('GET', '/users/me'));
    clock.tick(720 * 3_600_000 - 1);
    const late = outcome(await ask('GET', '/users/me'));
    clock.tick(1);

    expect([loggedOut, late, outcome(await ask('GET', '/users/me'))]).toEqual([expired, '200', expired]);
  });
});

describe('sessions', () => {
  test('are listed without secrets, newest first, those of tokens among them', async () => {
    const clock = testClock();
    const sandbox = await sandboxFor({ clock, seed });
    const { ask } = member(sandbox, 'ada');
    clock.tick(10);
    const { secret } = sandbox.control.createToken('ada', 'ci');
    await as(sandbox, secret)('GET', '/users/me');

    const seen = await ask('GET', '/users/me/sessions');

    expect(seen.rows.map((row) => (row['props'] as { type?: string }).type)).toEqual(['UserAccessToken', undefined]);
    expect(seen.rows.map((row) => row['token'])).toEqual(['', '']);
    expect(Object.keys(seen.rows[0] ?? {}).join(' ')).toBe(
      'id token create_at expires_at last_activity_at user_id device_id roles is_oauth expired_notify props team_members local',
    );
  });

  test('are revoked one by one, of one person, or of everybody', async () => {
    const sandbox = await sandboxFor({ seed });
    const tokens = [1, 2].map(() => sandbox.control.openSession('ada'));
    const states = (): Promise<readonly string[]> =>
      Promise.all(tokens.map(async (token) => outcome(await as(sandbox, token)('GET', '/users/me'))));
    const path = `/users/${sandbox.control.user('ada')?.id}/sessions`;
    const [first] = (await admin(sandbox)('GET', path)).rows;

    await admin(sandbox)('POST', `${path}/revoke`, { session_id: first?.['id'] });
    const afterOne = (await states()).toSorted();
    await admin(sandbox)('POST', `${path}/revoke/all`);

    expect(afterOne).toEqual(['200', expired]);
    expect(await states()).toEqual([expired, expired]);
  });

  test('of everybody end the caller’s too, and a token opens a new one', async () => {
    const sandbox = await sandboxFor({ seed });
    const root = as(sandbox, sandbox.control.openSession('sandbox-admin'));

    const seen = await root('POST', '/users/sessions/revoke/all');

    expect(outcome(seen)).toBe('200');
    expect(sandbox.snapshot().sessions).toEqual([]);
    expect(outcome(await root('GET', '/users/me'))).toBe(expired);
    expect(outcome(await admin(sandbox)('GET', '/users/me'))).toBe('200');
  });

  test('are 500 a person at most', async () => {
    const sandbox = await sandboxFor({ seed });
    for (let index = 0; index < 510; index++) sandbox.control.openSession('ada');

    expect(sandbox.snapshot().sessions.filter((row) => row.user_id === sandbox.control.user('ada')?.id)).toHaveLength(
      500,
    );
  });

  test('of a device replace an older one of the same device', async () => {
    const sandbox = await sandboxFor({ seed });
    const [first, second] = [member(sandbox, 'ada'), member(sandbox, 'ada')];

    await first.ask('PUT', '/users/sessions/device', { device_id: 'ios:1' });
    const seen = await second.ask('PUT', '/users/sessions/device', {
      device_id: 'ios:1',
      device_notification_disabled: 'true',
      mobile_version: '2.1.0',
    });

    expect(outcome(await first.ask('GET', '/users/me'))).toBe(expired);
    expect(seen.headers.get('set-cookie')).toMatch(/^MMAUTHTOKEN=.*HttpOnly$/);
    expect(sandbox.snapshot().sessions.at(-1)).toMatchObject({
      device_id: 'ios:1',
      props: { device_notification_disabled: 'true', mobile_version: '2.1.0' },
    });
  });
});

describe('passwords', () => {
  test('set by an administrator end all sessions, told by mail', async () => {
    const sandbox = await sandboxFor({ seed });
    const { id, ask } = member(sandbox, 'ada');

    await admin(sandbox)('PUT', `/users/${id}/password`, { new_password: 'password2' });

    expect(outcome(await ask('GET', '/users/me'))).toBe(expired);
    expect(outcome(await login(sandbox, { password: 'password2' }))).toBe('200');
    expect(sandbox.mails).toMatchObject([{ kind: 'password-changed', to: 'ada@example.com' }]);
  });

  test('set by oneself keep the session in use, and no other', async () => {
    const sandbox = await sandboxFor({ seed });
    const [one, other] = [member(sandbox, 'ada'), member(sandbox, 'ada')];

    const seen = await one.ask('PUT', '/users/me/password', {
      current_password: 'password1',
      new_password: 'password2',
    });

    expect(outcome(seen)).toBe('200');
    expect([await one.ask('GET', '/users/me'), await other.ask('GET', '/users/me')].map(outcome)).toEqual([
      '200',
      expired,
    ]);
  });

  test('leave sessions alone on servers that say so, and a hash is stored without a word', async () => {
    const sandbox = await sandboxFor({ seed, config: { 'ServiceSettings.TerminateSessionsOnPasswordChange': false } });
    const { id, ask } = member(sandbox, 'ada');

    await admin(sandbox)('PUT', `/users/${id}/password`, { new_password: 'x', already_hashed: 'true' });
    const hashed = outcome(await login(sandbox, { password: 'x' }));
    await admin(sandbox)('PUT', `/users/${id}/password`, { new_password: 'password3', already_hashed: true });

    expect(hashed).toBe('401 api.user.login.invalid_credentials_email_username');
    expect(outcome(await login(sandbox, { password: 'password3' }))).toBe('200');
    expect(outcome(await ask('GET', '/users/me'))).toBe('200');
    expect(sandbox.mails).toHaveLength(1);
  });

  test('of SSO people cannot be changed by themselves', async () => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'sam', auth_service: 'saml', auth_data: 'x' }] } });

    const seen = await member(sandbox, 'sam').ask('PUT', '/users/me/password', {
      current_password: 'x',
      new_password: 'password1',
    });

    expect(outcome(seen)).toBe('400 api.user.update_password.oauth.app_error');
  });
});

describe('one’s own login', () => {
  test('moves from a service to email with a new password, and every session ends', async () => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'sam', auth_service: 'saml', auth_data: 'x' }] } });
    const { ask } = member(sandbox, 'sam');

    const seen = await ask('POST', '/users/login/switch', {
      current_service: 'saml',
      new_service: 'email',
      email: 'sam@example.com',
      new_password: 'password1',
    });

    expect(seen.json).toEqual({ follow_link: '/login?extra=signin_change' });
    expect(sandbox.control.user('sam')).toMatchObject({ auth_service: '', auth_data: null, passwordSet: true });
    expect(outcome(await ask('GET', '/users/me'))).toBe(expired);
  });

  test('gets a link to SAML whether it is set up or not, and nothing changes yet', async () => {
    const sandbox = await sandboxFor({ seed });

    const seen = await as(sandbox)('POST', '/users/login/switch', {
      current_service: 'email',
      new_service: 'saml',
      email: 'ada@example.com',
      password: 'password1',
    });

    expect(seen.json['follow_link']).toMatch(/\/login\/sso\/saml\?action=email_to_sso&email_token=[a-z0-9]{64}$/);
    expect(sandbox.control.user('ada')?.auth_service).toBe('');
  });

  test('does not move where the licence holder forbids it', async () => {
    const sandbox = await sandboxFor({
      seed,
      licence: 'enterprise',
      config: { 'ServiceSettings.ExperimentalEnableAuthenticationTransfer': false },
    });
    const body = { email: 'ada@example.com', password: 'password1' };
    const pairs = [
      ['email', 'gitlab'],
      ['email', 'ldap'],
      ['ldap', 'email'],
      ['saml', 'email'],
    ];
    const { ask } = member(sandbox, 'ada');

    const seen = await Promise.all(
      pairs.map(([current_service, new_service]) =>
        ask('POST', '/users/login/switch', { ...body, current_service, new_service }),
      ),
    );

    expect(seen.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  });
});

describe('MFA', () => {
  const withMfa = { seed, config: { 'ServiceSettings.EnableMultifactorAuthentication': true } };

  test('is switched on with a code, asked for at login, and a code is good once', async () => {
    const clock = testClock();
    const sandbox = await sandboxFor({ ...withMfa, clock });
    const { ask } = member(sandbox, 'ada');

    const generated = await ask('POST', '/users/me/mfa/generate');
    const code = sandbox.control.mfaCode('ada');
    const wrong = await ask('PUT', '/users/me/mfa', { activate: true, code: code === '000000' ? '000001' : '000000' });
    const right = await ask('PUT', '/users/me/mfa', { activate: true, code });
    const without = await login(sandbox);
    const used = await login(sandbox, { token: code });
    clock.tick(30_000);
    const fresh = await login(sandbox, { token: sandbox.control.mfaCode('ada') });

    expect(generated.headers.get('cache-control')).toBe('no-cache');
    expect(Object.keys(generated.json)).toEqual(['secret', 'qr_code']);
    expect([wrong, right, without, used, fresh].map(outcome)).toEqual([
      '401 mfa.activate.bad_token.app_error',
      '200',
      '401 mfa.validate_token.authenticate.app_error',
      '401 api.user.check_user_mfa.bad_code.app_error',
      '200',
    ]);
  });

  test('is switched off by an administrator without a code, with a mail each time', async () => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'ada', mfa_active: true }] } });
    const path = `/users/${sandbox.control.user('ada')?.id}/mfa`;

    await admin(sandbox)('PUT', path, { activate: false });
    await admin(sandbox)('PUT', path, { activate: false });

    expect(sandbox.control.user('ada')?.mfa_active).toBe(false);
    expect(sandbox.mails.map((mail) => mail.kind)).toEqual(['mfa-changed', 'mfa-changed']);
  });

  test('that is enforced shuts out people, and their tokens, until they have it; bots and SSO people pass', async () => {
    const sandbox = await sandboxFor({
      ...withMfa,
      licence: 'enterprise',
      config: { ...withMfa.config, 'ServiceSettings.EnforceMultifactorAuthentication': true },
      seed: {
        users: [
          ...seed.users,
          { username: 'helper', is_bot: true },
          { username: 'sam', auth_service: 'saml', auth_data: 'x' },
        ],
      },
    });
    const list = async (name: string): Promise<string> =>
      outcome(await as(sandbox, sandbox.control.createToken(name, 'ci').secret)('GET', '/users'));
    const { ask } = member(sandbox, 'ada');

    expect(await list('ada')).toBe('403 api.context.mfa_required.app_error');
    expect([await list('helper'), await list('sam')]).toEqual(['200', '200']);
    expect(outcome(await ask('GET', '/users/me'))).toBe('200');
    await ask('POST', '/users/me/mfa/generate');
    await ask('PUT', '/users/me/mfa', { activate: true, code: sandbox.control.mfaCode('ada') });
    expect(await list('ada')).toBe('200');
  });
});

test('audits tell of logins, newest first; none are null', async () => {
  const sandbox = await sandboxFor({ seed });
  const path = `/users/${sandbox.control.user('ada')?.id}/audits`;
  const none = await admin(sandbox)('GET', path);
  await login(sandbox);
  await login(sandbox);

  const seen = await admin(sandbox)('GET', path);
  const empty = await admin(sandbox)('GET', `${path}?per_page=0`);

  expect([none.text, empty.text]).toEqual(['null\n', 'null\n']);
  expect(seen.rows).toHaveLength(2);
  expect(Object.keys(seen.rows[0] ?? {}).join(' ')).toBe(
    'id create_at user_id action extra_info ip_address session_id',
  );
});

test('the login type is told only where guests log in by magic links', async () => {
  const sandbox = await sandboxFor({
    licence: 'professional',
    config: { 'GuestAccountsSettings.Enable': true, 'GuestAccountsSettings.EnableGuestMagicLink': true },
    seed: {
      users: [
        ...seed.users,
        { username: 'gus', roles: 'system_guest', auth_service: 'magic_link' },
        { username: 'away', active: false },
      ],
    },
  });
  const type = async (login_id: string): Promise<unknown> =>
    (await as(sandbox)('POST', '/users/login/type', { login_id })).json;

  expect(await type('ada')).toEqual({ auth_service: '' });
  expect(await type('gus')).toEqual({ auth_service: 'guest_magic_link' });
  expect(await type('away')).toEqual({ auth_service: '', is_deactivated: true });
});
