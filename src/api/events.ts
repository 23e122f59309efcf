/** What a client tells while it works: for progress and logs. Nothing in it is secret. */
export type ApiEvent =
  /** A request waits for its turn under the server's rate limit, or under `maxPerSecond`. */
  | { readonly type: 'waiting-for-limit'; readonly delayMs: number }
  /** An attempt failed and is repeated after a delay; `code` is that of the error it would have been. */
  | {
      readonly type: 'retrying';
      readonly operation: string;
      readonly attempt: number;
      readonly delayMs: number;
      readonly code: string;
    }
  /** An answer came, good or bad. */
  | (ApiAttempt & { readonly type: 'answered'; readonly status: number })
  /** None came; `code` is that of the error it would be. */
  | (ApiAttempt & { readonly type: 'unanswered'; readonly code: string });

/** One request. */
export interface ApiAttempt {
  readonly operation: string;
  readonly access: 'read' | 'write';
  readonly method: string;
  /** From the root of the origin, with names and ids filled in. Of a query only numbers and switches are shown. */
  readonly path: string;
  /** The same with `{user_id}` and the like in their places: names no one. */
  readonly template: string;
  /** From 1. */
  readonly attempt: number;
  readonly durationMs: number;
}

/** How a call ended in the end: its decoded data, in which secrets are wrapped, or the status of a refusal. */
export interface KeptAnswer {
  /** Of the client's method, as `users.get`. */
  readonly operation: string;
  readonly access: 'read' | 'write';
  readonly method: string;
  /** Below `/api/v4`, with the query. */
  readonly path: string;
  /** The JSON body of a read; a write may carry secrets. */
  readonly asked?: string;
  readonly status: number;
  /** Absent: refused. */
  readonly data?: unknown;
}
