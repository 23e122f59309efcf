import type { Problem } from '../model/problem.ts';
import type { PlanContext } from '../model/resource-definition.ts';

/** Roles that entries name and the server does not have. Every name was asked for, so the answer is not a guess. */
export function unknownRoles({ desired, facts }: PlanContext): readonly Problem[] {
  return desired.users.flatMap((user) => {
    const named = [
      ...(user.values.roles ?? []),
      ...(user.values.roles === undefined ? (user.onCreate.roles ?? []) : []),
    ];
    return named
      .filter((role) => !facts.roles.has(role))
      .map((role) => ({
        code: 'unknown-role',
        message: `${user.username} wants the role ${role}, which this server does not have`,
        hint: 'check the spelling; roles come with the server, its version and its licence',
        at: desired.locate(user, user.values.roles === undefined ? undefined : 'roles'),
      }));
  });
}
