import type { Message } from '../model/messages/message.ts';
import { MusterError } from '../model/muster-error.ts';

/**
 * What a caller may do with a call that failed.
 *
 * `no`: the same call would fail again. `yes`: it may simply be sent again. `look-first`: it may have been carried
 * out; read the state before another try.
 */
export type RetryAdvice = 'no' | 'yes' | 'look-first';

/** What is known about a call that failed. Nothing in it is secret. */
export interface CallFacts {
  /** The method of the client, as `users.setRoles`; empty before any call. */
  readonly operation: string;
  readonly method: string;
  /** The template, as `/users/{user_id}/roles`. */
  readonly path: string;
  /** What the template's names stand for, as `user_id 9xz…`. */
  readonly subject?: string | undefined;
  /** Where the token comes from that it was made with, such as a variable; absent: nothing tells it. */
  readonly tokenFrom?: string | undefined;
}

/** What is known about an answer that is an error. */
export interface AnswerFacts {
  readonly status?: number | undefined;
  /** The server's error id, as `app.user.missing_account.const`. */
  readonly id?: string | undefined;
  readonly requestId?: string | undefined;
  readonly retry: RetryAdvice;
  readonly retryAfterMs?: number | undefined;
}

const subjectOf = ({ subject }: CallFacts): string => (subject === undefined ? '' : ` of ${subject}`);

/** The root of everything that a call can reject with. */
export abstract class ApiError extends MusterError {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly status: number | undefined;
  readonly id: string | undefined;
  readonly requestId: string | undefined;
  readonly retry: RetryAdvice;
  readonly retryAfterMs: number | undefined;

  constructor(message: Message, call: CallFacts, answer: AnswerFacts, options?: ErrorOptions) {
    super(call.operation === '' ? message : message.about(`${call.operation}${subjectOf(call)}: `), options);
    this.operation = call.operation;
    this.method = call.method;
    this.path = call.path;
    this.status = answer.status;
    this.id = answer.id;
    this.requestId = answer.requestId;
    this.retry = answer.retry;
    this.retryAfterMs = answer.retryAfterMs;
  }
}

// What the server answered.

/** 400, and other refusals of what was asked: validation, uniqueness, seats, the last admin. */
export class ApiBadRequestError extends ApiError {
  override readonly name = 'ApiBadRequestError';
}

/** 401: no valid session. The server also says 401 for some features that are switched off: see `id`. */
export class ApiUnauthorizedError extends ApiError {
  override readonly name = 'ApiUnauthorizedError';
}

export class ApiForbiddenError extends ApiError {
  override readonly name = 'ApiForbiddenError';
}

export class ApiNotFoundError extends ApiError {
  override readonly name = 'ApiNotFoundError';
}

/** 409: the login provider manages this field. */
export class ApiConflictError extends ApiError {
  override readonly name = 'ApiConflictError';
}

export class ApiTooLargeError extends ApiError {
  override readonly name = 'ApiTooLargeError';
}

export class ApiRateLimitedError extends ApiError {
  override readonly name = 'ApiRateLimitedError';
}

export class ApiServerError extends ApiError {
  override readonly name = 'ApiServerError';
}

/** 501, or a server too old: the feature is switched off or not there. */
export class ApiNotImplementedError extends ApiError {
  override readonly name = 'ApiNotImplementedError';
}

/** 502, 503, 504: busy, or a proxy without its server. */
export class ApiUnavailableError extends ApiError {
  override readonly name = 'ApiUnavailableError';
}

// What happened instead of an answer.

/** No connection: the request was certainly not sent. */
export class ApiUnreachableError extends ApiError {
  override readonly name = 'ApiUnreachableError';
}

/** The certificate was not accepted: the request was not sent, and no token left this machine. */
export class ApiTlsError extends ApiError {
  override readonly name = 'ApiTlsError';
}

/** Sent, and no whole answer came: it is unknown whether it was carried out. */
export class ApiOutcomeUnknownError extends ApiError {
  override readonly name = 'ApiOutcomeUnknownError';
}

/** An answer that no Mattermost server gives: not JSON, cut short, too large, of the wrong shape. */
export class ApiBadAnswerError extends ApiError {
  override readonly name = 'ApiBadAnswerError';
}

/** Redirects are never followed: the token goes to the configured server alone. */
export class RedirectRefusedError extends ApiError {
  override readonly name = 'RedirectRefusedError';
}

/** The caller's signal ended the call. */
export class ApiAbortedError extends ApiError {
  override readonly name = 'ApiAbortedError';
}

// What was refused before anything was sent.

/** An argument that the server would refuse or, worse, misread. Nothing was sent. */
export class ApiInvalidArgumentError extends ApiError {
  override readonly name = 'ApiInvalidArgumentError';
}
