/** The roles of a fresh server and what they grant (API §6), as far as the users API asks. */

export interface RoleDefinition {
  readonly name: string;
  readonly permissions: readonly string[];
  readonly schemeManaged: boolean;
  /** The first server version that has it, when not all do. */
  readonly since?: string;
}

const ownTokens = ['create_user_access_token', 'read_user_access_token', 'revoke_user_access_token'];

const member = [
  'create_custom_group',
  'list_public_teams',
  'view_members',
  'join_public_teams',
  'create_direct_channel',
  'delete_custom_group',
  'create_team',
  'restore_custom_group',
  'delete_emojis',
  'manage_custom_group_members',
  'create_emojis',
  'edit_custom_group',
  'create_group_channel',
];

const groups = [
  'create_custom_group',
  'edit_custom_group',
  'delete_custom_group',
  'restore_custom_group',
  'manage_custom_group_members',
];

const readConsole = [
  'sysconsole_read_user_management_groups',
  'sysconsole_read_user_management_teams',
  'sysconsole_read_user_management_channels',
  'sysconsole_read_user_management_permissions',
  'sysconsole_read_authentication_signup',
  'sysconsole_read_authentication_email',
  'sysconsole_read_authentication_password',
  'sysconsole_read_authentication_mfa',
  'sysconsole_read_authentication_ldap',
  'sysconsole_read_authentication_saml',
  'sysconsole_read_authentication_openid',
  'sysconsole_read_authentication_guest_access',
];

const writeConsole = [
  'sysconsole_write_user_management_groups',
  'sysconsole_write_user_management_teams',
  'sysconsole_write_user_management_channels',
];

/** What members of a team and of a channel may do there, as far as memberships ask. */
const teamUser = [
  'list_team_channels',
  'join_public_channels',
  'read_public_channel',
  'view_team',
  'create_public_channel',
  'create_private_channel',
  'invite_user',
  'add_user_to_team',
];

const teamAdmin = [
  'remove_user_from_team',
  'manage_team',
  'manage_team_roles',
  'manage_channel_roles',
  'manage_own_incoming_webhooks',
  'manage_others_incoming_webhooks',
  'manage_own_outgoing_webhooks',
  'manage_others_outgoing_webhooks',
  'manage_own_slash_commands',
  'manage_others_slash_commands',
];

const channelUser = [
  'read_channel',
  'manage_public_channel_members',
  'manage_private_channel_members',
  'manage_public_channel_properties',
  'manage_private_channel_properties',
  'delete_public_channel',
  'delete_private_channel',
];

const administrator = [
  ...new Set([
    ...member,
    ...ownTokens,
    ...groups,
    ...readConsole,
    ...writeConsole,
    ...teamUser,
    ...teamAdmin,
    ...channelUser,
    'join_private_teams',
    'manage_system',
    'manage_roles',
    'edit_other_users',
    'promote_guest',
    'demote_to_guest',
    'invite_guest',
    'invite_user',
    'list_users_without_team',
    'read_license_information',
    'manage_license_information',
    'sysconsole_read_user_management_users',
    'sysconsole_write_user_management_users',
    'sysconsole_write_user_management_permissions',
    'create_bot',
    'manage_bots',
    'manage_others_bots',
    'read_bots',
    'read_others_bots',
    'list_private_teams',
    'read_other_users_teams',
    'create_ldap_sync_job',
    'assign_system_admin_role',
  ]),
];

const systemRole = (name: string, permissions: readonly string[], schemeManaged = false): RoleDefinition => ({
  name,
  permissions,
  schemeManaged,
});

/** Roles of products: they exist, so `PUT roles` takes them, but grant nothing here. */
const otherRoles =
  'team_post_all team_post_all_public custom_group_user playbook_admin playbook_member run_admin run_member';

export const roleDefinitions: readonly RoleDefinition[] = [
  systemRole('system_user', member, true),
  systemRole('system_admin', administrator, true),
  systemRole('system_guest', ['create_direct_channel', 'create_group_channel'], true),
  systemRole('system_user_access_token', ownTokens),
  systemRole('system_post_all', ['create_post', 'use_channel_mentions']),
  systemRole('system_post_all_public', ['create_post_public', 'use_channel_mentions']),
  systemRole('system_user_manager', [...readConsole, ...writeConsole]),
  systemRole('system_read_only_admin', [...readConsole, 'sysconsole_read_user_management_users']),
  systemRole('system_manager', [...readConsole, ...writeConsole, 'sysconsole_write_user_management_permissions']),
  systemRole('system_custom_group_admin', groups),
  { ...systemRole('shared_channel_manager', ['manage_shared_channels']), since: '11.6' },
  { ...systemRole('secure_connection_manager', ['manage_secure_connections']), since: '11.6' },
  systemRole('team_user', teamUser, true),
  systemRole('team_admin', teamAdmin, true),
  systemRole('team_guest', ['view_team'], true),
  systemRole('channel_user', channelUser, true),
  systemRole('channel_admin', ['manage_channel_roles'], true),
  systemRole('channel_guest', ['read_channel'], true),
  ...otherRoles.split(' ').map((name) => systemRole(name, [], !/_post_all|^custom_group/.test(name))),
];

/** Names that only a licence with custom permission schemes may hand out. */
export const licensedRoles: ReadonlySet<string> = new Set([
  'system_user_manager',
  'system_read_only_admin',
  'system_manager',
  'shared_channel_manager',
  'secure_connection_manager',
]);

/** Names that the `roles` filters of lists and statistics know; any other filters nothing (API §1, trap 20). */
export const filterableRoles: ReadonlySet<string> = new Set([
  'system_guest',
  'system_admin',
  'system_user_manager',
  'system_read_only_admin',
  'system_manager',
]);

export const isRoleName = (name: string): boolean => /^[a-z0-9_]{1,64}$/.test(name);

/** The value of `PUT roles`: every word a name, and not `system_admin` alone. The empty value passes (trap 1). */
export function isRolesValue(value: string): boolean {
  const words = value.split(/\s+/).filter((word) => word !== '');
  return words.every(isRoleName) && !(words.length === 1 && words[0] === 'system_admin');
}
