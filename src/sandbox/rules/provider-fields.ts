import type { SandboxConfig } from '../config.ts';
import { isOAuthUser, type UserRow } from '../rows.ts';

type Field = 'first_name' | 'last_name' | 'nickname' | 'position';
type Mapping = readonly (readonly [Field, keyof SandboxConfig])[];

const ldapFields: Mapping = [
  ['first_name', 'LdapSettings.FirstNameAttribute'],
  ['last_name', 'LdapSettings.LastNameAttribute'],
  ['nickname', 'LdapSettings.NicknameAttribute'],
  ['position', 'LdapSettings.PositionAttribute'],
];

const samlFields: Mapping = [
  ['first_name', 'SamlSettings.FirstNameAttribute'],
  ['last_name', 'SamlSettings.LastNameAttribute'],
  ['nickname', 'SamlSettings.NicknameAttribute'],
  ['position', 'SamlSettings.PositionAttribute'],
];

/**
 * The first field that a login service owns and that a write would change (API §5.2). Which LDAP and SAML fields are
 * owned follows the attributes that the config maps: the servers' own modules were not read.
 *
 * @returns the name that the server gives the field in its message
 */
export function lockedField(
  config: SandboxConfig,
  user: UserRow,
  wanted: Pick<UserRow, 'username' | Field>,
): string | undefined {
  if (user.auth_service !== '' && wanted.username !== user.username) return 'username';
  if (isOAuthUser(user)) return changes(user, wanted, ['first_name', 'last_name']) ? 'full name' : undefined;
  const isByLdap =
    user.auth_service === 'ldap' || (user.auth_service === 'saml' && config['SamlSettings.EnableSyncWithLdap']);
  const mapping = isByLdap ? ldapFields : user.auth_service === 'saml' ? samlFields : [];
  return mapping.find(([field, setting]) => config[setting] !== '' && changes(user, wanted, [field]))?.[0];
}

const changes = (user: UserRow, wanted: Pick<UserRow, Field>, fields: readonly Field[]): boolean =>
  fields.some((field) => wanted[field] !== user[field]);
