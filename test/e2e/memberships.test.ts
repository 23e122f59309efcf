/**
 * One apply makes working people: accounts with teams, channels and roles. Then each of them signs in, with the password of a
 * source, and what the server lists as theirs has to be what the file says. Against the sandbox, or by `MUSTER_E2E_*` any server.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readEach } from '../../src/live/read-each.ts';
import type { TeamEntry, UserEntry } from '../../src/model/generated/users-file.ts';
import type { Plan } from '../../src/model/plan.ts';
import { Secret } from '../../src/model/secret.ts';
import type { SeedChannel } from '../../src/sandbox/index.ts';
import { openBudgets } from '../apply/support/stage.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';
import { bySuite } from '../support/suite.ts';
import { archiveTeams, makeTeams } from './places.ts';
import { prefixedTeam } from './prefixed.ts';
import { openTarget, type Target, useFastTimeOnSandbox } from './target.ts';

useFastTimeOnSandbox();

const password = 'Sign-in-as-1-of-them';
const channelsOf = { core: ['dev', 'ops', 'on-call'], sales: ['deals', 'leads'], all: ['news'] } as const;
const teamOf = (name: string): string => prefixedTeam(name, target.prefix);

let target: Target;
let place: Workplace;
let people: readonly UserEntry[];
let made: readonly string[] = [];

const asPrivate = (name: string): SeedChannel => (name === 'dev' || name === 'news' ? { name } : { name, type: 'P' });

/** Everyone is in the first team; who is in the others, in which channels, and who administers them, goes by the number. */
function teamsFor(i: number): readonly TeamEntry[] {
  const ops = i % 7 === 0 ? [{ channel: 'ops', role: 'admin' as const }] : i % 3 === 0 ? ['ops'] : [];
  return [
    i % 5 === 0 ? { team: teamOf('all'), role: 'member', channels: ['news'] } : teamOf('all'),
    ...(i % 2 === 0
      ? [{ team: teamOf('core'), ...(i % 10 === 0 && { role: 'admin' as const }), channels: ['dev', ...ops] }]
      : []),
    ...(i % 3 === 0 ? [{ team: teamOf('sales'), channels: [i % 4 === 0 ? 'deals' : 'leads'] }] : []),
  ];
}

/** `core`, `core/ops (admin)`: what an entry says, with the channels that everyone in a team is in. */
function declaredPlaces({ teams = [] }: UserEntry): readonly string[] {
  return teams.flatMap((entry) => {
    const { team, role, channels = [] } = typeof entry === 'string' ? { team: entry } : entry;
    const own = channels.map((one) => (typeof one === 'string' ? { channel: one } : one));
    return [
      shown(team, role === 'admin'),
      shown(`${team}/town-square`, false),
      shown(`${team}/off-topic`, false),
      ...own.map((one) => shown(`${team}/${one.channel}`, 'role' in one && one.role === 'admin')),
    ];
  });
}

const shown = (name: string, isAdmin: boolean): string => `${name}${isAdmin ? ' (admin)' : ''}`;

/** The same, as the server lists it to the person. */
async function listedPlaces(username: string): Promise<readonly string[]> {
  const { token } = await target.client.login.login({ loginId: username, password: new Secret(password) });
  const own = target.client.withToken(token);
  const teams = new Map((await own.teams.ofUser('me')).map(({ id, name }) => [id, name]));
  const channels = new Map(
    (await own.channels.ofUser('me'))
      .filter(({ team_id: team }) => team !== '')
      .map(({ id, name, team_id: team }) => [id, `${teams.get(team) ?? 'unknown'}/${name}`]),
  );
  const inTeams = (await own.teams.membershipsOf('me')).filter(({ delete_at: left }) => left === 0);
  const inChannels = await own.channels.membershipsOf('me');
  await own.login.logout();
  return [
    ...inTeams.map((row) => shown(teams.get(row.team_id) ?? 'unknown', row.scheme_admin)),
    ...inChannels.flatMap((row) => {
      const name = channels.get(row.channel_id);
      return name === undefined ? [] : [shown(name, row.scheme_admin)];
    }),
  ];
}

/** As many as there are seats for. */
async function howMany(): Promise<number> {
  const wanted = bySuite({ short: 24, long: 200 });
  const { maxUsersHardLimit: limit, activeUserCount: used } = await target.client.system.serverLimits();
  return limit === 0 ? wanted : Math.max(0, Math.min(wanted, limit - used - 5));
}

beforeAll(async () => {
  target = await openTarget();
  made = await makeTeams(
    target,
    Object.entries(channelsOf).map(([name, channels]) => ({ name, channels: channels.map(asPrivate) })),
  );
  people = Array.from({ length: await howMany() }, (_, i) => ({
    username: `${target.prefix}p${i}`,
    email: `${target.prefix}p${i}@example.com`,
    initial_password: 'start',
    teams: [...teamsFor(i)],
  }));
  const config = {
    files: ['users.yaml'],
    secrets: { sources: { start: { env: 'MUSTER_SECRET_START' } } },
    // A server of one's own has seen the messages of a whole day.
    policy: { budgets: openBudgets },
  };
  place = await makeWorkplace(
    { 'muster.yaml': JSON.stringify(config), 'users.yaml': JSON.stringify({ version: 1, users: people }) },
    { MUSTER_SERVER: target.url, MUSTER_TOKEN: target.token, MUSTER_SECRET_START: password },
  );
});

afterAll(async () => {
  await archiveTeams(target, made);
  await target.close();
});

/** A running server on a busy machine takes a while for each of 200 people. */
const patiently = 40 * 60_000;

test('one apply makes many people with teams and channels', { timeout: patiently }, async () => {
  const { stdout, stderr, code } = await place.muster(['apply', '--yes', '--format', 'json']);

  expect(code, `${stdout}${stderr}`).toBe(0);
  expect(people.length).toBeGreaterThan(20);
});

test('each of them signs in and finds just what the file says', { timeout: patiently }, async () => {
  const found = await readEach(people, ({ username }) => listedPlaces(username));
  const differences = people.flatMap((entry, i) => {
    const [wanted, listed] = [declaredPlaces(entry), found[i] ?? []].map((places) => places.toSorted().join(' '));
    return wanted === listed ? [] : [`${entry.username}: ${listed}, and not ${wanted}`];
  });

  expect(differences).toEqual([]);
});

test('a plan after it has nothing to do', async () => {
  const { stdout } = await place.muster(['plan', '--format', 'json']);

  expect((JSON.parse(stdout) as Plan).actions).toEqual([]);
});
