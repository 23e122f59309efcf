import type { Secret } from '../../model/secret.ts';
import { BadArgument, flagArgument, knownKeys, optionalSecretArgument, textArgument } from '../arguments.ts';
import { decodeOk } from '../decode.ts';
import { decodeMfaSecret } from '../decode-others.ts';
import type { Read, Write } from '../operation.ts';
import type { MfaSecret } from '../wire.ts';
import { nobodySpecial, selfOrEdit } from './permissions.ts';

export interface MfaOperations {
  /** Makes a new secret and overwrites the one in use at once: a person with MFA on is locked out by it. */
  readonly generate: Write<[userId: string], MfaSecret>;
  /** Switches MFA on, with a code of the caller's own app, or off, without. */
  readonly set: Write<[userId: string, mfa: { readonly activate: boolean; readonly code?: Secret }], void>;
  /** Gone from the server, which answers 404; kept so that every operation of the reference has its method. */
  readonly check: Read<[loginId: string], void>;
}

const mfaKeys: ReadonlySet<string> = new Set(['activate', 'code']);

export const mfaOperations: MfaOperations = {
  generate: {
    access: 'write',
    repeat: 'look-first',
    method: 'POST',
    path: '/users/{user_id}/mfa/generate',
    reference: 'users-user-id-mfa-generate-post',
    permission: selfOrEdit,
    tellsSecret: true,
    decode: decodeMfaSecret,
  },
  set: {
    access: 'write',
    repeat: 'look-first',
    method: 'PUT',
    path: '/users/{user_id}/mfa',
    reference: 'users-user-id-mfa-put',
    permission: selfOrEdit,
    body(mfa) {
      const { activate, code } = knownKeys(mfa, 'mfa', mfaKeys);
      if (activate && code === undefined) throw new BadArgument({ is: 'no-mfa-code' });
      return { activate: flagArgument(activate, 'activate'), code: optionalSecretArgument(code, 'code') };
    },
    decode: decodeOk,
  },
  check: {
    access: 'read',
    method: 'POST',
    path: '/users/mfa',
    reference: 'users-mfa-post',
    permission: nobodySpecial,
    body: (loginId) => ({ login_id: textArgument(loginId, 'loginId') }),
    decode: () => undefined,
  },
};
