import { isRecord } from '../model/is-record.ts';
import { type Message, say } from '../model/messages/message.ts';
import { type ApiErrorCode, apiError } from './api-error.ts';
import type { ApiError, CallFacts, RetryAdvice } from './errors.ts';
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
    // Where a list was begun before the error was found, a bracket stands before it.
    const parsed: unknown = JSON.parse(body.startsWith('[{') ? body.slice(1) : body);
    if (isRecord(parsed)) {
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

/** What a status means, with what to do about it. */
function messageFor(
  status: number,
  id: string | undefined,
  answer: string,
  source: string | undefined,
): Message<ApiErrorCode> {
  switch (status) {
    case 401: {
      const isOfToken = id === undefined || id.startsWith('api.context.');
      if (isOfToken && source !== undefined)
        return say('API_UNAUTHORIZED', { is: 'named-token-refused', answer, source });
      return say('API_UNAUTHORIZED', { is: isOfToken ? 'token-refused' : 'answered', answer });
    }
    case 403: {
      const lacksMfa = id === 'api.context.mfa_required.app_error';
      return say('API_FORBIDDEN', { is: lacksMfa ? 'mfa-required' : 'answered', answer });
    }
    case 404: {
      const isElsewhere = id === undefined || id === noSuchPage;
      return say('API_NOT_FOUND', { is: isElsewhere ? 'no-such-page' : 'answered', answer });
    }
    case 409:
      return say('API_CONFLICT', { answer });
    case 413:
    case 414:
      return say('API_TOO_LARGE', { answer });
    case 429:
      return say('API_RATE_LIMITED', { is: 'answered', answer });
    case 501:
      return say('API_NOT_IMPLEMENTED', { is: 'answered', answer });
    case 502:
    case 503:
    case 504:
      return say('API_UNAVAILABLE', { is: 'answered', answer });
    default:
      return status >= 400 && status < 500
        ? say('API_BAD_REQUEST', { answer })
        : say('API_SERVER_ERROR', { is: 'answered', answer });
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
  const said = `${status}${id === undefined ? '' : ` ${id}`}${message === '' ? '' : `: ${message}`}`;
  return apiError(messageFor(status, id, said, call.tokenFrom), call, {
    status,
    id,
    requestId: answer.requestId,
    retry: adviceFor(status, id, access),
    retryAfterMs: answer.retryAfterMs,
  });
}
