import type { Call } from '../call.ts';
import { forbidden, invalidBody, noUser, Refusal } from '../errors.ts';
import { flipMemberships } from '../operations/member-roles.ts';
import { joinDefaultChannels } from '../operations/team-membership.ts';
import { json, marshalled, ok, type Reply } from '../reply.ts';
import { get, post, put, type Route, userPath } from '../route.ts';
import { isGuest, isSystemAdmin, type UserRow } from '../rows.ts';
import { beforeUpdate } from '../rules/before-update.ts';
import { isRoleName, isRolesValue, licensedRoles, type RoleDefinition } from '../rules/roles.ts';
import { readStrings } from '../user-input.ts';
import type { World } from '../world.ts';

/** Roles, and who has them (API §6, §9). */
export const roleRoutes: readonly Route[] = [
  get('/roles', (call) => marshalled(call.world.roles().map((role) => viewRole(call.world, role))), {
    permission: 'manage_system',
  }),
  get('/roles/name/:role_name{[a-z0-9_]+}', roleByName),
  post('/roles/names', rolesByNames),
  put(`${userPath}/roles`, updateRoles),
  post(`${userPath}/promote`, promote),
  post(`${userPath}/demote`, demote),
];

const maxNames = 100;

function viewRole(world: World, role: RoleDefinition): unknown {
  const textKey = `authentication.roles.${role.name.replace(/^system(?=_(?:user|admin|guest)$)/, 'global')}`;
  return {
    id: world.roleId(role.name),
    name: role.name,
    display_name: `${textKey}.name`,
    description: `${textKey}.description`,
    create_at: world.installedAt,
    update_at: world.installedAt,
    delete_at: 0,
    permissions: role.permissions,
    scheme_managed: role.schemeManaged,
    built_in: role.name !== 'custom_group_user',
  };
}

function roleByName(call: Call): Reply {
  const role = call.world.role(call.param('role_name'));
  if (role === undefined) throw new Refusal('app.role.get_by_name.app_error');
  return json(viewRole(call.world, role));
}

function rolesByNames(call: Call): Reply {
  const names = call.decode(readStrings, new Refusal('api.payload.parse.error'));
  if (names.length === 0) throw invalidBody('rolenames');
  if (names.length > maxNames) {
    throw new Refusal('api.roles.get_multiple_by_name_too_many.request_error', { param: String(maxNames) });
  }
  const clean = names.filter((name) => name.trim() !== '');
  if (!clean.every(isRoleName)) throw invalidBody('rolename');
  // Blank names alone: Go writes a list that was never made as null.
  if (clean.length === 0) return marshalled(null);
  const wanted = new Set(clean);
  return marshalled(
    call.world
      .roles()
      .filter((role) => wanted.has(role.name))
      .map((role) => viewRole(call.world, role)),
  );
}

/**
 * Replaces all roles by one text. A body that cannot be read means the empty text, and the empty text passes every
 * check: the account is left without any role (API §1, trap 1).
 */
function updateRoles(call: Call): Reply {
  const { world } = call;
  const id = call.pathId();
  const roles = call.texts['roles'] ?? '';
  if (!isRolesValue(roles)) throw invalidBody('roles');
  const names = roles.split(/\s+/).filter((name) => name !== '');
  if (names.some((name) => needsLicence(world, name)) && world.licence?.customPermissionsSchemes !== true) {
    throw new Refusal('api.user.update_user_roles.license.app_error');
  }
  call.require('manage_roles');
  const user = world.user(id);
  if (user === undefined) throw noUser(400);
  if (names.some((name) => world.role(name) === undefined)) {
    throw new Refusal('app.role.check_roles_exist.role_not_found');
  }
  checkLastAdmin(world, user, roles);
  storeRoles(world, beforeUpdate({ ...user, roles }), roles);
  return ok;
}

const needsLicence = (world: World, name: string): boolean => licensedRoles.has(name) && world.role(name) !== undefined;

/** The only guard of the last administrator on the whole server, and it counts active people only. */
function checkLastAdmin(world: World, user: UserRow, roles: string): void {
  if (!isSystemAdmin(user) || roles.includes('system_admin')) return;
  if (world.countAdmins() <= 1) throw new Refusal('app.user.update.lastAdmin.app_error');
}

function storeRoles(world: World, user: UserRow, roles: string): void {
  world.store.people.put({ ...user, roles, update_at: world.now() });
}

function promote(call: Call): Reply {
  const id = call.pathId();
  call.require('promote_guest');
  const user = call.world.user(id);
  if (user === undefined) throw noUser();
  if (!isGuest(user)) throw new Refusal('api.user.promote_guest_to_user.no_guest.app_error');
  if (user.auth_service === 'magic_link') {
    throw new Refusal('api.user.promote_guest_to_user.magic_link_enabled.app_error');
  }
  const roles = user.roles.split(' ').map((role) => (role === 'system_guest' ? 'system_user' : role));
  storeRoles(call.world, user, roles.join(' '));
  afterPromotion(call.world, user);
  return ok;
}

/**
 * The rows of a guest become those of a member. The default channels of their teams are joined after that, yet in the name of the
 * guest: such a row stays one of a guest, which takes no flags, until the next promotion.
 */
function afterPromotion(world: World, guest: UserRow): void {
  const user = world.user(guest.id);
  if (user === undefined) return;
  flipMemberships(world, user);
  for (const teamId of world.store.teamMembers.placesOf(user.id)) {
    const team = world.store.teams.get(teamId);
    const isIn = world.store.teamMembers.get(teamId, user.id)?.delete_at === 0;
    if (isIn && team !== undefined) joinDefaultChannels(world, team, guest);
  }
}

/** Leaves `system_guest` and nothing else: `system_admin` goes too, and the remaining ones are not counted (trap 6). */
function demote(call: Call): Reply {
  const { world } = call;
  const id = call.pathId();
  if (world.licence === undefined) throw new Refusal('api.team.demote_user_to_guest.license.error');
  if (!world.config['GuestAccountsSettings.Enable']) {
    throw new Refusal('api.team.demote_user_to_guest.disabled.error');
  }
  if (!world.licence.guests) throw new Refusal('api.team.invite_guests_to_channels.disabled.error');
  if (!call.may('demote_to_guest')) throw forbidden();
  const user = world.user(id);
  if (user === undefined) throw noUser();
  call.requireAdminFor(user);
  if (isGuest(user)) throw new Refusal('api.user.demote_user_to_guest.already_guest.app_error');
  storeRoles(world, user, 'system_guest');
  const guest = world.user(id);
  if (guest !== undefined) flipMemberships(world, guest);
  return ok;
}
