import { describe, expect, test } from 'vitest';
import { imageSize } from '../../src/sandbox/pictures/image-size.ts';
import { encodePng } from '../../src/sandbox/pictures/png.ts';
import { admin, as, member, outcome, type Seen, sandboxFor, testClock, unknownId } from './support.ts';

const names = ({ rows }: Seen): readonly unknown[] => rows.map((row) => row['username']);

describe('the client config', () => {
  test('has the public keys for everybody, and more with a session; all values are texts', async () => {
    const sandbox = await sandboxFor();

    const open = await as(sandbox)('GET', '/config/client?format=old');
    const bad = await as(sandbox, 'x'.repeat(26))('GET', '/config/client');
    const signedIn = await admin(sandbox)('GET', '/config/client');

    expect(open.json).toEqual(bad.json);
    expect(open.json).toMatchObject({
      Version: '11.6.0',
      SiteURL: sandbox.url,
      EnableOpenServer: 'false',
      PasswordMinimumLength: '8',
      NoAccounts: 'false',
      EnableLdap: 'false',
    });
    expect(open.json).not.toHaveProperty('EnableUserAccessTokens');
    expect(signedIn.json).toMatchObject({
      ...open.json,
      EnableUserAccessTokens: 'true',
      EnableUserDeactivation: 'false',
    });
    expect(Object.values(signedIn.json).every((value) => typeof value === 'string')).toBe(true);
  });

  test('shows LDAP and SAML only with a licence for them', async () => {
    const config = {
      'LdapSettings.Enable': true,
      'LdapSettings.PositionAttribute': 'title',
      'SamlSettings.NicknameAttribute': 'nick',
      'GuestAccountsSettings.Enable': true,
    };
    const sandbox = await sandboxFor({ config });
    const keys = async (): Promise<readonly unknown[]> => {
      const { json } = await admin(sandbox)('GET', '/config/client');
      return ['EnableLdap', 'LdapPositionAttributeSet', 'SamlNicknameAttributeSet', 'EnableGuestAccounts'].map(
        (key) => json[key],
      );
    };

    const before = await keys();
    sandbox.control.setLicence('enterprise');

    expect(before).toEqual(['false', 'false', 'false', 'false']);
    expect(await keys()).toEqual(['true', 'true', 'true', 'true']);
  });
});

const last = async (seen: Promise<Seen>): Promise<string> =>
  Object.keys((await seen).json)
    .slice(5)
    .join(' ');

test('the ping tells more when asked, most of all to an administrator', async () => {
  const sandbox = await sandboxFor();

  expect(await last(as(sandbox)('GET', '/system/ping'))).toBe('status');
  expect(await last(as(sandbox)('GET', '/system/ping?get_server_status=true'))).toBe(
    'database_status filestore_status status',
  );
  expect(await last(admin(sandbox)('GET', '/system/ping?get_server_status=true'))).toBe(
    'database_status filestore_status root_status status',
  );
});

test('the licence is named, its dates only to who may see them', async () => {
  const sandbox = await sandboxFor();
  const read = (ask = as(sandbox)): Promise<Seen> => ask('GET', '/license/client?format=old');

  const none = await read();
  sandbox.control.setLicence('professional');
  const open = await read();
  const root = await read(admin(sandbox));

  expect(none.json).toEqual({ IsLicensed: 'false' });
  expect(open.json).toMatchObject({ IsLicensed: 'true', SkuShortName: 'professional', LDAPGroups: 'false' });
  expect(open.json).not.toHaveProperty('IssuedAt');
  expect(root.json).toHaveProperty('IssuedAt');
});

test.each([
  ['11.6.0', 'none', { maxUsersLimit: 200, maxUsersHardLimit: 250, activeUserCount: 2, singleChannelGuestCount: 0 }],
  [
    '11.2.0',
    { users: 10, extraUsers: 2, enforceSeats: true },
    { maxUsersLimit: 10, maxUsersHardLimit: 12, activeUserCount: 2 },
  ],
  ['11.2.0', 'enterprise', { maxUsersLimit: 0, maxUsersHardLimit: 0 }],
] as const)('seat limits of %s with licence %o', async (version, licence, expected) => {
  const sandbox = await sandboxFor({ version, licence, seed: { users: [{ username: 'bot', is_bot: true }] } });
  const { ask } = member(sandbox, 'ada');

  const root = await admin(sandbox)('GET', '/limits/server');
  const others = await ask('GET', '/limits/server');

  expect(root.json).toMatchObject(expected);
  expect('singleChannelGuestCount' in root.json).toBe(version === '11.6.0');
  expect(new Set(Object.values(others.json))).toEqual(new Set([0]));
});

describe('reports', () => {
  const users = [
    { username: 'a', first_name: 'Zoe', create_at: 1 },
    { username: 'b', first_name: 'Yan', create_at: 3, roles: 'system_user system_admin', last_login: 9 },
    { username: 'c', first_name: 'Zoe', create_at: 2, active: false },
    { username: 'helper', is_bot: true },
  ];
  const sandboxWithPeople = () =>
    sandboxFor({ seed: { admin: { username: 'root', first_name: 'Amy', create_at: 4 }, users } });

  test.each([
    ['', ['a', 'b', 'c', 'root']],
    ['sort_direction=desc', ['root', 'c', 'b', 'a']],
    ['sort_column=CreateAt', ['a', 'c', 'b', 'root']],
    ['page_size=2', ['a', 'b']],
    ['from_column_value=b&from_id=z', ['c', 'root']],
    ['from_column_value=c&from_id=0&direction=prev&page_size=1', ['b']],
    ['from_column_value=3&sort_column=CreateAt&from_id=z', ['root']],
    ['role_filter=system_admin', ['b', 'root']],
    ['hide_inactive=true', ['a', 'b', 'root']],
    ['hide_active=true', ['c']],
    ['search_term=ZO', ['a', 'c']],
    [`team_filter=${unknownId}`, []],
    ['page_size=x', ['a', 'b', 'c', 'root']],
  ])('with ?%s show %j', async (query, expected) => {
    const sandbox = await sandboxWithPeople();

    expect(names(await admin(sandbox)('GET', `/reports/users?${query}`))).toEqual(expected);
  });

  test('walk over everybody once, page by page, by a column that repeats', async () => {
    const sandbox = await sandboxWithPeople();
    const found: unknown[] = [];
    let cursor = '';
    for (let page = 0; page < 5; page++) {
      const { rows } = await admin(sandbox)('GET', `/reports/users?sort_column=FirstName&page_size=1${cursor}`);
      found.push(...rows.map((row) => row['username']));
      const row = rows.at(-1);
      if (row === undefined) break;
      cursor = `&from_column_value=${String(row['first_name'])}&from_id=${String(row['id'])}`;
    }

    expect(found.map(String).toSorted()).toEqual(['a', 'b', 'c', 'root']);
  });

  test('count by the same filters, and tell the last login', async () => {
    const sandbox = await sandboxWithPeople();

    const count = await admin(sandbox)('GET', '/reports/users/count?hide_inactive=true');
    const row = await admin(sandbox)('GET', '/reports/users?search_term=yan');

    expect(count.text).toBe('3\n');
    expect(row.rows[0]).toMatchObject({ last_login: 9, days_active: 0 });
  });
});

describe('search', () => {
  const users = [
    { username: 'ada', first_name: 'Ada', last_name: 'Able', email: 'countess@corp.test' },
    { username: 'ada_b', nickname: 'Bee' },
    { username: 'away', active: false },
  ];

  test.each([
    [{ term: 'ADA' }, ['ada', 'ada_b']],
    [{ term: '@da' }, ['ada', 'ada_b']],
    [{ term: 'able ada' }, ['ada']],
    [{ term: 'corp' }, ['ada']],
    [{ term: '_' }, ['ada_b']],
    [{ term: '%' }, []],
    [{ term: 'bee' }, ['ada_b']],
    [{ term: 'away' }, []],
    [{ term: 'away', allow_inactive: true }, ['away']],
    [{ term: ' ', limit: 1 }, ['ada']],
    [{ term: 'a', role: 'system_admin' }, ['sandbox-admin']],
    [{ term: 'a', role: 'nosuch' }, []],
    [{ term: 'a', roles: ['system_admin'] }, ['sandbox-admin']],
    [{ term: 'ada', team_id: unknownId }, []],
  ])('for %j finds %j', async (body, expected) => {
    const sandbox = await sandboxFor({ seed: { users } });

    expect(names(await admin(sandbox)('POST', '/users/search', body))).toEqual(expected);
  });

  test('by members respects the privacy settings, and no one searches a busy server', async () => {
    const sandbox = await sandboxFor({
      seed: { users },
      config: { 'PrivacySettings.ShowEmailAddress': false, 'PrivacySettings.ShowFullName': false },
    });
    const { ask } = member(sandbox, 'bob');

    expect(names(await ask('POST', '/users/search', { term: 'able' }))).toEqual([]);
    expect(names(await ask('POST', '/users/search', { term: 'countess' }))).toEqual([]);
    sandbox.control.setBusy(true);
    expect(outcome(await ask('POST', '/users/search', { term: 'ada' }))).toBe('503 api.context.server_busy.app_error');
  });

  test.each([
    ['name=ada', ['ada', 'ada_b']],
    ['name=countess', []],
    ['name=ada&limit=1', ['ada']],
    ['name=ada&limit=x', []],
    [`name=ada&in_team=${unknownId}`, []],
  ])('as one types: ?%s', async (query, expected) => {
    const sandbox = await sandboxFor({ seed: { users } });

    const { json } = await admin(sandbox)('GET', `/users/autocomplete?${query}`);

    expect((json['users'] as { username: string }[]).map((user) => user.username)).toEqual(expected);
  });

  test('of group channels and known people finds no one', async () => {
    const sandbox = await sandboxFor();

    expect((await admin(sandbox)('POST', '/users/group_channels', [unknownId])).text).toBe('{}\n');
    expect((await admin(sandbox)('GET', '/users/known')).text).toBe('[]\n');
  });
});

describe('preferences', () => {
  test('are set, read by category and name, changed and deleted', async () => {
    const sandbox = await sandboxFor();
    const { id, ask } = member(sandbox, 'ada');
    const row = { user_id: id, category: 'muster', name: 'lease', value: 'one' };
    await ask('PUT', '/users/me/preferences', [row, { ...row, name: 'other' }]);

    const byCategory = await ask('GET', '/users/me/preferences/muster');
    await ask('PUT', '/users/me/preferences', [{ ...row, value: 'two' }]);
    const byName = await ask('GET', `/users/${id}/preferences/muster/name/lease`);
    await ask('POST', '/users/me/preferences/delete', [row]);

    expect(byCategory.rows).toEqual([row, { ...row, name: 'other' }]);
    expect(byName.json).toEqual({ ...row, value: 'two' });
    expect((await ask('GET', '/users/me/preferences')).rows).toEqual([{ ...row, name: 'other' }]);
  });

  test('are null for someone without any', async () => {
    const sandbox = await sandboxFor();

    expect((await admin(sandbox)('GET', `/users/${unknownId}/preferences`)).text).toBe('null\n');
  });

  test('take 100 at once', async () => {
    const sandbox = await sandboxFor();
    const { id, ask } = member(sandbox, 'ada');
    const rows = Array.from({ length: 101 }, (_, index) => ({
      user_id: id,
      category: 'a',
      name: `n${index}`,
      value: '',
    }));

    expect(outcome(await ask('PUT', '/users/me/preferences', rows.slice(1)))).toBe('200');
    expect((await ask('PUT', '/users/me/preferences', rows)).status).toBe(400);
  });
});

describe('links in mails', () => {
  test('reset a password once, within a day, for the address they were sent to', async () => {
    const clock = testClock();
    const sandbox = await sandboxFor({ clock, seed: { users: [{ username: 'ada' }] } });
    const send = async (): Promise<string> => {
      await as(sandbox)('POST', '/users/password/reset/send', { email: 'ADA@example.com' });
      return sandbox.mails.at(-1)?.link ?? '';
    };
    const reset = async (token: string, new_password = 'password1'): Promise<string> =>
      outcome(await as(sandbox)('POST', '/users/password/reset', { token, new_password }));
    const [first, second, third] = [await send(), await send(), await send()];

    expect(await reset(first, 'short')).toBe('400 model.user.is_valid.pwd_min_length.app_error');
    expect(await reset(first)).toBe('200');
    expect(await reset(first)).toBe('400 api.user.reset_password.invalid_link.app_error');
    clock.tick(24 * 3_600_000 + 1);
    expect(await reset(second)).toBe('400 api.user.reset_password.link_expired.app_error');
    const fourth = await send();
    sandbox.control.updateUser('ada', { email: 'new@example.com' });
    expect([await reset(third), await reset(fourth)]).toEqual([
      '400 api.user.reset_password.link_expired.app_error',
      '400 api.user.reset_password.link_expired.app_error',
    ]);
  });

  test('verify an address, and write the new one', async () => {
    const sandbox = await sandboxFor({
      seed: { users: [{ username: 'ada' }] },
      config: { 'EmailSettings.RequireEmailVerification': true },
    });
    await admin(sandbox)('PUT', `/users/${sandbox.control.user('ada')?.id}/patch`, { email: 'new@example.com' });
    const token = sandbox.mails.at(-1)?.link;

    const first = await as(sandbox)('POST', '/users/email/verify', { token });
    const second = await as(sandbox)('POST', '/users/email/verify', { token });

    expect([first, second].map(outcome)).toEqual(['200', '400 api.user.verify_email.bad_link.app_error']);
    expect(sandbox.control.user('ada')).toMatchObject({ email: 'new@example.com', email_verified: true });
    expect(sandbox.mails.at(-1)).toMatchObject({ kind: 'email-changed', to: 'ada@example.com' });
  });

  test('are sent again by email or username, and an administrator needs none', async () => {
    const sandbox = await sandboxFor({ seed: { users: [{ username: 'ada' }] } });
    await as(sandbox)('POST', '/users/email/verify/send', { email: 'Ada' });

    const seen = await admin(sandbox)('POST', `/users/${sandbox.control.user('ada')?.id}/email/verify/member`);

    expect(sandbox.mails).toMatchObject([{ kind: 'verify-email', to: 'ada@example.com', link: expect.any(String) }]);
    expect(seen.json).not.toHaveProperty('email_verified');
    expect(sandbox.control.user('ada')?.email_verified).toBe(true);
  });
});

test.each([
  [{}, {}, ['welcome']],
  [{ disable_welcome_email: true }, {}, []],
  [{}, { 'EmailSettings.SendEmailNotifications': false }, []],
  [{}, { 'EmailSettings.SendEmailNotifications': false, 'EmailSettings.RequireEmailVerification': true }, ['welcome']],
])('a create with %j under %j mails %j', async (body, config, expected) => {
  const sandbox = await sandboxFor({ config });

  await admin(sandbox)('POST', '/users', { username: 'ada', email: 'ada@example.com', password: 'password1', ...body });

  expect(sandbox.mails.map((mail) => mail.kind)).toEqual(expected);
});

const form = (bytes: Buffer, field = 'image'): FormData => {
  const data = new FormData();
  data.set(field, new Blob([bytes]), 'me.png');
  return data;
};

describe('pictures', () => {
  const red = encodePng(4, 3, () => [255, 0, 0]);

  test('are made when no one gave one, cached shortly at first', async () => {
    const sandbox = await sandboxFor();
    const read = async (): Promise<readonly unknown[]> => {
      const { headers } = await admin(sandbox)('GET', '/users/me/image');
      return ['content-type', 'cache-control', 'etag'].map((name) => headers.get(name));
    };

    expect(await read()).toEqual(['image/png', 'max-age=300, private', null]);
    expect(await read()).toEqual(['image/png', 'max-age=86400, private', '0']);
    expect((await admin(sandbox)('GET', '/users/me/image/default')).headers.get('etag')).toBeNull();
  });

  test('become PNGs of 128 by 128, are dated, and not written twice', async () => {
    const clock = testClock();
    const sandbox = await sandboxFor({ clock });
    const ask = admin(sandbox);

    const seen = await ask('POST', '/users/me/image', form(red));
    const response = await fetch(`${sandbox.url}/api/v4/users/me/image`, {
      headers: { Authorization: `Bearer ${sandbox.adminToken}` },
    });
    const etag = response.headers.get('etag') ?? '';
    clock.tick(10);
    await ask('POST', '/users/me/image', form(red));

    expect(outcome(seen)).toBe('200');
    expect(imageSize(Buffer.from(await response.arrayBuffer()))).toEqual({ width: 128, height: 128 });
    expect(sandbox.control.user('sandbox-admin')?.last_picture_update).toBe(clock() - 10);
    expect((await ask('GET', '/users/me/image', undefined, { 'If-None-Match': etag })).status).toBe(304);
    await ask('DELETE', '/users/me/image');
    expect(sandbox.control.user('sandbox-admin')?.last_picture_update).toBe(-clock());
  });

  const gif = Buffer.from('GIF89a\x02\x00\x02\x00', 'latin1');
  const jpeg = Buffer.from('ffd8ffe00004aaaaffc0000b080002000301011100ffd9', 'hex');
  const huge = Buffer.concat([red.subarray(0, 16), Buffer.from('0000ffff0000ffff', 'hex'), red.subarray(24)]);

  test.each([
    ['a GIF', form(gif), '200'],
    ['a JPEG', form(jpeg), '200'],
    ['no picture', form(Buffer.from('text')), '400 api.user.upload_profile_user.check_image_limits.app_error'],
    ['too many pixels', form(huge), '400 api.user.upload_profile_user.check_image_limits.app_error'],
    ['another field', form(red, 'picture'), '400 api.user.upload_profile_user.no_file.app_error'],
  ])('with %s', async (_what, data, expected) => {
    const sandbox = await sandboxFor();

    expect(outcome(await admin(sandbox)('POST', '/users/me/image', data))).toBe(expected);
  });

  test('of LDAP people belong to LDAP, large files are refused, and unknown people are said to be unknown', async () => {
    const sandbox = await sandboxFor({
      seed: { users: [{ username: 'lda', auth_service: 'ldap', auth_data: 'x' }] },
      config: { 'LdapSettings.PictureAttribute': 'photo', 'FileSettings.MaxFileSize': 2000 },
    });
    const post = async (id: string | undefined, bytes: Buffer): Promise<string> =>
      outcome(await admin(sandbox)('POST', `/users/${id}/image`, form(bytes)));

    expect(await post(sandbox.control.user('lda')?.id, red)).toBe(
      '409 api.user.upload_profile_user.login_provider_attribute_set.app_error',
    );
    expect(await post('me', Buffer.alloc(4000))).toBe('413 api.user.upload_profile_user.too_large.app_error');
    expect(await post(unknownId, red)).toBe('400 api.context.invalid_url_param.app_error');
  });
});
