/** As docs/gitops.md says: the kit from end to end on a bare repository, without any forge: each job runs on a fresh machine. */
import { expect, test } from 'vitest';
import { useFastTime } from '../support/fast-time.ts';
import { digestIn, openTeam, usersYaml } from './support/gitops.ts';

useFastTime();

const state = ['--state', 'branch:muster-state'];

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
