import type { Call } from '../call.ts';
import { forbidden, invalidBody, noUser, Refusal } from '../errors.ts';
import { Fields } from '../go-json.ts';
import { provePassword, setPassword, storePassword } from '../operations/set-password.ts';
import { json, ok, type Reply } from '../reply.ts';
import { post, put, type Route, userPath } from '../route.ts';
import { isSystemAdmin } from '../rows.ts';

/** How a user logs in (API §8.1, §11.3). */
export const authRoutes: readonly Route[] = [
  put(`${userPath}/auth`, updateAuth),
  put(`${userPath}/password`, updatePassword),
  post(`${userPath}/reset_failed_attempts`, resetFailedAttempts),
];

/**
 * Moves an account to a login service. The password is wiped at once, even when nothing else changes (trap 3); an
 * unknown id gets the same answer; and there is no way back to `""`.
 */
function updateAuth(call: Call): Reply {
  const { world } = call;
  if (!call.isAdmin) throw forbidden();
  const id = call.pathId();
  const auth = call.decode((value) => {
    const fields = new Fields(value);
    return { auth_data: fields.string('auth_data') ?? '', auth_service: fields.string('auth_service') ?? '' };
  }, invalidBody('user'));
  if (auth.auth_data === '' || auth.auth_service === '') {
    throw new Refusal('api.user.update_user_auth.invalid_request');
  }
  const owner = world.store.people.byAuthData(auth.auth_data);
  const user = world.user(id);
  if (user === undefined) return json(auth);
  if (owner !== undefined && owner.id !== id) {
    throw new Refusal('app.user.update_auth_data.email_exists.app_error');
  }
  if (auth.auth_service.length > 32 || auth.auth_data.length > 128) {
    throw new Refusal('app.user.update_auth_data.app_error');
  }
  const now = world.now();
  world.store.people.put({
    ...user,
    ...auth,
    password: '',
    last_password_update: now,
    update_at: now,
    failed_attempts: 0,
  });
  return json(auth);
}

function updatePassword(call: Call): Reply {
  const { world } = call;
  const id = call.pathId();
  const { new_password: password = '', current_password: current = '', already_hashed: hashed } = call.texts;
  const user = world.user(id);
  const isSelf = id === call.callerId;
  const maySet =
    user !== undefined && call.may(isSystemAdmin(user) ? 'manage_system' : 'sysconsole_write_user_management_users');
  if (hashed === 'true') {
    if (user !== undefined && maySet) storePassword(world, user, password);
    else if (isSelf) throw new Refusal('api.user.update_password.user_and_hashed.app_error');
    else throw new Refusal('api.user.update_password.context.app_error');
    return ok;
  }
  if (isSelf) changeOwnPassword(call, current, password);
  else if (user !== undefined && maySet) {
    if (user.auth_service === 'magic_link') throw new Refusal('api.user.update_password.magic_link.app_error');
    setPassword(world, user, password);
    world.mail('password-changed', user);
  } else throw new Refusal('api.user.update_password.context.app_error');
  return ok;
}

function changeOwnPassword(call: Call, current: string, password: string): void {
  const { world, caller } = call;
  if (current === '') throw invalidBody('current_password');
  if (caller === undefined) throw noUser();
  if ((caller.auth_data ?? '') !== '') throw new Refusal('api.user.update_password.oauth.app_error');
  try {
    provePassword(world, caller, current);
  } catch (error) {
    if (!(error instanceof Refusal) || error.id !== 'api.user.check_user_password.invalid.app_error') throw error;
    throw new Refusal('api.user.update_password.incorrect.app_error');
  }
  setPassword(world, caller, password, call.session?.id);
  world.mail('password-changed', caller);
}

function resetFailedAttempts(call: Call): Reply {
  const id = call.pathId();
  if (!call.may('sysconsole_write_user_management_users')) {
    throw new Refusal('api.user.reset_password_failed_attempts.permissions.app_error');
  }
  const user = call.world.user(id);
  if (user === undefined) throw noUser();
  call.requireAdminFor(user);
  if (user.auth_service !== '' && user.auth_service !== 'ldap') {
    throw new Refusal('api.user.reset_password_failed_attempts.ldap_and_email_only.app_error');
  }
  call.world.store.people.put({ ...user, failed_attempts: 0 });
  return ok;
}
