import type { LiveUser } from './live-state.ts';

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
