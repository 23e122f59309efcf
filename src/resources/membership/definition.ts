import type { ResourceDefinition } from '../../model/resource-definition.ts';
import { membershipActions } from './definition-actions.ts';
import { asksOf, readsOf } from './definition-asks.ts';
import { auditMemberships, membershipGrants } from './definition-audit.ts';
import { diffMemberships } from './definition-diff.ts';
import { describeMemberships, toMembershipEntry } from './definition-entry.ts';
import { leavesOfStranger, missingPlaces } from './definition-exact.ts';
import { membershipsAfter } from './definition-foresight.ts';
import { isMembershipDone } from './definition-judge.ts';
import { membershipNeeds } from './definition-needs.ts';
import { refusalsOfMemberships } from './definition-refusals.ts';
import { grantsOfMembershipChange, revokeMemberships } from './definition-review.ts';
import { undoMemberships } from './definition-undo.ts';
import { wantedPlaces } from './definition-wanted.ts';

/** In which teams and channels people are, and which of them they administer. */
export const membership: ResourceDefinition<'membership'> = {
  kind: 'membership',
  noun: { one: 'membership', many: 'memberships' },
  dependsOn: ['user'],
  reads: readsOf,
  asks: asksOf,
  wholes: ({ exactPlaces }) => exactPlaces,
  stranger: leavesOfStranger,
  lists: () => false,
  undeclared: (_seen, _admins, context) => missingPlaces(context),
  turnsAt: () => [],
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
  audit: auditMemberships,
  grants: membershipGrants,
  // The server shows no dates of memberships, and who left may have come back.
  recall: { unchangedSince: () => undefined, keysComeOnce: false },
  grantsOf: grantsOfMembershipChange,
  revoke: revokeMemberships,
};
