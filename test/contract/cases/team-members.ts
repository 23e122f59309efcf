// oxlint-disable vitest/no-standalone-expect, vitest/valid-expect -- operations.test.ts makes tests of what stands here; a second argument says where
import { expect } from 'vitest';
import type { Reply } from '../support/caller.ts';
import { type ContractCase, type ContractCases, fact, refusal } from '../support/contract-case.ts';
import {
  expectOk,
  expectRefused,
  fieldsOf,
  forbidden,
  invalidBody,
  invalidUrl,
  keysOf,
  listOf,
  noSession,
  noUser,
  objectOf,
  type Refused,
  tooLarge,
  unreadable,
} from '../support/expectations.ts';
import type { Somebody, Stage } from '../support/stage.ts';

/** Members of teams (memberships §0, §2, §3, §9). */

const memberKeys = 'team_id user_id roles delete_at scheme_guest scheme_user scheme_admin explicit_roles'.split(' ');
const noMember: Refused = [404, 'app.team.get_member.missing.app_error'];
const noTeam: Refused = [404, 'app.team.get.find.app_error'];
const roleErrors = 'api.team.update_team_member_roles';

const joining = (team: string, user: string): object => ({ team_id: team, user_id: user });

const add = (stage: Stage, team: string, user: string): Promise<Reply> =>
  stage.admin.post(`/teams/${team}/members`, joining(team, user));

const read = async (stage: Stage, team: string, user: string): Promise<Readonly<Record<string, unknown>>> =>
  objectOf(await stage.admin.get(`/teams/${team}/members/${user}`));

const channelsOf = async (stage: Stage, team: string, user: string): Promise<readonly unknown[]> =>
  listOf(await stage.admin.get(`/users/${user}/teams/${team}/channels/members`)).map(({ channel_id }) => channel_id);

interface Crew {
  readonly team: string;
  readonly ada: Somebody;
}

async function crew(stage: Stage): Promise<Crew> {
  const team = (await stage.team()).id;
  return { team, ada: await stage.teammate(team) };
}

/** What everybody meets who has no business there. */
const door = (
  send: (stage: Stage, team: string, by: Stage['admin']) => Promise<Reply>,
  unknown: Refused | undefined,
): readonly ContractCase[] => [
  refusal('without a session', noSession, (stage) => send(stage, stage.unknownId, stage.nobody)),
  refusal('of an id that is none', invalidUrl, (stage) => send(stage, 'abc', stage.admin)),
  refusal('by a person outside of the team', forbidden, async (stage) =>
    send(stage, (await stage.team()).id, (await stage.sharedMember()).caller),
  ),
  ...(unknown === undefined
    ? []
    : [refusal('of a team that nobody knows', unknown, (stage) => send(stage, stage.unknownId, stage.admin))]),
];

const listing: readonly ContractCase[] = [
  ...door((_, team, by) => by.get(`/teams/${team}/members`), undefined),
  fact('is empty for a team that nobody knows', async (stage) => {
    expect(listOf(await stage.admin.get(`/teams/${stage.unknownId}/members`))).toEqual([]);
  }),
  fact('holds inactive accounts unless they are excluded, and no one who left', async (stage) => {
    const { team, ada } = await crew(stage);
    const gone = await stage.teammate(team);
    const left = await stage.teammate(team);
    await stage.admin.delete(`/users/${gone.id}`);
    await stage.admin.delete(`/teams/${team}/members/${left.id}`);
    const ids = async (query: string): Promise<readonly unknown[]> =>
      listOf(await stage.admin.get(`/teams/${team}/members${query}`)).map(({ user_id }) => user_id);

    expect(await ids('')).toEqual(expect.arrayContaining([ada.id, gone.id]));
    expect(await ids('')).not.toContain(left.id);
    expect(await ids('?exclude_deleted_users=true')).not.toContain(gone.id);
  }),
  fact('is in the order of ids', async (stage) => {
    const { team } = await crew(stage);
    await stage.teammate(team);
    const ids = listOf(await stage.admin.get(`/teams/${team}/members`)).map(({ user_id }) => String(user_id));

    expect(ids).toEqual(ids.toSorted());
    expect(ids).toHaveLength(3);
  }),
  fact('shows a row in these keys', async (stage) => {
    const { team } = await crew(stage);

    expect(keysOf(listOf(await stage.admin.get(`/teams/${team}/members`))[0])).toEqual(memberKeys);
  }),
  fact('has an empty page of 0', async (stage) => {
    const { team } = await crew(stage);

    expect((await stage.admin.get(`/teams/${team}/members?per_page=0`)).text).toBe('[]');
  }),
];

const byIds: readonly ContractCase[] = [
  ...door((stage, team, by) => by.post(`/teams/${team}/members/ids`, [stage.unknownId]), undefined),
  fact('leaves out who left, who never was there, and what is no id', async (stage) => {
    const { team, ada } = await crew(stage);
    const left = await stage.teammate(team);
    await stage.admin.delete(`/teams/${team}/members/${left.id}`);

    const rows = listOf(
      await stage.admin.post(`/teams/${team}/members/ids`, ['x', left.id, stage.unknownId, ada.id, ada.id]),
    );

    expect(rows.map(({ user_id }) => user_id)).toEqual([ada.id]);
  }),
  refusal('without an id', invalidBody, async (stage) =>
    stage.admin.post(`/teams/${(await stage.team()).id}/members/ids`, []),
  ),
  refusal('with broken JSON', unreadable, async (stage) =>
    stage.admin.post(`/teams/${(await stage.team()).id}/members/ids`, '{'),
  ),
  refusal('with a number', unreadable, async (stage) =>
    stage.admin.post(`/teams/${(await stage.team()).id}/members/ids`, [1]),
  ),
  fact('is empty for a team that nobody knows', async (stage) => {
    expect((await stage.admin.post(`/teams/${stage.unknownId}/members/ids`, [stage.unknownId])).text).toBe('[]');
  }),
  fact('takes 10,362 ids, and not one more', async (stage) => {
    const { id } = await stage.team();
    const ids = (count: number): readonly string[] => Array.from({ length: count }, () => stage.unknownId);

    expect(listOf(await stage.admin.post(`/teams/${id}/members/ids`, ids(10_362)))).toEqual([]);
    expectRefused(await stage.admin.post(`/teams/${id}/members/ids`, ids(10_363)), tooLarge);
  }),
];

const single: readonly ContractCase[] = [
  ...door((stage, team, by) => by.get(`/teams/${team}/members/${stage.unknownId}`), noMember),
  fact('shows a person who left, with delete_at and the flags as they were', async (stage) => {
    const { team, ada } = await crew(stage);
    await stage.admin.put(`/teams/${team}/members/${ada.id}/schemeRoles`, { scheme_user: true, scheme_admin: true });
    await stage.admin.delete(`/teams/${team}/members/${ada.id}`);

    const row = await read(stage, team, ada.id);

    expect(row).toMatchObject({ roles: 'team_user team_admin', scheme_admin: true });
    expect(row['delete_at']).not.toBe(0);
  }),
  refusal('of a person who never was a member', noMember, async (stage) =>
    stage.admin.get(`/teams/${(await stage.team()).id}/members/${(await stage.target()).id}`),
  ),
];

const adding: readonly ContractCase[] = [
  fact('passes over a default channel that is archived, and one of another name', async (stage) => {
    const team = await stage.team();
    const offTopic = objectOf(await stage.admin.get(`/teams/${team.id}/channels/name/off-topic`))['id'];
    const joined = async (): Promise<readonly unknown[]> => {
      const { id } = await stage.teammate(team.id);
      return listOf(await stage.admin.get(`/users/${id}/channels`)).map(({ name }) => name);
    };

    expect(new Set(await joined())).toEqual(new Set(['off-topic', 'town-square']));
    await stage.admin.delete(`/channels/${String(offTopic)}`);
    expect(await joined()).toEqual(['town-square']);
    await stage.admin.post(`/channels/${String(offTopic)}/restore`);
    await stage.admin.put(`/channels/${String(offTopic)}/patch`, { name: stage.placeName() });
    expect(await joined()).toEqual(['town-square']);
  }),
  ...door((stage, team, by) => by.post(`/teams/${team}/members`, joining(team, stage.unknownId)), noTeam),
  fact('answers 201 with the member, in the default channels', async (stage) => {
    const { id: team } = await stage.team();
    const { id } = await stage.person();

    const reply = await add(stage, team, id);

    expect(reply.status).toBe(201);
    expect(reply.json).toEqual({
      team_id: team,
      user_id: id,
      roles: 'team_user',
      delete_at: 0,
      scheme_guest: false,
      scheme_user: true,
      scheme_admin: false,
      explicit_roles: '',
    });
    expect(await channelsOf(stage, team, id)).toHaveLength(2);
  }),
  fact('is 201 again for a member, and joins no channel that was left', async (stage) => {
    const { team, ada } = await crew(stage);
    const offTopic = objectOf(await stage.admin.get(`/teams/${team}/channels/name/off-topic`))['id'];
    await stage.admin.delete(`/channels/${String(offTopic)}/members/${ada.id}`);

    expect((await add(stage, team, ada.id)).status).toBe(201);

    expect(await channelsOf(stage, team, ada.id)).toHaveLength(1);
  }),
  fact('is refused for a member, too, once domains are set', async (stage) => {
    const { team, ada } = await crew(stage);
    await stage.admin.put(`/teams/${team}/patch`, { allowed_domains: 'example.org' });

    expectRefused(await add(stage, team, ada.id), [400, 'api.team.join_user_to_team.allowed_domains.app_error']);
    expect((await read(stage, team, ada.id))['delete_at']).toBe(0);
  }),
  fact('moves update_at of a newcomer, and not of a member', async (stage) => {
    const { team, ada } = await crew(stage);
    const before = (await stage.read(ada.id))['update_at'];
    await add(stage, team, ada.id);

    expect((await stage.read(ada.id))['update_at']).toBe(before);
  }),
  fact('takes an inactive account', async (stage) => {
    const { id: team } = await stage.team();
    const { id } = await stage.person();
    await stage.admin.delete(`/users/${id}`);

    expect((await add(stage, team, id)).status).toBe(201);
  }),
  fact('works on an archived team', async (stage) => {
    const { id: team } = await stage.team();
    await stage.admin.delete(`/teams/${team}`);

    expect((await add(stage, team, (await stage.person()).id)).status).toBe(201);
  }),
  fact('gives a person who comes back a fresh row', async (stage) => {
    const { team, ada } = await crew(stage);
    const { id: channel } = await stage.channel(team);
    await stage.admin.post(`/channels/${channel}/members`, { user_id: ada.id });
    await stage.admin.put(`/teams/${team}/members/${ada.id}/schemeRoles`, { scheme_user: true, scheme_admin: true });
    await stage.admin.delete(`/teams/${team}/members/${ada.id}`);

    await add(stage, team, ada.id);

    expect(await read(stage, team, ada.id)).toMatchObject({ roles: 'team_user', delete_at: 0, scheme_admin: false });
    expect(await channelsOf(stage, team, ada.id)).not.toContain(channel);
  }),
  fact('is refused for a team that is bound to groups', async (stage) => {
    const { id: team } = await stage.team();
    await stage.admin.put(`/teams/${team}/patch`, { group_constrained: true });

    expectRefused(await add(stage, team, (await stage.target()).id), [400, 'api.team.add_members.user_denied']);
  }),
  fact('is open to plain members, for others', async (stage) => {
    const { id: team } = await stage.team();
    const member = await stage.member();
    await add(stage, team, member.id);
    const other = await stage.person();

    expect((await member.caller.post(`/teams/${team}/members`, joining(team, other.id))).status).toBe(201);
    expectRefused(await member.caller.delete(`/teams/${team}/members/${other.id}`), forbidden);
    expectRefused(
      await member.caller.put(`/teams/${team}/members/${other.id}/schemeRoles`, {
        scheme_user: true,
        scheme_admin: true,
      }),
      forbidden,
    );
  }),
  refusal('of a person alone into a closed team', forbidden, async (stage) => {
    const { id: team } = await stage.team();
    const { id, caller } = await stage.sharedMember();
    return caller.post(`/teams/${team}/members`, joining(team, id));
  }),
  refusal('with another team in the body', invalidBody, async (stage) =>
    stage.admin.post(`/teams/${(await stage.team()).id}/members`, joining(stage.unknownId, (await stage.target()).id)),
  ),
  refusal('with broken JSON', [400, 'api.team.add_team_member.invalid_body.app_error'], async (stage) =>
    stage.admin.post(`/teams/${(await stage.team()).id}/members`, '{'),
  ),
  refusal('of an account that nobody has', noUser, async (stage) =>
    add(stage, (await stage.team()).id, stage.unknownId),
  ),
];

const batch = (stage: Stage, team: string, users: readonly string[], query = ''): Promise<Reply> =>
  stage.admin.post(
    `/teams/${team}/members/batch${query}`,
    users.map((user) => joining(team, user)),
  );

const batches: readonly ContractCase[] = [
  ...door(
    (stage, team, by) => by.post(`/teams/${team}/members/batch?graceful=true`, [joining(team, stage.unknownId)]),
    noTeam,
  ),
  fact('says of each what became of them, in order, even where all fail', async (stage) => {
    const { team, ada } = await crew(stage);
    const { id } = await stage.person();

    const mixed = (await batch(stage, team, [id, stage.unknownId, ada.id], '?graceful=true')).json;
    const none = await batch(stage, team, [stage.unknownId], '?graceful=true');

    expect(mixed).toMatchObject([
      { user_id: id, member: { user_id: id }, error: null },
      { user_id: stage.unknownId, member: null, error: { id: 'app.user.missing_account.const', status_code: 404 } },
      { user_id: ada.id, member: { user_id: ada.id }, error: null },
    ]);
    expect(none.status).toBe(201);
  }),
  fact('is graceful with graceful=false', async (stage) => {
    expect((await batch(stage, (await stage.team()).id, [stage.unknownId], '?graceful=false')).status).toBe(201);
  }),
  fact('plain, stops at the first error with everybody before it added', async (stage) => {
    const { id: team } = await stage.team();
    const [first, last] = [await stage.person(), await stage.person()];

    expectRefused(await batch(stage, team, [first.id, stage.unknownId, last.id]), noUser);

    expect((await read(stage, team, first.id))['delete_at']).toBe(0);
    expectRefused(await stage.admin.get(`/teams/${team}/members/${last.id}`), noMember);
  }),
  fact('answers a person named twice in two rows', async (stage) => {
    const { team, ada } = await crew(stage);

    expect((await batch(stage, team, [ada.id, ada.id], '?graceful=true')).json).toHaveLength(2);
  }),
  refusal('of 257 people', invalidBody, async (stage) =>
    batch(
      stage,
      (await stage.team()).id,
      Array.from({ length: 257 }, () => stage.unknownId),
      '?graceful=true',
    ),
  ),
  refusal('of nobody', invalidBody, async (stage) => batch(stage, (await stage.team()).id, [], '?graceful=true')),
  refusal('with one id that is none', invalidBody, async (stage) =>
    batch(stage, (await stage.team()).id, [(await stage.target()).id, 'x'], '?graceful=true'),
  ),
  refusal('for a team that is bound to groups', [400, 'api.team.add_members.user_denied'], async (stage) => {
    const { id: team } = await stage.team();
    await stage.admin.put(`/teams/${team}/patch`, { group_constrained: true });
    return batch(stage, team, [(await stage.target()).id], '?graceful=true');
  }),
];

const removing: readonly ContractCase[] = [
  ...door(async (stage, team, by) => by.delete(`/teams/${team}/members/${(await stage.target()).id}`), noTeam),
  fact('takes all channels along, archived ones too', async (stage) => {
    const { team, ada } = await crew(stage);
    const { id: channel } = await stage.channel(team, { type: 'P' });
    await stage.admin.post(`/channels/${channel}/members`, { user_id: ada.id });
    await stage.admin.delete(`/channels/${channel}`);

    expectOk(await stage.admin.delete(`/teams/${team}/members/${ada.id}`));

    expect(await channelsOf(stage, team, ada.id)).toEqual([]);
  }),
  fact('is OK again, and moves the moment', async (stage) => {
    const { team, ada } = await crew(stage);
    await stage.admin.delete(`/teams/${team}/members/${ada.id}`);
    const first = Number((await read(stage, team, ada.id))['delete_at']);

    expectOk(await stage.admin.delete(`/teams/${team}/members/${ada.id}`));

    expect(Number((await read(stage, team, ada.id))['delete_at'])).toBeGreaterThanOrEqual(first);
  }),
  refusal(
    'of a person who never was a member',
    [400, 'api.team.remove_user_from_team.missing.app_error'],
    async (stage) => stage.admin.delete(`/teams/${(await stage.team()).id}/members/${(await stage.target()).id}`),
  ),
  refusal('of an account that nobody has', noUser, async (stage) =>
    stage.admin.delete(`/teams/${(await stage.team()).id}/members/${stage.unknownId}`),
  ),
];

const sendRoles = (call: 'roles' | 'schemeRoles', body: unknown) => async (stage: Stage) => {
  const { team, ada } = await crew(stage);
  return stage.admin.put(`/teams/${team}/members/${ada.id}/${call}`, body);
};

const flags: readonly ContractCase[] = [
  ...door(
    (stage, team, by) => by.put(`/teams/${team}/members/${stage.unknownId}/schemeRoles`, { scheme_user: true }),
    noMember,
  ),
  fact('makes an admin and takes that away', async (stage) => {
    const { team, ada } = await crew(stage);
    const path = `/teams/${team}/members/${ada.id}/schemeRoles`;

    expectOk(await stage.admin.put(path, { scheme_user: true, scheme_admin: true }));
    expect((await read(stage, team, ada.id))['roles']).toBe('team_user team_admin');
    expectOk(await stage.admin.put(path, { scheme_user: true, scheme_admin: false }));
    expect((await read(stage, team, ada.id))['roles']).toBe('team_user');
  }),
  fact('is OK for a person who left, and a rejoin resets it', async (stage) => {
    const { team, ada } = await crew(stage);
    await stage.admin.delete(`/teams/${team}/members/${ada.id}`);

    expectOk(
      await stage.admin.put(`/teams/${team}/members/${ada.id}/schemeRoles`, { scheme_user: true, scheme_admin: true }),
    );
    expect((await read(stage, team, ada.id))['scheme_admin']).toBe(true);
    await add(stage, team, ada.id);

    expect((await read(stage, team, ada.id))['scheme_admin']).toBe(false);
  }),
  refusal('without scheme_user', [400, `${roleErrors}.unset_user_scheme.app_error`], sendRoles('schemeRoles', {})),
  refusal(
    'for a guest',
    [400, `${roleErrors}.user_and_guest.app_error`],
    sendRoles('schemeRoles', { scheme_user: true, scheme_guest: true }),
  ),
  refusal('with broken JSON', invalidBody, sendRoles('schemeRoles', '{')),
];

const taken = (title: string, roles: unknown, expected: object): ContractCase =>
  fact(title, async (stage) => {
    const { team, ada } = await crew(stage);

    expectOk(await stage.admin.put(`/teams/${team}/members/${ada.id}/roles`, roles));

    expect(await read(stage, team, ada.id)).toMatchObject(expected);
  });

const roles: readonly ContractCase[] = [
  ...door(
    (stage, team, by) => by.put(`/teams/${team}/members/${stage.unknownId}/roles`, { roles: 'team_user' }),
    noMember,
  ),
  taken('takes admin alone', { roles: 'team_admin' }, { roles: 'team_admin', scheme_user: false, scheme_admin: true }),
  taken('takes nothing', { roles: '' }, { roles: '', scheme_user: false }),
  taken('reads what it cannot read as nothing', '{', { roles: '', scheme_user: false }),
  taken(
    'puts other roles before the usual ones',
    { roles: 'team_user team_post_all' },
    {
      roles: 'team_post_all team_user',
      explicit_roles: 'team_post_all',
    },
  ),
  refusal('of no name', [400, 'app.role.get_by_name.app_error'], sendRoles('roles', { roles: 'nosuch' })),
  refusal(
    'of a channel',
    [400, 'api.channel.update_team_member_roles.scheme_role.app_error'],
    sendRoles('roles', { roles: 'channel_user' }),
  ),
  refusal(
    'of a guest',
    [400, 'api.channel.update_team_member_roles.changing_guest_role.app_error'],
    sendRoles('roles', { roles: 'team_guest' }),
  ),
  refusal(
    'of a guest and a member',
    [400, `${roleErrors}.guest_and_user.app_error`],
    sendRoles('roles', { roles: 'team_guest team_user' }),
  ),
  refusal('in capitals', invalidBody, sendRoles('roles', { roles: 'TEAM_USER' })),
];

const ofUser: readonly ContractCase[] = [
  refusal('without a session', noSession, async (stage) =>
    stage.nobody.get(`/users/${(await stage.target()).id}/teams`),
  ),
  refusal('of others, by a member', forbidden, async (stage) =>
    (await stage.sharedMember()).caller.get(`/users/${(await stage.target()).id}/teams`),
  ),
  fact('leaves out archived teams and those that the person left', async (stage) => {
    const [here, old, left] = [await stage.team(), await stage.team(), await stage.team()];
    const { id } = await stage.teammate(here.id);
    for (const team of [old, left]) await add(stage, team.id, id);
    await stage.admin.delete(`/teams/${old.id}`);
    await stage.admin.delete(`/teams/${left.id}/members/${id}`);

    expect(listOf(await stage.admin.get(`/users/${id}/teams`)).map(({ name }) => name)).toEqual([here.name]);
  }),
  fact('is empty for an account that nobody has', async (stage) => {
    expect((await stage.admin.get(`/users/${stage.unknownId}/teams`)).text).toBe('[]');
  }),
];

const memberships: readonly ContractCase[] = [
  refusal('without a session', noSession, async (stage) =>
    stage.nobody.get(`/users/${(await stage.target()).id}/teams/members`),
  ),
  refusal('of others, by a member', forbidden, async (stage) =>
    (await stage.sharedMember()).caller.get(`/users/${(await stage.target()).id}/teams/members`),
  ),
  fact('holds archived teams as if they were live, and those that the person left', async (stage) => {
    const [old, left] = [await stage.team(), await stage.team()];
    const { id } = await stage.teammate(old.id);
    await add(stage, left.id, id);
    await stage.admin.delete(`/teams/${old.id}`);
    await stage.admin.delete(`/teams/${left.id}/members/${id}`);

    const rows = listOf(await stage.admin.get(`/users/${id}/teams/members`));

    expect(new Map(rows.map(({ team_id, delete_at }) => [team_id, delete_at === 0]))).toEqual(
      new Map([
        [old.id, true],
        [left.id, false],
      ]),
    );
  }),
  fact('stay as they are when the account is deactivated', async (stage) => {
    const { team, ada } = await crew(stage);
    await stage.admin.put(`/teams/${team}/members/${ada.id}/schemeRoles`, { scheme_user: true, scheme_admin: true });
    const before = (await stage.admin.get(`/users/${ada.id}/teams/members`)).json;

    await stage.admin.delete(`/users/${ada.id}`);

    expect((await stage.admin.get(`/users/${ada.id}/teams/members`)).json).toEqual(before);
  }),
];

const stats: readonly ContractCase[] = [
  ...door((_, team, by) => by.get(`/teams/${team}/stats`), undefined),
  fact('counts inactive accounts apart', async (stage) => {
    const { team } = await crew(stage);
    const gone = await stage.teammate(team);
    await stage.admin.delete(`/users/${gone.id}`);

    expect(objectOf(await stage.admin.get(`/teams/${team}/stats`))).toEqual({
      team_id: team,
      total_member_count: 3,
      active_member_count: 2,
    });
  }),
  fact('is 0 for a team that nobody knows', async (stage) => {
    expect(fieldsOf((await stage.admin.get(`/teams/${stage.unknownId}/stats`)).json)['total_member_count']).toBe(0);
  }),
];

export const teamMemberCases: ContractCases = {
  'teams.members': listing,
  'teams.membersByIds': byIds,
  'teams.getMember': single,
  'teams.addMember': adding,
  'teams.addMembers': batches,
  'teams.removeMember': removing,
  'teams.setMemberAdmin': flags,
  'teams.setMemberRoles': roles,
  'teams.ofUser': ofUser,
  'teams.membershipsOf': memberships,
  'teams.stats': stats,
};
