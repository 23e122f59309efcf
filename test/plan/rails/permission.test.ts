import { describe, expect, test } from 'vitest';
import { changeClasses, changeClassRows } from '../../../src/model/change-classes.ts';
import type { DesiredUser } from '../../../src/model/desired-state.ts';
import type { LiveUser } from '../../../src/model/live-state.ts';
import type { ChangeClass } from '../../../src/model/plan.ts';
import type { PersonChange } from '../../../src/plan/person-change.ts';
import { permission } from '../../../src/plan/rails/permission.ts';
import {
  account,
  allPermissions,
  blockedOf,
  changesOf,
  contextOf,
  entry,
  markedToken,
  personOf,
  planOf,
  root,
  wantedToken,
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
  ...changeClasses.map((name) => [change(name), changeClassRows[name].permission] as const),
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

const away = (roles: readonly string[] = ['system_user']): LiveUser => account('ada', { active: false, roles });

describe('never lets a returner in', () => {
  const ci1 = markedToken('ada', { name: 'ci', generation: 1 }, { id: 'ci1' });
  const rotated = { tokens: [wantedToken('ci', { generation: 2 })] };

  test.each<readonly [string, string, DesiredUser, LiveUser, string]>([
    [
      'whose old roles cannot be taken',
      'manage_roles',
      entry('ada', { active: true }),
      away(['system_user', 'system_post_all']),
      'ada/roles/-system_post_all: permission',
    ],
    [
      'whose declared roles cannot be taken',
      'manage_roles',
      entry('ada', { active: true, roles: ['system_user'] }),
      away(['system_user', 'system_admin']),
      'ada/roles/-system_admin: permission',
    ],
    [
      'who cannot be made the guest that they shall be',
      'demote_to_guest',
      entry('ada', { active: true, roles: ['system_guest'] }),
      away(),
      'ada/roles/+system_guest: permission',
    ],
    [
      'whose old tokens cannot be disabled',
      'revoke_user_access_token',
      entry('ada', { active: true }),
      away(),
      'ada/tokens/ci1/token-disable: permission',
    ],
    [
      'whose old tokens cannot be revoked',
      'revoke_user_access_token',
      entry('ada', { active: true }, { tokens: [] }),
      away(),
      'ada/tokens/ci1/token-revoke: permission',
    ],
  ])('%s', (_, missing, desired, live, blocked) => {
    const plan = planOf({ entries: [desired], accounts: [live], tokens: [ci1], facts: without(missing).facts });

    expect(changesOf(plan)).not.toContain('ada/active');
    expect(blockedOf(plan)).toEqual(expect.arrayContaining(['ada/active: prerequisite', blocked]));
  });

  test('with a rotated token of before', () => {
    const facts = without('revoke_user_access_token').facts;

    const plan = planOf({
      entries: [entry('ada', { active: true }, rotated)],
      accounts: [away()],
      tokens: [ci1],
      facts,
    });

    expect(plan.actions).toEqual([]);
    expect(blockedOf(plan)).toEqual([
      'ada/active: prerequisite',
      'ada/tokens/ci1/token-revoke: permission',
      'ada/tokens/ci@2/token-create: prerequisite',
    ]);
  });
});
