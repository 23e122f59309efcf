import type { LiveUser } from './live-state.ts';

/** Roles that administer on every server. */
const administrative: ReadonlySet<string> = new Set(['system_admin', 'system_manager', 'system_user_manager']);

/** Roles that come with the server and never administer. */
export const harmlessRoles: ReadonlySet<string> = new Set(['system_user', 'system_guest']);

/** Whether holders of a role may write in the System Console, or change other people's accounts. */
export const isAdministrative = (role: string, known: ReadonlySet<string> = new Set()): boolean =>
  administrative.has(role) || known.has(role);

/** The roles of an account that administer. */
export const administrativeRolesOf = ({ values }: LiveUser, known: ReadonlySet<string>): readonly string[] =>
  values.roles.filter((role) => isAdministrative(role, known));

/** Whether an account can administer: active, a person of this server, with a sign-in service that is switched on. */
export function canAdminister({ isBot, isRemote, values }: LiveUser, signInServices: ReadonlySet<string>): boolean {
  return (
    values.active &&
    !isBot &&
    !isRemote &&
    values.roles.includes('system_admin') &&
    signInServices.has(values.auth.service)
  );
}
