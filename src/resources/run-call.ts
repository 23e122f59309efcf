import { ApiError } from '../api/index.ts';
import type { CallResponse } from '../model/action-runner.ts';
import { say, type WhatOfError } from '../model/messages/message.ts';
import { MusterError } from '../model/muster-error.ts';

/** A call left something behind on the server that could not be found or taken away again. */
export class LeftBehindError extends MusterError {
  override readonly name = 'LeftBehindError';

  constructor(what: WhatOfError<'LEFT_BEHIND'>, options?: ErrorOptions) {
    super(say('LEFT_BEHIND', what), options);
  }
}

/** Sorts how a call that writes ended by what may be done next. */
export async function runCall(call: () => Promise<CallResponse | readonly string[]>): Promise<CallResponse> {
  try {
    const result = await call();
    return 'status' in result ? result : { status: 'written', notes: result };
  } catch (error) {
    if (error instanceof ApiError && error.retry === 'look-first') return { status: 'unknown', error };
    if (error instanceof LeftBehindError) return { status: 'unknown', error, isFinal: true };
    if (error instanceof MusterError) return { status: 'refused', error };
    throw error;
  }
}
