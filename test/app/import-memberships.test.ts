/** What `import` writes of teams and channels, and what it costs to ask. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { importUsers } from '../../src/app/import-users.ts';
import { plan } from '../../src/app/plan.ts';
import type { UserEntry, UsersFile } from '../../src/model/generated/users-file.ts';
import type { MembershipsWritten } from '../../src/model/resource-definition.ts';
import type { SeedTeam, SeedUser } from '../../src/sandbox/index.ts';
import { apiPath, crowd, openStage, type Stage } from '../apply/support/stage.ts';

const teams: readonly SeedTeam[] = [
  { name: 'core', channels: ['dev', { name: 'ops', type: 'P' }, { name: 'gone', archived: true }] },
  { name: 'sales', channels: [{ name: 'deals', type: 'P' }] },
  { name: 'closed', archived: true },
  { name: 'synced', group_constrained: true },
];

const users: readonly SeedUser[] = [
  {
    username: 'ada',
    teams: [
      { team: 'core', role: 'admin', channels: ['dev', { channel: 'ops', role: 'admin' }, 'gone'] },
      'sales',
      'closed',
      'synced',
    ],
  },
  { username: 'bob', teams: [{ team: 'core', left: true, role: 'admin' }, 'sales'] },
  { username: 'cy' },
  { username: 'gail', roles: 'system_guest', teams: [{ team: 'core', channels: ['dev'] }, 'sales'] },
  { username: 'lee', active: false, teams: [{ team: 'core', role: 'admin', channels: ['ops'] }] },
];

const openTeams = (): Promise<Stage> => openStage({ teams, users, config: { 'GuestAccountsSettings.Enable': true } });

interface Imports {
  readonly text: string;
  readonly entries: ReadonlyMap<string, UserEntry>;
  /** Those for teams and channels, with placeholders for ids, in order. */
  readonly requests: readonly string[];
}

async function importOf(stage: Stage, memberships?: MembershipsWritten, names?: readonly string[]): Promise<Imports> {
  const from = stage.sandbox.requests.length;
  const options = { ...(memberships !== undefined && { memberships }), ...(names !== undefined && { users: names }) };
  const { text } = await importUsers(options, stage.ports);
  const requests = stage.sandbox.requests.slice(from).map((request) => `${request.method} ${apiPath(request)}`);
  return {
    text,
    entries: new Map((parse(text) as UsersFile).users.map((entry) => [entry.username, entry])),
    requests: requests.map((line) => line.replace(/[a-z0-9]{26}/, 'ID')).filter((line) => /teams|channel/.test(line)),
  };
}

const teamsIn = ({ entries }: Imports): Readonly<Record<string, unknown>> =>
  Object.fromEntries([...entries].map(([name, entry]) => [name, entry.teams]));

test('teams are what is written unless another is asked for: those that a person administers with the role', async () => {
  const stage = await openTeams();

  expect(teamsIn(await importOf(stage))).toEqual({
    ada: [{ team: 'core', role: 'admin' }, 'sales'],
    bob: ['sales'],
    cy: undefined,
    // A guest needs a channel in each team.
    gail: [{ team: 'core', channels: ['dev'] }],
    // Who is away comes back to what the entry says then.
    lee: undefined,
    'sandbox-admin': undefined,
  });
});

test('channels are written, too, where they are asked for: never the one that everyone is in, nor an archived one', async () => {
  const stage = await openTeams();

  expect(teamsIn(await importOf(stage, 'channels'))).toMatchObject({
    ada: [
      { team: 'core', role: 'admin', channels: ['dev', 'off-topic', { channel: 'ops', role: 'admin' }] },
      { team: 'sales', channels: ['off-topic'] },
    ],
    bob: [{ team: 'sales', channels: ['off-topic'] }],
  });
});

test('nothing is written or asked where none is asked for', async () => {
  const stage = await openTeams();
  const { text, requests } = await importOf(stage, 'none');

  expect(text).not.toContain('teams:');
  expect(requests).toEqual([]);
});

test('names of teams stand on one line, and a comment names the team in which a guest has no channel', async () => {
  const stage = await openTeams();
  const { text } = await importOf(stage);

  expect(text).toContain('    teams: [ sales ]\n');
  expect(text).toContain('    teams:\n      - { team: core, role: admin }\n      - sales\n');
  expect(text).toContain('# guest without a channel, not managed here: sales\n');
});

test.each<MembershipsWritten>(['none', 'teams', 'channels'])(
  'a plan after an import of %s has nothing to do',
  async (which) => {
    const stage = await openTeams();
    const { text } = await importOf(stage, which);
    await writeFile(join(stage.dir, 'imported.yaml'), text);

    const { actions, held, blocked, summary } = (await plan({ files: ['imported.yaml'] }, stage.ports)).plan;

    expect([actions, held, blocked]).toEqual([[], [], []]);
    expect(summary.unchanged).toBe(summary.declared);
  },
);

describe('the requests of an import', () => {
  const listings = ['GET /teams', 'GET /teams'];

  test('for teams are two listings, and one question a team', async () => {
    const { requests } = await importOf(
      await openStage({ teams, users: crowd(40).map((username) => ({ username, teams: ['core'] })) }),
    );

    // Of three teams that are not archived, one belongs to a directory.
    expect(requests).toEqual([...listings, 'POST /teams/ID/members/ids', 'POST /teams/ID/members/ids']);
  });

  test('for one person are one question about their teams, and one about their channels', async () => {
    const stage = await openTeams();
    await stage.declare([{ username: 'cy' }]);
    const { requests } = await importOf(stage, 'channels', ['ada']);

    expect(requests).toEqual([
      ...listings,
      'GET /users/ID/teams/members',
      'GET /channels',
      'GET /users/ID/channel_members',
    ]);
  });

  test('for channels are one listing more, and one question a person or a channel, whichever are fewer', async () => {
    const many: SeedTeam = { name: 'many', channels: crowd(30).map((name) => `c-${name}`) };
    const stage = await openStage({
      teams: [many],
      users: crowd(3).map((username) => ({ username, teams: ['many'] })),
    });
    const { requests } = await importOf(stage, 'channels');

    expect(requests).toEqual([
      ...listings,
      'POST /teams/ID/members/ids',
      'GET /channels',
      ...Array.from({ length: 3 }, () => 'GET /users/ID/channel_members'),
    ]);
  });

  test('are the two listings alone on a server without a team', async () => {
    const stage = await openStage({ users: crowd(3).map((username) => ({ username })) });
    const { requests } = await importOf(stage, 'channels');

    expect(requests).toEqual(listings);
  });
});
