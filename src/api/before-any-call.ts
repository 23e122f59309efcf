import type { CallFacts } from './errors.ts';

/** Of what is refused before there is a call: options of the client. */
export const beforeAnyCall: CallFacts = { operation: '', method: '', path: '' };
