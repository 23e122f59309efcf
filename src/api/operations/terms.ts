import { flagArgument, knownKeys, textArgument } from '../arguments.ts';
import { decodeOk } from '../decode.ts';
import { decodeTermsAcceptance } from '../decode-others.ts';
import type { Read, Write } from '../operation.ts';
import type { TermsAcceptance } from '../wire.ts';
import { anySession } from './permissions.ts';

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
