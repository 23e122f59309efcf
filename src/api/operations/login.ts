import type { Secret } from '../../model/secret.ts';
import { knownKeys, optionalSecretArgument, secretArgument, textArgument } from '../arguments.ts';
import { decodeOk } from '../decode.ts';
import { decodeFollowLink, decodeLogin } from '../decode-others.ts';
import type { Write } from '../operation.ts';
import type { LoginResult } from '../wire.ts';
import { nobodySpecial } from './permissions.ts';

export interface Credentials {
  /** A username or an e-mail address, as the server is set up. */
  readonly loginId: string;
  readonly password: Secret;
  readonly mfaCode?: Secret;
}

/** Moves a person between ways of logging in, with the person's own passwords. */
export interface LoginSwitch {
  readonly currentService: string;
  readonly newService: string;
  readonly email?: string;
  readonly password?: Secret;
  readonly newPassword?: Secret;
  readonly mfaCode?: Secret;
  readonly ldapId?: string;
}

export interface LoginOperations {
  /** Logs in and gives the session's token, for `client.withToken`. Limited more strictly than other calls. */
  readonly login: Write<[credentials: Credentials], LoginResult>;
  /** Ends the session of the token. */
  readonly logout: Write<[], void>;
  /** Moves the caller to another way of logging in; gives the link to follow, empty when it is done at once. */
  readonly switch: Write<[change: LoginSwitch], string>;
}

const credentialKeys: ReadonlySet<string> = new Set(['loginId', 'password', 'mfaCode']);
const switchKeys: ReadonlySet<string> = new Set([
  'currentService',
  'newService',
  'email',
  'password',
  'newPassword',
  'mfaCode',
  'ldapId',
]);

export const loginOperations: LoginOperations = {
  login: {
    access: 'write',
    repeat: 'look-first',
    method: 'POST',
    path: '/users/login',
    permission: nobodySpecial,
    body(credentials) {
      const { loginId, password, mfaCode } = knownKeys(credentials, 'credentials', credentialKeys);
      return {
        login_id: textArgument(loginId, 'loginId'),
        password: secretArgument(password, 'password'),
        token: optionalSecretArgument(mfaCode, 'mfaCode'),
      };
    },
    tellsSecret: true,
    decode: decodeLogin,
  },
  logout: {
    access: 'write',
    repeat: 'safe',
    method: 'POST',
    path: '/users/logout',
    permission: nobodySpecial,
    decode: decodeOk,
  },
  switch: {
    access: 'write',
    repeat: 'look-first',
    method: 'POST',
    path: '/users/login/switch',
    reference: 'users-login-switch-post',
    permission: 'none to leave email or LDAP; the own session to come back from a login provider',
    body(change) {
      const known = knownKeys(change, 'change', switchKeys);
      return {
        current_service: textArgument(known.currentService, 'currentService'),
        new_service: textArgument(known.newService, 'newService'),
        email: known.email,
        password: optionalSecretArgument(known.password, 'password'),
        new_password: optionalSecretArgument(known.newPassword, 'newPassword'),
        mfa_code: optionalSecretArgument(known.mfaCode, 'mfaCode'),
        ldap_id: known.ldapId,
      };
    },
    decode: decodeFollowLink,
  },
};
