import { describe, expect, test } from 'vitest';
import { type Places, placesFor } from './places.ts';
import { forbidden, invalidBody, member, outcome, type Seen, unknownId } from './support.ts';

/** The traps of reading teams, channels and their members (memberships reference §0, §2, §9). */

const people = (count: number, fields: object): readonly { readonly username: string }[] =>
  Array.from({ length: count }, (_, index) => ({ username: `p${index}`, ...fields }));

const idsOf = ({ rows }: Seen): readonly string[] => rows.map(({ user_id }) => String(user_id));

const names = ({ rows }: Seen): readonly string[] => rows.map(({ name, username }) => String(name ?? username));

describe('trap of an account', () => {
  test('93: without a team it sees no team and no channel, and lists people all the same', async () => {
    const places = await placesFor();
    const grace = member(places.sandbox, 'grace');

    expect((await grace.ask('GET', '/teams')).text).toBe('[]');
    expect((await grace.ask('GET', '/users/me/teams')).text).toBe('[]');
    expect(outcome(await grace.ask('GET', `/teams/${places.team()}`))).toBe(forbidden);
    expect((await grace.ask('GET', '/users')).rows.length).toBeGreaterThan(1);
  });

  test('94: the channels of a person who has none are 404, behind a bracket that was written before; 200 without compression', async () => {
    const places = await placesFor();
    const grace = member(places.sandbox, 'grace');

    const seen = await grace.ask('GET', '/users/me/channels');

    const plain = await grace.ask('GET', '/users/me/channels', undefined, { 'Accept-Encoding': 'identity' });

    expect([seen.status, plain.status]).toEqual([404, 200]);
    expect(seen.text).toMatch(/^\[\{"id":"app\.channel\.get_channels\.not_found\.app_error"/);
  });

  test('95: without_team finds people who left all teams, and not those whose only team is archived', async () => {
    const places = await placesFor({
      seed: {
        teams: ['core', { name: 'old', archived: true }],
        users: [
          { username: 'ada', teams: ['core'] },
          { username: 'grace', teams: [{ team: 'core', left: true }] },
          { username: 'linus', teams: ['old'] },
        ],
      },
    });

    expect(names(await places.ask('GET', '/users?without_team=true'))).toEqual(['grace', 'sandbox-admin']);
  });

  test('95: the report of people without a team says the same, also as of some writes ago', async () => {
    const users = [{ username: 'ada', teams: ['core'] }, { username: 'grace' }];
    const places = await placesFor({ seed: { users } });
    const report = (query: string): Promise<readonly string[]> =>
      places.ask('GET', `/reports/users?${query}`).then(names);
    const team = places.team();

    expect(await report('has_no_team=true')).toEqual(['grace', 'sandbox-admin']);
    expect(await report(`team_filter=${team}`)).toEqual(['ada']);
    await places.ask('DELETE', `/teams/${team}/members/${places.user('ada')}`);
    expect(await report('has_no_team=true')).toEqual(['ada', 'grace', 'sandbox-admin']);
    places.sandbox.faults.add({ kind: 'stale-read', writes: 1 });

    expect(await report('has_no_team=true')).toEqual(['grace', 'sandbox-admin']);
  });

  test('96: the teams of a person leave out archived ones, and their memberships know nothing of that', async () => {
    const places = await placesFor({
      seed: { teams: [{ name: 'old', archived: true }], users: [{ username: 'ada', teams: ['old'] }] },
    });

    expect((await places.ask('GET', `/users/${places.user('ada')}/teams`)).text).toBe('[]');
    expect((await places.ask('GET', `/users/${places.user('ada')}/teams/members`)).rows).toMatchObject([
      { delete_at: 0 },
    ]);
  });

  test('97: the memberships of a person hold the teams that they left', async () => {
    const places = await placesFor({ seed: { users: [{ username: 'ada', teams: [{ team: 'core', left: true }] }] } });

    const [row] = (await places.ask('GET', `/users/${places.user('ada')}/teams/members`)).rows;

    expect(row?.['delete_at']).not.toBe(0);
  });

  test('98: of an unknown account everything is empty, with 200', async () => {
    const places = await placesFor();

    expect((await places.ask('GET', `/users/${unknownId}/teams`)).text).toBe('[]');
    expect((await places.ask('GET', `/users/${unknownId}/teams/members`)).text).toBe('[]');
  });

  test('99: channel memberships of a person come line by line, with the names of teams; none is 404', async () => {
    const places = await placesFor();

    const seen = await places.ask('GET', `/users/${places.user('ada')}/channel_members?page=-1`);
    const none = await places.ask('GET', `/users/${places.user('grace')}/channel_members?page=-1`);

    expect(seen.headers.get('content-type')).toBe('application/x-ndjson');
    expect(
      seen.text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    ).toMatchObject([{ team_name: 'core' }, { team_name: 'core' }]);
    expect(outcome(none)).toBe('404 app.channel.get_member.missing.app_error');
  });

  test('100: the moments of a channel membership are for the person alone', async () => {
    const places = await placesFor();
    const path = `/channels/${places.channel('core/off-topic')}/members/${places.user('ada')}`;
    const ada = member(places.sandbox, 'ada');

    expect((await places.ask('GET', path)).json).toMatchObject({ last_viewed_at: -1, last_update_at: -1 });
    expect((await ada.ask('GET', path)).json).toMatchObject({ last_viewed_at: 0 });
  });
});

describe('trap of a team', () => {
  test('101: a plain member lists no team that is not open to all, their own included', async () => {
    const places = await placesFor({ seed: { teams: ['core', { name: 'open', allow_open_invite: true }] } });
    const ada = member(places.sandbox, 'ada');

    expect(names(await ada.ask('GET', '/teams'))).toEqual(['open']);
    expect((await ada.ask('GET', '/teams?include_total_count=true')).json).toMatchObject({ total_count: 1 });
  });

  test('102: archived teams are listed, and found by name', async () => {
    const places = await placesFor({ seed: { teams: [{ name: 'old', archived: true }], users: [] } });

    expect(names(await places.ask('GET', '/teams'))).toEqual(['old']);
    expect((await places.ask('GET', '/teams/name/old')).json['delete_at']).not.toBe(0);
  });

  test('103: teams of the same display name come in any order, so pages shift', async () => {
    const teams = Array.from({ length: 20 }, (_, index) => ({ name: `team-${index}`, display_name: 'Same' }));
    const places = await placesFor({ seed: { teams, users: [] } });

    const lists = await Promise.all(Array.from({ length: 3 }, () => places.ask('GET', '/teams')));

    expect(new Set(lists.map((seen) => names(seen).join())).size).toBeGreaterThan(1);
  });

  test('104: the listing leaves out those who left, and holds inactive accounts unless they are excluded', async () => {
    const places = await placesFor({
      seed: {
        users: [
          { username: 'ada', teams: ['core'] },
          { username: 'gone', active: false, teams: ['core'] },
          { username: 'left', teams: [{ team: 'core', left: true }] },
        ],
      },
    });
    const path = `/teams/${places.team()}/members`;
    const [ada, gone] = [places.user('ada'), places.user('gone')];

    expect(idsOf(await places.ask('GET', path)).toSorted()).toEqual([ada, gone].toSorted());
    expect(idsOf(await places.ask('GET', `${path}?exclude_deleted_users=true`))).toEqual([ada]);
    expect((await places.ask('GET', `/teams/${places.team()}/stats`)).json).toMatchObject({
      total_member_count: 2,
      active_member_count: 1,
    });
  });

  test('105: the listing is in the order of ids, of names with Username, and of nothing with any other word', async () => {
    const places = await placesFor({ seed: { users: people(30, { teams: ['core'] }) } });
    const path = `/teams/${places.team()}/members`;
    const byId = idsOf(await places.ask('GET', path));
    const other = await Promise.all([1, 2].map(() => places.ask('GET', `${path}?sort=username`)));

    expect(byId).toEqual(byId.toSorted());
    expect(idsOf(await places.ask('GET', `${path}?sort=Username`))[0]).toBe(places.user('p0'));
    expect(idsOf(other[0] as Seen)).not.toEqual(idsOf(other[1] as Seen));
  });

  test('106: a page of 0 is empty, one over 200 is cut, and negative values are the first 60', async () => {
    const places = await placesFor({ seed: { users: people(250, { teams: ['core'] }) } });
    const count = (query: string): Promise<number> =>
      places.ask('GET', `/teams/${places.team()}/members?${query}`).then(({ rows }) => rows.length);

    expect(await count('per_page=0')).toBe(0);
    expect(await count('per_page=1000')).toBe(200);
    expect(await count('per_page=-1&page=-3')).toBe(60);
  });

  test('107: by ids, who left, who never was there and what is no id are just missing', async () => {
    const places = await placesFor({
      seed: {
        users: [
          { username: 'ada', teams: ['core'] },
          { username: 'left', teams: [{ team: 'core', left: true }] },
        ],
      },
    });
    const ids = ['x', places.user('left'), unknownId, places.user('ada'), places.user('ada')];

    expect(idsOf(await places.ask('POST', `/teams/${places.team()}/members/ids`, ids))).toEqual([places.user('ada')]);
  });

  test('108: an empty question by ids is refused', async () => {
    const places = await placesFor();

    expect(outcome(await places.ask('POST', `/teams/${places.team()}/members/ids`, []))).toBe(invalidBody);
    expect(outcome(await places.ask('POST', `/channels/${places.channel('core/dev')}/members/ids`, []))).toBe(
      invalidBody,
    );
  });

  test('109: an unknown team has no members and counts 0, with 200', async () => {
    const places = await placesFor();

    expect((await places.ask('POST', `/teams/${unknownId}/members/ids`, [places.user('ada')])).text).toBe('[]');
    expect((await places.ask('GET', `/teams/${unknownId}/stats`)).json).toMatchObject({ total_member_count: 0 });
    expect(outcome(await places.ask('GET', `/teams/${unknownId}`))).toBe('404 app.team.get.find.app_error');
  });

  test('110: an unknown channel is forbidden, to administrators too', async () => {
    const places = await placesFor();

    expect(outcome(await places.ask('POST', `/channels/${unknownId}/members/ids`, [places.user('ada')]))).toBe(
      forbidden,
    );
  });

  test('111: by ids there is no limit but that of the body: 10,362 ids fit, 10,363 do not', async () => {
    const places = await placesFor();
    const ask = (count: number): Promise<string> =>
      places
        .ask(
          'POST',
          `/teams/${places.team()}/members/ids`,
          Array.from({ length: count }, () => unknownId),
        )
        .then(outcome);

    expect(await ask(10_362)).toBe('200');
    expect(await ask(10_363)).toBe('413 api.context.request_body_too_large.app_error');
  });
});

describe('trap of a channel', () => {
  const dev = { teams: [{ team: 'core', channels: ['dev'] }] };
  const path = (places: Places): string => `/channels/${places.channel('core/dev')}/members`;

  test('112: its pages have no order: a role change between two of them skips one person and repeats another', async () => {
    const places = await placesFor({ seed: { users: people(6, dev) } });
    const first = idsOf(await places.ask('GET', `${path(places)}?per_page=3&page=0`));

    await places.ask('PUT', `${path(places)}/${first[0] ?? ''}/schemeRoles`, {
      scheme_user: true,
      scheme_admin: true,
    });
    const second = idsOf(await places.ask('GET', `${path(places)}?per_page=3&page=1`));

    expect(new Set([...first, ...second]).size).toBe(5);
  });

  test('113: a page of 0 is everybody at once', async () => {
    const places = await placesFor({ seed: { users: people(250, dev) } });

    expect((await places.ask('GET', `${path(places)}?per_page=0`)).rows).toHaveLength(250);
    expect((await places.ask('GET', `${path(places)}?per_page=1000`)).rows).toHaveLength(200);
  });

  test('114: its figures count active accounts alone: the listing is longer', async () => {
    const places = await placesFor({
      seed: { users: [...people(2, dev), { username: 'gone', active: false, ...dev }] },
    });
    const id = places.channel('core/dev');

    expect((await places.ask('GET', path(places))).rows).toHaveLength(3);
    expect((await places.ask('GET', `/channels/${id}/stats`)).json).toMatchObject({ member_count: 2, guest_count: 0 });
    expect((await places.ask('POST', '/channels/stats/member_count', [id, unknownId])).json).toEqual({
      [id]: 2,
      [unknownId]: 0,
    });
  });

  test('115: archived ones are found by name only when asked for', async () => {
    const places = await placesFor({
      seed: { teams: [{ name: 'core', channels: [{ name: 'dev', archived: true }] }] },
    });
    const name = `/teams/${places.team()}/channels/name/dev`;

    expect(outcome(await places.ask('GET', name))).toBe('404 app.channel.get_by_name.missing.app_error');
    expect((await places.ask('GET', `${name}?include_deleted=true`)).json['delete_at']).not.toBe(0);
    expect(names(await places.ask('GET', `/teams/${places.team()}/channels/deleted`))).toEqual(['dev']);
  });

  test('116: private ones stand in a list of their own, for administrators', async () => {
    const places = await placesFor();
    const ada = member(places.sandbox, 'ada');

    expect(names(await places.ask('GET', `/teams/${places.team()}/channels/private`))).toEqual(['ops']);
    expect(names(await places.ask('GET', `/teams/${places.team()}/channels`)).toSorted()).toEqual([
      'dev',
      'off-topic',
      'town-square',
    ]);
    expect(outcome(await ada.ask('GET', `/teams/${places.team()}/channels/private`))).toBe(forbidden);
  });

  test('117: a write may not be seen yet in lists and by ids, and is seen in a single look-up', async () => {
    const places = await placesFor();
    await places.ask('POST', path(places), { user_id: places.user('ada') });
    places.sandbox.faults.add({ kind: 'stale-read', writes: 1, times: Number.POSITIVE_INFINITY });

    expect((await places.ask('POST', `${path(places)}/ids`, [places.user('ada')])).text).toBe('[]\n');
    expect((await places.ask('GET', path(places))).rows).toEqual([]);
    expect(outcome(await places.ask('GET', `${path(places)}/${places.user('ada')}`))).toBe('200');
  });

  test('118: the same for a team that a person just left', async () => {
    const places = await placesFor();
    const members = `/teams/${places.team()}/members`;
    await places.ask('DELETE', `${members}/${places.user('ada')}`);
    places.sandbox.faults.add({ kind: 'stale-read', writes: 1, times: Number.POSITIVE_INFINITY });

    expect((await places.ask('POST', `${members}/ids`, [places.user('ada')])).rows).toHaveLength(1);
    expect((await places.ask('GET', members)).rows).toHaveLength(1);
    expect((await places.ask('GET', `${members}/${places.user('ada')}`)).json['delete_at']).not.toBe(0);
  });

  test('119: people are listed by place, active and inactive, in the order of names', async () => {
    const places = await placesFor({ seed: { users: [...people(3, dev), { username: 'outside', teams: ['core'] }] } });
    const id = places.channel('core/dev');
    const list = (query: string): Promise<readonly string[]> => places.ask('GET', `/users?${query}`).then(names);

    expect(await list(`in_channel=${id}`)).toEqual(['p0', 'p1', 'p2']);
    expect(await list(`in_team=${places.team()}`)).toEqual(['outside', 'p0', 'p1', 'p2']);
    expect(await list(`in_team=${places.team()}&not_in_channel=${id}`)).toEqual(['outside']);
    expect(await list(`not_in_team=${places.team()}`)).toEqual(['sandbox-admin']);
    expect((await places.ask('GET', `/users/stats/filtered?in_team=${places.team()}`)).json).toEqual({
      total_users_count: 4,
    });
  });
});
