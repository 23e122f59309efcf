/** Merges one upon the other: each plan that was reviewed is applied, but for those that a merge queue brings in one push. */
import { expect, test } from 'vitest';
import { useFastTime } from '../support/fast-time.ts';
import { usersYaml } from './support/gitops.ts';
import { ofPull, openStage } from './support/stage.ts';

useFastTime();

const state = ['--state', 'branch:muster-state'];

test('of three merges in a row each is applied, however their jobs meet', async () => {
  const stage = await openStage({
    files: { 'muster.yaml': 'version: 1\nfiles: ["*-users.yaml", users.yaml]\npolicy: { min_admins: 1 }\n' },
  });
  const people = ['new-1', 'new-2', 'new-3'];
  const entry = (name: string): string => `version: 1\nusers:\n  - { username: ${name}, email: ${name}@example.com }\n`;
  for (const [i, name] of people.entries()) {
    await stage.open(i + 1, { [`${name}-users.yaml`]: entry(name) });
    expect((await stage.job(['ci', 'plan', ...state], ofPull(i + 1))).code).toBe(0);
  }
  const commits = people.map((_, i) => stage.merge(i + 1));

  // In these tests waits take no time, so that a job may wait in vain: then it is run again.
  const applied = async (commit: string): Promise<readonly number[]> => {
    const codes: number[] = [];
    while (codes.length < 9 && (codes.at(-1) ?? 8) === 8)
      codes.push((await stage.job(['ci', 'apply', ...state], { commit })).code);
    return codes;
  };
  const codes = await Promise.all(commits.map(applied));

  expect(codes.map((all) => all.at(-1))).toEqual([0, 0, 0]);
  expect(people.map((name) => stage.team.sandbox.control.user(name)?.username)).toEqual(people);
});

test('of two that a merge queue brings in one push the last is applied, and the next plan shows the other', async () => {
  const stage = await openStage();
  await stage.open(1, { 'users.yaml': usersYaml({ ann: 'Annie' }) });
  await stage.job(['ci', 'plan', ...state], ofPull(1));
  await stage.open(2, { 'users.yaml': usersYaml({ hal: 'Hally' }) });
  await stage.job(['ci', 'plan', ...state], ofPull(2));
  stage.merge(1);
  const commit = stage.merge(2);

  const applied = await stage.job(['ci', 'apply', ...state], { commit });
  const next = await stage.job(['ci', 'plan', ...state], { commit });

  expect([applied.code, next.code]).toEqual([0, 0]);
  const nicknames = ['ann', 'hal'].map((name) => stage.team.sandbox.control.user(name)?.nickname);
  expect(nicknames).toEqual(['x', 'Hally']);
  expect(next.summary).toContain('### muster plan: 1 action for 1 person');
});
