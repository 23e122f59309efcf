import { type Message, say } from '../model/messages/message.ts';
import { apiError } from './api-error.ts';
import { BadArgument } from './arguments.ts';
import type { ApiError, CallFacts, RetryAdvice } from './errors.ts';
import { excerpt } from './excerpt.ts';
import { type Failure, TransportCause } from './failure.ts';
import type { Access } from './operation.ts';
import type { Redactor } from './redact.ts';

// Errors for calls that brought no usable answer. For answers with an error status see `status-error.ts`.

function afterSending(access: Access): 'yes' | 'look-first' {
  return access === 'write' ? 'look-first' : 'yes';
}

/** Makes the error for an attempt that failed on its way. */
export function errorOfFailure(failure: Failure, call: CallFacts, access: Access, redactor: Redactor): ApiError {
  const { cause, status } = failure;
  const clean = cause && new TransportCause(cause.code, redactor.withhold(cause.message));
  const message = failure.message.redacted((text) => redactor.withhold(text));
  const retry = adviceAfter(failure, access);
  return apiError(message, call, { status, retry }, clean === undefined ? {} : { cause: clean });
}

function adviceAfter({ stage, isSent }: Failure, access: Access): RetryAdvice {
  if (stage === 'proxy-refused') return 'no';
  if (stage === 'tls') return isSent && access === 'write' ? 'look-first' : 'no';
  return isSent ? afterSending(access) : 'yes';
}

/** Makes the error for an answer that cannot be what was asked for. */
export function badAnswer(
  message: Message<'API_BAD_ANSWER'>,
  call: CallFacts,
  answer: { readonly status: number; readonly requestId: string | undefined },
  access: Access,
): ApiError {
  return apiError(message, call, { ...answer, retry: afterSending(access) });
}

/** Makes the error for a redirect; names the host that the request was to be sent to, and sends nothing there. */
export function redirectRefused(
  status: number,
  location: string | undefined,
  origin: string,
  call: CallFacts,
  redactor: Redactor,
): ApiError {
  const target = location !== undefined && URL.canParse(location, origin) ? new URL(location, origin) : undefined;
  const place = target === undefined ? 'an unreadable place' : excerpt(redactor.withhold(target.origin), 100);
  const is = target?.origin === origin ? 'same-server' : 'elsewhere';
  return apiError(say('API_REDIRECT_REFUSED', { is, status, place }), call, { status, retry: 'no' });
}

/** Turns a refused argument into the error that names the call; other errors pass unchanged. */
export function argumentError(error: unknown, call: CallFacts): unknown {
  return error instanceof BadArgument ? apiError(error.refusal, call, { retry: 'no' }) : error;
}

/** The error of a call that its caller's signal ended while it waited, before an attempt was sent. */
export function abortedWaiting(call: CallFacts): ApiError {
  return apiError(say('API_ABORTED', { is: 'waiting' }), call, { retry: 'yes' });
}
