import { expect } from 'vitest';
import { type ContractCase, type ContractCases, fact, refusal } from '../support/contract-case.ts';
import {
  expectOk,
  expectRefused,
  fieldsOf,
  invalidBody,
  keysOf,
  listOf,
  noRoute,
  numberOf,
  objectOf,
  type Refused,
  textOf,
  unreadable,
} from '../support/expectations.ts';
import type { Stage } from '../support/stage.ts';
import { adminKeys, everyField, ownKeys } from './user-keys.ts';

// What the client reads beside the operations of the reference.

const me: readonly ContractCase[] = [
  fact('shows all of oneself', async (stage) => {
    const { id, caller } = await stage.member(everyField);

    const reply = await caller.get('/users/me');

    expect(keysOf(reply.json)).toEqual(ownKeys);
    expect(objectOf(reply)['id']).toBe(id);
  }),
  fact('answers 304 to its tag', async (stage) => {
    const { caller } = await stage.sharedMember();
    const { etag } = (await caller.get('/users/me')).headers;

    expect((await caller.get('/users/me', { 'if-none-match': String(etag) })).status).toBe(304);
  }),
];

const roleKeys: readonly string[] =
  'id name display_name description create_at update_at delete_at permissions scheme_managed built_in'.split(' ');

const builtIn: readonly string[] = (
  'channel_admin channel_guest channel_user custom_group_user playbook_admin playbook_member run_admin ' +
  'run_member system_admin system_custom_group_admin system_guest system_manager system_post_all ' +
  'system_post_all_public system_read_only_admin system_user system_user_access_token ' +
  'system_user_manager team_admin team_guest team_post_all team_post_all_public team_user'
).split(' ');

const describedRoles: readonly (readonly [role: string, described: Readonly<Record<string, unknown>>])[] = [
  [
    'system_admin',
    { display_name: 'authentication.roles.global_admin.name', scheme_managed: true, built_in: true, delete_at: 0 },
  ],
  ['team_post_all', { display_name: 'authentication.roles.team_post_all.name', scheme_managed: false, built_in: true }],
  ['custom_group_user', { scheme_managed: false, built_in: false }],
  ['system_manager', { scheme_managed: false, built_in: true }],
];

const roles: readonly ContractCase[] = [
  fact('lists every role that is built in', async (stage) => {
    const rows = listOf(await stage.admin.get('/roles'));

    expect(rows.map((row) => row['name'])).toEqual(expect.arrayContaining([...builtIn]));
    expect(rows.every((row) => keysOf(row).join() === roleKeys.join())).toBe(true);
  }),
  ...describedRoles.map(([role, described]) =>
    fact(`describes ${role}`, async (stage) => {
      const rows = listOf(await stage.admin.get('/roles'));

      expect(rows.find((row) => row['name'] === role)).toMatchObject(described);
    }),
  ),
];

/** Permissions that decide what the engine may do. */
const deciding: readonly (readonly [role: string, granted: readonly string[], withheld: readonly string[]])[] = [
  ['system_user', ['view_members', 'list_public_teams'], ['manage_system', 'edit_other_users', 'manage_roles']],
  [
    'system_admin',
    ['manage_system', 'manage_roles', 'edit_other_users', 'create_user_access_token', 'promote_guest', 'view_members'],
    [],
  ],
  ['system_user_access_token', ['create_user_access_token', 'read_user_access_token', 'revoke_user_access_token'], []],
  ['system_guest', [], ['view_members']],
  [
    'system_user_manager',
    ['sysconsole_read_user_management_groups'],
    ['sysconsole_read_user_management_users', 'sysconsole_write_user_management_users'],
  ],
];

const roleByName: readonly ContractCase[] = [
  ...deciding.map(([role, granted, withheld]) =>
    fact(`shows what ${role} may`, async (stage) => {
      const reply = await stage.admin.get(`/roles/name/${role}`);
      const { permissions } = objectOf(reply);

      expect(keysOf(reply.json)).toEqual(roleKeys);
      expect(permissions).toEqual(expect.arrayContaining([...granted]));
      for (const one of withheld) expect(permissions).not.toContain(one);
    }),
  ),
  refusal('knows no other', [404, 'app.role.get_by_name.app_error'], (stage) => stage.admin.get('/roles/name/nosuch')),
  refusal('has no route for a name with a dot', noRoute, (stage) => stage.admin.get('/roles/name/a.b')),
];

const roleNames: readonly ContractCase[] = [
  fact('answers null to blank names alone', async (stage) => {
    expect((await stage.admin.post('/roles/names', [''])).json).toBeNull();
  }),
  fact('gives those that are there, blanks left out', async (stage) => {
    const reply = await stage.admin.post('/roles/names', ['system_user', 'nosuch', ' ', 'system_user']);

    expect(listOf(reply).map((row) => row['name'])).toEqual(['system_user']);
    expect(keysOf(listOf(reply)[0])).toEqual(roleKeys);
  }),
  refusal('refuses an empty list', invalidBody, (stage) => stage.admin.post('/roles/names', [])),
  refusal('cannot read an object', unreadable, (stage) => stage.admin.post('/roles/names', {})),
  refusal('refuses a name that can be none', invalidBody, (stage) => stage.admin.post('/roles/names', ['A-B'])),
  refusal('refuses 101 names', [400, 'api.roles.get_multiple_by_name_too_many.request_error'], (stage) =>
    stage.admin.post(
      '/roles/names',
      Array.from({ length: 101 }, (_, index) => `role_${index}`),
    ),
  ),
];

const pings: readonly ContractCase[] = [
  fact('needs no session', async (stage) => {
    const reply = await stage.nobody.get('/system/ping');

    expect(keysOf(reply.json)).toEqual([
      'ActiveSearchBackend',
      'AndroidLatestVersion',
      'AndroidMinVersion',
      'IosLatestVersion',
      'IosMinVersion',
      'status',
    ]);
    expect(objectOf(reply)['status']).toBe('OK');
  }),
  fact('tells of database and files when asked, and administrators one thing more', async (stage) => {
    const path = '/system/ping?get_server_status=true';

    expect(objectOf(await stage.nobody.get(path))).toMatchObject({ database_status: 'OK', filestore_status: 'OK' });
    expect(keysOf((await stage.nobody.get(path)).json)).not.toContain('root_status');
    expect(typeof objectOf(await stage.admin.get(path))['root_status']).toBe('boolean');
  }),
];

const publicKeys: readonly string[] = (
  'Version BuildNumber BuildEnterpriseReady DiagnosticId SiteURL DefaultClientLocale ' +
  'EnableBotAccountCreation EnableGuestAccounts EnableMultifactorAuthentication EnableUserCreation ' +
  'EnforceMultifactorAuthentication EnableOpenServer EnableSignUpWithEmail EnableSignInWithEmail ' +
  'EnableSignInWithUsername EnableLdap EnableSaml NoAccounts PasswordMinimumLength ' +
  'PasswordRequireLowercase PasswordRequireUppercase PasswordRequireNumber PasswordRequireSymbol'
).split(' ');

const ownConfigKeys: readonly string[] = (
  'EnableUserAccessTokens EnableUserDeactivation RequireEmailVerification SendEmailNotifications ' +
  'ShowEmailAddress ShowFullName AvailableLocales EnableCustomGroups ' +
  'ExperimentalEnableAuthenticationTransfer LdapFirstNameAttributeSet LdapLastNameAttributeSet ' +
  'LdapNicknameAttributeSet LdapPictureAttributeSet LdapPositionAttributeSet SamlFirstNameAttributeSet ' +
  'SamlLastNameAttributeSet SamlNicknameAttributeSet SamlPositionAttributeSet'
).split(' ');

const configs: readonly ContractCase[] = [
  fact('is a map of texts, smaller without a session or with a bad token', async (stage) => {
    for (const caller of [stage.nobody, stage.stranger]) {
      const reply = await caller.get('/config/client');
      expect(reply.text.endsWith('\n')).toBe(true);
      const keys = keysOf(reply.json);
      expect(keys).toEqual(expect.arrayContaining([...publicKeys]));
      for (const key of ownConfigKeys) expect(keys).not.toContain(key);
    }
    const own = objectOf(await (await stage.sharedMember()).caller.get('/config/client?format=old'));
    expect(Object.keys(own)).toEqual(expect.arrayContaining([...publicKeys, ...ownConfigKeys]));
    expect(Object.values(own).every((value) => typeof value === 'string')).toBe(true);
  }),
  fact('tells what the server is set to', async (stage) => {
    const config = objectOf(await stage.admin.get('/config/client'));
    const settings = {
      EnableUserAccessTokens: 'ServiceSettings.EnableUserAccessTokens',
      EnableMultifactorAuthentication: 'ServiceSettings.EnableMultifactorAuthentication',
      EnableOpenServer: 'TeamSettings.EnableOpenServer',
      EnableUserDeactivation: 'TeamSettings.EnableUserDeactivation',
      ShowEmailAddress: 'PrivacySettings.ShowEmailAddress',
      PasswordMinimumLength: 'PasswordSettings.MinimumLength',
      SendEmailNotifications: 'EmailSettings.SendEmailNotifications',
    } as const;

    for (const [key, name] of Object.entries(settings))
      expect(config[key], key).toBe(String(stage.server.setting(name)));
    expect(config['Version']).toBe(stage.server.version);
    expect(config['NoAccounts']).toBe('false');
  }),
];

const licences: readonly ContractCase[] = [
  fact('says that there is none', async (stage) => {
    for (const caller of [stage.nobody, stage.admin]) {
      expect(objectOf(await caller.get('/license/client?format=old'))).toEqual({ IsLicensed: 'false' });
    }
  }),
  refusal('wants a format', [400, 'api.license.client.old_format.app_error'], (stage) =>
    stage.nobody.get('/license/client'),
  ),
  refusal('wants the old format', invalidBody, (stage) => stage.nobody.get('/license/client?format=new')),
  fact(
    'says what there is',
    async (stage) => {
      expect(objectOf(await stage.nobody.get('/license/client?format=old'))).toMatchObject({
        IsLicensed: 'true',
        GuestAccounts: 'true',
        LDAP: 'true',
      });
    },
    { licence: 'enterprise' },
  ),
];

const restricted = { config: { 'TeamSettings.RestrictCreationToDomains': 'example.com' } } as const;

const wholeConfigs: readonly ContractCase[] = [
  fact(
    'shows administrators what differs from the defaults',
    async (stage) => {
      const sections = objectOf(await stage.admin.get('/config?remove_masked=true&remove_defaults=true'));

      expect(sections['TeamSettings']).toMatchObject({ RestrictCreationToDomains: 'example.com' });
      expect(sections['TeamSettings']).not.toHaveProperty('MaxUsersPerTeam');
    },
    restricted,
  ),
];

const limits: readonly ContractCase[] = [
  fact('shows administrators the seats, members zeros', async (stage) => {
    const { caller } = await stage.sharedMember();

    const reply = await stage.admin.get('/limits/server');

    expect(objectOf(reply)).toMatchObject({ maxUsersLimit: 200, maxUsersHardLimit: 250 });
    expect(numberOf(objectOf(reply)['activeUserCount'])).toBeGreaterThanOrEqual(2);
    expect(Object.values(objectOf(await caller.get('/limits/server'))).every((value) => value === 0)).toBe(true);
  }),
];

const noBot: Refused = [404, 'store.sql_bot.get.missing.app_error'];
const botsOn = { config: { 'ServiceSettings.EnableBotAccountCreation': true } } as const;

/** Makes a bot, owned by another administrator of this case. */
async function makeBot(stage: Stage, description = ''): Promise<Readonly<Record<string, unknown>>> {
  const { caller } = await stage.administrator();
  const made = await caller.post('/bots', { username: stage.name('.bot'), display_name: 'Bot', description });
  const bot = objectOf(made, 201);
  stage.keep({ ...made, json: { id: bot['user_id'], username: bot['username'] } });
  return bot;
}

const botKeys = [
  'user_id',
  'username',
  'display_name',
  'description',
  'owner_id',
  'create_at',
  'update_at',
  'delete_at',
];

const bots: readonly ContractCase[] = [
  fact(
    'shows a bot, whose account is no one’s to log in with',
    async (stage) => {
      const { user_id: id, username } = await makeBot(stage, 'for tests');

      expect(keysOf((await stage.admin.get(`/bots/${textOf(id)}`)).json)).toEqual(botKeys);
      const user = await stage.read(textOf(id));
      expect(user).toMatchObject({
        is_bot: true,
        bot_description: 'for tests',
        email: `${textOf(username)}@localhost`,
      });
      expectRefused(await stage.nobody.post('/users/login', { login_id: username, password: 'x' }), [
        401,
        'api.user.login.bot_login_forbidden.app_error',
      ]);
    },
    botsOn,
  ),
  fact(
    'leaves the bot itself enabled when its account is deactivated',
    async (stage) => {
      const { user_id: id } = await makeBot(stage);

      expectOk(await stage.admin.put(`/users/${textOf(id)}/active`, { active: false }));

      expect(objectOf(await stage.admin.get(`/bots/${textOf(id)}`))['delete_at']).toBe(0);
    },
    botsOn,
  ),
  refusal('knows no person', noBot, async (stage) => stage.admin.get(`/bots/${(await stage.target()).id}`)),
];

const botLists: readonly ContractCase[] = [
  fact(
    'lists bots, not people',
    async (stage) => {
      const { user_id: id } = await makeBot(stage);
      const person = await stage.target();

      const ids = listOf(await stage.admin.get('/bots?per_page=200')).map((bot) => bot['user_id']);

      expect(ids).toContain(id);
      expect(ids).not.toContain(person.id);
    },
    botsOn,
  ),
  fact('is empty as "[]" past the end', async (stage) => {
    expect((await stage.admin.get('/bots?page=1000')).json).toEqual([]);
  }),
];

const badPage: Refused = [400, 'api.getUsersForReporting.invalid_page_size'];

const reports: readonly ContractCase[] = [
  fact('shows what an administrator sees, the last login, and the days of activity', async (stage) => {
    const { username } = await stage.member(everyField);

    const [row] = listOf(await stage.admin.get(`/reports/users?search_term=${username}`));

    const keys = keysOf(row).filter((key) => key !== 'last_status_at');
    expect(keys).toEqual([...adminKeys, 'last_login', 'days_active']);
    expect(numberOf(row?.['last_login'])).toBeGreaterThan(0);
  }),
  fact('pages by the last row, and shows everybody of a search once', async (stage) => {
    const word = stage.name();
    for (const tail of ['.b', '.a', '.c']) await stage.person({ username: word + tail });
    const found: unknown[] = [];
    let after = '';
    for (let page = 0; page < 4; page++) {
      const path = `/reports/users?search_term=${word}&page_size=2${after}`;
      const rows = listOf(await stage.admin.get(path));
      found.push(...rows.map((row) => row['username']));
      const last = rows.at(-1);
      if (last === undefined) break;
      after = `&from_column_value=${textOf(last['username'])}&from_id=${textOf(last['id'])}`;
    }

    expect(found).toEqual([`${word}.a`, `${word}.b`, `${word}.c`]);
  }),
  fact('goes backwards and downwards', async (stage) => {
    const word = stage.name();
    for (const tail of ['.a', '.b']) await stage.person({ username: word + tail });
    const path = `/reports/users?search_term=${word}&sort_direction=desc`;

    expect(listOf(await stage.admin.get(path)).map((row) => row['username'])).toEqual([`${word}.b`, `${word}.a`]);
  }),
  fact('hides active or inactive people', async (stage) => {
    const { id, username } = await stage.person();
    await stage.admin.delete(`/users/${id}`);
    const count = async (query: string): Promise<number> =>
      listOf(await stage.admin.get(`/reports/users?search_term=${username}${query}`)).length;

    expect([await count(''), await count('&hide_active=true'), await count('&hide_inactive=true')]).toEqual([1, 1, 0]);
  }),
  fact('filters by a part of the roles', async (stage) => {
    const { username } = await stage.person();
    const count = async (role: string): Promise<number> =>
      listOf(await stage.admin.get(`/reports/users?search_term=${username}&role_filter=${role}`)).length;

    expect([await count('system_user'), await count('system_admin')]).toEqual([1, 0]);
  }),
  ...['0', '-1', '101'].map((size) =>
    refusal(`refuses ${size} rows a page`, badPage, (stage) => stage.admin.get(`/reports/users?page_size=${size}`)),
  ),
  fact('ignores a word for the rows of a page', async (stage) => {
    expect((await stage.admin.get('/reports/users?page_size=x')).status).toBe(200);
  }),
  refusal('refuses another column', [400, 'model.user_report_options.is_valid.invalid_sort_column'], (stage) =>
    stage.admin.get('/reports/users?sort_column=Nosuch'),
  ),
];

const reportCounts: readonly ContractCase[] = [
  fact('is a bare number', async (stage) => {
    const { username } = await stage.person();

    const reply = await stage.admin.get(`/reports/users/count?search_term=${username}`);

    expect({ status: reply.status, json: reply.json }).toEqual({ status: 200, json: 1 });
  }),
];

const preference = (id: string, value = 'v', name = 'one'): Readonly<Record<string, string>> => ({
  user_id: id,
  category: 'muster',
  name,
  value,
});

const preferenceSets: readonly ContractCase[] = [
  fact('writes, and writes over', async (stage) => {
    const { id } = await stage.person();
    const path = `/users/${id}/preferences`;

    expectOk(await stage.admin.put(path, [preference(id), preference(id, 'w', 'two')]));
    expectOk(await stage.admin.put(path, [preference(id, 'x')]));

    const rows = listOf(await stage.admin.get(`${path}/muster`));
    expect(rows.toSorted((a, b) => String(a['name']).localeCompare(String(b['name'])))).toEqual([
      preference(id, 'x'),
      preference(id, 'w', 'two'),
    ]);
    expect(keysOf(rows[0])).toEqual(['user_id', 'category', 'name', 'value']);
  }),
  fact('leaves update_at alone', async (stage) => {
    const { id } = await stage.person();
    const before = (await stage.read(id))['update_at'];

    await stage.admin.put(`/users/${id}/preferences`, [preference(id)]);

    expect((await stage.read(id))['update_at']).toBe(before);
  }),
  refusal('refuses none', invalidBody, async (stage) =>
    stage.admin.put(`/users/${(await stage.target()).id}/preferences`, []),
  ),
  refusal('refuses 101', invalidBody, async (stage) => {
    const { id } = await stage.target();
    const all = Array.from({ length: 101 }, (_, index) => preference(id, '', String(index)));
    return stage.admin.put(`/users/${id}/preferences`, all);
  }),
  refusal('refuses those of somebody else', [403, 'api.preference.update_preferences.set.app_error'], async (stage) =>
    stage.admin.put(`/users/${(await stage.target()).id}/preferences`, [preference(stage.unknownId)]),
  ),
  refusal('refuses no category', [400, 'model.preference.is_valid.category.app_error'], async (stage) => {
    const { id } = await stage.target();
    return stage.admin.put(`/users/${id}/preferences`, [{ ...preference(id), category: '' }]);
  }),
];

const preferenceDeletes: readonly ContractCase[] = [
  fact('deletes, what is not there too', async (stage) => {
    const { id } = await stage.person();
    const path = `/users/${id}/preferences`;
    await stage.admin.put(path, [preference(id)]);

    expectOk(await stage.admin.post(`${path}/delete`, [preference(id)]));
    expectOk(await stage.admin.post(`${path}/delete`, [preference(id)]));

    expect((await stage.admin.get(`${path}/muster`)).status).toBe(404);
  }),
  refusal(
    'refuses those of somebody else',
    [403, 'api.preference.delete_preferences.delete.app_error'],
    async (stage) =>
      stage.admin.post(`/users/${(await stage.target()).id}/preferences/delete`, [preference(stage.unknownId)]),
  ),
  refusal('refuses none', invalidBody, async (stage) =>
    stage.admin.post(`/users/${(await stage.target()).id}/preferences/delete`, []),
  ),
];

const preferenceReads: readonly ContractCase[] = [
  fact('starts with three', async (stage) => {
    const { id } = await stage.person();

    const rows = listOf(await stage.admin.get(`/users/${id}/preferences`));

    expect(rows.map((row) => `${String(row['category'])}/${String(row['name'])}`).toSorted()).toEqual(
      ['recommended_next_steps/hide', 'system_notice/GMasDM', `tutorial_step/${id}`].toSorted(),
    );
  }),
  fact('is null for nobody', async (stage) => {
    expect((await stage.admin.get(`/users/${stage.unknownId}/preferences`)).json).toBe(null);
  }),
];

const onePreference: readonly ContractCase[] = [
  fact('shows one', async (stage) => {
    const { id } = await stage.person();
    await stage.admin.put(`/users/${id}/preferences`, [preference(id)]);

    expect(objectOf(await stage.admin.get(`/users/${id}/preferences/muster/name/one`))).toEqual(preference(id));
  }),
  fact('refuses what is not there', async (stage) => {
    const { status, json } = await stage.admin.get(`/users/${(await stage.target()).id}/preferences/muster/name/no`);

    expect({ status, id: fieldsOf(json)['id'] }).toEqual({ status: 400, id: 'app.preference.get.app_error' });
  }),
];

const categories: readonly ContractCase[] = [
  refusal('knows no empty one', [404, 'api.preference.preferences_category.get.app_error'], async (stage) =>
    stage.admin.get(`/users/${(await stage.target()).id}/preferences/muster`),
  ),
];

export const beyondCases: ContractCases = {
  'users.me': me,
  'roles.list': roles,
  'roles.getByName': roleByName,
  'roles.byNames': roleNames,
  'system.ping': pings,
  'system.clientConfig': configs,
  'system.clientLicense': licences,
  'system.emailDomains': wholeConfigs,
  'system.serverLimits': limits,
  'bots.get': bots,
  'bots.list': botLists,
  'reports.users': reports,
  'reports.count': reportCounts,
  'preferences.set': preferenceSets,
  'preferences.delete': preferenceDeletes,
  'preferences.list': preferenceReads,
  'preferences.get': onePreference,
  'preferences.ofCategory': categories,
};
