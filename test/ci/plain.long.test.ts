/** As docs/gitops.md says: the kit from end to end on a bare repository, without any forge: each job runs on a fresh machine. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useFastTime } from '../support/fast-time.ts';
import { git } from '../support/git-repository.ts';
import type { Run } from '../support/run-muster.ts';
import { digestIn, names, openTeam, type Team, usersYaml } from './support/gitops.ts';

useFastTime();

const state = ['--state', 'branch:muster-state'];

const run = async (team: Team, ...args: readonly string[]): Promise<Run> =>
  await (await team.runner()).muster(['ci', ...args, ...state]);

test('a branch is planned, merged, and its very plan applied on another machine; a second plan is empty', async () => {
  const team = await openTeam();
  await team.push('fix', { 'users.yaml': usersYaml({ ann: 'Annie' }) });

  const planned = await (await team.runner()).muster(['ci', 'plan', '--head', 'fix', ...state]);
  expect([planned.code, planned.stderr]).toEqual([0, '']);
  expect(planned.stdout).toMatch(/^<!-- muster:ci kind=plan server=default /);
  expect(planned.stdout).toContain('### muster plan: 1 action for 1 person');
  team.merge('fix');
  const applied = await (await team.runner()).muster(['ci', 'apply', '--digest', digestIn(planned.stdout), ...state]);
  const again = await (await team.runner()).muster(['ci', 'plan', ...state]);

  expect(applied).toMatchObject({ code: 0 });
  expect(applied.stdout).toContain('### muster apply: Applied: 1 of 1 action done');
  expect(again).toMatchObject({ code: 0 });
  expect(again.stdout).toContain('### muster plan: no actions');
});

test('of two branches that are open at once each is applied as it was planned, and what a person did meanwhile is left', async () => {
  const team = await openTeam();
  await team.push('one', { 'users.yaml': usersYaml({ ann: 'Annie' }) });
  await team.push('two', { 'users.yaml': usersYaml({ hal: 'Hally' }) });
  const plans = await Promise.all(['one', 'two'].map((head) => run(team, 'plan', '--head', head)));
  const [one = '', two = ''] = plans.map(({ stdout }) => digestIn(stdout));

  team.merge('one');
  const first = await run(team, 'apply', '--digest', one);
  team.sandbox.control.updateUser('hal', { nickname: 'Someone else' });
  team.merge('two');
  const stale = await run(team, 'apply', '--digest', two);
  const next = await run(team, 'plan');
  const rest = await run(team, 'apply', '--digest', digestIn(next.stdout));
  const again = await run(team, 'plan');

  expect([...plans, first, stale, next, rest, again].map(({ code }) => code)).toEqual([0, 0, 0, 6, 0, 0, 0]);
  expect(stale.stdout).toContain('1 reviewed action no longer fits the server');
  expect(['ann', 'hal'].map((name) => team.sandbox.control.user(name)?.nickname)).toEqual(['Annie', 'Hally']);
  expect(again.stdout).toContain('### muster plan: no actions');
});

test('an error in the file is a comment of its own; a failed apply is resumed by another machine', async () => {
  const team = await openTeam();
  await team.push('wrong', { 'users.yaml': 'version: 1\nusers: [{ username: ann, emial: x }]\n' });
  await team.push('all', { 'users.yaml': usersYaml(Object.fromEntries(names.map((name) => [name, 'new']))) });
  const machine = await team.runner();
  const wrong = await machine.muster(['ci', 'plan', '--head', 'wrong', '--reports', 'out', ...state]);
  const notes = await readdir(join(machine.dir, 'out'));
  const planned = await run(team, 'plan', '--head', 'all');
  team.merge('all');
  team.sandbox.faults.add({ kind: 'error', status: 400, match: { method: 'PUT', path: /\/patch$/, nth: 3 } });

  const failed = await run(team, 'apply', '--digest', digestIn(planned.stdout), '--fail-fast', '--concurrency', '1');
  const resumed = await run(team, 'apply', '--resume');
  const again = await run(team, 'plan');

  expect([wrong, planned, failed, resumed, again].map(({ code }) => code)).toEqual([3, 0, 6, 0, 0]);
  expect(notes).toEqual(['pull-request-wrong.plan-default.md']);
  expect(await readFile(join(machine.dir, 'out', notes[0] ?? ''), 'utf8')).toBe(wrong.stdout);
  expect(wrong.stdout).toMatch(/### muster ci plan: 1 problem[^]*`users\.yaml:2:\d+`/);
  expect(failed.stdout).toMatch(/Stopped: \d of 8 actions done/);
  expect(resumed.stdout).toContain('8 of 8 actions done');
  expect(again.stdout).toContain('### muster plan: no actions');
});

test('a branch of a fork is data: its settings do not count, and a link out of it is not followed', async () => {
  const team = await openTeam();
  await team.push('fork', { 'users.yaml': usersYaml({ cat: 'Catty' }), 'muster.yaml': 'no: config\n' });
  git(team.work, 'checkout', '--quiet', '-B', 'link', 'main');
  git(team.work, 'rm', '--quiet', 'users.yaml');
  git(team.work, 'config', 'core.symlinks', 'true');
  const target = git(team.work, 'hash-object', '-w', '--stdin', '--path', 'x');
  git(team.work, 'update-index', '--add', '--cacheinfo', `120000,${target},users.yaml`);
  git(team.work, 'commit', '--quiet', '-m', 'link');
  git(team.work, 'push', '--quiet', team.bare, 'link');
  git(team.work, 'checkout', '--quiet', '--force', 'main');

  const planned = await run(team, 'plan', '--head', 'fork');
  const linked = await run(team, 'plan', '--head', 'link');

  expect([planned.code, linked.code]).toEqual([0, 3]);
  expect(planned.stdout).toContain('| `cat` | `nickname` |');
  expect(planned.stdout).toMatch(/\*\*Also changes how muster works\*\*.*`muster\.yaml`/);
});

test.each([
  ['that muster.yaml names', {}],
  ['with the usual name', { 'muster.yaml': 'version: 1\npolicy: { min_admins: 1 }\n' }],
])('a users file %s that is a link is refused, whatever git writes in its place', async (_which, files) => {
  const team = await openTeam({ files });
  const [harmless, other] = ['{version: 1, users: [{username: not-yet, active: false}]}', 'version: 1'];
  for (const [branch, target] of [
    ['flow', harmless],
    ['text', other],
  ] as const) {
    git(team.work, 'checkout', '--quiet', '-B', branch, 'main');
    await writeFile(join(team.work, 'target'), target);
    const blob = git(team.work, 'hash-object', '-w', 'target');
    await rm(join(team.work, 'target'));
    git(team.work, 'update-index', '--add', '--cacheinfo', `120000,${blob},users.yaml`);
    git(team.work, 'update-index', '--add', '--cacheinfo', `120000,${blob},docs/other.yaml`);
    git(team.work, 'commit', '--quiet', '-m', branch);
    git(team.work, 'push', '--quiet', team.bare, branch);
    git(team.work, 'checkout', '--quiet', '--force', 'main');
  }

  const [flow, text] = [await run(team, 'plan', '--head', 'flow'), await run(team, 'plan', '--head', 'text')];

  expect([flow.code, text.code]).toEqual([3, 3]);
  expect(flow.stdout).toContain('the users file users.yaml is a link');
  expect(text.stdout).toContain('the users file users.yaml is a link');
});
