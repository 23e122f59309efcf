/** What teams cost beside people: questions of a plan, and calls of an apply. */
import { describe, expect, test } from 'vitest';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import type { RequestRecord, SeedUser } from '../../src/sandbox/index.ts';
import { apiPath, openBudgets, openStage, type Stage, writesOf } from '../apply/support/stage.ts';
import { bySuite, isLong } from '../support/suite.ts';

const teamCount = 50;
const teams = Array.from({ length: teamCount }, (_, i) => `team-${i}`);
const teamName = (i: number): string => teams[i % teamCount] ?? '';
/** Three for each, and all teams in use alike. */
const teamsOf = (i: number): readonly string[] => [teamName(i), teamName(i * 7 + 1), teamName(i * 11 + 2)];

const maxUsersPerTeam = { 'TeamSettings.MaxUsersPerTeam': 200_000 };

async function requestsOf(stage: Stage, entries: readonly UserEntry[]): Promise<readonly RequestRecord[]> {
  await stage.declare(entries);
  const from = stage.sandbox.requests.length;
  const { actions, held, blocked } = await stage.plan();
  expect([actions, held, blocked]).toEqual([[], [], []]);
  return stage.sandbox.requests.slice(from);
}

describe('a plan of people with three teams each in 50 teams, where all is as the files say', () => {
  const size = 100_000;

  test.runIf(isLong)('asks for a thousand people a question, and lists the teams once', async () => {
    const numbers = Array.from({ length: size }, (_, i) => i);
    const wanted = numbers.map((i) => [...new Set(teamsOf(i))]);
    const users = numbers.map((i): SeedUser => ({ username: `p${i}`, teams: wanted[i] ?? [] }));
    const stage = await openStage({ teams, users, config: maxUsersPerTeam });
    const plain = numbers.map((i): UserEntry => ({ username: `p${i}`, email: `p${i}@example.com` }));

    const without = await requestsOf(stage, plain);
    const withTeams = await requestsOf(
      stage,
      plain.map((entry, i) => ({ ...entry, teams: wanted[i] ?? [] })),
    );

    const naming = new Map<string, number>();
    for (const team of wanted.flat()) naming.set(team, (naming.get(team) ?? 0) + 1);
    const questions = [...naming.values()].reduce((sum, people) => sum + Math.ceil(people / 1000), 0);
    expect(naming.size).toBe(teamCount);
    expect(withTeams.filter((request) => apiPath(request).endsWith('/members/ids'))).toHaveLength(questions);
    expect(withTeams.length - without.length).toBeLessThanOrEqual(questions + 2);
    expect(writesOf(withTeams)).toEqual([]);
  });
});

describe('an apply that lets many people join', () => {
  const size = bySuite({ short: 150, long: 10_000 });

  test('makes at most two calls for a hundred joins', async () => {
    const numbers = Array.from({ length: size }, (_, i) => i);
    const stage = await openStage({
      teams: ['core', 'sales'],
      users: numbers.map((i) => ({ username: `p${i}` })),
      config: maxUsersPerTeam,
      muster: { policy: { budgets: openBudgets } },
    });
    await stage.declare(
      numbers.map((i): UserEntry => ({ username: `p${i}`, teams: [i % 2 === 0 ? 'core' : 'sales'] })),
    );

    const run = await stage.apply();

    const calls = writesOf(run.requests);
    expect(run.code).toBe(0);
    expect(run.results.filter(({ outcome }) => outcome.status === 'done')).toHaveLength(size);
    expect(calls.length).toBeLessThanOrEqual(Math.max(10, size / 50));
  });
});
