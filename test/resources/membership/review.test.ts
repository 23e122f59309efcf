/** What an access review lists of teams and channels, and what the files say once something of it is revoked. */
import { describe, expect, test } from 'vitest';
import type { DesiredUser } from '../../../src/model/desired-state.ts';
import type { LiveUser } from '../../../src/model/live-state.ts';
import type { LiveMembership, LiveMemberships } from '../../../src/model/memberships.ts';
import { accountKey } from '../../../src/model/review.ts';
import { membershipGrants } from '../../../src/resources/membership/definition-audit.ts';
import { grantsOfMembershipChange, revokeMemberships } from '../../../src/resources/membership/definition-review.ts';
import { account, entry } from '../../support/build-states.ts';

const ada = account('ada');
const gail = account('gail', { roles: ['system_guest'] });
const gone = account('gone', { active: false });

const all = (members: readonly LiveMembership[]): LiveMemberships => ({ asked: 'all', members });
const inCore = all([
  { place: 'core', isAdmin: true },
  { place: 'core/dev', isAdmin: false },
  { place: 'core/ops', isAdmin: true, isPrivate: true },
]);

describe('a review lists', () => {
  test.each<[whom: string, user: LiveUser, expected: readonly string[]]>([
    [
      'teams, private channels and administration of a member',
      ada,
      ['team:core', 'team-admin:core', 'channel:core/ops', 'channel-admin:core/ops'],
    ],
    [
      'every channel of a guest',
      gail,
      ['team:core', 'team-admin:core', 'channel:core/dev', 'channel:core/ops', 'channel-admin:core/ops'],
    ],
  ])('%s', (_, user, expected) => {
    expect(membershipGrants(user, { membership: inCore }).map(({ key }) => key)).toEqual(expected);
  });

  test('as held, of a person who is away, what would let them in where no one else may go', () => {
    const held = membershipGrants(gone, { membership: inCore }).filter(({ isHeld }) => isHeld);

    expect(held.map(({ key }) => key)).toEqual(['team-admin:core', 'channel:core/ops', 'channel-admin:core/ops']);
  });

  test('as privileged the administration of teams alone', () => {
    const grants = membershipGrants(ada, { membership: inCore });

    expect(grants.filter(({ isPrivileged }) => isPrivileged).map(({ key }) => key)).toEqual(['team-admin:core']);
  });

  test('nothing of a person whose memberships were not read', () => {
    expect(membershipGrants(ada, {})).toEqual([]);
  });
});

describe('what is revoked', () => {
  const revoke = (keys: readonly string[], user: LiveUser, desired?: DesiredUser, members = inCore) =>
    revokeMemberships(new Set(keys), {
      account: user,
      live: { membership: members },
      ...(desired !== undefined && { desired }),
    });

  test('of a team and of a channel ends in the entry, and the rest of the entry stays', () => {
    const desired = entry('ada', {}, { teams: [{ name: 'sales', member: true, channels: [] }] });

    const { edits, edited, byHand } = revoke(['channel:core/ops', 'team-admin:core'], ada, desired);

    expect(edits).toEqual([
      {
        field: 'teams',
        value: [{ team: 'core', role: 'member', channels: [{ channel: 'ops', member: false }] }, 'sales'],
      },
    ]);
    expect(edited).toEqual(['channel:core/ops', 'team-admin:core']);
    expect([...byHand]).toEqual([]);
  });

  test('of a guest leaves another channel of the team in the entry', () => {
    const { edits } = revoke(['channel:core/ops'], gail, entry('gail'));

    expect(edits).toEqual([
      { field: 'teams', value: [{ team: 'core', channels: ['dev', { channel: 'ops', member: false }] }] },
    ]);
  });

  test('is for a person where it is the last channel of a guest', () => {
    const one = all([
      { place: 'core', isAdmin: false },
      { place: 'core/dev', isAdmin: false },
    ]);

    const { edits, byHand } = revoke(['channel:core/dev'], gail, entry('gail'), one);

    expect(edits).toEqual([]);
    expect([...byHand.keys()]).toEqual(['channel:core/dev']);
  });

  test('is for a person where a bundle gives teams to the entry', () => {
    const desired = entry('ada', {}, { bundlePlaces: ['core'] });

    const { edits, edited, byHand } = revoke(['team:core'], ada, desired);

    expect([edits, edited]).toEqual([[], []]);
    expect(byHand.get('team:core')).toContain('bundles');
  });

  test('is for a person where the administration is that of an account that is away', () => {
    expect([...revoke(['team-admin:core'], gone, entry('gone')).byHand.keys()]).toEqual(['team-admin:core']);
    expect([...revoke(['team-admin:core', accountKey], ada, entry('ada')).byHand.keys()]).toEqual(['team-admin:core']);
  });

  test('is nothing where the keys are of other things', () => {
    expect(revoke(['role:system_admin'], ada, entry('ada'))).toMatchObject({ edits: [], edited: [] });
  });
});

test.each([
  ['team-join', undefined, 'member', ['team:core'], []],
  ['team-leave', 'admin', undefined, [], ['team:core', 'team-admin:core']],
  ['team-admin-gain', 'member', 'admin', ['team-admin:core'], []],
  ['team-admin-loss', 'admin', 'member', [], ['team-admin:core']],
] as const)('a change %s gives and takes in evidence what a review lists', (name, before, after, given, taken) => {
  const change = {
    id: `ada/teams.core/${name}`,
    class: name,
    person: 'ada',
    attribute: 'teams.core' as const,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    reason: { text: 'declared' },
  };

  expect(grantsOfMembershipChange({ change })).toEqual({
    given,
    taken,
  });
});
