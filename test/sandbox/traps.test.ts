import { describe, expect, test } from 'vitest';
import {
  admin,
  as,
  expired,
  forbidden,
  invalidBody,
  member,
  outcome,
  sandboxFor,
  testClock,
  unknownId,
} from './support.ts';

/** The traps of the real API (reference §1), one by one: a client that is not careful must fall in here too. */
describe('trap', () => {
  test.each([
    ['no key', {}],
    ['a misspelt key', { role: 'system_user' }],
    ['a list', { roles: ['system_user'] }],
    ['a key in capitals', { ROLES: 'system_user' }],
    ['broken JSON', '{"roles":'],
    ['nothing', ''],
    ['null', { roles: null }],
  ])('1: roles of a person are erased by a body with %s', async (_what, body) => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'ada' }] } });

    const seen = await admin(sandbox)('PUT', `/users/${sandbox.control.user('ada')?.id}/roles`, body);

    expect(seen.text).toBe('{"status":"OK"}');
    expect(sandbox.control.user('ada')?.roles).toBe('');
  });

  test('1: the session of someone without roles goes on, and sees no one else', async () => {
    const sandbox = await sandboxFor();
    const ada = member(sandbox, 'ada');

    await admin(sandbox)('PUT', `/users/${ada.id}/roles`, {});

    expect(outcome(await ada.ask('GET', '/users/me'))).toBe('200');
    expect((await ada.ask('GET', '/users')).text).toBe('[]');
    expect(outcome(await ada.ask('GET', `/users/${sandbox.control.user('sandbox-admin')?.id}`))).toBe(forbidden);
  });

  test('2: a password set by an administrator makes an SSO person one with email login', async () => {
    const sandbox = await sandboxFor({
      seed: { users: [{ username: 'ada', auth_service: 'saml', auth_data: 'ada@idp' }] },
    });

    const seen = await admin(sandbox)('PUT', `/users/${sandbox.control.user('ada')?.id}/password`, {
      new_password: 'password1',
    });

    expect(outcome(seen)).toBe('200');
    expect(sandbox.control.user('ada')).toMatchObject({ auth_service: '', auth_data: null, passwordSet: true });
  });

  test('3: /auth wipes the password at once, also when nothing changes, and answers an unknown id alike', async () => {
    const sandbox = await sandboxFor({
      seed: { users: [{ username: 'ada', password: 'password1', failed_attempts: 3 }] },
    });
    const ask = admin(sandbox);
    const auth = { auth_service: 'saml', auth_data: 'ada@idp' };

    const first = await ask('PUT', `/users/${sandbox.control.user('ada')?.id}/auth`, auth);
    const unknown = await ask('PUT', `/users/${unknownId}/auth`, { ...auth, auth_data: 'free' });
    sandbox.control.updateUser('ada', { password: 'password2' });
    await ask('PUT', `/users/${sandbox.control.user('ada')?.id}/auth`, auth);

    expect(first.json).toEqual({ auth_data: 'ada@idp', auth_service: 'saml' });
    expect(outcome(unknown)).toBe('200');
    expect(sandbox.control.user('ada')).toMatchObject({ passwordSet: false, failed_attempts: 0, auth_service: 'saml' });
  });

  test('4: the auth service "email" is stored as it is, and no one logs in by it', async () => {
    const sandbox = await sandboxFor();

    const made = await admin(sandbox)('POST', '/users', {
      username: 'ada',
      email: 'ada@example.com',
      password: 'password1',
      auth_service: 'email',
    });
    const login = await as(sandbox)('POST', '/users/login', { login_id: 'ada', password: 'password1' });

    expect(made.json['auth_service']).toBe('email');
    expect(outcome(login)).toBe('401 api.user.login.invalid_credentials_email_username');
  });

  test('5: generating an MFA secret for someone whose MFA is on locks them out', async () => {
    const clock = testClock();
    const sandbox = await sandboxFor({ clock, config: { 'ServiceSettings.EnableMultifactorAuthentication': true } });
    const ada = member(sandbox, 'ada');
    const { secret: ownSecret } = (await ada.ask('POST', '/users/me/mfa/generate')).json;
    await ada.ask('PUT', '/users/me/mfa', { activate: true, code: sandbox.control.mfaCode('ada') });

    clock.tick(60_000);
    const oldCode = sandbox.control.mfaCode('ada');
    const generated = await admin(sandbox)('POST', `/users/${ada.id}/mfa/generate`);
    const login = await as(sandbox)('POST', '/users/login', { login_id: 'ada', password: 'password1', token: oldCode });

    expect(generated.json['secret']).not.toBe(ownSecret);
    expect(sandbox.control.user('ada')?.mfa_active).toBe(true);
    expect(outcome(login)).toBe('401 api.user.check_user_mfa.bad_code.app_error');
  });

  test('6: demoting takes every role, and no one counts the administrators', async () => {
    const sandbox = await sandboxFor({ licence: 'professional', config: { 'GuestAccountsSettings.Enable': true } });

    const seen = await admin(sandbox)('POST', '/users/me/demote');

    expect(outcome(seen)).toBe('200');
    expect(sandbox.control.user('sandbox-admin')?.roles).toBe('system_guest');
  });

  test('7: an administrator can delete the own account, the last one too', async () => {
    const sandbox = await sandboxFor();

    const seen = await admin(sandbox)('DELETE', '/users/me');

    expect(outcome(seen)).toBe('200');
    expect(sandbox.control.user('sandbox-admin')?.delete_at).toBeGreaterThan(0);
    expect(outcome(await admin(sandbox)('GET', '/users/me'))).toBe(expired);
  });

  test.each([
    ['DELETE', '', undefined],
    ['PUT', '/active', { active: false }],
  ])('8: %s moves delete_at of someone who is inactive already', async (method, suffix, body) => {
    const clock = testClock();
    const sandbox = await sandboxFor({ clock, seed: { users: [{ username: 'ada', active: false }] } });
    const before = sandbox.control.user('ada')?.delete_at ?? 0;
    clock.tick(5000);

    await admin(sandbox)(method, `/users/${sandbox.control.user('ada')?.id}${suffix}`, body);

    expect(sandbox.control.user('ada')?.delete_at).toBe(before + 5000);
  });

  test('9: on a full server even an active person cannot be activated', async () => {
    const users = Array.from({ length: 249 }, (_, index) => ({ username: `person${index}` }));
    const sandbox = await sandboxFor({ seed: { users } });
    const ask = admin(sandbox);
    const id = sandbox.control.user('person0')?.id;

    expect(outcome(await ask('PUT', `/users/${id}/active`, { active: true }))).toBe(
      '400 app.user.update_active.user_limit.exceeded',
    );
    await ask('PUT', `/users/${sandbox.control.user('person1')?.id}/active`, { active: false });
    expect(outcome(await ask('PUT', `/users/${id}/active`, { active: true }))).toBe('200');
  });

  test('10: whether an email is verified is not shown to an administrator', async () => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'ada', email_verified: true }] } });

    const seen = await admin(sandbox)('GET', '/users/username/ada');

    expect(seen.json).not.toHaveProperty('email_verified');
    expect(seen.json).not.toHaveProperty('last_password_update');
  });

  test('11: a full update resets what it leaves out', async () => {
    const sandbox = await sandboxFor({
      seed: {
        users: [
          {
            username: 'ada',
            first_name: 'Ada',
            locale: 'de',
            props: { a: 'b' },
            notify_props: { email: 'false' },
            remote_id: '',
          },
        ],
      },
    });
    const id = sandbox.control.user('ada')?.id;

    const seen = await admin(sandbox)('PUT', `/users/${id}`, { id, username: 'ada', email: 'ada@example.com' });

    expect(seen.json).toMatchObject({ first_name: '', locale: '', timezone: null, notify_props: { email: 'true' } });
    expect(seen.json).not.toHaveProperty('props');
    expect(seen.json).not.toHaveProperty('remote_id');
  });

  test('12: with verification on, a change of email answers 200 with the old one, and mails each time', async () => {
    const sandbox = await sandboxFor({
      seed: { users: [{ username: 'ada' }] },
      config: { 'EmailSettings.RequireEmailVerification': true },
    });
    const path = `/users/${sandbox.control.user('ada')?.id}/patch`;

    const first = await admin(sandbox)('PUT', path, { email: 'new@example.com' });
    await admin(sandbox)('PUT', path, { email: 'new@example.com' });
    const ownCase = await admin(sandbox)('PUT', path, { email: 'ADA@example.com' });

    expect(first.json['email']).toBe('ada@example.com');
    expect(sandbox.mails.map(({ to, kind }) => `${kind} ${to}`)).toEqual([
      'verify-email new@example.com',
      'verify-email new@example.com',
    ]);
    expect(outcome(ownCase)).toBe('400 app.user.save.email_exists.app_error');
  });

  test('13: an OAuth person keeps the old email without a word', async () => {
    const sandbox = await sandboxFor({
      seed: { users: [{ username: 'ada', auth_service: 'gitlab', auth_data: '7' }] },
    });

    const seen = await admin(sandbox)('PUT', `/users/${sandbox.control.user('ada')?.id}/patch`, {
      email: 'new@example.com',
    });

    expect(outcome(seen)).toBe('200');
    expect(seen.json['email']).toBe('ada@example.com');
  });

  test('14: maps of a patch are replaced, not merged', async () => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'ada', props: { a: '1', b: '2' } }] } });

    const seen = await admin(sandbox)('PUT', `/users/${sandbox.control.user('ada')?.id}/patch`, {
      props: { b: '3' },
      notify_props: { email: 'false' },
      timezone: { manualTimezone: 'Europe/Berlin' },
    });

    expect(seen.json).toMatchObject({
      props: { b: '3' },
      notify_props: { email: 'false' },
      timezone: { manualTimezone: 'Europe/Berlin' },
    });
    expect(Object.keys(seen.json['notify_props'] ?? {})).toEqual(['email']);
  });

  test('15: roles and dates of a body are not looked at', async () => {
    const sandbox = await sandboxFor();
    const body = {
      username: 'ada',
      email: 'ada@example.com',
      password: 'password1',
      roles: 'system_admin',
      delete_at: 5,
    };

    const made = await admin(sandbox)('POST', '/users', body);
    const patched = await admin(sandbox)('PUT', `/users/${made.field('id')}/patch`, {
      roles: 'system_admin',
      delete_at: 5,
    });

    expect(made.json).toMatchObject({ roles: 'system_user', delete_at: 0 });
    expect(patched.json).toMatchObject({ roles: 'system_user', delete_at: 0 });
  });

  test('16: an unsupported locale becomes the default one on create, and is kept by a patch', async () => {
    const sandbox = await sandboxFor();

    const made = await admin(sandbox)('POST', '/users', {
      username: 'ada',
      email: 'ada@example.com',
      password: 'password1',
      locale: 'en-US',
    });
    const patched = await admin(sandbox)('PUT', `/users/${made.field('id')}/patch`, { locale: 'en-US' });

    expect([made.json['locale'], patched.json['locale']]).toEqual(['en', 'en-US']);
  });

  test('17: a login moves update_at, an empty patch too, a token does not', async () => {
    const clock = testClock();
    const sandbox = await sandboxFor({ clock });
    const ada = member(sandbox, 'ada');
    const moved = async (act: () => Promise<unknown>): Promise<boolean> => {
      const before = sandbox.control.user('ada')?.update_at;
      clock.tick(10);
      await act();
      return sandbox.control.user('ada')?.update_at !== before;
    };

    expect(await moved(() => as(sandbox)('POST', '/users/login', { login_id: 'ada', password: 'password1' }))).toBe(
      true,
    );
    expect(await moved(() => admin(sandbox)('PUT', `/users/${ada.id}/patch`, {}))).toBe(true);
    expect(await moved(() => admin(sandbox)('POST', `/users/${ada.id}/tokens`, { description: 'ci' }))).toBe(false);
  });

  test('18: tokens are listed in no order, and pages of one list need not fit together', async () => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'ada' }] } });
    const ids = Array.from({ length: 30 }, (_, index) => sandbox.control.createToken('ada', `t${index}`).id);
    const path = `/users/${sandbox.control.user('ada')?.id}/tokens`;

    const first = (await admin(sandbox)('GET', path)).rows.map((row) => String(row['id']));
    const second = (await admin(sandbox)('GET', path)).rows.map((row) => String(row['id']));

    expect(first.toSorted()).toEqual(ids.toSorted());
    expect(second).not.toEqual(first);
  });

  test('19: role=system_user finds only people who have nothing else', async () => {
    const sandbox = await sandboxFor({
      seed: { users: [{ username: 'ada' }, { username: 'bob', roles: 'system_user system_post_all' }] },
    });

    const seen = await admin(sandbox)('GET', '/users?role=system_user');

    expect(seen.rows.map((row) => row['username'])).toEqual(['ada']);
  });

  test('20: names beyond a few in roles= filter nothing', async () => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'ada' }, { username: 'bob' }] } });
    const ask = admin(sandbox);

    const list = await ask('GET', '/users?roles=system_post_all');
    const stats = await ask('GET', '/users/stats/filtered?roles=nosuchrole');
    const search = await ask('POST', '/users/search', { term: ' ', roles: ['nosuchrole'] });

    expect([list.rows.length, stats.json['total_users_count'], search.rows.length]).toEqual([3, 3, 3]);
  });

  test('21: a create with a bad token counts as a sign-up', async () => {
    const sandbox = await sandboxFor();
    const body = {
      username: 'ada',
      email: 'ada@example.com',
      password: 'password1',
      email_verified: true,
      auth_service: 'saml',
    };

    const closed = await as(sandbox, 'x'.repeat(26))('POST', '/users', body);
    sandbox.control.setConfig({ 'TeamSettings.EnableOpenServer': true });
    const open = await as(sandbox, 'x'.repeat(26))('POST', '/users', body);

    expect(outcome(closed)).toBe('403 api.user.create_user.no_open_server');
    expect(open.json).toMatchObject({ username: 'ada', auth_service: '' });
    expect(open.json).not.toHaveProperty('email_verified');
  });

  test('22: a cookie wins over the header, and needs more than itself to write', async () => {
    const sandbox = await sandboxFor();
    const ada = member(sandbox, 'ada');
    const cookie = { Cookie: `MMAUTHTOKEN=${sandbox.control.openSession('ada')}` };
    const ask = admin(sandbox);

    const me = await ask('GET', '/users/me', undefined, cookie);
    const refused = await ask('PUT', '/users/me/patch', {}, cookie);
    const written = await ask('PUT', '/users/me/patch', {}, { ...cookie, 'X-Requested-With': 'XMLHttpRequest' });

    expect(me.json['id']).toBe(ada.id);
    expect(outcome(refused)).toBe(expired);
    expect(written.json['id']).toBe(ada.id);
  });

  test('23: without a licence 250 people are all', async () => {
    const users = Array.from({ length: 248 }, (_, index) => ({ username: `person${index}` }));
    const sandbox = await sandboxFor({
      seed: { users: [...users, { username: 'bot', is_bot: true }, { username: 'far', remote_id: 'x' }] },
    });
    const create = (name: string): ReturnType<ReturnType<typeof admin>> =>
      admin(sandbox)('POST', '/users', { username: name, email: `${name}@example.com`, password: 'password1' });

    expect(outcome(await create('last'))).toBe('201');
    expect(outcome(await create('one-more'))).toBe('400 api.user.create_user.user_limits.exceeded');
    sandbox.control.setLicence('professional');
    expect(outcome(await create('one-more'))).toBe('201');
    sandbox.control.setLicence({ users: 250, extraUsers: 1, enforceSeats: true });
    expect(outcome(await create('seat'))).toBe('400 api.user.create_user.license_user_limits.exceeded');
  });

  test('24: auth data that is taken is a 500', async () => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'ada', auth_service: 'saml', auth_data: 'x' }] } });

    const seen = await admin(sandbox)('POST', '/users', {
      username: 'bob',
      email: 'bob@example.com',
      auth_service: 'gitlab',
      auth_data: 'x',
    });

    expect(outcome(seen)).toBe('500 app.user.save.app_error');
    expect(sandbox.control.user('bob')).toBeUndefined();
  });

  test('25: tokens of someone deactivated are listed as active, refused, and alive after a return', async () => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'ada' }] } });
    const { secret } = sandbox.control.createToken('ada', 'ci');
    const path = `/users/${sandbox.control.user('ada')?.id}`;
    const before = outcome(await as(sandbox, secret)('GET', '/users/me'));

    await admin(sandbox)('PUT', `${path}/active`, { active: false });
    const listed = await admin(sandbox)('GET', `${path}/tokens`);
    const away = outcome(await as(sandbox, secret)('GET', '/users/me'));
    await admin(sandbox)('PUT', `${path}/active`, { active: true });
    const back = outcome(await as(sandbox, secret)('GET', '/users/me'));

    expect(listed.rows).toMatchObject([{ is_active: true }]);
    expect([before, away, back]).toEqual(['200', expired, '200']);
  });

  test('26: a write puts back whatever another one changed meanwhile, when it was asked to say it all', async () => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'ada' }] } });
    const id = sandbox.control.user('ada')?.id;
    const copy = (await admin(sandbox)('GET', `/users/${id}`)).json;

    await admin(sandbox)('PUT', `/users/${id}/patch`, { nickname: 'Countess' });
    const seen = await admin(sandbox)('PUT', `/users/${id}`, copy);

    expect(seen.json['nickname']).toBe('');
  });

  test('27: a remote id is taken, and the person cannot log in any more', async () => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'ada', password: 'password1' }] } });

    const seen = await admin(sandbox)('PUT', `/users/${sandbox.control.user('ada')?.id}/patch`, {
      remote_id: 'elsewhere',
    });
    const login = await as(sandbox)('POST', '/users/login', { login_id: 'ada', password: 'password1' });

    expect(seen.json['remote_id']).toBe('elsewhere');
    expect(outcome(login)).toBe('401 api.user.login.remote_users.login.error');
  });
});

test('the last administrator is guarded by PUT roles, also against a body that cannot be read', async () => {
  const sandbox = await sandboxFor({
    seed: { users: [{ username: 'bot', is_bot: true, roles: 'system_admin system_user' }] },
  });
  const lastAdmin = '400 app.user.update.lastAdmin.app_error';

  expect(outcome(await admin(sandbox)('PUT', '/users/me/roles', { roles: 'system_user' }))).toBe(lastAdmin);
  expect(outcome(await admin(sandbox)('PUT', '/users/me/roles', '{'))).toBe(lastAdmin);
  sandbox.control.createUser({ username: 'ada', roles: 'system_admin system_user' });
  expect(outcome(await admin(sandbox)('PUT', '/users/me/roles', { roles: 'system_user' }))).toBe('200');
  expect(outcome(await admin(sandbox)('PUT', '/users/me/roles', { roles: 'system_admin' }))).toBe(invalidBody);
});
