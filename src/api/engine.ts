import PQueue from 'p-queue';
import type { Clock } from '../model/clock.ts';
import { say } from '../model/messages/message.ts';
import type { Secret } from '../model/secret.ts';
import { type Reading, readAnswer } from './answer.ts';
import { apiError } from './api-error.ts';
import { ApiPromise, type ApiResponse } from './api-promise.ts';
import type { BaseUrl } from './base-url.ts';
import { abortedWaiting, errorOfFailure } from './call-error.ts';
import { ApiError } from './errors.ts';
import type { ApiAttempt, ApiEvent, KeptAnswer } from './events.ts';
import type { Failure } from './failure.ts';
import { type Feature, readServerVersion, sinceVersion, supports } from './features.ts';
import { headerText, readDate } from './headers.ts';
import { inTurn } from './in-turn.ts';
import type { AnyCall } from './operation.ts';
import type { PacerGate } from './pacer-gate.ts';
import { type PreparedCall, prepareCall } from './prepare-call.ts';
import { readRateLimit, readRetryAfter } from './rate-limit.ts';
import { decideRetry, RetryBudget } from './retry.ts';
import { isCertainlyNotDone } from './status-error.ts';
import type { Transport, WireAnswer } from './transport.ts';

export interface EngineOptions {
  readonly base: BaseUrl;
  readonly transport: Transport;
  readonly gate: PacerGate;
  readonly clock: Clock;
  /** 0 to 1, for the jitter of back-off. */
  readonly random: () => number;
  readonly timeoutMs: number;
  readonly maxConcurrent: number;
  readonly userAgent: string;
  readonly emit: (event: ApiEvent) => void;
  readonly keep: (answer: KeptAnswer) => void;
  /** Aborted: every call ends. */
  readonly signal: AbortSignal | undefined;
  /** A token with which nothing is sent any more once the server refuses it. */
  readonly onlyWhileAccepted: Secret | undefined;
  /** Where a token comes from, for messages; `undefined`: nothing tells it. */
  readonly sourceOf: (token: Secret | undefined) => string | undefined;
}

const ping: AnyCall = {
  access: 'read',
  method: 'GET',
  path: '/system/ping',
  permission: 'none',
  decode: () => undefined,
};

/** Carries out the calls of the table: checks, waits for its turn, sends, reads, and repeats what may be repeated. */
export class Engine {
  readonly base: BaseUrl;
  readonly #options: EngineOptions;
  /** Calls that are under way or wait for a place: as many as their callers made. */
  readonly #queue: PQueue;
  readonly #budget = new RetryBudget();
  #serverVersion: string | undefined;
  #serverTimeMs: number | undefined;
  #isClosed = false;
  /** How the server refused the token that is given up then. */
  #refusal: ApiError | undefined;

  constructor(options: EngineOptions) {
    this.base = options.base;
    this.#options = options;
    this.#queue = new PQueue({ concurrency: options.maxConcurrent });
  }

  /** The version that the server last said it has; `undefined` before the first answer. */
  get serverVersion(): string | undefined {
    return this.#serverVersion;
  }

  /** What the server's clock showed last; `undefined` before the first answer. */
  get serverTimeMs(): number | undefined {
    return this.#serverTimeMs;
  }

  /** Whether the server refused the token that is given up then. */
  get isRefused(): boolean {
    return this.#refusal !== undefined;
  }

  /** Whether the server has a feature; `undefined` before the first answer. */
  supports(feature: Feature): boolean | undefined {
    return this.#serverVersion === undefined ? undefined : supports(this.#serverVersion, feature);
  }

  /** Makes the call that a method of the client stands for; it is sent when awaited. */
  call(name: string, row: AnyCall, args: readonly unknown[], token: Secret | undefined): ApiPromise<unknown> {
    return new ApiPromise(() => this.#run(name, row, args, token));
  }

  /** Ends all connections: calls under way fail, and later ones are not sent. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.#options.transport.close();
  }

  async #run(
    name: string,
    row: AnyCall,
    args: readonly unknown[],
    token: Secret | undefined,
  ): Promise<ApiResponse<unknown>> {
    const { timeoutMs, userAgent, clock, random, emit, keep, signal, sourceOf } = this.#options;
    const { prefix } = this.base;
    const tokenFrom = sourceOf(token);
    const call = prepareCall(name, row, args, { prefix, userAgent, token, tokenFrom, timeoutMs, signal });
    if (this.#isClosed) throw apiError(say('API_ABORTED', { is: 'closed' }), call.facts, { retry: 'no' });
    const feature = row.needs?.(call.args);
    if (feature !== undefined) await this.#require(feature, call);

    for (let attempt = 1; ; attempt += 1) {
      const reading = await this.#inTurn(call, attempt, token);
      if ('response' in reading) {
        this.#budget.earn();
        const { status, data } = reading.response;
        keep({ ...keptCall(name, call), status, data });
        return reading.response;
      }
      const { error } = reading;
      const decision = decideRetry({
        access: row.access,
        attempt,
        isTransient: isTransient(error),
        isCertainlyNotDone: isNotDone(error),
        isRateLimited: error.code === 'API_RATE_LIMITED',
        retryAfterMs: error.retryAfterMs,
        budget: this.#budget.left,
        random: random(),
      });
      if (!decision.again || this.#isClosed) {
        if (error.status !== undefined) keep({ ...keptCall(name, call), status: error.status });
        throw error;
      }
      if (error.code !== 'API_RATE_LIMITED') this.#budget.spend();
      emit({ type: 'retrying', operation: name, attempt, delayMs: decision.delayMs, code: error.code });
      if (decision.delayMs > 0) {
        await orAborted(call, clock.sleep(decision.delayMs, call.request.signal));
      }
    }
  }

  /** Waits for a free place and for the limit, and makes one attempt. */
  async #inTurn(call: PreparedCall, attempt: number, token: Secret | undefined): Promise<Reading> {
    const { signal } = call.request;
    const { gate, onlyWhileAccepted } = this.#options;
    const isWatched = token !== undefined && token === onlyWhileAccepted;
    const task = async (): Promise<Reading> => {
      if (isWatched && this.#refusal !== undefined) return { error: refusedBefore(call, this.#refusal) };
      const sequence = await gate.enter(signal);
      if (isWatched && this.#refusal !== undefined) {
        gate.settle({ sequence, outcome: 'lost' });
        return { error: refusedBefore(call, this.#refusal) };
      }
      const reading = await this.#attempt(call, attempt, sequence);
      if (isWatched && 'error' in reading && isTokenRefused(reading.error)) this.#refusal ??= reading.error;
      return reading;
    };
    return orAborted(call, inTurn(this.#queue, task, { signal, priority: priorityOf(call, attempt) }));
  }

  async #attempt(call: PreparedCall, attempt: number, sequence: number): Promise<Reading> {
    const { transport, gate, clock, emit } = this.#options;
    const startedMs = clock.now();
    const result: WireAnswer | Failure = await transport.send(call.request);
    const nowMs = clock.now();
    const { row, shownPath: path, template } = call;
    const { operation, method } = call.facts;
    const made: ApiAttempt = {
      operation,
      access: row.access,
      method,
      path,
      template,
      attempt,
      durationMs: nowMs - startedMs,
    };
    if (result.kind === 'failure') {
      gate.settle({ sequence, outcome: 'lost' });
      const error = errorOfFailure(result, call.facts, row.access, call.redactor);
      emit({ ...made, type: 'unanswered', code: error.code });
      return { error };
    }
    const { status, headers } = result;
    this.#serverVersion = readServerVersion(headerText(headers, 'x-version-id')) ?? this.#serverVersion;
    this.#serverTimeMs = readDate(headerText(headers, 'date')) ?? this.#serverTimeMs;
    const retryAfterMs = readRetryAfter(headers, nowMs);
    const isLimited = status === 429 || status === 503;
    gate.settle({
      sequence,
      outcome: isLimited ? 'limited' : 'answered',
      rateLimit: readRateLimit(headers),
      retryAfterMs,
    });
    emit({ ...made, type: 'answered', status });
    return readAnswer(result, call, this.base.origin, retryAfterMs, attempt);
  }

  /** Makes sure that the server has a feature: an old one would ignore what it does not know. */
  async #require(feature: Feature, call: PreparedCall): Promise<void> {
    if (this.#serverVersion === undefined) await this.#run('system.ping', ping, [], undefined);
    const version = this.#serverVersion;
    if (version !== undefined && supports(version, feature)) return;
    const found = version ?? 'an unknown version';
    const message = say('API_NOT_IMPLEMENTED', { is: 'too-old', since: sinceVersion(feature), feature, found });
    throw apiError(message, call.facts, { retry: 'no' });
  }
}

/** A read without the sub-path of the server: what it asked does not depend on where the server is reached. */
const keptCall = (operation: string, { row, request }: PreparedCall): Omit<KeptAnswer, 'status' | 'data'> => ({
  operation,
  access: row.access,
  method: request.method,
  path: request.path.slice(request.path.indexOf('/api/v4') + '/api/v4'.length),
  ...(row.access === 'read' && typeof request.body === 'string' && { asked: request.body }),
});

/** A call that was begun is brought to its end first; then writes go, since what they rest on was read just now. */
function priorityOf({ row }: PreparedCall, attempt: number): number {
  if (attempt > 1) return 2;
  return row.access === 'write' ? 1 : 0;
}

const transientCodes: ReadonlySet<string> = new Set([
  'API_RATE_LIMITED',
  'API_SERVER_ERROR',
  'API_UNAVAILABLE',
  'API_UNREACHABLE',
  'API_OUTCOME_UNKNOWN',
]);

function isTransient(error: ApiError): boolean {
  // 202 is filed under server errors, and final; so is a proxy that does not let this caller through.
  return transientCodes.has(error.code) && error.status !== 202 && error.retry !== 'no';
}

/** The server also says 401 for what it has switched off; then it names that. */
function isTokenRefused({ status, id }: ApiError): boolean {
  return status === 401 && (id === undefined || id.startsWith('api.context.'));
}

function refusedBefore(call: PreparedCall, { id }: ApiError): ApiError {
  const { tokenFrom: source } = call.facts;
  const message =
    source === undefined
      ? say('API_UNAUTHORIZED', { is: 'not-sent' })
      : say('API_UNAUTHORIZED', { is: 'named-token-not-sent', source });
  return apiError(message, call.facts, { status: 401, id, retry: 'no' });
}

function isNotDone(error: ApiError): boolean {
  return error.code === 'API_UNREACHABLE' || (error.status !== undefined && isCertainlyNotDone(error.status, error.id));
}

/** Waits, and says which call was waiting when the caller's signal ends it. */
async function orAborted<Value>(call: PreparedCall, waiting: Promise<Value>): Promise<Value> {
  try {
    return await waiting;
  } catch (error) {
    if (call.request.signal?.aborted === true && !(error instanceof ApiError)) throw abortedWaiting(call.facts);
    throw error;
  }
}
