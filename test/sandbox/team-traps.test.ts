import { describe, expect, test } from 'vitest';
import { joining, type Places, placesFor } from './places.ts';
import { forbidden, invalidBody, member, noUser, outcome, testClock, unknownId } from './support.ts';

/** The traps of teams (memberships reference §0, §3, §5 to §7, §9): a client that is not careful must fall in here too. */

const add = (places: Places, user: string, team = 'core'): ReturnType<Places['ask']> =>
  places.ask('POST', `/teams/${places.team(team)}/members`, joining(places.team(team), places.user(user)));

const batch = (places: Places, users: readonly string[], query = ''): ReturnType<Places['ask']> =>
  places.ask(
    'POST',
    `/teams/${places.team()}/members/batch${query}`,
    users.map((user) => joining(places.team(), places.user(user))),
  );

const remove = (places: Places, user: string): ReturnType<Places['ask']> =>
  places.ask('DELETE', `/teams/${places.team()}/members/${places.user(user)}`);

const schemeRoles = (places: Places, user: string, isAdmin: boolean): ReturnType<Places['ask']> =>
  places.ask('PUT', `/teams/${places.team()}/members/${places.user(user)}/schemeRoles`, {
    scheme_user: true,
    scheme_admin: isAdmin,
  });

describe('trap of leaving a team', () => {
  test('1: the row stays, with delete_at and the admin flag as it was', async () => {
    const places = await placesFor({
      seed: { users: [{ username: 'ada', teams: [{ team: 'core', role: 'admin' }] }] },
    });

    await remove(places, 'ada');
    const seen = await places.ask('GET', `/teams/${places.team()}/members/${places.user('ada')}`);

    expect(outcome(seen)).toBe('200');
    expect(seen.json).toMatchObject({
      roles: 'team_user team_admin',
      scheme_admin: true,
      delete_at: expect.any(Number),
    });
    expect(seen.json['delete_at']).not.toBe(0);
  });

  test('2: a rejoin restores nothing: no admin, no explicit roles, no channel but the default ones', async () => {
    const membership = { team: 'core', role: 'admin', roles: ['team_post_all'], channels: ['dev', 'ops'] } as const;
    const places = await placesFor({ seed: { users: [{ username: 'ada', teams: [membership] }] } });

    await remove(places, 'ada');
    await add(places, 'ada');

    expect(places.sandbox.control.memberships('ada').map(({ place, roles }) => `${place} ${roles}`)).toEqual([
      'core team_user',
      'core/off-topic channel_user',
      'core/town-square channel_user',
    ]);
  });

  test('3: all channels of the team go along, archived and private ones too', async () => {
    const places = await placesFor({
      seed: {
        teams: [
          {
            name: 'core',
            channels: [
              { name: 'old', archived: true },
              { name: 'ops', type: 'P' },
            ],
          },
        ],
        users: [{ username: 'ada', teams: [{ team: 'core', channels: ['old', 'ops'] }] }],
      },
    });

    await remove(places, 'ada');

    expect(places.sandbox.control.memberships('ada')).toEqual([
      { place: 'core', username: 'ada', roles: 'team_user', left: true },
    ]);
  });

  test('4: removing a person who left is 200 and not free: a new moment, one more message', async () => {
    const clock = testClock();
    const places = await placesFor({ clock });
    await remove(places, 'ada');
    const path = `/teams/${places.team()}/members/${places.user('ada')}`;
    const first = (await places.ask('GET', path)).json['delete_at'];
    clock.tick(1000);

    expect(outcome(await remove(places, 'ada'))).toBe('200');

    expect((await places.ask('GET', path)).json['delete_at']).toBe(Number(first) + 1000);
    expect(places.sandbox.control.user('ada')?.update_at).toBe(Number(first) + 1000);
    expect(places.posts('core/town-square')).toEqual(['system_remove_from_team', 'system_remove_from_team']);
  });

  test('5: a person who was never a member cannot be removed: 400', async () => {
    const places = await placesFor();

    expect(outcome(await remove(places, 'grace'))).toBe('400 api.team.remove_user_from_team.missing.app_error');
  });

  test('6: an unknown account cannot be removed: 404', async () => {
    const places = await placesFor();

    expect(outcome(await remove(places, 'nobody'))).toBe(noUser);
  });

  test('7: a removal posts once, in town-square, and in no other channel', async () => {
    const places = await placesFor({
      seed: { users: [{ username: 'ada', teams: [{ team: 'core', channels: ['dev'] }] }] },
    });

    await remove(places, 'ada');

    expect(places.sandbox.posts).toHaveLength(1);
    expect(places.posts('core/town-square')).toEqual(['system_remove_from_team']);
  });

  test('8: the last admin and the last member can be removed', async () => {
    const places = await placesFor({
      seed: { users: [{ username: 'ada', teams: [{ team: 'core', role: 'admin' }] }] },
    });

    expect(outcome(await schemeRoles(places, 'ada', false))).toBe('200');
    expect(outcome(await remove(places, 'ada'))).toBe('200');
  });

  test('9: a deactivation keeps every membership and every flag, and a return finds them', async () => {
    const membership = { team: 'core', role: 'admin', channels: [{ channel: 'ops', role: 'admin' }] } as const;
    const places = await placesFor({ seed: { users: [{ username: 'ada', teams: [membership] }] } });
    const before = places.sandbox.control.memberships('ada');

    await places.ask('PUT', `/users/${places.user('ada')}/active`, { active: false });
    expect(places.sandbox.control.memberships('ada')).toEqual(before);
    await places.ask('PUT', `/users/${places.user('ada')}/active`, { active: true });

    expect(places.sandbox.control.memberships('ada')).toEqual(before);
    expect(places.roles('ada', 'core/ops')).toBe('channel_user channel_admin');
  });
});

describe('trap of joining a team', () => {
  test('10: a present member is 201 again, without a message, and default channels that were left stay left', async () => {
    const places = await placesFor({
      seed: { users: [{ username: 'ada', teams: [{ team: 'core', default_channels: false }] }] },
    });

    expect(outcome(await add(places, 'ada'))).toBe('201');

    expect(places.sandbox.posts).toEqual([]);
    expect(places.roles('ada', 'core/town-square')).toBeUndefined();
  });

  test('11: a present member is told again each time, by a single add and by a batch', async () => {
    const places = await placesFor();

    await add(places, 'ada');
    await batch(places, ['ada'], '?graceful=true');

    expect(places.sandbox.events.map(({ event }) => event)).toEqual(['added_to_team', 'added_to_team']);
  });

  test('12: a present member does not count as changed', async () => {
    const clock = testClock();
    const places = await placesFor({ clock });
    const before = places.sandbox.control.user('ada')?.update_at;
    clock.tick(1000);

    await add(places, 'ada');
    await add(places, 'grace');

    expect(places.sandbox.control.user('ada')?.update_at).toBe(before);
    expect(places.sandbox.control.user('grace')?.update_at).toBe(Number(before) + 1000);
  });

  test('13: with allowed_domains even a present member is refused when added again', async () => {
    const places = await placesFor({ seed: { teams: [{ name: 'core', allowed_domains: 'example.org' }] } });

    expect(outcome(await add(places, 'ada'))).toBe('400 api.team.join_user_to_team.allowed_domains.app_error');
    expect(places.roles('ada', 'core')).toBe('team_user');
  });

  test('14: allowed_domains that are set later remove no one', async () => {
    const places = await placesFor();

    await places.ask('PUT', `/teams/${places.team()}/patch`, { allowed_domains: 'example.org' });

    expect(places.roles('ada', 'core')).toBe('team_user');
  });

  test('15: the domains of the server hold for members, bots excepted', async () => {
    const places = await placesFor({
      config: { 'TeamSettings.RestrictCreationToDomains': 'example.org' },
      seed: { users: [{ username: 'ada' }, { username: 'robot', is_bot: true }] },
    });

    expect(outcome(await add(places, 'ada'))).toBe('400 api.team.join_user_to_team.allowed_domains.app_error');
    expect(outcome(await add(places, 'robot'))).toBe('201');
  });

  test('16: for guests the domains of guests alone hold', async () => {
    const places = await placesFor({
      config: { 'TeamSettings.RestrictCreationToDomains': 'example.org' },
      seed: { users: [{ username: 'vendor', roles: 'system_guest' }] },
    });

    expect(outcome(await add(places, 'vendor'))).toBe('201');
    places.sandbox.control.setConfig({ 'GuestAccountsSettings.RestrictCreationToDomains': 'example.org' });
    expect(outcome(await add(places, 'vendor'))).toBe('400 api.team.join_user_to_team.allowed_domains.app_error');
  });

  test('17: an inactive account can be added, default channels and all', async () => {
    const places = await placesFor({ seed: { users: [{ username: 'ada', active: false }] } });

    expect(outcome(await add(places, 'ada'))).toBe('201');
    expect(places.roles('ada', 'core/off-topic')).toBe('channel_user');
  });

  test('18: an archived team takes members, and even new channels', async () => {
    const places = await placesFor({ seed: { teams: [{ name: 'core', archived: true }] } });
    const channel = { team_id: places.team(), name: 'new', display_name: 'New', type: 'O' };

    expect(outcome(await add(places, 'grace'))).toBe('201');
    expect(outcome(await places.ask('POST', '/channels', channel))).toBe('201');
  });

  test('19: 50 active members fill a team as installed; inactive ones do not count', async () => {
    const users = Array.from({ length: 51 }, (_, index) => ({
      username: `p${index}`,
      teams: index < 50 ? ['core'] : [],
      active: index !== 0,
    }));
    const places = await placesFor({ seed: { users: [...users, { username: 'late' }] } });

    expect(outcome(await add(places, 'p50'))).toBe('201');
    expect(outcome(await add(places, 'late'))).toBe(
      '400 app.team.join_user_to_team.save_member.max_accounts.app_error',
    );
  });

  test('20: a full team has another id for a person who comes back', async () => {
    const places = await placesFor({
      config: { 'TeamSettings.MaxUsersPerTeam': 1 },
      seed: {
        users: [
          { username: 'ada', teams: ['core'] },
          { username: 'grace', teams: [{ team: 'core', left: true }] },
        ],
      },
    });

    expect(outcome(await add(places, 'grace'))).toBe('400 app.team.join_user_to_team.max_accounts.app_error');
  });

  test('21: whose address the team has becomes admin at each join, again after a removal', async () => {
    const places = await placesFor({ seed: { teams: [{ name: 'core', email: 'grace@example.com' }] } });

    await add(places, 'grace');
    expect(places.roles('grace', 'core')).toBe('team_user team_admin');
    await remove(places, 'grace');
    await add(places, 'grace');

    expect(places.roles('grace', 'core')).toBe('team_user team_admin');
  });

  test('22: a plugin can refuse a person', async () => {
    const places = await placesFor();
    places.sandbox.control.refuseByPlugin(['grace']);

    expect(outcome(await add(places, 'grace'))).toBe('400 app.team.join_user_to_team.rejected_by_plugin');
  });

  test('23: a guest gets no default channel', async () => {
    const places = await placesFor({ seed: { users: [{ username: 'vendor', roles: 'system_guest' }] } });

    await add(places, 'vendor');

    expect(places.sandbox.control.memberships('vendor')).toEqual([
      { place: 'core', username: 'vendor', roles: 'team_guest', left: false },
    ]);
  });

  test('24: default channels that are missing or private are passed over, and the join succeeds', async () => {
    const places = await placesFor({ config: { 'TeamSettings.ExperimentalDefaultChannels': ['dev', 'ops', 'none'] } });

    expect(outcome(await add(places, 'grace'))).toBe('201');

    expect(places.sandbox.control.memberships('grace').map(({ place }) => place)).toEqual([
      'core',
      'core/dev',
      'core/town-square',
    ]);
  });

  test('25: a single add posts in the name of the person, twice', async () => {
    const places = await placesFor();

    await add(places, 'grace');

    expect(places.posts('core/town-square')).toEqual(['system_join_team']);
    expect(places.posts('core/off-topic')).toEqual(['system_join_channel']);
    expect(places.sandbox.posts.every(({ user_id }) => user_id === places.user('grace'))).toBe(true);
  });

  test('26: plain members add others, and neither remove nor promote them', async () => {
    const places = await placesFor();
    const ada = member(places.sandbox, 'ada');
    const path = `/teams/${places.team()}/members`;

    expect(outcome(await ada.ask('POST', path, joining(places.team(), places.user('grace'))))).toBe('201');
    expect(outcome(await ada.ask('DELETE', `${path}/${places.user('grace')}`))).toBe(forbidden);
    expect(
      outcome(
        await ada.ask('PUT', `${path}/${places.user('grace')}/schemeRoles`, { scheme_user: true, scheme_admin: true }),
      ),
    ).toBe(forbidden);
  });

  test('27: a person does not join a closed team alone, whatever its type', async () => {
    const places = await placesFor({ seed: { teams: ['core', { name: 'open', allow_open_invite: true }] } });
    const grace = member(places.sandbox, 'grace');
    const joins = (team: string): Promise<string> =>
      grace.ask('POST', `/teams/${places.team(team)}/members`, joining(places.team(team), grace.id)).then(outcome);

    expect(await joins('core')).toBe(forbidden);
    expect(await joins('open')).toBe('201');
  });

  test.each<[title: string, body: (places: Places) => unknown, expected: string]>([
    ['no team_id', ({ user }) => ({ user_id: user('grace') }), invalidBody],
    ['the id of another team', ({ user }) => joining(unknownId, user('grace')), invalidBody],
    ['a malformed person', ({ team }) => joining(team(), 'grace'), invalidBody],
    ['broken JSON', () => '{', '400 api.team.add_team_member.invalid_body.app_error'],
    ['an account that nobody has', ({ team }) => joining(team(), unknownId), noUser],
  ])('28: a body with %s is refused', async (_, body, expected) => {
    const places = await placesFor();

    expect(outcome(await places.ask('POST', `/teams/${places.team()}/members`, body(places)))).toBe(expected);
  });
});

describe('trap of a batch', () => {
  test('29: plain, the first error comes with everybody before it added and no one after it', async () => {
    const places = await placesFor();

    expect(outcome(await batch(places, ['grace', 'nobody', 'linus']))).toBe(noUser);

    expect(places.roles('grace', 'core')).toBe('team_user');
    expect(places.roles('linus', 'core')).toBeUndefined();
  });

  test('30: graceful, an error is a row of a 201, even where all fail', async () => {
    const places = await placesFor();

    const some = await batch(places, ['grace', 'nobody', 'linus'], '?graceful=true');
    const all = await batch(places, ['nobody'], '?graceful=true');

    expect([some.status, all.status]).toEqual([201, 201]);
    expect(some.rows.map(({ member: added, error }) => [added === null, error === null])).toEqual([
      [false, true],
      [true, false],
      [false, true],
    ]);
    expect(all.rows[0]?.['error']).toMatchObject({ id: 'app.user.missing_account.const', status_code: 404 });
  });

  test('31: graceful=false is graceful', async () => {
    const places = await placesFor();

    expect((await batch(places, ['nobody'], '?graceful=false')).status).toBe(201);
    expect((await batch(places, ['nobody'], '?graceful=')).status).toBe(404);
  });

  test('32: 257 people, and none, are refused as a whole', async () => {
    const places = await placesFor();

    const many = Array.from({ length: 257 }, () => joining(places.team(), places.user('grace')));
    const path = `/teams/${places.team()}/members/batch?graceful=true`;

    expect(outcome(await places.ask('POST', path, many))).toBe(invalidBody);
    expect(outcome(await places.ask('POST', path, []))).toBe(invalidBody);
    expect(places.roles('grace', 'core')).toBeUndefined();
  });

  test.each([
    ['a malformed id', (places: Places) => joining(places.team(), 'x')],
    ['a foreign team', (places: Places) => joining(unknownId, places.user('linus'))],
  ])('33: one row with %s refuses the whole call, graceful too', async (_, wrong) => {
    const places = await placesFor();
    const rows = [joining(places.team(), places.user('grace')), wrong(places)];

    expect(outcome(await places.ask('POST', `/teams/${places.team()}/members/batch?graceful=true`, rows))).toBe(
      invalidBody,
    );
    expect(places.roles('grace', 'core')).toBeUndefined();
  });

  test('34: a person named twice has two rows', async () => {
    const places = await placesFor();

    expect((await batch(places, ['grace', 'grace'], '?graceful=true')).rows).toHaveLength(2);
  });

  test('35: posts in the name of the caller, twice a person', async () => {
    const places = await placesFor();

    await batch(places, ['grace', 'linus']);

    expect(places.posts('core/town-square')).toEqual(['system_add_to_team', 'system_add_to_team']);
    expect(places.posts('core/off-topic')).toEqual(['system_add_to_channel', 'system_add_to_channel']);
    expect(places.sandbox.posts[0]).toMatchObject({
      user_id: places.user('sandbox-admin'),
      about_id: places.user('grace'),
    });
  });

  test('36: stops at the seats of the team, with those before added', async () => {
    const places = await placesFor({ config: { 'TeamSettings.MaxUsersPerTeam': 2 } });

    const seen = await batch(places, ['grace', 'linus'], '?graceful=true');

    expect(seen.rows.map(({ error }) => error === null)).toEqual([true, false]);
  });
});

describe('trap of a team that is bound to groups', () => {
  test('37: binding needs no licence and empties the team, the admin included', async () => {
    const places = await placesFor({
      seed: { users: [{ username: 'ada', teams: [{ team: 'core', role: 'admin' }] }] },
    });

    await places.ask('PUT', `/teams/${places.team()}/patch`, { group_constrained: true });

    expect(places.roles('ada', 'core')).toBe('team_user team_admin left');
    expect((await places.ask('GET', `/teams/${places.team()}/stats`)).json).toMatchObject({ total_member_count: 0 });
  });

  test('38: unbinding brings no one back', async () => {
    const places = await placesFor();

    await places.ask('PUT', `/teams/${places.team()}/patch`, { group_constrained: true });
    await places.ask('PUT', `/teams/${places.team()}/patch`, { group_constrained: false });

    expect(places.roles('ada', 'core')).toBe('team_user left');
  });

  test('39: takes no person, whether one by one or in a batch, graceful or not; a bot passes', async () => {
    const places = await placesFor({
      seed: {
        teams: [{ name: 'core', group_constrained: true }],
        users: [{ username: 'grace' }, { username: 'robot', is_bot: true }],
      },
    });
    const denied = '400 api.team.add_members.user_denied';

    expect(outcome(await add(places, 'grace'))).toBe(denied);
    expect(outcome(await batch(places, ['robot', 'grace'], '?graceful=true'))).toBe(denied);
    expect(outcome(await add(places, 'robot'))).toBe('201');
  });

  test('40: lets go of no person but a bot', async () => {
    const places = await placesFor({
      seed: {
        teams: [{ name: 'core', group_constrained: true }],
        users: [
          { username: 'ada', teams: ['core'] },
          { username: 'robot', is_bot: true, teams: ['core'] },
        ],
      },
    });

    expect(outcome(await remove(places, 'ada'))).toBe('400 api.team.remove_member.group_constrained.app_error');
    expect(outcome(await remove(places, 'robot'))).toBe('200');
  });
});

describe('trap of roles in a team', () => {
  test('41: schemeRoles on a person who left is 200 and changes the row, and a rejoin resets it', async () => {
    const places = await placesFor({ seed: { users: [{ username: 'ada', teams: [{ team: 'core', left: true }] }] } });

    expect(outcome(await schemeRoles(places, 'ada', true))).toBe('200');
    expect(places.roles('ada', 'core')).toBe('team_user team_admin left');
    await add(places, 'ada');

    expect(places.roles('ada', 'core')).toBe('team_user');
  });

  test('42: a person who was never a member has no roles: 404', async () => {
    const places = await placesFor();

    expect(outcome(await schemeRoles(places, 'grace', true))).toBe('404 app.team.get_member.missing.app_error');
  });

  test('43: schemeRoles wants scheme_user, and no guest', async () => {
    const places = await placesFor();
    const send = (body: unknown): Promise<string> =>
      places.ask('PUT', `/teams/${places.team()}/members/${places.user('ada')}/schemeRoles`, body).then(outcome);

    expect(await send({ scheme_admin: true })).toBe(
      '400 api.team.update_team_member_roles.unset_user_scheme.app_error',
    );
    expect(await send({ scheme_user: true, scheme_guest: true })).toBe(
      '400 api.team.update_team_member_roles.user_and_guest.app_error',
    );
    expect(await send('{')).toBe(invalidBody);
  });

  test('44: a guest can hold no flag', async () => {
    const places = await placesFor({
      seed: { users: [{ username: 'vendor', roles: 'system_guest', teams: ['core'] }] },
    });

    expect(outcome(await schemeRoles(places, 'vendor', true))).toBe(
      '400 api.team.update_team_member_roles.guest.app_error',
    );
  });

  test.each([
    ['team_admin', 'team_admin'],
    ['', ''],
    ['team_post_all', 'team_post_all'],
  ])('45: roles takes "%s", and leaves a member who is none', async (roles, expected) => {
    const places = await placesFor();

    const seen = await places.ask('PUT', `/teams/${places.team()}/members/${places.user('ada')}/roles`, { roles });

    expect(outcome(seen)).toBe('200');
    expect(places.roles('ada', 'core')).toBe(expected);
  });

  test('46: roles replaces explicit ones, too, and a body that cannot be read is the empty text', async () => {
    const places = await placesFor({
      seed: { users: [{ username: 'ada', teams: [{ team: 'core', roles: ['team_post_all'] }] }] },
    });

    await places.ask('PUT', `/teams/${places.team()}/members/${places.user('ada')}/roles`, '{');

    expect(places.roles('ada', 'core')).toBe('');
  });

  test.each([
    ['nosuch', '400 app.role.get_by_name.app_error'],
    ['channel_user', '400 api.channel.update_team_member_roles.scheme_role.app_error'],
    ['team_guest', '400 api.channel.update_team_member_roles.changing_guest_role.app_error'],
    ['team_user team_guest', '400 api.team.update_team_member_roles.guest_and_user.app_error'],
    ['TEAM_USER', invalidBody],
  ])('47: roles refuses "%s"', async (roles, expected) => {
    const places = await placesFor();

    const seen = await places.ask('PUT', `/teams/${places.team()}/members/${places.user('ada')}/roles`, { roles });

    expect(outcome(seen)).toBe(expected);
    expect(places.roles('ada', 'core')).toBe('team_user');
  });

  test('48: a role change posts nothing', async () => {
    const places = await placesFor();

    await schemeRoles(places, 'ada', true);

    expect(places.sandbox.posts).toEqual([]);
  });
});

describe('trap of guests', () => {
  const licence = { licence: 'enterprise', config: { 'GuestAccountsSettings.Enable': true } } as const;

  test('49: a demotion keeps memberships, makes them a guest’s and clears every admin flag', async () => {
    const membership = { team: 'core', role: 'admin', channels: [{ channel: 'ops', role: 'admin' }] } as const;
    const places = await placesFor({ ...licence, seed: { users: [{ username: 'ada', teams: [membership] }] } });

    await places.ask('POST', `/users/${places.user('ada')}/demote`);

    expect(places.roles('ada', 'core')).toBe('team_guest');
    expect(places.roles('ada', 'core/ops')).toBe('channel_guest');
    expect(places.roles('ada', 'core/town-square')).toBe('channel_guest');
  });

  test('50: a promotion flips the rows, and joins the default channels as the guest that was', async () => {
    const guest = { username: 'vendor', roles: 'system_guest', teams: [{ team: 'core', channels: ['dev'] }] };
    const places = await placesFor({ ...licence, seed: { users: [guest] } });

    await places.ask('POST', `/users/${places.user('vendor')}/promote`);

    expect(places.sandbox.control.memberships('vendor').map(({ place, roles }) => `${place} ${roles}`)).toEqual([
      'core team_user',
      'core/dev channel_user',
      'core/off-topic channel_guest',
      'core/town-square channel_guest',
    ]);
  });

  test('51: a guest sees those with whom they share a channel, and no one else', async () => {
    const guest = { username: 'vendor', roles: 'system_guest', teams: [{ team: 'core', channels: ['dev'] }] };
    const users = [
      guest,
      { username: 'ada', teams: [{ team: 'core', channels: ['dev'] }] },
      { username: 'grace', teams: ['core'] },
    ];
    const places = await placesFor({ ...licence, seed: { users } });
    const vendor = member(places.sandbox, 'vendor');

    expect(outcome(await vendor.ask('GET', `/users/${places.user('ada')}`))).toBe('200');
    expect(outcome(await vendor.ask('GET', `/users/${places.user('grace')}`))).toBe(forbidden);
  });
});

describe('trap of teams themselves', () => {
  const create = (places: Places, body: object): Promise<string> =>
    places.ask('POST', '/teams', { display_name: 'New', type: 'O', ...body }).then(outcome);

  test('52: the creator becomes member and admin, and the team has their address', async () => {
    const places = await placesFor();
    const grace = member(places.sandbox, 'grace');

    const seen = await grace.ask('POST', '/teams', { name: 'mine', display_name: 'Mine', type: 'O' });

    expect(seen.json).toMatchObject({ email: 'grace@example.com', allow_open_invite: false });
    expect(places.roles('grace', 'mine')).toBe('team_user team_admin');
  });

  test('53: the name of an archived team stays taken', async () => {
    const places = await placesFor({ seed: { teams: [{ name: 'core', archived: true }] } });

    expect(await create(places, { name: 'core' })).toBe('400 store.sql_team.save_team.existing.app_error');
  });

  test.each([
    ['postgres', 'model.team.is_valid.reserved.app_error'],
    ['boards9', 'model.team.is_valid.reserved.app_error'],
    ['a', 'model.team.is_valid.characters.app_error'],
    ['Core', 'model.team.is_valid.characters.app_error'],
    ['core-', 'model.team.is_valid.characters.app_error'],
    ['', 'model.team.is_valid.characters.app_error'],
  ])('54: a team cannot be called "%s"', async (name, id) => {
    const places = await placesFor();

    expect(await create(places, { name })).toBe(`400 ${id}`);
  });

  test('55: a patch passes over name and type', async () => {
    const places = await placesFor();

    const seen = await places.ask('PUT', `/teams/${places.team()}/patch`, {
      name: 'other',
      type: 'I',
      display_name: 'Core 2',
    });

    expect(seen.json).toMatchObject({ name: 'core', type: 'O', display_name: 'Core 2' });
  });

  test('56: closing a team to all makes a new invite', async () => {
    const places = await placesFor({ seed: { teams: [{ name: 'core', allow_open_invite: true }] } });
    const invite = places.sandbox.control.team('core').invite_id;

    await places.ask('PUT', `/teams/${places.team()}/patch`, { allow_open_invite: false });

    expect(places.sandbox.control.team('core').invite_id).not.toBe(invite);
  });

  test('57: archiving twice and restoring a live team are 200, and memberships stay', async () => {
    const places = await placesFor();
    const path = `/teams/${places.team()}`;

    expect(outcome(await places.ask('DELETE', path))).toBe('200');
    expect(outcome(await places.ask('DELETE', path))).toBe('200');
    expect(outcome(await places.ask('POST', `${path}/restore`))).toBe('200');
    expect(outcome(await places.ask('POST', `${path}/restore`))).toBe('200');
    expect(places.roles('ada', 'core')).toBe('team_user');
  });

  test('58: the invite and the address are for those who manage', async () => {
    const places = await placesFor();
    const ada = member(places.sandbox, 'ada');

    const mine = await ada.ask('GET', `/teams/${places.team()}`);
    const full = await places.ask('GET', `/teams/${places.team()}`);

    expect(mine.json).toMatchObject({ email: '', invite_id: expect.stringMatching(/^\w{26}$/) });
    expect(full.json).toMatchObject({ email: 'sandbox-admin@example.com' });
  });
});
