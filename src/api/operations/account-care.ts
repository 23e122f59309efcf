import type { Secret } from '../../model/secret.ts';
import {
  BadArgument,
  flagArgument,
  knownKeys,
  optionalSecretArgument,
  secretArgument,
  textArgument,
} from '../arguments.ts';
import { decodeOk } from '../decode.ts';
import { decodeAudits, decodeMfaSecret, decodePicture, decodeTermsAcceptance } from '../decode-others.ts';
import { decodeUser } from '../decode-users.ts';
import type { PageQuery, Pages, Read, Write } from '../operation.ts';
import { offsetPages } from '../pages.ts';
import { FilePart } from '../request-body.ts';
import type { Audit, MfaSecret, Picture, TermsAcceptance, User } from '../wire.ts';
import { anySession, nobodySpecial, selfOrEdit, selfOrEditOrBot, systemAdmin } from './permissions.ts';

// The smaller groups around one account: second factor, picture, terms of service, audits, e-mail address, password.

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
      if (activate && code === undefined) throw new BadArgument('code: expected a code, to switch MFA on');
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

export interface ImageOperations {
  /** Reads the picture of an account; one is generated where none was set. */
  readonly get: Read<[userId: string], Picture>;
  /** Reads the generated picture. */
  readonly getDefault: Read<[userId: string], Picture>;
  /** Sets the picture: PNG, JPEG, GIF, BMP or WebP, cropped to 128 by 128. */
  readonly set: Write<[userId: string, image: Uint8Array], void>;
  /** Goes back to the generated picture. */
  readonly reset: Write<[userId: string], void>;
}

export const imageOperations: ImageOperations = {
  get: {
    access: 'read',
    method: 'GET',
    path: '/users/{user_id}/image',
    reference: 'users-user-id-image-get',
    permission: anySession,
    answers: 'bytes',
    decode: decodePicture,
  },
  getDefault: {
    access: 'read',
    method: 'GET',
    path: '/users/{user_id}/image/default',
    reference: 'users-user-id-image-default-get',
    permission: anySession,
    answers: 'bytes',
    decode: decodePicture,
  },
  set: {
    access: 'write',
    repeat: 'safe',
    method: 'POST',
    path: '/users/{user_id}/image',
    reference: 'users-user-id-image-post',
    permission: selfOrEditOrBot,
    body(image) {
      if (image instanceof Uint8Array && image.length > 0) return new FilePart('image', image);
      throw new BadArgument('image: expected the bytes of a picture');
    },
    decode: decodeOk,
  },
  reset: {
    access: 'write',
    repeat: 'safe',
    method: 'DELETE',
    path: '/users/{user_id}/image',
    reference: 'users-user-id-image-delete',
    permission: selfOrEditOrBot,
    decode: decodeOk,
  },
};

/** The server takes both for the caller, whatever account the path names: so do these. */
export interface TermsOperations {
  /** Reads what the caller accepted last. */
  readonly get: Read<[], TermsAcceptance>;
  /** Accepts or refuses terms of service for the caller. */
  readonly accept: Write<[acceptance: { readonly termsOfServiceId: string; readonly accepted: boolean }], void>;
}

const termsKeys: ReadonlySet<string> = new Set(['termsOfServiceId', 'accepted']);

export const termsOperations: TermsOperations = {
  get: {
    access: 'read',
    method: 'GET',
    path: '/users/me/terms_of_service',
    reference: 'users-user-id-terms-of-service-get',
    permission: anySession,
    decode: decodeTermsAcceptance,
  },
  accept: {
    access: 'write',
    repeat: 'safe',
    method: 'POST',
    path: '/users/me/terms_of_service',
    reference: 'users-user-id-terms-of-service-post',
    permission: anySession,
    body(acceptance) {
      const { termsOfServiceId, accepted } = knownKeys(acceptance, 'acceptance', termsKeys);
      return {
        termsOfServiceId: textArgument(termsOfServiceId, 'termsOfServiceId'),
        accepted: flagArgument(accepted, 'accepted'),
      };
    },
    decode: decodeOk,
  },
};

export interface AuditOperations {
  /** Reads one page of what an account did, newest first. */
  readonly list: Read<[userId: string], readonly Audit[], PageQuery>;
  /** Reads what an account did, page by page. */
  readonly pages: Pages<[userId: string], Audit>;
}

const audits: Read<[userId: string], readonly Audit[], PageQuery> = {
  access: 'read',
  method: 'GET',
  path: '/users/{user_id}/audits',
  reference: 'users-user-id-audits-get',
  permission: selfOrEdit,
  query: { page: 'page', perPage: 'per_page' },
  decode: decodeAudits,
};

export const auditOperations: AuditOperations = { list: audits, pages: offsetPages(audits) };

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
