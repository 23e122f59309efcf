import { describe, expect, test } from 'vitest';
import { type Places, placesFor } from './places.ts';
import { forbidden, invalidBody, member, noUser, outcome, unknownId } from './support.ts';

/** The traps of channels and of reading memberships (memberships reference §2, §4, §5, §9). */

const inDev = { username: 'ada', teams: [{ team: 'core', channels: ['dev'] }] };
const guestIn = (...channels: readonly string[]): object => ({
  username: 'vendor',
  roles: 'system_guest',
  teams: [{ team: 'core', channels }],
});

const add = (places: Places, body: object, channel = 'core/dev'): ReturnType<Places['ask']> =>
  places.ask('POST', `/channels/${places.channel(channel)}/members`, body);

const remove = (places: Places, user: string, channel = 'core/dev'): ReturnType<Places['ask']> =>
  places.ask('DELETE', `/channels/${places.channel(channel)}/members/${places.user(user)}`);

const idsOf = (rows: readonly Readonly<Record<string, unknown>>[]): readonly unknown[] =>
  rows.map(({ user_id }) => user_id);

describe('trap of joining a channel', () => {
  test('59: many at once: people who cannot be added are dropped in silence, with 201', async () => {
    const places = await placesFor({
      seed: {
        users: [
          { username: 'ada', teams: ['core'] },
          { username: 'grace' },
          { username: 'gone', active: false, teams: ['core'] },
        ],
      },
    });
    const ids = [places.user('ada'), places.user('grace'), places.user('gone'), unknownId];

    const seen = await add(places, { user_ids: ids });

    expect(seen.status).toBe(201);
    expect(idsOf(seen.rows)).toEqual([places.user('ada')]);
  });

  test('60: only where all fail there is an error, the last one', async () => {
    const places = await placesFor();

    expect(outcome(await add(places, { user_ids: [unknownId, places.user('grace')] }))).toBe(
      '404 app.team.get_member.missing.app_error',
    );
    expect(outcome(await add(places, { user_ids: [places.user('grace'), unknownId] }))).toBe(noUser);
  });

  test('61: an empty list is 201 with the body null', async () => {
    const places = await placesFor();

    const seen = await add(places, { user_ids: [] });

    expect([seen.status, seen.text]).toEqual([201, 'null\n']);
  });

  test('62: one malformed id, and 1,001 ids, add no one', async () => {
    const places = await placesFor();
    const ada = places.user('ada');

    expect(outcome(await add(places, { user_ids: [ada, 'x'] }))).toBe(invalidBody);
    expect(outcome(await add(places, { user_ids: Array.from({ length: 1001 }, () => ada) }))).toBe(invalidBody);
    expect(places.roles('ada', 'core/dev')).toBeUndefined();
  });

  test('63: with both keys user_ids wins, and the shape of the answer hangs on user_id', async () => {
    const places = await placesFor();
    const [ada, admin] = [places.user('ada'), places.user('sandbox-admin')];

    expect((await add(places, { user_ids: [ada], user_id: admin })).rows).toHaveLength(1);
    expect((await add(places, { user_ids: [ada], user_id: ada })).json['user_id']).toBe(ada);
  });

  test('64: a person named twice has two rows, and members are among the added', async () => {
    const places = await placesFor({ seed: { users: [inDev] } });

    expect((await add(places, { user_ids: [places.user('ada'), places.user('ada')] })).rows).toHaveLength(2);
  });

  test.each<[title: string, seed: object, expected: string]>([
    ['who is not in the team', {}, '404 app.team.get_member.missing.app_error'],
    [
      'who left the team',
      { teams: [{ team: 'core', left: true }] },
      '400 api.channel.add_user.to.channel.failed.deleted.app_error',
    ],
    [
      'with an inactive account',
      { active: false, teams: ['core'] },
      '403 app.channel.add_member.deleted_user.app_error',
    ],
  ])('65: a person %s is refused', async (_, seed, expected) => {
    const places = await placesFor({ seed: { users: [{ username: 'ada', ...seed }] } });

    expect(outcome(await add(places, { user_id: places.user('ada') }))).toBe(expected);
  });

  test('66: a channel that is bound to groups takes no person, the whole call; a bot passes', async () => {
    const places = await placesFor({
      seed: {
        teams: [{ name: 'core', channels: [{ name: 'dev', group_constrained: true }] }],
        users: [
          { username: 'ada', teams: ['core'] },
          { username: 'robot', is_bot: true, teams: ['core'] },
        ],
      },
    });
    const [ada, robot] = [places.user('ada'), places.user('robot')];

    expect(outcome(await add(places, { user_ids: [robot, ada] }))).toBe('400 api.channel.add_members.user_denied');
    expect(outcome(await add(places, { user_ids: [robot] }))).toBe('201');
  });

  test('67: an access policy refuses on a private channel, and only advises on a public one', async () => {
    const channels = [
      { name: 'dev', policy_enforced: true },
      { name: 'ops', type: 'P', policy_enforced: true },
    ] as const;
    const places = await placesFor({ seed: { teams: [{ name: 'core', channels }] } });
    const body = { user_id: places.user('ada') };

    expect(outcome(await add(places, body, 'core/ops'))).toBe('403 api.channel.add_user.to.channel.rejected');
    expect(outcome(await add(places, body, 'core/dev'))).toBe('201');
  });

  test('68: an archived channel takes members', async () => {
    const places = await placesFor({
      seed: { teams: [{ name: 'core', channels: [{ name: 'dev', archived: true }] }] },
    });

    expect(outcome(await add(places, { user_id: places.user('ada') }))).toBe('201');
  });

  test('69: a plugin can refuse a person', async () => {
    const places = await placesFor();
    places.sandbox.control.refuseByPlugin(['ada']);

    expect(outcome(await add(places, { user_id: places.user('ada') }))).toBe(
      '400 app.channel.add_user.to.channel.rejected_by_plugin',
    );
  });

  test('70: each add posts in the channel in the name of the caller, and a repeated one does not', async () => {
    const places = await placesFor();

    await add(places, { user_id: places.user('ada') });
    await add(places, { user_id: places.user('ada') });

    expect(places.posts('core/dev')).toEqual(['system_add_to_channel']);
    expect(places.sandbox.posts[0]).toMatchObject({
      user_id: places.user('sandbox-admin'),
      about_id: places.user('ada'),
    });
  });

  test('71: an administrator need not be a member of a private channel to add people', async () => {
    const places = await placesFor();

    expect(outcome(await add(places, { user_id: places.user('ada') }, 'core/ops'))).toBe('201');
  });

  test('72: a call without any person, and one with a malformed one, are refused', async () => {
    const places = await placesFor();

    expect(outcome(await add(places, {}))).toBe(invalidBody);
    expect(outcome(await add(places, { user_id: 'ada' }))).toBe(invalidBody);
  });
});

describe('trap of leaving a channel', () => {
  test('73: a person who is no member is 404: a removal cannot be repeated', async () => {
    const places = await placesFor({ seed: { users: [inDev] } });

    expect(outcome(await remove(places, 'ada'))).toBe('200');
    expect(outcome(await remove(places, 'ada'))).toBe('404 app.channel.get_member.missing.app_error');
  });

  test('74: members do not leave town-square', async () => {
    const places = await placesFor();

    expect(outcome(await remove(places, 'ada', 'core/town-square'))).toBe('400 api.channel.remove.default.app_error');
    expect(outcome(await remove(places, 'ada', 'core/off-topic'))).toBe('200');
  });

  test('75: guests may leave town-square', async () => {
    const places = await placesFor({ seed: { users: [guestIn('town-square', 'dev') as never] } });

    expect(outcome(await remove(places, 'vendor', 'core/town-square'))).toBe('200');
  });

  test('76: removing a guest from the last channel of a team takes the team along', async () => {
    const places = await placesFor({ seed: { users: [guestIn('dev', 'ops') as never] } });

    await remove(places, 'vendor', 'core/ops');
    expect(places.roles('vendor', 'core')).toBe('team_guest');
    await remove(places, 'vendor', 'core/dev');

    expect(places.roles('vendor', 'core')).toBe('team_guest left');
  });

  test('77: a channel that is bound to groups lets go of no person', async () => {
    const places = await placesFor({
      seed: { teams: [{ name: 'core', channels: [{ name: 'dev', group_constrained: true }] }], users: [inDev] },
    });

    expect(outcome(await remove(places, 'ada'))).toBe('400 api.channel.remove_member.group_constrained.app_error');
  });

  test('78: the row is gone: coming back gives no admin flag', async () => {
    const places = await placesFor({
      seed: { users: [{ username: 'ada', teams: [{ team: 'core', channels: [{ channel: 'dev', role: 'admin' }] }] }] },
    });

    await remove(places, 'ada');
    await add(places, { user_id: places.user('ada') });

    expect(places.roles('ada', 'core/dev')).toBe('channel_user');
  });

  test('79: a private channel can be emptied', async () => {
    const places = await placesFor({
      seed: { users: [{ username: 'ada', teams: [{ team: 'core', channels: ['ops'] }] }] },
    });

    expect(outcome(await remove(places, 'ada', 'core/ops'))).toBe('200');
    expect(places.sandbox.snapshot().memberships.filter(({ place }) => place === 'core/ops')).toEqual([]);
  });

  test('80: binding a channel to groups empties it', async () => {
    const places = await placesFor({ seed: { users: [inDev] } });

    await places.ask('PUT', `/channels/${places.channel('core/dev')}/patch`, { group_constrained: true });

    expect(places.roles('ada', 'core/dev')).toBeUndefined();
  });
});

describe('trap of roles in a channel', () => {
  const send = (places: Places, call: string, body: unknown): Promise<string> =>
    places
      .ask('PUT', `/channels/${places.channel('core/dev')}/members/${places.user('ada')}/${call}`, body)
      .then(outcome);

  test('81: the ids of errors speak of channels', async () => {
    const places = await placesFor({ seed: { users: [inDev] } });
    const ids = 'api.channel.update_channel_member_roles';

    expect(await send(places, 'schemeRoles', {})).toBe(`400 ${ids}.unset_user_scheme.app_error`);
    expect(await send(places, 'schemeRoles', { scheme_user: true, scheme_guest: true })).toBe(
      `400 ${ids}.user_and_guest.app_error`,
    );
    expect(await send(places, 'roles', { roles: 'team_user' })).toBe(`400 ${ids}.scheme_role.app_error`);
    expect(await send(places, 'roles', { roles: 'channel_guest' })).toBe(`400 ${ids}.changing_guest_role.app_error`);
  });

  test('82: a person who is no member has no roles: 404', async () => {
    const places = await placesFor();

    expect(await send(places, 'schemeRoles', { scheme_user: true, scheme_admin: true })).toBe(
      '404 app.channel.get_member.missing.app_error',
    );
  });

  test('83: role changes post nothing', async () => {
    const places = await placesFor({ seed: { users: [inDev] } });

    expect(await send(places, 'schemeRoles', { scheme_user: true, scheme_admin: true })).toBe('200');
    expect(places.roles('ada', 'core/dev')).toBe('channel_user channel_admin');
    expect(places.sandbox.posts).toEqual([]);
  });
});

describe('trap of channels themselves', () => {
  test('84: the name of an archived channel stays taken', async () => {
    const places = await placesFor({
      seed: { teams: [{ name: 'core', channels: [{ name: 'dev', archived: true }] }] },
    });
    const body = { team_id: places.team(), name: 'dev', display_name: 'Dev', type: 'O' };

    expect(outcome(await places.ask('POST', '/channels', body))).toBe(
      '400 store.sql_channel.save_channel.exists.app_error',
    );
  });

  test('85: archiving twice and restoring a live channel are refused', async () => {
    const places = await placesFor();
    const path = `/channels/${places.channel('core/dev')}`;

    expect(outcome(await places.ask('POST', `${path}/restore`))).toBe(
      '400 api.channel.restore_channel.restored.app_error',
    );
    expect(outcome(await places.ask('DELETE', path))).toBe('200');
    expect(outcome(await places.ask('DELETE', path))).toBe('400 api.channel.delete_channel.deleted.app_error');
  });

  test('86: archiving deletes the webhooks of the channel, and restoring does not bring them back', async () => {
    const integrations = [{ kind: 'incoming-webhook', name: 'Builds', creator: 'ada', channel: 'dev' }] as const;
    const places = await placesFor({
      seed: { users: [inDev], integrations, teams: [{ name: 'core', channels: ['dev'] }] },
    });
    const path = `/channels/${places.channel('core/dev')}`;

    expect((await places.ask('GET', '/hooks/incoming')).rows).toHaveLength(1);
    await places.ask('DELETE', path);
    await places.ask('POST', `${path}/restore`);

    expect((await places.ask('GET', '/hooks/incoming')).rows).toEqual([]);
    expect(places.roles('ada', 'core/dev')).toBe('channel_user');
  });

  test('87: the creator becomes member and admin, and the channel says so', async () => {
    const places = await placesFor();
    const ada = member(places.sandbox, 'ada');

    await ada.ask('POST', '/channels', { team_id: places.team(), name: 'new', display_name: 'New', type: 'P' });

    expect(places.roles('ada', 'core/new')).toBe('channel_user channel_admin');
    expect(places.posts('core/new')).toEqual(['system_join_channel']);
  });

  test('88: a team has at most so many channels, archived ones among them', async () => {
    const places = await placesFor({
      config: { 'TeamSettings.MaxChannelsPerTeam': 3 },
      seed: { teams: [{ name: 'core', channels: [{ name: 'dev', archived: true }] }] },
    });
    const body = { team_id: places.team(), name: 'new', display_name: 'New', type: 'O' };

    expect(outcome(await places.ask('POST', '/channels', body))).toBe(
      '400 api.channel.create_channel.max_channel_limit.app_error',
    );
  });

  test.each([
    [{ name: 'dev' }, '400 store.sql_channel.save_channel.exists.app_error'],
    [{ name: 'Dev' }, '400 model.channel.is_valid.1_or_more.app_error'],
    [{ name: 'x'.repeat(65) }, '500 app.channel.create_channel.internal_error'],
    [{ type: 'D' }, '400 api.channel.create_channel.direct_channel.app_error'],
    [{ team_id: unknownId }, '404 app.channel.get_channels.not_found.app_error'],
    [{ display_name: '' }, invalidBody],
  ])('89: a channel with %j is refused', async (wrong, expected) => {
    const places = await placesFor();
    const body = { team_id: places.team(), name: 'new', display_name: 'New', type: 'O', ...wrong };

    expect(outcome(await places.ask('POST', '/channels', body))).toBe(expected);
  });

  test('90: town-square cannot be archived', async () => {
    const places = await placesFor();

    expect(outcome(await places.ask('DELETE', `/channels/${places.channel('core/town-square')}`))).toBe(
      '400 api.channel.delete_channel.cannot.app_error',
    );
  });

  test('91: there is no call that sets all members of a channel', async () => {
    const places = await placesFor();

    const seen = await places.ask('PUT', `/channels/${places.channel('core/dev')}/members`, { members: [] });

    expect(outcome(seen)).toBe('404 api.context.404.app_error');
  });

  test('92: a private channel that one may not see is as good as none by name, and forbidden by id', async () => {
    const places = await placesFor();
    const ada = member(places.sandbox, 'ada');

    expect(outcome(await ada.ask('GET', `/teams/${places.team()}/channels/name/ops`))).toBe(
      '404 app.channel.get_by_name.missing.app_error',
    );
    expect(outcome(await ada.ask('GET', `/channels/${places.channel('core/ops')}`))).toBe(forbidden);
  });
});
