import { assertNever } from '../model/assert-never.ts';
import { BadArgument } from './arguments.ts';
import type { Mismatch } from './decode.ts';
import {
  ApiAbortedError,
  ApiBadAnswerError,
  type ApiError,
  ApiInvalidArgumentError,
  ApiOutcomeUnknownError,
  ApiTlsError,
  ApiUnreachableError,
  type CallFacts,
  RedirectRefusedError,
} from './errors.ts';
import { excerpt } from './excerpt.ts';
import { type Failure, TransportCause } from './failure.ts';
import type { Access } from './operation.ts';
import type { Redactor } from './redact.ts';

// Errors for calls that brought no usable answer. For answers with an error status see `status-error.ts`.

function afterSending(access: Access): 'yes' | 'look-first' {
  return access === 'write' ? 'look-first' : 'yes';
}

/**
 * Makes the error for an attempt that failed on its way.
 *
 * @param host - to which the request was to go: named whatever went wrong
 */
export function errorOfFailure(
  failure: Failure,
  call: CallFacts,
  access: Access,
  redactor: Redactor,
  host: string,
): ApiError {
  const problem = `${redactor.withhold(failure.problem)} (${host})`;
  const { cause } = failure;
  const clean = cause && new TransportCause(cause.code, redactor.withhold(cause.message));
  const options = clean === undefined ? {} : { cause: clean };
  const retry = failure.isSent ? afterSending(access) : 'yes';
  switch (failure.stage) {
    case 'unreachable':
      return new ApiUnreachableError(
        problem,
        call,
        { retry },
        { ...options, hint: 'check the server URL, the network and the proxy' },
      );
    case 'proxy-refused':
      return new ApiUnreachableError(
        problem,
        call,
        { retry: 'no' },
        { ...options, ...(failure.hint !== undefined && { hint: failure.hint }) },
      );
    case 'tls': {
      const hint = 'a private authority is trusted with its PEM file; there is no way to skip the check';
      const advice = failure.isSent && access === 'write' ? 'look-first' : 'no';
      return new ApiTlsError(problem, call, { retry: advice }, { ...options, hint: failure.hint ?? hint });
    }
    case 'unknown':
      return new ApiOutcomeUnknownError(problem, call, { status: failure.status, retry }, options);
    case 'bad-answer':
      return new ApiBadAnswerError(problem, call, { status: failure.status, retry }, options);
    case 'aborted':
      return new ApiAbortedError(problem, call, { retry }, options);
    default:
      return assertNever(failure.stage);
  }
}

/** Makes the error for an answer that cannot be what was asked for. */
export function badAnswer(
  problem: string,
  call: CallFacts,
  answer: { readonly status: number; readonly requestId: string | undefined },
  access: Access,
  hint?: string,
): ApiError {
  const options = hint === undefined ? {} : { hint };
  return new ApiBadAnswerError(problem, call, { ...answer, retry: afterSending(access) }, options);
}

/** What a decoder found wrong, with nothing in it that the server wrote unless it is printable and no secret. */
export function mismatchProblem(mismatch: Mismatch, redactor: Redactor): string {
  return excerpt(redactor.withhold(mismatch.message));
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
  const problem = `the server answered ${status}: a redirect to ${place}, which was not followed`;
  const isSamePlace = target?.origin === origin;
  const hint = isSamePlace
    ? 'check the sub-path of the server URL'
    : 'give the final URL of the server; the token is sent to no other place';
  return new RedirectRefusedError(problem, call, { status, retry: 'no' }, { hint });
}

/** Turns a refused argument into the error that names the call; other errors pass unchanged. */
export function argumentError(error: unknown, call: CallFacts): unknown {
  if (!(error instanceof BadArgument)) return error;
  return new ApiInvalidArgumentError(error.message, call, error.hint === undefined ? {} : { hint: error.hint });
}

/** The error of a call that its caller's signal ended while it waited, before an attempt was sent. */
export function abortedWaiting(call: CallFacts): ApiError {
  return new ApiAbortedError('aborted while waiting', call, { retry: 'yes' });
}
