import type { ResourceDefinition } from '../../model/resource-definition.ts';
import { noRemoval } from '../../model/review.ts';
import { membershipActions } from './definition-actions.ts';
import { asksOf } from './definition-asks.ts';
import { diffMemberships } from './definition-diff.ts';
import { describeMemberships, toMembershipEntry } from './definition-entry.ts';
import { membershipsAfter } from './definition-foresight.ts';
import { isMembershipDone } from './definition-judge.ts';
import { membershipNeeds } from './definition-needs.ts';
import { refusalsOfMemberships } from './definition-refusals.ts';
import { undoMemberships } from './definition-undo.ts';
import { wantedPlaces } from './definition-wanted.ts';

/** In which teams and channels people are, and which of them they administer. */
export const membership: ResourceDefinition<'membership'> = {
  kind: 'membership',
  noun: { one: 'membership', many: 'memberships' },
  dependsOn: ['user'],
  reads: (match) => (match.account !== undefined && asksOf(match).length > 0 ? 'needed' : 'nothing'),
  asks: asksOf,
  lists: () => false,
  undeclared: () => [],
  count: ({ live, desired }) => ({
    live: live.membership?.members.length ?? 0,
    declared: wantedPlaces(desired).length,
  }),
  diff: diffMemberships,
  needs: membershipNeeds,
  refusals: refusalsOfMemberships,
  switchedOff: () => undefined,
  actions: membershipActions,
  foresee: (actions, live) => membershipsAfter(actions, live),
  isDone: (action, live) => isMembershipDone(action, live.membership),
  renews: () => false,
  afterwards: () => [],
  undo: (written, leaving) => undoMemberships(membership, written, leaving),
  describe: describeMemberships,
  toEntry: toMembershipEntry,
  audit: () => [],
  grants: () => [],
  grantsOf: () => ({ given: [], taken: [] }),
  revoke: () => noRemoval,
};
