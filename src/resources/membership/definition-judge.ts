/** Whether a call is still to be made, by what the person is in the place now. */
import { type CallOf, isCallOf } from '../../model/calls.ts';
import { type LiveMemberships, type Standing, standingIn } from '../../model/memberships.ts';
import type { Action } from '../../model/plan.ts';
import type { Verdict } from '../../model/verdict.ts';

export function judge(call: CallOf<'membership'>, now: Standing): Verdict {
  if (isThere(call, now)) return { go: 'already' };
  if (now === 'none' && (call.operation === 'set-team-role' || call.operation === 'set-channel-role'))
    return { go: 'stale', expected: 'a member', found: 'no member' };
  return { go: 'write' };
}

/** Whether a place shows what a call makes. */
export function isThere(call: CallOf<'membership'>, now: Standing): boolean {
  switch (call.operation) {
    case 'join-team':
    case 'join-channel':
      return now !== 'none';
    case 'leave-team':
    case 'leave-channel':
      return now === 'none';
    case 'set-team-role':
    case 'set-channel-role':
      return now === (call.admin ? 'admin' : 'member');
  }
}

/** What a call makes of a standing. */
export function standingAfter(call: CallOf<'membership'>, now: Standing): Standing {
  switch (call.operation) {
    case 'join-team':
    case 'join-channel':
      return now === 'none' ? 'member' : now;
    case 'leave-team':
    case 'leave-channel':
      return 'none';
    case 'set-team-role':
    case 'set-channel-role':
      return call.admin ? 'admin' : 'member';
  }
}

export function isMembershipDone({ call, precondition }: Action, live: LiveMemberships | undefined): boolean {
  const { membership } = precondition;
  if (live === undefined || membership === undefined || !isCallOf('membership', call)) return false;
  const now = standingIn(live, membership.place);
  return now !== undefined && isThere(call, now);
}
