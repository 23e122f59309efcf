import { describe, expect, test } from 'vitest';
import { admin, as, expired, member, outcome, type Seen, sandboxFor, testClock } from './support.ts';

const names = ({ rows }: Seen): readonly unknown[] => rows.map((row) => row['username']);
const person = { username: 'ada', email: 'ada@example.com', password: 'password1' };

describe('creating', () => {
  test('gives defaults, normal spellings and the moment of the clock', async () => {
    const clock = testClock();
    const sandbox = await sandboxFor({ clock });

    const seen = await admin(sandbox)('POST', '/users', {
      ...person,
      username: 'A\u202aDA',
      email: ' Ada@Example.COM ',
      first_name: ' Ada\ufeff ',
    });

    expect(seen.json).toMatchObject({
      username: 'ada',
      email: 'ada@example.com',
      first_name: ' Ada ',
      roles: 'system_user',
      locale: 'en',
      remote_id: '',
      create_at: clock(),
      update_at: clock(),
      last_password_update: clock(),
      timezone: { useAutomaticTimezone: 'true', automaticTimezone: '', manualTimezone: '' },
      disable_welcome_email: false,
    });
    expect(Object.keys(seen.json['notify_props'] ?? {})).toHaveLength(12);
    expect(seen.json).not.toHaveProperty('password');
  });

  test('makes up a username, and stores partial notify settings and an empty time zone as they are', async () => {
    const sandbox = await sandboxFor();

    const seen = await admin(sandbox)('POST', '/users', {
      email: 'ada@example.com',
      password: 'password1',
      notify_props: { mention_keys: 'Ada,,' },
      timezone: {},
    });

    expect(seen.json['username']).toMatch(/^a[a-z0-9]{26}$/);
    expect(seen.json).toMatchObject({ notify_props: { mention_keys: 'Ada,,' }, timezone: {} });
  });

  test('takes SSO people without a password, and without data too', async () => {
    const sandbox = await sandboxFor();
    const create = (body: object): Promise<Seen> => admin(sandbox)('POST', '/users', body);

    const withData = await create({ username: 'a', email: 'a@x.y', auth_service: 'saml', auth_data: 'A@idp' });
    const otherCase = await create({ username: 'b', email: 'b@x.y', auth_service: 'gitlab', auth_data: 'a@idp' });
    const without = await create({ username: 'c', email: 'c@x.y', auth_service: 'saml', auth_data: '' });

    expect([withData, otherCase, without].map(outcome)).toEqual(['201', '201', '201']);
    expect(withData.json['auth_data']).toBe('A@idp');
    expect(without.json).not.toHaveProperty('auth_data');
    expect(sandbox.control.user('a')?.passwordSet).toBe(false);
  });

  test('notes first preferences for everybody new', async () => {
    const sandbox = await sandboxFor();
    const made = await admin(sandbox)('POST', '/users', person);

    const seen = await admin(sandbox)('GET', `/users/${made.field('id')}/preferences`);

    expect(seen.rows.map((row) => row['category'])).toEqual([
      'recommended_next_steps',
      'system_notice',
      'tutorial_step',
    ]);
  });
});

describe('updating', () => {
  test('a rename takes the old name out of the mention keys and makes a new picture', async () => {
    const clock = testClock();
    const sandbox = await sandboxFor({
      clock,
      seed: { users: [{ username: 'ada', notify_props: { mention_keys: 'ada,x' } }] },
    });
    const path = `/users/${sandbox.control.user('ada')?.id}/patch`;

    const renamed = await admin(sandbox)('PUT', path, { username: 'Countess' });
    const again = await admin(sandbox)('PUT', path, {});

    expect(renamed.json).toMatchObject({
      username: 'countess',
      notify_props: { mention_keys: ',x' },
      last_picture_update: -clock(),
    });
    expect(again.json['notify_props']).toEqual({ mention_keys: 'x' });
    expect(sandbox.mails).toMatchObject([{ kind: 'username-changed', to: 'ada@example.com' }]);
  });

  test('a new email is unverified and told to the old address', async () => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'ada', email_verified: true }] } });
    const path = `/users/${sandbox.control.user('ada')?.id}/patch`;

    const kept = await admin(sandbox)('PUT', path, { email: 'ADA@example.com' });
    const changed = await admin(sandbox)('PUT', path, { email: 'new@example.com' });

    expect(kept.json['email_verified']).toBe(true);
    expect(changed.json).not.toHaveProperty('email_verified');
    expect(sandbox.mails.at(-1)).toMatchObject({ kind: 'email-changed', to: 'ada@example.com' });
  });

  test.each(['saml', 'ldap', 'gitlab'])('any write to a %s account marks its email verified', async (auth_service) => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'ada', auth_service, auth_data: 'x' }] } });

    const seen = await admin(sandbox)('PUT', `/users/${sandbox.control.user('ada')?.id}/patch`, { position: 'Lead' });

    expect(seen.json['email_verified']).toBe(true);
  });

  test('an empty time zone stands for none, once a full update gave none', async () => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'ada' }] } });
    const id = sandbox.control.user('ada')?.id;

    await admin(sandbox)('PUT', `/users/${id}`, { id, username: 'ada', email: 'ada@example.com' });
    const read = await admin(sandbox)('GET', `/users/${id}`);
    const patched = await admin(sandbox)('PUT', `/users/${id}/patch`, { nickname: 'x' });

    expect([read.json['timezone'], patched.json['timezone']]).toEqual([null, {}]);
  });

  test('empty maps of a patch: settings go back to the defaults, the others are emptied', async () => {
    const sandbox = await sandboxFor({
      seed: { users: [{ username: 'ada', props: { a: 'b' }, notify_props: { email: 'false' } }] },
    });

    const seen = await admin(sandbox)('PUT', `/users/${sandbox.control.user('ada')?.id}/patch`, {
      props: {},
      notify_props: {},
      timezone: {},
      nickname: null,
    });

    expect(seen.json).toMatchObject({ timezone: {}, notify_props: { email: 'true', push: 'mention' } });
    expect(seen.json).not.toHaveProperty('props');
  });

  test('a wrong own password counts as a failure, and a right one clears the count', async () => {
    const sandbox = await sandboxFor();
    const { ask } = member(sandbox, 'ada');

    await ask('PUT', '/users/me/patch', { email: 'new@example.com', password: 'wrong' });
    const failed = sandbox.control.user('ada')?.failed_attempts;
    const seen = await ask('PUT', '/users/me/patch', { email: 'new@example.com', password: 'password1' });

    expect([failed, seen.json['email'], sandbox.control.user('ada')?.failed_attempts]).toEqual([
      1,
      'new@example.com',
      0,
    ]);
  });
});

describe('roles', () => {
  test('are stored exactly as given, and hold at once for a session that is open', async () => {
    const sandbox = await sandboxFor();
    const { id, ask } = member(sandbox, 'ada');

    await admin(sandbox)('PUT', `/users/${id}/roles`, { roles: 'system_user  system_admin system_user', x: 1 });

    expect(sandbox.control.user('ada')?.roles).toBe('system_user  system_admin system_user');
    expect(outcome(await ask('GET', '/roles'))).toBe('200');
  });

  test('licensed ones need a licence with custom schemes, and older servers do not know them all', async () => {
    const body = { roles: 'system_user shared_channel_manager' };
    const put = async (options: Parameters<typeof sandboxFor>[0]): Promise<string> => {
      const sandbox = await sandboxFor({ ...options, seed: { users: [{ username: 'ada' }] } });
      return outcome(await admin(sandbox)('PUT', `/users/${sandbox.control.user('ada')?.id}/roles`, body));
    };

    expect(await put({ licence: 'professional' })).toBe('200');
    expect(await put({ licence: { customPermissionsSchemes: false } })).toBe(
      '400 api.user.update_user_roles.license.app_error',
    );
    expect(await put({ version: '11.2.0' })).toBe('400 app.role.check_roles_exist.role_not_found');
  });

  test('can be read by name, with what they grant', async () => {
    const sandbox = await sandboxFor();
    const { ask } = member(sandbox, 'ada');

    const root = await ask('GET', '/roles/name/system_admin');
    const manager = await ask('GET', '/roles/name/system_manager');
    const some = await ask('POST', '/roles/names', ['system_user', 'nosuch', '']);
    const all = await admin(sandbox)('GET', '/roles');

    expect(Object.keys(root.json)).toEqual(
      'id name display_name description create_at update_at delete_at permissions scheme_managed built_in'.split(' '),
    );
    expect(root.json['permissions']).toEqual(
      expect.arrayContaining(['manage_system', 'manage_roles', 'edit_other_users', 'create_user_access_token']),
    );
    expect(manager.json['permissions']).not.toContain('sysconsole_write_user_management_users');
    expect(some.rows.map((role) => role['name'])).toEqual(['system_user']);
    expect(all.rows).toHaveLength(25);
    expect(root.json['id']).toBe(all.rows.find((role) => role['name'] === 'system_admin')?.['id']);
  });
});

describe('guests', () => {
  const options = { licence: 'professional', config: { 'GuestAccountsSettings.Enable': true } } as const;

  test('are made by demoting and unmade by promoting, each only once', async () => {
    const sandbox = await sandboxFor({
      ...options,
      seed: { users: [{ username: 'ada', roles: 'system_user system_post_all' }] },
    });
    const path = `/users/${sandbox.control.user('ada')?.id}`;
    const ask = admin(sandbox);

    const seen = [
      await ask('POST', `${path}/demote`),
      await ask('POST', `${path}/demote`),
      await ask('POST', `${path}/promote`),
      await ask('POST', `${path}/promote`),
    ];

    expect(seen.map(outcome)).toEqual([
      '200',
      '501 api.user.demote_user_to_guest.already_guest.app_error',
      '200',
      '501 api.user.promote_guest_to_user.no_guest.app_error',
    ]);
    expect(sandbox.control.user('ada')?.roles).toBe('system_user');
  });

  test('keep their other roles when promoted', async () => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'ada', roles: 'system_guest system_post_all' }] } });

    await admin(sandbox)('POST', `/users/${sandbox.control.user('ada')?.id}/promote`);

    expect(sandbox.control.user('ada')?.roles).toBe('system_user system_post_all');
  });

  test.each([
    [{ 'GuestAccountsSettings.Enable': false }, 'professional', '501 api.team.demote_user_to_guest.disabled.error'],
    [{}, { guests: false }, '403 api.team.invite_guests_to_channels.disabled.error'],
  ] as const)('need config %o and licence %o', async (config, licence, expected) => {
    const sandbox = await sandboxFor({ licence, config: { 'GuestAccountsSettings.Enable': true, ...config } });

    expect(outcome(await admin(sandbox)('POST', '/users/me/demote'))).toBe(expected);
  });

  test('see no one but themselves', async () => {
    const sandbox = await sandboxFor({
      ...options,
      seed: { users: [{ username: 'gus', roles: 'system_guest' }, { username: 'ada' }] },
    });
    const ask = as(sandbox, sandbox.control.openSession('gus'));
    const seen = await Promise.all(
      [
        `/users/${sandbox.control.user('ada')?.id}`,
        '/users/username/ada',
        '/users/username/nobody',
        '/users/email/ada@example.com',
      ].map((path) => ask('GET', path)),
    );

    expect(seen.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(names(await ask('GET', '/users'))).toEqual([]);
    expect(outcome(await ask('GET', '/users/me'))).toBe('200');
  });

  test('are deactivated when guests are switched off, and cannot log in without them', async () => {
    const sandbox = await sandboxFor({
      ...options,
      seed: {
        users: [
          { username: 'gus', roles: 'system_guest', password: 'password1' },
          { username: 'eva', roles: 'system_guest system_post_all', password: 'password1' },
        ],
      },
    });
    const login = (login_id: string): Promise<Seen> =>
      as(sandbox)('POST', '/users/login', { login_id, password: 'password1' });
    const before = outcome(await login('eva'));

    sandbox.control.setConfig({ 'GuestAccountsSettings.Enable': false });

    expect(sandbox.control.user('gus')?.delete_at).toBeGreaterThan(0);
    expect(sandbox.control.user('eva')?.delete_at).toBe(0);
    expect([before, outcome(await login('eva'))]).toEqual([
      '200',
      '401 api.user.login.invalid_credentials_email_username',
    ]);
  });
});

describe('deactivating', () => {
  test('ends sessions, keeps names, roles and auth, and mails no one but oneself', async () => {
    const sandbox = await sandboxFor({ config: { 'TeamSettings.EnableUserDeactivation': true } });
    const { id, ask } = member(sandbox, 'ada');
    const other = member(sandbox, 'bob');

    await admin(sandbox)('PUT', `/users/${id}/active`, { active: false });
    await other.ask('PUT', '/users/me/active', { active: false });

    expect(outcome(await ask('GET', '/users/me'))).toBe(expired);
    expect(outcome(await admin(sandbox)('POST', '/users', { ...person, email: 'x@y.z' }))).toBe(
      '400 app.user.save.username_exists.app_error',
    );
    expect(sandbox.control.user('ada')).toMatchObject({ roles: 'system_user', passwordSet: true });
    expect(sandbox.mails.map((mail) => `${mail.kind} ${mail.to}`)).toEqual(['deactivated bob@example.com']);
  });

  test('disables the bots that the person owns, for good', async () => {
    const sandbox = await sandboxFor({
      seed: {
        users: [
          { username: 'ada' },
          { username: 'helper', is_bot: true, owner: 'ada' },
          { username: 'other', is_bot: true },
        ],
      },
    });
    const path = `/users/${sandbox.control.user('ada')?.id}/active`;

    await admin(sandbox)('PUT', path, { active: false });
    await admin(sandbox)('PUT', path, { active: true });

    expect(sandbox.control.user('helper')?.delete_at).toBeGreaterThan(0);
    expect(sandbox.control.user('other')?.delete_at).toBe(0);
  });

  test('leaves bots alone when told to', async () => {
    const sandbox = await sandboxFor({
      seed: { users: [{ username: 'ada' }, { username: 'helper', is_bot: true, owner: 'ada' }] },
      config: { 'ServiceSettings.DisableBotsWhenOwnerIsDeactivated': false },
    });

    await admin(sandbox)('DELETE', `/users/${sandbox.control.user('ada')?.id}`);

    expect(sandbox.control.user('helper')?.delete_at).toBe(0);
  });

  test('a bot through the user routes leaves the bot’s own date', async () => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'helper', is_bot: true }] } });
    const id = sandbox.control.user('helper')?.id;

    await admin(sandbox)('PUT', `/users/${id}/active`, { active: false });
    const afterUsers = sandbox.snapshot().bots[0]?.delete_at;
    await admin(sandbox)('POST', `/bots/${id}/enable`);
    await admin(sandbox)('POST', `/bots/${id}/disable`);

    expect(afterUsers).toBe(0);
    expect(sandbox.snapshot().bots[0]?.delete_at).toBeGreaterThan(0);
  });

  test('for good removes everything and frees the names', async () => {
    const sandbox = await sandboxFor({ config: { 'ServiceSettings.EnableAPIUserDeletion': true } });
    const made = await admin(sandbox)('POST', '/users', { ...person, auth_service: '' });
    sandbox.control.createToken('ada', 'ci');

    await admin(sandbox)('DELETE', `/users/${made.field('id')}?permanent=true`);
    const again = await admin(sandbox)('POST', '/users', person);

    expect(sandbox.snapshot().tokens.filter((token) => token.user_id === made.json['id'])).toEqual([]);
    expect(sandbox.snapshot().preferences.filter((row) => row.user_id === made.json['id'])).toEqual([]);
    expect(outcome(again)).toBe('201');
  });
});

describe('bots', () => {
  test('are made with an owner and an address of their own, and listed by who may', async () => {
    const sandbox = await sandboxFor({ config: { 'ServiceSettings.EnableBotAccountCreation': true } });

    const made = await admin(sandbox)('POST', '/bots', {
      username: 'Helper',
      display_name: 'Help',
      description: 'Helps',
    });
    const taken = await admin(sandbox)('POST', '/bots', { username: 'helper' });
    const listed = await admin(sandbox)('GET', '/bots');
    const one = await admin(sandbox)('GET', `/bots/${made.field('user_id')}`);

    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      username: 'helper',
      display_name: 'Help',
      owner_id: sandbox.control.user('sandbox-admin')?.id,
    });
    expect(outcome(taken)).toBe('400 app.user.save.username_exists.app_error');
    expect(listed.rows).toEqual([one.json]);
    expect(sandbox.control.user('helper')).toMatchObject({
      email: 'helper@localhost',
      isBot: true,
      first_name: 'Help',
    });
  });

  test('hold tokens that work with tokens switched off', async () => {
    const sandbox = await sandboxFor({
      seed: { users: [{ username: 'helper', is_bot: true }, { username: 'ada' }] },
      config: { 'ServiceSettings.EnableUserAccessTokens': false },
    });
    const make = (name: string): Promise<Seen> =>
      admin(sandbox)('POST', `/users/${sandbox.control.user(name)?.id}/tokens`, { description: 'ci' });

    const ofBot = await make('helper');
    const ofPerson = await make('ada');

    expect(outcome(await as(sandbox, String(ofBot.json['token']))('GET', '/users/me'))).toBe('200');
    expect(outcome(ofPerson)).toBe('501 app.user_access_token.disabled');
    expect(sandbox.mails).toEqual([]);
  });

  test('can be made of people, who keep their roles and lose their login', async () => {
    const sandbox = await sandboxFor({
      seed: { users: [{ username: 'ada', roles: 'system_user system_admin', auth_service: 'saml', auth_data: 'x' }] },
    });
    const { id, ask } = member(sandbox, 'ada');

    const seen = await admin(sandbox)('POST', `/users/${id}/convert_to_bot`);

    expect(seen.json).toMatchObject({ user_id: id, owner_id: id, username: 'ada' });
    expect(sandbox.control.user('ada')).toMatchObject({
      isBot: true,
      roles: 'system_user system_admin',
      auth_service: '',
    });
    expect(outcome(await ask('GET', '/users/me'))).toBe(expired);
  });
});
