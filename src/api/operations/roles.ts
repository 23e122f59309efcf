import { listArgument, roleArgument } from '../arguments.ts';
import { decodeRole, decodeRoles } from '../decode-others.ts';
import type { Read } from '../operation.ts';
import type { Role } from '../wire.ts';
import { anySession, systemAdmin } from './permissions.ts';

export interface RoleOperations {
  /** Reads all roles. */
  readonly list: Read<[], readonly Role[]>;
  /** Reads the roles with these names; unknown ones are left out. At most 100 a call. */
  readonly byNames: Read<[names: readonly string[]], readonly Role[]>;
  /** Reads one role by name, with its permissions. */
  readonly getByName: Read<[name: string], Role>;
}

export const roleOperations: RoleOperations = {
  list: { access: 'read', method: 'GET', path: '/roles', permission: systemAdmin, decode: decodeRoles },
  byNames: {
    access: 'read',
    method: 'POST',
    path: '/roles/names',
    permission: anySession,
    body: (names) => listArgument(names, 'names', roleArgument, 100),
    decode: decodeRoles,
  },
  getByName: {
    access: 'read',
    method: 'GET',
    path: '/roles/name/{role_name}',
    permission: anySession,
    decode: decodeRole,
    disagrees: (role, [name]) => (role.name === name ? undefined : 'other-role'),
  },
};
