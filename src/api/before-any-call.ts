import { say, type WhatOfError } from '../model/messages/message.ts';
import { apiError } from './api-error.ts';
import type { CallFacts } from './errors.ts';

/** Of what is refused before there is a call: options of the client. */
export const beforeAnyCall: CallFacts = { operation: '', method: '', path: '' };

/** @throws {ApiInvalidArgumentError} */
export function refuseOption(what: WhatOfError<'API_INVALID_ARGUMENT'>): never {
  throw apiError(say('API_INVALID_ARGUMENT', what), beforeAnyCall, { retry: 'no' });
}
