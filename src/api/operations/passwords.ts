import type { Secret } from '../../model/secret.ts';
import { knownKeys, secretArgument, textArgument } from '../arguments.ts';
import { decodeOk } from '../decode.ts';
import type { Write } from '../operation.ts';
import { nobodySpecial } from './permissions.ts';

export interface PasswordOperations {
  /** Sets a password with the token of a mail. */
  readonly reset: Write<[reset: { readonly token: Secret; readonly newPassword: Secret }], void>;
  /** Sends the mail with that token; answers OK for unknown addresses too. */
  readonly sendReset: Write<[email: string], void>;
}

const resetKeys: ReadonlySet<string> = new Set(['token', 'newPassword']);

export const passwordOperations: PasswordOperations = {
  reset: {
    access: 'write',
    repeat: 'look-first',
    method: 'POST',
    path: '/users/password/reset',
    reference: 'users-password-reset-post',
    permission: nobodySpecial,
    body(reset) {
      const { token, newPassword } = knownKeys(reset, 'reset', resetKeys);
      return { token: secretArgument(token, 'token'), new_password: secretArgument(newPassword, 'newPassword') };
    },
    decode: decodeOk,
  },
  sendReset: {
    access: 'write',
    repeat: 'look-first',
    method: 'POST',
    path: '/users/password/reset/send',
    reference: 'users-password-reset-send-post',
    permission: nobodySpecial,
    body: (email) => ({ email: textArgument(email, 'email') }),
    decode: decodeOk,
  },
};
