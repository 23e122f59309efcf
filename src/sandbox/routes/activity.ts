import type { Call } from '../call.ts';
import { forbidden, invalidBody, noUser, Refusal } from '../errors.ts';
import { deleteForGood, setActive } from '../operations/set-active.ts';
import { isTrue } from '../paging.ts';
import { ok, type Reply } from '../reply.ts';
import { del, put, type Route, userPath } from '../route.ts';
import { isGuest, isSystemAdmin, type UserRow } from '../rows.ts';

/** Whether an account is active (API §7). Nothing here guards the last administrator. */
export const activityRoutes: readonly Route[] = [put(`${userPath}/active`, updateActive), del(userPath, deleteUser)];

function updateActive(call: Call): Reply {
  const { world } = call;
  const id = call.pathId();
  const active = call.values['active'];
  if (typeof active !== 'boolean') throw invalidBody('active');
  const isOwnGoodbye = !active && id === call.callerId;
  if (!isOwnGoodbye && !call.may('sysconsole_write_user_management_users')) {
    throw new Refusal('api.user.update_active.permissions.app_error');
  }
  // An administrator's own account too.
  if (isOwnGoodbye && !world.config['TeamSettings.EnableUserDeactivation']) {
    throw new Refusal('api.user.update_active.not_enable.app_error');
  }
  const user = world.user(id);
  if (user === undefined) throw noUser();
  call.requireAdminFor(user);
  checkActivation(call, user, active);
  setActive(world, user, active);
  if (isOwnGoodbye) world.mail('deactivated', user);
  return ok;
}

function checkActivation(call: Call, user: UserRow, active: boolean): void {
  if (active && isGuest(user) && !call.world.config['GuestAccountsSettings.Enable']) {
    throw new Refusal('api.user.update_active.cannot_enable_guest_when_guest_feature_is_disabled.app_error');
  }
  if (user.auth_service === 'ldap') {
    throw new Refusal('api.user.update_active.cannot_modify_status_when_user_is_managed_by_ldap.app_error');
  }
}

/** Deactivates, unless told to delete for good. LDAP is not asked, and an administrator may say goodbye (trap 7). */
function deleteUser(call: Call): Reply {
  const { world } = call;
  const id = call.pathId();
  if (!call.mayEditUserOrBot(id)) throw forbidden();
  if (id === call.callerId && !world.config['TeamSettings.EnableUserDeactivation'] && !call.isAdmin) {
    throw new Refusal('api.user.update_active.not_enable.app_error');
  }
  const user = world.user(id);
  if (user === undefined) throw noUser();
  call.requireAdminFor(user);
  if (isTrue(call.query.get('permanent'))) {
    checkDeletion(call);
    deleteForGood(world, user);
  } else setActive(world, user, false);
  return ok;
}

function checkDeletion(call: Call): void {
  if (call.world.config['ServiceSettings.EnableAPIUserDeletion']) return;
  const { caller } = call;
  throw new Refusal(
    caller !== undefined && isSystemAdmin(caller)
      ? 'api.user.delete_user.not_enabled.for_admin.app_error'
      : 'api.user.delete_user.not_enabled.app_error',
  );
}
