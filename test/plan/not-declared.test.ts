import { describe, expect, test } from 'vitest';
import type { LiveUser } from '../../src/model/live-state.ts';
import type { PreviouslyDeclared } from '../../src/plan/not-declared.ts';
import { parsePlanFile, planFileText } from '../../src/plan/plan-file.ts';
import { account, admin, entry, planOf, type World } from '../support/build-states.ts';

const previous = (one: LiveUser, lastDeclared = '2026-05-04'): PreviouslyDeclared => ({ account: one, lastDeclared });

const ada = account('ada');
const bob = account('bob');
const world: World = { entries: [entry('ada')], accounts: [ada, bob], previouslyDeclared: [previous(bob)] };

describe('accounts previously declared', () => {
  test('are named when they are still active, with the day of their last entry', () => {
    const previouslyDeclared = [previous(bob), previous(admin('alan'), '2026-06-01')];

    expect(planOf({ ...world, previouslyDeclared }).previously_declared).toEqual([
      { id: 'id-alan', username: 'alan', last_declared: '2026-06-01', admin: true },
      { id: 'id-bob', username: 'bob', last_declared: '2026-05-04', admin: false },
    ]);
  });

  test('are no action, and count as nothing else', () => {
    const { actions, held, blocked, notices, summary } = planOf(world);
    const without = planOf({ ...world, previouslyDeclared: [] });

    expect({ actions, held, blocked, notices }).toEqual({ actions: [], held: [], blocked: [], notices: [] });
    expect(summary).toEqual(without.summary);
  });

  test('are not named a second time as undeclared', () => {
    expect(planOf(world).undeclared.map(({ username }) => username)).toEqual(['root', 'spare']);
    expect(planOf({ ...world, previouslyDeclared: [] }).undeclared.map(({ username }) => username)).toEqual([
      'bob',
      'root',
      'spare',
    ]);
  });

  test.each<[string, Partial<World>]>([
    ['undeclared accounts are ignored', { policy: { undeclaredUsers: 'ignore' } }],
    ['not everybody was listed', { listed: false }],
    ['they are not in the live state', { accounts: [ada] }],
  ])('are named also where %s', (_where, more) => {
    expect(planOf({ ...world, ...more }).previously_declared?.map(({ username }) => username)).toEqual(['bob']);
  });

  test.each<[string, Partial<World>]>([
    ['an entry stands for them', { entries: [entry('ada'), entry('bob')] }],
    ['an entry of another name does', { entries: [entry('robert', {}, { previousUsernames: ['bob'] })] }],
    ['an entry wants them inactive', { entries: [entry('bob', { active: false })] }],
    ['they are inactive', { previouslyDeclared: [previous(account('bob', { active: false }))] }],
    ['they are a bot', { previouslyDeclared: [previous(account('bob', { isBot: true }))] }],
    ['they are of another server', { previouslyDeclared: [previous(account('bob', { isRemote: true }))] }],
    ['they are protected by name', { policy: { protect: ['Bob'] } }],
    ['they are protected by id', { policy: { protect: ['id:id-bob'] } }],
  ])('are not named where %s', (_where, more) => {
    expect(planOf({ ...world, ...more })).not.toHaveProperty('previously_declared');
  });

  test('are in a plan file, which comes back as it was', () => {
    const desired = { digest: `sha256:${'0'.repeat(64)}` };
    const sealed = planOf({ ...world, desired });

    expect(parsePlanFile(planFileText(sealed))).toEqual(sealed);
    expect(() => parsePlanFile(planFileText(sealed).replace('2026-05-04', '2026-05-05'))).toThrow('digest');
  });

  test('change no byte of a plan that has none', () => {
    const without = planOf({ ...world, previouslyDeclared: [] });
    const inactive = planOf({ ...world, previouslyDeclared: [previous(account('eve', { active: false }))] });

    expect(planFileText(inactive)).toBe(planFileText(without));
    expect(planFileText(without)).not.toContain('previously');
  });

  test('stand in one order, however they come', () => {
    const many = ['zoe', 'bob', 'mia'].map((name) => previous(account(name)));

    const [one, other] = [many, many.toReversed()].map((previouslyDeclared) =>
      planOf({ ...world, previouslyDeclared }),
    );

    expect(one).toEqual(other);
  });
});
