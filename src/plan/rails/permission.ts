import type { ChangeClass } from '../../model/plan.ts';
import { blockEach, type Rail } from './rail.ts';

/** What the server asks for each class of change (API reference §4 to §10). `manage_system` is asked for in any case. */
export const permissionOf: Readonly<Record<ChangeClass, string>> = {
  create: 'manage_system',
  update: 'edit_other_users',
  email: 'edit_other_users',
  rename: 'edit_other_users',
  'role-grant': 'manage_roles',
  'role-revoke': 'manage_roles',
  'admin-gain': 'manage_roles',
  'admin-loss': 'manage_roles',
  guest: 'promote_guest',
  activate: 'sysconsole_write_user_management_users',
  deactivate: 'sysconsole_write_user_management_users',
  auth: 'manage_system',
  'token-create': 'create_user_access_token',
  'token-enable': 'create_user_access_token',
  'token-disable': 'revoke_user_access_token',
  'token-revoke': 'revoke_user_access_token',
};

export const permission: Rail = {
  name: 'permission',
  check: (changes, { facts }) =>
    blockEach(changes, ({ change }) => {
      const needed =
        change.class === 'guest' && change.after === 'guest' ? 'demote_to_guest' : permissionOf[change.class];
      if (facts.caller.permissions.has(needed)) return undefined;
      return {
        rail: 'permission',
        reason: `the caller ${facts.caller.username} lacks the permission ${needed}`,
        hint: `give a role of ${facts.caller.username} the permission, or use the token of a full system administrator`,
      };
    }),
};
