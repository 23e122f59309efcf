import { describe, expect, test } from 'vitest';
import type { ChangeClass } from '../../../src/model/plan.ts';
import { changeClasses } from '../../../src/model/plan.ts';
import type { PersonChange } from '../../../src/plan/person-change.ts';
import { permission, permissionOf } from '../../../src/plan/rails/permission.ts';
import {
  account,
  allPermissions,
  blockedOf,
  contextOf,
  entry,
  personOf,
  planOf,
  root,
} from '../../support/build-states.ts';

const change = (changeClass: ChangeClass, after?: string): PersonChange => ({
  person: personOf(entry('ada'), account('ada')),
  change: {
    id: 'ada/x',
    class: changeClass,
    person: 'ada',
    attribute: 'x',
    reason: { text: 'declared' },
    ...(after !== undefined && { after }),
  },
});

const without = (name: string) =>
  contextOf({
    facts: {
      caller: {
        id: root.id,
        username: 'root',
        permissions: new Set([...allPermissions].filter((one) => one !== name)),
      },
    },
  });

const cases: readonly (readonly [PersonChange, string])[] = [
  ...changeClasses.map((name) => [change(name), permissionOf[name]] as const),
  [change('guest', 'guest'), 'demote_to_guest'],
  [change('guest', 'member'), 'promote_guest'],
];

describe('asks for the permission that the server asks for:', () => {
  test.each(
    cases.map(
      ([one, needed]) => [`${one.change.class} ${JSON.stringify(one.change.after ?? null)}`, one, needed] as const,
    ),
  )('%s', (_, one, needed) => {
    const withAll = permission.check([one], contextOf({}));
    const withoutIt = permission.check([one], without(needed));

    expect(withAll.size).toBe(0);
    expect(withoutIt.get(one.change)).toMatchObject({
      rail: 'permission',
      reason: `the caller root lacks the permission ${needed}`,
    });
  });
});

test('asks for nothing more', () => {
  const one = change('role-grant');

  for (const name of allPermissions) {
    expect(permission.check([one], without(name)).size).toBe(name === 'manage_roles' ? 1 : 0);
  }
});

test('blocks only the classes that need what is missing', () => {
  const plan = planOf({
    entries: [entry('ada', { roles: ['system_post_all'], nickname: 'x', active: false })],
    accounts: [account('ada')],
    facts: without('manage_roles').facts,
  });

  expect(blockedOf(plan)).toEqual(['ada/roles/+system_post_all: permission']);
  expect(plan.actions).toHaveLength(2);
});

test('never lets a returner in whose old roles cannot be taken', () => {
  const plan = planOf({
    entries: [entry('ada', { active: true })],
    accounts: [account('ada', { active: false, roles: ['system_user', 'system_post_all'] })],
    facts: without('manage_roles').facts,
  });

  expect(plan.actions).toEqual([]);
  expect(blockedOf(plan)).toEqual(['ada/active: prerequisite', 'ada/roles/-system_post_all: permission']);
});
