import { refuse } from '../model/messages/problems.ts';
import type { Problem } from '../model/problem.ts';
import type { Match, PlanContext } from '../model/resource-definition.ts';

/** Roles that an entry names and the server does not have. Every name was asked for, so the answer is not a guess. */
export function unknownRoles(
  { desired: user, account, transition }: Match,
  { desired, facts }: PlanContext,
): readonly Problem[] {
  const own = user.values.roles;
  // `on_create` is used once, for a person who has no account yet.
  const isNew = account === undefined && transition === 'joins';
  const named = own ?? (isNew ? (user.onCreate.roles ?? []) : []);
  return named
    .filter((role) => !facts.roles.has(role))
    .map((role) => ({
      ...refuse('unknown-role', { username: user.username, role }),
      at: desired.locate(user, own === undefined ? undefined : 'roles'),
    }));
}
