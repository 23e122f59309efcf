// oxlint-disable vitest/no-standalone-expect, vitest/valid-expect -- operations.test.ts makes tests of what stands here; a second argument says where
import { expect } from 'vitest';
import type { Reply } from '../support/caller.ts';
import { type ContractCase, type ContractCases, fact, refusal } from '../support/contract-case.ts';
import {
  expectOk,
  expectRefused,
  forbidden,
  invalidBody,
  invalidUrl,
  keysOf,
  listOf,
  noSession,
  noUser,
  objectOf,
  type Refused,
  unreadable,
} from '../support/expectations.ts';
import type { Somebody, Stage } from '../support/stage.ts';

/** Members of channels (memberships §2, §4, §5, §9). */

const memberKeys = (
  'channel_id user_id roles last_viewed_at msg_count mention_count mention_count_root urgent_mention_count ' +
  'msg_count_root notify_props last_update_at scheme_guest scheme_user scheme_admin explicit_roles'
).split(' ');
const noChannel: Refused = [404, 'app.channel.get.existing.app_error'];
const noMember: Refused = [404, 'app.channel.get_member.missing.app_error'];
const roleErrors = 'api.channel.update_channel_member_roles';

interface Scene {
  readonly team: string;
  readonly channel: string;
  /** In the team, and not in the channel. */
  readonly ada: Somebody;
}

async function scene(stage: Stage, fields: Readonly<Record<string, unknown>> = {}): Promise<Scene> {
  const team = (await stage.team()).id;
  return { team, channel: (await stage.channel(team, fields)).id, ada: await stage.teammate(team) };
}

const add = (stage: Stage, channel: string, body: object): Promise<Reply> =>
  stage.admin.post(`/channels/${channel}/members`, body);

async function inChannel(stage: Stage): Promise<Scene> {
  const made = await scene(stage);
  objectOf(await add(stage, made.channel, { user_id: made.ada.id }), 201);
  return made;
}

const read = async (stage: Stage, { channel, ada }: Scene): Promise<Readonly<Record<string, unknown>>> =>
  objectOf(await stage.admin.get(`/channels/${channel}/members/${ada.id}`));

/** What everybody meets who has no business there. */
const door = (
  send: (stage: Stage, channel: string, by: Stage['admin']) => Promise<Reply>,
  unknown: Refused,
): readonly ContractCase[] => [
  refusal('without a session', noSession, (stage) => send(stage, stage.unknownId, stage.nobody)),
  refusal('of an id that is none', invalidUrl, (stage) => send(stage, 'abc', stage.admin)),
  refusal('of a channel that nobody knows', unknown, (stage) => send(stage, stage.unknownId, stage.admin)),
];

const outside = (send: (stage: Stage, channel: string, by: Stage['admin']) => Promise<Reply>): ContractCase =>
  refusal('by a person outside', forbidden, async (stage) => {
    const team = await stage.team();
    return send(stage, (await stage.channel(team.id)).id, (await stage.sharedMember()).caller);
  });

const readList = (_: Stage, channel: string, by: Stage['admin']): Promise<Reply> =>
  by.get(`/channels/${channel}/members`);

const listing: readonly ContractCase[] = [
  ...door(readList, forbidden),
  outside(readList),
  fact('shows rows in these keys, inactive accounts too, and moments to the person alone', async (stage) => {
    const at = await inChannel(stage);
    await stage.admin.delete(`/users/${at.ada.id}`);

    const rows = listOf(await stage.admin.get(`/channels/${at.channel}/members`));

    expect(keysOf(rows[0])).toEqual(memberKeys);
    expect(rows.find(({ user_id }) => user_id === at.ada.id)).toMatchObject({ last_viewed_at: -1, last_update_at: -1 });
  }),
  fact('gives everybody for a page of 0', async (stage) => {
    const at = await inChannel(stage);

    expect(listOf(await stage.admin.get(`/channels/${at.channel}/members?per_page=0`))).toHaveLength(2);
  }),
];

const readIds = (stage: Stage, channel: string, by: Stage['admin']): Promise<Reply> =>
  by.post(`/channels/${channel}/members/ids`, [stage.unknownId]);

const byIds: readonly ContractCase[] = [
  ...door(readIds, forbidden),
  outside(readIds),
  fact('leaves out who is not there and what is no id', async (stage) => {
    const at = await inChannel(stage);
    const ids = ['x', stage.unknownId, (await stage.target()).id, at.ada.id, at.ada.id];

    const rows = listOf(await stage.admin.post(`/channels/${at.channel}/members/ids`, ids));

    expect(rows.map(({ user_id }) => user_id)).toEqual([at.ada.id]);
  }),
  refusal('without an id', invalidBody, async (stage) =>
    stage.admin.post(`/channels/${(await scene(stage)).channel}/members/ids`, []),
  ),
  refusal('with broken JSON', unreadable, async (stage) =>
    stage.admin.post(`/channels/${(await scene(stage)).channel}/members/ids`, '{'),
  ),
];

const single: readonly ContractCase[] = [
  ...door((stage, channel, by) => by.get(`/channels/${channel}/members/${stage.unknownId}`), forbidden),
  refusal('of a person who is no member', noMember, async (stage) => {
    const { channel, ada } = await scene(stage);
    return stage.admin.get(`/channels/${channel}/members/${ada.id}`);
  }),
];

const adding: readonly ContractCase[] = [
  ...door((stage, channel, by) => by.post(`/channels/${channel}/members`, { user_id: stage.unknownId }), noChannel),
  fact('answers one id with the member, and is 201 again', async (stage) => {
    const { channel, ada } = await scene(stage);

    const [first, second] = [
      await add(stage, channel, { user_id: ada.id }),
      await add(stage, channel, { user_id: ada.id }),
    ];

    expect(objectOf(first, 201)).toMatchObject({ channel_id: channel, user_id: ada.id, roles: 'channel_user' });
    expect(second.status).toBe(201);
  }),
  fact('works on an archived channel', async (stage) => {
    const { channel, ada } = await scene(stage);
    await stage.admin.delete(`/channels/${channel}`);

    expect((await add(stage, channel, { user_id: ada.id })).status).toBe(201);
  }),
  refusal('of a person outside of the team', [404, 'app.team.get_member.missing.app_error'], async (stage) =>
    add(stage, (await scene(stage)).channel, { user_id: (await stage.target()).id }),
  ),
  fact('of a person who left the team', async (stage) => {
    const { team, channel, ada } = await scene(stage);
    await stage.admin.delete(`/teams/${team}/members/${ada.id}`);

    expectRefused(await add(stage, channel, { user_id: ada.id }), [
      400,
      'api.channel.add_user.to.channel.failed.deleted.app_error',
    ]);
  }),
  fact('of an inactive account', async (stage) => {
    const { channel, ada } = await scene(stage);
    await stage.admin.delete(`/users/${ada.id}`);

    expectRefused(await add(stage, channel, { user_id: ada.id }), [
      403,
      'app.channel.add_member.deleted_user.app_error',
    ]);
  }),
  fact('of a channel that is bound to groups', async (stage) => {
    const { channel, ada } = await scene(stage);
    await stage.admin.put(`/channels/${channel}/patch`, { group_constrained: true });

    expectRefused(await add(stage, channel, { user_id: ada.id }), [400, 'api.channel.add_members.user_denied']);
  }),
  refusal('of an account that nobody has', noUser, async (stage) =>
    add(stage, (await scene(stage)).channel, { user_id: stage.unknownId }),
  ),
  refusal('of nobody', invalidBody, async (stage) => add(stage, (await scene(stage)).channel, {})),
  refusal('of an id that is no id', invalidBody, async (stage) =>
    add(stage, (await scene(stage)).channel, { user_id: 'x' }),
  ),
];

const many: readonly ContractCase[] = [
  fact('drops who cannot be added in silence', async (stage) => {
    const { team, channel, ada } = await scene(stage);
    const gone = await stage.teammate(team);
    await stage.admin.delete(`/users/${gone.id}`);

    const reply = await add(stage, channel, {
      user_ids: [stage.unknownId, gone.id, ada.id, (await stage.target()).id],
    });

    expect(reply.status).toBe(201);
    expect(reply.json).toMatchObject([{ user_id: ada.id }]);
  }),
  fact('tells the last error where all fail', async (stage) => {
    const { channel } = await scene(stage);
    const { id } = await stage.target();

    expectRefused(await add(stage, channel, { user_ids: [id, stage.unknownId] }), noUser);
    expectRefused(await add(stage, channel, { user_ids: [stage.unknownId, id] }), [
      404,
      'app.team.get_member.missing.app_error',
    ]);
  }),
  fact('answers an empty list with null', async (stage) => {
    const { status, text } = await add(stage, (await scene(stage)).channel, { user_ids: [] });

    expect([status, text]).toEqual([201, 'null\n']);
  }),
  fact('answers members among the others, twice where named twice', async (stage) => {
    const at = await inChannel(stage);

    expect((await add(stage, at.channel, { user_ids: [at.ada.id, at.ada.id] })).json).toHaveLength(2);
  }),
  fact('takes user_ids before user_id', async (stage) => {
    const { channel, ada } = await scene(stage);

    expect((await add(stage, channel, { user_ids: [ada.id], user_id: stage.unknownId })).json).toMatchObject([
      { user_id: ada.id },
    ]);
  }),
  refusal('with one id that is none', invalidBody, async (stage) => {
    const { channel, ada } = await scene(stage);
    return add(stage, channel, { user_ids: [ada.id, 'x'] });
  }),
  refusal('of 1,001 people', invalidBody, async (stage) =>
    add(stage, (await scene(stage)).channel, { user_ids: Array.from({ length: 1001 }, () => stage.unknownId) }),
  ),
];

const removing: readonly ContractCase[] = [
  ...door(
    async (stage, channel, by) => by.delete(`/channels/${channel}/members/${(await stage.target()).id}`),
    noChannel,
  ),
  fact('is 404 the second time, and coming back gives no flag', async (stage) => {
    const at = await inChannel(stage);
    const path = `/channels/${at.channel}/members/${at.ada.id}`;
    await stage.admin.put(`${path}/schemeRoles`, { scheme_user: true, scheme_admin: true });

    expectOk(await stage.admin.delete(path));
    expectRefused(await stage.admin.delete(path), noMember);
    await add(stage, at.channel, { user_id: at.ada.id });

    expect((await read(stage, at))['roles']).toBe('channel_user');
  }),
  fact('does not take members out of town-square', async (stage) => {
    const { team, ada } = await scene(stage);
    const { id } = objectOf(await stage.admin.get(`/teams/${team}/channels/name/town-square`));

    expectRefused(await stage.admin.delete(`/channels/${String(id)}/members/${ada.id}`), [
      400,
      'api.channel.remove.default.app_error',
    ]);
  }),
  refusal('of an account that nobody has', noUser, async (stage) =>
    stage.admin.delete(`/channels/${(await scene(stage)).channel}/members/${stage.unknownId}`),
  ),
];

const sendRoles = (call: 'roles' | 'schemeRoles', body: unknown) => async (stage: Stage) => {
  const { channel, ada } = await inChannel(stage);
  return stage.admin.put(`/channels/${channel}/members/${ada.id}/${call}`, body);
};

const flags: readonly ContractCase[] = [
  ...door(
    (stage, channel, by) =>
      by.put(`/channels/${channel}/members/${stage.unknownId}/schemeRoles`, { scheme_user: true }),
    forbidden,
  ),
  fact('makes an admin', async (stage) => {
    const at = await inChannel(stage);

    expectOk(
      await stage.admin.put(`/channels/${at.channel}/members/${at.ada.id}/schemeRoles`, {
        scheme_user: true,
        scheme_admin: true,
      }),
    );

    expect((await read(stage, at))['roles']).toBe('channel_user channel_admin');
  }),
  refusal('without scheme_user', [400, `${roleErrors}.unset_user_scheme.app_error`], sendRoles('schemeRoles', {})),
  refusal(
    'for a guest',
    [400, `${roleErrors}.user_and_guest.app_error`],
    sendRoles('schemeRoles', { scheme_user: true, scheme_guest: true }),
  ),
  refusal('of a person who is no member', noMember, async (stage) => {
    const { channel, ada } = await scene(stage);
    return stage.admin.put(`/channels/${channel}/members/${ada.id}/schemeRoles`, { scheme_user: true });
  }),
];

const roles: readonly ContractCase[] = [
  fact('puts other roles before the usual ones', async (stage) => {
    const at = await inChannel(stage);

    expectOk(
      await stage.admin.put(`/channels/${at.channel}/members/${at.ada.id}/roles`, {
        roles: 'channel_user custom_group_user',
      }),
    );

    expect(await read(stage, at)).toMatchObject({
      roles: 'custom_group_user channel_user',
      explicit_roles: 'custom_group_user',
    });
  }),
  refusal('of a team', [400, `${roleErrors}.scheme_role.app_error`], sendRoles('roles', { roles: 'team_user' })),
  refusal(
    'of a guest',
    [400, `${roleErrors}.changing_guest_role.app_error`],
    sendRoles('roles', { roles: 'channel_guest' }),
  ),
  refusal('of no name', [400, 'app.role.get_by_name.app_error'], sendRoles('roles', { roles: 'nosuch' })),
];

const ofUser: readonly ContractCase[] = [
  fact('come line by line, with the names of teams', async (stage) => {
    const { ada } = await inChannel(stage);

    const { headers, text } = await stage.admin.get(`/users/${ada.id}/channel_members?page=-1`);
    const rows: readonly unknown[] = text
      .split('\n')
      .slice(0, -1)
      .map((line): unknown => JSON.parse(line));

    expect(headers['content-type']).toBe('application/x-ndjson');
    expect(rows).toHaveLength(3);
    expect(keysOf(rows[0])).toEqual([...memberKeys, 'team_display_name', 'team_name', 'team_update_at']);
  }),
  refusal('of a person without any', noMember, async (stage) =>
    stage.admin.get(`/users/${(await stage.target()).id}/channel_members?page=-1`),
  ),
  refusal('of others, by a member', forbidden, async (stage) =>
    (await stage.sharedMember()).caller.get(`/users/${(await stage.target()).id}/channel_members?page=-1`),
  ),
];

const inTeam: readonly ContractCase[] = [
  fact('are those of the team', async (stage) => {
    const { team, ada } = await inChannel(stage);

    const rows = listOf(await stage.admin.get(`/users/${ada.id}/teams/${team}/channels/members`));

    expect(rows).toHaveLength(3);
    expect(keysOf(rows[0])).toEqual(memberKeys);
  }),
  fact('are none of a person outside', async (stage) => {
    const { team } = await scene(stage);

    expect(listOf(await stage.admin.get(`/users/${(await stage.target()).id}/teams/${team}/channels/members`))).toEqual(
      [],
    );
  }),
];

const stats: readonly ContractCase[] = [
  ...door((_, channel, by) => by.get(`/channels/${channel}/stats`), forbidden),
  fact('count active accounts alone', async (stage) => {
    const at = await inChannel(stage);
    await stage.admin.delete(`/users/${at.ada.id}`);

    expect(objectOf(await stage.admin.get(`/channels/${at.channel}/stats`))).toEqual({
      channel_id: at.channel,
      member_count: 1,
      guest_count: 0,
      pinnedpost_count: 0,
      files_count: 0,
    });
  }),
];

const counts: readonly ContractCase[] = [
  fact('are 0 for a channel that nobody knows', async (stage) => {
    const { channel } = await scene(stage);

    expect(objectOf(await stage.admin.post('/channels/stats/member_count', [channel, stage.unknownId]))).toEqual({
      [channel]: 1,
      [stage.unknownId]: 0,
    });
  }),
  refusal('with broken JSON', unreadable, (stage) => stage.admin.post('/channels/stats/member_count', '{')),
  refusal('of an id that is none', noChannel, (stage) => stage.admin.post('/channels/stats/member_count', ['x'])),
];

export const channelMemberCases: ContractCases = {
  'channels.members': listing,
  'channels.membersByIds': byIds,
  'channels.getMember': single,
  'channels.addMember': adding,
  'channels.addMembers': many,
  'channels.removeMember': removing,
  'channels.setMemberAdmin': flags,
  'channels.setMemberRoles': roles,
  'channels.membershipsOf': ofUser,
  'channels.membershipsInTeam': inTeam,
  'channels.stats': stats,
  'channels.memberCounts': counts,
};
