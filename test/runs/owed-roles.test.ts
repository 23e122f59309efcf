/** Roles of `on_create` that a run could not assign. */
import { describe, expect, test } from 'vitest';
import { owedRolesOf } from '../../src/runs/owed-roles.ts';
import { actionOf, create, patch, planOf, setRoles } from './support/plan-of.ts';
import { answer, creating, intent, type Line, made, outcome, runOf } from './support/run-of.ts';

const plan = planOf([actionOf('new/1', create), actionOf('new/2', setRoles, undefined, true)]);
const roles = ['system_user', 'system_post_all'];
const owed = (...lines: readonly Line[]): ReturnType<typeof owedRolesOf> => owedRolesOf(plan, runOf(...lines));
const isMade = [creating('new/1'), made('new/1', 'n')];

describe('a run owes the first roles of an account that it made', () => {
  test.each<[string, readonly Line[]]>([
    ['where it ended before', isMade],
    [
      'where the call was refused',
      [...isMade, intent('new/2'), answer('new/2', 'refused'), outcome('new/2', 'failed')],
    ],
    ['where the response was lost', [...isMade, intent('new/2'), answer('new/2', 'unknown')]],
  ])('%s', (_, lines) => {
    expect(owed(...lines)).toEqual([{ person: 'new', account: 'n', roles, run: 'r' }]);
  });

  test.each<[string, readonly Line[]]>([
    ['where nothing noted what became of the create', [creating('new/1')]],
    ['where the create’s response was lost', [creating('new/1'), answer('new/1', 'unknown')]],
  ])('to the person, %s', (_, lines) => {
    expect(owed(...lines)).toEqual([{ person: 'new', roles, run: 'r' }]);
  });
});

describe('a run owes nothing', () => {
  test.each<[string, readonly Line[]]>([
    ['that assigned them', [...isMade, intent('new/2'), answer('new/2', 'written')]],
    ['that did not begin the create', []],
    ['whose create was refused', [creating('new/1'), answer('new/1', 'refused')]],
  ])('%s', (_, lines) => {
    expect(owed(...lines)).toEqual([]);
  });

  test('of roles that an entry names', () => {
    const named = planOf([actionOf('ada/1', setRoles, 'a')]);

    expect(owedRolesOf(named, runOf())).toEqual([]);
  });
});

test('what a plan left to a later one is owed, and joined with what its own run could not assign', () => {
  const leaving = planOf(
    [actionOf('ada/1', { operation: 'demote-to-guest' }, 'a', true), actionOf('bob/1', patch, 'b')],
    [
      { person: 'ada', account: 'a', roles: ['system_post_all'] },
      { person: 'bob', account: 'b', roles: ['system_user'] },
    ],
  );

  expect(owedRolesOf(leaving, runOf())).toEqual([
    { person: 'ada', account: 'a', roles: ['system_guest', 'system_post_all'], run: 'r' },
    { person: 'bob', account: 'b', roles: ['system_user'], run: 'r' },
  ]);
});
