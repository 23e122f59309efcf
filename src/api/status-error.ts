import { isFields } from './decode.ts';
import {
  type AnswerFacts,
  ApiBadRequestError,
  ApiConflictError,
  type ApiError,
  ApiForbiddenError,
  ApiNotFoundError,
  ApiNotImplementedError,
  ApiRateLimitedError,
  ApiServerError,
  ApiTooLargeError,
  ApiUnauthorizedError,
  ApiUnavailableError,
  type CallFacts,
  type RetryAdvice,
} from './errors.ts';
import { excerpt } from './excerpt.ts';
import type { Access } from './operation.ts';
import type { Redactor } from './redact.ts';

/** An answer with an error status, as it came. */
export interface ErrorAnswer {
  readonly status: number;
  /** The body as text; JSON from Mattermost itself, text or HTML from limiters and proxies. */
  readonly body: string;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
}

/** For a path that is none of its API, as below a wrong sub-path. */
const noSuchPage = 'api.context.404.app_error';
const busyId = 'api.context.server_busy.app_error';
const errorId = /^[A-Za-z0-9_.-]{1,128}$/;

/** The body of an error, as far as it can be read: a server's own page has neither id nor message. */
function readErrorBody(body: string): { readonly id: string | undefined; readonly message: string } {
  try {
    const parsed: unknown = JSON.parse(body);
    if (isFields(parsed)) {
      const { id, message } = parsed;
      return {
        id: typeof id === 'string' && errorId.test(id) ? id : undefined,
        message: typeof message === 'string' ? message : '',
      };
    }
  } catch {
    // Plain text: the limiter's, or a page of a proxy.
  }
  return { id: undefined, message: body };
}

function hintFor(status: number, id: string | undefined): string | undefined {
  if (id === 'api.context.mfa_required.app_error') return 'use a bot account, or an admin who has MFA switched on';
  switch (status) {
    case 401:
      return id === undefined || id.startsWith('api.context.')
        ? 'check that the token is right and enabled, that it has not expired, and that its owner is active'
        : undefined;
    case 403:
      return 'check the permissions of the account that the token belongs to';
    case 404:
      return id === undefined || id === noSuchPage
        ? 'check the server URL: Mattermost is not served below this address'
        : undefined;
    case 429:
      return 'the limit is shared by everybody behind the same address; lower the speed, or ask to have it raised';
    case 501:
      return 'a setting of the server or its licence switches this off';
    default:
      return undefined;
  }
}

/** Says what a failed call may be followed by. */
function adviceFor(status: number, id: string | undefined, access: Access): RetryAdvice {
  // Refused before anything was done.
  if (status === 429 || (status === 503 && id === busyId)) return 'yes';
  if (status === 501 || (status < 500 && status !== 408)) return 'no';
  return access === 'write' ? 'look-first' : 'yes';
}

/** Whether the server certainly did nothing, so that even a write may be sent again by itself. */
export function isCertainlyNotDone(status: number, id: string | undefined): boolean {
  return status === 429 || (status === 503 && id === busyId);
}

/** Makes the error for an answer, whatever sent it; nothing secret and nothing unprintable gets into it. */
export function errorOfAnswer(answer: ErrorAnswer, call: CallFacts, access: Access, redactor: Redactor): ApiError {
  const { status } = answer;
  const told = readErrorBody(answer.body);
  const id = told.id !== undefined && !redactor.mayBeTold(told.id) ? told.id : undefined;
  const message = excerpt(redactor.withhold(told.message));
  const problem = `the server answered ${status}${id === undefined ? '' : ` ${id}`}${message === '' ? '' : `: ${message}`}`;
  const facts: AnswerFacts = {
    status,
    id,
    requestId: answer.requestId,
    retry: adviceFor(status, id, access),
    retryAfterMs: answer.retryAfterMs,
  };
  const hint = hintFor(status, id);
  const options = hint === undefined ? {} : { hint };
  const ErrorClass = classFor(status);
  return new ErrorClass(problem, call, facts, options);
}

type ConcreteApiError = new (...args: ConstructorParameters<typeof ApiBadRequestError>) => ApiError;

const classes: ReadonlyMap<number, ConcreteApiError> = new Map<number, ConcreteApiError>([
  [401, ApiUnauthorizedError],
  [403, ApiForbiddenError],
  [404, ApiNotFoundError],
  [409, ApiConflictError],
  [413, ApiTooLargeError],
  [414, ApiTooLargeError],
  [429, ApiRateLimitedError],
  [501, ApiNotImplementedError],
  [502, ApiUnavailableError],
  [503, ApiUnavailableError],
  [504, ApiUnavailableError],
]);

function classFor(status: number): ConcreteApiError {
  return classes.get(status) ?? (status >= 400 && status < 500 ? ApiBadRequestError : ApiServerError);
}
