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
  | {
      readonly type: 'answered';
      readonly operation: string;
      readonly access: 'read' | 'write';
      readonly status: number;
      readonly attempt: number;
      readonly durationMs: number;
    };
