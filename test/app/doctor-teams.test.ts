/** What the doctor says of teams: what the token may do there, and whether what entries name is there. */
import { expect, test } from 'vitest';
import type { Check } from '../../src/app/check.ts';
import { doctor } from '../../src/app/doctor.ts';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import { openStage, type Stage, type StageOptions, writesOf } from '../apply/support/stage.ts';

const options: StageOptions = {
  teams: [
    { name: 'core', channels: ['dev', { name: 'ops', type: 'P' }, { name: 'gone', archived: true }] },
    { name: 'closed', archived: true },
    { name: 'synced', group_constrained: true },
  ],
  users: [{ username: 'ada' }],
};

const entries: readonly UserEntry[] = [
  {
    username: 'ada',
    teams: [{ team: 'core', channels: ['dev', 'gone', 'nowhere', 'ops'] }, 'closed', 'missing', 'synced'],
  },
];

async function checksOf(stage: Stage): Promise<readonly Check[]> {
  const all = await doctor({}, stage.ports);
  return all.filter(({ name }) => name.startsWith('team'));
}

test('says what the token may do in teams, how many people a team takes, and what entries name that is not there', async () => {
  const stage = await openStage(options);
  await stage.declare(entries);

  expect((await checksOf(stage)).map(({ name, status, text }) => `${status} ${name}: ${text}`)).toEqual([
    'ok team rights: the token may change members and roles of every team',
    'ok team seats: 50 active people at most (TeamSettings.MaxUsersPerTeam)',
    'ok teams: 4 teams and 4 channels in entries; the token administers none of them',
    'bad teams: team closed is archived: no one can be added',
    'bad teams: there is no team missing, or the token may not see it',
    'note teams: groups of a directory decide who is in team synced',
    'bad teams: channel core/gone is archived: no one can be added',
    'bad teams: there is no channel core/nowhere, or the token may not see it',
  ]);
  expect(writesOf(stage.sandbox.requests)).toEqual([]);
});

test('names the teams that the account of the token administers', async () => {
  const stage = await openStage(options);
  await stage.declare([{ username: 'ada', teams: ['core'] }]);
  stage.sandbox.control.setMembership('sandbox-admin', { team: 'core', role: 'admin' });

  expect((await checksOf(stage)).map(({ text }) => text)).toContain(
    '1 team and 0 channels in entries; the token administers core',
  );
});

test('looks up no team where no entry names one', async () => {
  const stage = await openStage(options);
  await stage.declare([{ username: 'ada' }]);

  expect((await checksOf(stage)).map(({ name }) => name)).toEqual(['team rights']);
  expect(stage.sandbox.requests.filter(({ path }) => path.includes('/teams'))).toEqual([]);
});

test('of a token that is none of an administrator it says what it may not do, with the permissions that are missing', async () => {
  const stage = await openStage(options);
  await stage.declare(entries);
  const { secret } = stage.sandbox.control.createToken('ada', 'of a member');
  const ports = { ...stage.ports, env: { ...stage.ports.env, MUSTER_TOKEN: secret } };

  const rights = (await doctor({}, ports)).find(({ name }) => name === 'team rights');

  expect(rights?.status).toBe('note');
  expect(rights?.text).toContain('the token may not see private teams, ');
  expect(rights?.hint).toContain('list_private_teams');
});
