import { Refusal } from '../errors.ts';
import { isRemote, type UserRow } from '../rows.ts';
import { checkPassword, hashPassword, isPassword } from '../rules/passwords.ts';
import type { World } from '../world.ts';
import { revokeSessionsOf } from './sessions.ts';

/**
 * Sets a password, which makes any account one with email login: the service and its data are gone without a word
 * (API §1, trap 2).
 *
 * @param keepSession - the caller's own session, when the password is the caller's
 */
export function setPassword(world: World, user: UserRow, password: string, keepSession?: string): void {
  checkPassword(password, world.config);
  if (isRemote(user)) throw new Refusal('api.user.update_password.failed.app_error');
  storePassword(world, user, hashPassword(password, world.newId()));
  if (world.config['ServiceSettings.TerminateSessionsOnPasswordChange']) revokeSessionsOf(world, user.id, keepSession);
}

/** Stores a hash as it is: no check, no mail, no session ended. */
export function storePassword(world: World, user: UserRow, hash: string): void {
  const now = world.now();
  world.store.people.put({
    ...user,
    password: hash,
    auth_data: null,
    auth_service: '',
    last_password_update: now,
    update_at: now,
    failed_attempts: 0,
  });
}

/**
 * Checks a password that is given as proof; a wrong one counts as a failed attempt.
 *
 * @throws {Refusal} 401 when it is wrong, or when there were too many failures before
 */
export function provePassword(world: World, user: UserRow, password: string): void {
  if (user.failed_attempts >= world.config['ServiceSettings.MaximumLoginAttempts']) {
    throw new Refusal('api.user.check_user_login_attempts.too_many.app_error');
  }
  if (isPassword(password, user.password)) {
    if (user.failed_attempts !== 0) world.store.people.put({ ...user, failed_attempts: 0 });
    return;
  }
  world.store.people.put({ ...user, failed_attempts: user.failed_attempts + 1 });
  throw new Refusal('api.user.check_user_password.invalid.app_error');
}
