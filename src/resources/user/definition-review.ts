/** What an access review needs to know of accounts and roles: which change gave them, and how an entry takes them away. */
import { isChangeOf } from '../../model/change-classes.ts';
import type { RevokedFrom } from '../../model/resource-definition.ts';
import {
  accountKey,
  type EntryEdit,
  type GrantsOfChange,
  type MadeChange,
  noRemoval,
  type Removal,
  removalsTogether,
} from '../../model/review.ts';
import { isGuest } from '../../model/user-rules.ts';
import { toUserEntry } from './definition-entry.ts';

const roleKey = (role: unknown): string => `role:${String(role)}`;

export function grantsOfUserChange({ change }: MadeChange): GrantsOfChange {
  const nothing: GrantsOfChange = { given: [], taken: [] };
  if (!isChangeOf('user', change)) return nothing;
  switch (change.class) {
    case 'create':
    case 'activate':
      return { given: [accountKey], taken: [] };
    case 'deactivate':
      return { given: [], taken: [accountKey] };
    case 'admin-gain':
    case 'role-grant':
      return { given: [roleKey(change.after)], taken: [] };
    case 'admin-loss':
    case 'role-revoke':
      return { given: [], taken: [roleKey(change.before)] };
    case 'guest':
    case 'auth':
    case 'mfa':
    case 'email':
    case 'rename':
    case 'update':
      return nothing;
  }
}

export function revokeUserGrants(keys: ReadonlySet<string>, from: RevokedFrom): Removal {
  const roles = from.account.values.roles.filter((role) => keys.has(roleKey(role)));
  return removalsTogether([
    keys.has(accountKey) ? revokeAccount(from) : noRemoval,
    roles.length > 0 ? revokeRoles(roles, from) : noRemoval,
  ]);
}

function revokeAccount({ desired }: RevokedFrom): Removal {
  if (desired?.values.active === false) return noRemoval;
  return { ...noRemoval, edits: [{ field: 'active', value: false }], edited: [accountKey] };
}

function revokeRoles(revoked: readonly string[], { account, desired, rules }: RevokedFrom): Removal {
  const { values } = account;
  const declared = desired?.values.roles;
  if (declared !== undefined) {
    const drop = revoked.filter((role) => declared.includes(role));
    const edit: EntryEdit = { field: 'roles', drop, value: [isGuest(declared) ? 'system_guest' : 'system_user'] };
    return drop.length === 0 ? noRemoval : { ...noRemoval, edits: [edit], edited: drop.map(roleKey) };
  }
  const left = values.roles.filter((role) => !revoked.includes(role));
  const { roles: value } = toUserEntry({ ...account, values: { ...values, roles: left } }, {}, rules).fields;
  if (value !== undefined) return { ...noRemoval, edits: [{ field: 'roles', value }], edited: revoked.map(roleKey) };
  const hint = `an entry cannot name the other roles (${left.join(' ')}): take the role away in the System Console`;
  return { ...noRemoval, byHand: new Map(revoked.map((role) => [roleKey(role), hint])) };
}
