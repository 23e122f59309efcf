import type { DesiredState, DesiredUser } from '../model/desired-state.ts';
import { refuse } from '../model/messages/problems.ts';
import type { Problem } from '../model/problem.ts';
import type { Match, PlanContext } from '../model/resource-definition.ts';

/** Roles that an entry names and the server does not have, and those of bundles that administer it. Every name was asked for, so the answer is not a guess. */
export function unknownRoles(
  { desired: user, account, transition }: Match,
  { desired, facts }: PlanContext,
): readonly Problem[] {
  const own = user.values.roles;
  // `on_create` is used once, for a person who has no account yet.
  const isNew = account === undefined && transition === 'joins';
  const named = own ?? (isNew ? (user.onCreate.roles ?? []) : []);
  if (user.bundleRoles === undefined && named.every((role) => facts.roles.has(role))) return none;
  const byBundle = (user.bundleRoles ?? [])
    .filter((role) => facts.administrativeRoles.has(role))
    .map((role) => ({
      ...refuse('administrative-bundle', { bundle: bundleOf(desired, user), role }),
      at: desired.locate(user, 'roles'),
    }));
  const unknown = named
    .filter((role) => !facts.roles.has(role))
    .map((role) => ({
      ...refuse('unknown-role', { username: user.username, role }),
      at: desired.locate(user, own === undefined ? undefined : 'roles'),
    }));
  return [...unknown, ...byBundle];
}

/** Those that name roles. */
const bundleOf = (desired: DesiredState, user: DesiredUser): string =>
  (desired.locate(user, 'roles').bundles ?? []).map(({ bundle }) => bundle).join(', ');

const none: readonly Problem[] = [];
