import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient, type WriteClient } from '../../src/api/index.ts';
import { Secret } from '../../src/model/secret.ts';
import { type RecordingServer, sendJson, startRecordingServer } from './support/recording-server.ts';
import { channel, channelId, channelMember, team, teamId, teamMember, userId } from './support/samples.ts';

const otherId = 'x'.repeat(26);

let server: RecordingServer;
let client: WriteClient;
let answer: unknown;
let headers: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  server = await startRecordingServer((_, response) => {
    if (typeof answer === 'string') response.writeHead(200, headers).end(answer);
    else sendJson(response, 200, answer);
  });
  client = createClient({ url: server.url, token: new Secret('k'.repeat(26)) });
});

afterAll(async () => {
  await client.close();
  await server.close();
});

async function problemOf(call: PromiseLike<unknown>): Promise<string> {
  const error = await Promise.resolve(call).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: 'API_BAD_ANSWER' });
  return error instanceof Error ? error.message : '';
}

test('an invite id is left behind: who knows it may join the team', async () => {
  answer = [team];

  const [found] = await client.teams.list();

  expect(found).toMatchObject({ id: teamId, email: 'ada@example.com', group_constrained: false, scheme_id: '' });
  expect(JSON.stringify(found)).not.toContain('i'.repeat(26));
});

test('a membership without delete_at is refused: the person may have left', async () => {
  const { delete_at: _, ...rest } = teamMember;
  answer = rest;

  expect(await problemOf(client.teams.getMember(teamId, userId))).toContain('delete_at');
});

test('a team without delete_at is refused: it may be archived', async () => {
  const { delete_at: _, ...rest } = team;
  answer = rest;

  expect(await problemOf(client.teams.get(teamId))).toContain('delete_at');
});

describe.each<[what: string, call: () => PromiseLike<unknown>, wrong: unknown]>([
  ['another team', () => client.teams.get(teamId), { ...team, id: otherId }],
  ['another team', () => client.teams.getByName('other'), team],
  ['another team', () => client.teams.members(teamId), [{ ...teamMember, team_id: otherId }]],
  ['another team', () => client.teams.membersByIds(teamId, [userId]), [{ ...teamMember, team_id: otherId }]],
  ['another membership', () => client.teams.getMember(teamId, userId), { ...teamMember, user_id: otherId }],
  ['another membership', () => client.teams.membershipsOf(userId), [{ ...teamMember, user_id: otherId }]],
  ['another membership', () => client.teams.addMember(teamId, userId), { ...teamMember, team_id: otherId }],
  [
    'another membership',
    () => client.teams.addMembers(teamId, [userId]),
    [{ user_id: userId, member: { ...teamMember, user_id: otherId }, error: null }],
  ],
  ['another channel', () => client.channels.get(channelId), { ...channel, id: otherId }],
  ['another channel', () => client.channels.getByName(teamId, 'ops'), channel],
  ['another channel', () => client.channels.members(channelId), [{ ...channelMember, channel_id: otherId }]],
  ['another channel', () => client.channels.memberCounts([channelId]), { [otherId]: 3 }],
  ['another team', () => client.channels.publicOf(teamId), [{ ...channel, team_id: otherId }]],
  ['another team', () => client.channels.ofUserInTeam(userId, teamId), [{ ...channel, team_id: otherId }]],
  ['another membership', () => client.channels.addMember(channelId, userId), { ...channelMember, user_id: otherId }],
])('an answer about %s', (what, call, wrong) => {
  test('is refused', async () => {
    answer = wrong;

    expect(await problemOf(call())).toContain(`the answer is about ${what}`);
  });
});

test.each<[title: string, call: () => PromiseLike<unknown>, row: object]>([
  ['of a team by ids', () => client.teams.membersByIds(teamId, [userId]), teamMember],
  ['of a channel by ids', () => client.channels.membersByIds(channelId, [userId]), channelMember],
  ['added to a channel', () => client.channels.addMembers(channelId, [userId]), channelMember],
  [
    'added to a team',
    () => client.teams.addMembers(teamId, [userId]),
    { user_id: userId, member: teamMember, error: null },
  ],
])('people %s are those who were asked for, each once', async (_, call, row) => {
  answer = [row, row];
  expect(await problemOf(call())).toContain('holds the same account twice');

  answer = [{ ...JSON.parse(JSON.stringify(row).replaceAll(userId, otherId)) }];
  expect(await problemOf(call())).toContain('an account that was not asked for');
});

describe('a batch of people for a team', () => {
  const added = (): PromiseLike<unknown> => client.teams.addMembers(teamId, [userId]);

  test('says a membership or an error for each', async () => {
    answer = [{ user_id: userId, member: null, error: { id: 'api.team.add_members.user_denied', status_code: 400 } }];

    expect(await added()).toEqual([
      { user_id: userId, member: undefined, error: { id: 'api.team.add_members.user_denied', status: 400 } },
    ]);
  });

  test.each([
    ['both', { user_id: userId, member: teamMember, error: { id: 'a.b', status_code: 400 } }],
    ['neither', { user_id: userId, member: null, error: null }],
  ])('is refused where a row has %s', async (found, row) => {
    answer = [row];

    expect(await problemOf(added())).toContain(`expected a member or an error, found ${found}`);
  });

  test('does not repeat what is no name of an error', async () => {
    answer = [{ user_id: userId, member: null, error: { id: 'k'.repeat(26), status_code: 400 } }];

    expect(await added()).toEqual([{ user_id: userId, member: undefined, error: { id: undefined, status: 400 } }]);
  });
});

test('a channel to which no one was added may be written as null', async () => {
  answer = 'null';
  headers = { 'content-type': 'application/json' };

  expect(await client.channels.addMembers(channelId, [userId])).toEqual([]);
});

describe('memberships that come line by line', () => {
  const line = JSON.stringify(channelMember);
  const read = (): PromiseLike<readonly unknown[]> => client.channels.membershipsOf(userId);

  test('are a list', async () => {
    headers = { 'content-type': 'application/x-ndjson' };
    answer = `${line}\n${line}\n`;

    expect(await read()).toHaveLength(2);
  });

  test('are none where there is no line', async () => {
    headers = { 'content-type': 'application/x-ndjson' };
    answer = '';

    expect(await read()).toEqual([]);
  });

  test.each([
    ['a line was cut short', `${line}\n${line.slice(0, 30)}`],
    ['a line is no JSON', `${line}\n<html>\n`],
    ['an error stands within', `${line}\n{"id":"app.channel.error","message":"no"}\n`],
  ])('are refused where %s', async (_, text) => {
    headers = { 'content-type': 'application/x-ndjson' };
    answer = text;

    expect(await problemOf(read())).toMatch(/expected (?:lines of JSON|JSON|an id)/);
  });

  test('are refused as one JSON text', async () => {
    headers = { 'content-type': 'application/json' };
    answer = `[${line}]`;

    expect(await problemOf(read())).toContain('expected application/x-ndjson, found application/json');
  });
});

describe('the settings of teams', () => {
  const installed = {
    maxUsersPerTeam: 50,
    maxChannelsPerTeam: 2000,
    defaultChannels: ['off-topic'],
    disablesBotsOfLeavers: true,
  };

  test.each<[title: string, config: unknown, expected: object]>([
    ['read as installed where nothing was set', {}, installed],
    ['read a number', { TeamSettings: { MaxUsersPerTeam: 9000 } }, { ...installed, maxUsersPerTeam: 9000 }],
    [
      'leave town-square out, which everybody joins',
      { TeamSettings: { ExperimentalDefaultChannels: ['town-square', 'news'] } },
      { ...installed, defaultChannels: ['news'] },
    ],
    [
      'read a switch',
      { ServiceSettings: { DisableBotsWhenOwnerIsDeactivated: false } },
      { ...installed, disablesBotsOfLeavers: false },
    ],
  ])('%s', async (_, config, expected) => {
    answer = config;

    expect(await client.system.teamSettings()).toEqual(expected);
  });
});

test('an error behind the bracket of a list that was begun keeps its id', async () => {
  const failing = await startRecordingServer((_, response) =>
    response
      .writeHead(404, { 'content-type': 'application/json' })
      .end('[{"id":"app.channel.get_channels.not_found.app_error","message":"none","status_code":404}'),
  );
  const other = createClient({ url: failing.url, token: new Secret('k'.repeat(26)) });

  await expect(other.channels.ofUser(userId)).rejects.toMatchObject({
    code: 'API_NOT_FOUND',
    id: 'app.channel.get_channels.not_found.app_error',
  });
  await other.close();
  await failing.close();
});

test.each<[title: string, call: (other: WriteClient) => PromiseLike<unknown>]>([
  ['teams.list', (other) => other.teams.list()],
  ['teams.count', (other) => other.teams.count()],
  ['teams.get', (other) => other.teams.get(teamId)],
  ['teams.getByName', (other) => other.teams.getByName('main')],
  ['teams.ofUser', (other) => other.teams.ofUser(userId)],
  ['teams.create', (other) => other.teams.create({ name: 'main', display_name: 'Main', type: 'O' })],
  ['teams.patch', (other) => other.teams.patch(teamId, { description: '' })],
  ['teams.restore', (other) => other.teams.restore(teamId)],
])('an error of %s does not repeat an invite id', async (_, call) => {
  const invite = 'abcdefghijklmnopqrstuvwx12';
  const failing = await startRecordingServer((__, response) =>
    sendJson(response, 400, { id: 'api.team.error', message: `no: ${invite}`, status_code: 400 }),
  );
  const other = createClient({ url: failing.url, token: new Secret('k'.repeat(26)) });

  const error: unknown = await Promise.resolve(call(other)).catch((thrown: unknown) => thrown);
  await other.close();
  await failing.close();

  expect(error).toMatchObject({ code: 'API_BAD_REQUEST', id: 'api.team.error' });
  expect(String(error)).not.toContain(invite);
});
