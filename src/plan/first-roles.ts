/** Roles of `on_create` that a plan or its run could not assign to an account that it made. */

import { isFirstRole, type OwedByRun } from '../model/first-roles.ts';
import type { Change, OwedRoles } from '../model/plan.ts';
import type { Findings, Match, Person } from '../model/resource-definition.ts';
import { isGuest } from '../model/user-rules.ts';
import type { PersonChange } from './person-change.ts';

/** What is owed to a person whose entry does not say which roles they have. */
export function owedTo({ desired, account: live }: Match, owed: readonly OwedByRun[]): OwedByRun | undefined {
  if (owed.length === 0 || live === undefined || desired.values.roles !== undefined || !live.values.active)
    return undefined;
  // Where the response to the create was not recorded, an account of that name is what it made.
  const one = owed.find(({ account, person }) =>
    account === undefined ? person === desired.username : account === live.id,
  );
  // The files decide otherwise by now.
  return one !== undefined && isGuest(live.values.roles) && !isGuest(one.roles) ? undefined : one;
}

/** What a plan leaves of first roles to the one after it: blocked, held, or outside of what the plan is limited to. */
export function leftOwing(
  found: ReadonlyArray<{ readonly person: Person; readonly findings: Findings }>,
  passed: readonly PersonChange[],
): readonly OwedRoles[] {
  const going = new Set(passed.map(({ change }) => change.id));
  return found.flatMap(({ person, findings }): readonly OwedRoles[] => {
    const {
      desired,
      live: { user: live },
    } = person;
    if (findings.changes.length + findings.held.length === 0) return none;
    const all = [...findings.changes, ...findings.held.map(({ change }) => change)];
    const first = all.filter(isFirstRole);
    const left = first.filter(({ id }) => !going.has(id));
    // Without an account nothing is owed: whichever plan makes it compares them all.
    const isThere = live !== undefined || all.some((change) => change.class === 'create' && going.has(change.id));
    if (left.length === 0 || !isThere) return [];
    const roles = [...(first.some(makesGuest) ? ['system_guest'] : []), ...left.flatMap(roleOf)];
    return [{ person: desired.username, ...(live !== undefined && { account: live.id }), roles }];
  });
}

const none: readonly never[] = [];

const makesGuest = (change: Change): boolean => change.class === 'guest' && change.after === 'guest';

/** A role that is gained; the base role of a guest is told by another change. */
function roleOf(change: Change): readonly string[] {
  return change.class !== 'guest' && typeof change.after === 'string' ? [change.after] : [];
}
