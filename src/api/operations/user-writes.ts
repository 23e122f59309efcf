import type { Secret } from '../../model/secret.ts';
import {
  BadArgument,
  flagArgument,
  idArgument,
  knownKeys,
  listArgument,
  optionalSecretArgument,
  roleArgument,
  secretArgument,
  textArgument,
} from '../arguments.ts';
import { decodeOk } from '../decode.ts';
import { decodeAuthMethod, decodeUser } from '../decode-users.ts';
import type { Disagreement, Write } from '../operation.ts';
import type { AuthMethod, NewUser, User, UserPatch, UserUpdate } from '../wire.ts';
import { selfOrEditOrBot, systemAdmin, writeUserManagement } from './permissions.ts';

/** Where a newcomer comes from. */
export type CreateOptions = {
  /** Where the welcome mail leads. */
  readonly redirect?: string;
  /** Of an invitation by mail. */
  readonly inviteToken?: string;
  /** Of a team. */
  readonly inviteId?: string;
};

export interface PasswordChange {
  readonly newPassword: Secret;
  /** The caller's own, for the caller's own account. */
  readonly currentPassword?: Secret;
}

export interface AuthChange {
  /** `ldap`, `saml`, `gitlab`, `google`, `office365` or `openid`. */
  readonly service: string;
  readonly data: string;
}

export interface UserWrites {
  /**
   * Creates an account. Its roles, activity and guest state need calls of their own. A lost response is settled by
   * looking for the username and the e-mail address.
   */
  readonly create: Write<[user: NewUser], User, CreateOptions>;
  /** Replaces the whole profile: what is absent is emptied. Prefer {@link UserWrites.patch}. */
  readonly update: Write<[userId: string, user: UserUpdate], User>;
  /** Changes the given fields of a profile; the maps are replaced whole. An empty patch is refused. */
  readonly patch: Write<[userId: string, patch: UserPatch], User>;
  /** Replaces all roles. An empty list, which would erase them, is refused before anything is sent. */
  readonly setRoles: Write<[userId: string, roles: readonly string[]], void>;
  /** Activates or deactivates. Repeating either is not harmless: it moves the time of deactivation, or meets a seat limit. */
  readonly setActive: Write<[userId: string, active: boolean], void>;
  /**
   * Moves a person to a login service, and wipes the password even when nothing changes. The way back to email login
   * is `setPassword`. An unknown id also answers OK.
   */
  readonly setAuth: Write<[userId: string, auth: AuthChange], AuthMethod>;
  /** Sets a password. Done to a person of a login service, it makes an email login of them. */
  readonly setPassword: Write<[userId: string, change: PasswordChange], void>;
  /** Makes a member of a guest. Answers 501 when the account is no guest. */
  readonly promote: Write<[userId: string], void>;
  /** Makes a guest of a member: every role is dropped, `system_admin` too, and nothing guards the last admin. */
  readonly demote: Write<[userId: string], void>;
  /** Deactivates like `setActive(userId, false)`, but also where that is refused: LDAP people, and the caller. */
  readonly deactivate: Write<[userId: string], void>;
  /**
   * DANGEROUS: deletes an account with everything that belongs to it, posts and files too. Nothing brings it back.
   * The server must have been told to allow it.
   */
  readonly deletePermanently: Write<[userId: string], void>;
  /** Lets a person try to log in again after too many failures. */
  readonly resetFailedAttempts: Write<[userId: string], void>;
}

const patchKeys: ReadonlySet<string> = new Set([
  'username',
  'email',
  'password',
  'nickname',
  'first_name',
  'last_name',
  'position',
  'locale',
  'timezone',
  'props',
  'notify_props',
]);
const updateKeys: ReadonlySet<string> = new Set([...patchKeys, 'allow_marketing']);
const createKeys: ReadonlySet<string> = new Set([
  ...updateKeys,
  'auth_service',
  'auth_data',
  'email_verified',
  'disable_welcome_email',
]);

const authKeys: ReadonlySet<string> = new Set(['service', 'data']);
const passwordKeys: ReadonlySet<string> = new Set(['newPassword', 'currentPassword']);

function serviceArgument(value: unknown, name: string): string {
  const text = textArgument(value, name);
  if (text !== 'email') return text;
  throw new BadArgument({ is: 'service-email', name });
}

function sameAccount(user: User, [userId]: readonly [string, ...unknown[]]): Disagreement | undefined {
  return userId === 'me' || user.id === userId ? undefined : 'other-account';
}

export const userWrites: UserWrites = {
  create: {
    access: 'write',
    repeat: 'look-first',
    method: 'POST',
    path: '/users',
    reference: 'users-post',
    permission: `${systemAdmin}, or anybody where sign-up is open`,
    query: { redirect: 'r', inviteToken: 't', inviteId: 'iid' },
    body(user) {
      const known = knownKeys(user, 'user', createKeys);
      textArgument(known.email, 'user.email');
      optionalSecretArgument(known.password, 'user.password');
      if (known.auth_service !== undefined && known.auth_service !== '')
        serviceArgument(known.auth_service, 'user.auth_service');
      return known;
    },
    decode: decodeUser,
  },
  update: {
    access: 'write',
    repeat: 'safe',
    method: 'PUT',
    path: '/users/{user_id}',
    reference: 'users-user-id-put',
    permission: selfOrEditOrBot,
    // The server wants the id of the path in the body too.
    body(user, [userId]) {
      const known = knownKeys(user, 'user', updateKeys);
      textArgument(known.username, 'user.username');
      textArgument(known.email, 'user.email');
      optionalSecretArgument(known.password, 'user.password');
      return { ...known, id: idArgument(userId, 'userId') };
    },
    decode: decodeUser,
    disagrees: sameAccount,
  },
  patch: {
    access: 'write',
    repeat: 'safe',
    method: 'PUT',
    path: '/users/{user_id}/patch',
    reference: 'users-user-id-patch-put',
    permission: selfOrEditOrBot,
    body(patch) {
      const known = knownKeys(patch, 'patch', patchKeys);
      optionalSecretArgument(known.password, 'patch.password');
      if (Object.values(known).every((value) => value === undefined)) {
        throw new BadArgument({ is: 'empty-patch' });
      }
      return known;
    },
    decode: decodeUser,
    disagrees: sameAccount,
  },
  setRoles: {
    access: 'write',
    repeat: 'safe',
    method: 'PUT',
    path: '/users/{user_id}/roles',
    reference: 'users-user-id-roles-put',
    permission: 'manage_roles',
    body: (roles) => ({ roles: listArgument(roles, 'roles', roleArgument).join(' ') }),
    decode: decodeOk,
  },
  setActive: {
    access: 'write',
    repeat: 'look-first',
    method: 'PUT',
    path: '/users/{user_id}/active',
    reference: 'users-user-id-active-put',
    permission: writeUserManagement,
    body: (active) => ({ active: flagArgument(active, 'active') }),
    decode: decodeOk,
  },
  setAuth: {
    access: 'write',
    repeat: 'look-first',
    method: 'PUT',
    path: '/users/{user_id}/auth',
    reference: 'users-user-id-auth-put',
    permission: systemAdmin,
    body(auth) {
      const { service, data } = knownKeys(auth, 'auth', authKeys);
      return { auth_service: serviceArgument(service, 'auth.service'), auth_data: textArgument(data, 'auth.data') };
    },
    decode: decodeAuthMethod,
    disagrees: (stored, [, { service, data }]) =>
      stored.auth_service === service && stored.auth_data === data ? undefined : 'other-login',
  },
  setPassword: {
    access: 'write',
    repeat: 'look-first',
    method: 'PUT',
    path: '/users/{user_id}/password',
    reference: 'users-user-id-password-put',
    permission: `oneself with the current password, or ${writeUserManagement}`,
    body(change) {
      const { newPassword, currentPassword } = knownKeys(change, 'change', passwordKeys);
      return {
        new_password: secretArgument(newPassword, 'newPassword'),
        current_password: optionalSecretArgument(currentPassword, 'currentPassword'),
      };
    },
    decode: decodeOk,
  },
  promote: {
    access: 'write',
    repeat: 'look-first',
    method: 'POST',
    path: '/users/{user_id}/promote',
    reference: 'users-user-id-promote-post',
    permission: 'promote_guest',
    decode: decodeOk,
  },
  demote: {
    access: 'write',
    repeat: 'look-first',
    method: 'POST',
    path: '/users/{user_id}/demote',
    reference: 'users-user-id-demote-post',
    permission: 'demote_to_guest (manage_system if the target is a system admin)',
    decode: decodeOk,
  },
  deactivate: {
    access: 'write',
    repeat: 'look-first',
    method: 'DELETE',
    path: '/users/{user_id}',
    reference: 'users-user-id-delete',
    permission: selfOrEditOrBot,
    decode: decodeOk,
  },
  deletePermanently: {
    access: 'write',
    repeat: 'look-first',
    method: 'DELETE',
    path: '/users/{user_id}?permanent=true',
    permission: selfOrEditOrBot,
    decode: decodeOk,
  },
  resetFailedAttempts: {
    access: 'write',
    repeat: 'safe',
    method: 'POST',
    path: '/users/{user_id}/reset_failed_attempts',
    permission: writeUserManagement,
    decode: decodeOk,
  },
};
