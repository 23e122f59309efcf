/** Which roles of a server administer it: any that lets its holders change other people's accounts, or what others may do. */
import { expect, test } from 'vitest';
import type { ReadClient } from '../../../src/api/index.ts';
import { readRoleFacts } from '../../../src/resources/server/facts.ts';

test.each<[permission: string, administers: boolean]>([
  ['manage_system', true],
  ['manage_roles', true],
  ['edit_other_users', true],
  ['assign_system_admin_role', true],
  ['sysconsole_write_user_management_users', true],
  ['sysconsole_read_user_management_users', false],
  ['create_user_access_token', false],
  ['create_post', false],
])('a role with %s: %s', async (permission, administers) => {
  const role = { id: 'r', name: 'helpdesk', permissions: ['create_post', permission] };
  const client = { roles: { byNames: () => Promise.resolve([role]) } } as unknown as ReadClient;

  const { roles, administrativeRoles } = await readRoleFacts(client, ['helpdesk']);

  expect([...roles]).toEqual(['helpdesk']);
  expect([...administrativeRoles]).toEqual(administers ? ['helpdesk'] : []);
});
