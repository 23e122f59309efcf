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
  listOf,
  noSession,
  objectOf,
  type Refused,
  textOf,
} from '../support/expectations.ts';
import type { Member, Place, Stage } from '../support/stage.ts';

/** Channels themselves, and the channels of a team and of a person (memberships §2, §4, §9). */

const channelKeys = (
  'id create_at update_at delete_at team_id type display_name name header purpose last_post_at total_msg_count ' +
  'extra_update_at creator_id scheme_id props group_constrained autotranslation shared total_msg_count_root policy_id ' +
  'last_root_post_at banner_info policy_enforced policy_is_active default_category_name'
).split(' ');
const noChannel: Refused = [404, 'app.channel.get.existing.app_error'];
const unnamed: Refused = [404, 'app.channel.get_by_name.missing.app_error'];
const none: Refused = [404, 'app.channel.get_channels.not_found.app_error'];

interface Scene {
  readonly team: Place;
  readonly dev: Place;
  readonly ops: Place;
}

/** A team with a public and a private channel. */
async function scene(stage: Stage): Promise<Scene> {
  const team = await stage.team();
  return { team, dev: await stage.channel(team.id), ops: await stage.channel(team.id, { type: 'P' }) };
}

async function memberOf(stage: Stage, team: string): Promise<Member> {
  const member = await stage.member();
  await stage.admin.post(`/teams/${team}/members`, { team_id: team, user_id: member.id });
  return member;
}

const namesOf = (rows: readonly Readonly<Record<string, unknown>>[]): readonly string[] =>
  rows.map(({ name }) => String(name));

const lists: readonly ContractCase[] = [
  fact('shows channels with the face of their team', async (stage) => {
    await stage.team();

    const [first] = listOf(await stage.admin.get('/channels?per_page=1'));

    expect(keysOf(first)).toEqual([...channelKeys, 'team_display_name', 'team_name', 'team_update_at']);
  }),
  refusal('is not for members', forbidden, async (stage) => (await stage.sharedMember()).caller.get('/channels')),
  refusal('without a session', noSession, (stage) => stage.nobody.get('/channels')),
];

const reads: readonly ContractCase[] = [
  fact('shows a channel in these keys', async (stage) => {
    const { dev } = await scene(stage);

    expect(keysOf((await stage.admin.get(`/channels/${dev.id}`)).json)).toEqual(channelKeys);
  }),
  fact('shows public channels to the team, private ones to their members', async (stage) => {
    const { team, dev, ops } = await scene(stage);
    const { caller } = await memberOf(stage, team.id);

    expect((await caller.get(`/channels/${dev.id}`)).status).toBe(200);
    expectRefused(await caller.get(`/channels/${ops.id}`), forbidden);
  }),
  refusal('of an id that nobody knows', noChannel, (stage) => stage.admin.get(`/channels/${stage.unknownId}`)),
  refusal('of an id that is none', invalidUrl, (stage) => stage.admin.get('/channels/abc')),
];

const byName: readonly ContractCase[] = [
  fact('finds a private channel for who manages the team, and for no one else', async (stage) => {
    const { team, ops } = await scene(stage);
    const path = `/teams/${team.id}/channels/name/${ops.name}`;

    expect(objectOf(await stage.admin.get(path))['id']).toBe(ops.id);
    expectRefused(await (await memberOf(stage, team.id)).caller.get(path), unnamed);
  }),
  fact('finds an archived one only when asked for', async (stage) => {
    const { team, dev } = await scene(stage);
    await stage.admin.delete(`/channels/${dev.id}`);
    const path = `/teams/${team.id}/channels/name/${dev.name}`;

    expectRefused(await stage.admin.get(path), unnamed);
    expect(objectOf(await stage.admin.get(`${path}?include_deleted=true`))['delete_at']).not.toBe(0);
  }),
  refusal('that nobody has', unnamed, async (stage) =>
    stage.admin.get(`/teams/${(await stage.team()).id}/channels/name/${stage.placeName()}`),
  ),
  refusal('of a team that nobody knows', unnamed, (stage) =>
    stage.admin.get(`/teams/${stage.unknownId}/channels/name/town-square`),
  ),
];

const publicOnes: readonly ContractCase[] = [
  fact('are listed without private and archived ones', async (stage) => {
    const { team, dev } = await scene(stage);
    const old = await stage.channel(team.id);
    await stage.admin.delete(`/channels/${old.id}`);

    expect(namesOf(listOf(await stage.admin.get(`/teams/${team.id}/channels`))).toSorted()).toEqual(
      [dev.name, 'off-topic', 'town-square'].toSorted(),
    );
  }),
  refusal('are not for people outside', forbidden, async (stage) =>
    (await stage.sharedMember()).caller.get(`/teams/${(await stage.team()).id}/channels`),
  ),
  refusal('without a session', noSession, (stage) => stage.nobody.get(`/teams/${stage.unknownId}/channels`)),
];

const privateOnes: readonly ContractCase[] = [
  fact('are listed for administrators', async (stage) => {
    const { team, ops } = await scene(stage);

    expect(namesOf(listOf(await stage.admin.get(`/teams/${team.id}/channels/private`)))).toEqual([ops.name]);
  }),
  refusal('are not for members', forbidden, async (stage) => {
    const { team } = await scene(stage);
    return (await memberOf(stage, team.id)).caller.get(`/teams/${team.id}/channels/private`);
  }),
];

const archivedOnes: readonly ContractCase[] = [
  fact('are listed, private ones too for administrators', async (stage) => {
    const { team, dev, ops } = await scene(stage);
    for (const { id } of [dev, ops]) await stage.admin.delete(`/channels/${id}`);
    const path = `/teams/${team.id}/channels/deleted`;

    expect(namesOf(listOf(await stage.admin.get(path))).toSorted()).toEqual([dev.name, ops.name].toSorted());
    expect(namesOf(listOf(await (await memberOf(stage, team.id)).caller.get(path)))).toEqual([dev.name]);
  }),
];

const creation = (title: string, fields: object, expected: Refused): ContractCase =>
  refusal(title, expected, async (stage) => {
    const { id } = await stage.team();
    const body = { team_id: id, name: stage.placeName(), display_name: 'New', type: 'O', ...fields };
    return stage.admin.post('/channels', body);
  });

const creates: readonly ContractCase[] = [
  fact('makes the caller member and admin', async (stage) => {
    const { dev } = await scene(stage);
    const { id } = objectOf(await stage.admin.get('/users/me'));

    expect(objectOf(dev.made, 201)).toMatchObject({ creator_id: id, delete_at: 0, group_constrained: null });
    expect(objectOf(await stage.admin.get(`/channels/${dev.id}/members/me`))['roles']).toBe(
      'channel_user channel_admin',
    );
  }),
  fact('refuses the name of an archived channel', async (stage) => {
    const { team, dev } = await scene(stage);
    await stage.admin.delete(`/channels/${dev.id}`);

    const body = { team_id: team.id, name: dev.name, display_name: 'Again', type: 'O' };

    expectRefused(await stage.admin.post('/channels', body), [400, 'store.sql_channel.save_channel.exists.app_error']);
  }),
  fact('works in an archived team', async (stage) => {
    const team = await stage.team();
    await stage.admin.delete(`/teams/${team.id}`);

    expect((await stage.channel(team.id)).made.status).toBe(201);
  }),
  creation('refuses capitals', { name: 'Dev' }, [400, 'model.channel.is_valid.1_or_more.app_error']),
  creation('refuses a hyphen first', { name: '-dev' }, [400, 'model.channel.is_valid.1_or_more.app_error']),
  creation('refuses no name', { name: '' }, [400, 'model.channel.is_valid.1_or_more.app_error']),
  creation('fails with a name that is too long', { name: 'q'.repeat(65) }, [
    500,
    'app.channel.create_channel.internal_error',
  ]),
  creation('refuses no display name', { display_name: '' }, invalidBody),
  creation('refuses a direct one', { type: 'D' }, [400, 'api.channel.create_channel.direct_channel.app_error']),
  creation('refuses an unknown type', { type: 'X' }, [400, 'model.channel.is_valid.type.app_error']),
  creation('refuses no team', { team_id: '' }, invalidBody),
  creation('refuses a team that nobody knows', { team_id: 'ybndrfg8ejkmcpqxot1uwisza3' }, none),
  creation('looks at the name before the type', { name: '-x', type: '' }, [
    400,
    'model.channel.is_valid.1_or_more.app_error',
  ]),
  creation('refuses a header of 1,025 characters', { header: 'x'.repeat(1025) }, [
    400,
    'model.channel.is_valid.header.app_error',
  ]),
  creation('refuses a purpose of 251 characters', { purpose: 'x'.repeat(251) }, [
    400,
    'model.channel.is_valid.purpose.app_error',
  ]),
  fact('takes blanks and invisible characters off the display name', async (stage) => {
    const { id } = await stage.team();

    expect(objectOf((await stage.channel(id, { display_name: ' A\u202a\u2028 ' })).made, 201)['display_name']).toBe(
      'A',
    );
  }),
  refusal('with broken JSON', invalidBody, (stage) => stage.admin.post('/channels', '{')),
];

const patches: readonly ContractCase[] = [
  fact('changes what is given', async (stage) => {
    const { dev } = await scene(stage);

    expect(objectOf(await stage.admin.put(`/channels/${dev.id}/patch`, { display_name: 'New' }))).toMatchObject({
      name: dev.name,
      display_name: 'New',
    });
  }),
  fact('leaves town-square its name', async (stage) => {
    const { team } = await scene(stage);
    const { id } = objectOf(await stage.admin.get(`/teams/${team.id}/channels/name/town-square`));

    expectRefused(await stage.admin.put(`/channels/${textOf(id)}/patch`, { name: 'other' }), [
      400,
      'api.channel.update_channel.tried.app_error',
    ]);
    expect(objectOf(await stage.admin.put(`/channels/${textOf(id)}/patch`, { display_name: ' B ' }))).toMatchObject({
      name: 'town-square',
      display_name: 'B',
    });
  }),
  fact('leaves an archived channel as it is', async (stage) => {
    const { dev } = await scene(stage);
    await stage.admin.delete(`/channels/${dev.id}`);

    expectRefused(await stage.admin.put(`/channels/${dev.id}/patch`, { header: 'x' }), [
      400,
      'app.channel.update.bad_id',
    ]);
  }),
  fact('that binds a channel to groups empties it', async (stage) => {
    const { ops } = await scene(stage);

    await stage.admin.put(`/channels/${ops.id}/patch`, { group_constrained: true });

    await expect
      .poll(async () => listOf(await stage.admin.get(`/channels/${ops.id}/members`)), { timeout: 20_000 })
      .toEqual([]);
  }),
  fact('refuses a name that is taken', async (stage) => {
    const { dev, ops } = await scene(stage);

    expectRefused(await stage.admin.put(`/channels/${dev.id}/patch`, { name: ops.name }), [
      400,
      'store.sql_channel.save_channel.exists.app_error',
    ]);
  }),
  refusal('of a channel that nobody knows', noChannel, (stage) =>
    stage.admin.put(`/channels/${stage.unknownId}/patch`, { display_name: 'x' }),
  ),
];

const archives: readonly ContractCase[] = [
  fact('keeps members, and is refused again', async (stage) => {
    const { dev } = await scene(stage);

    expectOk(await stage.admin.delete(`/channels/${dev.id}`));
    expectRefused(await stage.admin.delete(`/channels/${dev.id}`), [
      400,
      'api.channel.delete_channel.deleted.app_error',
    ]);

    expect(listOf(await stage.admin.get(`/channels/${dev.id}/members`))).toHaveLength(1);
  }),
  fact('refuses town-square', async (stage) => {
    const team = await stage.team();
    const { id } = objectOf(await stage.admin.get(`/teams/${team.id}/channels/name/town-square`));

    expectRefused(await stage.admin.delete(`/channels/${String(id)}`), [
      400,
      'api.channel.delete_channel.cannot.app_error',
    ]);
  }),
  refusal('of a channel that nobody knows', noChannel, (stage) => stage.admin.delete(`/channels/${stage.unknownId}`)),
];

const restores: readonly ContractCase[] = [
  fact('brings a channel back, and refuses a live one', async (stage) => {
    const { dev } = await scene(stage);
    await stage.admin.delete(`/channels/${dev.id}`);

    expect(objectOf(await stage.admin.post(`/channels/${dev.id}/restore`))['delete_at']).toBe(0);
    expectRefused(await stage.admin.post(`/channels/${dev.id}/restore`), [
      400,
      'api.channel.restore_channel.restored.app_error',
    ]);
  }),
  refusal('of a channel that nobody knows', noChannel, (stage) =>
    stage.admin.post(`/channels/${stage.unknownId}/restore`),
  ),
];

const ofUser: readonly ContractCase[] = [
  fact('lists those of all teams', async (stage) => {
    const { team } = await scene(stage);
    const { id } = await stage.teammate(team.id);

    expect(namesOf(listOf(await stage.admin.get(`/users/${id}/channels`))).toSorted()).toEqual([
      'off-topic',
      'town-square',
    ]);
  }),
  fact(
    'answers a person without any in a list that was begun: 200, or 404 where compression held it back',
    async (stage) => {
      const path = `/users/${(await stage.target()).id}/channels`;

      const plain = await stage.admin.get(path);
      const held = await stage.admin.get(path, { 'accept-encoding': 'gzip' });

      expect([plain.status, held.status]).toEqual([200, 404]);
      expect(plain.text).toMatch(/^\[\{"id":"app\.channel\.get_channels\.not_found\.app_error"/);
    },
  ),
  refusal('of others, by a member', forbidden, async (stage) =>
    (await stage.sharedMember()).caller.get(
      `/users/${(await stage.person()).id}/teams/${(await stage.team()).id}/channels`,
    ),
  ),
];

const ofUserInTeam: readonly ContractCase[] = [
  fact('lists those of the team', async (stage) => {
    const { team } = await scene(stage);
    const { id } = await stage.teammate(team.id);

    expect(namesOf(listOf(await stage.admin.get(`/users/${id}/teams/${team.id}/channels`))).toSorted()).toEqual([
      'off-topic',
      'town-square',
    ]);
  }),
  refusal('of a person without any', none, async (stage) =>
    stage.admin.get(`/users/${(await stage.target()).id}/teams/${(await stage.team()).id}/channels`),
  ),
];

export const channelCases: ContractCases = {
  'channels.list': lists,
  'channels.get': reads,
  'channels.getByName': byName,
  'channels.publicOf': publicOnes,
  'channels.privateOf': privateOnes,
  'channels.archivedOf': archivedOnes,
  'channels.create': creates,
  'channels.patch': patches,
  'channels.archive': archives,
  'channels.restore': restores,
  'channels.ofUser': ofUser,
  'channels.ofUserInTeam': ofUserInTeam,
};
