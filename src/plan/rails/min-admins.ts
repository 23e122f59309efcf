/**
 * The lock-out proof. Counted are active people with `system_admin` who can sign in and whom this plan does not touch;
 * what the plan gains never offsets what it loses, since an executor may run the losses while a gain fails. As long
 * as those who are left reach `min_admins`, every order of the actions, and every prefix of it, leaves that many.
 */

import { canAdminister } from '../../model/admin-rules.ts';
import { administrationOf } from '../../model/change-classes.ts';
import { wordFor } from '../../model/count.ts';
import type { LiveUser, ServerFacts } from '../../model/live-state.ts';
import { block } from '../../model/messages/blocked-rows.ts';
import type { PlanContext } from '../../model/resource-definition.ts';
import type { PersonChange } from '../person-change.ts';
import { blockEach, type Rail } from './rail.ts';

/** Whether a change could take the ability to administer from an account that has it. */
export function losesAdmin({ person, change }: PersonChange, facts: ServerFacts): boolean {
  const { user } = person.live;
  if (user === undefined || !canAdminister(user, facts.signInServices)) return false;
  const effect = administrationOf(change);
  return effect === 'loss' || effect === 'may-lose';
}

export const minAdmins: Rail = {
  name: 'min-admins',
  check: (changes, context) => new Map([...refusedByServer(changes, context), ...belowLimit(changes, context)]),
};

function belowLimit(
  changes: readonly PersonChange[],
  { facts, policy, doubts }: PlanContext,
): ReturnType<Rail['check']> {
  const losing = changes.filter((one) => losesAdmin(one, facts));
  const lost = new Set(losing.map(({ person }) => person.live.user?.id));
  const before = facts.admins.filter((admin) => canAdminister(admin, facts.signInServices));
  // Whether they stay is not known while an entry that may mean them cannot be used.
  const isCertain = (admin: LiveUser): boolean => doubts === undefined || doubts.about(admin).length === 0;
  const left = before.filter((admin) => !lost.has(admin.id) && isCertain(admin)).length;
  if (lost.size === 0 || left >= policy.minAdmins) return new Map();
  const what = { is: 'policy', left: sureText(left, before.length), wanted: policy.minAdmins } as const;
  return blockEach(losing, () => block('min-admins', what));
}

/** Such as `only 1 of 3 administrators is sure to remain`. */
const sureText = (left: number, all: number): string =>
  `${left === 0 ? 'none' : `only ${left}`} of ${all} administrators ${wordFor(left, 'is', 'are')} sure to remain`;

/**
 * The server itself never takes the role, not even from an inactive account, while no more than one active
 * person has it (API reference §6); sign-in services do not matter to it.
 */
function refusedByServer(changes: readonly PersonChange[], { facts }: PlanContext): ReturnType<Rail['check']> {
  const active = facts.admins.filter(({ isBot, isRemote }) => !isBot && !isRemote);
  const losing = new Set(
    changes.filter(({ change }) => administrationOf(change) === 'loss').map(({ person }) => person.live.user?.id),
  );
  const left = active.filter(({ id }) => !losing.has(id)).length;
  return blockEach(changes, ({ change, person }) => {
    const needed = person.live.user?.values.active === true ? 1 : 2;
    if (change.class !== 'admin-loss' || left >= needed) return undefined;
    return block('min-admins', { is: 'server', left: left === 0 ? 'none' : `only ${left}` });
  });
}
