import { expect } from 'vitest';
import { type ContractCase, type ContractCases, fact, refusal } from '../support/contract-case.ts';
import { expectRefused, forbidden, invalidBody, keysOf, noUser, numberOf, objectOf } from '../support/expectations.ts';
import type { Somebody, Stage } from '../support/stage.ts';
import { defaultNotifyProps, defaultTimezone, everyField, ownKeys } from './user-keys.ts';

type Fields = Readonly<Record<string, unknown>>;

const patch = (stage: Stage, { id }: Somebody, body: unknown): ReturnType<Stage['admin']['put']> =>
  stage.admin.put(`/users/${id}/patch`, body);

const put = (stage: Stage, { id, username, email }: Somebody, fields: Fields): ReturnType<Stage['admin']['put']> =>
  stage.admin.put(`/users/${id}`, { id, username, email, ...fields });

const lockedByPatch: readonly [number, string] = [409, 'api.user.patch_user.login_provider_attribute_set.app_error'];
const lockedByPut: readonly [number, string] = [409, 'api.user.update_user.login_provider_attribute_set.app_error'];

/** One patch, and what is in its answer. */
const patched: readonly (readonly [what: string, before: Fields, body: unknown, after: Fields])[] = [
  ['sets a nickname and leaves the rest', { first_name: 'A' }, { nickname: 'N' }, { nickname: 'N', first_name: 'A' }],
  [
    'takes null for "not given"',
    { nickname: 'N' },
    { nickname: null, position: 'P' },
    { nickname: 'N', position: 'P' },
  ],
  ['takes a body of null for an empty patch', { nickname: 'N' }, 'null', { nickname: 'N' }],
  ['empties a field', { position: 'P' }, { position: '' }, { position: '' }],
  ['sets a locale', {}, { locale: 'fr' }, { locale: 'fr' }],
  ['takes an empty locale', {}, { locale: '' }, { locale: '' }],
  ['takes a locale that a create would not', {}, { locale: 'en-US' }, { locale: 'en-US' }],
  ['replaces props whole', { props: { a: '1', b: '2' } }, { props: { c: '3' } }, { props: { c: '3' } }],
  ['clears props', { props: { a: '1' } }, { props: {} }, { props: undefined }],
  ['replaces notify props whole', {}, { notify_props: { email: 'false' } }, { notify_props: { email: 'false' } }],
  [
    'resets notify props by an empty map',
    { notify_props: { email: 'false' } },
    { notify_props: {} },
    { notify_props: defaultNotifyProps },
  ],
  [
    'lowers mention keys and drops empty ones',
    {},
    { notify_props: { mention_keys: 'Foo,,BAR , baz,' } },
    { notify_props: { mention_keys: 'foo,bar , baz' } },
  ],
  ['stores an empty time zone', {}, { timezone: {} }, { timezone: {} }],
  [
    'replaces a time zone whole',
    {},
    { timezone: { manualTimezone: 'Nowhere/At_all' } },
    { timezone: { manualTimezone: 'Nowhere/At_all' } },
  ],
  ['takes invisible characters out of names', {}, { last_name: 'A\u202ab' }, { last_name: 'Ab' }],
  ['keeps blanks around names', {}, { first_name: ' A ' }, { first_name: ' A ' }],
  [
    'ignores roles, activity, login and all that is the server’s',
    {},
    { roles: 'system_admin', delete_at: 5, auth_service: 'saml', auth_data: 'x', failed_attempts: 3, mfa_active: true },
    { roles: 'system_user', delete_at: 0, auth_service: '', auth_data: undefined, failed_attempts: undefined },
  ],
  ['ignores another id', {}, { id: 'ybndrfg8ejkmcpqxot1uwisza3', nickname: 'N' }, { nickname: 'N' }],
  ['ignores allow_marketing', { allow_marketing: true }, { allow_marketing: false }, { allow_marketing: true }],
  ['does not verify an address', {}, { email_verified: true }, { email_verified: undefined }],
  [
    'does not look at what a patch does not know',
    {},
    { nickname: 'N', email_verified: 'x', roles: 5 },
    { nickname: 'N' },
  ],
  ['reads half of a pair as no character', {}, '{"nickname":"a\\ud800b"}', { nickname: 'a\ufffdb' }],
  ['finds keys in any case', {}, { NickName: 'N' }, { nickname: 'N' }],
];

const refusedPatches: readonly (readonly [what: string, body: unknown, refused: readonly [number, string]])[] = [
  ['a username with a space', { username: 'a b' }, [400, 'model.user.is_valid.username.app_error']],
  ['an empty username', { username: '' }, [400, 'model.user.is_valid.username.app_error']],
  ['a reserved username', { username: 'all' }, [400, 'model.user.is_valid.username.app_error']],
  ['an empty address', { email: '' }, [400, 'model.user.is_valid.email.app_error']],
  ['an address with a blank around it', { email: ' a@example.test' }, [400, 'model.user.is_valid.email.app_error']],
  ['a locale that is no language', { locale: 'xx' }, [400, 'model.user.is_valid.locale.app_error']],
  ['a locale of 7 bytes', { locale: 'zh-Hans' }, [400, 'model.user.is_valid.locale.app_error']],
  ['a nickname of 65 characters', { nickname: 'x'.repeat(65) }, [400, 'model.user.is_valid.nickname.app_error']],
  ['a position of 129 characters', { position: 'x'.repeat(129) }, [400, 'model.user.is_valid.position.app_error']],
  [
    'a time zone of more than 256 characters as it is written, angles as six',
    { timezone: { manualTimezone: '<'.repeat(100) } },
    [400, 'model.user.is_valid.timezone_limit.app_error'],
  ],
  ['a character that the database does not keep', { nickname: 'a\u0000b' }, [500, 'app.user.update.finding.app_error']],
  ['a boolean in a map', { notify_props: { email: true } }, invalidBody],
  ['a list', [], invalidBody],
  ['half of an object', '{"nickname":', invalidBody],
  ['nothing', '', invalidBody],
  ['a number for a name', { nickname: 7 }, invalidBody],
];

const unverified = { config: { 'EmailSettings.RequireEmailVerification': false } } as const;

const patches: readonly ContractCase[] = [
  ...patched.map(([what, before, body, after]) =>
    fact(what, async (stage) => {
      const user = objectOf(await patch(stage, await stage.person(before), body));

      expect(Object.fromEntries(Object.keys(after).map((key) => [key, user[key]]))).toEqual(after);
    }),
  ),
  ...refusedPatches.map(([what, body, refused]) =>
    refusal(`refuses ${what}`, refused, async (stage) => patch(stage, await stage.target(), body)),
  ),
  fact('answers with the whole account', async (stage) => {
    const reply = await patch(stage, await stage.person(everyField), { nickname: 'N' });

    expect(keysOf(reply.json)).toEqual(ownKeys);
    expect(reply.text.endsWith('\n')).toBe(true);
  }),
  fact('moves update_at, empty patches too', async (stage) => {
    const person = await stage.person();
    const { update_at: before } = objectOf(person.made, 201);

    const { update_at: after } = objectOf(await patch(stage, person, {}));

    expect(numberOf(after)).toBeGreaterThan(numberOf(before));
  }),
  fact('changes somebody who is inactive', async (stage) => {
    const person = await stage.person();
    await stage.admin.delete(`/users/${person.id}`);

    const user = objectOf(await patch(stage, person, { nickname: 'N' }));

    expect(user['nickname']).toBe('N');
    expect(numberOf(user['delete_at'])).toBeGreaterThan(0);
  }),
  fact('renames, makes a new picture, and leaves a comma in the mention keys until the next write', async (stage) => {
    const person = await stage.person();
    await patch(stage, person, { notify_props: { mention_keys: `${person.username},@${person.username},x` } });

    const renamed = objectOf(await patch(stage, person, { username: stage.name().toUpperCase() }));
    const next = objectOf(await patch(stage, person, {}));

    expect(renamed['username']).not.toBe(person.username);
    expect(renamed['username']).toBe(String(renamed['username']).toLowerCase());
    expect(renamed['notify_props']).toEqual({ mention_keys: ',x' });
    expect(next['notify_props']).toEqual({ mention_keys: 'x' });
    expect(numberOf(next['last_picture_update'])).toBeLessThan(0);
  }),
  fact(
    'sets another address, which is then not verified',
    async (stage) => {
      const person = await stage.person({ email_verified: true });

      const user = objectOf(await patch(stage, person, { email: `New.${person.email}` }));

      expect(user['email']).toBe(`new.${person.email}`);
      expect(keysOf(user)).not.toContain('email_verified');
    },
    unverified,
  ),
  fact('refuses a username and an address that are taken', async (stage) => {
    const [person, other] = [await stage.person(), await stage.target()];

    expectRefused(await patch(stage, person, { username: other.username }), [
      400,
      'app.user.save.username_exists.app_error',
    ]);
    expectRefused(await patch(stage, person, { email: other.email.toUpperCase() }), [
      400,
      'app.user.save.email_exists.app_error',
    ]);
  }),
  fact('lets people change themselves, their address with their password only', async (stage) => {
    const { caller, email, id } = await stage.member();

    expect(objectOf(await caller.put('/users/me/patch', { nickname: 'N' }))).toMatchObject({ id, nickname: 'N' });
    expectRefused(await caller.put('/users/me/patch', { email: `a.${email}` }), invalidBody);
    expectRefused(await caller.put('/users/me/patch', { email: `a.${email}`, password: 'wrong' }), [
      401,
      'api.user.check_user_password.invalid.app_error',
    ]);
    expect((await stage.read(id))['failed_attempts']).toBe(1);
    const user = objectOf(await caller.put('/users/me/patch', { email: `a.${email}`, password: stage.password }));
    expect(user['email']).toBe(`a.${email}`);
  }),
  refusal('refuses a member about an administrator', forbidden, async (stage) => {
    const { id } = await stage.administrator();
    return (await stage.sharedMember()).caller.put(`/users/${id}/patch`, { nickname: 'N' });
  }),
  ...['ldap', 'saml', 'gitlab', 'google', 'email'].map((service) =>
    refusal(`refuses another username of somebody of ${service}`, lockedByPatch, async (stage) =>
      patch(stage, await stage.ssoPerson(service), { username: stage.name() }),
    ),
  ),
  fact('takes the username that somebody of a service has already', async (stage) => {
    const person = await stage.ssoPerson();

    expect((await patch(stage, person, { username: person.username, nickname: 'N' })).status).toBe(200);
  }),
  ...['first_name', 'last_name'].map((name) =>
    refusal(`refuses another ${name} of somebody of an OAuth service`, lockedByPatch, async (stage) =>
      patch(stage, await stage.ssoPerson('gitlab'), { [name]: 'N' }),
    ),
  ),
  fact('changes the names of somebody of SAML where nothing is mapped', async (stage) => {
    const user = objectOf(await patch(stage, await stage.ssoPerson('saml'), { first_name: 'F', nickname: 'N' }));

    expect(user).toMatchObject({ first_name: 'F', nickname: 'N', email_verified: true });
  }),
  fact('keeps the address of somebody of an OAuth service, without a word', async (stage) => {
    const person = await stage.ssoPerson('google');

    expect(objectOf(await patch(stage, person, { email: `a.${person.email}` }))['email']).toBe(person.email);
  }),
  fact('cannot change the address of somebody of LDAP', async (stage) => {
    const person = await stage.ssoPerson('ldap');

    expectRefused(await patch(stage, person, { email: `a.${person.email}` }), [400, 'app.user.update.find.app_error']);
  }),
  fact(
    'keeps the old address until the mail is answered where addresses are verified',
    async (stage) => {
      const person = await stage.person({ email_verified: true });

      expect(objectOf(await patch(stage, person, { email: `a.${person.email}` }))['email']).toBe(person.email);
    },
    { config: { 'EmailSettings.RequireEmailVerification': true } },
  ),
  fact(
    'refuses the same address in other letters where addresses are verified',
    async (stage) => {
      const person = await stage.person();

      expectRefused(await patch(stage, person, { email: person.email.toUpperCase() }), [
        400,
        'app.user.save.email_exists.app_error',
      ]);
    },
    { config: { 'EmailSettings.RequireEmailVerification': true } },
  ),
  refusal(
    'refuses a name that LDAP provides',
    lockedByPatch,
    async (stage) => patch(stage, await stage.ssoPerson('ldap'), { nickname: 'N' }),
    {
      licence: 'enterprise',
      config: { 'LdapSettings.Enable': true, 'LdapSettings.NicknameAttribute': 'nick' },
    },
  ),
];

const puts: readonly ContractCase[] = [
  fact('empties what is left out', async (stage) => {
    const person = await stage.person(everyField);

    const user = objectOf(await put(stage, person, {}));

    expect(user).toMatchObject({
      nickname: '',
      first_name: '',
      last_name: '',
      position: '',
      locale: '',
      timezone: null,
    });
    expect(user['notify_props']).toEqual(defaultNotifyProps);
    expect(keysOf(user)).not.toContain('props');
    expect(keysOf(user)).not.toContain('allow_marketing');
    expect(keysOf(user)).not.toContain('remote_id');
    expect(user['email_verified']).toBe(true);
  }),
  fact('shows the emptied time zone as null or as nothing', async (stage) => {
    const person = await stage.person();
    await put(stage, person, {});

    expect([null, {}]).toContainEqual((await stage.read(person.id))['timezone']);
    expect(objectOf(await patch(stage, person, {}))['timezone']).toEqual({});
  }),
  fact('sets everything', async (stage) => {
    const person = await stage.person();
    const { email_verified: _verified, ...fields } = everyField;

    const reply = await put(stage, person, { ...fields, notify_props: { email: 'false' } });

    expect(objectOf(reply)).toMatchObject({ ...fields, notify_props: { email: 'false' } });
  }),
  fact('keeps roles, activity, login and what is the server’s', async (stage) => {
    const person = await stage.person();

    const user = objectOf(await put(stage, person, { roles: 'system_admin', delete_at: 5, auth_service: 'saml' }));

    expect(user).toMatchObject({ roles: 'system_user', delete_at: 0, auth_service: '' });
    expect(user['create_at']).toBe(objectOf(person.made, 201)['create_at']);
  }),
  refusal('refuses another id', invalidBody, async (stage) =>
    stage.admin.put(`/users/${(await stage.target()).id}`, { id: stage.unknownId, username: 'a', email: 'a@b' }),
  ),
  refusal('refuses no id', invalidBody, async (stage) =>
    stage.admin.put(`/users/${(await stage.target()).id}`, { username: 'a', email: 'a@b' }),
  ),
  refusal('refuses a list', invalidBody, async (stage) => stage.admin.put(`/users/${(await stage.target()).id}`, [])),
  refusal('refuses no username', [400, 'model.user.is_valid.username.app_error'], async (stage) =>
    put(stage, await stage.person(), { username: '' }),
  ),
  refusal('refuses no address', [400, 'model.user.is_valid.email.app_error'], async (stage) =>
    put(stage, await stage.person(), { email: '' }),
  ),
  fact('refuses a username and an address that are taken', async (stage) => {
    const [person, other] = [await stage.person(), await stage.target()];

    expectRefused(await put(stage, person, { username: other.username }), [
      400,
      'app.user.save.username_exists.app_error',
    ]);
    expectRefused(await put(stage, person, { email: other.email }), [400, 'app.user.save.email_exists.app_error']);
  }),
  fact('wants the own password for another own address', async (stage) => {
    const member = await stage.member();
    const body = { id: member.id, username: member.username, email: `a.${member.email}` };

    expectRefused(await member.caller.put(`/users/${member.id}`, body), invalidBody);
    expectRefused(await member.caller.put(`/users/${member.id}`, { ...body, password: 'wrong' }), invalidBody);
    const user = objectOf(await member.caller.put(`/users/${member.id}`, { ...body, password: stage.password }));
    expect(user['email']).toBe(body.email);
  }),
  fact('knows "me", whose own id the body has to bear', async (stage) => {
    const { id, username, email, caller } = await stage.member();

    expect((await caller.put('/users/me', { id, username, email, nickname: 'N' })).status).toBe(200);
    expectRefused(await caller.put('/users/me', { id: 'me', username, email }), invalidBody);
  }),
  refusal('takes a name that is left out for a change where a service provides it', lockedByPut, async (stage) =>
    put(stage, await stage.ssoPerson('gitlab', { first_name: 'F' }), {}),
  ),
  refusal('refuses another username of somebody of SAML', lockedByPut, async (stage) =>
    put(stage, await stage.ssoPerson('saml'), { username: stage.name() }),
  ),
  refusal('answers for nobody before it looks at fields', noUser, (stage) =>
    stage.admin.put(`/users/${stage.unknownId}`, { id: stage.unknownId, username: 'a b', email: '' }),
  ),
  fact('sets time zones and defaults anew', async (stage) => {
    const person = await stage.person();

    expect(objectOf(await put(stage, person, { timezone: defaultTimezone }))['timezone']).toEqual(defaultTimezone);
  }),
];

export const profileCases: ContractCases = { 'users-user-id-patch-put': patches, 'users-user-id-put': puts };
