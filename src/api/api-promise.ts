import type { ApiHeaders } from './headers.ts';
import type { RateLimit } from './rate-limit.ts';

/** An answer with everything around its data. */
export interface ApiResponse<Data> {
  readonly data: Data;
  /** 304 when `ifNoneMatch` was given and nothing changed; `data` is then `undefined`. */
  readonly status: number;
  readonly headers: ApiHeaders;
  readonly requestId: string | undefined;
  readonly etag: string | undefined;
  readonly rateLimit: RateLimit | undefined;
  /** How many times the request was sent. */
  readonly attempts: number;
}

/**
 * A call to the server. It is sent when first awaited, and once only, however often it is awaited.
 *
 * Awaiting gives the data; `withResponse()` gives the data with status and headers.
 */
export class ApiPromise<Data> implements Promise<Data> {
  readonly [Symbol.toStringTag]: string = 'ApiPromise';
  readonly #send: () => Promise<ApiResponse<Data>>;
  #response: Promise<ApiResponse<Data>> | undefined;
  #data: Promise<Data> | undefined;

  /** @param send - sends the request; called at most once */
  constructor(send: () => Promise<ApiResponse<Data>>) {
    this.#send = send;
  }

  withResponse(): Promise<ApiResponse<Data>> {
    this.#response ??= this.#send();
    return this.#response;
  }

  // oxlint-disable-next-line unicorn/no-thenable
  then<Result1 = Data, Result2 = never>(
    onfulfilled?: ((value: Data) => Result1 | PromiseLike<Result1>) | null,
    onrejected?: ((reason: unknown) => Result2 | PromiseLike<Result2>) | null,
  ): Promise<Result1 | Result2> {
    this.#data ??= this.withResponse().then((response) => response.data);
    return this.#data.then(onfulfilled, onrejected);
  }

  catch<Result = never>(
    onrejected?: ((reason: unknown) => Result | PromiseLike<Result>) | null,
  ): Promise<Data | Result> {
    return this.then(undefined, onrejected);
  }

  finally(onfinally?: (() => void) | null): Promise<Data> {
    return this.then().finally(onfinally);
  }
}
