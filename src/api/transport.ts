import type { Dispatcher } from 'undici';
import { type Message, say } from '../model/messages/message.ts';
import type { ApiErrorCode } from './api-error.ts';
import { type Failure, failureOf } from './failure.ts';
import type { ApiHeaders } from './headers.ts';
import type { HttpMethod } from './operation.ts';
import { type BodyLimits, readBody } from './read-body.ts';

/** One request, ready to be sent. */
export interface WireRequest {
  readonly method: HttpMethod;
  /** Path and query, from the root of the origin. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/** A whole answer. */
export interface WireAnswer {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: ApiHeaders;
  /** Decompressed. */
  readonly body: Uint8Array;
}

/** Sends single requests to one origin. Follows no redirect, keeps no cookie, repeats nothing. */
export class Transport {
  readonly #dispatcher: Dispatcher;
  readonly #origin: string;
  readonly #host: string;
  readonly #limits: BodyLimits;

  /** @param dispatcher - owned from now on: {@link Transport.close} ends it */
  constructor(dispatcher: Dispatcher, origin: string, limits: BodyLimits) {
    this.#dispatcher = dispatcher;
    this.#origin = origin;
    this.#host = new URL(origin).host;
    this.#limits = limits;
  }

  /** Sends a request and reads the answer; whatever goes wrong on the way is a {@link Failure}, never a throw. */
  async send(request: WireRequest): Promise<WireAnswer | Failure> {
    const stop = new AbortController();
    let hasTimedOut = false;
    const timer = setTimeout(() => {
      hasTimedOut = true;
      stop.abort();
    }, request.timeoutMs);
    const abort = (): void => stop.abort();
    request.signal?.addEventListener('abort', abort, { once: true });
    let status: number | undefined;
    try {
      if (request.signal?.aborted === true)
        return { kind: 'failure', stage: 'aborted', message: this.#aborted('before-sending'), isSent: false };
      const answering = this.#dispatcher.request({
        origin: this.#origin,
        path: request.path,
        method: request.method,
        headers: { ...request.headers },
        body: request.body ?? null,
        signal: stop.signal,
        // The timer above ends the attempt; these only keep undici's own, longer ones out of the way.
        headersTimeout: request.timeoutMs,
        bodyTimeout: request.timeoutMs,
      });
      const response = await orStopped(answering, stop.signal);
      status = response.statusCode;
      const body = await readBody(response.body, response.headers, this.#limits);
      return { kind: 'answer', status, headers: response.headers, body };
    } catch (error) {
      if (hasTimedOut) {
        const message = say('API_OUTCOME_UNKNOWN', { is: 'too-late', timeout: request.timeoutMs, host: this.#host });
        return { kind: 'failure', stage: 'unknown', message, isSent: true };
      }
      if (request.signal?.aborted === true)
        return { kind: 'failure', stage: 'aborted', message: this.#aborted('sent'), isSent: true };
      return failureOf(error, status, this.#host);
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', abort);
    }
  }

  #aborted(is: 'before-sending' | 'sent'): Message<ApiErrorCode> {
    return say('API_ABORTED', { is, host: this.#host });
  }

  /** Ends all connections; requests still under way fail. */
  close(): Promise<void> {
    return this.#dispatcher.destroy(destroyed());
  }
}

/** Node writes out the stack of what ends a connection, and to do so V8 looks for every line of the program: this one has none. */
function destroyed(): Error {
  const error = new Error('the client is closed');
  error.stack = error.message;
  return error;
}

/** The HTTP library looks at the signal only once it is connected, and to connect may take longer than anybody waits. */
function orStopped<Value>(waiting: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    waiting.then(resolve, reject);
  });
}
