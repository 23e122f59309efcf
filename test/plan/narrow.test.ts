import { describe, expect, test } from 'vitest';
import { defaultBudgets } from '../../src/model/approval.ts';
import type { ChangeClass, Plan } from '../../src/model/plan.ts';
import type { Narrowing } from '../../src/plan/narrow.ts';
import { account, blockedOf, changesOf, entry, planOf, type World, wantedToken } from '../support/build-states.ts';

function narrowed(world: World, narrowing: Narrowing): Plan {
  return planOf(world, { narrowing });
}

const users = (...names: readonly string[]): Narrowing => ({ users: new Set(names) });
const classes = (...names: readonly ChangeClass[]): Narrowing => ({ classes: new Set(names) });

const two: World = {
  entries: [
    entry('ada', { nickname: 'A', roles: ['system_user', 'system_manager'] }),
    entry('bob', { nickname: 'B', email: 'b@example.com' }),
  ],
  accounts: [account('ada'), account('bob')],
};

test('keeps the changes of the people who are named, and records it', () => {
  const plan = narrowed(two, users('ada'));

  expect(changesOf(plan)).toEqual(['ada/nickname', 'ada/roles/+system_manager']);
  expect(plan.narrowed).toEqual({ users: ['ada'], left_out: 2 });
  expect(plan.summary).toMatchObject({ actions: 2, people: 1, declared: 2 });
});

test('keeps the changes of the classes that are named, in the order of all classes', () => {
  const plan = narrowed(two, classes('email', 'role-grant'));

  expect(changesOf(plan)).toEqual(['ada/roles/+system_manager', 'bob/email']);
  expect(plan.narrowed).toEqual({ classes: ['role-grant', 'email'], left_out: 2 });
});

test('keeps what both names allow', () => {
  const plan = narrowed(two, { ...users('bob'), ...classes('email') });

  expect(changesOf(plan)).toEqual(['bob/email']);
  expect(plan.narrowed).toEqual({ users: ['bob'], classes: ['email'], left_out: 3 });
});

test('records a limit that leaves nothing out', () => {
  expect(narrowed(two, users('ada', 'bob')).narrowed).toEqual({ users: ['ada', 'bob'], left_out: 0 });
});

test('says nothing of a limit where there is none', () => {
  expect(narrowed(two, {})).not.toHaveProperty('narrowed');
});

test('makes another digest than the whole plan', () => {
  expect(narrowed(two, users('ada', 'bob')).digest).not.toBe(narrowed(two, {}).digest);
});

describe('what needs something that is left out is left out with it:', () => {
  test('a token of a person who is not created', () => {
    const world: World = { entries: [entry('new', { email: 'n@example.com' }, { tokens: [wantedToken('ci')] })] };

    const plan = narrowed(world, classes('token-create'));

    expect(plan.actions).toEqual([]);
    expect(plan.narrowed?.left_out).toBe(2);
  });

  test('a name that its bearer does not give up', () => {
    const world: World = {
      entries: [
        entry('ada', {}, { previousUsernames: ['eve'] }),
        entry('bob', {}, { previousUsernames: ['ada'], id: 'id-ada' }),
      ],
      accounts: [account('ada'), account('eve')],
    };
    expect(changesOf(narrowed(world, {}))).toHaveLength(2);

    expect(changesOf(narrowed(world, users('bob')))).toEqual(['bob/username']);
    expect(narrowed(world, users('ada')).actions).toEqual([]);
    expect(narrowed(world, users('ada')).narrowed?.left_out).toBe(2);
  });

  test('a seat that its holder does not leave', () => {
    const world: World = {
      entries: [entry('leaver', { active: false }), entry('new', { email: 'n@example.com' }, { tokens: [] })],
      accounts: [account('leaver')],
      facts: { seats: { used: 3, limit: 3 } },
    };
    expect(changesOf(narrowed(world, {}))).toEqual(['leaver/active', 'new/account']);

    const plan = narrowed(world, users('new'));

    expect(plan.actions).toEqual([]);
    expect(plan.narrowed?.left_out).toBe(2);
    expect(plan.blocked).toEqual([]);
    expect(changesOf(narrowed(world, users('leaver')))).toEqual(['leaver/active']);
  });
});

test('comes after the rails: a budget stays exceeded, no matter who is named', () => {
  const names = ['a', 'b', 'c'];
  const world: World = {
    entries: names.map((name) => entry(name, { active: false, nickname: 'N' })),
    accounts: names.map((name) => account(name)),
    policy: { budgets: defaultBudgets },
  };

  const plan = narrowed(world, users('a'));

  expect(blockedOf(plan)).toEqual(['a/active: budget', 'b/active: budget', 'c/active: budget']);
  expect(changesOf(plan)).toEqual(['a/nickname']);
  expect(plan.narrowed?.left_out).toBe(2);
});

test('leaves what is held and blocked in sight', () => {
  const world: World = {
    ...two,
    entries: [...(two.entries ?? []), entry('root', { active: false })],
  };

  const plan = narrowed(world, users('bob'));

  expect(plan.held.map(({ change }) => change.person)).toEqual(['root']);
});
