/** Roles of `on_create` are in no later comparison, so what a run owes of them is taken up by the next plan. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { explain } from '../../src/app/explain.ts';
import type { UserEntry, UsersFile } from '../../src/model/generated/users-file.ts';
import { isLong, share } from '../support/suite.ts';
import { cutAfter, stateFiles } from './support/cut-journal.ts';
import { openBudgets, openStage, outcomesOf, type Stage, type StageOptions } from './support/stage.ts';

const first = ['system_user', 'system_post_all'];
const ada: UserEntry = { username: 'ada', email: 'ada@example.com' };

async function declareFirst(stage: Stage, users: readonly UserEntry[] = [ada], roles = first): Promise<void> {
  const file = { version: 1, on_create: { roles }, users } as UsersFile;
  await writeFile(join(stage.dir, 'users.yaml'), JSON.stringify(file));
}

/** A run that makes ada, and whose call for her roles is refused. */
async function owing(options: StageOptions = {}): Promise<Stage> {
  const stage = await openStage(options);
  await declareFirst(stage);
  const fault = stage.sandbox.faults.add({
    kind: 'error',
    status: 400,
    body: 'json',
    match: { path: '/users/*/roles' },
  });
  const run = await stage.apply();
  fault.remove();
  expect(outcomesOf(run)).toEqual(['ada create-user: done', 'ada set-roles: failed: API_BAD_REQUEST']);
  return stage;
}

test('are given by the next apply when the call failed, and the plan says why', async () => {
  const stage = await owing();

  const plan = await stage.plan();
  const run = await stage.apply();

  expect(plan.actions.flatMap(({ changes }) => changes)).toMatchObject([
    {
      id: 'ada/roles/+system_post_all',
      class: 'role-grant',
      reason: {
        rule: 'new-account',
        text: expect.stringMatching(/^on_create of the file, which the run 000001\S* left open$/),
      },
    },
  ]);
  expect(outcomesOf(run)).toEqual(['ada set-roles: done']);
  expect(stage.user('ada').roles.split(' ').toSorted()).toEqual(first.toSorted());
  expect((await stage.plan()).actions).toEqual([]);
});

const bob: UserEntry = { username: 'bob', email: 'bob@example.com', roles: ['system_user'] };

test.runIf(isLong)('that a budget blocks stay blocked, and are given once it allows them', async () => {
  const stage = await openStage({
    muster: { policy: { budgets: { ...openBudgets, 'role-grant': { share: 0, floor: 0 } } } },
  });
  await declareFirst(stage);
  expect(outcomesOf(await stage.apply())).toEqual(['ada create-user: done']);

  const blocked = await stage.plan();
  await stage.apply();
  await stage.configure({});

  expect(blocked.blocked.map(({ change, rail }) => `${change.id}: ${rail}`)).toEqual([
    'ada/roles/+system_post_all: budget',
  ]);
  expect(outcomesOf(await stage.apply())).toEqual(['ada set-roles: done']);
  expect((await stage.plan()).actions).toEqual([]);
});

test.runIf(isLong)('outside of the classes that a run is limited to are given by the next', async () => {
  const stage = await openStage();
  await declareFirst(stage);
  expect(outcomesOf(await stage.apply({ classes: ['create'] }))).toEqual(['ada create-user: done']);

  expect(outcomesOf(await stage.apply())).toEqual(['ada set-roles: done']);
  expect(await stage.plan()).not.toHaveProperty('owed_roles');
});

test('that make a guest are given whole, whatever of them was left out', async () => {
  const stage = await openStage({ licence: 'enterprise', config: { 'GuestAccountsSettings.Enable': true } });
  await declareFirst(stage, [ada], ['system_guest', 'system_post_all']);
  await stage.apply({ classes: ['create', 'guest'] });
  expect(stage.user('ada').roles).toBe('system_guest');

  await stage.apply();

  expect(stage.user('ada').roles.split(' ').toSorted()).toEqual(['system_guest', 'system_post_all']);
  expect((await stage.plan()).actions).toEqual([]);
});

test.runIf(isLong)('outlast a run that is limited to someone else', async () => {
  const stage = await owing();
  await declareFirst(stage, [ada, bob]);
  expect(outcomesOf(await stage.apply({ users: ['bob'] }))).toEqual(['bob create-user: done']);

  expect(outcomesOf(await stage.apply())).toEqual(['ada set-roles: done']);
});

test.runIf(isLong)('outlast a run that takes another back', async () => {
  const stage = await owing();
  await declareFirst(stage, [ada, bob]);
  await stage.apply({ users: ['bob'] });
  await stage.undo();
  expect(stage.user('bob').delete_at).not.toBe(0);

  expect(outcomesOf(await stage.apply({ users: ['ada'] }))).toEqual(['ada set-roles: done']);
});

test('are owed to no one whose create is blocked as well', async () => {
  const stage = await openStage({
    muster: { policy: { budgets: { ...openBudgets, create: { share: 0, floor: 0 } } } },
  });
  await declareFirst(stage);

  const plan = await stage.plan();

  expect(plan.blocked).toHaveLength(2);
  expect(plan).not.toHaveProperty('owed_roles');
});

test.runIf(isLong)('are owed on by a run that does not come to them either', async () => {
  const stage = await owing();
  const fault = stage.sandbox.faults.add({
    kind: 'error',
    status: 400,
    body: 'json',
    match: { path: '/users/*/roles' },
  });
  await stage.apply();
  fault.remove();

  expect(outcomesOf(await stage.apply())).toEqual(['ada set-roles: done']);
  expect((await stage.plan()).actions).toEqual([]);
});

test.each<[when: string, type: string, nth: number]>(
  share(
    [
      ['before the answer to the create was noted', 'intent', 1],
      ['after the answer to the create was noted', 'response', 1],
      ['before the answer to the roles was noted', 'intent', 2],
    ],
    3,
  ),
)('are given by a plain apply after a process died %s', async (_, type, nth) => {
  const stage = await openStage();
  await declareFirst(stage);
  await stage.apply();
  stage.sandbox.control.updateUser('ada', { roles: 'system_user' });
  await cutAfter(stage, type, nth);

  await stage.apply();

  expect(stage.user('ada').roles.split(' ').toSorted()).toEqual(first.toSorted());
  expect((await stage.plan()).actions).toEqual([]);
});

test.each<[what: string, change: (stage: Stage) => unknown]>([
  ['the entry names roles now', (stage) => declareFirst(stage, [{ ...ada, roles: ['system_user'] }])],
  ['the entry is gone', (stage) => declareFirst(stage, [{ username: 'sandbox-admin' }])],
  ['somebody has given them by hand', (stage) => stage.sandbox.control.updateUser('ada', { roles: first.join(' ') })],
  ['the account was deactivated', (stage) => stage.sandbox.control.updateUser('ada', { delete_at: 1 })],
  ['the account was made a guest', (stage) => stage.sandbox.control.updateUser('ada', { roles: 'system_guest' })],
])('are not given when %s', async (_, change) => {
  const stage = await owing({ licence: 'enterprise', config: { 'GuestAccountsSettings.Enable': true } });
  await change(stage);

  expect((await stage.plan()).actions).toEqual([]);
});

test('of a guest make them one, and give the others', async () => {
  const stage = await openStage({ licence: 'enterprise', config: { 'GuestAccountsSettings.Enable': true } });
  await declareFirst(stage, [ada], ['system_guest', 'system_post_all']);
  const fault = stage.sandbox.faults.add({
    kind: 'error',
    status: 400,
    body: 'json',
    match: { path: '/users/*/demote' },
  });
  await stage.apply();
  fault.remove();

  await stage.apply();

  expect(stage.user('ada').roles.split(' ').toSorted()).toEqual(['system_guest', 'system_post_all']);
  expect((await stage.plan()).actions).toEqual([]);
});

test('are shown by explain', async () => {
  const stage = await owing();

  const { changes } = await explain('ada', {}, stage.ports);

  expect(changes.map(({ id }) => id)).toEqual(['ada/roles/+system_post_all']);
});

test('that are not known of, because the plan of the run is gone, are warned of', async () => {
  const stage = await owing();
  const { journal } = await stateFiles(stage);
  await rm(journal.replace(/\.jsonl$/, '.plan.json'));

  expect((await stage.plan()).actions).toEqual([]);
  expect(stage.events.filter(({ type }) => type === 'warning')).toMatchObject([
    { code: 'owed-roles-unknown', text: expect.stringContaining('owes roles to new accounts') },
  ]);
});
