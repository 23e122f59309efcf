/**
 * What lies between muster and its server: a request takes time to arrive, and an answer to come back, and either may be
 * lost. What was on its way when a process died may still arrive, half a minute later at most.
 */
import { ApiPromise, type ApiResponse } from '../../src/api/api-promise.ts';
import { errorOfFailure } from '../../src/api/call-error.ts';
import type { ApiError, CallFacts } from '../../src/api/index.ts';
import { Redactor } from '../../src/api/redact.ts';
import { errorOfAnswer } from '../../src/api/status-error.ts';
import { say } from '../../src/model/messages/message.ts';
import { Refused } from './model-server.ts';
import type { Life, Scheduler } from './scheduler.ts';

/** How often something goes wrong beside crashes, of a thousand. */
export interface Weather {
  readonly name: string;
  /** Writes whose response is lost: before the server got them, after it was done, or with the server still at it. */
  readonly lostAnswers: number;
  /** Reads that fail although they were repeated. */
  readonly failedReads: number;
  /** Deliveries that a sink refuses. */
  readonly failedSinks: number;
  /** Lists and look-ups by name, e-mail or owner that come from a replica which lags behind. */
  readonly laggingReads: number;
}

export const calm: Weather = { name: 'calm', lostAnswers: 0, failedReads: 0, failedSinks: 0, laggingReads: 0 };

/** Replicas are behind by less: what is read back three times, a second apart, shows. */
const longestLagMs = 1_500;

/** Proxies and servers give a request up after that. */
export const longestTravelMs = 30_000;

export interface Call<Data> extends CallFacts {
  readonly access: 'read' | 'write';
  readonly life: Life;
  /** Carries it out; throws {@link Refused} when the server says no. */
  readonly commit: () => Data;
}

interface Travelling {
  readonly life: Life;
  readonly operation: string;
  readonly subject: string;
  readonly commit: () => void;
}

type Fate = 'arrives' | 'never-arrives' | 'answer-lost' | 'arrives-late' | 'fails';

const nothingSecret = new Redactor();
const lost = {
  kind: 'failure',
  stage: 'unknown',
  message: say('API_OUTCOME_UNKNOWN', { is: 'broken-before', host: 'sim.example.com' }),
  isSent: true,
} as const;

export class Network {
  readonly #scheduler: Scheduler;
  readonly #pick: (below: number) => number;
  readonly #weather: Weather;
  readonly #travelling = new Set<Travelling>();

  constructor(scheduler: Scheduler, pick: (below: number) => number, weather: Weather) {
    this.#scheduler = scheduler;
    this.#pick = pick;
    this.#weather = weather;
  }

  /** A call that is sent when awaited, as those of the client are. Two steps: it arrives and is carried out; the answer comes. */
  send<Data>(call: Call<Data>): ApiPromise<Data> {
    return new ApiPromise(() => new Promise((resolve, reject) => this.#send(call, resolve, reject)));
  }

  #send<Data>(
    call: Call<Data>,
    resolve: (response: ApiResponse<Data>) => void,
    reject: (error: ApiError) => void,
  ): void {
    const { life, operation, access, subject = '' } = call;
    const fate = this.#fateOf(access);
    const fail = (): void => reject(errorOfFailure(lost, call, access, nothingSecret));
    switch (fate) {
      case 'arrives':
      case 'answer-lost': {
        const request: Travelling = { life, operation, subject, commit: () => void this.#carryOut(call) };
        this.#travelling.add(request);
        return this.#scheduler.step(life, this.#travelMs(), `${operation} arrives`, subject, () => {
          this.#travelling.delete(request);
          const settle = this.#carryOut(call);
          const tell = fate === 'answer-lost' ? fail : () => settle(resolve, reject);
          const how = fate === 'answer-lost' ? 'response is lost' : 'answers';
          this.#scheduler.step(life, this.#travelMs(), `${operation} ${how}`, subject, tell);
        });
      }
      case 'never-arrives':
        return this.#scheduler.step(life, this.#travelMs(), `${operation} never arrives`, subject, fail);
      case 'arrives-late':
        this.#arriveLate({ life, operation, subject, commit: () => void this.#carryOut(call) });
        return this.#scheduler.step(life, this.#travelMs(), `${operation} is lost on its way`, subject, fail);
      case 'fails':
        return this.#scheduler.step(life, 5_000, `${operation} fails`, subject, () =>
          reject(
            errorOfAnswer(
              { status: 503, body: '', requestId: undefined, retryAfterMs: undefined },
              call,
              access,
              nothingSecret,
            ),
          ),
        );
    }
  }

  /** @returns how the caller is told */
  #carryOut<Data>(
    call: Call<Data>,
  ): (resolve: (response: ApiResponse<Data>) => void, reject: (error: ApiError) => void) => void {
    try {
      const data = call.commit();
      return (resolve) => resolve({ ...answer, data });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { status, id, message } = error;
      const body = JSON.stringify({ id, message });
      return (_, reject) =>
        reject(
          errorOfAnswer(
            { status, body, requestId: undefined, retryAfterMs: undefined },
            call,
            call.access,
            nothingSecret,
          ),
        );
    }
  }

  /** What a dead process had sent is lost, or arrives all the same. */
  crash(life: Life): void {
    for (const request of this.#travelling) {
      if (request.life !== life) continue;
      this.#travelling.delete(request);
      if (this.#pick(3) > 0) this.#arriveLate(request);
    }
  }

  /** How far behind the next read from a replica is, in milliseconds. */
  lagMs(): number {
    return this.#pick(1000) < this.#weather.laggingReads ? this.#pick(longestLagMs) : 0;
  }

  #arriveLate({ operation, subject, commit }: Travelling): void {
    const delayMs = this.#pick(2) === 0 ? this.#pick(300) : this.#pick(longestTravelMs);
    this.#scheduler.happens(delayMs, `${operation} arrives late`, subject, commit);
  }

  #fateOf(access: 'read' | 'write'): Fate {
    const drawn = this.#pick(1000);
    if (access === 'read') return drawn < this.#weather.failedReads ? 'fails' : 'arrives';
    if (drawn >= this.#weather.lostAnswers) return 'arrives';
    return (['never-arrives', 'answer-lost', 'arrives-late'] as const)[this.#pick(3)] ?? 'arrives';
  }

  #travelMs(): number {
    return 1 + this.#pick(25);
  }
}

const answer: Omit<ApiResponse<never>, 'data'> = {
  status: 200,
  headers: {},
  requestId: undefined,
  etag: undefined,
  rateLimit: undefined,
  attempts: 1,
};
