// oxlint-disable vitest/no-standalone-expect, vitest/valid-expect -- operations.test.ts makes tests of what stands here; a second argument says where
import { expect } from 'vitest';
import { type ContractCase, type ContractCases, fact, refusal } from '../support/contract-case.ts';
import {
  expectOk,
  expectRefused,
  forbidden,
  invalidBody,
  invalidUrl,
  keysOf,
  noSession,
  objectOf,
  type Refused,
  textOf,
} from '../support/expectations.ts';

/** Teams themselves (memberships §2, §3, §7, §9). */

const teamKeys = (
  'id create_at update_at delete_at display_name name description email type company_name allowed_domains ' +
  'invite_id allow_open_invite scheme_id group_constrained policy_id cloud_limits_archived'
).split(' ');
const noTeam: Refused = [404, 'app.team.get.find.app_error'];

const counts: readonly ContractCase[] = [
  fact('comes with a page', async (stage) => {
    await stage.team();

    const { total_count: total, teams } = objectOf(await stage.admin.get('/teams?include_total_count=true&per_page=1'));

    expect(total).toBeGreaterThan(0);
    expect(teams).toHaveLength(1);
  }),
  refusal('without a session', noSession, (stage) => stage.nobody.get('/teams?include_total_count=true')),
];

const reads: readonly ContractCase[] = [
  fact('shows a team in these keys', async (stage) => {
    const { id } = await stage.team();

    expect(keysOf((await stage.admin.get(`/teams/${id}`)).json)).toEqual(teamKeys);
  }),
  refusal('of an id that nobody knows', noTeam, (stage) => stage.admin.get(`/teams/${stage.unknownId}`)),
  refusal('of an id that is none', invalidUrl, (stage) => stage.admin.get('/teams/abc')),
  refusal('without a session', noSession, (stage) => stage.nobody.get(`/teams/${stage.unknownId}`)),
  refusal('by a person outside', forbidden, async (stage) =>
    (await stage.sharedMember()).caller.get(`/teams/${(await stage.team()).id}`),
  ),
  fact('shows a team that is open to all to people outside, without its invite', async (stage) => {
    const { id } = await stage.team();
    await stage.admin.put(`/teams/${id}/patch`, { allow_open_invite: true });

    expect(objectOf(await (await stage.sharedMember()).caller.get(`/teams/${id}`))).toMatchObject({
      email: '',
      invite_id: '',
    });
  }),
];

const byName: readonly ContractCase[] = [
  fact('finds a name in capitals', async (stage) => {
    const { id, name } = await stage.team();

    expect(objectOf(await stage.admin.get(`/teams/name/${name.toUpperCase()}`))['id']).toBe(id);
  }),
  refusal('of a name that no team can have', invalidUrl, (stage) => stage.admin.get('/teams/name/-')),
  fact('finds an archived team', async (stage) => {
    const { id, name } = await stage.team();
    await stage.admin.delete(`/teams/${id}`);

    const found = objectOf(await stage.admin.get(`/teams/name/${name}`));

    expect(found['id']).toBe(id);
    expect(found['delete_at']).not.toBe(0);
  }),
  refusal('that nobody has', [404, 'app.team.get_by_name.missing.app_error'], (stage) =>
    stage.admin.get(`/teams/name/${stage.placeName()}`),
  ),
  refusal('by a person outside', forbidden, async (stage) =>
    (await stage.sharedMember()).caller.get(`/teams/name/${(await stage.team()).name}`),
  ),
];

const creation =
  (fields: object): ContractCase['run'] =>
  async (stage) => {
    const name = stage.placeName();
    const reply = await stage.admin.post('/teams', { name, display_name: name, type: 'O', ...fields });
    stage.keepTeam(reply);
    expectRefused(reply, expected.get(fields) ?? [0, '']);
  };

const bad = {
  capital: { name: 'Abc-e2e' },
  single: { name: 'a' },
  ending: { name: 'e2e-ends-' },
  empty: { name: '' },
  reserved: { name: 'postgres-e2e' },
  boards: { name: 'boards9-e2e' },
  unnamed: { display_name: '' },
  typed: { type: 'X' },
};
const expected = new Map<object, Refused>([
  [bad.capital, [400, 'model.team.is_valid.characters.app_error']],
  [bad.single, [400, 'model.team.is_valid.characters.app_error']],
  [bad.ending, [400, 'model.team.is_valid.characters.app_error']],
  [bad.empty, [400, 'model.team.is_valid.characters.app_error']],
  [bad.reserved, [400, 'model.team.is_valid.reserved.app_error']],
  [bad.boards, [400, 'model.team.is_valid.reserved.app_error']],
  [bad.unnamed, [400, 'model.team.is_valid.name.app_error']],
  [bad.typed, [400, 'model.team.is_valid.type.app_error']],
]);

const creates: readonly ContractCase[] = [
  fact('makes the caller an admin of the default channels, too', async (stage) => {
    const { id } = await stage.team();

    for (const name of ['town-square', 'off-topic']) {
      const channel = objectOf(await stage.admin.get(`/teams/${id}/channels/name/${name}`));
      const member = objectOf(await stage.admin.get(`/channels/${textOf(channel['id'])}/members/me`));
      expect(member['roles']).toBe('channel_user channel_admin');
    }
  }),
  fact('makes whose address a team has an admin of the default channels, too', async (stage) => {
    const owner = await stage.administrator();
    const made = stage.keepTeam(
      await owner.caller.post('/teams', { name: stage.placeName(), display_name: 'T', type: 'O' }),
    );
    const id = textOf(objectOf(made, 201)['id']);
    await stage.admin.delete(`/teams/${id}/members/${owner.id}`);
    await stage.admin.post(`/teams/${id}/members`, { team_id: id, user_id: owner.id });

    const channel = objectOf(await stage.admin.get(`/teams/${id}/channels/name/off-topic`));
    const member = objectOf(await stage.admin.get(`/channels/${textOf(channel['id'])}/members/${owner.id}`));

    expect(member['roles']).toBe('channel_user channel_admin');
  }),
  fact('takes invisible characters off the display name', async (stage) => {
    expect(objectOf((await stage.team({ display_name: `${'x'.repeat(64)}\u202a` })).made, 201)['display_name']).toBe(
      'x'.repeat(64),
    );
  }),
  refusal('looks at the name before the type', [400, 'model.team.is_valid.characters.app_error'], (stage) =>
    stage.admin.post('/teams', { name: 'A B', display_name: 'T', type: 'x' }),
  ),
  refusal('refuses 1,001 bytes of domains', [400, 'model.team.is_valid.domains.app_error'], (stage) =>
    stage.admin.post('/teams', {
      name: stage.placeName(),
      display_name: 'T',
      type: 'O',
      allowed_domains: `example.com,${'x'.repeat(989)}`,
    }),
  ),
  fact('makes the caller member and admin, and takes their address', async (stage) => {
    const { email, id: caller } = objectOf(await stage.admin.get('/users/me'));
    const { id, made } = await stage.team();

    expect(objectOf(made, 201)).toMatchObject({ email, allow_open_invite: false, delete_at: 0, type: 'O' });
    expect(objectOf(await stage.admin.get(`/teams/${id}/members/${String(caller)}`))['roles']).toBe(
      'team_user team_admin',
    );
  }),
  fact('refuses the name of an archived team', async (stage) => {
    const { id, name } = await stage.team();
    await stage.admin.delete(`/teams/${id}`);

    expectRefused(await stage.admin.post('/teams', { name, display_name: name, type: 'O' }), [
      400,
      'store.sql_team.save_team.existing.app_error',
    ]);
  }),
  fact('refuses capitals', creation(bad.capital)),
  fact('refuses a single letter', creation(bad.single)),
  fact('refuses a hyphen at the end', creation(bad.ending)),
  fact('refuses no name', creation(bad.empty)),
  fact('refuses what begins like post', creation(bad.reserved)),
  fact('refuses what begins like boards', creation(bad.boards)),
  fact('refuses no display name', creation(bad.unnamed)),
  fact('refuses an unknown type', creation(bad.typed)),
  refusal('with broken JSON', invalidBody, (stage) => stage.admin.post('/teams', '{')),
  refusal('without a session', noSession, (stage) => stage.nobody.post('/teams', {})),
];

const patches: readonly ContractCase[] = [
  fact('that closes a team makes a new invite, also of one that was closed', async (stage) => {
    const { id, made } = await stage.team();

    const patched = objectOf(await stage.admin.put(`/teams/${id}/patch`, { allow_open_invite: false }));

    expect(patched['invite_id']).not.toBe(objectOf(made, 201)['invite_id']);
  }),
  fact('passes over name and type', async (stage) => {
    const { id, name } = await stage.team();

    const patched = objectOf(
      await stage.admin.put(`/teams/${id}/patch`, { name: 'other', type: 'I', display_name: 'New' }),
    );

    expect(patched).toMatchObject({ name, type: 'O', display_name: 'New' });
  }),
  fact('makes a new invite when it closes a team to all', async (stage) => {
    const { id } = await stage.team();
    const patch = async (isOpen: boolean): Promise<unknown> =>
      objectOf(await stage.admin.put(`/teams/${id}/patch`, { allow_open_invite: isOpen }))['invite_id'];
    const before = await patch(true);

    expect(await patch(false)).not.toBe(before);
  }),
  fact('that sets domains removes no one', async (stage) => {
    const { id } = await stage.team();
    const member = await stage.teammate(id);

    await stage.admin.put(`/teams/${id}/patch`, { allowed_domains: 'example.org' });

    expect(objectOf(await stage.admin.get(`/teams/${id}/members/${member.id}`))['delete_at']).toBe(0);
  }),
  fact('that binds a team to groups empties it without a licence, and unbinding brings no one back', async (stage) => {
    const { id } = await stage.team();
    await stage.teammate(id);
    const total = async (): Promise<unknown> =>
      objectOf(await stage.admin.get(`/teams/${id}/stats`))['total_member_count'];

    await stage.admin.put(`/teams/${id}/patch`, { group_constrained: true });
    // Done in the background.
    await expect.poll(total, { timeout: 20_000 }).toBe(0);
    await stage.admin.put(`/teams/${id}/patch`, { group_constrained: false });

    expect(await total()).toBe(0);
  }),
  refusal('of a team that nobody knows', noTeam, (stage) =>
    stage.admin.put(`/teams/${stage.unknownId}/patch`, { display_name: 'x' }),
  ),
  refusal('by a plain member', forbidden, async (stage) => {
    const { id } = await stage.team();
    const member = await stage.member();
    await stage.admin.post(`/teams/${id}/members`, { team_id: id, user_id: member.id });
    return member.caller.put(`/teams/${id}/patch`, { display_name: 'x' });
  }),
  refusal('with broken JSON', invalidBody, async (stage) =>
    stage.admin.put(`/teams/${(await stage.team()).id}/patch`, '{'),
  ),
];

const archives: readonly ContractCase[] = [
  fact('keeps memberships, and is OK again', async (stage) => {
    const { id } = await stage.team();
    const member = await stage.teammate(id);

    expectOk(await stage.admin.delete(`/teams/${id}`));
    expectOk(await stage.admin.delete(`/teams/${id}`));

    expect(objectOf(await stage.admin.get(`/teams/${id}/members/${member.id}`))['delete_at']).toBe(0);
  }),
  refusal('of a team that nobody knows', noTeam, (stage) => stage.admin.delete(`/teams/${stage.unknownId}`)),
  refusal('without a session', noSession, (stage) => stage.nobody.delete(`/teams/${stage.unknownId}`)),
];

const restores: readonly ContractCase[] = [
  fact('brings a team back, and a live one is no fault', async (stage) => {
    const { id } = await stage.team();
    await stage.admin.delete(`/teams/${id}`);

    expect(objectOf(await stage.admin.post(`/teams/${id}/restore`))['delete_at']).toBe(0);
    expect(objectOf(await stage.admin.post(`/teams/${id}/restore`))['delete_at']).toBe(0);
  }),
  refusal('of a team that nobody knows', noTeam, (stage) => stage.admin.post(`/teams/${stage.unknownId}/restore`)),
  refusal('without a session', noSession, (stage) => stage.nobody.post(`/teams/${stage.unknownId}/restore`)),
];

const lists: readonly ContractCase[] = [
  fact('hides a team that is not open to all from its own members', async (stage) => {
    const { id } = await stage.team();
    const member = await stage.member();
    await stage.admin.post(`/teams/${id}/members`, { team_id: id, user_id: member.id });

    const seen = await member.caller.get('/teams?per_page=200');

    expect(Array.isArray(seen.json)).toBe(true);
    expect(seen.text).not.toContain(id);
  }),
];

const settings: readonly ContractCase[] = [
  fact('stand in the configuration', async (stage) => {
    const { TeamSettings: teams } = objectOf(await stage.admin.get('/config?remove_masked=true'));

    expect(teams).toMatchObject({
      MaxUsersPerTeam: expect.any(Number),
      MaxChannelsPerTeam: expect.any(Number),
    });
  }),
  refusal('are not for members', forbidden, async (stage) => (await stage.sharedMember()).caller.get('/config')),
];

export const teamCases: ContractCases = {
  'teams.list': lists,
  'teams.count': counts,
  'teams.get': reads,
  'teams.getByName': byName,
  'teams.create': creates,
  'teams.patch': patches,
  'teams.archive': archives,
  'teams.restore': restores,
  'system.teamSettings': settings,
};
