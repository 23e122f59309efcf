import { expect } from 'vitest';
import { type ContractCase, type ContractCases, fact, refusal } from '../support/contract-case.ts';
import { expectRefused, fieldsOf, invalidBody, keysOf, objectOf, textOf, unreadable } from '../support/expectations.ts';
import type { Stage } from '../support/stage.ts';
import { createdKeys, defaultNotifyProps, defaultTimezone, everyField, ownKeys } from './user-keys.ts';

const invalid = (field: string): readonly [number, string] => [400, `model.user.is_valid.${field}.app_error`];

/** A create by the administrator; the name and address are free unless given. */
async function create(stage: Stage, fields: Readonly<Record<string, unknown>>): ReturnType<Stage['admin']['post']> {
  const username = stage.name();
  const body = { username, email: `${username}@example.test`, password: stage.password, ...fields };
  return stage.keep(await stage.admin.post('/users', body));
}

/** Bodies that one field makes wrong. */
const refusedFields: readonly (readonly [what: string, fields: Record<string, unknown>, refused: [number, string]])[] =
  [
    ['a username of 65 characters', { username: 'x'.repeat(65) }, [400, 'model.user.is_valid.username.app_error']],
    ['a username with a space', { username: 'a b' }, [400, 'model.user.is_valid.username.app_error']],
    ['a username with a colon', { username: 'a:b' }, [400, 'model.user.is_valid.username.app_error']],
    ['a username with an umlaut', { username: 'müller' }, [400, 'model.user.is_valid.username.app_error']],
    ['the reserved username "all"', { username: 'all' }, [400, 'model.user.is_valid.username.app_error']],
    ['the reserved username "channel"', { username: 'channel' }, [400, 'model.user.is_valid.username.app_error']],
    ['the reserved username "matterbot"', { username: 'matterbot' }, [400, 'model.user.is_valid.username.app_error']],
    ['the reserved username "system"', { username: 'System' }, [400, 'model.user.is_valid.username.app_error']],
    ['no e-mail address', { email: '' }, [400, 'model.user.is_valid.email.app_error']],
    ['an address without @', { email: 'nobody' }, [400, 'model.user.is_valid.email.app_error']],
    ['an address with two @', { email: 'a@b@c.d' }, [400, 'model.user.is_valid.email.app_error']],
    ['an address with a name', { email: 'N <a@b.c>' }, [400, 'model.user.is_valid.email.app_error']],
    [
      'an address of 129 bytes',
      { email: `${'x'.repeat(117)}@example.test` },
      [400, 'model.user.is_valid.email.app_error'],
    ],
    ['a nickname of 65 characters', { nickname: 'ü'.repeat(65) }, [400, 'model.user.is_valid.nickname.app_error']],
    [
      'a first name of 65 characters',
      { first_name: 'x'.repeat(65) },
      [400, 'model.user.is_valid.first_name.app_error'],
    ],
    ['a last name of 65 characters', { last_name: 'x'.repeat(65) }, [400, 'model.user.is_valid.last_name.app_error']],
    ['a position of 129 characters', { position: 'x'.repeat(129) }, [400, 'model.user.is_valid.position.app_error']],
    [
      'auth data without a service',
      { auth_data: 'x', password: undefined },
      [400, 'model.user.is_valid.pwd_min_length.app_error'],
    ],
    [
      'auth data and a password',
      { auth_data: 'x', auth_service: 'saml' },
      [400, 'model.user.is_valid.auth_data_pwd.app_error'],
    ],
    [
      'auth data of 129 bytes',
      { auth_data: 'x'.repeat(129), auth_service: 'saml', password: undefined },
      [400, 'model.user.is_valid.auth_data.app_error'],
    ],
    ['a password of 7 bytes', { password: 'x'.repeat(7) }, [400, 'model.user.is_valid.pwd_min_length.app_error']],
    ['a password of 73 bytes', { password: 'x'.repeat(73) }, [400, 'model.user.is_valid.pwd_max_length.app_error']],
    ['no password', { password: undefined }, [400, 'model.user.is_valid.pwd_min_length.app_error']],
    ['an id', { id: 'ybndrfg8ejkmcpqxot1uwisza3' }, [400, 'app.user.save.existing.app_error']],
    [
      'a status that is no JSON object',
      { props: { customStatus: 'x' } },
      [400, 'model.user.is_valid.invalidProperty.app_error'],
    ],
    [
      'a time zone of 300 characters',
      { timezone: { manualTimezone: 'x'.repeat(300) } },
      [400, 'model.user.is_valid.timezone_limit.app_error'],
    ],
    ['a boolean among the notify props', { notify_props: { email: true } }, [invalidBody[0], invalidBody[1]]],
    ['a number for a name', { first_name: 7 }, [invalidBody[0], invalidBody[1]]],
    [
      'a service of 33 characters',
      { auth_service: 'x'.repeat(33), password: undefined },
      [500, 'app.user.save.app_error'],
    ],
    [
      'a password over 72 bytes beside a service',
      { auth_service: 'saml', password: 'x'.repeat(73) },
      [400, 'model.user.pre_save.password_too_long.app_error'],
    ],
  ];

const refusedBodies: readonly (readonly [string, unknown, readonly [number, string]])[] = [
  ['a list', [], invalidBody],
  ['a text', '"x"', invalidBody],
  ['half of an object', '{"username":', invalidBody],
  ['nothing', '', invalidBody],
  ['null, which counts as an account without anything', 'null', invalid('pwd_min_length')],
];

/** What is stored of what was given. */
const normalised: readonly (readonly [string, Record<string, unknown>, Record<string, unknown>])[] = [
  ['an unsupported locale becomes the default one', { locale: 'en-US' }, { locale: 'en' }],
  ['a supported locale stays', { locale: 'pt-BR' }, { locale: 'pt-BR' }],
  [
    'invisible characters leave names',
    { first_name: 'A\u202ab\ufeff', nickname: ' x ' },
    { first_name: 'Ab', nickname: ' x ' },
  ],
  [
    'mention keys stay as they are',
    { notify_props: { mention_keys: 'Foo,,bar ' } },
    { notify_props: { mention_keys: 'Foo,,bar ' } },
  ],
  ['an empty time zone stays empty', { timezone: {} }, { timezone: {} }],
  ['empty notify props become the defaults', { notify_props: {} }, { notify_props: defaultNotifyProps }],
  ['roles are not taken from the body', { roles: 'system_admin' }, { roles: 'system_user' }],
  ['nobody is born inactive', { delete_at: 5 }, { delete_at: 0 }],
  [
    'failures start at none',
    { failed_attempts: 4, mfa_active: true },
    { failed_attempts: undefined, mfa_active: undefined },
  ],
  ['a remote id is dropped', { remote_id: 'x' }, { remote_id: '' }],
  ['is_bot is echoed', { is_bot: true }, { is_bot: true }],
  ['disable_welcome_email is echoed', { disable_welcome_email: true }, { disable_welcome_email: true }],
  ['keys are found in any case', { NICKNAME: 'Nick' }, { nickname: 'Nick' }],
  ['unknown keys do no harm', { muster: 1 }, { nickname: '' }],
  ['the service "email" is stored as a word', { auth_service: 'email' }, { auth_service: 'email' }],
  ['any other service is stored too', { auth_service: 'nosuch', password: undefined }, { auth_service: 'nosuch' }],
];

const openServer = {
  config: { 'TeamSettings.EnableOpenServer': true, 'TeamSettings.EnableUserCreation': true },
} as const;
const closedServer = {
  config: { 'TeamSettings.EnableOpenServer': false, 'TeamSettings.EnableUserCreation': true },
} as const;

const creates: readonly ContractCase[] = [
  fact('answers 201 with the whole account', async (stage) => {
    const reply = await create(stage, {});
    const user = objectOf(reply, 201);

    expect(keysOf(user)).toEqual(createdKeys);
    expect(reply.text.endsWith('\n')).toBe(true);
    expect(user).toMatchObject({
      delete_at: 0,
      roles: 'system_user',
      locale: 'en',
      notify_props: defaultNotifyProps,
      timezone: defaultTimezone,
      remote_id: '',
      disable_welcome_email: false,
      auth_service: '',
    });
    expect(user['id']).toMatch(/^[a-z0-9]{26}$/);
    expect(user['create_at']).toBe(user['update_at']);
    expect(user['last_password_update']).toBe(user['create_at']);
  }),
  fact('shows the administrator every field that was set', async (stage) => {
    expect(keysOf((await create(stage, everyField)).json)).toEqual(ownKeys);
  }),
  ...normalised.map(([what, fields, stored]) =>
    fact(what, async (stage) => {
      const user = objectOf(await create(stage, fields), 201);

      expect(Object.fromEntries(Object.keys(stored).map((key) => [key, user[key]]))).toEqual(stored);
    }),
  ),
  ...refusedFields.map(([what, fields, refused]) =>
    refusal(`refuses ${what}`, refused, (stage) => create(stage, fields)),
  ),
  ...refusedBodies.map(([what, body, refused]) =>
    refusal(`refuses ${what} for a body`, refused, (stage) => stage.admin.post('/users', body)),
  ),
  fact('lowers names and addresses, and trims the address alone', async (stage) => {
    const username = stage.name();
    const upper = username.toUpperCase();
    const reply = await create(stage, { username: upper, email: ` ${upper}@Example.TEST ` });

    expect(objectOf(reply, 201)).toMatchObject({ username, email: `${username}@example.test` });
  }),
  fact('takes a username of 64 characters and 1-letter parts', async (stage) => {
    const username = `${stage.name()}._-`.padEnd(64, 'x');

    expect(objectOf(await create(stage, { username }), 201)).toMatchObject({ username });
  }),
  fact('refuses a username that is taken, by an inactive account too', async (stage) => {
    const { id, username } = await stage.person();

    expectRefused(await create(stage, { username }), [400, 'app.user.save.username_exists.app_error']);
    await stage.admin.delete(`/users/${id}`);
    expectRefused(await create(stage, { username: username.toUpperCase() }), [
      400,
      'app.user.save.username_exists.app_error',
    ]);
  }),
  fact('refuses an address that is taken, by an inactive account too', async (stage) => {
    const { id, email } = await stage.person();

    expectRefused(await create(stage, { email: ` ${email.toUpperCase()}` }), [
      400,
      'app.user.save.email_exists.app_error',
    ]);
    await stage.admin.delete(`/users/${id}`);
    expectRefused(await create(stage, { email }), [400, 'app.user.save.email_exists.app_error']);
  }),
  fact('speaks of the username when both are taken', async (stage) => {
    const { username, email } = await stage.person();

    expectRefused(await create(stage, { username, email }), [400, 'app.user.save.username_exists.app_error']);
  }),
  fact('answers 500 for auth data that are taken, whatever the service', async (stage) => {
    const data = stage.name();
    await stage.ssoPerson('saml', { auth_data: data });

    const reply = await create(stage, { auth_service: 'ldap', auth_data: data, password: undefined });

    expectRefused(reply, [500, 'app.user.save.app_error']);
  }),
  fact('keeps the service and the data that an administrator gives', async (stage) => {
    const data = stage.name('.Data');
    const reply = await create(stage, { auth_service: 'saml', auth_data: data, password: undefined });

    expect(objectOf(reply, 201)).toMatchObject({ auth_service: 'saml', auth_data: data });
    expect(keysOf(reply.json)).toContain('auth_data');
  }),
  fact('takes a service without data', async (stage) => {
    const reply = await create(stage, { auth_service: 'saml', password: undefined });

    expect(objectOf(reply, 201)).toMatchObject({ auth_service: 'saml' });
    expect(keysOf(reply.json)).not.toContain('auth_data');
  }),
  fact('makes up a username where none is given', async (stage) => {
    const reply = await create(stage, { username: '' });
    // Outside of the prefix, so it is left as it will be left.
    const id = textOf(objectOf(reply, 201)['id']);
    await stage.admin.put(`/users/${id}/patch`, { username: stage.name() });
    await stage.admin.delete(`/users/${id}`);

    expect(fieldsOf(reply.json)['username']).toMatch(/^a[a-z0-9]{26}$/);
  }),
  fact('lets one of two equal creates at once win', async (stage) => {
    const username = stage.name();
    const replies = await Promise.all([create(stage, { username }), create(stage, { username })]);

    expect(replies.map((reply) => reply.status).toSorted((a, b) => a - b)).toEqual([201, 400]);
  }),
  fact(
    'takes a sign-up, without what only an administrator may say',
    async (stage) => {
      const username = stage.name();
      const reply = stage.keep(
        await stage.nobody.post('/users', {
          username,
          email: `${username}@example.test`,
          password: stage.password,
          email_verified: true,
          auth_service: 'saml',
          auth_data: 'x',
        }),
      );

      expect(objectOf(reply, 201)).toMatchObject({ auth_service: '' });
      expect(keysOf(reply.json)).toEqual(createdKeys);
    },
    openServer,
  ),
  fact(
    'takes a create with a token that has expired for a sign-up',
    async (stage) => {
      const username = stage.name();
      const body = { username, email: `${username}@example.test`, password: stage.password, email_verified: true };
      const reply = stage.keep(await stage.stranger.post('/users', body));

      expect(reply.status).toBe(201);
      expect(keysOf(reply.json)).not.toContain('email_verified');
    },
    openServer,
  ),
  refusal(
    'refuses a sign-up on a closed server',
    [403, 'api.user.create_user.no_open_server'],
    (stage) =>
      stage.nobody.post('/users', { username: stage.name(), email: 'a@example.test', password: 'x'.repeat(9) }),
    closedServer,
  ),
  fact(
    'takes a create of an administrator on a closed server',
    async (stage) => expect((await create(stage, {})).status).toBe(201),
    closedServer,
  ),
  refusal(
    'refuses a sign-up where nobody may',
    [501, 'api.user.create_user.signup_email_disabled.app_error'],
    (stage) =>
      stage.nobody.post('/users', { username: stage.name(), email: 'a@example.test', password: 'x'.repeat(9) }),
    { config: { 'TeamSettings.EnableUserCreation': false } },
  ),
  refusal(
    'refuses an invitation that it did not send',
    [404, 'api.user.create_user.signup_link_invalid.app_error'],
    (stage) => stage.admin.post('/users?t=nosuch', { email: 'a@example.test' }),
  ),
  refusal('refuses an invitation of no team', [404, 'app.team.get_by_invite_id.finding.app_error'], (stage) =>
    stage.admin.post('/users?iid=nosuch', { email: 'a@example.test' }),
  ),
  refusal(
    'refuses a domain that is not accepted',
    [400, 'api.user.create_user.accepted_domain.app_error'],
    (stage) => create(stage, {}),
    { config: { 'TeamSettings.RestrictCreationToDomains': 'accepted.test' } },
  ),
  fact(
    'lets SAML people in from any domain',
    async (stage) => expect((await create(stage, { auth_service: 'saml', password: undefined })).status).toBe(201),
    { config: { 'TeamSettings.RestrictCreationToDomains': 'accepted.test' } },
  ),
  refusal(
    'names all that a password lacks',
    [400, 'model.user.is_valid.pwd_uppercase_number_symbol.app_error'],
    (stage) => create(stage, { password: 'onlysmallletters' }),
    {
      config: {
        'PasswordSettings.MinimumLength': 10,
        'PasswordSettings.Lowercase': true,
        'PasswordSettings.Uppercase': true,
        'PasswordSettings.Number': true,
        'PasswordSettings.Symbol': true,
      },
    },
  ),
  fact(
    'refuses more than 250 active people without a licence, and wrong bodies with the same words',
    async (stage) => {
      const { sandbox } = stage.server;
      for (let count = sandbox?.snapshot().people.length ?? 250; count < 250; count++) {
        sandbox?.control.createUser({ username: `filler${count}` });
      }

      expectRefused(await create(stage, {}), [400, 'api.user.create_user.user_limits.exceeded']);
      expectRefused(await create(stage, { username: 'a b' }), [400, 'api.user.create_user.user_limits.exceeded']);
    },
    { onlySandbox: 'would fill the server with 250 people', ownServer: 'it fills the server' },
  ),
  fact(
    'has room above 250 people with a licence',
    async (stage) => {
      const { sandbox } = stage.server;
      for (let count = 0; count < 251; count++) sandbox?.control.createUser({ username: `filler${count}` });

      expect((await create(stage, {})).status).toBe(201);
    },
    {
      licence: 'enterprise',
      onlySandbox: 'needs a licence, and would fill the server',
      ownServer: 'it fills the server',
    },
  ),
];

export const creatingCases: ContractCases = {
  'users-post': [
    ...creates,
    refusal('refuses a body that is too large', [413, 'api.context.request_body_too_large.app_error'], (stage) =>
      create(stage, { nickname: 'x'.repeat(301_000) }),
    ),
    refusal('refuses a compressed body', unreadable, (stage) =>
      stage.admin.post('/users/ids', Buffer.from('1f8b08', 'hex')),
    ),
  ],
};
