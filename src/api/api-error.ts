import type { ErrorCode } from '../model/messages/errors.ts';
import type { Message } from '../model/messages/message.ts';
import {
  type AnswerFacts,
  ApiAbortedError,
  ApiBadAnswerError,
  ApiBadRequestError,
  ApiConflictError,
  type ApiError,
  ApiForbiddenError,
  ApiInvalidArgumentError,
  ApiNotFoundError,
  ApiNotImplementedError,
  ApiOutcomeUnknownError,
  ApiRateLimitedError,
  ApiServerError,
  ApiTlsError,
  ApiTooLargeError,
  ApiUnauthorizedError,
  ApiUnavailableError,
  ApiUnreachableError,
  type CallFacts,
  RedirectRefusedError,
} from './errors.ts';

export type ApiErrorCode = Extract<ErrorCode, `API_${string}`>;

const classes: Readonly<
  Record<ApiErrorCode, new (...args: ConstructorParameters<typeof ApiBadRequestError>) => ApiError>
> = {
  API_BAD_REQUEST: ApiBadRequestError,
  API_UNAUTHORIZED: ApiUnauthorizedError,
  API_FORBIDDEN: ApiForbiddenError,
  API_NOT_FOUND: ApiNotFoundError,
  API_CONFLICT: ApiConflictError,
  API_TOO_LARGE: ApiTooLargeError,
  API_RATE_LIMITED: ApiRateLimitedError,
  API_SERVER_ERROR: ApiServerError,
  API_NOT_IMPLEMENTED: ApiNotImplementedError,
  API_UNAVAILABLE: ApiUnavailableError,
  API_UNREACHABLE: ApiUnreachableError,
  API_TLS: ApiTlsError,
  API_OUTCOME_UNKNOWN: ApiOutcomeUnknownError,
  API_BAD_ANSWER: ApiBadAnswerError,
  API_REDIRECT_REFUSED: RedirectRefusedError,
  API_ABORTED: ApiAbortedError,
  API_INVALID_ARGUMENT: ApiInvalidArgumentError,
};

/** Makes the error of a message: its code decides on the class. */
export function apiError(
  message: Message<ApiErrorCode>,
  call: CallFacts,
  answer: AnswerFacts,
  options?: ErrorOptions,
): ApiError {
  return new classes[message.code](message, call, answer, options);
}
