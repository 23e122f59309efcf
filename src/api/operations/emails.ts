import type { Secret } from '../../model/secret.ts';
import { secretArgument, textArgument } from '../arguments.ts';
import { decodeOk } from '../decode.ts';
import { decodeUser } from '../decode-users.ts';
import type { Write } from '../operation.ts';
import type { User } from '../wire.ts';
import { nobodySpecial, systemAdmin } from './permissions.ts';

export interface EmailOperations {
  /** Verifies an address with the token of a mail. */
  readonly verify: Write<[token: Secret], void>;
  /** Sends the mail with that token; answers OK for unknown addresses too. */
  readonly sendVerification: Write<[email: string], void, { readonly redirect?: string }>;
  /** Marks the stored address of an account as verified. */
  readonly verifyMember: Write<[userId: string], User>;
}

export const emailOperations: EmailOperations = {
  verify: {
    access: 'write',
    repeat: 'look-first',
    method: 'POST',
    path: '/users/email/verify',
    reference: 'users-email-verify-post',
    permission: nobodySpecial,
    body: (token) => ({ token: secretArgument(token, 'token') }),
    decode: decodeOk,
  },
  sendVerification: {
    access: 'write',
    repeat: 'look-first',
    method: 'POST',
    path: '/users/email/verify/send',
    reference: 'users-email-verify-send-post',
    permission: nobodySpecial,
    query: { redirect: 'r' },
    body: (email) => ({ email: textArgument(email, 'email') }),
    decode: decodeOk,
  },
  verifyMember: {
    access: 'write',
    repeat: 'safe',
    method: 'POST',
    path: '/users/{user_id}/email/verify/member',
    permission: systemAdmin,
    decode: decodeUser,
  },
};
