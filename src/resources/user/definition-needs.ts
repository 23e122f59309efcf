import { accessOf } from '../../model/change-classes.ts';
import type { Change } from '../../model/plan.ts';
import type { Need } from '../../model/resource-definition.ts';
import { isAsked } from './definition-refused.ts';

/** What a change of an account needs of the others of the same person. */
export function userNeeds(change: Change, other: Change): Need | undefined {
  const isTaken = other.class === 'role-revoke' || other.class === 'admin-loss';
  if (change.class === 'guest' && accessOf(change) === 'takes' && isTaken) {
    return { because: 'becoming a guest takes every other role away' };
  }
  if ((change.class === 'role-grant' || change.class === 'admin-gain') && other.class === 'guest') {
    const because = accessOf(other) === 'takes' ? 'the person does not become a guest' : 'the person stays a guest';
    return { because };
  }
  if (change.part_of === 'leaving-provider' && other.class === 'auth') {
    return { because: 'the provider owns the field until the person has left it' };
  }
  if (change.class === 'auth' && other.part_of === 'joining-provider') {
    return { because: 'the provider would own the field before it is written' };
  }
  if (other.cures === true && isAsked(change)) {
    return { because: `the server refuses every change until ${other.attribute} is changed`, isUnordered: true };
  }
  if (change.class === 'create' && other.class === 'guest') {
    return { because: 'the person would be a full member instead of a guest', isUnordered: true };
  }
  return undefined;
}
