/** Which requests a fault is for; nothing given = every request. */
export interface FaultMatch {
  readonly method?: string;
  /** Below `/api/v4`: a text with `*` for any part, or a pattern. */
  readonly path?: string | RegExp;
  /** Only the n-th request that fits, counted from 1 since the fault was added; or several of them. */
  readonly nth?: number | readonly number[];
}

/** What goes wrong. "Commit" is the moment at which a write is done. */
export type FaultKind =
  /** Waits before anything happens, by `options.sleep`, or by a real timer when `isReal`. */
  | { readonly kind: 'latency'; readonly ms: number; readonly isReal?: boolean }
  /** 429 of a limiter. `retryAfter` is sent as it is; without it the header is left out. */
  | { readonly kind: 'rate-limit'; readonly retryAfter?: string | number }
  /** An answer of a proxy or of the server. `isAfterCommit`: the write was done all the same. */
  | {
      readonly kind: 'error';
      readonly status: number;
      readonly body?: 'html' | 'json' | 'empty';
      readonly id?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly isAfterCommit?: boolean;
    }
  /** The connection is reset; nothing was done. */
  | { readonly kind: 'reset-before-commit' }
  /** The write is done, and the connection is reset before the first byte of the answer. */
  | { readonly kind: 'reset-after-commit' }
  /** No answer at all; nothing was done. */
  | { readonly kind: 'hang' }
  /** The write waits for `faults.flush()`; the client sees `meanwhile`, by default a reset. */
  | { readonly kind: 'late-commit'; readonly meanwhile?: 'reset' | 'hang' | 'gateway-timeout' }
  /** Status and headers are right, but the connection ends within the body. */
  | { readonly kind: 'truncated-body'; readonly keep?: number }
  /** A complete answer whose JSON is cut short. */
  | { readonly kind: 'broken-json'; readonly keep?: number }
  /** Valid JSON of another shape. */
  | { readonly kind: 'wrong-type'; readonly value?: unknown }
  /** The body drips. */
  | { readonly kind: 'slow-body'; readonly chunkBytes: number; readonly delayMs: number; readonly isReal?: boolean }
  /** Lists and look-ups by name show accounts and memberships as they were some writes ago, by the writes of each table. */
  | { readonly kind: 'stale-read'; readonly writes: number }
  /** A list comes without its last rows, although there are more. */
  | { readonly kind: 'short-page'; readonly drop: number }
  | { readonly kind: 'empty-page' }
  /** A list comes with the rows of the page before. */
  | { readonly kind: 'repeated-page' };

export type FaultSpec = FaultKind & {
  readonly match?: FaultMatch;
  /** How often it strikes, by default once; `Infinity` for always. */
  readonly times?: number;
  /** It strikes for this long, by the sandbox's clock, from the moment it was added. */
  readonly forMs?: number;
};

export interface FaultHandle {
  /** How often it struck. */
  readonly hits: number;
  remove(): void;
}

/** Faults on demand. */
export interface Faults {
  add(fault: FaultSpec): FaultHandle;
  /** Removes all faults; late commits that wait stay waiting. */
  clear(): void;
  /** Does the writes that wait, in their order; returns how many. */
  flush(): number;
  /** How many writes wait. */
  readonly pending: number;
}

interface ArmedFault {
  readonly spec: FaultSpec;
  readonly addedAt: number;
  seen: number;
  hits: number;
}

/** Keeps the armed faults, and the writes that a fault put off. */
export class FaultRegistry implements Faults {
  readonly #clock: () => number;
  #armed: ArmedFault[] = [];
  #late: (() => void)[] = [];

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  add(spec: FaultSpec): FaultHandle {
    const fault: ArmedFault = { spec, addedAt: this.#clock(), seen: 0, hits: 0 };
    this.#armed.push(fault);
    return {
      get hits(): number {
        return fault.hits;
      },
      remove: () => {
        this.#armed = this.#armed.filter((other) => other !== fault);
      },
    };
  }

  clear(): void {
    this.#armed = [];
  }

  get pending(): number {
    return this.#late.length;
  }

  putOff(write: () => void): void {
    this.#late.push(write);
  }

  flush(): number {
    const late = this.#late;
    this.#late = [];
    for (const write of late) write();
    return late.length;
  }

  /** The faults that strike a request, counted as having struck. */
  strike(method: string, path: string): readonly FaultKind[] {
    return this.#armed.filter((fault) => this.#strikes(fault, method, path)).map((fault) => fault.spec);
  }

  #strikes(fault: ArmedFault, method: string, path: string): boolean {
    const { match = {}, times = 1, forMs = Number.POSITIVE_INFINITY } = fault.spec;
    if (!fits(match, method, path)) return false;
    fault.seen++;
    const isTurn = match.nth === undefined || [match.nth].flat().includes(fault.seen);
    if (!isTurn || fault.hits >= times || this.#clock() >= fault.addedAt + forMs) return false;
    fault.hits++;
    return true;
  }
}

function fits(match: FaultMatch, method: string, path: string): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== method) return false;
  if (match.path === undefined) return true;
  return (typeof match.path === 'string' ? pattern(match.path) : match.path).test(path);
}

const pattern = (text: string): RegExp =>
  new RegExp(`^${text.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*')}$`);
