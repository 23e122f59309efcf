/** Jobs that apply, and do not come to their end: what they kept on the way lets another machine resume. */
import { expect, test, vi } from 'vitest';
import { systemClock } from '../../src/api/index.ts';
import { hourMs } from '../../src/model/duration.ts';
import { sharedProgram } from '../kill/program.ts';
import { useFastTime } from '../support/fast-time.ts';
import { git } from '../support/git-repository.ts';
import { names, usersYaml } from './support/gitops.ts';
import { bodies, ofPull, openStage } from './support/stage.ts';

useFastTime();

const state = ['--state', 'branch:muster-state'];
const all = usersYaml(Object.fromEntries(names.map((name) => [name, 'new'])));
const third = { method: 'PUT', path: /\/patch$/, nth: 3 };

test('a job that stopped half way is run again, and resumes by itself; once more, and there is nothing left of its plan', async () => {
  const stage = await openStage();
  await stage.open(4, { 'users.yaml': all });
  await stage.job(['ci', 'plan', ...state], ofPull(4));
  const commit = stage.merge(4);
  stage.team.sandbox.faults.add({ kind: 'error', status: 400, match: third });
  const apply = ['ci', 'apply', '--fail-fast', '--concurrency', '1', ...state];

  const failed = await stage.job(apply, { commit });
  const told = bodies(stage).at(-1);
  const again = await stage.job(apply, { commit });
  const resumed = bodies(stage).at(-1);
  const before = stage.team.sandbox.snapshot();
  const spent = await stage.job(apply, { commit });

  expect([failed.code, again.code, spent.code]).toEqual([6, 0, 7]);
  expect(told).toContain('**The run did not finish.** Run this job again: it resumes');
  expect(told).not.toContain('no one reviewed it');
  expect(resumed).toContain('8 of 8 actions done');
  expect(spent.stderr).toContain('it was used before');
  expect(stage.team.sandbox.snapshot()).toEqual(before);
});

test('the journal of a job that is killed lies on the branch: once its claim has ended, another machine resumes it', async () => {
  const stage = await openStage();
  await stage.open(4, { 'users.yaml': all });
  await stage.job(['ci', 'plan', ...state], ofPull(4));
  const commit = stage.merge(4);
  const { faults, requests, control } = stage.team.sandbox;
  faults.add({ kind: 'hang', match: third });
  const machine = await stage.team.runner();
  const kept = (): string => git(stage.team.bare, 'ls-tree', '-r', '--name-only', 'muster-state');

  const program = await sharedProgram();
  const env = await stage.envOf({ commit }, machine);
  const killed = program.start(['ci', 'apply', '--concurrency', '1', ...state], { dir: machine.dir, env });
  await vi.waitFor(() => {
    expect(requests.filter(({ path }) => path.endsWith('/patch')).length).toBeGreaterThan(2);
    expect(kept()).toMatch(/run-.*\.jsonl/);
  }, waitUpTo);
  await killed.kill();
  const written = names.filter((name) => control.user(name)?.nickname === 'new');
  const early = await stage.job(['ci', 'apply', '--resume', ...state], { commit });
  await systemClock.sleep(hourMs);
  const resumed = await stage.job(['ci', 'apply', '--resume', ...state], { commit });
  const next = await stage.job(['ci', 'plan', ...state], { commit });

  expect(written).toHaveLength(2);
  expect([early.code, resumed.code, next.code]).toEqual([8, 0, 0]);
  expect(resumed.summary).toContain('8 of 8 actions done');
  expect(next.summary).toContain('no actions');
  expect(kept()).not.toMatch(/^claim$/m);
});

/** Against hangs alone. */
const waitUpTo = { timeout: 120_000, interval: 100 };
